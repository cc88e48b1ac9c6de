use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use kernel::{Email, Fault};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use uuid::Uuid;

use crate::{
    Line,
    config::{MailConfig, Transport},
    sink, smtp,
};

/// How long a mail server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub connect: Duration,
    /// From the first packet to the acceptance.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(30) }
    }
}

/// Hands mails over as configured. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer(Arc<(MailConfig, Timeouts)>);

/// A mail out of the outbox.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub from_nome: Line,
    pub to: Email,
    pub to_nome: Option<Line>,
    pub subject: Line,
    pub html: String,
    pub text: String,
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
}

/// Why a mail was not accepted, as far as the administrator may know it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SendError {
    /// Trying again may help.
    Later(String),
    /// The server refuses this mail for good.
    Refused(String),
}

impl Mailer {
    #[must_use]
    pub fn new(config: MailConfig) -> Self {
        Self::with_timeouts(config, Timeouts::default())
    }

    #[must_use]
    pub fn with_timeouts(config: MailConfig, timeouts: Timeouts) -> Self {
        Self(Arc::new((config, timeouts)))
    }

    /// Made of the outbox row's id, so that every attempt sends the same mail; the domain is the sender's.
    pub(crate) fn message_id(&self, id: Uuid) -> String {
        message_id(&self.0.0.from, id)
    }

    pub(crate) async fn send(&self, mail: &Outgoing) -> Result<(), SendError> {
        let (config, timeouts) = &*self.0;
        // The same mail would fail the same way tomorrow.
        let message = compose(&config.from, mail).map_err(|fault| SendError::Refused(fault.to_string()))?;
        match &config.transport {
            Transport::Smtp(smtp) => smtp::deliver(smtp, *timeouts, message.envelope(), &message.formatted()).await,
            Transport::Folder(folder) => sink::write(folder, mail, self.message_id(mail.id), &message.formatted())
                .await
                .map_err(|e| SendError::Later(e.to_string())),
        }
    }
}

fn message_id(from: &Email, id: Uuid) -> String {
    let domain = from.as_str().rsplit('@').next().unwrap_or_default();
    format!("<{id}@{domain}>")
}

fn compose(from: &Email, mail: &Outgoing) -> Result<Message, Fault> {
    let address = |email: &Email| email.as_str().parse::<Address>().map_err(|e| Fault::new("address of a mail", e));
    Message::builder()
        .from(Mailbox::new(Some(mail.from_nome.to_string()), address(from)?))
        .to(Mailbox::new(mail.to_nome.as_ref().map(Line::to_string), address(&mail.to)?))
        .subject(mail.subject.to_string())
        // Of the outbox row, as the Message-ID: every attempt sends the same mail.
        .date(mail.created_at.into())
        .message_id(Some(message_id(from, mail.id)))
        // RFC 3834: no holiday notice answers it.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|e| Fault::new("composing a mail", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_and_subjects_stay_within_their_headers() {
        let hostile = "Ana\r\nBcc: eve@evil.example\r\n\r\n<script>\u{2028}\"x\" <eve@evil.example>,";
        let mail = Outgoing {
            from_nome: Line::of(hostile),
            to: "ana@senai.example".parse().unwrap(),
            to_nome: Some(Line::of(hostile)),
            subject: Line::of(hostile),
            html: "<p>Olá</p>".to_owned(),
            text: "Olá\r\n.\r\nQUIT\r\n".to_owned(),
            id: Uuid::nil(),
            created_at: DateTime::UNIX_EPOCH,
        };
        let message = compose(&"sri@senai.example".parse().unwrap(), &mail).unwrap();
        assert_eq!(message.envelope().to().len(), 1);
        assert_eq!(message.envelope().to()[0].to_string(), "ana@senai.example");
        let raw = String::from_utf8(message.formatted()).unwrap();
        let head = raw.split("\r\n\r\n").next().unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(names, ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]);
        assert!(raw.contains("Message-ID: <00000000-0000-0000-0000-000000000000@senai.example>\r\n"));
    }
}
