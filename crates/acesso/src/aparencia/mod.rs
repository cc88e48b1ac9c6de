//! How somebody likes a list to look: without some of its columns, its rows closer together. Each person's own, per list, on
//! every device. What a list does not know any more is passed over, and a column that comes new is shown.

pub mod pages;
mod sql;

use kernel::{Actor, ErrorKind, Fault, Kind};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};
use web::list::Layout;

/// Columns that can be hidden in one list.
const MAX: usize = 50;

#[derive(Debug, thiserror::Error)]
pub enum AparenciaError {
    /// Only people look at lists.
    #[error("only a usuario has an aparência")]
    NotFound,
    /// More columns than any list has, or names that are none.
    #[error("these are no columns of a list")]
    Columns,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AparenciaError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Columns => Kind::Invalid,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Columns => "invalid",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Keeps how the actor likes a list; the default is kept by forgetting.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, lista: &str, wanted: &Layout) -> Result<(), AparenciaError> {
    let usuario = crate::lista::person(actor).ok_or(AparenciaError::NotFound)?;
    let is_name = |name: &String| (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if wanted.hidden.len() > MAX || !wanted.hidden.iter().all(is_name) {
        return Err(AparenciaError::Columns);
    }
    let before = sql::find(tx, usuario, lista).await?.unwrap_or_default();
    if before == *wanted {
        return Ok(());
    }
    if *wanted == Layout::default() {
        sql::delete(tx, usuario, lista).await?;
    } else {
        sql::upsert(tx, usuario, lista, wanted).await?;
    }
    let side = |layout: &Layout| -> Value { json!({ "lista": lista, "ocultas": layout.hidden, "compacta": layout.compact }) };
    let change = Change { before: Some(side(&before)), after: Some(side(wanted)) };
    tx.audit(actor, Entry { action: "aparencia.alterada", entity: "usuario", entity_id: Some(usuario), change }).await?;
    Ok(())
}
