use kernel::Fault;
use tenancy::TenantTx;

use super::{Segmento, SegmentoId, SegmentoNome};

/// All of them by name.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Segmento>, Fault> {
    Ok(sqlx::query_as!(Segmento, r#"SELECT id AS "id: SegmentoId", nome FROM segmento ORDER BY busca"#)
        .fetch_all(tx.db())
        .await?)
}

/// Makes the segmentos that are missing and answers the ids in the order of `nomes`. Two imports at once agree on one row.
///
/// # Errors
/// A fault of the database.
pub async fn ensure(tx: &mut TenantTx, nomes: &[SegmentoNome]) -> Result<Vec<SegmentoId>, Fault> {
    let mut ids = Vec::with_capacity(nomes.len());
    let now = tx.clock().now();
    for nome in nomes {
        let id = tx.clock().uuid();
        // The useless update makes the row come back when it is already there.
        let id = sqlx::query_scalar!(
            r#"INSERT INTO segmento (id, nome, created_at) VALUES ($1, $2, $3)
               ON CONFLICT ON CONSTRAINT segmento_busca_key DO UPDATE SET nome = segmento.nome
               RETURNING id AS "id: SegmentoId""#,
            id,
            nome.as_str(),
            now
        )
        .fetch_one(tx.db())
        .await?;
        ids.push(id);
    }
    Ok(ids)
}
