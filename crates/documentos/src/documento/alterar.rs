use files::FileName;
use kernel::Actor;
use tenancy::TenantTx;

use super::{DocumentoError, DocumentoId, Dono, Pasta, facts, note, sql};

/// Renames a documento and moves it into another pasta, if it is still the version that the actor saw. A change that changes
/// nothing leaves no trace. The extension stays, whatever is typed: it says what the file is.
pub async fn alterar(
    tx: &mut TenantTx,
    actor: &Actor,
    dono: Dono,
    id: DocumentoId,
    seen: i32,
    nome: &str,
    pasta: &Pasta,
) -> Result<FileName, DocumentoError> {
    let current = sql::lock(tx, dono, id).await?.ok_or(DocumentoError::NotFound)?;
    if current.version != seen {
        return Err(DocumentoError::Conflict);
    }
    let nome = current.nome.renamed(nome).map_err(DocumentoError::Nome)?;
    if (&nome, pasta) == (&current.nome, &current.pasta) {
        return Ok(nome);
    }
    sql::update(tx, id, &nome, pasta).await?;
    let (before, after) = (facts(id, &current.pasta, &current.nome), facts(id, pasta, &nome));
    note(tx, actor, dono, "documento.alterado", Some(before), Some(after)).await?;
    Ok(nome)
}
