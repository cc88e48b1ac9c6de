use kernel::{Actor, Refusal, Rule, Told};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use super::{ENTITY, Especie, Importacao, ImportacaoId, State, person, sql};
use crate::{demanda, visita};

/// Something that an importação brought and an undo leaves, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ficou {
    pub id: Uuid,
    /// The empresa of a visita, the title of a demanda.
    pub nome: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DesfazerRule {
    #[error("the importação is not concluída")]
    NotDone,
}

impl Rule for DesfazerRule {
    fn told(&self) -> Told {
        Told::conflict("historico-not-done")
    }
}

pub type DesfazerError = Refusal<DesfazerRule>;

/// Puts what it brought into the lixeira, except what somebody touched since or hung something on. Answers how many; asked again, the
/// same.
pub async fn desfazer(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<i32, DesfazerError> {
    person(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(DesfazerError::NotFound)?;
    match importacao.state {
        State::Concluida => {}
        State::Desfeita => return Ok(importacao.contas.undone),
        State::Previa | State::Descartada => return Err(DesfazerRule::NotDone.into()),
    }
    let gone = sql::take_back(tx, &importacao).await?;
    let undone = i32::try_from(gone.len()).unwrap_or(i32::MAX);
    sql::undone(tx, id, undone).await?;
    let (action, entity) = match importacao.especie {
        Especie::Visita => ("visita.excluida", visita::ENTITY),
        Especie::Demanda => ("demanda.excluida", demanda::ENTITY),
    };
    tx.audit_all(actor, action, entity, gone.into_iter().map(|id| (id, Change::default())).collect()).await?;
    let after = json!({ "arquivo": importacao.file_name, "desfeitos": undone, "mantidos": importacao.contas.imported - undone });
    let entry =
        Entry { action: "historico.desfeito", entity: ENTITY, entity_id: Some(id.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(undone)
}

/// Some of what it brought and is still there.
pub async fn ficaram(tx: &mut TenantTx, importacao: &Importacao) -> Result<Vec<Ficou>, kernel::Fault> {
    sql::there(tx, importacao, 50).await
}
