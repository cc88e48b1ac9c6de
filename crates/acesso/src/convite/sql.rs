use chrono::TimeDelta;
use kernel::{Email, Fault};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Convite, ConviteId, VALID};
use crate::{perfil::PerfilId, segredo::Segredo, usuario::UsuarioId};

pub(super) struct Novo<'a> {
    pub nome: &'a str,
    pub email: &'a Email,
    pub perfil: PerfilId,
    pub created_by: Option<Uuid>,
}

/// A convite in place of an older one to the same address; `None` when another transaction does the same at this moment.
pub(super) async fn insert(tx: &mut TenantTx, novo: Novo<'_>, token: &Segredo) -> Result<Option<ConviteId>, Fault> {
    let (id, now) = (ConviteId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "UPDATE convite SET revoked_at = $2 WHERE email = $1 AND used_at IS NULL AND revoked_at IS NULL",
        novo.email.as_str(),
        now
    )
    .execute(tx.db())
    .await?;
    let done = sqlx::query!(
        "INSERT INTO convite (id, nome, email, perfil_id, token_hash, created_at, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (email) WHERE used_at IS NULL AND revoked_at IS NULL DO NOTHING",
        id as _,
        novo.nome,
        novo.email.as_str(),
        novo.perfil as _,
        &token.hash(),
        now,
        novo.created_by,
        now + VALID,
    )
    .execute(tx.db())
    .await?;
    Ok((done.rows_affected() > 0).then_some(id))
}

/// The convite of a link, as long as the link works.
///
/// # Errors
/// A fault of the database.
pub async fn find_open(tx: &mut TenantTx, token: &Segredo) -> Result<Option<Convite>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Convite,
        r#"SELECT c.id AS "id: ConviteId", c.nome, c.email, c.perfil_id AS "perfil_id: PerfilId", p.nome AS perfil, c.created_at, c.expires_at
           FROM convite c JOIN perfil p ON p.id = c.perfil_id
           WHERE c.token_hash = $1 AND c.used_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > $2"#,
        &token.hash(),
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Convites that wait for their reader or waited in vain, newest first.
///
/// # Errors
/// A fault of the database.
pub async fn list_open(tx: &mut TenantTx) -> Result<Vec<Convite>, Fault> {
    Ok(sqlx::query_as!(
        Convite,
        r#"SELECT c.id AS "id: ConviteId", c.nome, c.email, c.perfil_id AS "perfil_id: PerfilId", p.nome AS perfil, c.created_at, c.expires_at
           FROM convite c JOIN perfil p ON p.id = c.perfil_id
           WHERE c.used_at IS NULL AND c.revoked_at IS NULL
           ORDER BY c.created_at DESC LIMIT 200"#,
    )
    .fetch_all(tx.db())
    .await?)
}

/// A convite that waits or waited in vain.
pub(super) async fn find(tx: &mut TenantTx, id: ConviteId) -> Result<Option<Convite>, Fault> {
    Ok(sqlx::query_as!(
        Convite,
        r#"SELECT c.id AS "id: ConviteId", c.nome, c.email, c.perfil_id AS "perfil_id: PerfilId", p.nome AS perfil, c.created_at, c.expires_at
           FROM convite c JOIN perfil p ON p.id = c.perfil_id
           WHERE c.id = $1 AND c.used_at IS NULL AND c.revoked_at IS NULL"#,
        id as _,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Another secret, and all its time again; whether it still waited.
pub(super) async fn renew(tx: &mut TenantTx, id: ConviteId, token: &Segredo) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE convite SET token_hash = $2, expires_at = $3 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL",
        id as _,
        &token.hash(),
        tx.clock().now() + VALID,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Where whoever is invited is to work.
pub(crate) async fn set_setor(tx: &mut TenantTx, id: ConviteId, setor: &str) -> Result<(), Fault> {
    sqlx::query!("UPDATE convite SET setor = $2 WHERE id = $1", id as _, setor).execute(tx.db()).await?;
    Ok(())
}

/// Whoever came by that convite works where it said.
pub(super) async fn hand_on_setor(tx: &mut TenantTx, id: ConviteId, usuario: UsuarioId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE usuario u SET setor = c.setor FROM convite c WHERE c.id = $1 AND u.id = $2 AND c.setor IS NOT NULL",
        id as _,
        usuario as _
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Uses a link up. Of two at once the second waits here and finds it used.
pub(super) async fn consume(tx: &mut TenantTx, token: &Segredo) -> Result<Option<Convite>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Convite,
        r#"UPDATE convite c SET used_at = $2
           FROM perfil p
           WHERE p.id = c.perfil_id
             AND c.token_hash = $1 AND c.used_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > $2
           RETURNING c.id AS "id: ConviteId", c.nome, c.email, c.perfil_id AS "perfil_id: PerfilId", p.nome AS perfil, c.created_at, c.expires_at"#,
        &token.hash(),
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Whether a convite of that perfil to that address still works.
pub(super) async fn waits(tx: &mut TenantTx, email: &Email, perfil: PerfilId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM convite
               WHERE email = $1 AND perfil_id = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3
           ) AS "waits!""#,
        email.as_str(),
        perfil as _,
        now,
    )
    .fetch_one(tx.db())
    .await?)
}

/// Address of the convite; `None` when it is no longer open.
pub(super) async fn revoke(tx: &mut TenantTx, id: ConviteId) -> Result<Option<String>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "UPDATE convite SET revoked_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL RETURNING email",
        id as _,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Those that ended long ago. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let before = tx.clock().now() - TimeDelta::days(super::KEPT_DAYS);
    let done = sqlx::query!("DELETE FROM convite WHERE coalesce(used_at, revoked_at, expires_at) < $1", before);
    Ok(done.execute(tx.db()).await?.rows_affected())
}
