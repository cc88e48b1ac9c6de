use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind};
use tenancy::{Change, Entry, TenantTx};

use super::{Campo, EXCLUIR, EmpresaId, Reach, VER, sql};
use crate::{importacao, mescla};

#[derive(Debug, thiserror::Error)]
pub enum RestaurarError {
    /// Unknown, not visible, or not in the lixeira.
    #[error("empresa not found in the lixeira")]
    NotFound,
    /// The CNPJ was registered again while it lay in the lixeira.
    #[error("the CNPJ is registered already")]
    CnpjTaken,
    /// It is part of another one; undoing that brings it back with all that went along.
    #[error("the empresa was merged into another")]
    Mesclada,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for RestaurarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::CnpjTaken | Self::Mesclada => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::CnpjTaken => "cnpj-taken-restore",
            Self::Mesclada => "empresa-mesclada",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::CnpjTaken => vec![Invalid::new("cnpj-taken").at(Campo::Cnpj.key())],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Takes an empresa out of the lixeira: whoever may put it there may take it back.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, id: EmpresaId) -> Result<(), RestaurarError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let mut trashed = sql::lock_trashed(tx, id, reach).await?.ok_or(RestaurarError::NotFound)?;
    if mescla::is_open(tx, id).await? {
        return Err(RestaurarError::Mesclada);
    }
    mescla::close_older(tx, id).await?;
    if !sql::restore(tx, id).await? {
        return Err(RestaurarError::CnpjTaken);
    }
    if let Some(segmento) = importacao::segmento_undone(tx, id).await? {
        sql::set_segmento(tx, id, &segmento).await?;
        trashed.cadastro.segmento = Some(segmento);
    }
    let change = Change::created(&trashed.cadastro.texts());
    tx.audit(actor, Entry { action: "empresa.restaurada", entity: "empresa", entity_id: Some(id.uuid()), change }).await?;
    Ok(())
}
