use chrono::{DateTime, Utc};
use kernel::Fault;
use serde::{Serialize, de::DeserializeOwned};
use tenancy::{PlatformTx, TenantTx};

/// What a job is told: ids, never copies of rows. Its JSON shape is published as long as one of its jobs waits.
pub trait Payload: Serialize + DeserializeOwned + Send + 'static {
    /// Name of the job, `<module>.<what>`: lower-case letters, digits, `.`, `-` and `_`, at most 100.
    const NAME: &'static str;
}

/// Number of a job in the queue of its placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub(crate) i64);

/// When and how often a job runs. The default: now, once no key is waiting, at most 25 attempts (about 17 hours).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enqueue {
    /// At most one waiting job of the unidade bears it: a later one takes the place of one that has not begun. At most 200 bytes.
    pub key: Option<String>,
    /// Not before this instant.
    pub run_at: Option<DateTime<Utc>>,
    /// Jobs of the same queue of the unidade run one after the other, in the order in which they were enqueued; one that
    /// waits for its next attempt holds up those behind it. At most 200 bytes.
    pub queue: Option<String>,
    /// -100 to 100; lower runs earlier among the jobs of the same unidade. Not between unidades: they take turns.
    pub priority: Option<i16>,
    /// 1 to 1000.
    pub max_attempts: Option<i16>,
}

impl Enqueue {
    #[must_use]
    pub fn keyed(key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..Self::default() }
    }

    #[must_use]
    pub fn at(run_at: DateTime<Utc>) -> Self {
        Self { run_at: Some(run_at), ..Self::default() }
    }
}

/// Adds a job of the unidade of `tx`; it exists when `tx` commits.
///
/// # Errors
/// A fault of the database, or of an argument out of its bounds; `tx` cannot be committed then.
pub async fn enqueue<P: Payload>(tx: &mut TenantTx, payload: &P, how: Enqueue) -> Result<JobId, Fault> {
    let payload = to_json(payload)?;
    let run_at = how.run_at.unwrap_or_else(|| tx.clock().now());
    let id = sqlx::query_scalar!(
        r#"SELECT platform.enqueue($1, $2, $3, $4, $5, $6, $7) AS "id!""#,
        P::NAME,
        payload,
        how.key,
        run_at,
        how.max_attempts.map(i32::from),
        how.priority.map(i32::from),
        how.queue,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(JobId(id))
}

/// As [`enqueue`] for many, in one statement.
///
/// # Errors
/// As [`enqueue`].
pub async fn enqueue_all<P: Payload>(tx: &mut TenantTx, jobs: &[(P, Enqueue)]) -> Result<(), Fault> {
    let now = tx.clock().now();
    let payloads = jobs.iter().map(|(payload, _)| to_json(payload)).collect::<Result<Vec<_>, _>>()?;
    let text = |field: fn(&Enqueue) -> &Option<String>| jobs.iter().map(|(_, how)| field(how).clone()).collect::<Vec<_>>();
    let number = |field: fn(&Enqueue) -> Option<i16>| jobs.iter().map(|(_, how)| field(how).map(i32::from)).collect::<Vec<_>>();
    let run_at: Vec<DateTime<Utc>> = jobs.iter().map(|(_, how)| how.run_at.unwrap_or(now)).collect();
    sqlx::query!(
        "SELECT platform.enqueue($1, j.payload, j.key, j.run_at, j.max_attempts, j.priority, j.lane)
         FROM unnest($2::jsonb[], $3::text[], $4::timestamptz[], $5::integer[], $6::integer[], $7::text[])
              AS j (payload, key, run_at, max_attempts, priority, lane)",
        P::NAME,
        &payloads,
        &text(|how| &how.key) as &[Option<String>],
        &run_at,
        &number(|how| how.max_attempts) as &[Option<i32>],
        &number(|how| how.priority) as &[Option<i32>],
        &text(|how| &how.queue) as &[Option<String>],
    )
    .fetch_all(tx.db())
    .await?;
    Ok(())
}

/// Adds a job of the platform itself to the queue of the placement of `tx`.
///
/// # Errors
/// As [`enqueue`].
pub async fn enqueue_platform<P: Payload>(tx: &mut PlatformTx, payload: &P, how: Enqueue) -> Result<JobId, Fault> {
    let payload = to_json(payload)?;
    let run_at = how.run_at.unwrap_or_else(|| tx.clock().now());
    let id = sqlx::query_scalar!(
        "INSERT INTO platform.job AS j (name, payload, key, run_at, max_attempts, priority, lane)
         VALUES ($1, $2, $3, $4, coalesce($5, 25::smallint), coalesce($6, 0::smallint), $7)
         ON CONFLICT (share, key) WHERE state = 'ready' AND key IS NOT NULL DO UPDATE
             SET name = excluded.name, payload = excluded.payload, run_at = excluded.run_at, lane = excluded.lane,
                 max_attempts = excluded.max_attempts, priority = excluded.priority, attempts = 0, last_error = NULL
         RETURNING j.id",
        P::NAME,
        payload,
        how.key,
        run_at,
        how.max_attempts,
        how.priority,
        how.queue,
    )
    .fetch_one(tx.db())
    .await?;
    tx.notify(crate::sql::CHANNEL, "").await?;
    Ok(JobId(id))
}

pub(crate) fn to_json(payload: &impl Serialize) -> Result<serde_json::Value, Fault> {
    serde_json::to_value(payload).map_err(|e| Fault::new("payload of a job", e))
}
