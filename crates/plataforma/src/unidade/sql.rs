use chrono::{DateTime, Utc};
use kernel::{Fault, PageRequest};
use sqlx::types::Json;
use tenancy::{PlatformTx, Tema, UnidadeId};

use super::Resumo;

/// A page of the unidades whose name, slug or code holds `busca`, and how many there are.
pub(super) async fn list(
    tx: &mut PlatformTx,
    busca: &str,
    status: Option<&str>,
    page: PageRequest,
) -> Result<(Vec<Resumo>, i64), Fault> {
    let like = format!("%{}%", busca.replace(['\\', '%', '_'], ""));
    let rows = sqlx::query_as!(
        Resumo,
        r#"SELECT u.id AS "id: UnidadeId", u.codigo, u.nome, u.slug, u.placement, u.status, u.status_reason, u.schema_version,
                  u.migration_error, u.modules, u.custom_domain, u.tema AS "tema: Json<Tema>", u.version, u.created_at,
                  o.rows AS "rows?", o.bytes AS "bytes?", o.usuarios AS "usuarios?", o.measured_at AS "measured_at?",
                  (SELECT max(b.finished_at) FROM platform.backup b WHERE b.unidade_id = u.id) AS last_backup_at
           FROM platform.unidade u LEFT JOIN platform.uso o ON o.unidade_id = u.id
           WHERE (ext.sem_acento(u.nome) LIKE ext.sem_acento($1) OR u.slug LIKE lower($1) OR u.codigo LIKE $1)
             AND u.status = coalesce($2, u.status) AND (u.status <> 'deleted' OR $2 = 'deleted')
           ORDER BY u.codigo, u.id LIMIT $3 OFFSET $4"#,
        like,
        status,
        page.limit(),
        page.offset(),
    )
    .fetch_all(tx.db())
    .await?;
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM platform.unidade u
           WHERE (ext.sem_acento(u.nome) LIKE ext.sem_acento($1) OR u.slug LIKE lower($1) OR u.codigo LIKE $1)
             AND u.status = coalesce($2, u.status) AND (u.status <> 'deleted' OR $2 = 'deleted')"#,
        like,
        status,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((rows, total))
}

pub(super) async fn find(tx: &mut PlatformTx, id: UnidadeId) -> Result<Option<Resumo>, Fault> {
    Ok(sqlx::query_as!(
        Resumo,
        r#"SELECT u.id AS "id: UnidadeId", u.codigo, u.nome, u.slug, u.placement, u.status, u.status_reason, u.schema_version,
                  u.migration_error, u.modules, u.custom_domain, u.tema AS "tema: Json<Tema>", u.version, u.created_at,
                  o.rows AS "rows?", o.bytes AS "bytes?", o.usuarios AS "usuarios?", o.measured_at AS "measured_at?",
                  (SELECT max(b.finished_at) FROM platform.backup b WHERE b.unidade_id = u.id) AS last_backup_at
           FROM platform.unidade u LEFT JOIN platform.uso o ON o.unidade_id = u.id
           WHERE u.id = $1"#,
        id as _
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Municípios whose name begins like `busca`, for the form: code, name, UF.
pub(super) async fn municipio(tx: &mut PlatformTx, nome: &str, uf: &str) -> Result<Option<i32>, Fault> {
    Ok(sqlx::query_scalar!(
        "SELECT codigo FROM ref.municipio WHERE busca = ext.sem_acento($1) AND uf = upper($2)",
        nome.trim(),
        uf.trim()
    )
    .fetch_optional(tx.db())
    .await?)
}

/// A line of the platform's trail on one unidade's page.
pub(super) struct TrailRow {
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub action: String,
}

/// The newest lines about a unidade.
pub(super) async fn trail(tx: &mut PlatformTx, id: UnidadeId) -> Result<Vec<TrailRow>, Fault> {
    Ok(sqlx::query_as!(
        TrailRow,
        "SELECT at, actor_nome, action FROM platform.auditoria WHERE unidade_id = $1 ORDER BY at DESC, id DESC LIMIT 20",
        id as _
    )
    .fetch_all(tx.db())
    .await?)
}
