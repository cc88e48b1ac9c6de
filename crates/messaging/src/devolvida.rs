//! Mensagens that were given up, for whoever sees to the unidade: why, in kinds that a page has words for, and what may be done.
//!
//! The rule it protects: one is sent again as the same message, unless its words are gone; what let somebody in never is.

use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{
    delivery::{EnviarMensagem, GONE, NO_GATEWAY, OFF},
    outbox::{self, MensagemId},
};

/// One that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devolvida {
    pub id: MensagemId,
    /// `email` or `whatsapp`.
    pub channel: String,
    pub recipient: String,
    pub subject: String,
    /// Code of the kind of a notice.
    pub kind: Option<String>,
    /// What the other side said at last.
    pub answer: String,
    pub created_at: DateTime<Utc>,
    /// Its words are still there.
    pub can_resend: bool,
}

/// Why one was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motivo {
    /// The unidade sends none.
    Desligado,
    /// Whom it was for does not come here any more.
    Saiu,
    /// Nobody takes messages for telephones.
    SemGateway,
    /// There is nobody of that address.
    Endereco,
    /// No room for it there.
    Cheia,
    /// The other side does not want it.
    Recusada,
    /// No server took it in the time that it is tried.
    Inalcancavel,
}

impl Motivo {
    /// Of what the other side said. Extended codes (RFC 3463) say more than the first three digits, where they are given.
    #[must_use]
    pub fn of(answer: &str) -> Self {
        match answer {
            OFF => return Self::Desligado,
            GONE => return Self::Saiu,
            NO_GATEWAY => return Self::SemGateway,
            _ => {}
        }
        let says = |codes: &[&str]| codes.iter().any(|code| answer.contains(code));
        if says(&["5.1.1", "5.1.10", "5.1.6", "(551)"]) || (says(&["(550)"]) && !says(&["5.7."])) {
            Self::Endereco
        } else if says(&["5.2.2", "4.2.2", "(552)"]) {
            Self::Cheia
        } else if answer.starts_with("permanent error") {
            Self::Recusada
        } else {
            Self::Inalcancavel
        }
    }
}

impl Devolvida {
    #[must_use]
    pub fn motivo(&self) -> Motivo {
        Motivo::of(&self.answer)
    }
}

/// Those that were given up, the latest first; whoever was erased has none.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, limit: i64, offset: i64) -> Result<Vec<Devolvida>, Fault> {
    Ok(sqlx::query_as!(
        Devolvida,
        r#"SELECT id AS "id: MensagemId", channel, recipient, subject, kind, coalesce(last_error, '') AS "answer!", created_at,
                  NOT secret AND body_text IS NOT NULL AND (channel = 'email' OR kind IS NOT NULL) AS "can_resend!"
           FROM mensagem WHERE state = 'dead' AND recipient <> 'apagado@invalid' ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2"#,
        limit,
        offset
    )
    .fetch_all(tx.db())
    .await?)
}

/// How many there are, and how many of them can be sent again.
///
/// # Errors
/// A fault of the database.
pub async fn count(tx: &mut TenantTx) -> Result<(i64, i64), Fault> {
    let counts = sqlx::query!(
        r#"SELECT count(*) AS "all!", count(*) FILTER (WHERE NOT secret AND body_text IS NOT NULL AND (channel = 'email' OR kind IS NOT NULL)) AS "good!"
           FROM mensagem WHERE state = 'dead' AND recipient <> 'apagado@invalid'"#
    )
    .fetch_one(tx.db())
    .await?;
    Ok((counts.all, counts.good))
}

/// Tries one again, or all that can be, as if it had been written now. Answers how many.
///
/// # Errors
/// A fault of the database.
pub async fn resend(tx: &mut TenantTx, only: Option<MensagemId>) -> Result<usize, Fault> {
    let now = tx.clock().now();
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "UPDATE mensagem SET state = 'queued', hold_until = $2
         WHERE state = 'dead' AND NOT secret AND body_text IS NOT NULL AND (channel = 'email' OR kind IS NOT NULL) AND recipient <> 'apagado@invalid'
           AND ($1::uuid IS NULL OR id = $1)
         RETURNING id",
        only.map(MensagemId::uuid),
        now
    )
    .fetch_all(tx.db())
    .await?;
    let jobs: Vec<_> = ids.iter().map(|id| (EnviarMensagem { id: *id }, outbox::how())).collect();
    if !jobs.is_empty() {
        jobs::enqueue_all(tx, &jobs).await?;
    }
    Ok(jobs.len())
}

/// Forgets one that was given up. False when it is none.
///
/// # Errors
/// A fault of the database.
pub async fn discard(tx: &mut TenantTx, id: MensagemId) -> Result<bool, Fault> {
    let done = sqlx::query!("DELETE FROM mensagem WHERE id = $1 AND state = 'dead'", id as _).execute(tx.db()).await?;
    Ok(done.rows_affected() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_servers_are_told_in_kinds() {
        for (answer, motivo) in [
            (OFF, Motivo::Desligado),
            (GONE, Motivo::Saiu),
            (NO_GATEWAY, Motivo::SemGateway),
            ("permanent error (550): 5.1.1 <x@y.example>: Recipient address rejected", Motivo::Endereco),
            ("permanent error (550): no such user", Motivo::Endereco),
            ("permanent error (550): 5.7.1 spam", Motivo::Recusada),
            ("permanent error (554): 5.7.1 rejected", Motivo::Recusada),
            ("permanent error (552): 5.2.2 mailbox full", Motivo::Cheia),
            ("transient error (452): 4.2.2 over quota", Motivo::Cheia),
            ("mail server: Connection refused", Motivo::Inalcancavel),
            ("", Motivo::Inalcancavel),
        ] {
            assert_eq!(Motivo::of(answer), motivo, "{answer}");
        }
    }
}
