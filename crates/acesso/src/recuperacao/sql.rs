use kernel::{Email, Fault};
use tenancy::TenantTx;

use super::{Aberta, RecuperacaoId, VALID};
use crate::{
    segredo::Segredo,
    sessao::Conta,
    usuario::{self, UsuarioId},
};

/// The active account of an e-mail.
pub(super) async fn find_usuario(tx: &mut TenantTx, email: &Email) -> Result<Option<UsuarioId>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT id AS "id: UsuarioId" FROM usuario WHERE email = $1 AND ativo AND kind = 'pessoa'"#,
        email.as_str()
    )
    .fetch_optional(tx.db())
    .await?)
}

/// A link in place of those of the same usuario that were not used.
pub(super) async fn insert(tx: &mut TenantTx, usuario: UsuarioId, token: &Segredo) -> Result<(), Fault> {
    let (id, now) = (RecuperacaoId::new(tx.clock().uuid()), tx.clock().now());
    usuario::lock(tx, usuario).await?;
    sqlx::query!("DELETE FROM recuperacao WHERE usuario_id = $1 AND used_at IS NULL", usuario as _).execute(tx.db()).await?;
    sqlx::query!(
        "INSERT INTO recuperacao (id, usuario_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        id as _,
        usuario as _,
        &token.hash(),
        now,
        now + VALID,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whose link it is, as long as it works.
///
/// # Errors
/// A fault of the database.
pub async fn find_open(tx: &mut TenantTx, token: &Segredo) -> Result<Option<Aberta>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Aberta,
        "SELECT u.nome, u.email FROM recuperacao r JOIN usuario u ON u.id = r.usuario_id
         WHERE r.token_hash = $1 AND r.used_at IS NULL AND r.expires_at > $2 AND u.ativo",
        &token.hash(),
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Uses a link up. Of two at once the second waits here and finds it used.
pub(super) async fn consume(tx: &mut TenantTx, token: &Segredo) -> Result<Option<(Conta, String)>, Fault> {
    let now = tx.clock().now();
    // First of all, as whatever ends links does.
    sqlx::query!(
        "SELECT id FROM usuario WHERE id = (SELECT r.usuario_id FROM recuperacao r WHERE r.token_hash = $1) FOR NO KEY UPDATE",
        &token.hash(),
    )
    .fetch_optional(tx.db())
    .await?;
    let row = sqlx::query!(
        r#"UPDATE recuperacao r SET used_at = $2
           FROM usuario u
           WHERE u.id = r.usuario_id AND r.token_hash = $1 AND r.used_at IS NULL AND r.expires_at > $2 AND u.ativo
           RETURNING u.id AS "id: UsuarioId", u.nome, u.email, u.idioma"#,
        &token.hash(),
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| (Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) }, row.email)))
}

/// Links of a usuario that were not used lead nowhere any more: the address is no longer theirs, they have another senha, or they
/// may enter no more.
pub(crate) async fn end_all(tx: &mut TenantTx, usuario: UsuarioId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM recuperacao WHERE usuario_id = $1 AND used_at IS NULL", usuario as _).execute(tx.db()).await?;
    Ok(())
}

/// Those that are over. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!("DELETE FROM recuperacao WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok(done.rows_affected())
}
