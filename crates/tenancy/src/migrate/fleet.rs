//! All schemas of all placements to the newest version: one message and one transaction each, several at a time.
//!
//! The version in a schema is committed with its tables, so a process killed anywhere leaves every schema whole at one
//! version or another, and running the fleet again goes on where it stopped. The register only mirrors; two fleets at
//! once take turns at each schema and find it done.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::{StreamExt, channel::mpsc, future::join_all};
use kernel::{Actor, Fault};
use sqlx::PgConnection;

use super::{Migrated, Migrations, mirror, unidade::migrate_from};
use crate::{Names, Platform, Progress, Slug, UnidadeId, config::Placement, crash_point, provision::migrator};

/// How a fleet migration is run.
#[derive(Debug, Clone)]
pub struct FleetOptions {
    /// Schemas at a time, per placement. 4 to 8: beyond that the disks are the limit, and serving suffers.
    pub concurrency: usize,
    /// Migrated first; when one of them fails, all others are left alone.
    pub canaries: Vec<Slug>,
    /// How long one schema waits for a lock that its people hold, before it is tried again later.
    pub lock_timeout: Duration,
    /// Further tries after a lock timeout, a deadlock or a lost connection.
    pub retries: u32,
    /// Only these unidades, and no spares.
    pub only: Option<Vec<UnidadeId>>,
}

impl Default for FleetOptions {
    fn default() -> Self {
        Self { concurrency: 4, canaries: Vec::new(), lock_timeout: Duration::from_secs(3), retries: 4, only: None }
    }
}

/// What became of the fleet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FleetReport {
    pub migrated: Vec<(UnidadeId, Migrated)>,
    /// Marked in the register and put in maintenance, with the database's words.
    pub failed: Vec<(UnidadeId, String)>,
    /// Their placement did not answer: nothing is wrong with them.
    pub unreached: Vec<UnidadeId>,
    /// On their way to another placement: the move brings them up to date.
    pub moving: Vec<UnidadeId>,
    pub spares: usize,
    /// A canary failed, so the others were not tried.
    pub stopped: bool,
}

impl FleetReport {
    /// Whether every schema that was to be migrated is.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.unreached.is_empty() && !self.stopped
    }
}

/// A schema that is behind.
#[derive(Debug, Clone)]
struct Behind {
    id: UnidadeId,
    /// `None`: a spare.
    slug: Option<String>,
    placement: Placement,
    /// As the register believes.
    version: i64,
}

enum Outcome {
    Done(Migrated),
    Failed(String),
    Unreached,
}

/// Brings every schema to the newest version of `stream`. Reports the steps `migrated`, `failed` and `unreached`, with the
/// slug, as they happen.
///
/// A schema that fails is as it was; its unidade is marked ([`crate::Unidade`]'s `migration_error` in the register) and
/// put in maintenance, and comes out of it when a later run succeeds. May be repeated and run by several processes at
/// once.
///
/// # Errors
/// A fault when the central database cannot be reached; what was migrated until then stays migrated.
pub async fn migrate_fleet(
    platform: &Platform,
    stream: &Migrations,
    options: &FleetOptions,
    mut progress: impl FnMut(Progress),
) -> Result<FleetReport, Fault> {
    let (behind, moving) = behind(platform, stream, options).await?;
    let mut report = FleetReport { moving, ..FleetReport::default() };
    let is_canary =
        |schema: &Behind| schema.slug.as_ref().is_some_and(|slug| options.canaries.iter().any(|c| c.as_str() == slug));
    let total = behind.len();
    let (canaries, others): (Vec<_>, Vec<_>) = behind.into_iter().partition(is_canary);
    for wave in [canaries, others] {
        if !report.is_complete() {
            report.stopped = true;
            break;
        }
        run_wave(platform, stream, options, wave, &mut report, |step, slug, done| {
            progress(Progress::new(step, slug, done, total));
        })
        .await?;
    }
    Ok(report)
}

