use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;

use super::{Token, TokenId};
use crate::usuario::UsuarioId;

pub(super) async fn insert(tx: &mut TenantTx, token: &Token, created_by: Option<uuid::Uuid>) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO token_api (id, nome, permissoes, created_at, created_by, created_by_nome, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        token.id as _,
        token.nome,
        &token.permissoes,
        token.created_at,
        created_by,
        token.created_by_nome,
        token.expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// All tokens, those that still count first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Token>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Token,
        r#"SELECT id AS "id: TokenId", nome, permissoes, created_at, created_by_nome, expires_at, revoked_at, last_used_at
           FROM token_api
           ORDER BY (revoked_at IS NULL AND expires_at > $1) DESC, created_at DESC
           LIMIT 500"#,
        now,
    )
    .fetch_all(tx.db())
    .await?)
}

/// What a request by token needs to know.
pub(crate) struct Valid {
    pub nome: String,
    pub permissoes: Vec<String>,
    pub last_used_at: Option<DateTime<Utc>>,
    /// The usuario who made it.
    pub created_by: Option<uuid::Uuid>,
}

/// A token does not outlive the account of whoever made it.
pub(crate) async fn find_valid(tx: &mut TenantTx, id: TokenId) -> Result<Option<Valid>, Fault> {
    Ok(sqlx::query_as!(
        Valid,
        "SELECT t.nome, t.permissoes, t.last_used_at, t.created_by FROM token_api t
         WHERE t.id = $1 AND t.revoked_at IS NULL
           AND NOT EXISTS (SELECT FROM usuario u WHERE u.id = t.created_by AND NOT u.ativo)",
        id as _,
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(crate) async fn touch(tx: &mut TenantTx, id: TokenId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE token_api SET last_used_at = greatest(last_used_at, $2) WHERE id = $1", id as _, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Name of the token, `None` when there is none that counts.
pub(super) async fn revoke(tx: &mut TenantTx, id: TokenId) -> Result<Option<String>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "UPDATE token_api SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING nome",
        id as _,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Those that `usuario` made and that count; by id with their names.
pub(super) async fn revoke_of(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<(TokenId, String)>, Fault> {
    let now = tx.clock().now();
    let rows = sqlx::query!(
        r#"UPDATE token_api SET revoked_at = $2 WHERE created_by = $1 AND revoked_at IS NULL AND expires_at > $2
           RETURNING id AS "id: TokenId", nome"#,
        usuario.uuid(),
        now,
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.id, row.nome)).collect())
}
