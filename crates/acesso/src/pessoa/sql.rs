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
    let done =
        sqlx::query!("UPDATE usuario SET conta_id = NULL, passagem = false WHERE id = $1 AND conta_id IS NOT NULL", id as _)
            .execute(tx.db())
            .await?;
    Ok(done.rows_affected() > 0)
}

/// The link stays, to be seen in a list; it leads nowhere.
pub(super) async fn stay(tx: &mut TenantTx, id: UsuarioId) -> Result<(), Fault> {
    sqlx::query!("UPDATE usuario SET passagem = false WHERE id = $1 AND passagem", id as _).execute(tx.db()).await?;
    Ok(())
}

/// Links that the register does not have (any more). Returns how many.
pub(super) async fn clear_but(tx: &mut TenantTx, known: &[Uuid]) -> Result<u64, Fault> {
    let done = sqlx::query!(
        "UPDATE usuario SET conta_id = NULL, passagem = false WHERE conta_id IS NOT NULL AND conta_id <> ALL ($1)",
        known
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

/// The account behind a sessão that stands.
pub(super) async fn standing(tx: &mut TenantTx, id: UsuarioId, sessao: SessaoId) -> Result<Option<Fiador>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        "SELECT u.nome, u.email, u.conta_id, u.passagem, s.method
         FROM sessao s JOIN usuario u ON u.id = s.usuario_id
         WHERE s.id = $1 AND u.id = $2 AND s.ended_at IS NULL AND s.idle_until > $3 AND s.expires_at > $3 AND u.ativo
           AND u.kind = 'pessoa'",
        sessao as _,
        id as _,
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Fiador {
        nome: row.nome,
        email: row.email,
        conta_id: row.conta_id,
        leads: Method::leads(&row.method),
        passagem: row.passagem,
    }))
}

/// `false` when the sessão does not stand any more, or proves less than it did.
pub(super) async fn set(
    tx: &mut TenantTx,
    (id, sessao): (UsuarioId, SessaoId),
    (conta, leads): (Uuid, bool),
) -> Result<bool, Fault> {
    usuario::lock(tx, id).await?;
    if standing(tx, id, sessao).await?.is_none_or(|fiador| leads && !fiador.leads) {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE usuario SET passagem = $3 OR (passagem AND conta_id IS NOT DISTINCT FROM $2), conta_id = $2 WHERE id = $1",
        id as _,
        conta,
        leads
    )
    .execute(tx.db())
    .await?;
    Ok(true)
}

/// An account whose link its own unidade still says.
pub(super) struct Ligada {
    pub conta: Conta,
    pub passagem: bool,
}

pub(super) async fn linked(tx: &mut TenantTx, conta: &pessoa::Conta) -> Result<Option<Ligada>, Fault> {
    let row = sqlx::query!(
        r#"SELECT id AS "id: UsuarioId", nome, idioma, passagem FROM usuario
           WHERE id = $1 AND conta_id = $2 AND ativo AND kind = 'pessoa'"#,
        conta.usuario,
        conta.id,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Ligada {
        conta: Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) },
        passagem: row.passagem,
    }))
}
