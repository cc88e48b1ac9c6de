use acesso::Segredo;
use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kernel::{Email, Fault, RequestMeta};
use tenancy::{PlatformTx, Sealed};
use uuid::Uuid;

use super::{AdminId, Sessao};

/// A convite with its sealed second factor; older ones to the same address stop working.
pub(super) async fn insert_convite(
    tx: &mut PlatformTx,
    segredo: &Segredo,
    email: &Email,
    totp: &Sealed,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE platform.admin_convite SET used_at = $2 WHERE email = $1 AND used_at IS NULL", email.as_str(), now)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "INSERT INTO platform.admin_convite (token_hash, email, totp_secret, expires_at) VALUES ($1, $2, $3, $4)",
        &segredo.hash()[..],
        email.as_str(),
        totp.0,
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// E-mail and sealed second factor of a link, as long as the link works.
pub(super) async fn find_convite(tx: &mut PlatformTx, segredo: &Segredo) -> Result<Option<(String, Sealed)>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        "SELECT email, totp_secret FROM platform.admin_convite WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        &segredo.hash()[..],
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| (row.email, Sealed(row.totp_secret))))
}

/// `false` when the link is used up. Of two at once the second waits here.
pub(super) async fn consume_convite(tx: &mut PlatformTx, segredo: &Segredo) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE platform.admin_convite SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL",
        &segredo.hash()[..],
        now
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether anybody may enter the console.
pub(super) async fn has_admin(tx: &mut PlatformTx) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM platform.admin WHERE ativo) AS "has!""#).fetch_one(tx.db()).await?)
}

pub(super) struct NovoAdmin<'a> {
    pub id: AdminId,
    pub nome: &'a str,
    pub email: &'a str,
    /// In PHC form.
    pub senha: &'a str,
    pub totp: &'a Sealed,
    /// Of the code that proved the second factor.
    pub totp_step: i64,
}

/// `false` when the e-mail is taken.
pub(super) async fn insert_admin(tx: &mut PlatformTx, novo: NovoAdmin<'_>) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO platform.admin (id, nome, email, senha, totp_secret, totp_step, created_at, last_access_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT ON CONSTRAINT admin_email_key DO NOTHING",
        novo.id as _,
        novo.nome,
        novo.email,
        novo.senha,
        novo.totp.0,
        novo.totp_step,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The active admin of an e-mail, with the password in PHC form.
pub(super) async fn find_senha(tx: &mut PlatformTx, email: &str) -> Result<Option<(AdminId, String)>, Fault> {
    let row = sqlx::query!(r#"SELECT id AS "id: AdminId", senha FROM platform.admin WHERE email = $1 AND ativo"#, email)
        .fetch_optional(tx.db())
        .await?;
    Ok(row.map(|row| (row.id, row.senha)))
}

/// The sealed second factor and the step of its last code; nobody else uses one before this transaction ends.
pub(super) async fn lock_totp(tx: &mut PlatformTx, id: AdminId) -> Result<(Sealed, i64), Fault> {
    let row = sqlx::query!("SELECT totp_secret, totp_step FROM platform.admin WHERE id = $1 FOR UPDATE", id as _)
        .fetch_one(tx.db())
        .await?;
    Ok((Sealed(row.totp_secret), row.totp_step))
}

/// Notes that an admin came in with the code of `step`.
pub(super) async fn entered(tx: &mut PlatformTx, id: AdminId, step: i64) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE platform.admin SET totp_step = $2, last_access_at = $3 WHERE id = $1", id as _, step, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn insert_sessao(
    tx: &mut PlatformTx,
    admin: AdminId,
    segredo: &Segredo,
    complete: bool,
    expires_at: DateTime<Utc>,
    meta: &RequestMeta,
) -> Result<(), Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO platform.admin_sessao
             (id, admin_id, token_hash, complete, ip, user_agent, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        id,
        admin as _,
        &segredo.hash()[..],
        complete,
        meta.ip.map(IpNet::from) as _,
        meta.user_agent,
        now,
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A session that is not over, used after `used_since`, of an admin who is not switched off.
pub(super) async fn find_sessao(
    tx: &mut PlatformTx,
    segredo: &Segredo,
    used_since: DateTime<Utc>,
) -> Result<Option<Sessao>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Sessao,
        r#"SELECT s.id, s.admin_id AS "admin_id: AdminId", a.nome, a.email, s.complete, s.last_used_at
           FROM platform.admin_sessao s JOIN platform.admin a ON a.id = s.admin_id
           WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND s.last_used_at > $3 AND a.ativo"#,
        &segredo.hash()[..],
        now,
        used_since,
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn touch_sessao(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE platform.admin_sessao SET last_used_at = $2 WHERE id = $1", id, now).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn end_sessao(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE platform.admin_sessao SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", id, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Takes away windows that began at `since` or before; not those that another attempt holds, for it would wait in turn.
pub(super) async fn drop_windows(tx: &mut PlatformTx, since: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM platform.admin_tentativa t USING (
             SELECT key FROM platform.admin_tentativa WHERE started_at <= $1 FOR UPDATE SKIP LOCKED
         ) over WHERE t.key = over.key",
        since,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Counts an attempt under `key`; a window that began at `since` or before gives way to one that begins now. Returns how
/// many attempts the window has.
pub(super) async fn count_attempt(tx: &mut PlatformTx, key: &str, since: DateTime<Utc>) -> Result<i32, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "INSERT INTO platform.admin_tentativa AS t (key, failures, started_at) VALUES ($1, 1, $2)
         ON CONFLICT (key) DO UPDATE SET
             failures = CASE WHEN t.started_at <= $3 THEN 1 ELSE least(t.failures, 1000000) + 1 END,
             started_at = CASE WHEN t.started_at <= $3 THEN $2 ELSE t.started_at END
         RETURNING failures",
        key,
        now,
        since,
    )
    .fetch_one(tx.db())
    .await?)
}

/// Takes the last attempt back, or all of them.
pub(super) async fn forgive(tx: &mut PlatformTx, key: &str, last_only: bool) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE platform.admin_tentativa SET failures = CASE WHEN $2 THEN greatest(failures - 1, 0) ELSE 0 END WHERE key = $1",
        key,
        last_only,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
