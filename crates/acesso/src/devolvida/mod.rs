//! Mensagens that were given up: whoever sets up the e-mail of the unidade sees why, sends them again or discards them. What becomes
//! of one is `messaging`'s; here is who may say so, and what the trail tells of it.

pub mod pages;

use kernel::{Actor, Refusal};
use messaging::{MensagemId, devolvida};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use crate::correio::GERIR;

/// Sends one again, or all that can be. Answers how many.
///
/// # Errors
/// Not found when the one is none that can be sent; denied; a fault.
pub async fn reenviar(tx: &mut TenantTx, actor: &Actor, only: Option<MensagemId>) -> Result<usize, Refusal> {
    actor.require(&GERIR)?;
    let sent = devolvida::resend(tx, only).await?;
    if sent == 0 {
        return if only.is_some() { Err(Refusal::NotFound) } else { Ok(0) };
    }
    let change = Change::created(&json!({ "quantas": sent }));
    let entry = Entry { action: "mensagem.reenviada", entity: "mensagem", entity_id: only.map(MensagemId::uuid), change };
    tx.audit(actor, entry).await?;
    Ok(sent)
}

/// Forgets one.
///
/// # Errors
/// Not found; denied; a fault.
pub async fn descartar(tx: &mut TenantTx, actor: &Actor, id: MensagemId) -> Result<(), Refusal> {
    actor.require(&GERIR)?;
    if !devolvida::discard(tx, id).await? {
        return Err(Refusal::NotFound);
    }
    let entry =
        Entry { action: "mensagem.descartada", entity: "mensagem", entity_id: Some(id.uuid()), change: Change::default() };
    tx.audit(actor, entry).await?;
    Ok(())
}
