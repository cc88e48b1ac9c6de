use kernel::Actor;
use tenancy::TenantTx;

use super::{DocumentoError, DocumentoId, Dono, facts, note, sql};

/// Takes a documento out of the lixeira.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, dono: Dono, id: DocumentoId) -> Result<(), DocumentoError> {
    let trashed = sql::lock_trashed(tx, dono, id).await?.ok_or(DocumentoError::NotFound)?;
    sql::restore(tx, id).await?;
    note(tx, actor, dono, "documento.restaurado", None, Some(facts(id, &trashed.pasta, &trashed.nome))).await?;
    Ok(())
}
