use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;
use web::list::Layout;

pub(super) async fn find(tx: &mut TenantTx, usuario: Uuid, lista: &str) -> Result<Option<Layout>, Fault> {
    let found = sqlx::query!("SELECT ocultas, compacta FROM aparencia WHERE usuario_id = $1 AND lista = $2", usuario, lista)
        .fetch_optional(tx.db())
        .await?;
    Ok(found.map(|row| Layout { hidden: row.ocultas, compact: row.compacta }))
}

pub(super) async fn upsert(tx: &mut TenantTx, usuario: Uuid, lista: &str, layout: &Layout) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO aparencia (usuario_id, lista, ocultas, compacta, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT aparencia_pkey
             DO UPDATE SET ocultas = excluded.ocultas, compacta = excluded.compacta, updated_at = excluded.updated_at",
        usuario,
        lista,
        &layout.hidden,
        layout.compact,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut TenantTx, usuario: Uuid, lista: &str) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM aparencia WHERE usuario_id = $1 AND lista = $2", usuario, lista).execute(tx.db()).await?;
    Ok(())
}
