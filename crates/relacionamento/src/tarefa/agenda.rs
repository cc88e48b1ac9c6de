//! Prazos of tarefas in the calendar: moved, one has another prazo.

use std::collections::HashSet;

use kernel::{Actor, Fault};
use tenancy::TenantTx;
use web::agenda::{Asked, Event, Layer, Moved, Standing, When};

use super::{
    Dados, Detalhes, ENTITY, GERIR, Reach, Tarefa, TarefaError, TarefaId, Titulo, VER, gravar::alterar, lista, pages::TarefaEdit,
    sql,
};

const CONCLUIDA: &str = "concluida";
const ABERTA: &str = "aberta";

pub(crate) const LAYER: Layer = Layer {
    name: ENTITY,
    label: "tarefas-title",
    icon: "check-lg",
    permission: VER,
    situacoes: &[
        Standing { code: ABERTA, label: "tarefas-abertas", tone: "info", usual: true },
        Standing { code: CONCLUIDA, label: "tarefas-concluidas", tone: "quiet", usual: false },
    ],
    events: |tx, actor, asked| Box::pin(events(tx, actor, asked)),
    shift: Some(|tx, actor, moved| Box::pin(shift(tx, actor, moved))),
    plan: None,
};

async fn events(tx: &mut TenantTx, actor: &Actor, asked: &Asked) -> web::Result<Vec<Event>> {
    tx.plan_for_values().await?;
    let tarefas = sql::due(tx, Reach::of(actor, &VER)?, asked).await?;
    // Whoever holds both with different reach sees some that they may not change.
    let gerir = Reach::of_both(actor, &VER, &GERIR).ok();
    let movable = match gerir {
        Some(reach) => sql::within(tx, &tarefas.iter().map(|one| one.id.uuid()).collect::<Vec<_>>(), reach).await?,
        None => HashSet::new(),
    };
    let event = |one: Tarefa| -> web::Result<Event> {
        let day = one.data_prazo.ok_or_else(|| Fault::because("a tarefa in the calendar without a prazo"))?;
        let situacao = if one.concluida_at.is_some() { CONCLUIDA } else { ABERTA };
        Ok(Event {
            id: one.id.uuid(),
            title: one.titulo,
            sub: one.empresa.unwrap_or_default(),
            local: String::new(),
            when: When::Day(day),
            href: TarefaEdit { id: one.id }.to_string(),
            responsavel_id: Some(one.responsavel_id),
            responsavel: one.responsavel,
            situacao,
            busy: false,
            late: situacao == ABERTA && day < asked.today(),
            movable: situacao != CONCLUIDA && movable.contains(&one.id.uuid()),
            version: one.version,
            updated_at: one.updated_at,
        })
    };
    tarefas.into_iter().map(event).collect()
}

async fn shift(tx: &mut TenantTx, actor: &Actor, moved: Moved) -> web::Result<i32> {
    let day = moved.when.day()?;
    let id = TarefaId::new(moved.id);
    let tarefa = lista::find(tx, actor, id).await?.ok_or(TarefaError::NotFound)?;
    let broken = |_: kernel::Invalid| Fault::because("a tarefa whose words are none");
    let dados = Dados {
        titulo: tarefa.titulo.parse::<Titulo>().map_err(broken)?,
        detalhes: tarefa.detalhes.map(|text| text.parse::<Detalhes>()).transpose().map_err(broken)?,
        responsavel: tarefa.responsavel_id,
        data_prazo: Some(day),
    };
    // It holds the tarefa and compares: what was read here is what was seen, or nothing is written.
    Ok(alterar(tx, actor, id, moved.version, &dados).await?)
}
