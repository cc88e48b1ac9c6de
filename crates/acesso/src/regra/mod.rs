//! As regras de entrada: what a unidade decides about entering. How many failures close an account to places that are not
//! known, for how long an aparelho is spared the second factor, of which perfis a second factor is asked, and by which ways each of them enters.

pub mod pages;
mod sql;

use std::str::FromStr;

use kernel::{Actor, Invalid, Permission, Refusal, Rule, Told};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, TenantTx};

pub(crate) use sql::{by_senha, find};

use crate::perfil::PerfilId;

/// May change the rules of entering.
pub const GERIR: Permission = Permission::new("acesso.regra.gerir");

/// Failures that close an account (S0-15.5, D-18), and days of trust.
pub(crate) const ATTEMPTS: std::ops::RangeInclusive<i32> = 3..=10;
pub(crate) const TRUST_DAYS: std::ops::RangeInclusive<i32> = 0..=90;

/// What is asked of a perfil besides the first factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegundoFator {
    /// Nobody is offered one. Who has one is asked for it all the same.
    Desligado,
    Oferecido,
    /// Who has none is led to one when they enter.
    Exigido,
}

impl SegundoFator {
    pub const ALL: [Self; 3] = [Self::Desligado, Self::Oferecido, Self::Exigido];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Desligado => "desligado",
            Self::Oferecido => "oferecido",
            Self::Exigido => "exigido",
        }
    }
}

impl FromStr for SegundoFator {
    type Err = Invalid;

    fn from_str(code: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|one| one.code() == code).ok_or_else(|| Invalid::new("choice"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Regra {
    pub attempts: i32,
    pub trust_days: i32,
    pub version: i32,
}

/// By which ways a perfil enters; nobody of one that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caminhos {
    /// The senha, a chave, a link to choose another senha, or another unidade where one of these was proved.
    pub senha: bool,
    /// A code on the telephone.
    pub telefone: bool,
    /// The word of a provedor.
    pub provedor: bool,
}

/// What is asked of one perfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DoPerfil {
    pub id: PerfilId,
    pub nome: String,
    /// Enters by senha whatever is chosen.
    pub administrador: bool,
    pub segundo_fator: SegundoFator,
    pub caminhos: Caminhos,
}

/// What is to be asked of one perfil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NovaDoPerfil {
    pub perfil: PerfilId,
    pub segundo_fator: SegundoFator,
    pub caminhos: Caminhos,
}

/// All of it anew. Perfis that are not named keep what they have.
#[derive(Debug, Clone)]
pub struct AlterarRegra {
    pub attempts: i32,
    pub trust_days: i32,
    pub perfis: Vec<NovaDoPerfil>,
    pub version: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegraRule {
    #[error("{0} lies out of its bounds")]
    OutOfBounds(&'static str),
    #[error("the rules were changed meanwhile")]
    Changed,
}

impl Rule for RegraRule {
    fn told(&self) -> Told {
        match self {
            Self::OutOfBounds(field) => Told::invalid("choice").at(field),
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type AlterarRegraError = Refusal<RegraRule>;

/// Changes the rules. Whoever is in stays in; what is asked counts from the next entering on.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, cmd: AlterarRegra) -> Result<(), AlterarRegraError> {
    actor.require(&GERIR)?;
    if !ATTEMPTS.contains(&cmd.attempts) {
        return Err(RegraRule::OutOfBounds("attempts").into());
    }
    if !TRUST_DAYS.contains(&cmd.trust_days) {
        return Err(RegraRule::OutOfBounds("trust_days").into());
    }
    let before = told(&find(tx).await?, &sql::perfis(tx).await?);
    if !sql::update(tx, cmd.attempts, cmd.trust_days, cmd.version).await? {
        return Err(RegraRule::Changed.into());
    }
    for nova in &cmd.perfis {
        sql::set(tx, nova).await?;
    }
    let after = told(&find(tx).await?, &sql::perfis(tx).await?);
    let change = Change::between(&before, &after);
    if !change.is_empty() {
        tx.audit(actor, Entry { action: "acesso.regra_alterada", entity: "regra_entrada", entity_id: None, change }).await?;
    }
    Ok(())
}

/// The rules as the trail tells them.
fn told(regra: &Regra, perfis: &[DoPerfil]) -> Value {
    let mut all = Map::new();
    all.insert("attempts".to_owned(), json!(regra.attempts));
    all.insert("trust_days".to_owned(), json!(regra.trust_days));
    for perfil in perfis {
        let Caminhos { senha, telefone, provedor } = perfil.caminhos;
        let senha = if senha { "" } else { ", sem senha" };
        let telefone = if telefone { ", telefone" } else { "" };
        let provedor = if provedor { ", provedor" } else { "" };
        all.insert(perfil.nome.clone(), json!(format!("{}{senha}{telefone}{provedor}", perfil.segundo_fator.code())));
    }
    Value::Object(all)
}
