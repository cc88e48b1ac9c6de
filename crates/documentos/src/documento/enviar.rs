use kernel::Actor;
use tenancy::TenantTx;

use super::{DocumentoError, DocumentoId, Dono, Pasta, facts, note, sql};
use crate::arquivo::Arquivo;

/// Keeps a content that is in the store as a new documento of `dono`. Two of one name are two documentos.
pub async fn enviar(
    tx: &mut TenantTx,
    actor: &Actor,
    dono: Dono,
    pasta: &Pasta,
    arquivo: &Arquivo,
) -> Result<DocumentoId, DocumentoError> {
    let id = DocumentoId::new(tx.clock().uuid());
    sql::insert(tx, id, dono, pasta, &arquivo.nome).await?;
    sql::insert_versao(tx, actor, id, 1, arquivo).await?;
    let mut after = facts(id, pasta, &arquivo.nome);
    after["bytes"] = arquivo.bytes.into();
    after["sha256"] = hex::encode(arquivo.sha256).into();
    note(tx, actor, dono, "documento.enviado", None, Some(after)).await?;
    Ok(id)
}
