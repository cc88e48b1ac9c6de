//! The jobs that empty the outboxes: read, let go of the database, talk to the mail server, mark.

use jobs::{Attempt, Handler, Outcome, Payload, PlatformJob, TenantJob};
use kernel::{Fault, Lang};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Brand, Line, Links, Mailer, correio, gateway,
    mailer::{Extras, SendError},
    outbox::{self, Mark, Waiting},
    resumo,
};

/// After this long a mail that no server takes is given up: later it would puzzle more than help.
const GIVE_UP: chrono::Duration = chrono::Duration::hours(24);

/// After this long a text that is no notice is: it carries a code that works no longer.
const GIVE_UP_TEXT: chrono::Duration = chrono::Duration::minutes(10);

/// Why nothing goes to telephones.
pub(crate) const NO_GATEWAY: &str = "the unidade has no gateway";
/// Why nothing goes out of a unidade that sends no e-mail: the panel tells people all the same.
pub(crate) const OFF: &str = "the unidade sends no e-mail";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EnviarMensagem {
    pub id: Uuid,
}
impl Payload for EnviarMensagem {
    const NAME: &'static str = "messaging.enviar";
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EnviarMensagemDaPlataforma {
    pub id: Uuid,
}
impl Payload for EnviarMensagemDaPlataforma {
    const NAME: &'static str = "messaging.enviar-da-plataforma";
}

/// Why a notice does not go out any more.
pub(crate) const GONE: &str = "whom it was for does not come here any more";

/// The jobs of this module, for the worker.
#[must_use]
pub fn handlers(mailer: Mailer, links: Links) -> Vec<Handler> {
    let of_platform = mailer.clone();
    vec![
        Handler::tenant(resumo::gather),
        Handler::tenant(move |job, EnviarMensagem { id }| send_tenant(mailer.clone(), links.clone(), job, id)),
        Handler::platform(move |job, EnviarMensagemDaPlataforma { id }| send_platform(of_platform.clone(), job, id)),
    ]
}

async fn send_tenant(mailer: Mailer, links: Links, job: TenantJob, id: Uuid) -> Result<Outcome, Fault> {
    // What counts is how the unidade sends e-mail now, whenever the mail was written.
    let read = job.read(async |tx| {
        let waiting = outbox::find(tx, id).await?;
        let items = if waiting.as_ref().is_some_and(Waiting::is_resumo) { resumo::items(tx, id).await? } else { Vec::new() };
        Ok::<_, Fault>((waiting, items, correio::find(tx).await?))
    });
    let (Some(waiting), items, correio) = read.await? else {
        return Ok(Outcome::Done);
    };
    if let Some(until) = waiting.held(&job.unidade, job.now()) {
        return Ok(Outcome::Retry((until - job.now()).to_std().unwrap_or_default()));
    }
    if waiting.is_text() {
        return send_to_telephone(mailer, links, job, waiting, id).await;
    }
    let since = waiting.since();
    let message_id = mailer.message_id_of(&correio, id);
    // Links and codes are ways in that somebody asked for: no panel could show them before they are in.
    if !correio.ativo && !waiting.secret {
        job.write(async |tx| outbox::mark(tx, id, &message_id, Mark::Dead(OFF)).await).await?;
        return Ok(Outcome::Done);
    }
    if waiting.gone {
        job.write(async |tx| outbox::mark(tx, id, &message_id, Mark::Dead(GONE)).await).await?;
        return Ok(Outcome::Done);
    }
    let (waiting, extras) = waiting.framed(&job.unidade, &links, &items)?;
    let mail = waiting.into_mail(Line::of(&job.unidade.nome), extras)?;
    let verdict = Verdict::of(mailer.send_as(&correio, &mail).await, job.attempt, job.now() - since >= GIVE_UP);
    job.write(async |tx| outbox::mark(tx, id, &message_id, verdict.mark()).await).await?;
    Ok(verdict.outcome(job.attempt))
}

async fn send_to_telephone(mailer: Mailer, links: Links, job: TenantJob, waiting: Waiting, id: Uuid) -> Result<Outcome, Fault> {
    let name = id.to_string();
    let gateway = job.read(async |tx| gateway::find(tx).await).await?;
    let (Some(gateway), false) = (gateway, waiting.gone) else {
        let why = if waiting.gone { GONE } else { NO_GATEWAY };
        job.write(async |tx| outbox::mark(tx, id, &name, Mark::Dead(why)).await).await?;
        return Ok(Outcome::Done);
    };
    let patience = if waiting.is_notice() { GIVE_UP } else { GIVE_UP_TEXT };
    let is_old = job.now() - waiting.since() >= patience;
    let text = waiting.into_text(&job.unidade, &links)?;
    let verdict = Verdict::of(mailer.hand_to(&gateway, &text).await, job.attempt, is_old);
    job.write(async |tx| outbox::mark(tx, id, &name, verdict.mark()).await).await?;
    Ok(verdict.outcome(job.attempt))
}

async fn send_platform(mailer: Mailer, job: PlatformJob, id: Uuid) -> Result<Outcome, Fault> {
    let Some(waiting) = job.write(async |tx| outbox::find_platform(tx, id).await).await? else {
        return Ok(Outcome::Done);
    };
    let created_at = waiting.created_at;
    let mail = waiting.into_mail(Brand::platform(Lang::default()).nome, Extras::default())?;
    let now = job.platform.clock().now();
    let verdict = Verdict::of(mailer.send(&mail).await, job.attempt, now - created_at >= GIVE_UP);
    job.write(async |tx| outbox::mark_platform(tx, id, &mailer.message_id(id), verdict.mark()).await).await?;
    Ok(verdict.outcome(job.attempt))
}

/// What an attempt means for the message and for its job.
enum Verdict {
    Sent,
    Again(String),
    Dead(String),
}

impl Verdict {
    fn of(sent: Result<(), SendError>, attempt: Attempt, is_old: bool) -> Self {
        let verdict = match sent {
            Ok(()) => Self::Sent,
            Err(SendError::Refused(reason)) => Self::Dead(reason),
            Err(SendError::Later(reason)) if attempt.is_last() || is_old => Self::Dead(reason),
            Err(SendError::Later(reason)) => Self::Again(reason),
        };
        metrics::counter!("mails_total", "outcome" => verdict.mark_name()).increment(1);
        verdict
    }

    fn mark(&self) -> Mark<'_> {
        match self {
            Self::Sent => Mark::Sent,
            Self::Again(reason) => Mark::Failed(reason),
            Self::Dead(reason) => Mark::Dead(reason),
        }
    }

    const fn mark_name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Again(_) => "failed",
            Self::Dead(_) => "dead",
        }
    }

    /// The reason stays in the outbox: a server's answer quotes the address, and the queue is the operator's.
    fn outcome(&self, attempt: Attempt) -> Outcome {
        match self {
            Self::Sent => Outcome::Done,
            Self::Again(_) => Outcome::Retry(attempt.backoff()),
            Self::Dead(_) => Outcome::GiveUp("the message was not accepted; its row in the outbox tells why".to_owned()),
        }
    }
}
