//! Reading: the caller has proved that the record of `dono` may be seen.

use kernel::{Actor, Fault};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Documento, DocumentoId, Dono, Versao, facts, note, sql};

/// Documentos of a record by pasta and name.
pub async fn list(tx: &mut TenantTx, dono: Dono) -> Result<Vec<Documento>, Fault> {
    sql::list(tx, dono).await
}

/// As [`list`], at most `limit` after the one at which a part of it ended (pasta, name, id); and how many there are in all.
pub async fn list_after(
    tx: &mut TenantTx,
    dono: Dono,
    after: Option<&(String, String, Uuid)>,
    limit: i64,
) -> Result<(Vec<Documento>, i64), Fault> {
    sql::list_after(tx, dono, after, limit).await
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

/// Notes that somebody opened or downloaded a file (LGPD: who saw what), in the trail of the record that it is of.
pub async fn note_opened(tx: &mut TenantTx, actor: &Actor, dono: Dono, documento: &Documento, number: i32) -> Result<(), Fault> {
    let mut after = facts(documento.id, &documento.pasta, &documento.nome);
    after["versao"] = number.into();
    note(tx, actor, dono, "documento.aberto", None, Some(after)).await
}
