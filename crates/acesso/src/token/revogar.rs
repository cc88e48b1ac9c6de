use kernel::{Actor, Denied, ErrorKind, Fault, Kind, Permission};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{GERIR, TokenId, sql};
use crate::usuario::UsuarioId;

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
    Ok(audit(tx, actor, id, &nome).await?)
}

/// Ends every token that acts for `usuario`: a program does not outlive the account it came from. Returns how many.
pub(crate) async fn revogar_de(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId) -> Result<usize, Fault> {
    let tokens = sql::revoke_of(tx, usuario).await?;
    for (id, nome) in &tokens {
        audit(tx, actor, *id, nome).await?;
    }
    Ok(tokens.len())
}

async fn audit(tx: &mut TenantTx, actor: &Actor, id: TokenId, nome: &str) -> Result<(), Fault> {
    // What is open in its name ends too, in every process.
    tx.tell(web::live::WHO, id).await?;
    let change = Change::between(&json!({ "revogado": false }), &json!({ "revogado": true, "nome": nome }));
    tx.audit(actor, Entry { action: "token.revogado", entity: "token", entity_id: Some(id.uuid()), change }).await
}
