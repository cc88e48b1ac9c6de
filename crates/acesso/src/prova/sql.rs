use kernel::Fault;
use tenancy::TenantTx;

use super::Known;
use crate::{sessao::SessaoId, usuario::UsuarioId};

pub(super) async fn find(tx: &mut TenantTx, usuario: UsuarioId, sessao: SessaoId) -> Result<Known, Fault> {
    Ok(sqlx::query_as!(
        Known,
        r#"SELECT u.email, s.created_at AS entered_at, s.method = 'passagem' AS "came_over!",
                  (SELECT c.secret FROM credencial c WHERE c.usuario_id = u.id AND c.method = 'senha') AS secret
           FROM usuario u JOIN sessao s ON s.usuario_id = u.id AND s.id = $2
           WHERE u.id = $1"#,
        usuario as _,
        sessao as _,
    )
    .fetch_one(tx.db())
    .await?)
}
