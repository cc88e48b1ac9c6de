use kernel::Actor;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{VisaoError, VisaoId, sql};
use crate::lista::person;

/// What became of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferida {
    pub lista: String,
    /// Whether it opens with the visão from now on.
    pub padrao: bool,
}

/// Makes a visão, the actor's own or a shared one, the one that its list opens with for them, instead of any other; one that
/// is so already, not any more.
pub async fn preferir(tx: &mut TenantTx, actor: &Actor, id: VisaoId) -> Result<Preferida, VisaoError> {
    let usuario = person(actor).ok_or(VisaoError::NotFound)?;
    let (nome, lista, was) = sql::usable(tx, usuario, id).await?.ok_or(VisaoError::NotFound)?;
    if was {
        sql::prefer_none(tx, usuario, &lista).await?;
    } else {
        sql::prefer(tx, usuario, &lista, id).await?;
    }
    let change = Change::between(&json!({ "nome": nome, "padrao": was }), &json!({ "nome": nome, "padrao": !was }));
    tx.audit(actor, Entry { action: "visao.preferida", entity: "visao", entity_id: Some(id.uuid()), change }).await?;
    Ok(Preferida { lista, padrao: !was })
}
