use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kernel::{Fault, RequestMeta};
use tenancy::TenantTx;

use super::AparelhoId;
use crate::usuario::UsuarioId;

pub(super) async fn known(tx: &mut TenantTx, email: &str, hashes: &[Vec<u8>]) -> Result<Option<AparelhoId>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        r#"SELECT a.id AS "id: AparelhoId" FROM aparelho a JOIN usuario u ON u.id = a.usuario_id
           WHERE u.email = $1 AND a.token_hash = ANY ($2) AND a.expires_at > $3
           ORDER BY a.id LIMIT 1"#,
        email,
        hashes,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// `most`: until when one may be trusted that is trusted now.
pub(super) async fn is_trusted(
    tx: &mut TenantTx,
    usuario: UsuarioId,
    hashes: &[Vec<u8>],
    most: DateTime<Utc>,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM aparelho
               WHERE usuario_id = $1 AND token_hash = ANY ($2) AND expires_at > $3 AND trusted_until > $3 AND trusted_until <= $4
           ) AS "trusted!""#,
        usuario as _,
        hashes,
        now,
        most,
    )
    .fetch_one(tx.db())
    .await?)
}

/// `false` when none of them is the usuario's.
pub(super) async fn touch(
    tx: &mut TenantTx,
    usuario: UsuarioId,
    hashes: &[Vec<u8>],
    meta: &RequestMeta,
    expires_at: DateTime<Utc>,
    trusted_until: Option<DateTime<Utc>>,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE aparelho
         SET last_used_at = $3, expires_at = $4, trusted_until = coalesce($5, trusted_until), ip = $6, user_agent = $7
         WHERE usuario_id = $1 AND token_hash = ANY ($2) AND expires_at > $3",
        usuario as _,
        hashes,
        now,
        expires_at,
        trusted_until,
        meta.ip.map(IpNet::from) as _,
        meta.user_agent,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether the person has others, and none of that kind at that address: a browser that keeps no cookies is no news every day.
pub(super) async fn is_news(tx: &mut TenantTx, usuario: UsuarioId, meta: &RequestMeta) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT coalesce(bool_and(ip IS DISTINCT FROM $2 OR user_agent IS DISTINCT FROM $3), false) AS "news!"
           FROM aparelho WHERE usuario_id = $1"#,
        usuario as _,
        meta.ip.map(IpNet::from) as _,
        meta.user_agent,
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    usuario: UsuarioId,
    hash: [u8; 32],
    meta: &RequestMeta,
    expires_at: DateTime<Utc>,
    trusted_until: Option<DateTime<Utc>>,
) -> Result<(), Fault> {
    let (id, now) = (AparelhoId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "INSERT INTO aparelho (id, usuario_id, token_hash, created_at, last_used_at, expires_at, trusted_until, ip, user_agent)
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)",
        id as _,
        usuario as _,
        &hash,
        now,
        expires_at,
        trusted_until,
        meta.ip.map(IpNet::from) as _,
        meta.user_agent,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// From now on each of the usuario's aparelhos is asked for the second factor.
pub(crate) async fn distrust(tx: &mut TenantTx, usuario: UsuarioId) -> Result<(), Fault> {
    sqlx::query!("UPDATE aparelho SET trusted_until = NULL WHERE usuario_id = $1 AND trusted_until IS NOT NULL", usuario as _)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// None of them is known any more.
pub(crate) async fn forget_all(tx: &mut TenantTx, usuario: UsuarioId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM aparelho WHERE usuario_id = $1", usuario as _).execute(tx.db()).await?;
    Ok(())
}

/// Those that were not used for long. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!("DELETE FROM aparelho WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok(done.rows_affected())
}
