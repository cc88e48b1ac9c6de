//! One letter a day that takes the place of many, for whoever wants it so.
//!
//! The rule it protects: a letter that waits goes into one resumo, or out by itself when it waits alone, exactly once, whoever dies
//! meanwhile: that is one transaction of the job, which it may only commit while it holds the job, and rows that are taken are locked.

use chrono::{DateTime, Utc};
use jobs::{Enqueue, Outcome, Payload, TenantJob};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{Line, delivery::EnviarMensagem, outbox};

/// As letters of many kinds are kept.
pub(crate) const KIND: &str = "messaging.resumo";
/// Where it leads.
const HREF: &str = "/notificacoes";
/// Most letters that one is made of; the others are told as a number, and stand on the panel.
const SHOWN: i64 = 100;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EnviarResumo {
    pub usuario: Uuid,
}
impl Payload for EnviarResumo {
    const NAME: &'static str = "messaging.resumo";
}

/// One for each person and hour. The hour is in the key, lest a letter of a minute later put off a resumo that is due.
pub(crate) fn how(usuario: Uuid, at: DateTime<Utc>) -> Enqueue {
    Enqueue { run_at: Some(at), ..Enqueue::keyed(format!("resumo:{usuario}:{}", at.timestamp())) }
}

/// A letter that went into another.
#[derive(Debug)]
pub(crate) struct Item {
    pub subject: String,
    pub href: String,
}

pub(crate) async fn gather(job: TenantJob, EnviarResumo { usuario }: EnviarResumo) -> Result<Outcome, Fault> {
    job.write(async |tx| close(tx, usuario).await).await?;
    Ok(Outcome::Done)
}

/// Makes one letter of those that wait for a usuario.
async fn close(tx: &mut TenantTx, usuario: Uuid) -> Result<(), Fault> {
    let waiting =
        sqlx::query_scalar!("SELECT id FROM mensagem WHERE usuario_id = $1 AND state = 'held' ORDER BY id FOR UPDATE", usuario)
            .fetch_all(tx.db())
            .await?;
    let id = match waiting.as_slice() {
        [] => return Ok(()),
        [only] => {
            sqlx::query!("UPDATE mensagem SET state = 'queued' WHERE id = $1", only).execute(tx.db()).await?;
            *only
        }
        many => write(tx, usuario, many).await?,
    };
    jobs::enqueue(tx, &EnviarMensagem { id }, outbox::how()).await?;
    Ok(())
}

async fn write(tx: &mut TenantTx, usuario: Uuid, parts: &[Uuid]) -> Result<Uuid, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let reader = sqlx::query!("SELECT nome, email, idioma FROM usuario WHERE id = $1", usuario).fetch_one(tx.db()).await?;
    let lang = tx.unidade().lang(reader.idioma.as_deref());
    let n = i64::try_from(parts.len()).unwrap_or(i64::MAX);
    let subject = Line::of(&idioma::t_args(lang, "mail-resumo-subject", [("n", n.into())]));
    let text = if n > SHOWN {
        idioma::t_args(lang, "mail-resumo-more", [("n", n.into()), ("shown", SHOWN.into())])
    } else {
        idioma::t(lang, "mail-resumo-text").to_owned()
    };
    sqlx::query!(
        "INSERT INTO mensagem (id, channel, recipient, recipient_nome, subject, body_text, state, created_at, usuario_id, kind, href, descadastro)
         VALUES ($1, 'email', $2, $3, $4, $5, 'queued', $6, $7, $8, $9, gen_random_uuid())",
        id,
        reader.email,
        reader.nome,
        subject.as_str(),
        text,
        now,
        usuario,
        KIND,
        HREF,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("UPDATE mensagem SET state = 'gathered', resumo_id = $1, compromisso = NULL WHERE id = ANY($2)", id, parts)
        .execute(tx.db())
        .await?;
    Ok(id)
}

/// What a resumo is made of, in the order in which it happened.
pub(crate) async fn items(tx: &mut TenantTx, id: Uuid) -> Result<Vec<Item>, Fault> {
    Ok(sqlx::query_as!(
        Item,
        r#"SELECT subject, href AS "href!" FROM mensagem WHERE resumo_id = $1 AND href IS NOT NULL ORDER BY id LIMIT $2"#,
        id,
        SHOWN
    )
    .fetch_all(tx.db())
    .await?)
}
