use acesso::usuario::UsuarioId;
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Vinculada;
use crate::empresa::{EmpresaId, Reach};

/// Those within `reach` that a usuario is linked to, by name.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, usuario: UsuarioId, reach: Reach) -> Result<Vec<Vinculada>, Fault> {
    let rows = sqlx::query_as!(
        Vinculada,
        r#"SELECT e.id AS "id: EmpresaId", e.nome, e.cnpj FROM usuario_empresa v JOIN empresa e ON e.id = v.empresa_id
           WHERE v.usuario_id = $1 AND e.deleted_at IS NULL
             AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT w.empresa_id FROM usuario_empresa w WHERE w.usuario_id = $2[2])))
           ORDER BY e.ordem, e.id LIMIT 2000"#,
        usuario.uuid(),
        reach.keys()
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Names of those that were not linked yet, are not in the lixeira and within `reach`.
pub(super) async fn insert(tx: &mut TenantTx, usuario: UsuarioId, ids: &[Uuid], reach: Reach) -> Result<Vec<String>, Fault> {
    let now = tx.clock().now();
    let names = sqlx::query_scalar!(
        "WITH new AS (
             INSERT INTO usuario_empresa (usuario_id, empresa_id, created_at)
             SELECT $1, e.id, $3 FROM empresa e
             WHERE e.id = ANY($2) AND e.deleted_at IS NULL
               AND ($4::uuid[] IS NULL OR e.responsavel_id = $4[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $4[2])))
             ON CONFLICT ON CONSTRAINT usuario_empresa_pkey DO NOTHING RETURNING empresa_id
         )
         SELECT e.nome FROM new JOIN empresa e ON e.id = new.empresa_id ORDER BY e.ordem, e.id",
        usuario.uuid(),
        ids,
        now,
        reach.keys()
    );
    Ok(names.fetch_all(tx.db()).await?)
}

/// Name of the one that was linked.
pub(super) async fn delete(tx: &mut TenantTx, usuario: UsuarioId, id: EmpresaId, reach: Reach) -> Result<Option<String>, Fault> {
    let nome = sqlx::query_scalar!(
        "DELETE FROM usuario_empresa x USING empresa e
         WHERE x.usuario_id = $1 AND x.empresa_id = $2 AND e.id = x.empresa_id
           AND ($3::uuid[] IS NULL OR e.responsavel_id = $3[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))
         RETURNING e.nome",
        usuario.uuid(),
        id.uuid(),
        reach.keys()
    );
    Ok(nome.fetch_optional(tx.db()).await?)
}

/// How many usuários are linked to an empresa and not to another.
pub(crate) async fn count_beyond(tx: &mut TenantTx, of: Uuid, than: Uuid) -> Result<i64, Fault> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM usuario_empresa a WHERE a.empresa_id = $1
           AND NOT EXISTS (SELECT FROM usuario_empresa b WHERE b.empresa_id = $2 AND b.usuario_id = a.usuario_id)"#,
        of,
        than
    );
    Ok(count.fetch_one(tx.db()).await?)
}

/// Whoever is linked to `from` is linked to `to` as well; ids of the usuários for whom that is new.
pub(crate) async fn bring(tx: &mut TenantTx, from: Uuid, to: Uuid) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "INSERT INTO usuario_empresa (usuario_id, empresa_id, created_at)
         SELECT usuario_id, $2::uuid, created_at FROM usuario_empresa WHERE empresa_id = $1
         ON CONFLICT ON CONSTRAINT usuario_empresa_pkey DO NOTHING RETURNING usuario_id",
        from,
        to
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

pub(crate) async fn give_back(tx: &mut TenantTx, to: Uuid, usuarios: &[Uuid]) -> Result<u64, Fault> {
    let done = sqlx::query!("DELETE FROM usuario_empresa WHERE empresa_id = $1 AND usuario_id = ANY($2)", to, usuarios);
    Ok(done.execute(tx.db()).await?.rows_affected())
}
