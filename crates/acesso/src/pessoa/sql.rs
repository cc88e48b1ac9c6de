use kernel::Fault;
use tenancy::{TenantTx, pessoa};
use uuid::Uuid;

use super::Fiador;
use crate::{
    sessao::{Conta, Method, SessaoId},
    usuario::{self, UsuarioId},
};

/// The link of an account, as its unidade knows it.
pub(crate) async fn own(tx: &mut TenantTx, id: UsuarioId) -> Result<Option<Uuid>, Fault> {
    Ok(sqlx::query_scalar!("SELECT conta_id FROM usuario WHERE id = $1 AND ativo", id as _)
        .fetch_optional(tx.db())
        .await?
        .flatten())
}

pub(super) async fn clear(tx: &mut TenantTx, id: UsuarioId) -> Result<bool, Fault> {
    let done = sqlx::query!("UPDATE usuario SET conta_id = NULL WHERE id = $1 AND conta_id IS NOT NULL", id as _)
        .execute(tx.db())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Opened by what only the person has: codes and links go through what the unidade's administrador sets up or hands over.
pub(super) async fn vouches(tx: &mut TenantTx, id: UsuarioId, sessao: SessaoId) -> Result<Option<Fiador>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        "SELECT u.nome, u.email, u.conta_id, s.method
         FROM sessao s JOIN usuario u ON u.id = s.usuario_id
         WHERE s.id = $1 AND u.id = $2 AND s.ended_at IS NULL AND s.idle_until > $3 AND s.expires_at > $3 AND u.ativo
           AND u.kind = 'pessoa' AND s.method IN ('senha', 'chave', 'passagem')",
        sessao as _,
        id as _,
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Fiador { nome: row.nome, email: row.email, conta_id: row.conta_id, method: Method::of(&row.method) }))
}

/// `false` when the sessão does not vouch any more.
pub(super) async fn set(tx: &mut TenantTx, (id, sessao): (UsuarioId, SessaoId), conta: Uuid) -> Result<bool, Fault> {
    usuario::lock(tx, id).await?;
    if vouches(tx, id, sessao).await?.is_none() {
        return Ok(false);
    }
    sqlx::query!("UPDATE usuario SET conta_id = $2 WHERE id = $1", id as _, conta).execute(tx.db()).await?;
    Ok(true)
}

/// The account of a link that its own unidade still says.
pub(super) async fn enters(tx: &mut TenantTx, conta: &pessoa::Conta) -> Result<Option<Conta>, Fault> {
    let row = sqlx::query!(
        r#"SELECT id AS "id: UsuarioId", nome, idioma FROM usuario
           WHERE id = $1 AND conta_id = $2 AND ativo AND kind = 'pessoa'"#,
        conta.usuario,
        conta.id,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) }))
}
