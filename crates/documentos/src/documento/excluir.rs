use kernel::Actor;
use tenancy::TenantTx;

use super::{DocumentoError, DocumentoId, Dono, facts, note, sql};

/// Puts a documento into the lixeira; its files stay there for 30 days. Already there, it is not found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, dono: Dono, id: DocumentoId) -> Result<(), DocumentoError> {
    let current = sql::lock(tx, dono, id).await?.ok_or(DocumentoError::NotFound)?;
    sql::trash(tx, id).await?;
    note(tx, actor, dono, "documento.excluido", Some(facts(id, &current.pasta, &current.nome)), None).await?;
    Ok(())
}
