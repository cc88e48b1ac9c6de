use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kernel::Fault;
use messaging::MensagemId;
use tenancy::TenantTx;

use super::{Chegada, Mailed, Passo, PassoId};
use crate::{
    segredo::Segredo,
    sessao::{Conta, Method},
    usuario::{self, UsuarioId},
};

pub(super) async fn insert(
    tx: &mut TenantTx,
    id: PassoId,
    chegada: &Chegada<'_>,
    cookie: &Segredo,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO passo (id, usuario_id, token_hash, method, created_at, expires_at, ip, user_agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id as _,
        chegada.conta.id as _,
        &cookie.hash(),
        chegada.method.code(),
        now,
        expires_at,
        chegada.meta.ip.map(IpNet::from) as _,
        chegada.meta.user_agent,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A usuario who was deactivated meanwhile is not found.
pub(super) async fn find(tx: &mut TenantTx, token_hash: [u8; 32]) -> Result<Option<Passo>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"SELECT p.id AS "id: PassoId", p.method, p.created_at, p.codigo_hash, p.codigo_expires_at, p.codigo_sent,
                  u.id AS "usuario: UsuarioId", u.nome, u.idioma, coalesce(m.state IN ('failed', 'dead'), false) AS "stuck!"
           FROM passo p JOIN usuario u ON u.id = p.usuario_id LEFT JOIN mensagem m ON m.id = p.mensagem_id
           WHERE p.token_hash = $1 AND p.ended_at IS NULL AND p.expires_at > $2 AND u.ativo"#,
        &token_hash,
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Passo {
        id: row.id,
        conta: Conta { id: row.usuario, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) },
        method: Method::of(&row.method),
        created_at: row.created_at,
        codigo: row.codigo_hash.zip(row.codigo_expires_at).map(|(hash, expires_at)| Mailed {
            hash,
            expires_at,
            stuck: row.stuck,
        }),
        codigo_sent: row.codigo_sent,
    }))
}

/// Nobody else uses the passo until the transaction ends. Its usuario comes first, as in everything that ends passos.
pub(super) async fn lock(tx: &mut TenantTx, token_hash: [u8; 32]) -> Result<(), Fault> {
    sqlx::query!(
        "SELECT id FROM usuario WHERE id = (SELECT p.usuario_id FROM passo p WHERE p.token_hash = $1) FOR NO KEY UPDATE",
        &token_hash
    )
    .fetch_optional(tx.db())
    .await?;
    sqlx::query!("SELECT id FROM passo WHERE token_hash = $1 FOR UPDATE", &token_hash).fetch_optional(tx.db()).await?;
    Ok(())
}

/// One more wrong code; how many there are now.
pub(super) async fn fail(tx: &mut TenantTx, id: PassoId) -> Result<i32, Fault> {
    Ok(sqlx::query_scalar!("UPDATE passo SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts", id as _)
        .fetch_one(tx.db())
        .await?)
}

/// `false` when it was over already.
pub(super) async fn end(tx: &mut TenantTx, id: PassoId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done =
        sqlx::query!("UPDATE passo SET ended_at = $2, codigo_hash = NULL WHERE id = $1 AND ended_at IS NULL", id as _, now)
            .execute(tx.db())
            .await?;
    Ok(done.rows_affected() > 0)
}

/// Of a usuario whose senha was changed, or who may enter no more.
pub(crate) async fn end_all(tx: &mut TenantTx, usuario: UsuarioId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE passo SET ended_at = $2, codigo_hash = NULL WHERE usuario_id = $1 AND ended_at IS NULL",
        usuario as _,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The newest code takes the place of the one before.
pub(super) async fn set_code(
    tx: &mut TenantTx,
    id: PassoId,
    hash: [u8; 32],
    expires_at: DateTime<Utc>,
    mensagem: MensagemId,
) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE passo SET codigo_hash = $2, codigo_expires_at = $3, codigo_sent = codigo_sent + 1, mensagem_id = $4 WHERE id = $1",
        id as _,
        &hash,
        expires_at,
        mensagem as _,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Those that are over. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!("DELETE FROM passo WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok(done.rows_affected())
}
