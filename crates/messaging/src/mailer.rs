use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use kernel::{Email, Fault};
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use tenancy::MasterKey;
use uuid::Uuid;

use crate::{
    Line, Link, Rendered,
    compromisso::Entry,
    config::{MailConfig, Transport},
    correio::Correio,
    gateway::{self, Gateway},
    guard::looked_up,
    outbox::Text,
    sink,
    smtp::{self, Failure, Why},
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

/// How long somebody waits for a page that tries a server out.
const PATIENCE: Duration = Duration::from_secs(12);

/// Hands mails over as configured. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer(Arc<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    config: MailConfig,
    timeouts: Timeouts,
    /// Opens the passwords of servers that unidades name; without it none of those is used.
    key: Option<MasterKey>,
    /// Whether they may stand in the inner network.
    internal: bool,
}

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
    pub extras: Extras,
}

/// What a mail carries besides its words.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub stop: Option<Stop>,
    pub entry: Option<Entry>,
}

/// Where a mail program turns mails of this kind off by itself (RFC 8058).
#[derive(Debug)]
pub(crate) struct Stop(pub Link);

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
        Self(Arc::new(Inner { config, timeouts, key: None, internal: false }))
    }

    /// Uses the servers that unidades name for themselves as well; those that stand in the inner network only where `internal`
    /// allows it.
    #[must_use]
    pub fn for_unidades(self, key: MasterKey, internal: bool) -> Self {
        Self(Arc::new(Inner { key: Some(key), internal, ..Inner::clone(&self.0) }))
    }

    /// Made of the outbox row's id, so that every attempt sends the same mail; the domain is the sender's.
    pub(crate) fn message_id(&self, id: Uuid) -> String {
        message_id(&self.0.config.from, id)
    }

    /// As [`Mailer::message_id`], of a mail that goes out as `correio` says.
    pub(crate) fn message_id_of(&self, correio: &Correio, id: Uuid) -> String {
        message_id(correio.servidor.as_ref().map_or(&self.0.config.from, |servidor| &servidor.remetente), id)
    }

    /// Through the installation's server.
    pub(crate) async fn send(&self, mail: &Outgoing) -> Result<(), SendError> {
        Ok(self.hand_over(mail).await?)
    }

    /// As the unidade sends e-mail.
    pub(crate) async fn send_as(&self, correio: &Correio, mail: &Outgoing) -> Result<(), SendError> {
        Ok(self.hand_over_as(correio, mail).await?)
    }

    /// Whether servers that unidades name may stand in the inner network.
    #[must_use]
    pub fn allows_internal(&self) -> bool {
        self.0.internal
    }

    /// Hands a text for a telephone to the unidade's gateway.
    pub(crate) async fn hand_to(&self, gateway: &Gateway, text: &Text) -> Result<(), SendError> {
        Ok(self.try_gateway(gateway, text).await?)
    }

    /// As it goes out in earnest, now, while somebody waits; nothing is kept of it.
    ///
    /// # Errors
    /// What it failed at, with the answer of the gateway.
    pub async fn try_gateway(&self, gateway: &Gateway, text: &Text) -> Result<(), Failure> {
        let key = self.0.key.as_ref().ok_or_else(|| Failure { why: Why::Broken, answer: "no secret key".to_owned() })?;
        gateway::deliver(gateway, key, self.0.internal, self.0.timeouts, text).await
    }

    /// Sends a mail now, while somebody waits, and tells how that went; nothing is kept of it.
    ///
    /// # Errors
    /// What it failed at, with the answer of the server.
    pub async fn try_out(&self, correio: &Correio, trial: Trial, now: DateTime<Utc>, id: Uuid) -> Result<(), Failure> {
        let Trial { from_nome, to, mail } = trial;
        let Rendered { subject, html, text } = mail;
        let mail = Outgoing { from_nome, to, to_nome: None, subject, html, text, id, created_at: now, extras: Extras::default() };
        let timeouts = Timeouts { total: self.0.timeouts.total.min(PATIENCE), ..self.0.timeouts };
        let impatient = Self(Arc::new(Inner { timeouts, ..Inner::clone(&self.0) }));
        impatient.hand_over_as(correio, &mail).await
    }

    async fn hand_over(&self, mail: &Outgoing) -> Result<(), Failure> {
        let Inner { config, timeouts, .. } = &*self.0;
        let message = composed(&config.from, mail)?;
        match &config.transport {
            Transport::Smtp(smtp) => {
                let place = (smtp.host.as_str(), smtp.port);
                smtp::deliver(smtp, place, *timeouts, message.envelope(), &message.formatted()).await
            }
            Transport::Folder(folder) => sink::write(folder, mail, self.message_id(mail.id), &message.formatted())
                .await
                .map_err(|e| Failure { why: Why::Broken, answer: e.to_string() }),
        }
    }

    async fn hand_over_as(&self, correio: &Correio, mail: &Outgoing) -> Result<(), Failure> {
        let Some(servidor) = &correio.servidor else { return self.hand_over(mail).await };
        let broken = |answer: String| Failure { why: Why::Broken, answer };
        let key = self.0.key.as_ref().ok_or_else(|| broken("no secret key".to_owned()))?;
        let smtp = correio.smtp(servidor, key).map_err(|fault| broken(fault.to_string()))?;
        let message = composed(&servidor.remetente, mail)?;
        let places = looked_up(servidor.host.as_str(), servidor.port, self.0.internal);
        let places = tokio::time::timeout(self.0.timeouts.connect, places);
        let places = places.await.map_err(|_| Failure { why: Why::Unresolved, answer: String::new() })??;
        smtp::deliver(&smtp, places.as_slice(), self.0.timeouts, message.envelope(), &message.formatted()).await
    }
}

