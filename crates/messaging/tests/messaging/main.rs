//! Mail from the change that causes it to a mail server that speaks the real protocol, with its failures.

mod outbox;
mod smtp;
