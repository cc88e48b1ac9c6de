//! Putting a day on the list and taking it off.

use chrono::NaiveDate;
use kernel::Actor;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Dados, ENTITY, FeriadoError, FeriadoRule, GERIR, judge, sql};

/// Puts a day on the list: prazos that are set from now on leap over it.
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, dados: &Dados) -> Result<(), FeriadoError> {
    actor.require(&GERIR)?;
    judge(dados.data)?;
    if !sql::insert(tx, dados).await? {
        return Err(FeriadoRule::Taken.into());
    }
    Ok(tx.audit(actor, entry("feriado.registrado", Change::created(dados))).await?)
}

/// Takes a day off the list. One that is not on it is not found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, dia: NaiveDate) -> Result<(), FeriadoError> {
    actor.require(&GERIR)?;
    let nome = sql::delete(tx, dia).await?.ok_or(FeriadoError::NotFound)?;
    Ok(tx.audit(actor, entry("feriado.excluido", Change::removed(&json!({ "data": dia, "nome": nome })))).await?)
}

/// The day is its name: it has no id.
const fn entry(action: &'static str, change: Change) -> Entry {
    Entry { action, entity: ENTITY, entity_id: None, change }
}
