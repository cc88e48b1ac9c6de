//! The chain over a unidade's trail: what was written down cannot be changed, removed or slipped in later without its showing
//! (docs/decisions/0015-audit-chain.md).
//!
//! Writers never wait for it. Rows that are committed for certain are sealed some minutes later, and each seal is bound to the
//! one before; the last is told to the register, so that nothing vanishes from the end either.

mod cut;
mod heads;
mod mention;
mod seal;
mod verify;

use chrono::{DateTime, Utc};
use kernel::Fault;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

pub use cut::{LEAST_MONTHS, Over, cut_trail};
pub(crate) use heads::replaced;
pub use mention::{Mentions, mentions, told_of};
pub(crate) use seal::{Arrival, arrived};
pub use seal::{Sealed, seal_trail};
pub use verify::{Broken, Verified, Why, verify_trail};

/// Rows that one seal holds at most.
const SOME: usize = 5_000;

type Hash = [u8; 32];

/// What a seal was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SealKind {
    /// New rows.
    Rows,
    /// Rows that were not sealed yet when a restore or a move brought the trail to where it is.
    Arrival,
    /// Rows that were removed because their time was over.
    Cut,
}

impl SealKind {
    const ALL: [Self; 3] = [Self::Rows, Self::Arrival, Self::Cut];

    const fn code(self) -> &'static str {
        match self {
            Self::Rows => "selo",
            Self::Arrival => "retomada",
            Self::Cut => "corte",
        }
    }
}

/// A row of the trail as it is hashed.
struct Linha {
    id: Uuid,
    tx: i64,
    at: DateTime<Utc>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_nome: String,
    on_behalf_of: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: Option<Uuid>,
    action: String,
    entity: String,
    entity_id: Option<Uuid>,
    /// As PostgreSQL prints a jsonb: one text per value, whatever was sent.
    before: Option<String>,
    after: Option<String>,
}

impl Linha {
    /// Every field with its length before it, so that no two rows have one text. Where the row lives is left out: it moves.
    fn hash(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update(b"sri.auditoria.linha.1\n");
        field(&mut hash, Some(self.id.as_bytes()));
        field(&mut hash, Some(&self.at.timestamp_micros().to_be_bytes()));
        field(&mut hash, Some(self.actor_kind.as_bytes()));
        field(&mut hash, self.actor_id.as_ref().map(|id| &id.as_bytes()[..]));
        field(&mut hash, Some(self.actor_nome.as_bytes()));
        field(&mut hash, self.on_behalf_of.as_deref().map(str::as_bytes));
        field(&mut hash, self.ip.as_deref().map(str::as_bytes));
        field(&mut hash, self.user_agent.as_deref().map(str::as_bytes));
        field(&mut hash, self.request_id.as_ref().map(|id| &id.as_bytes()[..]));
        field(&mut hash, Some(self.action.as_bytes()));
        field(&mut hash, Some(self.entity.as_bytes()));
        field(&mut hash, self.entity_id.as_ref().map(|id| &id.as_bytes()[..]));
        field(&mut hash, self.before.as_deref().map(str::as_bytes));
        field(&mut hash, self.after.as_deref().map(str::as_bytes));
        hash.finalize().into()
    }
}

fn field(hash: &mut Sha256, value: Option<&[u8]>) {
    match value {
        None => hash.update([0]),
        Some(bytes) => {
            hash.update([1]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
    }
}

/// A seal as it is hashed.
struct Selo {
    numero: i64,
    kind: String,
    sealed_at: DateTime<Utc>,
    ids: Vec<Uuid>,
    hashes: Vec<u8>,
    previous: Vec<u8>,
    digest: Vec<u8>,
    horizon: i64,
    loaded_tx: Option<i64>,
}

impl Selo {
    /// What its digest must be.
    fn hash(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update(b"sri.auditoria.selo.1\n");
        hash.update(self.numero.to_be_bytes());
        field(&mut hash, Some(self.kind.as_bytes()));
        hash.update(self.sealed_at.timestamp_micros().to_be_bytes());
        field(&mut hash, Some(&self.previous));
        hash.update((self.ids.len() as u64).to_be_bytes());
        for id in &self.ids {
            hash.update(id.as_bytes());
        }
        hash.update(&self.hashes);
        hash.finalize().into()
    }

    /// Its rows and what each of them hashed to.
    fn rows(&self) -> impl Iterator<Item = (Uuid, &[u8])> {
        self.ids.iter().copied().zip(self.hashes.chunks_exact(32))
    }
}

/// Where the chain ends, and what it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Last {
    numero: i64,
    digest: Vec<u8>,
    horizon: i64,
    loaded_tx: Option<i64>,
}

impl Last {
    /// Before the first seal.
    fn none() -> Self {
        Self { numero: 0, digest: vec![0; 32], horizon: 0, loaded_tx: None }
    }
}

/// The last seal of a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub numero: i64,
    /// Hexadecimal.
    pub digest: String,
    pub sealed_at: DateTime<Utc>,
}

