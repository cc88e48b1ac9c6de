//! Reading: the caller has proved that the record of `dono` may be seen.

use kernel::{Actor, Fault};
use tenancy::{Change, Entry, TenantTx};

use super::{Documento, DocumentoId, Dono, Versao, facts, sql};

/// Documentos of a record by pasta and name.
pub async fn list(tx: &mut TenantTx, dono: Dono) -> Result<Vec<Documento>, Fault> {
    sql::list(tx, dono).await
}

/// Those in the lixeira, the latest first.
pub async fn trashed(tx: &mut TenantTx, dono: Dono) -> Result<Vec<Documento>, Fault> {
    sql::trashed(tx, dono).await
}

/// One that is not in the lixeira.
pub async fn find(tx: &mut TenantTx, dono: Dono, id: DocumentoId) -> Result<Option<Documento>, Fault> {
    sql::find(tx, dono, id).await
}

/// All versões of a documento, the newest first.
pub async fn versoes(tx: &mut TenantTx, id: DocumentoId) -> Result<Vec<Versao>, Fault> {
    sql::versoes(tx, id).await
}

/// Notes that somebody opened or downloaded a file (LGPD: who saw what). In the documento's own trail: the record's tells what
/// changed.
pub async fn note_opened(tx: &mut TenantTx, actor: &Actor, documento: &Documento, number: i32) -> Result<(), Fault> {
    let mut after = facts(documento.id, &documento.pasta, &documento.nome);
    after["versao"] = number.into();
    let change = Change { before: None, after: Some(after) };
    let entry = Entry { action: "documento.aberto", entity: "documento", entity_id: Some(documento.id.uuid()), change };
    tx.audit(actor, entry).await
}
