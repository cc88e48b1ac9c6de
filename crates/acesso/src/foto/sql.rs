use kernel::Fault;
use tenancy::TenantTx;

use crate::{imagem::Imagem, usuario::UsuarioId};

/// Keeps a picture in place of the one before, whose hash it answers.
pub(super) async fn set(tx: &mut TenantTx, id: UsuarioId, foto: &Imagem) -> Result<Option<String>, Fault> {
    let now = tx.clock().now();
    // The usuario first: two at once wait here.
    let before =
        sqlx::query_scalar!("SELECT foto FROM usuario WHERE id = $1 FOR NO KEY UPDATE", id as _).fetch_one(tx.db()).await?;
    sqlx::query!(
        "INSERT INTO usuario_foto (usuario_id, hash, bytes, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (usuario_id) DO UPDATE SET hash = excluded.hash, bytes = excluded.bytes, created_at = excluded.created_at",
        id as _,
        foto.hash,
        foto.bytes,
        now,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("UPDATE usuario SET foto = $2 WHERE id = $1", id as _, foto.hash).execute(tx.db()).await?;
    Ok(before)
}

/// Answers the hash of the picture that is gone.
pub(crate) async fn forget(tx: &mut TenantTx, id: UsuarioId) -> Result<Option<String>, Fault> {
    sqlx::query!("UPDATE usuario SET foto = NULL WHERE id = $1 AND foto IS NOT NULL", id as _).execute(tx.db()).await?;
    Ok(sqlx::query_scalar!("DELETE FROM usuario_foto WHERE usuario_id = $1 RETURNING hash", id as _)
        .fetch_optional(tx.db())
        .await?)
}

pub(super) async fn find(tx: &mut TenantTx, hash: &str) -> Result<Option<Vec<u8>>, Fault> {
    Ok(sqlx::query_scalar!("SELECT bytes FROM usuario_foto WHERE hash = $1 LIMIT 1", hash).fetch_optional(tx.db()).await?)
}
