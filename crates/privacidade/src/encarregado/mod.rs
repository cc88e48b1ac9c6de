//! O encarregado: whom people turn to about their data (LGPD art. 41). Shown on the unidade's public page and in letters.

pub(crate) mod pages;
mod sql;

use kernel::{Actor, Email, Lang, Refusal, Telefone, Texto};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

pub use sql::find;
pub(crate) use sql::{erase, of};

use crate::pedido::ATENDER;

/// Who it is and how to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encarregado {
    pub nome: Texto<120>,
    pub email: Email,
    pub telefone: Option<Telefone>,
}

impl Encarregado {
    /// Name and addresses in one line.
    #[must_use]
    pub fn reach(&self) -> String {
        let telefone = self.telefone.as_ref().map(ToString::to_string);
        [Some(self.nome.to_string()), Some(self.email.to_string()), telefone]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ")
    }

    /// As a letter ends.
    #[must_use]
    pub fn said(&self, lang: Lang) -> String {
        idioma::t_args(lang, "encarregado-said", [("quem", self.reach().as_str().into())])
    }
}

/// Names who it is. It is public from then on.
///
/// # Errors
/// [`Refusal`].
pub async fn nomear(tx: &mut TenantTx, actor: &Actor, quem: &Encarregado) -> Result<(), Refusal> {
    actor.require(&ATENDER)?;
    let before = find(tx).await?;
    sql::upsert(tx, quem).await?;
    let told = |one: &Encarregado| json!({ "nome": one.nome, "email": one.email, "telefone": one.telefone });
    let change = match &before {
        Some(before) => Change::between(&told(before), &told(quem)),
        None => Change::created(&told(quem)),
    };
    tx.audit(actor, Entry { action: "privacidade.encarregado_nomeado", entity: "encarregado", entity_id: None, change }).await?;
    Ok(())
}
