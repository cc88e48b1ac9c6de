//! Reminders of what the law gives a time for, each once; and forgetting pedidos and consentimentos whose time is over.

use chrono::Days;
use jobs::{Handler, Outcome, Payload, Schedule, TenantJob};
use kernel::Fault;
use messaging::Notice;
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;

use crate::{
    consentimento,
    incidente::{
        self,
        prazo::{Fase, prazo},
    },
    pedido,
};

#[derive(Debug, Serialize, Deserialize)]
struct LembrarPrazos {}

impl Payload for LembrarPrazos {
    const NAME: &'static str = "privacidade.lembrar-prazos";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(remind)]
}

pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::each_unidade("privacidade.lembrar-prazos", "7 * * * *", &LembrarPrazos {})?])
}

async fn remind(job: TenantJob, _: LembrarPrazos) -> Result<Outcome, Fault> {
    job.write(async |tx: &mut TenantTx| {
        incidentes(tx).await?;
        pedidos(tx).await?;
        let (unconfirmed, old) = pedido::sql::forget(tx).await?;
        if unconfirmed + old > 0 {
            tracing::info!(unconfirmed, old, "pedidos of titulares were forgotten");
        }
        let (old, letters) = consentimento::sql::forget(tx).await?;
        if old + letters > 0 {
            tracing::info!(old, letters, "consentimentos that were taken back long ago were forgotten");
        }
        Ok(Outcome::Done)
    })
    .await
}

/// At half of the time, on the last day, and when it is over: the latest of these that was not told.
async fn incidentes(tx: &mut TenantTx) -> Result<(), Fault> {
    let (now, zone) = (tx.clock().now(), tx.unidade().fuso);
    for one in incidente::sql::running(tx).await? {
        let fase = prazo(one.conhecido_at, zone).fase(now);
        if !one.is_pending() || fase.code() <= one.lembrete {
            continue;
        }
        let key = match fase {
            Fase::Early => continue,
            Fase::Half => "incidente-notice-metade",
            Fase::LastDay => "incidente-notice-ultimo-dia",
            Fase::Over => "incidente-notice-venceu",
        };
        let href = incidente::pages::IncidentePath { incidente: one.id }.to_string();
        for who in acesso::perfil::holders(tx, &incidente::GERIR).await? {
            messaging::notify(
                tx,
                who,
                &Notice { kind: &incidente::NOTICE, key, args: &[("protocolo", &one.protocolo)], href: &href },
            )
            .await?;
        }
        incidente::sql::reminded(tx, one.id, fase.code()).await?;
    }
    Ok(())
}

/// Some days before, and when it is over.
async fn pedidos(tx: &mut TenantTx) -> Result<(), Fault> {
    let today = tx.clock().now().with_timezone(&tx.unidade().fuso).date_naive();
    let soon = today.checked_add_days(Days::new(pedido::SOON)).unwrap_or(today);
    for one in pedido::sql::due(tx, today, soon).await? {
        let over = one.data_limite.is_some_and(|until| until < today);
        let (key, lembrete) = if over { ("pedido-notice-venceu", 2) } else { ("pedido-notice-prazo", 1) };
        pedido::tell(tx, key, &one).await?;
        pedido::sql::reminded(tx, one.id, lembrete).await?;
    }
    Ok(())
}
