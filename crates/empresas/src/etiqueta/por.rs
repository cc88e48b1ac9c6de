use kernel::{Actor, fold};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Cor, Etiqueta, EtiquetaError, EtiquetaId, EtiquetaNome, GERIR, gerir, sql};
use crate::empresa::{self, ALTERAR, EmpresaId, Reach, VER};

/// Nobody reads more of them.
const MAX: usize = 30;

/// Which one is put on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posta {
    Known(EtiquetaId),
    /// By its name: one that the list does not have is added to it, if the actor may do that.
    Named(EtiquetaNome),
}

/// Puts an etiqueta on an empresa. On it already, it stays.
pub async fn por(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, posta: &Posta) -> Result<(), EtiquetaError> {
    reach(tx, actor, id).await?;
    let etiqueta = match posta {
        Posta::Known(known) => sql::hold(tx, *known).await?.ok_or(EtiquetaError::NotFound)?,
        Posta::Named(nome) => named(tx, actor, nome).await?,
    };
    if sql::of_empresa(tx, id).await?.len() >= MAX {
        return Err(EtiquetaError::TooMany);
    }
    if sql::put(tx, id, etiqueta.id).await? {
        told(tx, actor, "empresa.etiquetada", id, &etiqueta.nome).await?;
    }
    Ok(())
}

/// Takes an etiqueta off an empresa. Not on it, nothing happens.
pub async fn tirar(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, etiqueta: EtiquetaId) -> Result<(), EtiquetaError> {
    reach(tx, actor, id).await?;
    let etiqueta = sql::hold(tx, etiqueta).await?.ok_or(EtiquetaError::NotFound)?;
    if sql::take(tx, id, etiqueta.id).await? {
        told(tx, actor, "empresa.desetiquetada", id, &etiqueta.nome).await?;
    }
    Ok(())
}

/// Makes these the etiquetas of an empresa, and no others. It is another version of the empresa then: of two who give it all of
/// their etiquetas at once, the second hears of the first.
pub async fn set(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, nomes: &[EtiquetaNome]) -> Result<(), EtiquetaError> {
    if nomes.len() > MAX {
        return Err(EtiquetaError::TooMany);
    }
    reach(tx, actor, id).await?;
    let before = sql::of_empresa(tx, id).await?;
    let has = |etiqueta: &Etiqueta, nomes: &[EtiquetaNome]| nomes.iter().any(|nome| fold(nome.as_str()) == fold(&etiqueta.nome));
    for gone in before.iter().filter(|etiqueta| !has(etiqueta, nomes)) {
        tirar(tx, actor, id, gone.id).await?;
    }
    for nome in nomes {
        if !before.iter().any(|etiqueta| fold(&etiqueta.nome) == fold(nome.as_str())) {
            por(tx, actor, id, &Posta::Named(nome.clone())).await?;
        }
    }
    if sql::of_empresa(tx, id).await? != before {
        empresa::sql::touch(tx, id).await?;
    }
    Ok(())
}

async fn named(tx: &mut TenantTx, actor: &Actor, nome: &EtiquetaNome) -> Result<Etiqueta, EtiquetaError> {
    if let Some(known) = sql::by_nome(tx, nome).await? {
        return Ok(known);
    }
    if !actor.may(&GERIR) {
        return Err(EtiquetaError::Unknown);
    }
    match gerir::registrar(tx, actor, nome, Cor::Cinza).await {
        Ok(id) => Ok(Etiqueta { id, nome: nome.to_string(), cor: Cor::Cinza.code().to_owned() }),
        // Somebody else was as quick.
        Err(EtiquetaError::Taken) => sql::by_nome(tx, nome).await?.ok_or(EtiquetaError::NotFound),
        Err(error) => Err(error),
    }
}

/// Locked: a mescla of the empresa takes all of its etiquetas along or none.
async fn reach(tx: &mut TenantTx, actor: &Actor, id: EmpresaId) -> Result<(), EtiquetaError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    empresa::sql::lock(tx, id, reach).await?.map(drop).ok_or(EtiquetaError::NotFound)
}

async fn told(tx: &mut TenantTx, actor: &Actor, action: &'static str, id: EmpresaId, nome: &str) -> Result<(), EtiquetaError> {
    let change = Change { before: None, after: Some(json!({ "nome": nome })) };
    Ok(tx.audit(actor, Entry { action, entity: "empresa", entity_id: Some(id.uuid()), change }).await?)
}
