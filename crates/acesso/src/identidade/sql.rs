use kernel::Fault;
use tenancy::TenantTx;

use crate::imagem::Imagem;

/// Keeps a logo; the same one twice is one row.
pub(super) async fn insert(tx: &mut TenantTx, logo: &Imagem) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO logo (hash, type, bytes, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
        logo.hash,
        logo.mime,
        logo.bytes,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Media type and bytes.
pub(super) async fn find(tx: &mut TenantTx, hash: &str) -> Result<Option<(String, Vec<u8>)>, Fault> {
    let row = sqlx::query!(r#"SELECT type AS "mime", bytes FROM logo WHERE hash = $1"#, hash).fetch_optional(tx.db()).await?;
    Ok(row.map(|row| (row.mime, row.bytes)))
}

/// Forgets every logo but the one that is shown.
pub(super) async fn keep_only(tx: &mut TenantTx, hash: Option<&str>) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM logo WHERE hash IS DISTINCT FROM $1", hash).execute(tx.db()).await?;
    Ok(())
}
