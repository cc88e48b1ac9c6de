use kernel::Fault;
use tenancy::{Sealed, TenantTx};

use super::Gateway;

/// The unidade's gateway, if it has one.
///
/// # Errors
/// A fault of the database, or of a row that no release wrote.
pub async fn find(tx: &mut TenantTx) -> Result<Option<Gateway>, Fault> {
    let row = sqlx::query!("SELECT id, url, segredo, version FROM gateway").fetch_optional(tx.db()).await?;
    row.map(|row| {
        let endereco = row.url.parse().map_err(|e: kernel::Invalid| Fault::new("gateway of a unidade", e))?;
        Ok(Gateway { id: row.id, endereco, segredo: row.segredo.map(Sealed), version: row.version })
    })
    .transpose()
}

/// Keeps it; `false` when somebody else did so since `gateway.version` was read.
///
/// # Errors
/// A fault of the database.
pub async fn save(tx: &mut TenantTx, gateway: &Gateway) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO gateway (id, url, segredo, updated_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT ON CONSTRAINT gateway_one_key DO UPDATE
             SET url = excluded.url, segredo = excluded.segredo, updated_at = excluded.updated_at, version = gateway.version + 1
             WHERE gateway.version = $5 AND gateway.id = $1",
        gateway.id,
        gateway.endereco.as_str(),
        gateway.segredo.as_ref().map(|segredo| segredo.0.as_slice()),
        now,
        gateway.version,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Nothing goes to telephones any more. `false` when it is of another version.
///
/// # Errors
/// A fault of the database.
pub async fn remove(tx: &mut TenantTx, version: i32) -> Result<bool, Fault> {
    let done = sqlx::query!("DELETE FROM gateway WHERE version = $1", version).execute(tx.db()).await?;
    Ok(done.rows_affected() == 1)
}
