//! What whoever manages the usuários does about another's ways in: a lost telephone, a stolen notebook, an account that
//! failures closed.

use chrono::{DateTime, Utc};
use kernel::{Actor, ActorKind, Denied, ErrorKind, Fault, Kind, Permission};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Sessao, SessaoId, sql};
use crate::{
    aparelho,
    entrar::tentativa,
    fator::{self, Fatores},
    passo, perfil, pessoa,
    usuario::{self, GERIR, Usuario, UsuarioId},
};

#[derive(Debug, thiserror::Error)]
pub enum AdministrarError {
    #[error("usuario or sessão not found, or over")]
    NotFound,
    #[error("one's own second factor is changed on one's own page, with the senha")]
    Own,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AdministrarError {
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
            Self::Own => "fator-own",
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

/// The ways in of a usuario.
pub(crate) struct Acessos {
    pub usuario: Usuario,
    pub sessoes: Vec<Sessao>,
    pub fatores: Fatores,
    /// Failures closed the account to places that it does not know.
    pub closed_until: Option<DateTime<Utc>>,
}

/// # Errors
/// Not found, a refusal, or a fault.
pub(crate) async fn look(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<Acessos, AdministrarError> {
    let usuario = reachable(tx, actor, id).await?;
    Ok(Acessos {
        sessoes: sql::list(tx, id).await?,
        fatores: fator::of_usuario(tx, id).await?,
        closed_until: tentativa::closed_until(tx, &usuario.email).await?,
        usuario,
    })
}

/// Ends one sessão of another.
pub async fn encerrar_de(tx: &mut TenantTx, actor: &Actor, id: UsuarioId, sessao: SessaoId) -> Result<(), AdministrarError> {
    let usuario = reachable(tx, actor, id).await?;
    if !sql::end_of(tx, id, sessao).await? {
        return Err(AdministrarError::NotFound);
    }
    super::tell(tx, id).await?;
    Ok(note(tx, actor, "acesso.sessao_encerrada", &usuario).await?)
}

/// Ends all sessões of another. Returns how many.
pub async fn encerrar_todas_de(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<u64, AdministrarError> {
    let usuario = reachable(tx, actor, id).await?;
    let ended = super::end_all(tx, id, None).await?;
    aparelho::distrust(tx, id).await?;
    if ended > 0 {
        note(tx, actor, "acesso.sessoes_encerradas", &usuario).await?;
    }
    Ok(ended)
}

/// Opens an account that failures closed.
pub async fn desbloquear(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), AdministrarError> {
    let usuario = reachable(tx, actor, id).await?;
    tentativa::reopen(tx, &usuario.email).await?;
    passo::forget_guesses(tx, id).await?;
    Ok(note(tx, actor, "acesso.desbloqueado", &usuario).await?)
}

/// Takes another's second factor away: they lost the telephone. Their sessões end, and where their perfil must have one they
/// get a new one when they enter.
pub async fn retirar_fatores(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), AdministrarError> {
    reachable(tx, actor, id).await?;
    if usuario::of(actor) == Some(id) {
        return Err(AdministrarError::Own);
    }
    // A program would outlast the person whose token it is.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    usuario::lock(tx, id).await?;
    if !fator::retirar_todos(tx, actor, id).await? {
        return Err(AdministrarError::NotFound);
    }
    super::end_all(tx, id, None).await?;
    pessoa::soltar(tx, actor, id).await?;
    Ok(())
}

/// Nobody decides about somebody who holds more than they do.
async fn reachable(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<Usuario, AdministrarError> {
    actor.require(&GERIR)?;
    let usuario = usuario::find(tx, id).await?.ok_or(AdministrarError::NotFound)?;
    if !actor.grants.covers(&perfil::most_of(tx, id).await?) {
        return Err(Denied { permission: GERIR }.into());
    }
    Ok(usuario)
}

async fn note(tx: &mut TenantTx, actor: &Actor, action: &'static str, usuario: &Usuario) -> Result<(), Fault> {
    let change = Change { before: None, after: Some(json!({ "usuario": usuario.email })) };
    tx.audit(actor, Entry { action, entity: "usuario", entity_id: Some(usuario.id.uuid()), change }).await
}
