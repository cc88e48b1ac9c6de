//! One try of one claimed job: finds the handler, opens the unidade, runs, and books the outcome.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures::FutureExt;
use kernel::{Actor, Fault};
use tenancy::{Placement, Platform, Registry, Tenants, UnidadeId};
use tracing::Instrument;

use crate::{
    Attempt, Handler, Outcome, PlatformJob, TenantJob,
    handler::{Run, Running},
    sql::{self, Claimed},
};

/// The ways to the database that the jobs of a process share.
#[derive(Clone)]
pub struct Gates {
    pub tenants: Tenants,
    pub platform: Platform,
    pub registry: Registry,
}

/// How long telling that a job ran out of attempts may take; how long it waits after the first failure, and after many; and how
/// often it is tried: for about a week, so that a database that is away for long leaves nobody waiting for ever.
const TELL: Duration = Duration::from_secs(60);
const TELL_AGAIN: Duration = Duration::from_secs(30);
const TELL_SELDOM: Duration = Duration::from_secs(600);
const TELLINGS: i16 = 1_000;

/// What becomes of a claimed job.
#[derive(Debug)]
enum Verdict {
    Done,
    Retry(Duration, Option<String>),
    Dead(String),
    /// It ran out of attempts, and nobody has been told yet.
    Exhausted(String),
    /// The unidade is not served now; nothing was tried.
    Rest,
}

pub(crate) type Handlers = HashMap<&'static str, Handler>;

/// Runs a claimed job of `placement` and books what came of it. Answers the unidade when it turned out to rest.
///
/// # Errors
/// A fault when the outcome could not be booked: the job is tried again when its lease has lapsed.
pub(crate) async fn run(
    gates: &Gates,
    handlers: &Handlers,
    placement: &Placement,
    job: Claimed,
) -> Result<Option<UnidadeId>, Fault> {
    let span = tracing::info_span!(
        "job",
        job.id = job.attempt.job,
        job.name = %job.name,
        job.attempt = job.attempt.number,
        unidade = job.unidade_id.map(tracing::field::display),
    );
    run_in_span(gates, handlers, placement, job).instrument(span).await
}

async fn run_in_span(
    gates: &Gates,
    handlers: &Handlers,
    placement: &Placement,
    job: Claimed,
) -> Result<Option<UnidadeId>, Fault> {
    let (attempt, run_at, unidade_id) = (job.attempt, job.run_at, job.unidade_id);
    let handler = handlers.get(job.name.as_str());
    let started = Instant::now();
    let verdict = match handler {
        Some(handler) => judge(gates, handler, placement, job).await,
        // Cannot be claimed; only a caller that passes other names than handlers gets here.
        None => Verdict::Dead("no handler bears this name".to_owned()),
    };
    let name = handler.map_or("unknown", Handler::name);
    let mut tx = gates.platform.begin_at(placement).await?;
    let now = tx.clock().now();
    let (ours, outcome) = match &verdict {
        Verdict::Done => (sql::done(&mut tx, attempt).await?, "done"),
        Verdict::Retry(after, reason) => {
            let run_at = now + chrono::Duration::from_std(*after).unwrap_or(chrono::Duration::MAX);
            (sql::again(&mut tx, attempt, run_at, reason.as_deref(), true).await?, "retry")
        }
        Verdict::Dead(reason) | Verdict::Exhausted(reason) => (sql::bury(&mut tx, attempt, reason).await?, "dead"),
        Verdict::Rest => (sql::again(&mut tx, attempt, run_at, None, false).await?, "rest"),
    };
    tx.commit().await?;
    let outcome = if ours { outcome } else { "lost" };
    metrics::counter!("jobs_total", "name" => name, "outcome" => outcome).increment(1);
    metrics::histogram!("job_duration_seconds", "name" => name).record(started.elapsed().as_secs_f64());
    match (&verdict, ours) {
        (_, false) => tracing::warn!("The job was given to another worker while it ran here; its outcome was not booked."),
        (Verdict::Dead(reason) | Verdict::Exhausted(reason), true) => {
            tracing::error!(reason, "The job will not run again; it is kept among the dead jobs.");
        }
        (Verdict::Retry(after, reason), true) => {
            tracing::warn!(reason, after_seconds = after.as_secs_f64(), "The job will be tried again.");
        }
        (Verdict::Done | Verdict::Rest, true) => tracing::debug!(outcome, "The job ended."),
    }
    Ok(if matches!(verdict, Verdict::Rest) { unidade_id } else { None })
}