/// Rows by their ids, in no order.
async fn rows_of(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Linha>, sqlx::Error> {
    sqlx::query_as!(
        Linha,
        "SELECT id, tx, at, actor_kind, actor_id, actor_nome, on_behalf_of, ip::text AS ip, user_agent, request_id, action, entity,
                entity_id, before::text AS before, after::text AS after
         FROM auditoria WHERE id = ANY ($1)",
        ids
    )
    .fetch_all(conn)
    .await
}

/// Rows that no seal of the schema in force names, oldest first.
async fn unsealed(conn: &mut PgConnection) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT a.id, a.tx FROM auditoria a
         WHERE a.id NOT IN (SELECT unnest(s.ids) FROM auditoria_selo s WHERE s.kind <> 'corte')
         ORDER BY a.at, a.id"
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.tx)).collect())
}

/// Transactions below this have ended, and what they wrote is seen by the next statement.
async fn settled(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "xmin!""#).fetch_one(conn).await
}

fn placement(platform: &crate::Platform, unidade: &crate::Unidade) -> Result<crate::PlacementConfig, Fault> {
    let config = platform.config().placement(&unidade.placement);
    config.cloned().ok_or_else(|| Fault::because("the unidade lives in a placement that is not configured here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linha() -> Linha {
        Linha {
            id: Uuid::from_u128(1),
            tx: 7,
            at: DateTime::UNIX_EPOCH,
            actor_kind: "usuario".into(),
            actor_id: None,
            actor_nome: "Ana".into(),
            on_behalf_of: None,
            ip: Some("203.0.113.7/32".into()),
            user_agent: None,
            request_id: None,
            action: "acesso.entrou".into(),
            entity: "usuario".into(),
            entity_id: None,
            before: None,
            after: Some(r#"{"a": 1}"#.into()),
        }
    }

    /// Kept for ever: seals of years ago are read by the program of today.
    #[test]
    fn the_hash_of_a_row_is_what_it_was() {
        assert_eq!(hex::encode(linha().hash()), "6d5df2466d90a94fbe5bbd337df2257433d044d853f5fc0841a6e5c001766624");
    }

    #[test]
    fn every_field_counts_and_where_the_row_lives_does_not() {
        let first = linha().hash();
        assert_eq!(Linha { tx: 8, ..linha() }.hash(), first);
        let others = [
            Linha { id: Uuid::from_u128(2), ..linha() },
            Linha { at: DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(1), ..linha() },
            Linha { actor_kind: "token".into(), ..linha() },
            Linha { actor_id: Some(Uuid::nil()), ..linha() },
            Linha { actor_nome: "An".into(), on_behalf_of: Some("a".into()), ..linha() },
            Linha { on_behalf_of: Some(String::new()), ..linha() },
            Linha { ip: None, ..linha() },
            Linha { user_agent: Some("203.0.113.7/32".into()), ip: None, ..linha() },
            Linha { request_id: Some(Uuid::nil()), ..linha() },
            Linha { action: "acesso.saiu".into(), ..linha() },
            Linha { entity: "sessao".into(), ..linha() },
            Linha { entity_id: Some(Uuid::nil()), ..linha() },
            Linha { before: linha().after, after: None, ..linha() },
            Linha { after: None, ..linha() },
        ];
        let mut all: Vec<Hash> = others.iter().map(Linha::hash).collect();
        all.push(first);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), others.len() + 1);
    }
}
