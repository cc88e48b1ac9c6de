use kernel::{Actor, Refusal, Rule, Told};
use tenancy::{Change, Entry, TenantTx};

use super::{EXCLUIR, EmpresaId, Reach, VER, sql};

#[derive(Debug, thiserror::Error)]
pub enum ExcluirRule {
    /// Somebody else changed it since it was read.
    #[error("the empresa was changed meanwhile")]
    Changed,
}

impl Rule for ExcluirRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type ExcluirError = Refusal<ExcluirRule>;

/// Puts an empresa into the lixeira. With `seen`, only if it is still that version. Already there, it is not found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, seen: Option<i32>) -> Result<(), ExcluirError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let current = sql::lock(tx, id, reach).await?.ok_or(ExcluirError::NotFound)?;
    if seen.is_some_and(|seen| seen != current.version) {
        return Err(ExcluirRule::Changed.into());
    }
    sql::trash(tx, id).await?;
    let change = Change::removed(&current.cadastro.texts());
    tx.audit(actor, Entry { action: "empresa.excluida", entity: "empresa", entity_id: Some(id.uuid()), change }).await?;
    Ok(())
}
