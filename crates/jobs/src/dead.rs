//! Jobs that were given up or ran out of attempts stay in the queue for people to see (`platform.job`, state `dead`).

use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::{PlatformTx, UnidadeId};

use crate::{JobId, sql};

/// A job that will not run again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    pub id: JobId,
    /// `None`: the platform's own.
    pub unidade_id: Option<UnidadeId>,
    pub name: String,
    pub attempts: i16,
    pub reason: String,
    pub dead_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// The newest dead jobs of the placement of `tx`, at most `limit`; of one unidade when it is named.
///
/// # Errors
/// A fault of the database.
pub async fn dead_jobs(tx: &mut PlatformTx, unidade: Option<UnidadeId>, limit: u16) -> Result<Vec<DeadJob>, Fault> {
    Ok(sqlx::query!(
        r#"SELECT id, unidade_id AS "unidade_id: UnidadeId", name, attempts, coalesce(last_error, '') AS "reason!",
                  dead_at AS "dead_at!", created_at
           FROM platform.job
           WHERE state = 'dead' AND ($1::uuid IS NULL OR unidade_id = $1)
           ORDER BY dead_at DESC, id DESC LIMIT $2"#,
        unidade as _,
        i64::from(limit),
    )
    .fetch_all(tx.db())
    .await?
    .into_iter()
    .map(|row| DeadJob {
        id: JobId(row.id),
        unidade_id: row.unidade_id,
        name: row.name,
        attempts: row.attempts,
        reason: row.reason,
        dead_at: row.dead_at,
        created_at: row.created_at,
    })
    .collect())
}

/// Lets a dead job run again, with all its attempts. `false` when it is not dead, or a newer job with its key waits.
///
/// # Errors
/// A fault of the database.
pub async fn revive(tx: &mut PlatformTx, id: JobId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let revived = sqlx::query!(
        "UPDATE platform.job j SET state = 'ready', attempts = 0, run_at = $2, dead_at = NULL
         WHERE id = $1 AND state = 'dead'
           AND NOT EXISTS (SELECT FROM platform.job k WHERE k.share = j.share AND k.key = j.key AND k.state = 'ready')",
        id.0,
        now,
    )
    .execute(tx.db())
    .await?
    .rows_affected();
    tx.notify(sql::CHANNEL, "").await?;
    Ok(revived == 1)
}

/// Forgets jobs that died before `before`. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn discard_dead(tx: &mut PlatformTx, before: DateTime<Utc>) -> Result<u64, Fault> {
    let gone = sqlx::query!("DELETE FROM platform.job WHERE state = 'dead' AND dead_at < $1", before).execute(tx.db()).await?;
    Ok(gone.rows_affected())
}
