use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use kernel::{Fault, RequestMeta, Scope};
use messaging::notificacao;
use sqlx::types::Json;
use tenancy::TenantTx;

use super::{Method, Sessao, SessaoId};
use crate::{perfil::Ajustes, usuario::UsuarioId};

pub(super) struct Nova<'a> {
    pub id: SessaoId,
    pub usuario: UsuarioId,
    pub token_hash: [u8; 32],
    pub method: Method,
    pub now: DateTime<Utc>,
    pub idle_until: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub meta: &'a RequestMeta,
}

pub(super) async fn insert(tx: &mut TenantTx, nova: Nova<'_>) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO sessao (id, usuario_id, token_hash, method, created_at, last_used_at, idle_until, expires_at, ip, user_agent)
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)",
        nova.id as _,
        nova.usuario as _,
        &nova.token_hash,
        nova.method.code(),
        nova.now,
        nova.idle_until,
        nova.expires_at,
        nova.meta.ip.map(IpNet::from) as _,
        nova.meta.user_agent,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Other limits for every sessão that is not over: from its last use and from its beginning.
pub(super) async fn limit(tx: &mut TenantTx, idle: TimeDelta, absolute: TimeDelta) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE sessao SET idle_until = last_used_at + make_interval(secs => $2), expires_at = created_at + make_interval(secs => $3)
         WHERE ended_at IS NULL AND idle_until > $1 AND expires_at > $1 AND method <> 'telefone'",
        now,
        idle.as_seconds_f64(),
        absolute.as_seconds_f64(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A sessão that is not over, with its usuario and what their perfil holds.
pub(crate) struct Viva {
    pub id: SessaoId,
    pub last_used_at: DateTime<Utc>,
    pub usuario: UsuarioId,
    pub nome: String,
    pub email: String,
    pub foto: Option<String>,
    pub fuso: Option<String>,
    pub administrador: bool,
    pub permissoes: Option<Json<BTreeMap<String, Scope>>>,
    pub ajustes: Option<Json<Ajustes>>,
    pub unread: i64,
    /// Linked to accounts in other unidades.
    pub vizinhas: bool,
}

/// Runs at every request: everything about who is there in one round trip, with what the bell shows: an index holds the unread
/// ones alone, and no more than the badge can say are counted. A usuario who was deactivated meanwhile is
/// not found, whatever their sessões say.
pub(crate) async fn find(tx: &mut TenantTx, token_hash: [u8; 32]) -> Result<Option<Viva>, Fault> {
    let now = tx.clock().now();
    let viva = sqlx::query_as!(
        Viva,
        r#"SELECT s.id AS "id: SessaoId", s.last_used_at, u.id AS "usuario: UsuarioId", u.nome, u.email, u.foto, u.fuso, p.administrador,
                  u.conta_id IS NOT NULL AS "vizinhas!",
                  (SELECT jsonb_object_agg(pp.permissao, pp.escopo) FROM perfil_permissao pp WHERE pp.perfil_id = p.id)
                      AS "permissoes: Json<BTreeMap<String, Scope>>",
                  (SELECT jsonb_object_agg(up.permissao, up.escopo) FROM usuario_permissao up
                   WHERE up.usuario_id = u.id AND (up.expires_at IS NULL OR up.expires_at > $2)) AS "ajustes: Json<Ajustes>",
                  (SELECT count(*) FROM (SELECT FROM notificacao n WHERE n.usuario_id = u.id AND n.read_at IS NULL LIMIT $3) x)
                      AS "unread!"
           FROM sessao s
           JOIN usuario u ON u.id = s.usuario_id
           JOIN perfil p ON p.id = u.perfil_id
           WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.idle_until > $2 AND s.expires_at > $2 AND u.ativo
             AND u.kind = 'pessoa'"#,
        &token_hash,
        now,
        notificacao::UNREAD_MAX,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(viva)
}

/// Moves the idle limit on; its length is what it was when the sessão was opened. The usuario is locked first, as by whatever
/// ends sessões.
pub(crate) async fn touch(tx: &mut TenantTx, id: SessaoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "WITH who AS (
             SELECT u.id FROM sessao s JOIN usuario u ON u.id = s.usuario_id WHERE s.id = $1 FOR NO KEY UPDATE OF u
         ), used AS (
             UPDATE sessao s SET last_used_at = $2, idle_until = $2 + (s.idle_until - s.last_used_at)
             FROM who
             WHERE s.id = $1 AND s.usuario_id = who.id AND s.last_used_at < $2 AND s.ended_at IS NULL
             RETURNING s.usuario_id
         )
         UPDATE usuario u SET last_seen_at = $2 FROM used WHERE u.id = used.usuario_id",
        id as _,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn list(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Sessao>, Fault> {
    let now = tx.clock().now();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: SessaoId", created_at, last_used_at, ip AS "ip: IpNet", user_agent
           FROM sessao
           WHERE usuario_id = $1 AND ended_at IS NULL AND idle_until > $2 AND expires_at > $2
           ORDER BY last_used_at DESC, id DESC
           LIMIT 100"#,
        usuario as _,
        now,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Sessao {
            id: row.id,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            ip: row.ip.map(|net| net.addr()),
            user_agent: row.user_agent,
        })
        .collect())
}

/// `false` when there is none of that id that is not over.
pub(crate) async fn end(tx: &mut TenantTx, id: SessaoId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done =
        sqlx::query!("UPDATE sessao SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", id as _, now).execute(tx.db()).await?;
    Ok(done.rows_affected() > 0)
}

/// As [`end`], when it is of `usuario`.
pub(super) async fn end_of(tx: &mut TenantTx, usuario: UsuarioId, id: SessaoId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE sessao SET ended_at = $3 WHERE id = $1 AND usuario_id = $2 AND ended_at IS NULL AND expires_at > $3 AND idle_until > $3",
        id as _,
        usuario as _,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends all sessões of a usuario but `kept`. Returns how many.
pub(super) async fn end_all(tx: &mut TenantTx, usuario: UsuarioId, kept: Option<SessaoId>) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE sessao SET ended_at = $2 WHERE usuario_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $3",
        usuario as _,
        now,
        kept as _,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

/// Ends those that were opened in one way.
pub(super) async fn end_by(tx: &mut TenantTx, usuario: UsuarioId, method: Method) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE sessao SET ended_at = $2 WHERE usuario_id = $1 AND ended_at IS NULL AND method = $3",
        usuario as _,
        now,
        method.code(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Forgets what was over before `before`. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<u64, Fault> {
    let done =
        sqlx::query!("DELETE FROM sessao WHERE least(ended_at, idle_until, expires_at) < $1", before).execute(tx.db()).await?;
    Ok(done.rows_affected())
}
