//! Visitas: when somebody of the unidade goes to an empresa (S0-4).
//!
//! The rules it protects: a visita is planejada, and then realizada with what came of it or cancelada with why, and nothing
//! else; nobody tells what came of one that has not begun; nobody overwrites what somebody else changed meanwhile; whoever
//! goes hears of it, and of every change of it that somebody else makes; what somebody may not see does not exist for them.

pub(crate) mod agenda;
pub mod alterar;
pub mod anexar;
pub mod api;
pub mod chegar;
pub mod desfecho;
pub mod excluir;
mod jobs;
pub mod lista;
mod mescla;
pub mod pages;
pub mod planejar;
mod regra;
pub(crate) mod samples;
pub(crate) mod sql;
pub(crate) mod timeline;
pub(crate) mod titular;

use chrono::{DateTime, TimeDelta, Utc};
use empresas::{contato::ContatoId, empresa::EmpresaId};
use kernel::{Entity, Id, Permission, Texto};
use serde::Serialize;
use uuid::Uuid;

pub use empresas::empresa::{Pessoa, Reach};
pub(crate) use jobs::{LEMBRETE, NOTICE, handlers};
pub(crate) use mescla::ANEXO;
pub use regra::{Conflict, VisitaError, VisitaRule};

#[derive(Debug)]
pub enum VisitaEntity {}
impl Entity for VisitaEntity {
    const NAME: &'static str = "visita";
}
pub type VisitaId = Id<VisitaEntity>;

/// The kind of record, as in the audit trail.
pub const ENTITY: &str = VisitaEntity::NAME;

pub const VER: Permission = Permission::new("relacionamento.visita.ver");
pub const REGISTRAR: Permission = Permission::new("relacionamento.visita.registrar");
pub const ALTERAR: Permission = Permission::new("relacionamento.visita.alterar");
pub const EXCLUIR: Permission = Permission::new("relacionamento.visita.excluir");
pub const EXPORTAR: Permission = Permission::new("relacionamento.visita.exportar");

/// Nobody stays longer; a stay of days is a visita each day.
pub const LONGEST: TimeDelta = TimeDelta::hours(24);
/// People who go besides the responsável, of the unidade and of the empresa together.
pub const MAX_PARTICIPANTES: usize = 50;

/// Where a visita stands (S0-4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Situacao {
    Planejada,
    Realizada,
    Cancelada,
}

impl Situacao {
    pub const ALL: [Self; 3] = [Self::Planejada, Self::Realizada, Self::Cancelada];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planejada => "planejada",
            Self::Realizada => "realizada",
            Self::Cancelada => "cancelada",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Planejada => "visita-planejada",
            Self::Realizada => "visita-realizada",
            Self::Cancelada => "visita-cancelada",
        }
    }

    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Planejada => "info",
            Self::Realizada => "ok",
            Self::Cancelada => "quiet",
        }
    }

    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Planejada => "calendar3",
            Self::Realizada => "check-circle-fill",
            Self::Cancelada => "x-circle-fill",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|situacao| situacao.code() == code)
    }
}

impl std::str::FromStr for Situacao {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Self::from_code(code).ok_or(())
    }
}

pub type Objetivo = Texto<5000>;
pub type Local = Texto<300>;
pub type Resumo = Texto<5000>;
pub type Motivo = Texto<1000>;

/// From when until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horario {
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
}

impl Horario {
    /// # Errors
    /// [`VisitaRule::Horario`] when it ends before it begins or lasts longer than [`LONGEST`].
    pub fn new(inicio_at: DateTime<Utc>, fim_at: DateTime<Utc>) -> Result<Self, VisitaRule> {
        let lasts = fim_at - inicio_at;
        if lasts <= TimeDelta::zero() {
            return Err(VisitaRule::Horario);
        }
        if lasts > LONGEST {
            return Err(VisitaRule::Longa);
        }
        Ok(Self { inicio_at, fim_at })
    }
}