/// A mail to try a server out with.
#[derive(Debug)]
pub struct Trial {
    pub from_nome: Line,
    pub to: Email,
    pub mail: Rendered,
}

/// The same mail would fail the same way tomorrow.
fn composed(from: &Email, mail: &Outgoing) -> Result<Message, Failure> {
    compose(from, mail).map_err(|fault| Failure { why: Why::Refused, answer: fault.to_string() })
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        match failure.why {
            Why::Refused => Self::Refused(failure.answer),
            Why::Internal => Self::Later("the server stands at an address that is not of the public internet".to_owned()),
            Why::Unresolved => Self::Later(format!("the name of the server leads nowhere {}", failure.answer)),
            _ => Self::Later(failure.answer),
        }
    }
}

fn message_id(from: &Email, id: Uuid) -> String {
    let domain = from.as_str().rsplit('@').next().unwrap_or_default();
    format!("<{id}@{domain}>")
}

fn compose(from: &Email, mail: &Outgoing) -> Result<Message, Fault> {
    let address = |email: &Email| email.as_str().parse::<Address>().map_err(|e| Fault::new("address of a mail", e));
    let header = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(mail.from_nome.to_string()), address(from)?))
        .to(Mailbox::new(mail.to_nome.as_ref().map(Line::to_string), address(&mail.to)?))
        .subject(mail.subject.to_string())
        // Of the outbox row, as the Message-ID: every attempt sends the same mail.
        .date(mail.created_at.into())
        .message_id(Some(message_id(from, mail.id)))
        // RFC 3834: no holiday notice answers it.
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(Stop(link)) = &mail.extras.stop {
        builder = builder
            .raw_header(header("List-Unsubscribe", format!("<{}>", link.as_str())))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let words = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let body = if let Some(entry) = &mail.extras.entry { with_entry(words, entry, from, mail)? } else { words };
    builder.multipart(body).map_err(|e| Fault::new("composing a mail", e))
}

/// As another way to read the mail, from which programs fill calendars by themselves, and as a file for those that look for one.
fn with_entry(words: MultiPart, entry: &Entry, from: &Email, mail: &Outgoing) -> Result<MultiPart, Fault> {
    let file = entry.file((&mail.from_nome, from), (mail.to_nome.as_ref(), &mail.to));
    let kind = |text: &str| ContentType::parse(text).map_err(|e| Fault::new("kind of a part of a mail", e));
    let calendar = kind(&format!("text/calendar; charset=utf-8; method={}", entry.compromisso.method.code()))?;
    let words = words.singlepart(SinglePart::builder().header(calendar).body(file.clone()));
    Ok(MultiPart::mixed()
        .multipart(words)
        .singlepart(Attachment::new("agenda.ics".to_owned()).body(file, kind("application/ics")?)))
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
            extras: Extras::default(),
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
