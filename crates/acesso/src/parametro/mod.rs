//! Os parâmetros: numbers of the unidade's own, each with bounds and what it is where nothing was set (S0-15.7). Whoever goes
//! by one reads it in the transaction in which it counts, so a change acts at once in every process.

pub mod pages;
mod sql;

use files::FilesConfig;
use kernel::{Actor, FieldError, Invalid, Permission, Refusal, Rule, Told};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, Parametro, TenantTx};

use crate::{auditoria, sessao};

/// May set the parâmetros of the unidade.
pub const GERIR: Permission = Permission::new("acesso.parametro.gerir");

/// All of them. What the installation gives at most bounds what a unidade may set.
#[must_use]
pub fn all(files: &FilesConfig) -> [Parametro; 5] {
    let [file, quota] = files.parametros();
    [sessao::OCIOSA, sessao::LONGEST, file, quota, auditoria::GUARDA]
}

/// One of them anew.
#[derive(Debug, Clone, Copy)]
pub struct Mudanca {
    pub parametro: Parametro,
    /// `None`: as it comes.
    pub valor: Option<i64>,
    /// What whoever changes it believed it to be.
    pub seen: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum ParametroRule {
    #[error("out of bounds: {0:?}")]
    OutOfBounds(Vec<Parametro>),
    #[error("the parâmetros were changed meanwhile")]
    Changed,
}

impl Rule for ParametroRule {
    fn told(&self) -> Told {
        match self {
            Self::OutOfBounds(_) => Told::invalid("invalid"),
            Self::Changed => Told::conflict("conflict"),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::OutOfBounds(which) => which.iter().map(|parametro| out_of_bounds(parametro).at(parametro.nome)).collect(),
            Self::Changed => Vec::new(),
        }
    }
}

pub type AlterarParametrosError = Refusal<ParametroRule>;

/// What somebody hears who goes too far; of records of access with the law that says so.
fn out_of_bounds(parametro: &Parametro) -> Invalid {
    let code = if parametro.nome == auditoria::GUARDA.nome { "guarda-acessos" } else { "parametro-bounds" };
    Invalid::new(code).with("min", parametro.min).with("max", parametro.max)
}

/// Sets parâmetros, or lets them be as they come. Sessões that are open keep to the new times from now on.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, mudancas: &[Mudanca]) -> Result<(), AlterarParametrosError> {
    actor.require(&GERIR)?;
    let wrong = |mudanca: &&Mudanca| mudanca.valor.is_some_and(|valor| !mudanca.parametro.accepts(valor));
    let wrong: Vec<Parametro> = mudancas.iter().filter(wrong).map(|mudanca| mudanca.parametro).collect();
    if !wrong.is_empty() {
        return Err(ParametroRule::OutOfBounds(wrong).into());
    }
    // Two who change them at once: the second sees what the first has set.
    sql::lock(tx).await?;
    let (mut before, mut after) = (Map::new(), Map::new());
    for Mudanca { parametro, valor, seen } in mudancas {
        let now = tx.parametro(parametro).await?;
        if now != *seen {
            return Err(ParametroRule::Changed.into());
        }
        let wanted = valor.unwrap_or(parametro.default);
        match valor {
            Some(valor) if *valor != parametro.default => sql::upsert(tx, parametro.nome, *valor).await?,
            _ => sql::delete(tx, parametro.nome).await?,
        }
        if wanted != now {
            before.insert(parametro.nome.to_owned(), json!(now));
            after.insert(parametro.nome.to_owned(), json!(wanted));
        }
    }
    if after.is_empty() {
        return Ok(());
    }
    if [sessao::OCIOSA, sessao::LONGEST].iter().any(|parametro| after.contains_key(parametro.nome)) {
        sessao::keep_to_parametros(tx).await?;
    }
    let change = Change { before: Some(Value::Object(before)), after: Some(Value::Object(after)) };
    tx.audit(actor, Entry { action: "parametro.alterado", entity: "parametro", entity_id: None, change }).await?;
    Ok(())
}
