use chrono::{DateTime, TimeDelta, Utc};
use kernel::Fault;
use tenancy::TenantTx;

use super::{Aberta, EntradaId};
use crate::{
    segredo::Segredo,
    sessao::Conta,
    usuario::{self, UsuarioId},
};

/// A link in place of those of the same usuario that were not used.
pub(super) async fn insert(
    tx: &mut TenantTx,
    usuario: UsuarioId,
    token: &Segredo,
    expires_at: DateTime<Utc>,
) -> Result<EntradaId, Fault> {
    let (id, now) = (EntradaId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!("DELETE FROM entrada WHERE usuario_id = $1 AND used_at IS NULL", usuario as _).execute(tx.db()).await?;
    sqlx::query!(
        "INSERT INTO entrada (id, usuario_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        id as _,
        usuario as _,
        &token.hash(),
        now,
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// The entrada of a link, as long as the link works.
///
/// # Errors
/// A fault of the database.
pub async fn find_open(tx: &mut TenantTx, token: &Segredo) -> Result<Option<Aberta>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Aberta,
        "SELECT u.nome, u.email, e.expires_at
         FROM entrada e JOIN usuario u ON u.id = e.usuario_id
         WHERE e.token_hash = $1 AND e.used_at IS NULL AND e.expires_at > $2 AND u.ativo",
        &token.hash(),
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Uses a link up; whom it lets in, when it works. Of two at once the second waits here and finds it used.
pub(super) async fn consume(tx: &mut TenantTx, token: &Segredo) -> Result<Option<Conta>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"UPDATE entrada e SET used_at = $2
           FROM usuario u
           WHERE u.id = e.usuario_id AND e.token_hash = $1 AND e.used_at IS NULL AND e.expires_at > $2 AND u.ativo
           RETURNING u.id AS "id: UsuarioId", u.nome, u.idioma"#,
        &token.hash(),
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) }))
}

/// Those that ended long ago. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let before = tx.clock().now() - TimeDelta::days(super::KEPT_DAYS);
    let done = sqlx::query!("DELETE FROM entrada WHERE expires_at < $1", before);
    Ok(done.execute(tx.db()).await?.rows_affected())
}