async fn run_wave(
    platform: &Platform,
    stream: &Migrations,
    options: &FleetOptions,
    wave: Vec<Behind>,
    report: &mut FleetReport,
    mut progress: impl FnMut(&'static str, String, usize),
) -> Result<(), Fault> {
    let mut queues: BTreeMap<Placement, VecDeque<Behind>> = BTreeMap::new();
    for schema in wave {
        queues.entry(schema.placement.clone()).or_default().push_back(schema);
    }
    let queues: Vec<(Placement, Mutex<VecDeque<Behind>>)> = queues.into_iter().map(|(p, queue)| (p, Mutex::new(queue))).collect();
    let (outcomes, mut inbox) = mpsc::unbounded();
    let workers = queues.iter().flat_map(|(placement, queue)| {
        let outcomes = outcomes.clone();
        (0..options.concurrency.max(1)).map(move |_| work(platform, placement, stream, options, queue, outcomes.clone()))
    });
    let workers = join_all(workers.collect::<Vec<_>>());
    drop(outcomes);

    let collect = async {
        // Whatever is ready at once goes into one update of the register.
        while let Some(first) = inbox.next().await {
            let mut batch = vec![first];
            while batch.len() < 100
                && let Ok(next) = inbox.try_recv()
            {
                batch.push(next);
            }
            keep(platform, &batch).await?;
            for (schema, outcome) in batch {
                let step = match outcome {
                    Outcome::Done(_) if schema.slug.is_none() => {
                        report.spares += 1;
                        "migrated"
                    }
                    Outcome::Done(migrated) => {
                        report.migrated.push((schema.id, migrated));
                        "migrated"
                    }
                    Outcome::Failed(_) if schema.slug.is_none() => "failed",
                    Outcome::Failed(error) => {
                        report.failed.push((schema.id, error));
                        "failed"
                    }
                    Outcome::Unreached => {
                        report.unreached.push(schema.id);
                        "unreached"
                    }
                };
                let done = report.migrated.len() + report.failed.len() + report.unreached.len() + report.spares;
                progress(step, schema.slug.unwrap_or_default(), done);
            }
        }
        Ok::<(), Fault>(())
    };
    let (_, collected) = futures::join!(workers, collect);
    collected
}

/// One worker: takes schemas from the queue of its placement until it is empty.
async fn work(
    platform: &Platform,
    placement: &Placement,
    stream: &Migrations,
    options: &FleetOptions,
    queue: &Mutex<VecDeque<Behind>>,
    outcomes: mpsc::UnboundedSender<(Behind, Outcome)>,
) {
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let mut conn = None;
    while let Some(schema) = next() {
        let outcome = migrate_one(platform, placement, stream, options, &mut conn, &schema).await;
        crash_point("fleet.migrated");
        let unreached = matches!(outcome, Outcome::Unreached);
        // The collector outlives the workers unless the register is lost; then the schema tells the next run.
        let _ = outcomes.unbounded_send((schema, outcome));
        if unreached {
            // It was tried long enough: the others of this placement would only wait as long.
            while let Some(schema) = next() {
                let _ = outcomes.unbounded_send((schema, Outcome::Unreached));
            }
        }
    }
}

async fn migrate_one(
    platform: &Platform,
    placement: &Placement,
    stream: &Migrations,
    options: &FleetOptions,
    conn: &mut Option<PgConnection>,
    schema: &Behind,
) -> Outcome {
    let Some(config) = platform.config().placement(placement) else {
        return Outcome::Failed(format!("placement {placement} is not configured here"));
    };
    let lock_ms = u64::try_from(options.lock_timeout.as_millis()).unwrap_or(u64::MAX);
    let mut tries = 0;
    loop {
        let outcome = async {
            if conn.is_none() {
                *conn = Some(migrator(platform, config).await.map_err(|_| None)?);
            }
            let Some(conn) = conn.as_mut() else { return Err(None) };
            migrate_from(conn, &Names::of(schema.id), stream, Some(schema.version), lock_ms).await.map_err(Some)
        }
        .await;
        let error = match outcome {
            Ok(migrated) => return Outcome::Done(migrated),
            Err(error) => error,
        };
        let lost = error.as_ref().is_none_or(|e| e.as_database_error().is_none());
        if lost {
            *conn = None;
        }
        if !lost && !error.as_ref().is_some_and(may_pass) || tries >= options.retries {
            return match error {
                Some(error) if !lost => Outcome::Failed(error.to_string()),
                _ => Outcome::Unreached,
            };
        }
        tries += 1;
        // Half to one and a half times 100, 200, 400 … ms, so that many do not come back in step.
        let wait = 100 * 2_u64.pow(tries.min(8)) / 2;
        tokio::time::sleep(Duration::from_millis(wait / 2 + rand::random_range(0..=wait))).await;
    }
}

/// Lock timeout, deadlock, serialisation, statement cancelled by an operator, server going down.
fn may_pass(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|e| e.code().map(std::borrow::Cow::into_owned));
    code.is_some_and(|code| matches!(code.as_str(), "55P03" | "40P01" | "40001" | "57014") || code.starts_with("57P"))
}

