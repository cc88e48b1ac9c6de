use kernel::{Actor, Denied, ErrorKind, Fault, Kind};
use tenancy::{Change, Entry, TenantTx};

use super::{EXCLUIR, EmpresaId, Reach, sql};

#[derive(Debug, thiserror::Error)]
pub enum ExcluirError {
    #[error("empresa not found")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("the empresa was changed meanwhile")]
    Conflict,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ExcluirError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Conflict => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
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

/// Puts an empresa into the lixeira. With `seen`, only if it is still that version. Already there, it is not found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, seen: Option<i32>) -> Result<(), ExcluirError> {
    let reach = Reach::of(actor, &EXCLUIR)?;
    let current = sql::lock(tx, id, reach).await?.ok_or(ExcluirError::NotFound)?;
    if seen.is_some_and(|seen| seen != current.version) {
        return Err(ExcluirError::Conflict);
    }
    sql::trash(tx, id).await?;
    let change = Change::removed(&current.cadastro.texts());
    tx.audit(actor, Entry { action: "empresa.excluida", entity: "empresa", entity_id: Some(id.uuid()), change }).await?;
    Ok(())
}
