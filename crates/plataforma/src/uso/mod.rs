//! What each unidade takes: rows, bytes and people, measured now and then so that the console need not ask every schema.

mod sql;

use jobs::{Handler, Outcome, Payload, PlatformJob};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tenancy::{Mode, PlatformTx, TenantTx, TxLimits, Unidade};

/// Measures all unidades that are served.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MeasureUso {}

impl Payload for MeasureUso {
    const NAME: &'static str = "plataforma.uso";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::platform(|job: PlatformJob, _: MeasureUso| async move {
        for unidade in job.registry.all().await?.into_iter().filter(|u| u.status.is_served()) {
            // One that cannot be measured keeps its old figures; the others go on.
            if let Err(fault) = measure(&job, unidade).await {
                tracing::warn!(%fault, "a unidade could not be measured");
            }
        }
        Ok(Outcome::Done)
    })]
}

/// What one unidade takes.
struct Uso {
    rows: i64,
    bytes: i64,
    usuarios: i64,
}

async fn measure(job: &PlatformJob, unidade: Unidade) -> Result<(), Fault> {
    let unidade = std::sync::Arc::new(unidade);
    let mut tx: TenantTx = job.tenants.begin(&unidade, Mode::Read, TxLimits::JOB).await?;
    let (rows, bytes) = tx.footprint().await?;
    let uso = Uso { rows, bytes, usuarios: acesso::usuario::count(&mut tx).await? };
    tx.commit().await?;
    job.write(async |tx: &mut PlatformTx| sql::upsert(tx, unidade.id, &uso).await).await
}