/// What is planned: who goes where, when and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plano {
    pub responsavel: Uuid,
    pub horario: Horario,
    pub objetivo: Objetivo,
    /// `None`: at the address of the empresa.
    pub local: Option<Local>,
    /// Others of the unidade who go.
    pub colegas: Vec<Uuid>,
    /// People of the empresa.
    pub contatos: Vec<ContatoId>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relato {
    pub resumo: Resumo,
    pub proximos_passos: Option<Resumo>,
}

/// Where somebody was when they said that they are there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posicao {
    pub latitude: f64,
    pub longitude: f64,
    /// Metres around it.
    pub precisao: i32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chegada {
    pub at: DateTime<Utc>,
    pub posicao: Option<Posicao>,
}

/// A visita as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Visita {
    pub id: VisitaId,
    pub empresa_id: EmpresaId,
    pub empresa_nome: String,
    /// The usuario, if it is one, and who is responsável for the empresa.
    pub responsavel_id: Option<Uuid>,
    pub responsavel_nome: String,
    pub empresa_responsavel: Option<Uuid>,
    pub horario: Horario,
    pub objetivo: String,
    pub local: Option<String>,
    pub situacao: Situacao,
    pub resumo: Option<String>,
    pub proximos_passos: Option<String>,
    pub motivo: Option<String>,
    pub chegada: Option<Chegada>,
    /// Each by name.
    pub colegas: Vec<Pessoa>,
    pub contatos: Vec<Pessoa>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// In the lixeira since.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What the audit trail keeps of a visita; a change holds the fields that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Facts {
    pub empresa: EmpresaId,
    pub responsavel_id: Option<Uuid>,
    pub responsavel: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
    pub objetivo: String,
    pub local: Option<String>,
    pub situacao: Situacao,
    pub resumo: Option<String>,
    pub proximos_passos: Option<String>,
    pub motivo: Option<String>,
    pub participantes: Vec<String>,
}

impl Visita {
    pub(crate) fn facts(&self) -> Facts {
        Facts {
            empresa: self.empresa_id,
            responsavel_id: self.responsavel_id,
            responsavel: self.responsavel_nome.clone(),
            inicio_at: self.horario.inicio_at,
            fim_at: self.horario.fim_at,
            objetivo: self.objetivo.clone(),
            local: self.local.clone(),
            situacao: self.situacao,
            resumo: self.resumo.clone(),
            proximos_passos: self.proximos_passos.clone(),
            motivo: self.motivo.clone(),
            participantes: self.colegas.iter().chain(&self.contatos).map(|pessoa| pessoa.nome.clone()).collect(),
        }
    }

    /// The usuarios who go.
    pub(crate) fn who_go(&self) -> impl Iterator<Item = Uuid> {
        self.responsavel_id.into_iter().chain(self.colegas.iter().map(|pessoa| pessoa.id))
    }

    #[must_use]
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.horario.inicio_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_that_are_kept_and_shown() {
        for situacao in Situacao::ALL {
            assert_eq!(Situacao::from_code(situacao.code()), Some(situacao));
            assert_eq!(serde_json::json!(situacao), situacao.code());
            assert_eq!(situacao.label(), format!("visita-{}", situacao.code()));
        }
    }

    #[test]
    fn a_visita_ends_after_it_begins_and_within_a_day() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let begin = at("2026-11-25T13:00:00Z");
        for (end, allowed) in [
            ("2026-11-25T13:00:00Z", Err("visita-fim")),
            ("2026-11-25T12:00:00Z", Err("visita-fim")),
            ("2026-11-25T13:01:00Z", Ok(())),
            // Over midnight.
            ("2026-11-26T04:00:00Z", Ok(())),
            ("2026-11-26T13:00:00Z", Ok(())),
            ("2026-11-26T13:01:00Z", Err("visita-longa")),
        ] {
            let told = Horario::new(begin, at(end)).map(drop).map_err(|rule| kernel::Rule::fields(&rule)[0].invalid.code);
            assert_eq!(told, allowed, "{end}");
        }
    }
}
