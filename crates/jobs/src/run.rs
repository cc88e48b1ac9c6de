//! One try of one claimed job: finds the handler, opens the unidade, runs, and books the outcome.

use std::{collections::HashMap, panic::AssertUnwindSafe, time::Instant};

use futures::FutureExt;
use kernel::{Actor, Fault};
use tenancy::{Placement, Platform, Registry, Tenants, UnidadeId};
use tracing::Instrument;

use crate::{
    Handler, Outcome, PlatformJob, TenantJob,
    handler::Run,
    sql::{self, Claimed},
};

/// The ways to the database that the jobs of a process share.
#[derive(Clone)]
pub struct Gates {
    pub tenants: Tenants,
    pub platform: Platform,
    pub registry: Registry,
}

/// What becomes of a claimed job.
#[derive(Debug)]
enum Verdict {
    Done,
    Retry(std::time::Duration, Option<String>),
    Dead(String),
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
        Verdict::Dead(reason) => (sql::bury(&mut tx, attempt, reason).await?, "dead"),
        Verdict::Rest => (sql::again(&mut tx, attempt, run_at, None, false).await?, "rest"),
    };
    tx.commit().await?;
    let outcome = if ours { outcome } else { "lost" };
    metrics::counter!("jobs_total", "name" => name, "outcome" => outcome).increment(1);
    metrics::histogram!("job_duration_seconds", "name" => name).record(started.elapsed().as_secs_f64());
    match (&verdict, ours) {
        (_, false) => tracing::warn!("The job was given to another worker while it ran here; its outcome was not booked."),
        (Verdict::Dead(reason), true) => tracing::error!(reason, "The job will not run again; it is kept among the dead jobs."),
        (Verdict::Retry(after, reason), true) => {
            tracing::warn!(reason, after_seconds = after.as_secs_f64(), "The job will be tried again.");
        }
        (Verdict::Done | Verdict::Rest, true) => tracing::debug!(outcome, "The job ended."),
    }
    Ok(if matches!(verdict, Verdict::Rest) { unidade_id } else { None })
}

async fn judge(gates: &Gates, handler: &Handler, placement: &Placement, job: Claimed) -> Verdict {
    let attempt = job.attempt;
    let started = match (handler.run(), job.unidade_id) {
        (Run::Tenant(start), Some(id)) => match gates.registry.by_id(id).await {
            // Gone for good: the register shows no deleted unidades.
            Ok(None) => return Verdict::Dead("the unidade is deleted".to_owned()),
            Ok(Some(unidade)) if !unidade.status.is_served() || unidade.placement != *placement => return Verdict::Rest,
            Ok(Some(unidade)) => {
                let tenants = gates.tenants.clone();
                start(TenantJob { tenants, unidade, actor: Actor::sistema(), attempt }, job.payload)
            }
            Err(fault) => return Verdict::Retry(attempt.backoff(), Some(fault.to_string())),
        },
        (Run::Platform(start), None) => start(
            PlatformJob {
                platform: gates.platform.clone(),
                registry: gates.registry.clone(),
                tenants: gates.tenants.clone(),
                placement: placement.clone(),
                actor: Actor::sistema(),
                attempt,
            },
            job.payload,
        ),
        // A unidade asked for a job of the platform, or the platform for one of a unidade.
        (Run::Tenant(_), None) | (Run::Platform(_), Some(_)) => {
            return Verdict::Dead("this job is not for this asker".to_owned());
        }
    };
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
        return Verdict::Dead(format!("failed {} times, at last: {failed}", attempt.number));
    }
    Verdict::Retry(attempt.backoff(), Some(failed))
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
