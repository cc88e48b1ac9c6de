//! Mail from the change that causes it to a mail server that speaks the real protocol, with its failures.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod compromisso;
mod correio;
mod devolvida;
mod gateway;
mod horario;
mod notice;
mod outbox;
mod smtp;

/// Where the installation is reached.
fn links() -> messaging::Links {
    messaging::Links::new("https://sri.example", "console").unwrap()
}
