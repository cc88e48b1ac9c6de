//! Looks for pairs among all empresas: each night, and when somebody asks for it. A small unidade has them at once.

use std::time::Duration;

use chrono::{DateTime, Utc};
use jobs::{Enqueue, Handler, Outcome, Payload, Schedule, TenantJob};
use kernel::{Actor, Fault};
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;

use super::{
    DuplicadaError,
    procurar::{Achado, Ficha, procurar},
    sql,
};
use crate::empresa::{ALTERAR, Reach};

#[derive(Debug, Serialize, Deserialize)]
struct Procurar {}

impl Payload for Procurar {
    const NAME: &'static str = "empresas.duplicadas";
}

/// Beyond this a person does not wait for it.
const AT_ONCE: i64 = 5_000;

/// When it was looked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busca {
    /// Asked for and not finished yet.
    pub due_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Empresas it looked at.
    pub rows: i32,
}

/// The jobs of this folder, for workers.
#[must_use]
pub fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(work).within(Duration::from_secs(900))]
}

/// # Errors
/// None but a defect: an expression of our own that cannot be read.
pub fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::each_unidade(Procurar::NAME, "25 2 * * *", &Procurar {})?])
}

async fn work(job: TenantJob, _: Procurar) -> Result<Outcome, Fault> {
    // Seconds of a processor's work among a hundred thousand: no transaction waits for it.
    let fichas = job.read(async |tx| sql::fichas(tx).await).await?;
    let rows = fichas.len();
    let found = look(fichas).await?;
    job.write(async |tx| keep(tx, rows, &found).await).await?;
    tracing::info!(rows, pairs = found.len(), "looked for empresas that may be one");
    Ok(Outcome::Done)
}

/// Looks now, or has it looked by a worker where there are many empresas.
pub async fn pedir(tx: &mut TenantTx, actor: &Actor) -> Result<(), DuplicadaError> {
    Reach::of(actor, &ALTERAR)?;
    if sql::empresas(tx).await? <= AT_ONCE {
        let fichas = sql::fichas(tx).await?;
        let rows = fichas.len();
        let found = look(fichas).await?;
        keep(tx, rows, &found).await?;
        return Ok(());
    }
    sql::set_due(tx).await?;
    jobs::enqueue(tx, &Procurar {}, Enqueue::keyed(Procurar::NAME)).await?;
    Ok(())
}

pub async fn busca(tx: &mut TenantTx) -> Result<Busca, Fault> {
    sql::busca(tx).await
}

async fn look(fichas: Vec<Ficha>) -> Result<Vec<Achado>, Fault> {
    tokio::task::spawn_blocking(move || procurar(&fichas)).await.map_err(|e| Fault::new("looking for pairs", e))
}

/// Puts what was found in the place of what was found last.
async fn keep(tx: &mut TenantTx, rows: usize, found: &[Achado]) -> Result<(), Fault> {
    // One after the other: two at once would both write.
    sql::lock_busca(tx).await?;
    sql::replace(tx, found).await?;
    sql::set_finished(tx, rows).await
}
