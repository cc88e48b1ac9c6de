use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind, Permission};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{Cor, EtiquetaId, EtiquetaNome, GERIR, sql};

#[derive(Debug, thiserror::Error)]
pub enum EtiquetaError {
    /// No such etiqueta, or no such empresa within reach.
    #[error("etiqueta or empresa not found")]
    NotFound,
    /// Another etiqueta has this name, perhaps in another case or with other accents.
    #[error("the name is taken")]
    Taken,
    #[error("an etiqueta cannot be merged into itself")]
    Same,
    /// Named by somebody who may not add to the list.
    #[error("the list has no such etiqueta")]
    Unknown,
    /// More than an empresa can have.
    #[error("the empresa has too many etiquetas")]
    TooMany,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for EtiquetaError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Taken | Self::TooMany => Kind::Conflict,
            Self::Same | Self::Unknown => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Taken => "etiqueta-taken",
            Self::Same => "etiqueta-same",
            Self::Unknown => "etiqueta-unknown",
            Self::TooMany => "etiqueta-too-many",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Taken => vec![Invalid::new("etiqueta-taken").at("nome")],
            Self::Same => vec![Invalid::new("etiqueta-same").at("em")],
            Self::Unknown => vec![Invalid::new("etiqueta-unknown").at("etiquetas")],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Adds an etiqueta to the list.
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, nome: &EtiquetaNome, cor: Cor) -> Result<EtiquetaId, EtiquetaError> {
    actor.require(&GERIR)?;
    let id = sql::insert(tx, nome, cor).await?.ok_or(EtiquetaError::Taken)?;
    tx.audit(actor, entry("etiqueta.registrada", id, Change::created(&facts(nome.as_str(), cor.code())))).await?;
    Ok(id)
}

/// Gives an etiqueta another name or colour; its empresas follow.
pub async fn alterar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: EtiquetaId,
    nome: &EtiquetaNome,
    cor: Cor,
) -> Result<(), EtiquetaError> {
    actor.require(&GERIR)?;
    let before = sql::lock(tx, &[id]).await?.pop().ok_or(EtiquetaError::NotFound)?;
    let change = Change::between(&facts(&before.nome, &before.cor), &facts(nome.as_str(), cor.code()));
    if change.is_empty() {
        return Ok(());
    }
    if !sql::update(tx, id, nome, cor).await? {
        return Err(EtiquetaError::Taken);
    }
    Ok(tx.audit(actor, entry("etiqueta.alterada", id, change)).await?)
}

/// Takes an etiqueta off the list and off every empresa. Answers of how many.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: EtiquetaId) -> Result<i64, EtiquetaError> {
    actor.require(&GERIR)?;
    let before = sql::lock(tx, &[id]).await?.pop().ok_or(EtiquetaError::NotFound)?;
    let uso = sql::uso(tx, id).await?.ok_or(EtiquetaError::NotFound)?;
    sql::delete(tx, id).await?;
    let mut said = facts(&before.nome, &before.cor);
    said["empresas"] = uso.empresas.into();
    tx.audit(actor, entry("etiqueta.excluida", id, Change::removed(&said))).await?;
    Ok(uso.empresas)
}

/// Gives the empresas of one etiqueta to another and takes the first off the list. Answers how many empresas changed.
pub async fn mesclar(tx: &mut TenantTx, actor: &Actor, id: EtiquetaId, em: EtiquetaId) -> Result<u64, EtiquetaError> {
    actor.require(&GERIR)?;
    if id == em {
        return Err(EtiquetaError::Same);
    }
    sql::hold_empresas(tx, id).await?;
    let both = sql::lock(tx, &[id, em]).await?;
    let nome = |id| both.iter().find(|etiqueta| etiqueta.id == id).map(|etiqueta| etiqueta.nome.clone());
    let (from, into) = nome(id).zip(nome(em)).ok_or(EtiquetaError::NotFound)?;
    let empresas = sql::move_empresas(tx, id, em).await?;
    sql::delete(tx, id).await?;
    let change = Change { before: Some(json!({ "nome": from })), after: Some(json!({ "nome": into, "empresas": empresas })) };
    tx.audit(actor, entry("etiqueta.mesclada", em, change)).await?;
    Ok(empresas)
}

fn facts(nome: &str, cor: &str) -> Value {
    json!({ "nome": nome, "cor": cor })
}

pub(super) const fn entry(action: &'static str, id: EtiquetaId, change: Change) -> Entry {
    Entry { action, entity: "etiqueta", entity_id: Some(id.uuid()), change }
}
