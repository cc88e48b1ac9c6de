use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind, Permission};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{GERIR, SegmentoId, SegmentoNome, sql};

#[derive(Debug, thiserror::Error)]
pub enum SegmentoError {
    #[error("segmento not found")]
    NotFound,
    /// Another segmento has this name, perhaps in another case or with other accents.
    #[error("the name is taken")]
    Taken,
    #[error("{empresas} empresas have this segmento")]
    InUse { empresas: i64 },
    #[error("a segmento cannot be merged into itself")]
    Same,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for SegmentoError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Taken | Self::InUse { .. } => Kind::Conflict,
            Self::Same => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Taken => "segmento-taken",
            Self::InUse { .. } => "segmento-in-use",
            Self::Same => "segmento-same",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Taken => vec![Invalid::new("segmento-taken").at("nome")],
            Self::Same => vec![Invalid::new("segmento-same").at("em")],
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

/// Adds a segmento to the list.
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, nome: &SegmentoNome) -> Result<SegmentoId, SegmentoError> {
    actor.require(&GERIR)?;
    let id = sql::insert(tx, nome).await?.ok_or(SegmentoError::Taken)?;
    let change = Change::created(&json!({ "nome": nome }));
    tx.audit(actor, entry("segmento.registrado", id, change)).await?;
    Ok(id)
}

/// What can be said of a segmento.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dados {
    pub nome: SegmentoNome,
    /// Codes of CNAE that belong to it, as they are stored.
    pub cnaes: Vec<String>,
}

/// Gives a segmento another name, its empresas follow; or other activities, which propose it from then on.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: SegmentoId, dados: &Dados) -> Result<(), SegmentoError> {
    actor.require(&GERIR)?;
    let before = sql::lock(tx, &[id]).await?.pop().ok_or(SegmentoError::NotFound)?;
    let change = Change::between(
        &json!({ "nome": before.nome, "cnaes": before.cnaes }),
        &json!({ "nome": dados.nome, "cnaes": dados.cnaes }),
    );
    if change.is_empty() {
        return Ok(());
    }
    if !sql::update(tx, id, dados).await? {
        return Err(SegmentoError::Taken);
    }
    Ok(tx.audit(actor, entry("segmento.alterado", id, change)).await?)
}

/// Takes a segmento that no empresa has off the list.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: SegmentoId) -> Result<(), SegmentoError> {
    actor.require(&GERIR)?;
    // Locked: nobody gives it to an empresa meanwhile.
    let nome = sql::lock(tx, &[id]).await?.pop().ok_or(SegmentoError::NotFound)?.nome;
    let uso = sql::uso(tx, id).await?.ok_or(SegmentoError::NotFound)?;
    if !uso.is_free() {
        return Err(SegmentoError::InUse { empresas: uso.empresas + uso.excluidas });
    }
    sql::delete(tx, id).await?;
    let change = Change::removed(&json!({ "nome": nome }));
    Ok(tx.audit(actor, entry("segmento.excluido", id, change)).await?)
}

/// Gives the empresas and the activities of one segmento to another and takes the first off the list. Answers how many empresas changed.
pub async fn mesclar(tx: &mut TenantTx, actor: &Actor, id: SegmentoId, em: SegmentoId) -> Result<u64, SegmentoError> {
    actor.require(&GERIR)?;
    if id == em {
        return Err(SegmentoError::Same);
    }
    let both = sql::lock(tx, &[id, em]).await?;
    let nome = |id| both.iter().find(|segmento| segmento.id == id).map(|segmento| segmento.nome.clone());
    let (from, into) = nome(id).zip(nome(em)).ok_or(SegmentoError::NotFound)?;
    let empresas = sql::move_empresas(tx, id, em).await?;
    sql::move_cnaes(tx, id, em).await?;
    sql::delete(tx, id).await?;
    let change = Change { before: Some(json!({ "nome": from })), after: Some(json!({ "nome": into, "empresas": empresas })) };
    tx.audit(actor, entry("segmento.mesclado", em, change)).await?;
    Ok(empresas)
}

const fn entry(action: &'static str, id: SegmentoId, change: Change) -> Entry {
    Entry { action, entity: "segmento", entity_id: Some(id.uuid()), change }
}
