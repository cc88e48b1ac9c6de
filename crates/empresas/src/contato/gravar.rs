use kernel::{Actor, FieldError, Invalid, Refusal, Rule, Told};
use serde_json::Value;
use tenancy::{Change, Entry, TenantTx};

use super::{Contato, ContatoId, Dados, FIELDS, sql};
use crate::empresa::{self, ALTERAR, EmpresaId, Reach, VER};

/// Nobody keeps more people of one empresa.
const MAX: i64 = 100;

#[derive(Debug, thiserror::Error)]
pub enum ContatoRule {
    /// Somebody else changed it since it was read.
    #[error("the contato was changed meanwhile")]
    Changed(Box<Conflict>),
    #[error("the empresa has {MAX} contatos already")]
    TooMany,
}

impl Rule for ContatoRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed(_) => Told::conflict("conflict"),
            Self::TooMany => Told::conflict("contato-too-many"),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Changed(conflict) => conflict.fields(),
            Self::TooMany => Vec::new(),
        }
    }
}

pub type ContatoError = Refusal<ContatoRule>;

/// What is known of somebody now, beside what was to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub current: Contato,
    pub wanted: Dados,
}

impl Conflict {
    /// Each field in which the two differ.
    fn fields(&self) -> Vec<FieldError> {
        let change = Change::between(&self.current.dados, &self.wanted);
        let side = |side: &Option<Value>, key: &str| {
            let value = side.as_ref().and_then(|fields| fields.get(key)).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let differing = FIELDS.into_iter().map(|key| (key, side(&change.before, key), side(&change.after, key)));
        let told = |(key, current, wanted): (&'static str, String, String)| {
            Invalid::new("field-changed").with("current", current).with("wanted", wanted).at(key)
        };
        differing.filter(|(_, current, wanted)| current != wanted).map(told).collect()
    }
}

/// Adds somebody to an empresa.
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, empresa: EmpresaId, dados: &Dados) -> Result<ContatoId, ContatoError> {
    reach(tx, actor, empresa).await?;
    if sql::count(tx, empresa).await? >= MAX {
        return Err(ContatoRule::TooMany.into());
    }
    let id = ContatoId::new(tx.clock().uuid());
    sql::insert(tx, id, empresa, dados).await?;
    tx.audit(actor, entry("contato.registrado", empresa, Change::created(dados))).await?;
    Ok(id)
}

/// Replaces what is known of somebody, if it is still the version that the actor saw.
pub async fn alterar(
    tx: &mut TenantTx,
    actor: &Actor,
    (empresa, id): (EmpresaId, ContatoId),
    seen: i32,
    dados: &Dados,
) -> Result<(), ContatoError> {
    reach(tx, actor, empresa).await?;
    let current = sql::find(tx, empresa, id).await?.ok_or(ContatoError::NotFound)?;
    if current.version != seen {
        return Err(ContatoRule::Changed(Box::new(Conflict { current, wanted: dados.clone() })).into());
    }
    let mut change = Change::between(&current.dados, dados);
    if change.is_empty() {
        return Ok(());
    }
    // The trail must say of whom, whatever changed.
    name(&mut change, &dados.nome);
    sql::update(tx, id, dados).await?;
    Ok(tx.audit(actor, entry("contato.alterado", empresa, change)).await?)
}

/// Takes somebody off an empresa; [`restaurar`] brings them back. With `seen`, only if it is still that version.
pub async fn excluir(
    tx: &mut TenantTx,
    actor: &Actor,
    empresa: EmpresaId,
    id: ContatoId,
    seen: Option<i32>,
) -> Result<(), ContatoError> {
    reach(tx, actor, empresa).await?;
    let contato = sql::find(tx, empresa, id).await?.ok_or(ContatoError::NotFound)?;
    if seen.is_some_and(|seen| seen != contato.version) {
        let wanted = contato.dados.clone();
        return Err(ContatoRule::Changed(Box::new(Conflict { current: contato, wanted })).into());
    }
    sql::trash(tx, id).await?;
    Ok(tx.audit(actor, entry("contato.excluido", empresa, Change::removed(&contato.dados))).await?)
}

/// Brings back who was taken off.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, empresa: EmpresaId, id: ContatoId) -> Result<(), ContatoError> {
    reach(tx, actor, empresa).await?;
    let contato = sql::find_trashed(tx, empresa, id).await?.ok_or(ContatoError::NotFound)?;
    sql::restore(tx, id).await?;
    Ok(tx.audit(actor, entry("contato.restaurado", empresa, Change::created(&contato.dados))).await?)
}

/// The empresa, locked: its people change one after the other.
async fn reach(tx: &mut TenantTx, actor: &Actor, id: EmpresaId) -> Result<(), ContatoError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    let found = empresa::sql::lock(tx, id, reach).await?;
    found.map(drop).ok_or(ContatoError::NotFound)
}

/// In the empresa's own trail, so that its history tells of its people too.
const fn entry(action: &'static str, empresa: EmpresaId, change: Change) -> Entry {
    Entry { action, entity: "empresa", entity_id: Some(empresa.uuid()), change }
}

fn name(change: &mut Change, nome: &kernel::Texto<120>) {
    let after = change.after.get_or_insert_with(|| serde_json::json!({}));
    if let Some(fields) = after.as_object_mut() {
        fields.entry("nome").or_insert_with(|| nome.as_str().into());
    }
}
