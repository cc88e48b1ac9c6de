use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::aviso::Reader;

pub(super) struct Administrador {
    pub id: Uuid,
    pub reader: Reader,
}

/// Everybody who may answer a pedido.
pub(super) async fn administradores(tx: &mut TenantTx) -> Result<Vec<Administrador>, Fault> {
    let rows = sqlx::query!(
        "SELECT u.id, u.nome, u.email, u.idioma FROM usuario u JOIN perfil p ON p.id = u.perfil_id
         WHERE p.administrador AND u.ativo AND u.kind = 'pessoa' ORDER BY u.nome LIMIT 50"
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Administrador { id: row.id, reader: Reader { nome: row.nome, email: row.email, idioma: row.idioma } })
        .collect())
}
