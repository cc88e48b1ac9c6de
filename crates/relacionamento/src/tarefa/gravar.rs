use empresas::empresa::{self, EmpresaId};
use kernel::{Actor, Fault};
use tenancy::{Change, Entry, TenantTx};
use web::lixeira::Trashed;

use super::{
    Dados, ENTITY, GERIR, Reach, Sobre, Tarefa, TarefaError, TarefaId, TarefaRule, Titulo, VER, jobs,
    sql::{self, Stored},
};
use crate::{
    demanda::{self, DemandaId, mover::take_up},
    projeto::{self, ProjetoId},
    visita::{self, Visita, VisitaId},
};

/// Writes down what somebody is to do, on a record that the actor sees or by itself, and tells them.
pub async fn criar(tx: &mut TenantTx, actor: &Actor, sobre: Option<Sobre>, dados: &Dados) -> Result<TarefaId, TarefaError> {
    actor.require(&GERIR)?;
    let empresa = match sobre {
        None => None,
        Some(sobre) => Some(empresa_of(tx, actor, sobre).await?),
    };
    let id = insert(tx, actor, sobre, empresa, dados).await?;
    if let Some(Sobre { entity: demanda::ENTITY, id: demanda }) = sobre {
        // Something is done about it.
        take_up(tx, actor, DemandaId::new(demanda)).await?;
    }
    Ok(id)
}

async fn insert(
    tx: &mut TenantTx,
    actor: &Actor,
    sobre: Option<Sobre>,
    empresa: Option<EmpresaId>,
    dados: &Dados,
) -> Result<TarefaId, TarefaError> {
    responsavel(tx, dados, None).await?;
    let id = TarefaId::new(tx.clock().uuid());
    sql::insert(tx, id, &Stored { dados, sobre, empresa, actor }).await?;
    let tarefa = written(tx, id).await?;
    note(tx, actor, "tarefa.criada", &tarefa, Change::created(&tarefa.facts())).await?;
    jobs::assigned(tx, actor, &tarefa).await?;
    jobs::remember(tx, &tarefa).await?;
    Ok(id)
}

/// Each line of a visita's próximos passos as a tarefa of its responsável (S0-4.6). Answers how many.
pub async fn criar_dos_passos(
    tx: &mut TenantTx,
    actor: &Actor,
    visita: &Visita,
    passos: &str,
    data_prazo: Option<chrono::NaiveDate>,
) -> Result<usize, TarefaError> {
    actor.require(&GERIR)?;
    // Whose the visita is, unless they are here no more.
    let active = visita::sql::active(tx, visita.responsavel_id.as_slice()).await?.pop().map(|pessoa| pessoa.id);
    let responsavel = active.or(actor.usuario()).ok_or(TarefaRule::Responsavel)?;
    let sobre = Sobre { entity: visita::ENTITY, id: visita.id.uuid() };
    let lines =
        passos.lines().map(|line| line.trim_start_matches(['-', '*', '•', ' ', '\t']).trim()).filter(|line| !line.is_empty());
    let mut made = 0;
    for line in lines.take(PASSOS) {
        let cut: String = line.chars().take(200).collect();
        let Ok(titulo) = cut.parse::<Titulo>() else { continue };
        // What does not fit in a line stands below it in full.
        let detalhes = if cut.len() < line.len() { line.parse().ok() } else { None };
        insert(tx, actor, Some(sobre), Some(visita.empresa_id), &Dados { titulo, detalhes, responsavel, data_prazo }).await?;
        made += 1;
    }
    Ok(made)
}

/// More steps than anybody takes after one visita.
const PASSOS: usize = 50;

/// The empresa of a record that the actor sees.
async fn empresa_of(tx: &mut TenantTx, actor: &Actor, sobre: Sobre) -> Result<EmpresaId, TarefaError> {
    let found = match sobre.entity {
        visita::ENTITY => visita::lista::find(tx, actor, VisitaId::new(sobre.id)).await.map(|one| one.map(|one| one.empresa_id)),
        demanda::ENTITY => {
            demanda::lista::find(tx, actor, DemandaId::new(sobre.id)).await.map(|one| one.map(|one| one.empresa_id))
        }
        projeto::ENTITY => {
            projeto::lista::find(tx, actor, ProjetoId::new(sobre.id)).await.map(|one| one.map(|one| one.empresa_id))
        }
        _ => {
            let id = EmpresaId::new(sobre.id);
            let reach = Reach::of(actor, &empresa::VER)?;
            // Held: what is hung on it now is on it when it is merged.
            return if empresa::hold(tx, id, reach).await? { Ok(id) } else { Err(TarefaError::NotFound) };
        }
    };
    found.map_err(|error| error.map_rule(|no| match no {}))?.ok_or(TarefaError::NotFound)
}

