//! The dossier of a person: everything that the unidade keeps of them, over all modules (LGPD art. 18, I, II and V). Looking at one
//! stands in the trail.

mod file;
pub(crate) mod pages;

use std::{fmt, str::FromStr};

use kernel::{Actor, Fault, Refusal};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;
use web::{
    Module,
    titular::{Acervo, Alvo, Titular, Titulares},
};

use crate::VER;

/// A person as an address names them: `contato-0190….`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TitularRef {
    pub kind: String,
    pub id: Uuid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no person is named like this")]
pub struct NoTitular;

impl FromStr for TitularRef {
    type Err = NoTitular;

    fn from_str(text: &str) -> Result<Self, NoTitular> {
        let (kind, id) = text.split_once('-').ok_or(NoTitular)?;
        Ok(Self { kind: kind.to_owned(), id: id.parse().map_err(|_| NoTitular)? })
    }
}

impl TryFrom<String> for TitularRef {
    type Error = NoTitular;

    fn try_from(text: String) -> Result<Self, NoTitular> {
        text.parse()
    }
}

impl fmt::Display for TitularRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind, self.id)
    }
}

impl From<&Titular> for TitularRef {
    fn from(titular: &Titular) -> Self {
        Self { kind: titular.kind.to_owned(), id: titular.id }
    }
}

/// People of all modules. Also of those that are switched off for the unidade: their rows are there.
pub(crate) fn kinds(modules: &[Module]) -> impl Iterator<Item = &'static Titulares> {
    modules.iter().flat_map(|module| module.titulares)
}

pub(crate) fn acervos(modules: &[Module]) -> impl Iterator<Item = &'static Acervo> {
    modules.iter().flat_map(|module| module.acervos)
}

/// People whose nome, e-mail or telefone has `text`, of each kind at most `limit`.
///
/// # Errors
/// [`Denied`], or a fault of the database.
pub async fn find(tx: &mut TenantTx, actor: &Actor, modules: &[Module], text: &str, limit: i64) -> web::Result<Vec<Titular>> {
    actor.require(&VER)?;
    let mut found = Vec::new();
    for people in kinds(modules) {
        found.extend((people.find)(tx, text, limit).await?);
    }
    Ok(found)
}

/// One person.
pub(crate) async fn get(tx: &mut TenantTx, modules: &[Module], which: &TitularRef) -> Result<Option<Titular>, Fault> {
    let Some(people) = kinds(modules).find(|people| people.kind == which.kind) else { return Ok(None) };
    (people.get)(&mut tx.ground(), which.id).await
}

/// What one place has of a person.
#[derive(Debug)]
pub struct Parte {
    pub acervo: &'static Acervo,
    pub registros: Vec<Value>,
}

/// What the unidade keeps of a person.
#[derive(Debug)]
pub struct Dossie {
    pub titular: Titular,
    /// Places that have something.
    pub partes: Vec<Parte>,
}

/// Gathers the dossier of a person. `format` says how it leaves the house, for the trail, which takes nothing of the person but
/// their number.
///
/// # Errors
/// [`Refusal`]: not found, denied, or a fault of the database.
pub async fn reunir(
    tx: &mut TenantTx,
    actor: &Actor,
    modules: &[Module],
    which: &TitularRef,
    format: &'static str,
) -> Result<Dossie, Refusal> {
    actor.require(&VER)?;
    let titular = get(tx, modules, which).await?.ok_or(Refusal::NotFound)?;
    let alvo = Alvo::new(titular, true);
    let mut partes = Vec::new();
    for acervo in acervos(modules) {
        let registros = (acervo.reunir)(&mut tx.ground(), &alvo).await?;
        if !registros.is_empty() {
            partes.push(Parte { acervo, registros });
        }
    }
    let counts: serde_json::Map<String, Value> =
        partes.iter().map(|parte| (parte.acervo.name.to_owned(), json!(parte.registros.len()))).collect();
    let change = Change::created(&json!({ "format": format, "acervos": counts }));
    let entity = alvo.titular.kind;
    tx.audit(actor, Entry { action: "privacidade.dossie_reunido", entity, entity_id: Some(which.id), change }).await?;
    Ok(Dossie { titular: alvo.titular, partes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_in_an_address() {
        let text = "contato-01900000-0000-7000-8000-000000000210";
        assert_eq!(text.parse::<TitularRef>().unwrap().to_string(), text);
        for bad in ["", "contato", "contato-1", "-", "contato-01900000-0000-7000-8000-00000000021x"] {
            assert_eq!(bad.parse::<TitularRef>(), Err(NoTitular), "{bad}");
        }
    }
}
