//! What lists of visitas are narrowed by, and reading them.

use chrono::{DateTime, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Actor, Fault, PageRequest, Permission, Refusal};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{
    EXCLUIR, Pessoa, Reach, Situacao, VER, Visita, VisitaId,
    sql::{self, lista::Narrowed},
};

pub use sql::{desatendidas::Desatendida, lista::Resumo};

/// Which visitas. What is empty does not narrow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filtro {
    /// Words of which each must be in the objetivo, the resumo, the responsável or the empresa.
    pub busca: String,
    pub situacoes: Vec<Situacao>,
    pub responsaveis: Vec<Uuid>,
    pub empresa: Option<EmpresaId>,
    /// Those that begin from here on…
    pub from: Option<DateTime<Utc>>,
    /// …and before this.
    pub until: Option<DateTime<Utc>>,
}

/// What the list is sorted by; ties by the latest. Numbered as in the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ordem {
    #[default]
    Latest = 0,
    Earliest = 1,
    Empresa = 2,
    EmpresaDown = 3,
    Responsavel = 4,
    ResponsavelDown = 5,
    Situacao = 6,
    SituacaoDown = 7,
}

/// One page of the list, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagina {
    pub linhas: Vec<Resumo>,
    pub total: i64,
}

/// A page of the visitas that the actor may see.
pub async fn list(tx: &mut TenantTx, actor: &Actor, filtro: &Filtro, ordem: Ordem, page: PageRequest) -> Result<Pagina, Refusal> {
    let narrowed = Narrowed::read(tx, Reach::of(actor, &VER)?, filtro).await?;
    let linhas = sql::lista::page(tx, &narrowed, ordem, page).await?;
    let total = match page.told(linhas.len()) {
        Some(total) => total,
        None => sql::lista::count(tx, &narrowed).await?,
    };
    Ok(Pagina { linhas, total })
}

/// How many the actor may see.
pub async fn count(tx: &mut TenantTx, actor: &Actor, filtro: &Filtro) -> Result<i64, Refusal> {
    let narrowed = Narrowed::read(tx, Reach::of(actor, &VER)?, filtro).await?;
    Ok(sql::lista::count(tx, &narrowed).await?)
}

/// One that the actor may see; `None` for any other, the ones in the lixeira included.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: VisitaId) -> Result<Option<Visita>, Refusal> {
    Ok(sql::find(tx, id, Reach::of(actor, &VER)?).await?)
}

/// One in the lixeira that the actor may restore.
pub async fn find_trashed(tx: &mut TenantTx, actor: &Actor, id: VisitaId) -> Result<Option<Visita>, Refusal> {
    Ok(sql::find_trashed(tx, id, Reach::of_both(actor, &VER, &EXCLUIR)?).await?)
}

/// Whether the actor holds a permission on one that they see.
pub async fn may(tx: &mut TenantTx, actor: &Actor, id: VisitaId, permission: &Permission) -> Result<bool, Fault> {
    match Reach::of_both(actor, &VER, permission) {
        Err(_) => Ok(false),
        Ok(reach) if reach.responsavel().is_none() => Ok(true),
        Ok(reach) => Ok(sql::find(tx, id, reach).await?.is_some()),
    }
}

/// Where the next part of a JSON list begins.
pub type After = (DateTime<Utc>, Uuid);

/// At most `limit` whole visitas after `after`, the latest first, and how many there are in all.
pub async fn list_after(
    tx: &mut TenantTx,
    actor: &Actor,
    filtro: &Filtro,
    after: Option<&After>,
    limit: i64,
) -> Result<(Vec<Visita>, i64), Refusal> {
    let reach = Reach::of(actor, &VER)?;
    let narrowed = Narrowed::read(tx, reach, filtro).await?;
    let total = sql::lista::count(tx, &narrowed).await?;
    let ids = sql::lista::after(tx, &narrowed, after, limit).await?;
    Ok((sql::these(tx, &ids, reach).await?, total))
}

/// Empresas that the actor sees where nobody was since `since` and nobody is going to be: a page, and how many there are.
pub async fn desatendidas(
    tx: &mut TenantTx,
    actor: &Actor,
    since: DateTime<Utc>,
    page: PageRequest,
) -> Result<(Vec<Desatendida>, i64), Refusal> {
    // Whoever sees the visitas of their own alone knows of these only whether anybody was there.
    let reach = Reach::of_both(actor, &VER, &empresas::empresa::VER)?;
    Ok(sql::desatendidas::page(tx, reach, since, page).await?)
}

/// People of the unidade who may go, by name.
pub async fn pessoas(tx: &mut TenantTx) -> Result<Vec<Pessoa>, Fault> {
    let all = acesso::usuario::ativas(tx).await?;
    Ok(all.into_iter().map(|(id, nome)| Pessoa { id, nome }).collect())
}
