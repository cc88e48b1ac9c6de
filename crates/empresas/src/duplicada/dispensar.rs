use kernel::Actor;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Dois, DuplicadaError, sql};
use crate::empresa::{ALTERAR, Reach, VER};

/// Says of two empresas that they are two. Said again, it stays as it is.
pub async fn dispensar(tx: &mut TenantTx, actor: &Actor, dois: Dois) -> Result<(), DuplicadaError> {
    let nomes = names(tx, actor, dois).await?;
    if sql::dispense(tx, actor, dois).await? {
        told(tx, actor, "empresa.dispensada", dois, nomes).await?;
    }
    Ok(())
}

/// Takes that back: they are looked at as a pair again.
pub async fn retomar(tx: &mut TenantTx, actor: &Actor, dois: Dois) -> Result<(), DuplicadaError> {
    let nomes = names(tx, actor, dois).await?;
    if sql::resume(tx, dois).await? {
        told(tx, actor, "empresa.retomada", dois, nomes).await?;
    }
    Ok(())
}

/// What the two are called, when the actor may see and change both.
async fn names(tx: &mut TenantTx, actor: &Actor, dois: Dois) -> Result<[String; 2], DuplicadaError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    sql::names(tx, dois, reach).await?.ok_or(DuplicadaError::NotFound)
}

/// In the trail of each stands the other.
async fn told(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    dois: Dois,
    [first, last]: [String; 2],
) -> Result<(), DuplicadaError> {
    for (id, other, nome) in [(dois.first, dois.last, last), (dois.last, dois.first, first)] {
        let change = Change { before: None, after: Some(json!({ "nome": nome, "empresa": other })) };
        tx.audit(actor, Entry { action, entity: "empresa", entity_id: Some(id.uuid()), change }).await?;
    }
    Ok(())
}
