//! What the register knows of the schemas' versions, and how it is mended when it is wrong.

use std::collections::BTreeMap;

use futures::TryStreamExt;
use kernel::{Actor, Fault};
use serde::Serialize;
use sqlx::{AssertSqlSafe, Either, PgConnection, Row};

use super::{Migrations, applied_version};
use crate::{
    Names, Platform, PlatformTx, Status, UnidadeId,
    config::{Placement, PlacementConfig},
    provision::migrator,
    registry::SIGNAL_UNIDADE,
    session::simple,
};

/// `status_reason` of a unidade that a failed migration closed; only then a good one opens it again.
pub const REASON_MIGRATION: &str = "migration";

/// One line of `sri migrate status`, from the register alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnidadeVersion {
    pub id: UnidadeId,
    pub slug: String,
    pub codigo: String,
    pub nome: String,
    pub placement: String,
    pub status: String,
    pub version: i64,
    /// Migrations still to come.
    pub pending: usize,
    /// The database's words, when the last try failed.
    pub error: Option<String>,
}

/// A mirror that did not tell the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    pub id: UnidadeId,
    pub register_said: i64,
    /// `None`: the register has a unidade whose schema is not there. That is reported, not mended.
    pub schema_says: Option<i64>,
}

/// Every unidade with its version, by codigo. Asks the register only.
///
/// # Errors
/// A fault of the central database.
pub async fn migrate_status(platform: &Platform, stream: &Migrations) -> Result<Vec<UnidadeVersion>, Fault> {
    let mut tx = platform.begin().await?;
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UnidadeId", slug, codigo, nome, placement, status, schema_version, migration_error
           FROM platform.unidade WHERE status <> 'deleted' ORDER BY codigo"#
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| UnidadeVersion {
            id: row.id,
            slug: row.slug,
            codigo: row.codigo,
            nome: row.nome,
            placement: row.placement,
            status: row.status,
            version: row.schema_version,
            pending: stream.after(row.schema_version).count(),
            error: row.migration_error,
        })
        .collect())
}

/// Compares the register with every schema and mends it: the schema is the truth. Answers what was wrong.
///
/// # Errors
/// A fault when a database cannot be reached.
pub async fn reconcile(platform: &Platform) -> Result<Vec<Mended>, Fault> {
    let mut tx = platform.begin().await?;
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UnidadeId", placement, schema_version FROM platform.unidade
           WHERE status NOT IN ('deleted', 'provisioning', 'moving') ORDER BY id"#
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    let mut by_placement: BTreeMap<String, Vec<(UnidadeId, i64)>> = BTreeMap::new();
    for row in rows {
        by_placement.entry(row.placement).or_default().push((row.id, row.schema_version));
    }
    let mut wrong = Vec::new();
    for (placement, mirrored) in by_placement {
        let placement: Placement = placement.parse().map_err(|e| Fault::new("placement in the register", e))?;
        let config =
            platform.config().placement(&placement).ok_or_else(|| Fault::because("this placement is not configured here"))?;
        let truth = true_versions(platform, config, mirrored.iter().map(|(id, _)| *id)).await?;
        for (id, register_said) in mirrored {
            let schema_says = truth.get(&id).copied();
            if schema_says != Some(register_said) {
                wrong.push(Mended { id, register_said, schema_says });
            }
        }
    }
    let mut tx = platform.begin().await?;
    keep_versions(&mut tx, wrong.iter().filter_map(|m| m.schema_says.map(|version| (m.id, version)))).await?;
    tx.commit().await?;
    Ok(wrong)
}

