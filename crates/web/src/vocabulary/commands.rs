use kernel::{Actor, Entity};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{TermError, TermId, TermRule, Vocabulary};

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
/// [`TermRule::InUse`] where it stays on what has it.
pub async fn excluir<V: Vocabulary>(tx: &mut TenantTx, actor: &Actor, id: TermId<V>) -> Done<i64> {
    actor.require(&V::EXCLUIR)?;
    V::before(tx, id).await?;
    // Locked: nobody puts it on a record meanwhile.
    let (_, mut facts) = V::lock(tx, &[id]).await?.pop().ok_or(TermError::NotFound)?;
    let used = V::one(tx, id).await?.ok_or(TermError::NotFound)?.used();
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
/// [`TermRule::Same`].
pub async fn mesclar<V: Vocabulary>(tx: &mut TenantTx, actor: &Actor, id: TermId<V>, em: TermId<V>) -> Done<u64> {
    actor.require(&V::EXCLUIR)?;
    if id == em {
        return Err(TermRule::Same.into());
    }
    V::before(tx, id).await?;
    let both = V::lock(tx, &[id, em]).await?;
    let nome = |id: TermId<V>| both.iter().find(|(known, _)| *known == id).map(|(_, facts)| facts["nome"].clone());
    let (from, into): (Value, Value) = nome(id).zip(nome(em)).ok_or(TermError::NotFound)?;
    let given = V::give(tx, id, em).await?;
    V::delete(tx, id).await?;
    let change = Change { before: Some(json!({ "nome": from })), after: Some(json!({ "nome": into, V::EVENTS.counted: given })) };
    tx.audit(actor, entry::<V>(V::EVENTS.merged, em, change)).await?;
    Ok(given)
}

fn entry<V: Vocabulary>(action: &'static str, id: TermId<V>, change: Change) -> Entry {
    Entry { action, entity: V::Entity::NAME, entity_id: Some(id.uuid()), change }
}
