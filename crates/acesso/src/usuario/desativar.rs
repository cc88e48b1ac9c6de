use kernel::{Actor, Denied, ErrorKind, Fault, Kind, Permission};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{GERIR, Usuario, UsuarioId, of, sql};
use crate::{aparelho, perfil, pessoa, recuperacao, sessao, token};

#[derive(Debug, thiserror::Error)]
pub enum SituacaoError {
    #[error("usuario not found")]
    NotFound,
    #[error("one's own account is deactivated by somebody else")]
    Own,
    #[error("the last active administrador stays")]
    LastAdministrador,
    #[error("the usuario is in that state already")]
    Unchanged,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for SituacaoError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Own | Self::LastAdministrador | Self::Unchanged => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Own => "usuario-own",
            Self::LastAdministrador => "usuario-last-administrador",
            Self::Unchanged => "usuario-unchanged",
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

/// Shuts a usuario out: their sessões end with this transaction, and so do the API tokens they made; no request after it finds
/// them.
pub async fn desativar(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), SituacaoError> {
    actor.require(&GERIR)?;
    if of(actor) == Some(id) {
        return Err(SituacaoError::Own);
    }
    let other_administrador = sql::lock_other_administrador(tx, id).await?;
    let usuario = reachable(tx, actor, id).await?;
    if usuario.administrador && usuario.ativo && !other_administrador {
        return Err(SituacaoError::LastAdministrador);
    }
    set(tx, actor, &usuario, false).await?;
    sessao::end_all(tx, id, None).await?;
    aparelho::distrust(tx, id).await?;
    recuperacao::end_all(tx, id).await?;
    token::revogar_de(tx, actor, id).await?;
    pessoa::soltar(tx, actor, id).await?;
    Ok(())
}

/// Lets a usuario in again, with the password they had.
pub async fn reativar(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), SituacaoError> {
    actor.require(&GERIR)?;
    let usuario = reachable(tx, actor, id).await?;
    set(tx, actor, &usuario, true).await
}

/// A usuario about whom the actor may decide: nobody decides about somebody who holds more than they do.
///
/// # Errors
/// [`SituacaoError::NotFound`], or [`SituacaoError::Denied`] for one who holds more.
pub async fn reachable(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<Usuario, SituacaoError> {
    let usuario = sql::find(tx, id).await?.ok_or(SituacaoError::NotFound)?;
    if !actor.grants.covers(&perfil::most_of(tx, id).await?) {
        return Err(Denied { permission: GERIR }.into());
    }
    Ok(usuario)
}

async fn set(tx: &mut TenantTx, actor: &Actor, usuario: &Usuario, ativo: bool) -> Result<(), SituacaoError> {
    if !sql::set_ativo(tx, usuario.id, ativo).await? {
        return Err(SituacaoError::Unchanged);
    }
    let entry = Entry {
        action: if ativo { "usuario.reativado" } else { "usuario.desativado" },
        entity: "usuario",
        entity_id: Some(usuario.id.uuid()),
        change: Change::between(&json!({ "ativo": !ativo }), &json!({ "ativo": ativo })),
    };
    Ok(tx.audit(actor, entry).await?)
}