/// The versions of many schemas of one placement, a hundred in a message. Schemas that are not there are left out.
async fn true_versions(
    platform: &Platform,
    placement: &PlacementConfig,
    ids: impl Iterator<Item = UnidadeId>,
) -> Result<BTreeMap<UnidadeId, i64>, Fault> {
    let mut conn = migrator(platform, placement).await?;
    let ids: Vec<UnidadeId> = ids.collect();
    let mut versions = BTreeMap::new();
    for chunk in ids.chunks(100) {
        if let Ok(found) = many_versions(&mut conn, chunk).await {
            versions.extend(chunk.iter().copied().zip(found));
            continue;
        }
        // One of them is missing or broken: one by one.
        simple(&mut conn, "ROLLBACK".to_owned()).await?;
        for id in chunk {
            match applied_version(&mut conn, &Names::of(*id)).await {
                Ok(version) => {
                    versions.insert(*id, version);
                }
                Err(error) if error.as_database_error().is_some() => simple(&mut conn, "ROLLBACK".to_owned()).await?,
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(versions)
}

async fn many_versions(conn: &mut PgConnection, ids: &[UnidadeId]) -> Result<Vec<i64>, sqlx::Error> {
    let mut message = String::from("BEGIN READ ONLY;");
    for id in ids {
        let names = Names::of(*id);
        message.push_str(&format!(
            "SET LOCAL ROLE {}; SELECT coalesce(max(version), 0) FROM {}._migration;",
            names.owner_role(),
            names.schema()
        ));
    }
    message.push_str("COMMIT");
    #[expect(clippy::disallowed_methods, reason = "one message for many schemas, made of names of our own")]
    sqlx::raw_sql(AssertSqlSafe(message))
        .fetch_many(conn)
        .try_filter_map(|item| async move {
            match item {
                Either::Right(row) => row.try_get::<i64, _>(0).map(Some),
                Either::Left(_) => Ok(None),
            }
        })
        .try_collect()
        .await
}

/// Notes versions as the schemas have them, forgets errors of the past and opens what a failed migration had closed.
pub(crate) async fn keep_versions(tx: &mut PlatformTx, versions: impl Iterator<Item = (UnidadeId, i64)>) -> Result<(), Fault> {
    let (ids, versions): (Vec<uuid::Uuid>, Vec<i64>) = versions.map(|(id, version)| (id.uuid(), version)).unzip();
    if ids.is_empty() {
        return Ok(());
    }
    let now = tx.clock().now();
    // The order of the rows is that of the keys, so that two fleets never wait for each other in a circle.
    sqlx::query!(
        "WITH told AS (
             SELECT u.id, v.version, u.status = 'maintenance' AND u.status_reason IS NOT DISTINCT FROM $4 AS reopen
             FROM unnest($1::uuid[], $2::bigint[]) AS v (id, version) JOIN platform.unidade u ON u.id = v.id
             ORDER BY u.id FOR UPDATE OF u)
         UPDATE platform.unidade u
         SET schema_version = told.version, migration_error = NULL, updated_at = $3,
             status = CASE WHEN told.reopen THEN 'active' ELSE u.status END,
             status_reason = CASE WHEN told.reopen THEN NULL ELSE u.status_reason END,
             closed_at = CASE WHEN told.reopen THEN NULL ELSE u.closed_at END
         FROM told WHERE told.id = u.id",
        &ids,
        &versions,
        now,
        REASON_MIGRATION,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "UPDATE platform.spare s SET schema_version = v.version FROM unnest($1::uuid[], $2::bigint[]) AS v (id, version) WHERE v.id = s.id",
        &ids,
        &versions,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("SELECT pg_notify($1, id::text) FROM unnest($2::uuid[]) AS id", SIGNAL_UNIDADE, &ids).fetch_all(tx.db()).await?;
    Ok(())
}

/// Notes why a unidade could not be migrated and closes it, unless it is closed already.
pub(crate) async fn mark_failed(tx: &mut PlatformTx, actor: &Actor, id: UnidadeId, error: &str) -> Result<(), Fault> {
    let now = tx.clock().now();
    let closed = sqlx::query_scalar!(
        r#"UPDATE platform.unidade u
           SET migration_error = $2, updated_at = $3,
               status = CASE WHEN before.status = $4 THEN $5 ELSE u.status END,
               status_reason = CASE WHEN before.status = $4 THEN $6 ELSE u.status_reason END,
               closed_at = CASE WHEN before.status = $4 THEN $3 ELSE u.closed_at END
           FROM (SELECT status FROM platform.unidade WHERE id = $1 FOR UPDATE) before
           WHERE u.id = $1
           RETURNING before.status = $4 AS "closed!""#,
        id as _,
        error,
        now,
        Status::Active.code(),
        Status::Maintenance.code(),
        REASON_MIGRATION,
    )
    .fetch_optional(tx.db())
    .await?;
    let detail = serde_json::json!({ "error": error, "closed": closed });
    tx.audit(actor, "unidade.migracao_falhou", Some(id), detail).await?;
    tx.notify(SIGNAL_UNIDADE, &id.to_string()).await
}

/// Takes a spare out of the register; its schema becomes scratch.
pub(crate) async fn discard_spare(tx: &mut PlatformTx, id: UnidadeId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "WITH gone AS (DELETE FROM platform.spare WHERE id = $1 RETURNING id, placement)
         INSERT INTO platform.scratch (id, placement, purpose, created_at) SELECT id, placement, 'broken spare', $2 FROM gone",
        id as _,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
