use std::collections::BTreeMap;

use kernel::{Fault, Grants, Permission, Scope};
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Ajustes, Perfil, PerfilId};
use crate::usuario::UsuarioId;

struct Row {
    id: PerfilId,
    nome: String,
    descricao: Option<String>,
    key: Option<String>,
    administrador: bool,
    permissoes: Option<Json<BTreeMap<String, Scope>>>,
    version: i32,
    usuarios: i64,
}

impl From<Row> for Perfil {
    fn from(row: Row) -> Self {
        Self {
            permissoes: row.permissoes.map(|Json(held)| held).unwrap_or_default(),
            id: row.id,
            nome: row.nome,
            descricao: row.descricao,
            key: row.key,
            administrador: row.administrador,
            version: row.version,
            usuarios: row.usuarios,
        }
    }
}

/// Every perfil is read by this one column list.
macro_rules! perfis {
    ($rest:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT p.id AS "id: PerfilId", p.nome, p.descricao, p.key, p.administrador, p.version,
                      (SELECT count(*) FROM usuario u WHERE u.perfil_id = p.id AND u.deleted_at IS NULL) AS "usuarios!",
                      (SELECT jsonb_object_agg(pp.permissao, pp.escopo) FROM perfil_permissao pp WHERE pp.perfil_id = p.id)
                          AS "permissoes: Json<BTreeMap<String, Scope>>"
               FROM perfil p "# + $rest
            $(, $arg)*
        )
    };
}

/// All perfis, the most powerful first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Perfil>, Fault> {
    let rows = perfis!("ORDER BY p.administrador DESC, p.nome").fetch_all(tx.db()).await?;
    Ok(rows.into_iter().map(Perfil::from).collect())
}

/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: PerfilId) -> Result<Option<Perfil>, Fault> {
    Ok(perfis!("WHERE p.id = $1", id as _).fetch_optional(tx.db()).await?.map(Perfil::from))
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: PerfilId) -> Result<Option<Perfil>, Fault> {
    // Locked before it is read: what another transaction wrote meanwhile is seen.
    sqlx::query!("SELECT id FROM perfil WHERE id = $1 FOR UPDATE", id as _).fetch_optional(tx.db()).await?;
    find(tx, id).await
}

pub(crate) async fn of_usuario(tx: &mut TenantTx, id: UsuarioId) -> Result<Perfil, Fault> {
    let row = perfis!("WHERE p.id = (SELECT u.perfil_id FROM usuario u WHERE u.id = $1)", id as _);
    Ok(row.fetch_one(tx.db()).await?.into())
}

/// The rights of a usuario that are in effect now.
pub(crate) async fn grants_of(tx: &mut TenantTx, id: UsuarioId) -> Result<Grants, Fault> {
    find_grants(tx, id).await?.ok_or_else(|| Fault::because("a usuario who is not there has no rights"))
}

/// As [`grants_of`]; `None` for a usuario who is not there.
pub(crate) async fn find_grants(tx: &mut TenantTx, id: UsuarioId) -> Result<Option<Grants>, Fault> {
    read(tx, id, true, true).await
}

/// The most that a usuario comes to hold by waiting: a denial that ends by itself gives back what it took. Whoever decides about
/// somebody is compared with this.
pub(crate) async fn most_of(tx: &mut TenantTx, id: UsuarioId) -> Result<Grants, Fault> {
    let most = read(tx, id, false, true).await?;
    most.ok_or_else(|| Fault::because("a usuario who is not there has no rights"))
}

/// What a usuario holds for good: what ends by itself is not theirs to give away.
pub(crate) async fn lasting_of(tx: &mut TenantTx, id: UsuarioId) -> Result<Grants, Fault> {
    let lasting = read(tx, id, true, false).await?;
    lasting.ok_or_else(|| Fault::because("a usuario who is not there has no rights"))
}

/// With the denials and with the grants that end by themselves, or without.
async fn read(tx: &mut TenantTx, id: UsuarioId, denials: bool, gifts: bool) -> Result<Option<Grants>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"SELECT p.administrador,
                  (SELECT jsonb_object_agg(pp.permissao, pp.escopo) FROM perfil_permissao pp WHERE pp.perfil_id = p.id)
                      AS "permissoes: Json<BTreeMap<String, Scope>>",
                  (SELECT jsonb_object_agg(up.permissao, up.escopo) FROM usuario_permissao up
                   WHERE up.usuario_id = u.id
                     AND (up.expires_at IS NULL
                          OR (up.expires_at > $2 AND CASE WHEN up.escopo IS NULL THEN $3::boolean ELSE $4::boolean END)))
                      AS "ajustes: Json<Ajustes>"
           FROM usuario u JOIN perfil p ON p.id = u.perfil_id WHERE u.id = $1"#,
        id as _,
        now,
        denials,
        gifts
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| {
        let (permissoes, ajustes) = (row.permissoes.map(|held| held.0), row.ajustes.map(|held| held.0));
        super::grants(row.administrador, permissoes.unwrap_or_default(), ajustes.unwrap_or_default())
    }))
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

