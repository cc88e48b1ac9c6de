//! What nobody needs any more, once a night for each unidade: documentos whose time in the lixeira is over, contents that no
//! documento took, contents without a row, halves that a killed process left. Each step can be repeated.

use std::{collections::HashSet, time::Duration};

use chrono::TimeDelta;
use files::{ArquivoId, Files};
use futures::TryStreamExt;
use jobs::{Handler, Outcome, Payload, Schedule, TenantJob};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tenancy::{Change, Entry};
use uuid::Uuid;

use crate::{arquivo, documento};

#[derive(Debug, Serialize, Deserialize)]
struct Sweep {}

impl Payload for Sweep {
    const NAME: &'static str = "documentos.sweep";
}

/// How long a content may wait for its documento. The slowest upload is over in minutes.
const UNCLAIMED: TimeDelta = TimeDelta::days(1);
/// How long a content without a row stays: whoever restored a backup of the wrong day can still bring its row back.
const UNKNOWN: TimeDelta = TimeDelta::days(7);
const HALF: Duration = Duration::from_secs(24 * 3600);
const BATCH: i64 = 200;

/// The jobs of this crate, for workers.
#[must_use]
pub fn handlers(files: &Files) -> Vec<Handler> {
    let files = files.clone();
    vec![Handler::tenant(move |job, _: Sweep| sweep(files.clone(), job)).within(Duration::from_secs(3600))]
}

/// # Errors
/// None but a defect: an expression of our own that cannot be read.
pub fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::each_unidade("documentos.sweep", "40 3 * * *", &Sweep {})?])
}

async fn sweep(files: Files, job: TenantJob) -> Result<Outcome, Fault> {
    let over = purge(&job).await?;
    let unclaimed = unclaimed(&files, &job).await?;
    let unknown = unknown(&files, &job).await?;
    let halves = files.of(job.unidade.id).sweep_partial(HALF).await?;
    tracing::info!(over, unclaimed, unknown, halves, "swept the documentos");
    Ok(Outcome::Done)
}

async fn purge(job: &TenantJob) -> Result<usize, Fault> {
    let before = job.now() - documento::LIXEIRA;
    let mut removed = 0;
    loop {
        let over = job
            .write(async |tx| {
                let over = documento::sql::purge(tx, before, BATCH).await?;
                for one in &over {
                    let fields = serde_json::json!({ "nome": one.nome, "entity": one.entity, "entity_id": one.entity_id });
                    let change = Change { before: Some(fields), after: None };
                    let entry = Entry { action: "documento.removido", entity: "documento", entity_id: Some(one.id), change };
                    tx.audit(&job.actor, entry).await?;
                }
                Ok::<_, Fault>(over.len())
            })
            .await?;
        removed += over;
        if over == 0 {
            return Ok(removed);
        }
    }
}

/// The content goes first: a row without one is found again, a content without a row only by reading the whole store.
async fn unclaimed(files: &Files, job: &TenantJob) -> Result<usize, Fault> {
    let (shelf, before) = (files.of(job.unidade.id), job.now() - UNCLAIMED);
    let mut removed = 0;
    loop {
        let ids = job.read(async |tx| arquivo::sql::unclaimed(tx, before, BATCH).await).await?;
        if ids.is_empty() {
            return Ok(removed);
        }
        for id in &ids {
            shelf.remove(ArquivoId::new(*id)).await?;
        }
        removed += ids.len();
        job.write(async |tx| arquivo::sql::forget(tx, &ids).await).await?;
    }
}

/// Rows are committed before their contents are put: what has none now never had one, or lost it.
async fn unknown(files: &Files, job: &TenantJob) -> Result<usize, Fault> {
    let shelf = files.of(job.unidade.id);
    let listed = shelf.list(job.now() - UNKNOWN)?.map_ok(ArquivoId::uuid).try_ready_chunks(500);
    let mut listed = std::pin::pin!(listed);
    let mut removed = 0;
    loop {
        let ids: Vec<Uuid> = match listed.try_next().await {
            Ok(Some(ids)) => ids,
            Ok(None) => return Ok(removed),
            Err(error) => return Err(error.1),
        };
        let known: HashSet<Uuid> = job.read(async |tx| arquivo::sql::known(tx, &ids).await).await?.into_iter().collect();
        for id in ids.into_iter().filter(|id| !known.contains(id)) {
            shelf.remove(ArquivoId::new(id)).await?;
            removed += 1;
        }
    }
}
