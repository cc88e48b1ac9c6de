//! All SQL on setores.

use kernel::Fault;
use tenancy::TenantTx;

use super::{Setor, SetorId};

/// All, by name.
pub(crate) async fn list(tx: &mut TenantTx) -> Result<Vec<Setor>, Fault> {
    let rows = sqlx::query_as!(Setor, r#"SELECT id AS "id: SetorId", nome FROM setor ORDER BY busca"#);
    Ok(rows.fetch_all(tx.db()).await?)
}