/// `false` when the name is taken.
pub(super) async fn insert(
    tx: &mut TenantTx,
    id: PerfilId,
    nome: &str,
    descricao: Option<&str>,
    key: Option<&str>,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO perfil (id, nome, descricao, key, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT DO NOTHING",
        id as _,
        nome,
        descricao,
        key,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What it is called; `false` when the name is taken by another.
pub(super) async fn rename(tx: &mut TenantTx, id: PerfilId, nome: &str, descricao: Option<&str>) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE perfil SET nome = $2, descricao = $3, updated_at = $4, version = version + 1
         WHERE id = $1 AND NOT EXISTS (SELECT FROM perfil o WHERE o.nome = $2 AND o.id <> $1)",
        id as _,
        nome,
        descricao,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Of the new one `id` the same second factor is asked as of `origem`.
pub(super) async fn ask_as(tx: &mut TenantTx, id: PerfilId, origem: PerfilId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE perfil p SET segundo_fator = o.segundo_fator FROM perfil o WHERE p.id = $1 AND o.id = $2",
        id as _,
        origem as _
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It holds `permissoes` and nothing else.
pub(super) async fn hold(tx: &mut TenantTx, id: PerfilId, permissoes: &BTreeMap<String, Scope>) -> Result<(), Fault> {
    let (codes, scopes): (Vec<String>, Vec<String>) =
        permissoes.iter().map(|(code, scope)| (code.clone(), scope.code().to_owned())).unzip();
    sqlx::query!("DELETE FROM perfil_permissao WHERE perfil_id = $1 AND permissao <> ALL($2)", id as _, &codes)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
         SELECT $1, x.permissao, x.escopo FROM unnest($2::text[], $3::text[]) AS x (permissao, escopo)
         ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO UPDATE SET escopo = excluded.escopo",
        id as _,
        &codes,
        &scopes
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// How many usuários and open convites have it, those of usuários who are gone included.
pub(super) async fn uses(tx: &mut TenantTx, id: PerfilId) -> Result<(i64, i64), Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"SELECT (SELECT count(*) FROM usuario WHERE perfil_id = $1 AND deleted_at IS NULL) AS "usuarios!",
                  (SELECT count(*) FROM convite WHERE perfil_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2)
                      AS "convites!""#,
        id as _,
        now
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.usuarios, row.convites))
}

/// `false` when somebody was given it at this moment. Usuários who are gone go over to `heir`, convites that are over are
/// forgotten: the trail tells of them.
pub(super) async fn delete(tx: &mut TenantTx, id: PerfilId, heir: PerfilId) -> Result<bool, Fault> {
    sqlx::query!("UPDATE usuario SET perfil_id = $2 WHERE perfil_id = $1 AND deleted_at IS NOT NULL", id as _, heir as _)
        .execute(tx.db())
        .await?;
    let now = tx.clock().now();
    sqlx::query!(
        "DELETE FROM convite WHERE perfil_id = $1 AND (used_at IS NOT NULL OR revoked_at IS NOT NULL OR expires_at <= $2)",
        id as _,
        now
    )
    .execute(tx.db())
    .await?;
    let gone = sqlx::query!("DELETE FROM perfil WHERE id = $1", id as _).execute(tx.db()).await;
    match gone {
        Ok(_) => Ok(true),
        Err(error) if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// People who may do it now: by their perfil or for themselves, unless it was taken from them.
///
/// # Errors
/// A fault of the database.
pub async fn holders(tx: &mut TenantTx, permission: &Permission) -> Result<Vec<Uuid>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "SELECT u.id
         FROM usuario u
         JOIN perfil p ON p.id = u.perfil_id
         LEFT JOIN perfil_permissao pp ON pp.perfil_id = p.id AND pp.permissao = $1
         LEFT JOIN usuario_permissao up
                ON up.usuario_id = u.id AND up.permissao = $1 AND (up.expires_at IS NULL OR up.expires_at > $2)
         WHERE u.ativo AND u.kind = 'pessoa'
           AND (p.administrador OR up.escopo IS NOT NULL OR (up.usuario_id IS NULL AND pp.perfil_id IS NOT NULL))
         ORDER BY u.id LIMIT 200",
        permission.code(),
        now
    )
    .fetch_all(tx.db())
    .await?)
}
