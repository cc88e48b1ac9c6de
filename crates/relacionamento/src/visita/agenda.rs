//! Visitas in the calendar: a planejada one is moved as it is put to another time on its own page.

use std::collections::HashSet;

use kernel::{Actor, Fault};
use tenancy::TenantTx;
use uuid::Uuid;
use web::agenda::{Asked, Event, Layer, Moved, Standing, When};

use super::{
    ALTERAR, ENTITY, Horario, REGISTRAR, Reach, Situacao, VER, VisitaError, VisitaId, alterar::remarcar, pages::VisitaShow,
    sql::agenda,
};

pub(crate) const LAYER: Layer = Layer {
    name: ENTITY,
    label: "visitas-title",
    icon: "geo-alt",
    permission: VER,
    situacoes: &[standing(Situacao::Planejada, true), standing(Situacao::Realizada, true), standing(Situacao::Cancelada, false)],
    events: |tx, actor, asked| Box::pin(events(tx, actor, asked)),
    shift: Some(|tx, actor, moved| Box::pin(shift(tx, actor, moved))),
    plan: Some(("/visitas/nova", REGISTRAR)),
};

const fn standing(situacao: Situacao, usual: bool) -> Standing {
    Standing { code: situacao.code(), label: situacao.label(), tone: situacao.tone(), usual }
}

async fn events(tx: &mut TenantTx, actor: &Actor, asked: &Asked) -> web::Result<Vec<Event>> {
    tx.plan_for_values().await?;
    let marcadas = agenda::marcadas(tx, Reach::of(actor, &VER)?, asked).await?;
    let movable = movable(tx, actor, &marcadas).await?;
    let event = |one: agenda::Marcada| -> web::Result<Event> {
        let situacao = Situacao::from_code(&one.situacao).ok_or_else(|| Fault::because("a visita in a state that is none"))?;
        Ok(Event {
            id: one.id.uuid(),
            title: one.empresa,
            sub: one.objetivo.lines().next().unwrap_or_default().chars().take(160).collect(),
            local: one.local,
            when: When::Hours { begin: one.inicio_at, end: one.fim_at },
            href: VisitaShow { id: one.id }.to_string(),
            responsavel_id: one.responsavel_id,
            responsavel: one.responsavel,
            situacao: situacao.code(),
            busy: situacao != Situacao::Cancelada,
            late: situacao == Situacao::Planejada && one.fim_at < asked.now,
            movable: movable.contains(&one.id.uuid()),
            version: one.version,
            updated_at: one.updated_at,
        })
    };
    marcadas.into_iter().map(event).collect()
}

/// Those that the actor may put to another time.
async fn movable(tx: &mut TenantTx, actor: &Actor, all: &[agenda::Marcada]) -> Result<HashSet<Uuid>, Fault> {
    let Ok(reach) = Reach::of_both(actor, &VER, &ALTERAR) else { return Ok(HashSet::new()) };
    let open = all.iter().filter(|one| one.situacao == Situacao::Planejada.code());
    agenda::within(tx, &open.map(|one| one.id.uuid()).collect::<Vec<_>>(), reach).await
}

async fn shift(tx: &mut TenantTx, actor: &Actor, moved: Moved) -> web::Result<i32> {
    // A visita has hours: one that is dropped on a day alone says none.
    let When::Hours { begin, end } = moved.when else { return Err(VisitaError::from(super::VisitaRule::Horario).into()) };
    let horario = Horario::new(begin, end).map_err(VisitaError::from)?;
    Ok(remarcar(tx, actor, VisitaId::new(moved.id), moved.version, horario).await?)
}
