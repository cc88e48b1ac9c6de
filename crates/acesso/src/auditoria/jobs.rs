//! What happens to the trail by the clock: it is sealed, and records of access go when their time is over.

use std::{sync::Arc, time::Duration};

use chrono::Months;
use jobs::{Handler, Outcome, Payload, PlatformJob, Schedule};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tenancy::{
    Status, TenantTx, Unidade,
    trail::{Over, cut_trail, seal_trail},
};

use super::{ACCESS, GUARDA};

/// Long enough for a first seal over years of rows.
const LONGEST: Duration = Duration::from_secs(1800);

#[derive(Debug, Serialize, Deserialize)]
struct Selar {}

impl Payload for Selar {
    const NAME: &'static str = "acesso.selar-auditoria";
}

#[derive(Debug, Serialize, Deserialize)]
struct Cortar {}

impl Payload for Cortar {
    const NAME: &'static str = "acesso.cortar-auditoria";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::platform(selar).within(LONGEST), Handler::platform(cortar).within(LONGEST)]
}

/// Of the platform and not of each unidade: both tell the register, and a unidade's own role cannot remove rows.
pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![
        Schedule::platform("acesso.selar-auditoria", "*/10 * * * *", &Selar {})?,
        Schedule::platform("acesso.cortar-auditoria", "40 3 * * *", &Cortar {})?,
    ])
}

/// Those that nobody is at work on.
async fn settled(job: &PlatformJob) -> Result<Vec<Arc<Unidade>>, Fault> {
    let all = job.registry.all().await?;
    let settled = |unidade: &Unidade| {
        unidade.schema_version > 0 && matches!(unidade.status, Status::Active | Status::Suspended | Status::Archived)
    };
    Ok(all.into_iter().filter(settled).map(Arc::new).collect())
}

/// One that fails does not keep the others from theirs; it is tried again the next time.
async fn selar(job: PlatformJob, _: Selar) -> Result<Outcome, Fault> {
    for unidade in settled(&job).await? {
        if let Err(fault) = seal_trail(&job.platform, &job.tenants, &unidade).await {
            tracing::error!(unidade = %unidade.slug, %fault, "the trail could not be sealed");
        }
    }
    Ok(Outcome::Done)
}

async fn cortar(job: PlatformJob, _: Cortar) -> Result<Outcome, Fault> {
    for unidade in settled(&job).await? {
        match cut(&job, &unidade).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(unidade = %unidade.slug, rows, "records of access whose time was over are gone"),
            Err(fault) => tracing::error!(unidade = %unidade.slug, %fault, "records of access could not be removed"),
        }
    }
    Ok(Outcome::Done)
}

async fn cut(job: &PlatformJob, unidade: &Arc<Unidade>) -> Result<u64, Fault> {
    let months = job.tenants.read(unidade, async |tx: &mut TenantTx| tx.parametro(&GUARDA).await).await?;
    let months = Months::new(u32::try_from(months).unwrap_or(u32::MAX));
    // What lies before the beginning of time stays.
    let Some(before) = job.platform.clock().now().checked_sub_months(months) else { return Ok(0) };
    Ok(cut_trail(&job.platform, unidade, &job.actor, Over::Actions(&ACCESS), before).await?.unwrap_or(0))
}
