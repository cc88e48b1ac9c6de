use std::net::IpAddr;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kernel::Fault;
use tenancy::TenantTx;

use super::Found;
use crate::{
    sessao::Conta,
    usuario::{self, UsuarioId},
};

/// The active account of an e-mail, if it has a password.
pub(super) async fn find(tx: &mut TenantTx, email: &str) -> Result<Option<Found>, Fault> {
    let row = sqlx::query!(
        r#"SELECT u.id AS "id: UsuarioId", u.nome, u.idioma, c.secret
           FROM usuario u
           JOIN credencial c ON c.usuario_id = u.id AND c.method = 'senha'
           WHERE u.email = $1 AND u.ativo"#,
        email,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Found {
        conta: Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) },
        secret: row.secret,
    }))
}

/// Whether that password still opens that account; until the end of the transaction it goes on to. The usuario's row is
/// taken as it will be written: two of one account at once wait here and not for each other.
pub(super) async fn still_opens(tx: &mut TenantTx, usuario: UsuarioId, secret: &str) -> Result<bool, Fault> {
    let row = sqlx::query_scalar!(
        r#"SELECT true AS "opens!" FROM usuario u JOIN credencial c ON c.usuario_id = u.id AND c.method = 'senha'
           WHERE u.id = $1 AND u.ativo AND c.secret = $2 FOR NO KEY UPDATE OF u FOR SHARE OF c"#,
        usuario as _,
        secret,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.is_some())
}

/// Whether its person entered the account from this address in the days that sessões are remembered; an operator's link is no
/// place of theirs.
pub(super) async fn is_known_address(tx: &mut TenantTx, email: &str, ip: Option<IpAddr>) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM sessao s JOIN usuario u ON u.id = s.usuario_id
               WHERE u.email = $1 AND s.ip = $2 AND s.method <> 'entrada'
           ) AS "known!""#,
        email,
        ip.map(IpNet::from) as _,
    )
    .fetch_one(tx.db())
    .await?)
}

/// What a counter of failed attempts says after one more.
pub(super) struct Counted {
    pub key: String,
    pub count: i32,
}

/// Counts one more attempt under each of `keys`. A window that is over begins anew and ends at the instant of the same
/// place in `expires_at`; one that is not keeps its end.
pub(super) async fn count_attempt(
    tx: &mut TenantTx,
    keys: &[String],
    expires_at: &[DateTime<Utc>],
) -> Result<Vec<Counted>, Fault> {
    let now = tx.clock().now();
    // Sorted, so that two attempts never wait for each other's rows crosswise.
    Ok(sqlx::query_as!(
        Counted,
        r#"INSERT INTO tentativa AS t (key, count, expires_at)
           SELECT key, 1, expires_at FROM unnest($1::text[], $2::timestamptz[]) AS attempt (key, expires_at) ORDER BY key
           ON CONFLICT (key) DO UPDATE SET
               count = CASE WHEN t.expires_at <= $3 THEN 1 ELSE least(t.count, 1000000) + 1 END,
               expires_at = CASE WHEN t.expires_at <= $3 THEN excluded.expires_at ELSE t.expires_at END
           RETURNING t.key, t.count"#,
        keys,
        expires_at,
        now,
    )
    .fetch_all(tx.db())
    .await?)
}

/// Begins the counters `anew` anew and takes one attempt back from each of `wider`.
pub(super) async fn take_back(tx: &mut TenantTx, anew: &[String], wider: &[String]) -> Result<(), Fault> {
    sqlx::query!(
        "WITH anew AS (DELETE FROM tentativa WHERE key = ANY ($1))
         UPDATE tentativa SET count = count - 1 WHERE key = ANY ($2) AND count > 0",
        anew,
        wider,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Until when a counter stands at its limit.
pub(super) async fn spent_until(tx: &mut TenantTx, key: &str, failures: i32) -> Result<Option<DateTime<Utc>>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "SELECT expires_at FROM tentativa WHERE key = $1 AND count >= $2 AND expires_at > $3",
        key,
        failures,
        now
    )
    .fetch_optional(tx.db())
    .await?)
}

/// `likes` are patterns without anything that anybody typed.
pub(super) async fn clear_account(tx: &mut TenantTx, key: &str, likes: &[String]) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM tentativa WHERE key = $1 OR key LIKE ANY ($2)", key, likes).execute(tx.db()).await?;
    Ok(())
}

/// Forgets counters whose window is over. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!("DELETE FROM tentativa WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok(done.rows_affected())
}
