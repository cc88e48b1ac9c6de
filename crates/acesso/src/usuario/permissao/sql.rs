use chrono::{DateTime, Utc};
use kernel::{Fault, Scope};
use tenancy::TenantTx;

use super::Ajuste;
use crate::usuario::UsuarioId;

struct Row {
    permissao: String,
    escopo: Option<String>,
    expires_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    created_by_nome: String,
}

impl From<Row> for Ajuste {
    fn from(row: Row) -> Self {
        let escopo = row.escopo.map(|code| match code.as_str() {
            "todas" => Scope::Todas,
            "vinculadas" => Scope::Vinculadas,
            _ => Scope::Proprias,
        });
        let Row { permissao, expires_at, created_at, created_by_nome, .. } = row;
        Self { permissao, escopo, expires_at, created_at, created_by_nome }
    }
}

/// All that was decided for one usuario, also what is over.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Ajuste>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT permissao, escopo, expires_at, created_at, created_by_nome FROM usuario_permissao WHERE usuario_id = $1
         ORDER BY permissao",
        usuario as _
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(Ajuste::from).collect())
}

pub(super) async fn find(tx: &mut TenantTx, usuario: UsuarioId, code: &str) -> Result<Option<Ajuste>, Fault> {
    let row = sqlx::query_as!(
        Row,
        "SELECT permissao, escopo, expires_at, created_at, created_by_nome FROM usuario_permissao
         WHERE usuario_id = $1 AND permissao = $2",
        usuario as _,
        code
    );
    Ok(row.fetch_optional(tx.db()).await?.map(Ajuste::from))
}

/// Of two who decide about one usuario, the second sees what the first did.
pub(super) async fn lock(tx: &mut TenantTx, usuario: UsuarioId) -> Result<bool, Fault> {
    let row = sqlx::query!("SELECT id FROM usuario WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", usuario as _);
    Ok(row.fetch_optional(tx.db()).await?.is_some())
}

pub(super) async fn put(
    tx: &mut TenantTx,
    usuario: UsuarioId,
    code: &str,
    escopo: Option<Scope>,
    expires_at: Option<DateTime<Utc>>,
    by: &str,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO usuario_permissao (usuario_id, permissao, escopo, expires_at, created_at, created_by_nome)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT ON CONSTRAINT usuario_permissao_pkey DO UPDATE
         SET escopo = excluded.escopo, expires_at = excluded.expires_at, created_at = excluded.created_at,
             created_by_nome = excluded.created_by_nome",
        usuario as _,
        code,
        escopo.map(Scope::code),
        expires_at,
        now,
        by
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut TenantTx, usuario: UsuarioId, code: &str) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM usuario_permissao WHERE usuario_id = $1 AND permissao = $2", usuario as _, code)
        .execute(tx.db())
        .await?;
    Ok(())
}
