use kernel::{Actor, Denied, ErrorKind, Fault, Kind, Permission};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{ConviteId, sql};
use crate::usuario;

#[derive(Debug, thiserror::Error)]
pub enum RevogarConviteError {
    #[error("convite not found, used, or revoked already")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for RevogarConviteError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
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

/// Takes a convite back: its link stops working.
pub async fn revogar(tx: &mut TenantTx, actor: &Actor, id: ConviteId) -> Result<(), RevogarConviteError> {
    actor.require(&usuario::GERIR)?;
    let email = sql::revoke(tx, id).await?.ok_or(RevogarConviteError::NotFound)?;
    let change = Change::removed(&json!({ "email": email }));
    Ok(tx.audit(actor, Entry { action: "convite.revogado", entity: "convite", entity_id: Some(id.uuid()), change }).await?)
}
