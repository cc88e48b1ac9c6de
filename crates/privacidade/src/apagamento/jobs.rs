//! What follows an erasure: the register hears of it, and rows of the trail that tell of the person go when their time is over.

use std::{sync::Arc, time::Duration};

use ::jobs::{Enqueue, Handler, Outcome, Payload, PlatformJob, Schedule, TenantJob, enqueue};
use acesso::auditoria::GUARDA;
use chrono::{Months, TimeDelta};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tenancy::{
    Platform, Status, TenantTx, Unidade, note_erased,
    trail::{Over, cut_trail},
};
use uuid::Uuid;

use super::sql;

#[derive(Debug, Serialize, Deserialize)]
struct ContarApagamento {
    apagamento: Uuid,
}

impl Payload for ContarApagamento {
    const NAME: &'static str = "privacidade.contar-apagamento";
}

#[derive(Debug, Serialize, Deserialize)]
struct CortarApagados {}

impl Payload for CortarApagados {
    const NAME: &'static str = "privacidade.cortar-apagados";
}

const LONGEST: Duration = Duration::from_secs(1800);
/// What was to go long ago has gone.
const LATE: TimeDelta = TimeDelta::days(60);

/// Jobs of this crate, for workers.
pub(crate) fn handlers(platform: &Platform) -> Vec<Handler> {
    let platform = platform.clone();
    vec![
        Handler::tenant(move |job, payload: ContarApagamento| tell(platform.clone(), job, payload.apagamento)),
        Handler::platform(cortar).within(LONGEST),
    ]
}

pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::platform("privacidade.cortar-apagados", "50 3 * * *", &CortarApagados {})?])
}

/// Tells the register once `tx` is committed.
pub(super) async fn tell_soon(tx: &mut TenantTx, apagamento: Uuid) -> Result<(), Fault> {
    enqueue(tx, &ContarApagamento { apagamento }, Enqueue::default()).await?;
    Ok(())
}

async fn tell(platform: Platform, job: TenantJob, apagamento: Uuid) -> Result<Outcome, Fault> {
    let erased = job.read(async |tx| sql::erased(tx, apagamento).await).await?;
    note_erased(&platform, job.unidade.id, &erased).await?;
    Ok(Outcome::Done)
}

async fn cortar(job: PlatformJob, _: CortarApagados) -> Result<Outcome, Fault> {
    for unidade in job.registry.all().await?.into_iter().map(Arc::new) {
        if unidade.schema_version == 0 || !matches!(unidade.status, Status::Active | Status::Suspended | Status::Archived) {
            continue;
        }
        match cut(&job, &unidade).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(unidade = %unidade.slug, rows, "rows of the trail that told of erased people are gone"),
            Err(fault) => tracing::error!(unidade = %unidade.slug, %fault, "rows of the trail could not be removed"),
        }
    }
    Ok(Outcome::Done)
}

async fn cut(job: &PlatformJob, unidade: &Arc<Unidade>) -> Result<u64, Fault> {
    let months = job.tenants.read(unidade, async |tx: &mut TenantTx| tx.parametro(&GUARDA).await).await?;
    let months = Months::new(u32::try_from(months).unwrap_or(u32::MAX));
    let Some(before) = job.platform.clock().now().checked_sub_months(months) else { return Ok(0) };
    let linhas = job.tenants.read(unidade, async |tx: &mut TenantTx| sql::linhas(tx, before - LATE).await).await?;
    if linhas.is_empty() {
        return Ok(0);
    }
    Ok(cut_trail(&job.platform, unidade, &job.actor, Over::Rows(&linhas), before).await?.unwrap_or(0))
}
