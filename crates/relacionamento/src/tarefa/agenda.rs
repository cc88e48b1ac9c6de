//! Prazos of tarefas in the calendar: moved, one has another prazo.

use kernel::{Actor, Fault};
use tenancy::TenantTx;
use web::agenda::{Asked, Event, Layer, Moved, Standing, When};

use super::{
    Dados, Detalhes, ENTITY, GERIR, Reach, Tarefa, TarefaError, TarefaId, Titulo, VER, gravar::alterar, lista, pages::TarefaEdit,
    sql,
};

const CONCLUIDA: &str = "concluida";
const ATRASADA: &str = "atrasada";
const ABERTA: &str = "aberta";

pub(crate) const LAYER: Layer = Layer {
    name: ENTITY,
    label: "tarefas-title",
    icon: "check-lg",
    permission: VER,
    situacoes: &[
        Standing { code: ATRASADA, label: "tarefas-atrasadas", tone: "danger" },
        Standing { code: ABERTA, label: "tarefas-abertas", tone: "info" },
        Standing { code: CONCLUIDA, label: "tarefas-concluidas", tone: "quiet" },
    ],
    events: |tx, actor, asked| Box::pin(events(tx, actor, asked)),
    shift: Some(|tx, actor, moved| Box::pin(shift(tx, actor, moved))),
};

async fn events(tx: &mut TenantTx, actor: &Actor, asked: &Asked) -> web::Result<Vec<Event>> {
    tx.plan_for_values().await?;
    let tarefas = sql::due(tx, Reach::of(actor, &VER)?, asked).await?;
    // Whoever holds both with different reach sees some that they may not change.
    let gerir = Reach::of_both(actor, &VER, &GERIR).ok();
    let movable = match gerir {
        Some(reach) => sql::within(tx, &tarefas.iter().map(|one| one.id.uuid()).collect::<Vec<_>>(), reach).await?,
        None => Vec::new(),
    };
    let event = |one: Tarefa| -> web::Result<Event> {
        let day = one.data_prazo.ok_or_else(|| Fault::because("a tarefa in the calendar without a prazo"))?;
        let situacao = standing(&one, asked);
        Ok(Event {
            id: one.id.uuid(),
            title: one.titulo,
            sub: one.empresa.unwrap_or_default(),
            when: When::Day(day),
            href: TarefaEdit { id: one.id }.to_string(),
            responsavel_id: Some(one.responsavel_id),
            responsavel: one.responsavel,
            situacao,
            movable: situacao != CONCLUIDA && movable.contains(&one.id.uuid()),
            version: one.version,
        })
    };
    tarefas.into_iter().map(event).collect()
}

fn standing(tarefa: &Tarefa, asked: &Asked) -> &'static str {
    match (tarefa.concluida_at, tarefa.data_prazo) {
        (Some(_), _) => CONCLUIDA,
        (None, Some(day)) if day < asked.today() => ATRASADA,
        (None, _) => ABERTA,
    }
}

async fn shift(tx: &mut TenantTx, actor: &Actor, moved: Moved) -> web::Result<i32> {
    let When::Day(day) = moved.when else { return Err(web::Error::status(axum::http::StatusCode::BAD_REQUEST, "body")) };
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
