use kernel::{Actor, Refusal};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{ConviteId, sql};
use crate::usuario;

/// Takes a convite back: its link stops working.
pub async fn revogar(tx: &mut TenantTx, actor: &Actor, id: ConviteId) -> Result<(), Refusal> {
    actor.require(&usuario::GERIR)?;
    let email = sql::revoke(tx, id).await?.ok_or(Refusal::NotFound)?;
    let change = Change::removed(&json!({ "email": email }));
    Ok(tx.audit(actor, Entry { action: "convite.revogado", entity: "convite", entity_id: Some(id.uuid()), change }).await?)
}
