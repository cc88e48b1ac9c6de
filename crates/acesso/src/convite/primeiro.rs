use kernel::{Actor, Email, Fault};
use messaging::Links;
use tenancy::TenantTx;

use super::{Convidar, convidar, sql};
use crate::{
    perfil,
    usuario::{self, Nome},
};

/// Invites the first administrador of a new unidade. May be repeated: it does nothing once there is an administrador or a
/// convite that still works, and invites anew when the last one expired. Returns whether a mail went out.
///
/// # Errors
/// A fault of the database.
pub async fn invite_first_admin(
    tx: &mut TenantTx,
    actor: &Actor,
    links: &Links,
    nome: Nome,
    email: Email,
) -> Result<bool, Fault> {
    let perfil = perfil::administrador(tx).await?;
    if usuario::has_administrador(tx).await? || sql::waits(tx, &email, perfil).await? {
        return Ok(false);
    }
    let sent = convidar::send(tx, actor, links, &Convidar { nome, email, perfil }, None).await?;
    // None: a second worker did the same at this moment.
    Ok(sent.is_some())
}
