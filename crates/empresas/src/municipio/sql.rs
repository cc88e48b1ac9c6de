use kernel::Fault;
use tenancy::TenantTx;

use super::Municipio;

/// All of them, in no order.
pub(super) async fn list(tx: &mut TenantTx) -> Result<Vec<Municipio>, Fault> {
    let rows = sqlx::query!("SELECT codigo, nome, uf FROM ref.municipio").fetch_all(tx.db()).await?;
    let municipios = rows
        .into_iter()
        .filter_map(|row| Some(Municipio { codigo: row.codigo, nome: row.nome.into(), uf: row.uf.parse().ok()? }));
    Ok(municipios.collect())
}
