use kernel::Fault;
use tenancy::TenantTx;

use super::Reader;
use crate::usuario::UsuarioId;

pub(crate) async fn reader(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Reader, Fault> {
    Ok(sqlx::query_as!(Reader, "SELECT nome, email, idioma FROM usuario WHERE id = $1", usuario as _).fetch_one(tx.db()).await?)
}
