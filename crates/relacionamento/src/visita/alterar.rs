use kernel::Actor;
use tenancy::{Change, TenantTx};

use super::{
    ALTERAR, Horario, Plano, Reach, Situacao, VER, Visita, VisitaError, VisitaId,
    jobs::{self, Told},
    planejar::{note, people},
    sql,
};

/// One that the actor may change, locked, as they saw it.
pub(super) async fn open(tx: &mut TenantTx, actor: &Actor, id: VisitaId, seen: i32) -> Result<Visita, VisitaError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    let visita = sql::lock(tx, id, reach).await?.ok_or(VisitaError::NotFound)?;
    visita.seen_at(seen)?;
    Ok(visita)
}

/// Replaces what is planned, or was. Answers the new version; a change that changes nothing keeps the old one and leaves no trace.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: VisitaId, seen: i32, plano: &Plano) -> Result<i32, VisitaError> {
    let before = open(tx, actor, id, seen).await?;
    let gente = people(tx, before.empresa_id, plano, Some(&before)).await?;
    let after = Visita {
        responsavel_id: Some(gente.responsavel.id),
        responsavel_nome: gente.responsavel.nome,
        horario: plano.horario,
        objetivo: plano.objetivo.to_string(),
        local: plano.local.as_ref().map(ToString::to_string),
        colegas: gente.colegas,
        contatos: gente.contatos,
        ..before.clone()
    };
    keep(tx, actor, &before, &after).await
}

/// Puts a planejada visita to another time.
pub async fn remarcar(tx: &mut TenantTx, actor: &Actor, id: VisitaId, seen: i32, horario: Horario) -> Result<i32, VisitaError> {
    let before = open(tx, actor, id, seen).await?;
    before.in_situacao(&[Situacao::Planejada])?;
    let after = Visita { horario, ..before.clone() };
    keep(tx, actor, &before, &after).await
}

async fn keep(tx: &mut TenantTx, actor: &Actor, before: &Visita, after: &Visita) -> Result<i32, VisitaError> {
    let change = Change::between(&before.facts(), &after.facts());
    if change.is_empty() {
        return Ok(before.version);
    }
    sql::update(tx, after).await?;
    let moved = before.horario != after.horario;
    note(tx, actor, if moved { "visita.remarcada" } else { "visita.alterada" }, after, change).await?;
    if after.situacao == Situacao::Planejada {
        if moved {
            jobs::remember(tx, after).await?;
        }
        let went: Vec<_> = before.who_go().collect();
        jobs::tell(tx, actor, after, &went, if moved { Told::Remarcada } else { Told::Alterada }).await?;
    }
    Ok(before.version + 1)
}
