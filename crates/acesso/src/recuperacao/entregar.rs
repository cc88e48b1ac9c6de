use kernel::{Actor, ActorKind, Denied};
use messaging::{Links, Notice, NoticeKind, NoticeRule};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{VALID, pages::RecuperacaoPath, sql};
use crate::{
    aviso::{self, Aviso},
    entrega::Entregue,
    segredo::Segredo,
    usuario::{GERIR, SituacaoError, UsuarioId, of, reachable},
};

/// What happens to somebody's account. A thief would turn it off first.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "acesso.conta",
    label: "notice-conta",
    help: "notice-conta-help",
    needs: None,
    panel: NoticeRule::Always,
    email: NoticeRule::Letter,
};

/// Makes a link by which somebody whose e-mail does not work chooses a senha, for the person who asks for it to hand over. It
/// works as the mailed one does: once, for half an hour, ending every sessão and without sparing the second factor; older ones
/// stop working. Whoever it is for is told.
pub async fn entregar(tx: &mut TenantTx, actor: &Actor, links: &Links, id: UsuarioId) -> Result<Entregue, SituacaoError> {
    actor.require(&GERIR)?;
    // A token would open the account of a person who outlasts it.
    if actor.kind != ActorKind::Usuario {
        return Err(Denied { permission: GERIR }.into());
    }
    // One's own senha is changed with the one there is: a sessão that somebody left open must not take the account over.
    if of(actor) == Some(id) {
        return Err(SituacaoError::Own);
    }
    let usuario = reachable(tx, actor, id).await?;
    if usuario.servico || !usuario.ativo {
        return Err(SituacaoError::NotFound);
    }
    crate::pessoa::soltar(tx, actor, id).await?;
    let token = Segredo::draw();
    sql::insert(tx, id, &token).await?;
    let expires_at = tx.clock().now() + VALID;
    let link = links.unidade(&tx.unidade().clone(), &RecuperacaoPath { token: token.reveal() }.to_string());
    aviso::send(tx, id, Aviso::LinkEntregue, &actor.meta).await?;
    let notice =
        Notice { kind: &NOTICE, key: "senha-link-notice", args: &[("nome", actor.nome.as_str())], href: "/conta/seguranca" };
    messaging::notify(tx, id.uuid(), &notice).await?;
    let change = Change::created(&json!({ "nome": usuario.nome, "expires_at": expires_at }));
    let entry = Entry { action: "usuario.senha_link_criado", entity: "usuario", entity_id: Some(id.uuid()), change };
    tx.audit(actor, entry).await?;
    Ok(Entregue { link: link.as_str().to_owned(), expires_at })
}
