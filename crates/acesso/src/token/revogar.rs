use kernel::{Actor, Denied, ErrorKind, Fault, Kind, Permission};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{GERIR, TokenId, sql};

#[derive(Debug, thiserror::Error)]
pub enum RevogarTokenError {
    #[error("token not found, or revoked already")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for RevogarTokenError {
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

/// Ends a token at once: the next request that brings it is refused.
pub async fn revogar_token(tx: &mut TenantTx, actor: &Actor, id: TokenId) -> Result<(), RevogarTokenError> {
    actor.require(&GERIR)?;
    let nome = sql::revoke(tx, id).await?.ok_or(RevogarTokenError::NotFound)?;
    let change = Change::between(&json!({ "revogado": false }), &json!({ "revogado": true, "nome": nome }));
    let entry = Entry { action: "token.revogado", entity: "token", entity_id: Some(id.uuid()), change };
    Ok(tx.audit(actor, entry).await?)
}
