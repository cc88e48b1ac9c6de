use kernel::{Actor, Denied, ErrorKind, Fault, Kind};
use tenancy::{Change, Entry, TenantTx};

use super::{ImportacaoId, State, permitted, sql};

#[derive(Debug, thiserror::Error)]
pub enum DescartarError {
    #[error("importação not found")]
    NotFound,
    #[error("the importação has ended")]
    Ended,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for DescartarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Ended => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Ended => "importacao-ended",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Throws an upload away before it is imported; the log keeps that it was there.
pub async fn descartar(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<(), DescartarError> {
    permitted(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(DescartarError::NotFound)?;
    if !matches!(importacao.state, State::Fila | State::Colunas | State::Previa) {
        return Err(DescartarError::Ended);
    }
    sql::linha::clear(tx, id).await?;
    sql::finish(tx, id, State::Descartada, &importacao.counts, None).await?;
    let said = serde_json::json!({ "file": importacao.file_name, "hash": importacao.hash });
    let change = Change { before: Some(said), after: None };
    tx.audit(actor, Entry { action: "importacao.descartada", entity: "importacao", entity_id: Some(id.uuid()), change }).await?;
    Ok(())
}
