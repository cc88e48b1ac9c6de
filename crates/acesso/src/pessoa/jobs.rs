//! The register and the unidades tell each other what is over.

use std::sync::Arc;

use jobs::{Handler, Outcome, Payload, PlatformJob, Schedule};
use kernel::{Actor, Fault};
use serde::{Deserialize, Serialize};
use tenancy::{Status, TenantTx, Unidade, passagem, pessoa};

use super::sql;
use crate::usuario::UsuarioId;

#[derive(Debug, Serialize, Deserialize)]
struct Compare {}

impl Payload for Compare {
    const NAME: &'static str = "acesso.pessoa-compare";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::platform(compare)]
}

pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::platform("acesso.pessoa-compare", "27 3 * * *", &Compare {})?])
}

/// One that fails does not keep the others from theirs; it is tried again the next time.
async fn compare(job: PlatformJob, _: Compare) -> Result<Outcome, Fault> {
    let mut tx = job.platform.begin().await?;
    passagem::forget(&mut tx).await?;
    tx.commit().await?;
    for unidade in job.registry.all().await?.into_iter().filter(|unidade| unidade.status == Status::Active).map(Arc::new) {
        match settle(&job, &unidade).await {
            Ok(0) => {}
            Ok(links) => tracing::info!(unidade = %unidade.slug, links, "links that were over are gone"),
            Err(fault) => tracing::error!(unidade = %unidade.slug, %fault, "links could not be compared"),
        }
    }
    Ok(Outcome::Done)
}

/// What one of the two does not say any more opens nothing already; here it goes from the other. Returns how many.
async fn settle(job: &PlatformJob, unidade: &Arc<Unidade>) -> Result<u64, Fault> {
    let mut register = job.platform.begin().await?;
    // First of all: a link that is being made stands in the unidade before it stands in the register.
    pessoa::lock(&mut register).await?;
    let contas = pessoa::of_unidade(&mut register, unidade.id).await?;
    let known: Vec<_> = contas.iter().map(|conta| conta.id).collect();
    let (cleared, over) = job
        .tenants
        .write(unidade, async |tx: &mut TenantTx| {
            let cleared = sql::clear_but(tx, &known).await?;
            let mut over = Vec::new();
            for conta in &contas {
                if sql::own(tx, UsuarioId::new(conta.usuario)).await? != Some(conta.id) {
                    over.push(conta);
                }
            }
            Ok::<_, Fault>((cleared, over))
        })
        .await?;
    for conta in &over {
        pessoa::desvincular(&mut register, &Actor::sistema(), conta).await?;
    }
    register.commit().await?;
    Ok(cleared + over.len() as u64)
}
