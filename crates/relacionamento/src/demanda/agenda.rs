//! Prazos of demandas in the calendar: moved, one has another prazo.

use std::collections::HashSet;

use kernel::{Actor, Fault};
use tenancy::TenantTx;
use web::agenda::{Asked, Event, Layer, Moved, Standing, When};

use super::{
    ALTERAR, Dados, DemandaError, DemandaId, ENTITY, Reach, Situacao, VER, alterar::alterar, lista, pages::DemandaShow,
    sql::agenda,
};

pub(crate) const LAYER: Layer = Layer {
    name: ENTITY,
    label: "demandas-prazos",
    icon: "inbox",
    permission: VER,
    situacoes: &[
        standing(Situacao::Nova, true),
        standing(Situacao::EmAndamento, true),
        standing(Situacao::Concluida, false),
        standing(Situacao::Cancelada, false),
    ],
    events: |tx, actor, asked| Box::pin(events(tx, actor, asked)),
    shift: Some(|tx, actor, moved| Box::pin(shift(tx, actor, moved))),
    plan: None,
};

const fn standing(situacao: Situacao, usual: bool) -> Standing {
    Standing { code: situacao.code(), label: situacao.label(), tone: situacao.tone(), usual }
}

async fn events(tx: &mut TenantTx, actor: &Actor, asked: &Asked) -> web::Result<Vec<Event>> {
    tx.plan_for_values().await?;
    let due = agenda::due(tx, Reach::of(actor, &VER)?, asked).await?;
    // Whoever holds both with different reach sees some that they may not change.
    let open = due.iter().filter(|one| Situacao::from_code(&one.situacao).is_some_and(Situacao::is_open));
    let movable = match Reach::of_both(actor, &VER, &ALTERAR) {
        Ok(reach) => agenda::within(tx, &open.map(|one| one.id.uuid()).collect::<Vec<_>>(), reach).await?,
        Err(_) => HashSet::new(),
    };
    let event = |one: agenda::Devida| -> web::Result<Event> {
        let situacao = Situacao::from_code(&one.situacao).ok_or_else(|| Fault::because("a demanda in a state that is none"))?;
        Ok(Event {
            id: one.id.uuid(),
            title: one.titulo,
            sub: one.empresa,
            local: String::new(),
            when: When::Day(one.data_prazo),
            href: DemandaShow { id: one.id }.to_string(),
            responsavel_id: one.responsavel_id,
            responsavel: one.responsavel.unwrap_or_default(),
            situacao: situacao.code(),
            busy: false,
            late: situacao.is_open() && one.data_prazo < asked.today(),
            movable: movable.contains(&one.id.uuid()),
            version: one.version,
            updated_at: one.updated_at,
        })
    };
    due.into_iter().map(event).collect()
}

async fn shift(tx: &mut TenantTx, actor: &Actor, moved: Moved) -> web::Result<i32> {
    let day = moved.when.day()?;
    let id = DemandaId::new(moved.id);
    let demanda = lista::find(tx, actor, id).await?.ok_or(DemandaError::NotFound)?;
    let broken = |_: kernel::Invalid| Fault::because("a demanda whose words are none");
    let dados = Dados {
        titulo: demanda.titulo.parse().map_err(broken)?,
        descricao: demanda.descricao.parse().map_err(broken)?,
        tipo: demanda.tipo_id,
        setor: demanda.setor_id,
        responsavel: demanda.responsavel_id,
        contato: demanda.contato.map(|contato| contato.id.into()),
        valor_estimado: demanda.valor_estimado,
        data_prazo: Some(day),
    };
    // It holds the demanda and compares: what was read here is what was seen, or nothing is written.
    Ok(alterar(tx, actor, id, moved.version, &dados).await?)
}
