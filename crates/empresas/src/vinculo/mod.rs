//! O vínculo: an empresa that a usuário is linked to. The escopo "vinculadas" reaches these beside those they are responsável for
//! (S3-1.7, S3-2.5).
//!
//! The rules it protects: nobody links an empresa that they do not see, to themselves, or to somebody who holds more than they do.

pub mod pages;
pub(crate) mod sql;

use acesso::usuario::{self, SituacaoError, UsuarioId};
use kernel::{Actor, Denied, ErrorKind, Fault, Kind, Permission};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

pub use sql::list;

use crate::empresa::{EmpresaId, Reach, VER};

/// May link empresas to usuários.
pub const GERIR: Permission = Permission::new("empresas.vinculo.gerir");

/// An empresa that somebody is linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vinculada {
    pub id: EmpresaId,
    pub nome: String,
    pub cnpj: String,
}

#[derive(Debug, thiserror::Error)]
pub enum VinculoError {
    #[error("usuario or empresa not found")]
    NotFound,
    #[error("nobody links empresas to themselves")]
    Own,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for VinculoError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Own => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Own => "permissao-own",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

impl From<SituacaoError> for VinculoError {
    fn from(error: SituacaoError) -> Self {
        match error {
            SituacaoError::Denied(denied) => Self::Denied(denied),
            SituacaoError::Fault(fault) => Self::Fault(fault),
            _ => Self::NotFound,
        }
    }
}

/// Links empresas that the actor sees to a usuario; those that are linked already stay so.
pub async fn vincular(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId, empresas: &[EmpresaId]) -> Result<(), VinculoError> {
    reach(tx, actor, usuario).await?;
    let ids: Vec<_> = empresas.iter().map(|id| id.uuid()).collect();
    let seen = Reach::of(actor, &VER)?;
    let linked = sql::insert(tx, usuario, &ids, seen).await?;
    if linked.is_empty() {
        // Nothing of it is there, or nothing is new.
        let here = list(tx, usuario, seen).await?;
        let known = !ids.is_empty() && empresas.iter().all(|id| here.iter().any(|one| one.id == *id));
        return if known { Ok(()) } else { Err(VinculoError::NotFound) };
    }
    audit(tx, actor, usuario, Change::created(&json!({ "empresas": linked }))).await
}

/// Takes a vínculo back.
pub async fn desvincular(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId, empresa: EmpresaId) -> Result<(), VinculoError> {
    reach(tx, actor, usuario).await?;
    let nome = sql::delete(tx, usuario, empresa, Reach::of(actor, &VER)?).await?.ok_or(VinculoError::NotFound)?;
    audit(tx, actor, usuario, Change::removed(&json!({ "empresas": [nome] }))).await
}

async fn reach(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId) -> Result<(), VinculoError> {
    actor.require(&GERIR)?;
    if usuario::of(actor) == Some(usuario) {
        return Err(VinculoError::Own);
    }
    usuario::reachable(tx, actor, usuario).await?;
    Ok(())
}

async fn audit(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId, change: Change) -> Result<(), VinculoError> {
    let action = if change.after.is_some() { "usuario.vinculado" } else { "usuario.desvinculado" };
    tx.audit(actor, Entry { action, entity: "usuario", entity_id: Some(usuario.uuid()), change }).await?;
    Ok(tx.tell(web::live::WHO, usuario).await?)
}
