//! All SQL on the unidade's own feriados.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::Fault;
use tenancy::TenantTx;

/// Those after a day: what a prazo that begins then is counted over.
pub(crate) async fn after(tx: &mut TenantTx, day: NaiveDate) -> Result<BTreeSet<NaiveDate>, Fault> {
    Ok(sqlx::query_scalar!("SELECT data_feriado FROM feriado WHERE data_feriado > $1", day)
        .fetch_all(tx.db())
        .await?
        .into_iter()
        .collect())
}
