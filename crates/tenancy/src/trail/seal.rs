//! Sealing what is committed for certain.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::Fault;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Head, Last, Linha, SOME, SealKind, Selo, heads, rows_of, settled, unsealed};
use crate::{Mode, Platform, Tenants, TxLimits, Unidade};

/// What sealing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Rows sealed now.
    pub rows: usize,
    /// `None` for a trail that has no seal yet.
    pub head: Option<Head>,
}

/// Seals the rows of `unidade` that are committed for certain and tells the register where the chain ends now. Two at once
/// make one seal.
///
/// # Errors
/// A fault of either database.
pub async fn seal_trail(platform: &Platform, tenants: &Tenants, unidade: &Arc<Unidade>) -> Result<Sealed, Fault> {
    let mut tx = tenants.begin(unidade, Mode::Write, TxLimits::JOB).await?;
    let now = tx.clock().now();
    let sealed = tx.db().watched(async |conn| seal(conn, now).await).await?;
    tx.commit().await?;
    if sealed.rows > 0
        && let Some(head) = &sealed.head
    {
        heads::note(platform, unidade.id, head).await?;
        // Whoever keeps the logs elsewhere has a third witness.
        tracing::info!(unidade = %unidade.slug, numero = head.numero, digest = head.digest, rows = sealed.rows, "sealed the trail");
    }
    Ok(sealed)
}

/// As [`seal_trail`], in the transaction and schema in force.
pub(super) async fn seal(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Sealed, sqlx::Error> {
    // Asked first: all that a later statement sees below it is final.
    let safe = settled(&mut *conn).await?;
    let mut last = last(&mut *conn).await?;
    let (mut from, loaded) = ((last.horizon, Uuid::nil()), last.loaded_tx);
    let mut sealed = 0;
    loop {
        let mut rows = fresh(&mut *conn, from, safe, loaded).await?;
        let more = rows.len() > SOME;
        rows.truncate(SOME);
        let Some(end) = rows.last().map(|row| (row.tx, row.id)) else { break };
        // All seals of one transaction count at once, and only the last of them says how far they reach together.
        let horizon = if more { last.horizon } else { safe };
        let Some(next) = append(&mut *conn, &last, SealKind::Rows, &rows, (horizon, loaded), now).await? else { break };
        (last, from) = (next, end);
        sealed += rows.len();
        if !more {
            break;
        }
    }
    Ok(Sealed { rows: sealed, head: head(conn).await? })
}

/// How rows came to where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Loaded by the transaction in force, beside which others may wait to write into the schema.
    Restored,
    /// Into a schema that nobody has written to.
    Moved,
}

/// Seals every row that came without a seal and lets the chain go on from here, in the transaction that brings them in.
pub(crate) async fn arrived(conn: &mut PgConnection, how: Arrival, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let own = sqlx::query_scalar!(r#"SELECT pg_current_xact_id()::text::bigint AS "own!""#).fetch_one(&mut *conn).await?;
    let covers = match how {
        Arrival::Restored => (settled(&mut *conn).await?, Some(own)),
        Arrival::Moved => (own + 1, None),
    };
    let mut last = last(&mut *conn).await?;
    let ids: Vec<Uuid> = unsealed(&mut *conn).await?.into_iter().map(|(id, _)| id).collect();
    let mut some = ids.chunks(SOME);
    loop {
        // Without a row too: it says that the numbers of transactions are others from here on.
        let ids = some.next().unwrap_or_default();
        let rows = in_order(rows_of(&mut *conn, ids).await?, ids);
        let next = append(&mut *conn, &last, SealKind::Arrival, &rows, covers, now).await?;
        last = next.ok_or(sqlx::Error::RowNotFound)?;
        if some.len() == 0 {
            return Ok(());
        }
    }
}

fn in_order(mut rows: Vec<Linha>, ids: &[Uuid]) -> Vec<Linha> {
    let place: std::collections::HashMap<Uuid, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    rows.sort_by_key(|row| place.get(&row.id).copied());
    rows
}

/// Binds a seal over `rows` to the one before it; `None` when somebody else did so first.
pub(super) async fn append(
    conn: &mut PgConnection,
    last: &Last,
    kind: SealKind,
    rows: &[Linha],
    (horizon, loaded_tx): (i64, Option<i64>),
    now: DateTime<Utc>,
) -> Result<Option<Last>, sqlx::Error> {
    let mut selo = Selo {
        numero: last.numero + 1,
        kind: kind.code().to_owned(),
        sealed_at: now,
        ids: rows.iter().map(|row| row.id).collect(),
        hashes: rows.iter().flat_map(Linha::hash).collect(),
        previous: last.digest.clone(),
        digest: Vec::new(),
        horizon,
        loaded_tx,
    };
    selo.digest = selo.hash().to_vec();
    let done = sqlx::query!(
        "INSERT INTO auditoria_selo (numero, kind, sealed_at, ids, hashes, previous, digest, horizon, loaded_tx)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ON CONSTRAINT auditoria_selo_pkey DO NOTHING",
        selo.numero,
        selo.kind,
        selo.sealed_at,
        &selo.ids,
        selo.hashes,
        selo.previous,
        selo.digest,
        selo.horizon,
        selo.loaded_tx,
    )
    .execute(conn)
    .await?;
    let next = Last { numero: selo.numero, digest: selo.digest, horizon, loaded_tx };
    Ok((done.rows_affected() == 1).then_some(next))
}

/// Rows of ended transactions behind `from`, in the order of their transactions; one more than a seal holds where there is.
async fn fresh(
    conn: &mut PgConnection,
    (tx, id): (i64, Uuid),
    safe: i64,
    loaded: Option<i64>,
) -> Result<Vec<Linha>, sqlx::Error> {
    sqlx::query_as!(
        Linha,
        "SELECT id, tx, at, actor_kind, actor_id, actor_nome, on_behalf_of, ip::text AS ip, user_agent, request_id, action, entity,
                entity_id, before::text AS before, after::text AS after
         FROM auditoria WHERE (tx, id) > ($1, $2) AND tx < $3 AND tx IS DISTINCT FROM $4 ORDER BY tx, id LIMIT $5",
        tx,
        id,
        safe,
        loaded,
        i64::try_from(SOME + 1).unwrap_or(i64::MAX),
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn last(conn: &mut PgConnection) -> Result<Last, sqlx::Error> {
    let last =
        sqlx::query_as!(Last, "SELECT numero, digest, horizon, loaded_tx FROM auditoria_selo ORDER BY numero DESC LIMIT 1")
            .fetch_optional(conn)
            .await?;
    Ok(last.unwrap_or_else(Last::none))
}

async fn head(conn: &mut PgConnection) -> Result<Option<Head>, sqlx::Error> {
    let row = sqlx::query!("SELECT numero, digest, sealed_at FROM auditoria_selo ORDER BY numero DESC LIMIT 1")
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| Head { numero: row.numero, digest: hex::encode(row.digest), sealed_at: row.sealed_at }))
}
