use kernel::{Actor, ErrorKind, Fault, Kind};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{VisaoId, VisaoNome, sql};
use crate::lista::person;

/// Of one list, for one person.
const MAX: i64 = 50;

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct Guardar {
    /// Path of the list.
    pub lista: String,
    pub nome: VisaoNome,
    /// Query string of the list's address.
    pub consulta: String,
    pub compartilhada: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum VisaoError {
    #[error("visão not found")]
    NotFound,
    #[error("{MAX} visões of this list are kept already")]
    TooMany,
    /// The address is too long, or narrows nothing.
    #[error("there is nothing to keep")]
    Nothing,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for VisaoError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::TooMany => Kind::Conflict,
            Self::Nothing => Kind::Invalid,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::TooMany => "visao-too-many",
            Self::Nothing => "visao-nothing",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Keeps a visão of the actor's; one of the same name is replaced.
pub async fn guardar(tx: &mut TenantTx, actor: &Actor, cmd: &Guardar) -> Result<VisaoId, VisaoError> {
    let usuario = person(actor).ok_or(VisaoError::NotFound)?;
    if !(1..=4000).contains(&cmd.consulta.len()) {
        return Err(VisaoError::Nothing);
    }
    if sql::count_others(tx, usuario, cmd).await? >= MAX {
        return Err(VisaoError::TooMany);
    }
    let id = sql::upsert(tx, usuario, cmd).await?;
    let after = json!({ "nome": cmd.nome, "lista": cmd.lista, "consulta": cmd.consulta, "compartilhada": cmd.compartilhada });
    tx.audit(actor, entry("visao.guardada", id, Change::created(&after))).await?;
    Ok(id)
}

/// Forgets a visão of the actor's own.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: VisaoId) -> Result<String, VisaoError> {
    let usuario = person(actor).ok_or(VisaoError::NotFound)?;
    let (nome, lista) = sql::delete(tx, usuario, id).await?.ok_or(VisaoError::NotFound)?;
    tx.audit(actor, entry("visao.excluida", id, Change::removed(&json!({ "nome": nome, "lista": lista })))).await?;
    Ok(lista)
}

const fn entry(action: &'static str, id: VisaoId, change: Change) -> Entry {
    Entry { action, entity: "visao", entity_id: Some(id.uuid()), change }
}
