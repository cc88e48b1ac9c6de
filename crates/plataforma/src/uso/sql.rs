use kernel::Fault;
use tenancy::{PlatformTx, UnidadeId};

use super::Uso;

/// The latest figures, in place of older ones.
pub(super) async fn upsert(tx: &mut PlatformTx, unidade: UnidadeId, uso: &Uso) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO platform.uso (unidade_id, rows, bytes, usuarios, measured_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (unidade_id) DO UPDATE SET rows = $2, bytes = $3, usuarios = $4, measured_at = $5",
        unidade as _,
        uso.rows,
        uso.bytes,
        uso.usuarios,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
