//! Mail from the change that causes it to a mail server that speaks the real protocol, with its failures.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod correio;
mod gateway;
mod outbox;
mod smtp;
