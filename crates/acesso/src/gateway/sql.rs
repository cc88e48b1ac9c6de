use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;

/// How often somebody tried the gateway out since.
pub(super) async fn tried(tx: &mut TenantTx, since: DateTime<Utc>) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM auditoria WHERE action = 'gateway.testado' AND at > $1"#, since)
        .fetch_one(tx.db())
        .await?)
}
