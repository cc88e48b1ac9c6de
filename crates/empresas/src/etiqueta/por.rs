use kernel::{Actor, Refusal, Rule, Told, fold};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};
use web::vocabulary::{self, TermRule};

use super::{Cor, Dados, Etiqueta, EtiquetaId, EtiquetaNome, Etiquetas, GERIR, sql};
use crate::empresa::{self, ALTERAR, EmpresaId, Reach, VER};

/// Nobody reads more of them.
pub(crate) const MAX: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EtiquetaRule {
    /// Named by somebody who may not add to the list.
    #[error("the list has no such etiqueta")]
    Unknown,
    /// More than an empresa can have.
    #[error("the empresa has too many etiquetas")]
    TooMany,
}

impl Rule for EtiquetaRule {
    fn told(&self) -> Told {
        match self {
            Self::Unknown => Told::invalid("etiqueta-unknown").at("etiquetas"),
            Self::TooMany => Told::conflict("etiqueta-too-many"),
        }
    }
}

/// Not found: no such etiqueta, or no such empresa within reach.
pub type EtiquetaError = Refusal<EtiquetaRule>;

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
        return Err(EtiquetaRule::TooMany.into());
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
        return Err(EtiquetaRule::TooMany.into());
    }
    reach(tx, actor, id).await?;
    let before = sql::of_empresa(tx, id).await?;
    let has = |etiqueta: &Etiqueta, nomes: &[EtiquetaNome]| nomes.iter().any(|nome| fold(nome.as_str()) == fold(&etiqueta.nome));
    for gone in before.iter().filter(|etiqueta| !has(etiqueta, nomes)) {
        tirar(tx, actor, id, gone.id).await?;
    }
    // New words in one order, whoever sends them: two who add the same ones never wait for each other.
    let mut sorted: Vec<&EtiquetaNome> = nomes.iter().collect();
    sorted.sort_by_cached_key(|nome| fold(nome.as_str()));
    for nome in sorted {
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
        return Err(EtiquetaRule::Unknown.into());
    }
    let dados = Dados { nome: nome.clone(), cor: Cor::Cinza };
    match vocabulary::registrar::<Etiquetas>(tx, actor, &dados).await {
        Ok(id) => Ok(Etiqueta { id, nome: nome.to_string(), cor: dados.cor.code().to_owned() }),
        // Somebody else was as quick.
        Err(Refusal::Rule(TermRule::Taken)) => sql::by_nome(tx, nome).await?.ok_or(EtiquetaError::NotFound),
        Err(error) => Err(error.map_rule(|_| EtiquetaRule::Unknown)),
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
