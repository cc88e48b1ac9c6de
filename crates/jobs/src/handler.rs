use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};
use kernel::{Actor, Fault};
use serde_json::Value;
use tenancy::{Mode, Placement, Platform, PlatformTx, Registry, TenantTx, Tenants, TxLimits, Unidade};

use crate::{Payload, backoff};

/// How a try ended. An `Err` of the handler is tried again after a growing wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Again, not before so long has passed; counts as an attempt.
    Retry(Duration),
    /// Never again, because of this; kept for people to see.
    GiveUp(String),
}

/// One try of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    pub(crate) job: i64,
    pub(crate) fence: i32,
    /// 1 for the first.
    pub number: i16,
    pub max: i16,
}

impl Attempt {
    /// Whether a failure now is final.
    #[must_use]
    pub const fn is_last(self) -> bool {
        self.number >= self.max
    }

    /// How long a job waits that fails now: 5 s, doubled with every attempt, at most an hour, spread by a fifth.
    #[must_use]
    pub fn backoff(self) -> Duration {
        backoff::after(self.number, self.job)
    }
}

/// What the handler of a unidade's job may use: that unidade, and nothing else.
pub struct TenantJob {
    pub(crate) tenants: Tenants,
    pub unidade: Arc<Unidade>,
    /// The product itself, for audit rows.
    pub actor: Actor,
    pub attempt: Attempt,
}

impl TenantJob {
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.tenants.clock().now()
    }

    /// Runs `work` in one transaction of the unidade and commits when it answers Ok and the job still belongs to this
    /// worker: a worker that was thought dead can no longer change anything.
    ///
    /// # Errors
    /// Those of `work`; a fault when the database cannot be reached, refuses, or the job was given to another worker.
    pub async fn write<T, E>(&self, work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Fault>,
    {
        let mut tx = self.begin(Mode::Write).await?;
        match work(&mut tx).await {
            Ok(value) => {
                self.commit(tx).await?;
                Ok(value)
            }
            Err(error) => {
                // The refusal is the answer; a rollback that fails only costs the connection.
                let _ = tx.rollback().await;
                Err(error)
            }
        }
    }

    /// Runs `work` in one read-only transaction of the unidade.
    ///
    /// # Errors
    /// Those of `work`; a fault when the database cannot be reached.
    pub async fn read<T, E>(&self, work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Fault>,
    {
        let mut tx = self.begin(Mode::Read).await?;
        let answer = work(&mut tx).await;
        let _ = tx.rollback().await;
        answer
    }

    /// A transaction of the unidade whose end the handler decides; end one that writes with [`TenantJob::commit`].
    ///
    /// # Errors
    /// A fault when the database cannot be reached.
    pub async fn begin(&self, mode: Mode) -> Result<TenantTx, Fault> {
        self.tenants.begin(&self.unidade, mode, TxLimits::JOB).await
    }

    /// Commits, when the job still belongs to this worker.
    ///
    /// # Errors
    /// As [`TenantJob::write`].
    pub async fn commit(&self, mut tx: TenantTx) -> Result<(), Fault> {
        let held = sqlx::query!("SELECT platform.hold_job($1, $2)", self.attempt.job, self.attempt.fence).execute(tx.db()).await;
        if let Err(error) = held {
            let _ = tx.rollback().await;
            return Err(error.into());
        }
        tx.commit().await
    }
}

/// What the handler of a job of the platform may use.
pub struct PlatformJob {
    pub platform: Platform,
    pub registry: Registry,
    /// For first steps inside a new unidade and for work on one unidade after the other.
    pub tenants: Tenants,
    /// The placement whose queue holds the job.
    pub placement: Placement,
    pub actor: Actor,
    pub attempt: Attempt,
}

impl PlatformJob {
    /// Runs `work` in one transaction of the placement that holds the job and commits when it answers Ok and the job still
    /// belongs to this worker.
    ///
    /// # Errors
    /// As [`TenantJob::write`].
    pub async fn write<T, E>(&self, work: impl AsyncFnOnce(&mut PlatformTx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Fault>,
    {
        let mut tx = self.platform.begin_at(&self.placement).await?;
        match work(&mut tx).await {
            Ok(value) => {
                crate::sql::hold(&mut tx, self.attempt).await?;
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                let _ = tx.rollback().await;
                Err(error)
            }
        }
    }
}

/// A function that runs the jobs of one name; modules list theirs.
#[derive(Clone)]
pub struct Handler {
    name: &'static str,
    limit: Duration,
    run: Arc<Run>,
    gave_up: Option<Arc<Start<TenantJob, ()>>>,
}

pub(crate) type Running<T> = BoxFuture<'static, Result<T, Fault>>;
pub(crate) type Start<C, T> = Box<dyn Fn(C, Value) -> Result<Running<T>, serde_json::Error> + Send + Sync>;

pub(crate) enum Run {
    Tenant(Start<TenantJob, Outcome>),
    Platform(Start<PlatformJob, Outcome>),
}

impl Handler {
    /// For jobs enqueued by [`crate::enqueue`].
    pub fn tenant<P, Fut>(handle: impl Fn(TenantJob, P) -> Fut + Send + Sync + 'static) -> Self
    where
        P: Payload,
        Fut: Future<Output = Result<Outcome, Fault>> + Send + 'static,
    {
        Self::new(P::NAME, Run::Tenant(erase(handle)))
    }

    /// For jobs enqueued by [`crate::enqueue_platform`].
    pub fn platform<P, Fut>(handle: impl Fn(PlatformJob, P) -> Fut + Send + Sync + 'static) -> Self
    where
        P: Payload,
        Fut: Future<Output = Result<Outcome, Fault>> + Send + 'static,
    {
        Self::new(P::NAME, Run::Platform(erase(handle)))
    }

    fn new(name: &'static str, run: Run) -> Self {
        Self { name, limit: Duration::from_secs(600), run: Arc::new(run), gave_up: None }
    }

    /// For jobs of a unidade that people wait for: `tell` is called when one ran out of attempts, whatever took the last of
    /// them: an error, its time limit, the death of its worker. The job stays in the queue until it has been told, so `tell`
    /// must bear running twice. A handler that answers [`Outcome::GiveUp`] knows why and has told it itself.
    ///
    /// # Panics
    /// When `P` is the payload of another job: a defect that the first test finds.
    #[must_use]
    pub fn gave_up<P, Fut>(mut self, tell: impl Fn(TenantJob, P) -> Fut + Send + Sync + 'static) -> Self
    where
        P: Payload,
        Fut: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        assert_eq!(self.name, P::NAME, "the payload of another job");
        self.gave_up = Some(Arc::new(erase(tell)));
        self
    }

    /// How long one try may take before it is stopped and counts as failed; 10 minutes unless told.
    #[must_use]
    pub const fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) const fn limit(&self) -> Duration {
        self.limit
    }

    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    pub(crate) fn telling(&self) -> Option<&Start<TenantJob, ()>> {
        self.gave_up.as_deref()
    }
}

fn erase<C, P, T, Fut>(handle: impl Fn(C, P) -> Fut + Send + Sync + 'static) -> Start<C, T>
where
    P: Payload,
    Fut: Future<Output = Result<T, Fault>> + Send + 'static,
{
    Box::new(move |job, payload| Ok(handle(job, serde_json::from_value(payload)?).boxed()))
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match *self.run {
            Run::Tenant(_) => "tenant",
            Run::Platform(_) => "platform",
        };
        f.debug_struct("Handler").field("name", &self.name).field("kind", &kind).finish_non_exhaustive()
    }
}
