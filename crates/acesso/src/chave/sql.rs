use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Chave, ChaveId};
use crate::{
    sessao::Conta,
    usuario::{self, UsuarioId},
};

pub(super) async fn insert_desafio(
    tx: &mut TenantTx,
    hash: [u8; 32],
    usuario: Option<UsuarioId>,
    kind: &str,
    state: &Value,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO desafio (token_hash, usuario_id, kind, state, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &hash,
        usuario as _,
        kind,
        state,
        now,
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn take_desafio(
    tx: &mut TenantTx,
    hash: [u8; 32],
    usuario: Option<UsuarioId>,
    kind: &str,
) -> Result<Option<Value>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "DELETE FROM desafio
         WHERE token_hash = $1 AND usuario_id IS NOT DISTINCT FROM $2 AND kind = $3 AND expires_at > $4
         RETURNING state",
        &hash,
        usuario as _,
        kind,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Questions that nobody answered. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!("DELETE FROM desafio WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok(done.rows_affected())
}

/// Those of a usuario, the newest first.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn list(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Chave>, Fault> {
    Ok(sqlx::query_as!(
        Chave,
        r#"SELECT id AS "id: ChaveId", nome, created_at, last_used_at FROM chave WHERE usuario_id = $1 ORDER BY id DESC"#,
        usuario as _,
    )
    .fetch_all(tx.db())
    .await?)
}

/// What the library knows of each chave of a usuario.
pub(super) async fn contents(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!("SELECT content FROM chave WHERE usuario_id = $1 ORDER BY id", usuario as _)
        .fetch_all(tx.db())
        .await?)
}

/// `false` when somebody has that chave already.
pub(super) async fn insert(
    tx: &mut TenantTx,
    usuario: UsuarioId,
    nome: &str,
    credencial: &[u8],
    content: &Value,
) -> Result<bool, Fault> {
    let (id, now) = (ChaveId::new(tx.clock().uuid()), tx.clock().now());
    let done = sqlx::query!(
        "INSERT INTO chave (id, usuario_id, nome, credencial_id, content, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (credencial_id) DO NOTHING",
        id as _,
        usuario as _,
        nome,
        credencial,
        content,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes a use, with the counter that the device told.
pub(super) async fn used(tx: &mut TenantTx, credencial: &[u8], content: &Value) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE chave SET content = $2, last_used_at = $3 WHERE credencial_id = $1", credencial, content, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Whose chave it is, when they may enter. Of two answers at once the second waits here and sees the counter of the first.
pub(super) async fn owner(tx: &mut TenantTx, usuario: Uuid, credencial: &[u8]) -> Result<Option<(Conta, Value)>, Fault> {
    let row = sqlx::query!(
        r#"SELECT u.id AS "id: UsuarioId", u.nome, u.idioma, c.content
           FROM chave c JOIN usuario u ON u.id = c.usuario_id
           WHERE u.id = $1 AND c.credencial_id = $2 AND u.ativo FOR UPDATE OF c"#,
        usuario,
        credencial,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| (Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) }, row.content)))
}

/// `false` when the usuario has no such chave.
pub(super) async fn rename(tx: &mut TenantTx, usuario: UsuarioId, id: ChaveId, nome: &str) -> Result<bool, Fault> {
    let done = sqlx::query!("UPDATE chave SET nome = $3 WHERE id = $1 AND usuario_id = $2", id as _, usuario as _, nome)
        .execute(tx.db())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// `false` when the usuario has no such chave.
pub(super) async fn delete(tx: &mut TenantTx, usuario: UsuarioId, id: ChaveId) -> Result<bool, Fault> {
    let done =
        sqlx::query!("DELETE FROM chave WHERE id = $1 AND usuario_id = $2", id as _, usuario as _).execute(tx.db()).await?;
    Ok(done.rows_affected() > 0)
}
