//! What the product tells people, on four channels (panel, e-mail, WhatsApp, SMS) through one outbox. WhatsApp and SMS go to
//! the unidade's [`gateway`]. The panel's [`notificacao`] needs no way out and is a table of its own.
//!
//! The rules it protects: a message exists exactly when its change was committed; no request and no transaction waits for
//! a mail server; what is retried is the same message with the same Message-ID; no text of anybody reaches a header with a
//! line break in it; every link leads to the configured address, never to one that a request named.
//!
//! Delivery is at least once: a worker that dies, or loses the database, between the server's acceptance and the mark in
//! the outbox sends the mail again. The Message-ID is the same, so mail systems that look for twins show it once.

pub mod compromisso;
mod config;
pub mod correio;
mod delivery;
pub mod devolvida;
pub mod gateway;
pub mod guard;
mod letter;
mod line;
mod links;
mod mailer;
pub mod notificacao;
mod outbox;
mod resumo;
mod sink;
mod smtp;
pub mod titular;

pub use compromisso::Compromisso;
pub use config::{MailConfig, MailConfigError};
pub use delivery::handlers;
pub use letter::{Action, Brand, Letter, Rendered};
pub use line::Line;
pub use links::{Link, Links, LinksError};
pub use mailer::{Mailer, Timeouts, Trial};
pub use notificacao::{Channel, Mailing, Notice, NoticeKind, NoticeRule, notify, notify_all};
pub use outbox::{
    CHOOSE_PATH, Email, KEPT, MensagemEntity, MensagemId, STOP_PATH, Text, forget, send_email, send_platform_email, send_text,
};
pub use sink::{SunkMail, read_sink};
pub use smtp::{Failure, Why};
