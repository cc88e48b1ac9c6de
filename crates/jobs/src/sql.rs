//! The queue's SQL. A job goes `ready` → `running` → gone, back to `ready`, or `dead`; every step out of `running` names the
//! fence under which it was claimed, so a worker that lost the job changes nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::{PlatformTx, UnidadeId};
use uuid::Uuid;

use crate::{Attempt, Limits};

/// NOTIFY channel on which every enqueue is told; the payload is empty.
pub(crate) const CHANNEL: &str = "sri_job";

/// Longest reason kept with a job, in characters.
const REASON: usize = 2000;

/// A job that belongs to a worker.
#[derive(Debug)]
pub(crate) struct Claimed {
    pub unidade_id: Option<UnidadeId>,
    pub name: String,
    pub payload: Value,
    pub run_at: DateTime<Utc>,
    pub attempt: Attempt,
    /// Why the try before this one failed.
    pub last_error: Option<String>,
}

/// What may be claimed, by whom.
pub(crate) struct Wish<'a> {
    pub worker: Uuid,
    /// Jobs this worker can run; others are left to newer workers.
    pub names: &'a [String],
    /// Unidades that are not served now.
    pub resting: &'a [Uuid],
    pub now: DateTime<Utc>,
    pub at_most: i64,
}

/// Claims at most one job of each share, going round the shares from where the last claim stopped.
pub(crate) async fn claim(tx: &mut PlatformTx, limits: &Limits, wish: &Wish<'_>) -> Result<Vec<Claimed>, Fault> {
    // A statement of its own: the next one must see what the claim before it committed.
    let turn = sqlx::query_scalar!("SELECT turn FROM platform.job_gate FOR UPDATE").fetch_one(tx.db()).await?;
    let rows = sqlx::query!(
        r#"WITH RECURSIVE ahead AS (
               (SELECT share FROM platform.job WHERE state = 'ready' AND share > $1 ORDER BY share LIMIT 1)
               UNION ALL
               SELECT (SELECT j.share FROM platform.job j WHERE j.state = 'ready' AND j.share > a.share ORDER BY j.share LIMIT 1)
               FROM ahead a WHERE a.share IS NOT NULL
           ), behind AS (
               (SELECT share FROM platform.job WHERE state = 'ready' AND share <= $1 ORDER BY share LIMIT 1)
               UNION ALL
               SELECT (SELECT j.share FROM platform.job j
                       WHERE j.state = 'ready' AND j.share > b.share AND j.share <= $1 ORDER BY j.share LIMIT 1)
               FROM behind b WHERE b.share IS NOT NULL
           ), round AS (
               SELECT share FROM ahead UNION ALL SELECT share FROM behind
           ), picked AS MATERIALIZED (
               SELECT pick.id
               FROM round
               CROSS JOIN LATERAL (
                   SELECT j.id
                   FROM platform.job j
                   WHERE j.share = round.share AND j.state = 'ready' AND j.run_at <= $2 AND j.name = ANY ($3)
                     AND (j.lane IS NULL
                          OR NOT EXISTS (SELECT FROM platform.job b
                                         WHERE b.share = j.share AND b.lane = j.lane AND b.id < j.id AND b.state <> 'dead'))
                   ORDER BY j.priority, j.run_at, j.id
                   LIMIT 1
                   FOR UPDATE OF j SKIP LOCKED
               ) pick
               WHERE round.share <> ALL ($4)
                 AND (SELECT count(*) FROM platform.job r WHERE r.share = round.share AND r.state = 'running')
                     < CASE WHEN round.share = '00000000-0000-0000-0000-000000000000' THEN $5::bigint ELSE $6::bigint END
               LIMIT $7
           )
           UPDATE platform.job j
           SET state = 'running', attempts = j.attempts + 1, fence = j.fence + 1, worker = $8,
               lease_until = clock_timestamp() + make_interval(secs => $9)
           FROM picked WHERE j.id = picked.id
           RETURNING j.id, j.unidade_id AS "unidade_id: UnidadeId", j.share, j.name, j.payload, j.run_at, j.attempts,
                     j.max_attempts, j.fence, j.last_error"#,
        turn,
        wish.now,
        wish.names,
        wish.resting,
        i64::from(limits.platform),
        i64::from(limits.per_unidade),
        wish.at_most,
        wish.worker,
        limits.lease.as_secs_f64(),
    )
    .fetch_all(tx.db())
    .await?;
    // The share that came last in the round: the greatest of those that wrapped, else the greatest of all.
    let last = rows.iter().map(|r| r.share).filter(|s| *s <= turn).max().or_else(|| rows.iter().map(|r| r.share).max());
    if let Some(last) = last {
        sqlx::query!("UPDATE platform.job_gate SET turn = $1", last).execute(tx.db()).await?;
    }
    let claimed = rows.into_iter().map(|row| Claimed {
        unidade_id: row.unidade_id,
        name: row.name,
        payload: row.payload,
        run_at: row.run_at,
        attempt: Attempt { job: row.id, fence: row.fence, number: row.attempts, max: row.max_attempts },
        last_error: row.last_error,
    });
    Ok(claimed.collect())
}

