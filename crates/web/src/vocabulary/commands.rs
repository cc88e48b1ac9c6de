use kernel::{Actor, Entity};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{Sentido, TermError, TermId, TermRule, Vocabulary};

type Done<T> = Result<T, TermError>;

/// Adds a term to the list.
///
/// # Errors
/// [`TermRule::Taken`].
pub async fn registrar<V: Vocabulary>(tx: &mut TenantTx, actor: &Actor, dados: &V::Dados) -> Done<TermId<V>> {
    actor.require(&V::GERIR)?;
    let id = V::insert(tx, dados).await?.ok_or(TermRule::Taken)?;
    tx.audit(actor, entry::<V>(V::EVENTS.added, id, Change::created(dados))).await?;
    Ok(id)
}

/// Says other things of a term; what uses it follows.
///
/// # Errors
/// [`TermRule::Taken`].
pub async fn alterar<V: Vocabulary>(tx: &mut TenantTx, actor: &Actor, id: TermId<V>, dados: &V::Dados) -> Done<()> {
    actor.require(&V::GERIR)?;
    let (_, before) = V::lock(tx, &[id]).await?.pop().ok_or(TermError::NotFound)?;
    let change = Change::between(&before, dados);
    if change.is_empty() {
        return Ok(());
    }
    if !V::update(tx, id, dados).await? {
        return Err(TermRule::Taken.into());
    }
    Ok(tx.audit(actor, entry::<V>(V::EVENTS.changed, id, change)).await?)
}

/// Takes a term off the list, and off everything that has it where the list says so. Answers off how many.
///
/// # Errors
/// [`TermRule::Stays`]; [`TermRule::InUse`] where it stays on what has it.
pub async fn excluir<V: Vocabulary>(tx: &mut TenantTx, actor: &Actor, id: TermId<V>) -> Done<i64> {
    actor.require(&V::EXCLUIR)?;
    V::before(tx, id).await?;
    // Locked: nobody puts it on a record meanwhile.
    let (_, mut facts) = V::lock(tx, &[id]).await?.pop().ok_or(TermError::NotFound)?;
    let term = V::one(tx, id).await?.ok_or(TermError::NotFound)?;
    if term.stays {
        return Err(TermRule::Stays.into());
    }
    let used = term.used();
    if used > 0 && !V::COMES_OFF {
        return Err(TermRule::InUse { used }.into());
    }
    V::delete(tx, id).await?;
    if V::COMES_OFF {
        facts[V::EVENTS.counted] = used.into();
    }
    tx.audit(actor, entry::<V>(V::EVENTS.deleted, id, Change::removed(&facts))).await?;
    Ok(used)
}

/// Gives all that has one term to another and takes the first off the list. Answers how many records had it.
///
/// # Errors
/// [`TermRule::Same`], [`TermRule::Stays`], and [`TermRule::Apart`] where the other stands under another heading.
pub async fn mesclar<V: Vocabulary>(tx: &mut TenantTx, actor: &Actor, id: TermId<V>, em: TermId<V>) -> Done<u64> {
    actor.require(&V::EXCLUIR)?;
    if id == em {
        return Err(TermRule::Same.into());
    }
    V::before(tx, id).await?;
    let both = V::lock(tx, &[id, em]).await?;
    let facts = |id: TermId<V>| both.iter().find(|(known, _)| *known == id).map(|(_, facts)| facts);
    let (from, into): (&Value, &Value) = facts(id).zip(facts(em)).ok_or(TermError::NotFound)?;
    if V::heading(from) != V::heading(into) {
        return Err(TermRule::Apart.into());
    }
    if V::one(tx, id).await?.is_some_and(|term| term.stays) {
        return Err(TermRule::Stays.into());
    }
    let given = V::give(tx, id, em).await?;
    V::delete(tx, id).await?;
    let change = Change {
        before: Some(json!({ "nome": from["nome"] })),
        after: Some(json!({ "nome": into["nome"], V::EVENTS.counted: given })),
    };
    tx.audit(actor, entry::<V>(V::EVENTS.merged, em, change)).await?;
    Ok(given)
}

/// Where a term stands among those of its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub first: bool,
    pub last: bool,
}

/// Moves a term past its neighbour, where there is one. Answers where it stands then.
///
/// # Errors
/// Nothing but what any command refuses.
pub async fn mover<V: Vocabulary>(tx: &mut TenantTx, actor: &Actor, id: TermId<V>, sentido: Sentido) -> Done<Place> {
    actor.require(&V::GERIR)?;
    let order = V::ORDER.ok_or(TermError::NotFound)?;
    let mut peers = V::peers(tx, id).await?;
    let at = peers.iter().position(|peer| *peer == id).ok_or(TermError::NotFound)?;
    let to = match sentido {
        Sentido::Acima => at.saturating_sub(1),
        Sentido::Abaixo => (at + 1).min(peers.len() - 1),
    };
    if to != at {
        peers.swap(at, to);
        V::arrange(tx, &peers).await?;
        // As people count.
        let change = Change { before: Some(json!({ "posicao": at + 1 })), after: Some(json!({ "posicao": to + 1 })) };
        tx.audit(actor, entry::<V>(order.event, id, change)).await?;
    }
    Ok(Place { first: to == 0, last: to + 1 == peers.len() })
}

fn entry<V: Vocabulary>(action: &'static str, id: TermId<V>, change: Change) -> Entry {
    Entry { action, entity: V::Entity::NAME, entity_id: Some(id.uuid()), change }
}
