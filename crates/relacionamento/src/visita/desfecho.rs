//! How a visita ends (S0-4.7), and how an end is taken back.

use kernel::Actor;
use tenancy::{Change, TenantTx};

use super::{
    Motivo, Relato, Situacao, Visita, VisitaError, VisitaId, VisitaRule,
    alterar::open,
    jobs::{self, Told},
    planejar::note,
    sql,
};

/// It took place: notes what came of it, or mends what was noted.
pub async fn realizar(tx: &mut TenantTx, actor: &Actor, id: VisitaId, seen: i32, relato: &Relato) -> Result<i32, VisitaError> {
    let before = open(tx, actor, id, seen).await?;
    before.in_situacao(&[Situacao::Planejada, Situacao::Realizada])?;
    if !before.has_begun(tx.clock().now()) {
        return Err(VisitaRule::Futura.into());
    }
    let after = Visita {
        situacao: Situacao::Realizada,
        resumo: Some(relato.resumo.to_string()),
        proximos_passos: relato.proximos_passos.as_ref().map(ToString::to_string),
        ..before.clone()
    };
    let mended = before.situacao == Situacao::Realizada;
    keep(tx, actor, &before, &after, if mended { "visita.relatada" } else { "visita.realizada" }, None).await
}

/// It does not take place, and why.
pub async fn cancelar(tx: &mut TenantTx, actor: &Actor, id: VisitaId, seen: i32, motivo: &Motivo) -> Result<i32, VisitaError> {
    let before = open(tx, actor, id, seen).await?;
    before.in_situacao(&[Situacao::Planejada])?;
    let after = Visita { situacao: Situacao::Cancelada, motivo: Some(motivo.to_string()), ..before.clone() };
    keep(tx, actor, &before, &after, "visita.cancelada", Some(Told::Cancelada)).await
}

/// It is planned again: what was told of it stays for when it has taken place.
pub async fn reabrir(tx: &mut TenantTx, actor: &Actor, id: VisitaId, seen: i32) -> Result<i32, VisitaError> {
    let before = open(tx, actor, id, seen).await?;
    before.in_situacao(&[Situacao::Realizada, Situacao::Cancelada])?;
    let after = Visita { situacao: Situacao::Planejada, motivo: None, ..before.clone() };
    let version = keep(tx, actor, &before, &after, "visita.reaberta", Some(Told::Reaberta)).await?;
    jobs::remember(tx, &after).await?;
    Ok(version)
}

async fn keep(
    tx: &mut TenantTx,
    actor: &Actor,
    before: &Visita,
    after: &Visita,
    action: &'static str,
    told: Option<Told>,
) -> Result<i32, VisitaError> {
    let change = Change::between(&before.facts(), &after.facts());
    if change.is_empty() {
        return Ok(before.version);
    }
    sql::update(tx, after).await?;
    note(tx, actor, action, after, change).await?;
    if let Some(told) = told {
        jobs::tell(tx, actor, after, &[], told).await?;
    }
    Ok(before.version + 1)
}