/// Everything that is behind, by the register, and the unidades that a move is carrying.
async fn behind(
    platform: &Platform,
    stream: &Migrations,
    options: &FleetOptions,
) -> Result<(Vec<Behind>, Vec<UnidadeId>), Fault> {
    let mut tx = platform.begin().await?;
    let only: Option<Vec<uuid::Uuid>> = options.only.as_ref().map(|ids| ids.iter().map(|id| id.uuid()).collect());
    // A unidade whose schema is not made yet gets the newest one from the start.
    let rows = sqlx::query!(
        r#"SELECT u.id AS "id: UnidadeId", u.slug, u.placement, u.schema_version,
                  coalesce(m.step IN ('copying', 'paused'), false) AS "moving!"
           FROM platform.unidade u LEFT JOIN platform.move m ON m.unidade_id = u.id
           WHERE u.status <> 'deleted' AND (u.schema_version > 0 OR u.status <> 'provisioning')
             AND (u.schema_version < $1 OR u.migration_error IS NOT NULL)
             AND ($2::uuid[] IS NULL OR u.id = ANY ($2))
           ORDER BY u.codigo"#,
        stream.newest(),
        only.as_deref(),
    )
    .fetch_all(tx.db())
    .await?;
    let spares = if options.only.is_some() {
        Vec::new()
    } else {
        sqlx::query!(
            r#"SELECT id AS "id: UnidadeId", placement, schema_version FROM platform.spare WHERE schema_version < $1 ORDER BY ready_at"#,
            stream.newest()
        )
        .fetch_all(tx.db())
        .await?
    };
    tx.commit().await?;
    let mut behind = Vec::with_capacity(rows.len() + spares.len());
    let mut moving = Vec::new();
    for row in rows {
        if row.moving {
            moving.push(row.id);
            continue;
        }
        behind.push(Behind {
            id: row.id,
            slug: Some(row.slug),
            placement: placement_of(&row.placement)?,
            version: row.schema_version,
        });
    }
    for row in spares {
        behind.push(Behind { id: row.id, slug: None, placement: placement_of(&row.placement)?, version: row.schema_version });
    }
    Ok((behind, moving))
}

fn placement_of(name: &str) -> Result<Placement, Fault> {
    name.parse().map_err(|e| Fault::new("placement in the register", e))
}

/// Mirrors a batch of outcomes.
async fn keep(platform: &Platform, batch: &[(Behind, Outcome)]) -> Result<(), Fault> {
    let mut tx = platform.begin().await?;
    let done = batch.iter().filter_map(|(schema, outcome)| match outcome {
        Outcome::Done(migrated) => Some((schema.id, migrated.to)),
        _ => None,
    });
    mirror::keep_versions(&mut tx, done).await?;
    for (schema, outcome) in batch {
        let Outcome::Failed(error) = outcome else { continue };
        if schema.slug.is_some() {
            mirror::mark_failed(&mut tx, &Actor::sistema(), schema.id, error).await?;
        } else {
            // A spare that cannot be migrated is of no use; its schema is swept as scratch.
            mirror::discard_spare(&mut tx, schema.id).await?;
        }
    }
    tx.commit().await
}
