use kernel::{Actor, ActorKind, Denied, Refusal};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{GERIR, Limite, TokenId, sql};

pub type LimitarError = Refusal;

/// Changes how often a program may ask; it counts from its next request on.
pub async fn limitar_token(tx: &mut TenantTx, actor: &Actor, id: TokenId, limite: Limite) -> Result<(), LimitarError> {
    actor.require(&GERIR)?;
    // A program does not set its own pace.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    let before = sql::lock_limite(tx, id).await?.ok_or(LimitarError::NotFound)?;
    sql::set_limite(tx, id, limite).await?;
    let change = Change::between(&json!({ "limite": before.get() }), &json!({ "limite": limite.get() }));
    if !change.is_empty() {
        tx.audit(actor, Entry { action: "token.limitado", entity: "token", entity_id: Some(id.uuid()), change }).await?;
    }
    Ok(())
}
