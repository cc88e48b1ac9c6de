//! Where a demanda stands (S0-5.5): from etapa to etapa, to its end, and back.

use kernel::{Actor, Fault};
use tenancy::{Change, TenantTx};

use super::{
    Demanda, DemandaError, DemandaId, DemandaRule, Motivo, Situacao,
    alterar::{hold, open},
    jobs::{self, Told},
    registrar::{note, written},
    sql,
};
use crate::etapa::{Etapa, EtapaId};

/// Puts an open demanda into another etapa. One that calls it off takes a motivo. Answers the new version; where it stands already
/// nothing happens.
pub async fn mover(
    tx: &mut TenantTx,
    actor: &Actor,
    id: DemandaId,
    seen: i32,
    etapa: EtapaId,
    motivo: Option<&Motivo>,
) -> Result<i32, DemandaError> {
    let before = open(tx, actor, id, seen).await?;
    let etapa = sql::etapa(tx, etapa).await?.ok_or(DemandaRule::Etapa)?;
    if etapa.id == before.etapa_id {
        return Ok(before.version);
    }
    before.open()?;
    put(tx, actor, &before, &etapa, motivo).await
}

/// Puts an open demanda into the etapa that the unidade has for an end.
pub async fn encerrar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: DemandaId,
    seen: i32,
    motivo: Option<&Motivo>,
) -> Result<i32, DemandaError> {
    let before = open(tx, actor, id, seen).await?;
    before.open()?;
    let etapa = sql::padrao(tx, if motivo.is_some() { Situacao::Cancelada } else { Situacao::Concluida }).await?;
    put(tx, actor, &before, &etapa, motivo).await
}

/// What has ended goes on: where it was taken up already as em andamento, else as nova.
pub async fn reabrir(tx: &mut TenantTx, actor: &Actor, id: DemandaId, seen: i32) -> Result<i32, DemandaError> {
    let before = open(tx, actor, id, seen).await?;
    if before.situacao.is_open() {
        return Err(DemandaRule::Situacao(before.situacao).into());
    }
    before.unconverted()?;
    let situacao = if before.iniciada_at.is_some() { Situacao::EmAndamento } else { Situacao::Nova };
    let etapa = sql::padrao(tx, situacao).await?;
    let version = put(tx, actor, &before, &etapa, None).await?;
    let after = written(tx, id).await?;
    jobs::remember(tx, &after).await?;
    Ok(version)
}

/// The first thing that somebody does about a demanda takes it up (S0-5.5b). One that is not nova stays where it is.
pub(crate) async fn take_up(tx: &mut TenantTx, actor: &Actor, id: DemandaId) -> Result<(), Fault> {
    let before = match hold(tx, actor, id).await {
        // Who may not change it does not take it up.
        Err(DemandaError::Denied(_) | DemandaError::NotFound) => return Ok(()),
        held => held.map_err(only_a_fault)?,
    };
    if before.situacao == Situacao::Nova {
        let etapa = sql::padrao(tx, Situacao::EmAndamento).await?;
        put(tx, actor, &before, &etapa, None).await.map_err(only_a_fault)?;
    }
    Ok(())
}

/// No rule keeps a nova demanda from being taken up.
fn only_a_fault(error: DemandaError) -> Fault {
    match error {
        DemandaError::Fault(fault) => fault,
        refused => Fault::new("taking up a demanda", refused),
    }
}

/// The empresa contracts it: it is concluída, and whom it concerns hears of that once.
pub(crate) async fn convert(tx: &mut TenantTx, actor: &Actor, id: DemandaId, seen: i32) -> Result<Demanda, DemandaError> {
    let before = open(tx, actor, id, seen).await?;
    before.unconverted()?;
    if before.situacao == Situacao::Cancelada {
        return Err(DemandaRule::Situacao(before.situacao).into());
    }
    if before.situacao.is_open() {
        let etapa = sql::padrao(tx, Situacao::Concluida).await?;
        sql::stand(tx, id, &etapa, None).await?;
    }
    let after = written(tx, id).await?;
    note(tx, actor, "demanda.convertida", &after, Change::between(&before.facts(), &after.facts())).await?;
    jobs::tell(tx, actor, &after, Told::Convertida).await?;
    Ok(after)
}

async fn put(
    tx: &mut TenantTx,
    actor: &Actor,
    before: &Demanda,
    etapa: &Etapa,
    motivo: Option<&Motivo>,
) -> Result<i32, DemandaError> {
    let motivo = match etapa.situacao {
        Situacao::Cancelada => Some(motivo.ok_or(DemandaRule::Motivo)?.as_str()),
        _ => None,
    };
    sql::stand(tx, before.id, etapa, motivo).await?;
    let after = written(tx, before.id).await?;
    let action = match (before.situacao.is_open(), etapa.situacao) {
        (_, Situacao::Concluida) => "demanda.concluida",
        (_, Situacao::Cancelada) => "demanda.cancelada",
        (false, _) => "demanda.reaberta",
        (true, _) => "demanda.movida",
    };
    note(tx, actor, action, &after, Change::between(&before.facts(), &after.facts())).await?;
    jobs::tell(tx, actor, &after, Told::Movida).await?;
    Ok(after.version)
}
