//! What lists of demandas are narrowed by, and reading them.

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Actor, Fault, PageRequest, Permission, Refusal};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{
    Demanda, DemandaId, EXCLUIR, Reach, Situacao, VER,
    sql::{self, lista::Narrowed},
};
use crate::{etapa::EtapaId, setor::SetorId, tipo::TipoId};

pub use sql::{lista::Resumo, quadro::Coluna};

/// Which demandas. What is empty does not narrow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filtro {
    /// Words of which each must be in the título, the descrição, the responsável or the empresa.
    pub busca: String,
    pub situacoes: Vec<Situacao>,
    pub etapas: Vec<EtapaId>,
    pub tipos: Vec<TipoId>,
    pub setores: Vec<SetorId>,
    pub responsaveis: Vec<Uuid>,
    /// Those that nobody answers for.
    pub unassigned: bool,
    pub empresa: Option<EmpresaId>,
    /// Those that came from here on…
    pub from: Option<DateTime<Utc>>,
    /// …and before this.
    pub until: Option<DateTime<Utc>>,
    /// Open ones that were due before this day.
    pub late: Option<NaiveDate>,
    /// Of those that are concluída, what was since.
    pub concluded_since: Option<DateTime<Utc>>,
}

/// What the list is sorted by; ties by the latest. Numbered as in the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ordem {
    #[default]
    Latest = 0,
    Earliest = 1,
    Empresa = 2,
    EmpresaDown = 3,
    Titulo = 4,
    TituloDown = 5,
    Prazo = 6,
    PrazoDown = 7,
    Valor = 8,
    ValorDown = 9,
    Etapa = 10,
    EtapaDown = 11,
}

/// One page of the list, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagina {
    pub linhas: Vec<Resumo>,
    pub total: i64,
}

/// A page of the demandas that the actor may see.
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
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: DemandaId) -> Result<Option<Demanda>, Refusal> {
    Ok(sql::find(tx, id, Reach::of(actor, &VER)?).await?)
}

/// One in the lixeira that the actor may restore.
pub async fn find_trashed(tx: &mut TenantTx, actor: &Actor, id: DemandaId) -> Result<Option<Demanda>, Refusal> {
    Ok(sql::find_trashed(tx, id, Reach::of_both(actor, &VER, &EXCLUIR)?).await?)
}

/// Whether the actor holds a permission on one that they see.
pub async fn may(tx: &mut TenantTx, actor: &Actor, id: DemandaId, permission: &Permission) -> Result<bool, Fault> {
    match Reach::of_both(actor, &VER, permission) {
        Err(_) => Ok(false),
        Ok(reach) if reach.responsavel().is_none() => Ok(true),
        Ok(reach) => Ok(sql::find(tx, id, reach).await?.is_some()),
    }
}

/// Where the next part of a JSON list begins.
pub type After = (DateTime<Utc>, Uuid);

/// At most `limit` whole demandas after `after`, the latest first, and how many there are in all.
pub async fn list_after(
    tx: &mut TenantTx,
    actor: &Actor,
    filtro: &Filtro,
    after: Option<&After>,
    limit: i64,
) -> Result<(Vec<Demanda>, i64), Refusal> {
    let reach = Reach::of(actor, &VER)?;
    let narrowed = Narrowed::read(tx, reach, filtro).await?;
    let total = sql::lista::count(tx, &narrowed).await?;
    let ids = sql::lista::after(tx, &narrowed, after, limit).await?;
    Ok((sql::these(tx, &ids, reach).await?, total))
}

/// The board: each etapa with how many stand in it, what they are worth, and the first of them. What was called off is not on it, and
/// of what is concluída what was since `since`.
pub async fn quadro(tx: &mut TenantTx, actor: &Actor, filtro: &Filtro, since: DateTime<Utc>) -> Result<Vec<Coluna>, Refusal> {
    Ok(sql::quadro::columns(tx, Reach::of(actor, &VER)?, filtro, since).await?)
}

/// Open demandas of an empresa that the actor sees, the latest first.
pub async fn abertas(
    tx: &mut TenantTx,
    actor: &Actor,
    empresa: EmpresaId,
    except: Option<DemandaId>,
) -> Result<Vec<Resumo>, Refusal> {
    let filtro = Filtro { empresa: Some(empresa), situacoes: vec![Situacao::Nova, Situacao::EmAndamento], ..Filtro::default() };
    let pagina = list(tx, actor, &filtro, Ordem::Latest, PageRequest::default()).await?;
    Ok(pagina.linhas.into_iter().filter(|resumo| Some(resumo.id) != except).collect())
}