async fn judge(gates: &Gates, handler: &Handler, placement: &Placement, job: Claimed) -> Verdict {
    let attempt = job.attempt;
    match (handler.run(), job.unidade_id) {
        (Run::Tenant(start), Some(id)) => {
            let unidade = match gates.registry.by_id(id).await {
                // Gone for good: the register shows no deleted unidades.
                Ok(None) => return Verdict::Dead("the unidade is deleted".to_owned()),
                Ok(Some(unidade)) if !unidade.status.is_served() || unidade.placement != *placement => return Verdict::Rest,
                Ok(Some(unidade)) => unidade,
                Err(fault) => return Verdict::Retry(attempt.backoff(), Some(fault.to_string())),
            };
            let tenant = || TenantJob {
                tenants: gates.tenants.clone(),
                unidade: std::sync::Arc::clone(&unidade),
                actor: Actor::sistema(),
                attempt,
            };
            let verdict = if attempt.number > attempt.max {
                // Its last attempt ended with its worker, or nobody could be told so far: it is not tried again.
                Verdict::Exhausted(job.last_error.unwrap_or_else(|| "it ran out of attempts".to_owned()))
            } else {
                run_once(handler, attempt, start(tenant(), job.payload.clone())).await
            };
            match verdict {
                Verdict::Exhausted(reason) => tell(handler, tenant(), job.payload, reason).await,
                verdict => verdict,
            }
        }
        (Run::Platform(start), None) => {
            let platform = PlatformJob {
                platform: gates.platform.clone(),
                registry: gates.registry.clone(),
                tenants: gates.tenants.clone(),
                placement: placement.clone(),
                actor: Actor::sistema(),
                attempt,
            };
            run_once(handler, attempt, start(platform, job.payload)).await
        }
        // A unidade asked for a job of the platform, or the platform for one of a unidade.
        (Run::Tenant(_), None) | (Run::Platform(_), Some(_)) => Verdict::Dead("this job is not for this asker".to_owned()),
    }
}

async fn run_once(handler: &Handler, attempt: Attempt, started: Result<Running<Outcome>, serde_json::Error>) -> Verdict {
    let running = match started {
        Ok(running) => running,
        Err(error) => return Verdict::Dead(format!("the payload cannot be read: {error}")),
    };
    let failed = match tokio::time::timeout(handler.limit(), AssertUnwindSafe(running).catch_unwind()).await {
        Ok(Ok(Ok(Outcome::Done))) => return Verdict::Done,
        Ok(Ok(Ok(Outcome::GiveUp(reason)))) => return Verdict::Dead(reason),
        Ok(Ok(Ok(Outcome::Retry(after)))) if !attempt.is_last() => return Verdict::Retry(after, None),
        Ok(Ok(Ok(Outcome::Retry(_)))) => "it asked for one more attempt than it has".to_owned(),
        Ok(Ok(Err(fault))) => fault.to_string(),
        Ok(Err(panic)) => format!("panic: {}", message_of(&*panic)),
        Err(_) => format!("it took longer than {} s", handler.limit().as_secs()),
    };
    if attempt.is_last() {
        return Verdict::Exhausted(format!("failed {} times, at last: {failed}", attempt.number));
    }
    Verdict::Retry(attempt.backoff(), Some(failed))
}

/// Lets the module tell whoever waits for the job. Until that has been done the job goes on being claimed, for that alone.
async fn tell(handler: &Handler, job: TenantJob, payload: serde_json::Value, reason: String) -> Verdict {
    let attempt = job.attempt;
    let Some(telling) = handler.telling() else { return Verdict::Exhausted(reason) };
    let failed = match telling(job, payload) {
        Err(error) => error.to_string(),
        Ok(telling) => match tokio::time::timeout(TELL, AssertUnwindSafe(telling).catch_unwind()).await {
            Ok(Ok(Ok(()))) => return Verdict::Exhausted(reason),
            Ok(Ok(Err(fault))) => fault.to_string(),
            Ok(Err(panic)) => format!("panic: {}", message_of(&*panic)),
            Err(_) => format!("it took longer than {} s", TELL.as_secs()),
        },
    };
    tracing::error!(reason, failed, "Nobody could be told that a job ran out of attempts.");
    if attempt.number >= attempt.max.saturating_add(TELLINGS) {
        return Verdict::Exhausted(reason);
    }
    let failed = u32::try_from(attempt.number.saturating_sub(attempt.max)).unwrap_or_default().min(5);
    Verdict::Retry((TELL_AGAIN * 2_u32.pow(failed)).min(TELL_SELDOM), Some(reason))
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
