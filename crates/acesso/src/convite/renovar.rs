use kernel::{Actor, ActorKind, Denied, Email, Fault, Invalid, Refusal, Texto};
use messaging::Links;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Convite, ConviteId, VALID, convidar::may, letter, pages::ConvitePath, sql};
use crate::{convite::ConvidarError, entrega::Entregue, segredo::Segredo, usuario::GERIR};

/// Sends the letter of a convite once more, with a link that waits a week from now; the one before stops working.
pub async fn reenviar(tx: &mut TenantTx, actor: &Actor, links: &Links, id: ConviteId) -> Result<(), ConvidarError> {
    let (convite, token) = renew(tx, actor, id).await?;
    let nome = convite.nome.parse::<Texto<120>>().map_err(|e: Invalid| Fault::new("the name on a convite", e))?;
    letter::send(tx, links, &nome, &address(&convite)?, &token, Some(&actor.nome)).await?;
    trail(tx, actor, "convite.reenviado", &convite).await
}

/// Makes a link of a convite for the person who asks to hand over, where letters do not arrive. The one before stops working;
/// whoever holds it chooses the senha, so it is shown once, kept nowhere, and the trail says who made it.
pub async fn entregar(tx: &mut TenantTx, actor: &Actor, links: &Links, id: ConviteId) -> Result<Entregue, ConvidarError> {
    // Not by one who acts for somebody else.
    if actor.kind != ActorKind::Usuario {
        return Err(Denied { permission: GERIR }.into());
    }
    let (convite, token) = renew(tx, actor, id).await?;
    let link = links.unidade(&tx.unidade().clone(), &ConvitePath { token: token.reveal() }.to_string());
    trail(tx, actor, "convite.link_criado", &convite).await?;
    Ok(Entregue { link: link.as_str().to_owned(), expires_at: tx.clock().now() + VALID })
}

/// A new secret for a convite that nobody used and nobody took back, also when it is over.
async fn renew(tx: &mut TenantTx, actor: &Actor, id: ConviteId) -> Result<(Convite, Segredo), ConvidarError> {
    actor.require(&GERIR)?;
    let convite = sql::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    may(tx, actor, convite.perfil_id, &address(&convite)?).await?;
    let token = Segredo::draw();
    if !sql::renew(tx, id, &token).await? {
        return Err(Refusal::NotFound);
    }
    Ok((convite, token))
}

fn address(convite: &Convite) -> Result<Email, Fault> {
    convite.email.parse().map_err(|e: Invalid| Fault::new("the address of a convite", e))
}

async fn trail(tx: &mut TenantTx, actor: &Actor, action: &'static str, convite: &Convite) -> Result<(), ConvidarError> {
    let change = Change::created(&json!({ "nome": convite.nome, "email": convite.email }));
    let entry = Entry { action, entity: "convite", entity_id: Some(convite.id.uuid()), change };
    Ok(tx.audit(actor, entry).await?)
}
