//! All SQL on tipos of demandas.

use empresas::etiqueta::Cor;
use kernel::Fault;
use tenancy::TenantTx;

use super::{Tipo, TipoId};

/// All, by name.
pub(crate) async fn list(tx: &mut TenantTx) -> Result<Vec<Tipo>, Fault> {
    let rows = sqlx::query!("SELECT id, nome, cor, prazo_dias FROM demanda_tipo ORDER BY busca").fetch_all(tx.db()).await?;
    let tipo = |id, nome, cor: &str, prazo_dias: Option<i32>| Tipo {
        id: TipoId::new(id),
        nome,
        cor: Cor::from_code(cor).unwrap_or(Cor::Cinza),
        prazo_dias: prazo_dias.and_then(|days| days.try_into().ok()),
    };
    Ok(rows.into_iter().map(|row| tipo(row.id, row.nome, &row.cor, row.prazo_dias)).collect())
}
