use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

/// Whether the first administrador is not alone any more, or has asked somebody in.
pub(super) async fn has_company(tx: &mut TenantTx) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM (SELECT FROM usuario WHERE ativo AND kind = 'pessoa' LIMIT 2) u) > 1
                  OR EXISTS (SELECT FROM convite WHERE used_at IS NULL AND revoked_at IS NULL) AS "done!""#
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn is_dismissed(tx: &mut TenantTx, usuario: Uuid) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM dispensa WHERE usuario_id = $1) AS "dismissed!""#, usuario)
        .fetch_one(tx.db())
        .await?)
}

pub(super) async fn dismiss(tx: &mut TenantTx, usuario: Uuid) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO dispensa (usuario_id, created_at) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT dispensa_pkey DO NOTHING",
        usuario,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
