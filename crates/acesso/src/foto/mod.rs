//! The picture of a usuario, beside their name wherever it stands. Each person chooses their own; whoever manages people can
//! take one away.

pub mod pages;
mod sql;

use kernel::{Actor, Fault};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

pub(crate) use sql::forget;

use crate::{
    imagem::Imagem,
    usuario::{GERIR, SituacaoError, UsuarioId, of, reachable},
};

/// Shows the actor by another picture from now on.
///
/// # Errors
/// A fault of the database, or when the actor is no person.
pub async fn trocar(tx: &mut TenantTx, actor: &Actor, foto: &Imagem) -> Result<(), Fault> {
    let own = of(actor).ok_or_else(|| Fault::because("only a usuario has a picture"))?;
    let before = sql::set(tx, own, foto).await?;
    if before.as_deref() == Some(&*foto.hash) {
        return Ok(());
    }
    audit(tx, actor, "usuario.foto_trocada", own, Change { before: told(before.as_deref()), after: told(Some(&foto.hash)) }).await
}

/// Takes a picture away: one's own, or that of somebody the actor manages. Where there is none, none is left.
///
/// # Errors
/// [`SituacaoError::NotFound`], or [`SituacaoError::Denied`] for one who holds more.
pub async fn remover(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), SituacaoError> {
    if of(actor) != Some(id) {
        actor.require(&GERIR)?;
        reachable(tx, actor, id).await?;
    }
    if let Some(before) = forget(tx, id).await? {
        let change = Change { before: told(Some(&before)), after: None };
        audit(tx, actor, "usuario.foto_removida", id, change).await?;
    }
    Ok(())
}

fn told(hash: Option<&str>) -> Option<serde_json::Value> {
    hash.map(|hash| json!({ "foto": hash }))
}

async fn audit(tx: &mut TenantTx, actor: &Actor, action: &'static str, id: UsuarioId, change: Change) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: "usuario", entity_id: Some(id.uuid()), change }).await
}
