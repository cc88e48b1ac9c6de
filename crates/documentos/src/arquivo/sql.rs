use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Arquivo;

/// Answers false when there is no room. The row of the sum is held until the transaction ends.
pub(super) async fn reserve(tx: &mut TenantTx, arquivo: &Arquivo, miniatura: bool, quota: u64) -> Result<bool, Fault> {
    let bytes = i64::try_from(arquivo.bytes).map_err(|e| Fault::new("bytes of a file", e))?;
    let fits = sqlx::query!(
        "UPDATE arquivo_uso SET bytes = bytes + $1 WHERE bytes + $1 <= $2",
        bytes,
        i64::try_from(quota).unwrap_or(i64::MAX)
    )
    .execute(tx.db())
    .await?;
    if fits.rows_affected() == 0 {
        return Ok(false);
    }
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO arquivo (id, kind, bytes, hash, miniatura, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        arquivo.id.uuid(),
        arquivo.kind.code(),
        bytes,
        &arquivo.sha256,
        miniatura,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(true)
}

/// Gives the room of contents back that are gone from the store. Those that a documento took meanwhile stay.
pub(crate) async fn forget(tx: &mut TenantTx, ids: &[Uuid]) -> Result<u64, Fault> {
    let gone = sqlx::query!(
        "WITH gone AS (
             DELETE FROM arquivo a WHERE a.id = ANY ($1) AND NOT EXISTS (SELECT FROM documento_versao v WHERE v.arquivo_id = a.id)
             RETURNING a.bytes
         )
         UPDATE arquivo_uso SET bytes = bytes - (SELECT coalesce(sum(gone.bytes), 0)::bigint FROM gone)
         WHERE EXISTS (SELECT FROM gone)",
        ids
    )
    .execute(tx.db())
    .await?;
    Ok(gone.rows_affected())
}

/// Contents that came before `instant` and belong to no documento.
pub(crate) async fn unclaimed(tx: &mut TenantTx, instant: DateTime<Utc>, limit: i64) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "SELECT a.id FROM arquivo a
         WHERE a.created_at < $1 AND NOT EXISTS (SELECT FROM documento_versao v WHERE v.arquivo_id = a.id)
         ORDER BY a.created_at LIMIT $2",
        instant,
        limit
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Contents of documentos after the id `after`, in the order of their ids.
pub(super) async fn claimed(tx: &mut TenantTx, after: Uuid, limit: i64) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "SELECT a.id FROM arquivo a
         WHERE a.id > $1 AND EXISTS (SELECT FROM documento_versao v WHERE v.arquivo_id = a.id)
         ORDER BY a.id LIMIT $2",
        after,
        limit
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Those of `ids` that have a row.
pub(crate) async fn known(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    Ok(sqlx::query_scalar!("SELECT id FROM arquivo WHERE id = ANY ($1)", ids).fetch_all(tx.db()).await?)
}
