use kernel::Fault;
use tenancy::TenantTx;

/// Lets one after the other change them; whoever only reads does not wait.
pub(super) async fn lock(tx: &mut TenantTx) -> Result<(), Fault> {
    sqlx::query!("LOCK TABLE parametro IN SHARE ROW EXCLUSIVE MODE").execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn upsert(tx: &mut TenantTx, nome: &str, valor: i64) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO parametro (nome, valor, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT parametro_pkey DO UPDATE SET valor = excluded.valor, updated_at = excluded.updated_at",
        nome,
        valor,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut TenantTx, nome: &str) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM parametro WHERE nome = $1", nome).execute(tx.db()).await?;
    Ok(())
}
