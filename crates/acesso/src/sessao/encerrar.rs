use kernel::{Actor, ErrorKind, Fault, Kind};
use tenancy::{Change, Entry, TenantTx};

use super::{SessaoId, sql};
use crate::{
    aparelho,
    usuario::{self, UsuarioId},
};

#[derive(Debug, thiserror::Error)]
pub enum EncerrarError {
    #[error("sessão not found, over, or another usuario's")]
    NotFound,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for EncerrarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Ends the sessão by which the actor is here. One that is over already is no error: the person wanted out.
///
/// # Errors
/// A fault of the database.
pub async fn sair(tx: &mut TenantTx, actor: &Actor, sessao: SessaoId) -> Result<(), Fault> {
    if sql::end(tx, sessao).await? {
        if let Some(own) = usuario::of(actor) {
            super::tell(tx, own).await?;
        }
        audit(tx, actor, "acesso.saiu", Some(sessao)).await?;
    }
    Ok(())
}

/// Ends one of the actor's own sessões: a device they no longer have.
pub async fn encerrar(tx: &mut TenantTx, actor: &Actor, sessao: SessaoId) -> Result<(), EncerrarError> {
    let own = own(actor)?;
    if !sql::end_of(tx, own, sessao).await? {
        return Err(EncerrarError::NotFound);
    }
    super::tell(tx, own).await?;
    Ok(audit(tx, actor, "acesso.sessao_encerrada", Some(sessao)).await?)
}

/// Ends all sessões of the actor but the one they are in. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn encerrar_outras(tx: &mut TenantTx, actor: &Actor, current: SessaoId) -> Result<u64, Fault> {
    let own = own(actor)?;
    let ended = super::end_all(tx, own, Some(current)).await?;
    aparelho::distrust(tx, own).await?;
    if ended > 0 {
        audit(tx, actor, "acesso.sessoes_encerradas", None).await?;
    }
    Ok(ended)
}

fn own(actor: &Actor) -> Result<UsuarioId, Fault> {
    usuario::of(actor).ok_or_else(|| Fault::because("only a usuario has sessões"))
}

async fn audit(tx: &mut TenantTx, actor: &Actor, action: &'static str, sessao: Option<SessaoId>) -> Result<(), Fault> {
    let entry = Entry { action, entity: "sessao", entity_id: sessao.map(SessaoId::uuid), change: Change::default() };
    tx.audit(actor, entry).await
}