/// `true` when the job was still ours.
pub(crate) async fn done(tx: &mut PlatformTx, attempt: Attempt) -> Result<bool, Fault> {
    let gone =
        sqlx::query!("DELETE FROM platform.job WHERE id = $1 AND fence = $2 AND state = 'running'", attempt.job, attempt.fence)
            .execute(tx.db())
            .await?;
    Ok(gone.rows_affected() == 1)
}

/// Gives the job back to run again at `run_at`; `counts` tells whether this try used up an attempt.
pub(crate) async fn again(
    tx: &mut PlatformTx,
    attempt: Attempt,
    run_at: DateTime<Utc>,
    reason: Option<&str>,
    counts: bool,
) -> Result<bool, Fault> {
    // Someone enqueued the same key while it ran: the newer one does the work.
    let superseded = sqlx::query!(
        "DELETE FROM platform.job j
         WHERE j.id = $1 AND j.fence = $2 AND j.state = 'running'
           AND EXISTS (SELECT FROM platform.job k WHERE k.share = j.share AND k.key = j.key AND k.state = 'ready')",
        attempt.job,
        attempt.fence,
    )
    .execute(tx.db())
    .await?;
    if superseded.rows_affected() == 1 {
        return Ok(true);
    }
    let given = sqlx::query!(
        "UPDATE platform.job
         SET state = 'ready', run_at = $3, last_error = coalesce($4, last_error), worker = NULL, lease_until = NULL,
             attempts = attempts - CASE WHEN $5 THEN 0 ELSE 1 END
         WHERE id = $1 AND fence = $2 AND state = 'running'",
        attempt.job,
        attempt.fence,
        run_at,
        reason.map(shorten),
        counts,
    )
    .execute(tx.db())
    .await?;
    Ok(given.rows_affected() == 1)
}

/// Keeps the job as dead.
pub(crate) async fn bury(tx: &mut PlatformTx, attempt: Attempt, reason: &str) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let buried = sqlx::query!(
        "UPDATE platform.job SET state = 'dead', last_error = $3, dead_at = $4, worker = NULL, lease_until = NULL
         WHERE id = $1 AND fence = $2 AND state = 'running'",
        attempt.job,
        attempt.fence,
        shorten(reason),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(buried.rows_affected() == 1)
}

/// Locks the job until the transaction ends; refuses when it is no longer ours.
pub(crate) async fn hold(tx: &mut PlatformTx, attempt: Attempt) -> Result<(), Fault> {
    let held = sqlx::query_scalar!(
        "SELECT id FROM platform.job WHERE id = $1 AND fence = $2 AND state = 'running' FOR SHARE",
        attempt.job,
        attempt.fence,
    )
    .fetch_optional(tx.db())
    .await?;
    held.map(drop).ok_or_else(|| Fault::because("the job was given to another worker"))
}

/// Prolongs the leases of the jobs that a worker is running now. Of these only: what it claimed without hearing so (the
/// connection broke at COMMIT), or could not book, must lapse. A job locked by its own commit is left out: it is about to end.
pub(crate) async fn beat(tx: &mut PlatformTx, worker: Uuid, running: &[i64], lease: Duration) -> Result<u64, Fault> {
    let beaten = sqlx::query!(
        "UPDATE platform.job SET lease_until = clock_timestamp() + make_interval(secs => $3)
         WHERE id IN (SELECT id FROM platform.job
                      WHERE state = 'running' AND worker = $1 AND id = ANY ($2) FOR UPDATE SKIP LOCKED)",
        worker,
        running,
        lease.as_secs_f64(),
    )
    .execute(tx.db())
    .await?;
    Ok(beaten.rows_affected())
}

/// Takes over the jobs of workers that stopped beating. Their attempt counts, so a job that kills its worker ends as dead; one
/// of `telling` is claimed once more, to tell so.
pub(crate) async fn sweep(tx: &mut PlatformTx, telling: &[&str]) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let lapsed = sqlx::query!(
        "SELECT id, name, fence, attempts, max_attempts FROM platform.job
         WHERE state = 'running' AND lease_until < clock_timestamp()
         ORDER BY id FOR UPDATE SKIP LOCKED"
    )
    .fetch_all(tx.db())
    .await?;
    let mut swept = 0;
    for row in lapsed {
        let attempt = Attempt { job: row.id, fence: row.fence, number: row.attempts, max: row.max_attempts };
        let reason = "the worker died while it ran";
        let moved = if attempt.is_last() && !telling.contains(&row.name.as_str()) {
            bury(tx, attempt, reason).await?
        } else {
            again(tx, attempt, now, Some(reason), true).await?
        };
        swept += u64::from(moved);
    }
    Ok(swept)
}

/// Gives back what a stopping worker could not finish; these tries do not count.
pub(crate) async fn release(tx: &mut PlatformTx, worker: Uuid) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let held = sqlx::query!(
        "SELECT id, fence, attempts, max_attempts FROM platform.job WHERE state = 'running' AND worker = $1 ORDER BY id FOR UPDATE",
        worker
    )
    .fetch_all(tx.db())
    .await?;
    let mut released = 0;
    for row in held {
        let attempt = Attempt { job: row.id, fence: row.fence, number: row.attempts, max: row.max_attempts };
        released += u64::from(again(tx, attempt, now, None, false).await?);
    }
    Ok(released)
}

fn shorten(reason: &str) -> String {
    reason.chars().filter(|c| *c != '\0').take(REASON).collect()
}
