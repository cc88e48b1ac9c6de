use kernel::Fault;
use tenancy::PlatformTx;

use super::Row;

/// Every unidade with a schema; those that failed come first, then those that are behind.
pub(super) async fn list(tx: &mut PlatformTx) -> Result<Vec<Row>, Fault> {
    Ok(sqlx::query_as!(
        Row,
        "SELECT slug, nome, placement, schema_version, migration_error FROM platform.unidade
         WHERE status NOT IN ('deleted', 'provisioning') ORDER BY (migration_error IS NULL), schema_version, codigo"
    )
    .fetch_all(tx.db())
    .await?)
}
