//! The queue of a unidade goes with it to another placement.

use futures::{FutureExt, future::BoxFuture};
use kernel::Fault;
use tenancy::{MoveParticipant, Placement, UnidadeId, Way};

/// Jobs brought in one transaction.
const PAGE: i64 = 500;

/// Brings the jobs and schedules of a moving unidade along; for [`tenancy::MoveOptions`].
///
/// Until the register names the new placement, a worker there that claims one of them finds the unidade not served there
/// and lets it rest; afterwards a worker of the old placement does.
#[derive(Debug, Clone, Copy, Default)]
pub struct MoveQueue;

impl MoveParticipant for MoveQueue {
    fn name(&self) -> &'static str {
        "queue"
    }

    fn copy<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<(), Fault>> {
        async move {
            forget(way, &way.to).await?;
            let mut last = 0;
            while let Some(next) = copy_page(way, last).await? {
                last = next;
            }
            copy_schedules(way).await
        }
        .boxed()
    }

    fn settle<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<(), Fault>> {
        forget(way, &way.from).boxed()
    }

    fn undo<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<(), Fault>> {
        forget(way, &way.to).boxed()
    }
}

/// Copies the jobs behind the number `last` in their order, which keeps that of the lanes. Answers the number of the last
/// one, `None` when there was none.
async fn copy_page(way: &Way, last: i64) -> Result<Option<i64>, Fault> {
    let mut tx = way.platform.begin_at(&way.from).await?;
    // One that runs begins again over there, unless a newer one of its key waits anyhow.
    let page = sqlx::query!(
        r#"SELECT max(p.id) AS last, coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.id), '[]') AS "jobs!"
           FROM (SELECT j.id, j.name, j.payload, j.key, j.lane, j.priority, j.run_at, j.attempts, j.max_attempts, j.last_error,
                        j.dead_at, j.created_at, CASE WHEN j.state = 'dead' THEN 'dead' ELSE 'ready' END AS state
                 FROM platform.job j
                 WHERE j.unidade_id = $1 AND j.id > $2
                   AND NOT (j.state = 'running'
                            AND EXISTS (SELECT FROM platform.job k WHERE k.share = j.share AND k.key = j.key AND k.state = 'ready'))
                 ORDER BY j.id LIMIT $3) p"#,
        way.unidade.id as _,
        last,
        PAGE,
    )
    .fetch_one(tx.db())
    .await?;
    tx.commit().await?;
    if page.last.is_none() {
        return Ok(None);
    }
    let mut tx = way.platform.begin_at(&way.to).await?;
    sqlx::query!(
        "INSERT INTO platform.job (unidade_id, name, payload, key, lane, priority, run_at, attempts, max_attempts, last_error, dead_at,
                                   created_at, state)
         SELECT $1, name, payload, key, lane, priority, run_at, attempts, max_attempts, last_error, dead_at, created_at, state
         FROM jsonb_to_recordset($2) AS p (id bigint, name text, payload jsonb, key text, lane text, priority smallint, run_at timestamptz,
                                           attempts smallint, max_attempts smallint, last_error text, dead_at timestamptz,
                                           created_at timestamptz, state text)
         ORDER BY id",
        way.unidade.id as _,
        page.jobs,
    )
    .execute(tx.db())
    .await?;
    tx.commit().await?;
    Ok(page.last)
}

async fn copy_schedules(way: &Way) -> Result<(), Fault> {
    let mut tx = way.platform.begin_at(&way.from).await?;
    let rows = sqlx::query!("SELECT name, due_at FROM platform.schedule WHERE share = $1", way.unidade.id as _)
        .fetch_all(tx.db())
        .await?;
    tx.commit().await?;
    let (names, due): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| (row.name, row.due_at)).unzip();
    let mut tx = way.platform.begin_at(&way.to).await?;
    sqlx::query!(
        "INSERT INTO platform.schedule (name, share, due_at) SELECT name, $1, due_at FROM unnest($2::text[], $3::timestamptz[]) s (name, due_at)",
        way.unidade.id as _,
        &names,
        &due,
    )
    .execute(tx.db())
    .await?;
    tx.commit().await
}

async fn forget(way: &Way, placement: &Placement) -> Result<(), Fault> {
    let id: UnidadeId = way.unidade.id;
    let mut tx = way.platform.begin_at(placement).await?;
    sqlx::query!("DELETE FROM platform.job WHERE unidade_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM platform.schedule WHERE share = $1", id as _).execute(tx.db()).await?;
    tx.commit().await
}
