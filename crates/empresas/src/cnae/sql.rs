use kernel::Fault;
use tenancy::TenantTx;

use super::Atividade;
use crate::empresa::Reach;

/// All of them, in no order.
pub(super) async fn list(tx: &mut TenantTx) -> Result<Vec<Atividade>, Fault> {
    let rows = sqlx::query!("SELECT codigo, pai, nome FROM ref.cnae").fetch_all(tx.db()).await?;
    Ok(rows.into_iter().map(|row| Atividade::new(&row.codigo, row.pai.as_deref(), &row.nome)).collect())
}

/// Subclasses that empresas within `reach` have, with how many have it.
pub(super) async fn usos(tx: &mut TenantTx, reach: Reach) -> Result<Vec<(String, i64)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT cnae AS "cnae!", count(*) AS "empresas!" FROM empresa
           WHERE deleted_at IS NULL AND cnae IS NOT NULL AND ($1::uuid[] IS NULL OR responsavel_id = $1[1] OR id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))
           GROUP BY cnae"#,
        reach.keys()
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.cnae, row.empresas)).collect())
}
