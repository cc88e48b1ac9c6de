//! All SQL on the unidade's own feriados.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::Fault;
use tenancy::TenantTx;

use super::Dados;

/// Those after a day: what a prazo that begins then is counted over.
pub(crate) async fn after(tx: &mut TenantTx, day: NaiveDate) -> Result<BTreeSet<NaiveDate>, Fault> {
    Ok(sqlx::query_scalar!("SELECT data_feriado FROM feriado WHERE data_feriado > $1", day)
        .fetch_all(tx.db())
        .await?
        .into_iter()
        .collect())
}

/// Those from one day to another, both included.
pub(super) async fn between(tx: &mut TenantTx, from: NaiveDate, to: NaiveDate) -> Result<Vec<(NaiveDate, String)>, Fault> {
    let rows = sqlx::query!(
        "SELECT data_feriado, nome FROM feriado WHERE data_feriado BETWEEN $1 AND $2 ORDER BY data_feriado",
        from,
        to
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.data_feriado, row.nome)).collect())
}

/// Answers false when the day is on the list already.
pub(super) async fn insert(tx: &mut TenantTx, dados: &Dados) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "INSERT INTO feriado (data_feriado, nome) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT feriado_pkey DO NOTHING",
        dados.data,
        dados.nome.as_str()
    );
    Ok(done.execute(tx.db()).await?.rows_affected() == 1)
}

/// Answers what it was called; `None` when it is not on the list.
pub(super) async fn delete(tx: &mut TenantTx, dia: NaiveDate) -> Result<Option<String>, Fault> {
    let gone = sqlx::query_scalar!("DELETE FROM feriado WHERE data_feriado = $1 RETURNING nome", dia);
    Ok(gone.fetch_optional(tx.db()).await?)
}
