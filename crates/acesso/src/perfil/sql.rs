use std::collections::BTreeMap;

use kernel::{Fault, Scope};
use sqlx::types::Json;
use tenancy::TenantTx;

use super::{Perfil, PerfilId};
use crate::usuario::UsuarioId;

struct Row {
    id: PerfilId,
    nome: String,
    administrador: bool,
    permissoes: Option<Json<BTreeMap<String, Scope>>>,
}

impl From<Row> for Perfil {
    fn from(row: Row) -> Self {
        let permissoes = row.permissoes.map(|Json(held)| held).unwrap_or_default();
        Self { id: row.id, nome: row.nome, administrador: row.administrador, permissoes }
    }
}

/// All perfis, the most powerful first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Perfil>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT p.id AS "id: PerfilId", p.nome, p.administrador,
                  (SELECT jsonb_object_agg(pp.permissao, pp.escopo) FROM perfil_permissao pp WHERE pp.perfil_id = p.id)
                      AS "permissoes: Json<BTreeMap<String, Scope>>"
           FROM perfil p ORDER BY p.administrador DESC, p.nome"#
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Perfil::from).collect())
}

/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: PerfilId) -> Result<Option<Perfil>, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT p.id AS "id: PerfilId", p.nome, p.administrador,
                  (SELECT jsonb_object_agg(pp.permissao, pp.escopo) FROM perfil_permissao pp WHERE pp.perfil_id = p.id)
                      AS "permissoes: Json<BTreeMap<String, Scope>>"
           FROM perfil p WHERE p.id = $1"#,
        id as _,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(Perfil::from))
}

pub(crate) async fn of_usuario(tx: &mut TenantTx, id: UsuarioId) -> Result<Perfil, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT p.id AS "id: PerfilId", p.nome, p.administrador,
                  (SELECT jsonb_object_agg(pp.permissao, pp.escopo) FROM perfil_permissao pp WHERE pp.perfil_id = p.id)
                      AS "permissoes: Json<BTreeMap<String, Scope>>"
           FROM perfil p JOIN usuario u ON u.perfil_id = p.id WHERE u.id = $1"#,
        id as _,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(row.into())
}

/// The preset that holds everything.
pub(crate) async fn administrador(tx: &mut TenantTx) -> Result<PerfilId, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT id AS "id: PerfilId" FROM perfil WHERE key = 'administrador'"#).fetch_one(tx.db()).await?)
}

/// Names of the administradores who come here, the latest seen first: those one can ask.
///
/// # Errors
/// A fault of the database.
pub async fn administradores(tx: &mut TenantTx) -> Result<Vec<String>, Fault> {
    Ok(sqlx::query_scalar!(
        "SELECT u.nome FROM usuario u JOIN perfil p ON p.id = u.perfil_id
         WHERE p.administrador AND u.ativo ORDER BY u.last_seen_at DESC NULLS LAST, u.nome LIMIT 5"
    )
    .fetch_all(tx.db())
    .await?)
}
