//! What lists of tarefas are narrowed by, and reading them.

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::{EmpresaId, lista::escape};
use kernel::{Actor, PageRequest, Refusal, fold};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Reach, Sobre, Tarefa, TarefaId, VER, sql};

/// Which tarefas. What is empty does not narrow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filtro {
    pub busca: String,
    /// Those that are done, or those that are not.
    pub concluidas: Option<bool>,
    /// Those that are due before this day.
    pub before: Option<NaiveDate>,
    pub responsaveis: Vec<Uuid>,
    /// Those on it and on its records.
    pub empresa: Option<EmpresaId>,
    /// Those on this record alone.
    pub sobre: Option<Sobre>,
}

impl Filtro {
    pub(super) fn pattern(&self) -> Option<String> {
        let busca = fold(&self.busca);
        (!busca.trim().is_empty()).then(|| format!("%{}%", escape(busca.trim())))
    }

    pub(super) fn people(&self) -> Option<&[Uuid]> {
        if self.responsaveis.is_empty() { None } else { Some(&self.responsaveis) }
    }
}

/// A page of the tarefas that the actor may see, and how many there are in all.
pub async fn list(tx: &mut TenantTx, actor: &Actor, filtro: &Filtro, page: PageRequest) -> Result<(Vec<Tarefa>, i64), Refusal> {
    let reach = Reach::of(actor, &VER)?;
    tx.plan_for_values().await?;
    let total = sql::count(tx, reach, filtro).await?;
    let rows = if total > page.offset() { sql::page(tx, reach, filtro, page).await? } else { Vec::new() };
    Ok((rows, total))
}

/// Where the next part of a JSON list begins.
pub type After = (DateTime<Utc>, Uuid);

/// At most `limit` tarefas after `after`, the latest first, and how many there are in all.
pub async fn list_after(
    tx: &mut TenantTx,
    actor: &Actor,
    filtro: &Filtro,
    after: Option<&After>,
    limit: i64,
) -> Result<(Vec<Tarefa>, i64), Refusal> {
    let reach = Reach::of(actor, &VER)?;
    tx.plan_for_values().await?;
    Ok((sql::after(tx, reach, filtro, after, limit).await?, sql::count(tx, reach, filtro).await?))
}

/// One that the actor may see.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: TarefaId) -> Result<Option<Tarefa>, Refusal> {
    Ok(sql::find(tx, id, Reach::of(actor, &VER)?).await?)
}

/// What somebody has to do, by when it is due.
pub async fn open_of(tx: &mut TenantTx, actor: &Actor, responsavel: Uuid, limit: i64) -> Result<Vec<Tarefa>, Refusal> {
    Ok(sql::open_of(tx, Reach::of(actor, &VER)?, responsavel, limit).await?)
}

/// Of a record, the open ones first.
pub async fn about(tx: &mut TenantTx, actor: &Actor, sobre: Sobre, limit: i64) -> Result<Vec<Tarefa>, Refusal> {
    Ok(sql::about(tx, Reach::of(actor, &VER)?, sobre, limit).await?)
}
