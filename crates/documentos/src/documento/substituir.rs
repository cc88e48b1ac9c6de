use files::FileName;
use kernel::Actor;
use serde_json::json;
use tenancy::TenantTx;

use super::{DocumentoError, DocumentoId, Dono, note, sql};
use crate::arquivo::Arquivo;

/// Puts a newer file in the place of the one that is shown, which stays as an earlier versão. The documento keeps its name, with
/// the extension of the new file. With `seen`, only if it is still that version.
///
/// Answers the number of the new versão.
pub async fn substituir(
    tx: &mut TenantTx,
    actor: &Actor,
    dono: Dono,
    id: DocumentoId,
    seen: Option<i32>,
    arquivo: &Arquivo,
) -> Result<i32, DocumentoError> {
    // Locked: of two at once, the second becomes the versão after the first.
    let current = sql::lock(tx, dono, id).await?.ok_or(DocumentoError::NotFound)?;
    if seen.is_some_and(|seen| seen != current.version) {
        return Err(DocumentoError::Conflict);
    }
    let number = current.versao.number + 1;
    let nome = if current.nome.kind() == Some(arquivo.kind) {
        current.nome.clone()
    } else {
        let stem = current.nome.as_str().rsplit_once('.').map_or(current.nome.as_str(), |(stem, _)| stem);
        FileName::clean(&format!("{stem}.{}", arquivo.nome.extension())).map_err(DocumentoError::Nome)?
    };
    sql::insert_versao(tx, actor, id, number, arquivo).await?;
    sql::show_versao(tx, id, number, &nome).await?;
    let before = json!({ "documento": id, "nome": current.nome.as_str(), "versao": current.versao.number });
    let after = json!({
        "documento": id, "nome": nome.as_str(), "versao": number, "bytes": arquivo.bytes, "sha256": hex::encode(arquivo.sha256)
    });
    note(tx, actor, dono, "documento.substituido", Some(before), Some(after)).await?;
    Ok(number)
}
