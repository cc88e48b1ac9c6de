//! Documentos of an empresa (S0-11): who may see and change them follows from the empresa and the permissões here; what happens
//! to them is the crate `documentos`.

pub mod api;
pub mod pages;

use documentos::documento::{DocumentoError, Dono};
use kernel::{Actor, Permission};
use tenancy::TenantTx;

use crate::empresa::{self, EmpresaId, Reach};

pub const VER: Permission = Permission::new("empresas.documento.ver");
/// To send, replace, rename and move.
pub const ENVIAR: Permission = Permission::new("empresas.documento.enviar");
/// To put into the lixeira and take back.
pub const EXCLUIR: Permission = Permission::new("empresas.documento.excluir");

/// Documentos of `id`, for an actor who holds `permission` on that empresa.
///
/// # Errors
/// [`DocumentoError::NotFound`] for one that is unknown, not theirs, or in the lixeira.
pub async fn dono(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, permission: &Permission) -> Result<Dono, DocumentoError> {
    let reach = Reach::of(actor, permission)?;
    if empresa::sql::exists(tx, id, reach).await? { Ok(of(id)) } else { Err(DocumentoError::NotFound) }
}

/// As [`dono`], for whoever hangs something on it: the empresa goes nowhere before this transaction ends, so that a mescla takes
/// it along or comes before.
///
/// # Errors
/// As [`dono`].
pub async fn dono_held(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, permission: &Permission) -> Result<Dono, DocumentoError> {
    let reach = Reach::of(actor, permission)?;
    if empresa::sql::hold(tx, id, reach).await? { Ok(of(id)) } else { Err(DocumentoError::NotFound) }
}

const fn of(id: EmpresaId) -> Dono {
    Dono { entity: "empresa", id: id.uuid() }
}
