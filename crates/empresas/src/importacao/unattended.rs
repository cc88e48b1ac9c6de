use kernel::{Actor, Fault};
use sheets::child::Parser;
use tenancy::TenantTx;

use super::{AnalisarError, ConfirmarError, Counts, Mode, ReceberError, analisar, confirmar, receber, sql};

#[derive(Debug, thiserror::Error)]
pub enum UnattendedError {
    #[error(transparent)]
    Receber(#[from] ReceberError),
    #[error(transparent)]
    Analisar(#[from] AnalisarError),
    #[error(transparent)]
    Confirmar(#[from] ConfirmarError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Imports a file whose columns are recognised, with nobody who looks at the preview: for demonstrations. What breaks a rule
/// is left out and counted.
pub async fn unattended(
    tx: &mut TenantTx,
    actor: &Actor,
    parser: &Parser,
    file_name: &str,
    content: &[u8],
    mode: Mode,
) -> Result<Counts, UnattendedError> {
    let id = receber(tx, actor, parser, file_name, content).await?;
    let received = sql::find(tx, id).await?.ok_or(AnalisarError::NotFound)?;
    analisar(tx, actor, parser, id, received.sheet, received.mapping, mode).await?;
    Ok(confirmar(tx, actor, id, None).await?)
}