/// Whoever is to do it is active, or was asked before.
async fn responsavel(tx: &mut TenantTx, dados: &Dados, before: Option<&Tarefa>) -> Result<(), TarefaError> {
    let stays = before.is_some_and(|before| before.responsavel_id == dados.responsavel);
    if stays || !visita::sql::active(tx, &[dados.responsavel]).await?.is_empty() {
        Ok(())
    } else {
        Err(TarefaRule::Responsavel.into())
    }
}

/// One that the actor may change, locked.
async fn open(tx: &mut TenantTx, actor: &Actor, id: TarefaId) -> Result<Tarefa, TarefaError> {
    let reach = Reach::of_both(actor, &VER, &GERIR)?;
    sql::lock(tx, id, reach).await?.ok_or(TarefaError::NotFound)
}

/// Holds a tarefa to the version that the actor saw: nobody else changes it before this transaction ends.
pub(super) async fn hold(tx: &mut TenantTx, actor: &Actor, id: TarefaId, seen: i32) -> Result<Tarefa, TarefaError> {
    let before = open(tx, actor, id).await?;
    if before.version != seen {
        return Err(TarefaRule::Changed { current: before.version }.into());
    }
    Ok(before)
}

/// Replaces what is to be done, if it is still the version that the actor saw.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: TarefaId, seen: i32, dados: &Dados) -> Result<i32, TarefaError> {
    let before = hold(tx, actor, id, seen).await?;
    responsavel(tx, dados, Some(&before)).await?;
    sql::update(tx, id, dados).await?;
    let after = written(tx, id).await?;
    note(tx, actor, "tarefa.alterada", &after, Change::between(&before.facts(), &after.facts())).await?;
    if after.responsavel_id != before.responsavel_id {
        jobs::assigned(tx, actor, &after).await?;
    }
    if after.data_prazo != before.data_prazo {
        jobs::remember(tx, &after).await?;
    }
    Ok(after.version)
}

/// It is done, or not after all. Said twice, the first stays.
pub async fn concluir(tx: &mut TenantTx, actor: &Actor, id: TarefaId, feita: bool) -> Result<Tarefa, TarefaError> {
    let before = open(tx, actor, id).await?;
    if before.concluida_at.is_some() == feita {
        return Ok(before);
    }
    sql::finish(tx, id, feita).await?;
    let after = written(tx, id).await?;
    let action = if feita { "tarefa.concluida" } else { "tarefa.reaberta" };
    note(tx, actor, action, &after, Change::between(&before.facts(), &after.facts())).await?;
    if feita {
        jobs::finished(tx, actor, &after).await?;
    } else {
        jobs::remember(tx, &after).await?;
    }
    Ok(after)
}

/// Puts a tarefa into the lixeira. Already there, it is not found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: TarefaId) -> Result<(), TarefaError> {
    let tarefa = open(tx, actor, id).await?;
    sql::trash(tx, id).await?;
    Ok(note(tx, actor, "tarefa.excluida", &tarefa, Change::removed(&tarefa.facts())).await?)
}

/// Takes a tarefa out of the lixeira.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, id: TarefaId) -> Result<(), TarefaError> {
    let reach = Reach::of_both(actor, &VER, &GERIR)?;
    let tarefa = sql::lock_trashed(tx, id, reach).await?.ok_or(TarefaError::NotFound)?;
    sql::restore(tx, id).await?;
    Ok(note(tx, actor, "tarefa.restaurada", &tarefa, Change::created(&tarefa.facts())).await?)
}

/// See [`web::lixeira::Trash::list`].
pub(crate) async fn trashed(tx: &mut TenantTx, actor: &Actor, limit: i64) -> Result<Trashed, Fault> {
    let Ok(reach) = Reach::of_both(actor, &VER, &GERIR) else { return Ok(Trashed::default()) };
    let (items, total) = sql::trashed(tx, reach, limit).await?;
    Ok(Trashed { items, total })
}

/// As it stands after this transaction wrote it.
pub(super) async fn written(tx: &mut TenantTx, id: TarefaId) -> Result<Tarefa, Fault> {
    sql::find(tx, id, Reach::all()).await?.ok_or_else(|| Fault::because("a tarefa that was written is not there"))
}

async fn note(tx: &mut TenantTx, actor: &Actor, action: &'static str, tarefa: &Tarefa, change: Change) -> Result<(), Fault> {
    if change.is_empty() {
        return Ok(());
    }
    tx.audit(actor, Entry { action, entity: ENTITY, entity_id: Some(tarefa.id.uuid()), change }).await
}
