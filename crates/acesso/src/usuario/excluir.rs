use kernel::{Actor, ActorKind, Denied};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{GERIR, SituacaoError, Usuario, UsuarioId, desativar::reachable, of, sql};
use crate::{sessao, token};

/// Removes a usuario for good. What they wrote keeps their name (S0-2.4); what let them in is gone, and their e-mail is free.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), SituacaoError> {
    let usuario = may_go(tx, actor, id).await?;
    sessao::end_all(tx, id, None).await?;
    token::revogar_de(tx, actor, id).await?;
    sql::bury(tx, id).await?;
    let before = json!({ "nome": usuario.nome, "email": usuario.email, "perfil": usuario.perfil, "setor": usuario.setor });
    let change = Change::removed(&before);
    let entry = Entry { action: "usuario.excluido", entity: "usuario", entity_id: Some(id.uuid()), change };
    Ok(tx.audit(actor, entry).await?)
}

/// A usuario whom the actor may remove: not themselves, nobody who holds more, not the last administrador; no program decides it.
///
/// # Errors
/// [`SituacaoError`], saying which of these it is.
pub async fn may_go(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<Usuario, SituacaoError> {
    actor.require(&GERIR)?;
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    if of(actor) == Some(id) {
        return Err(SituacaoError::Own);
    }
    let other_administrador = sql::lock_other_administrador(tx, id).await?;
    let usuario = reachable(tx, actor, id).await?;
    if usuario.administrador && usuario.ativo && !other_administrador {
        return Err(SituacaoError::LastAdministrador);
    }
    Ok(usuario)
}
