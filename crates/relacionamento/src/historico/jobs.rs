//! Forgetting files of which nobody made anything.

use jobs::{Handler, Outcome, Payload, Schedule, TenantJob};
use kernel::Fault;
use serde::{Deserialize, Serialize};

use super::sql;

#[derive(Debug, Serialize, Deserialize)]
struct Forget {}

impl Payload for Forget {
    const NAME: &'static str = "relacionamento.historico.forget";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(forget)]
}

pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::each_unidade("relacionamento.historico.forget", "41 3 * * *", &Forget {})?])
}

async fn forget(job: TenantJob, _: Forget) -> Result<Outcome, Fault> {
    job.write(async |tx| {
        let files = sql::forget(tx).await?;
        tracing::info!(files, "old spreadsheets of the past are gone");
        Ok(Outcome::Done)
    })
    .await
}
