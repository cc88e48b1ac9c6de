//! Days on which somebody of the unidade is not there.
//!
//! The rules it protects: everybody writes down their own, and whoever coordinates those of others; nobody is away twice at once; why
//! somebody is away is said in four words, none of them about their health.

pub(crate) mod agenda;
pub mod pages;
mod sql;
pub(crate) mod titular;

use chrono::{Datelike, NaiveDate};
use kernel::{Actor, Entity, Fault, Id, Permission, Refusal, Rule, Told};
use serde::Serialize;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use crate::usuario::UsuarioId;

#[derive(Debug)]
pub enum AusenciaEntity {}
impl Entity for AusenciaEntity {
    const NAME: &'static str = "ausencia";
}
pub type AusenciaId = Id<AusenciaEntity>;

/// May see who is away.
pub const VER: Permission = Permission::new("acesso.ausencia.ver");
/// May write down when others are.
pub const GERIR: Permission = Permission::new("acesso.ausencia.gerir");

/// Days in a row: longer is no absence any more.
pub const LONGEST: i64 = 366;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Motivo {
    Ferias,
    Treinamento,
    Folga,
    Outro,
}

impl Motivo {
    pub const ALL: [Self; 4] = [Self::Ferias, Self::Treinamento, Self::Folga, Self::Outro];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ferias => "ferias",
            Self::Treinamento => "treinamento",
            Self::Folga => "folga",
            Self::Outro => "outro",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ferias => "ausencia-ferias",
            Self::Treinamento => "ausencia-treinamento",
            Self::Folga => "ausencia-folga",
            Self::Outro => "ausencia-outro",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|motivo| motivo.code() == code)
    }
}

/// Who is away, from which day to which, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub usuario: UsuarioId,
    pub motivo: Motivo,
    pub data_inicio: NaiveDate,
    pub data_fim: NaiveDate,
}

/// An absence as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ausencia {
    pub id: AusenciaId,
    pub nome: String,
    pub dados: Dados,
}

/// Why an absence is not written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AusenciaRule {
    #[error("it ends before it begins")]
    Fim,
    #[error("it is longer than {LONGEST} days, or far away")]
    Longa,
    #[error("they are away on some of these days already")]
    Taken,
    /// Nobody who may enter.
    #[error("there is nobody to be away")]
    Pessoa,
}

impl Rule for AusenciaRule {
    fn told(&self) -> Told {
        match self {
            Self::Fim => Told::invalid("ausencia-fim").at("data_fim"),
            Self::Longa => Told::invalid("ausencia-longa").at("data_fim"),
            Self::Taken => Told::conflict("ausencia-taken").at("data_inicio"),
            Self::Pessoa => Told::invalid("choice").at("usuario"),
        }
    }
}

pub type AusenciaError = Refusal<AusenciaRule>;

/// Whether the days are some that somebody can be away on.
fn judge(dados: &Dados) -> Result<(), AusenciaRule> {
    let days = (dados.data_fim - dados.data_inicio).num_days();
    match days {
        ..0 => Err(AusenciaRule::Fim),
        LONGEST.. => Err(AusenciaRule::Longa),
        _ if !(2000..=2199).contains(&dados.data_inicio.year()) => Err(AusenciaRule::Longa),
        _ => Ok(()),
    }
}

/// Whether the actor writes down when this person is away.
fn decides(actor: &Actor, usuario: UsuarioId) -> bool {
    actor.usuario() == Some(usuario.uuid()) || actor.may(&GERIR)
}

/// Writes down when somebody is away.
///
/// # Errors
/// Denied for another's without [`GERIR`]; [`AusenciaRule`].
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, dados: &Dados) -> Result<AusenciaId, AusenciaError> {
    if !decides(actor, dados.usuario) {
        actor.require(&GERIR)?;
    }
    judge(dados)?;
    if !sql::hold(tx, dados.usuario).await? {
        return Err(AusenciaRule::Pessoa.into());
    }
    if sql::overlaps(tx, dados).await? {
        return Err(AusenciaRule::Taken.into());
    }
    let id = sql::insert(tx, dados).await?;
    tx.audit(actor, entry("ausencia.registrada", id, Change::created(dados))).await?;
    Ok(id)
}

/// Takes an absence back; who it was of.
///
/// # Errors
/// Not found for one that is gone, or that the actor does not decide about.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: AusenciaId) -> Result<(), AusenciaError> {
    let found = sql::lock(tx, id).await?.filter(|found| decides(actor, found.usuario)).ok_or(AusenciaError::NotFound)?;
    sql::delete(tx, id).await?;
    tx.audit(actor, entry("ausencia.excluida", id, Change::removed(&found))).await?;
    Ok(())
}

/// Absences that are not over by `today`, the next first: of everybody for whoever may see them, of the actor otherwise.
///
/// # Errors
/// A fault of the database.
pub async fn coming(tx: &mut TenantTx, actor: &Actor, today: NaiveDate) -> Result<Vec<Ausencia>, Fault> {
    let all = actor.may(&VER) || actor.may(&GERIR);
    sql::between(tx, today, NaiveDate::MAX, if all { None } else { Some(actor.usuario().into_iter().collect()) }).await
}

/// Absences that touch some days, both included, of some people.
///
/// # Errors
/// A fault of the database.
pub async fn during(tx: &mut TenantTx, pessoas: &[Uuid], first: NaiveDate, last: NaiveDate) -> Result<Vec<Ausencia>, Fault> {
    sql::between(tx, first, last, Some(pessoas.to_vec())).await
}

const fn entry(action: &'static str, id: AusenciaId, change: Change) -> Entry {
    Entry { action, entity: AusenciaEntity::NAME, entity_id: Some(id.uuid()), change }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_away_from_a_day_to_a_later_one_and_not_for_ever() {
        let judged = |from: &str, to: &str| {
            let usuario = UsuarioId::new(Uuid::nil());
            let (data_inicio, data_fim) = (from.parse().unwrap(), to.parse().unwrap());
            judge(&Dados { usuario, motivo: Motivo::Ferias, data_inicio, data_fim })
        };
        assert_eq!(judged("2026-12-21", "2026-12-21"), Ok(()));
        assert_eq!(judged("2026-12-21", "2026-12-20"), Err(AusenciaRule::Fim));
        assert_eq!(judged("2026-01-01", "2027-01-01"), Ok(()));
        assert_eq!(judged("2026-01-01", "2027-01-02"), Err(AusenciaRule::Longa));
        assert_eq!(judged("0206-01-01", "0206-01-02"), Err(AusenciaRule::Longa));
    }

    #[test]
    fn codes_are_those_that_are_kept() {
        for motivo in Motivo::ALL {
            assert_eq!(Motivo::from_code(motivo.code()), Some(motivo));
            assert_eq!(motivo.label(), format!("ausencia-{}", motivo.code()));
        }
        assert_eq!(Motivo::from_code("doente"), None);
    }
}
