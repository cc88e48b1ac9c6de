//! What lists of projetos are narrowed by, and reading them.

use chrono::NaiveDate;
use empresas::empresa::EmpresaId;
use kernel::{Actor, Fault, PageRequest, Permission, Refusal};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{
    Projeto, ProjetoId, Reach, Situacao, VER,
    sql::{self, Narrowed},
};

/// Which projetos. What is empty does not narrow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filtro {
    /// Words of which each must be in the título, the responsável or the empresa.
    pub busca: String,
    pub situacoes: Vec<Situacao>,
    pub responsaveis: Vec<Uuid>,
    pub empresa: Option<EmpresaId>,
}

/// A page of the projetos that the actor may see, the latest beginning first, and how many there are in all.
pub async fn list(tx: &mut TenantTx, actor: &Actor, filtro: &Filtro, page: PageRequest) -> Result<(Vec<Projeto>, i64), Refusal> {
    let narrowed = Narrowed::read(tx, Reach::of(actor, &VER)?, filtro).await?;
    let rows = sql::rows_after(tx, &narrowed, None, (page.limit(), page.offset())).await?;
    let total = match page.told(rows.len()) {
        Some(total) => total,
        None => sql::count(tx, &narrowed).await?,
    };
    Ok((rows, total))
}

/// Where the next part of a JSON list begins.
pub type After = (NaiveDate, Uuid);

/// At most `limit` projetos after `after`, the latest beginning first, and how many there are in all.
pub async fn list_after(
    tx: &mut TenantTx,
    actor: &Actor,
    filtro: &Filtro,
    after: Option<&After>,
    limit: i64,
) -> Result<(Vec<Projeto>, i64), Refusal> {
    let narrowed = Narrowed::read(tx, Reach::of(actor, &VER)?, filtro).await?;
    let total = sql::count(tx, &narrowed).await?;
    Ok((sql::rows_after(tx, &narrowed, after, (limit, 0)).await?, total))
}

/// One that the actor may see; `None` for any other, the ones in the lixeira included.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: ProjetoId) -> Result<Option<Projeto>, Refusal> {
    Ok(sql::find(tx, id, Reach::of(actor, &VER)?).await?)
}

/// Whether the actor holds a permission on one that they see.
pub async fn may(tx: &mut TenantTx, actor: &Actor, id: ProjetoId, permission: &Permission) -> Result<bool, Fault> {
    match Reach::of_both(actor, &VER, permission) {
        Err(_) => Ok(false),
        Ok(reach) => Ok(sql::find(tx, id, reach).await?.is_some()),
    }
}
