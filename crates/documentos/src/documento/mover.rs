use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Dono, sql};

/// How many documentos of a record there are, without the lixeira.
pub async fn count(tx: &mut TenantTx, dono: Dono) -> Result<i64, Fault> {
    sql::count(tx, dono).await
}

/// Keeps every documento of one record with another from now on, those in the lixeira as well, each with all its versões.
/// Answers which they are. The caller may change both records and tells it in their trails.
pub async fn mover(tx: &mut TenantTx, from: Dono, to: Dono) -> Result<Vec<Uuid>, Fault> {
    sql::rehang(tx, from, to).await
}

/// Of `ids`, those that are still kept with `from` go to `to`. Answers how many.
pub async fn devolver(tx: &mut TenantTx, ids: &[Uuid], from: Dono, to: Dono) -> Result<u64, Fault> {
    sql::rehang_these(tx, ids, from, to).await
}
