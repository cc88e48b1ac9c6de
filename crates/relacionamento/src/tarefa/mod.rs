//! Tarefas: what somebody is to do, on a record of an empresa or by itself, until when.
//!
//! The rules it protects: whoever is to do it hears of it from whoever asks it of them; what is done is not undone by an old page;
//! somebody's own tarefas are theirs and of whoever wrote them down, those on a record also of whoever reaches its empresa.

pub(crate) mod agenda;
pub mod api;
pub mod gravar;
mod jobs;
pub mod lista;
pub mod pages;
mod regra;
pub(crate) mod sql;
pub(crate) mod titular;

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Entity, Id, Permission, Texto};
use serde::Serialize;
use uuid::Uuid;
use web::attached::Attached;

pub use empresas::empresa::{Pessoa, Reach};
pub(crate) use jobs::{NOTICE, PRAZO, handlers};
pub use regra::{TarefaError, TarefaRule};

#[derive(Debug)]
pub enum TarefaEntity {}
impl Entity for TarefaEntity {
    const NAME: &'static str = "tarefa";
}
pub type TarefaId = Id<TarefaEntity>;

/// The kind of record, as in the audit trail.
pub const ENTITY: &str = TarefaEntity::NAME;

pub const VER: Permission = Permission::new("relacionamento.tarefa.ver");
/// To write down, change, finish and delete.
pub const GERIR: Permission = Permission::new("relacionamento.tarefa.gerir");

pub type Titulo = Texto<200>;
pub type Detalhes = Texto<5000>;

/// Tarefas go along when their empresa is made one with another.
pub(crate) const ANEXO: Attached = Attached {
    to: "empresa",
    name: ENTITY,
    label: "mescla-tarefas",
    count: |tx, way| Box::pin(sql::count_of(tx, way.from)),
    bring: |tx, _, way| Box::pin(sql::bring(tx, way)),
    give_back: |tx, _, way, ids| Box::pin(sql::back(tx, way, ids)),
};

/// The record that a tarefa is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sobre {
    /// As in the audit trail: one of [`SOBRE`].
    pub entity: &'static str,
    pub id: Uuid,
}

/// Kinds of records that have tarefas.
pub const SOBRE: [&str; 4] = ["empresa", crate::visita::ENTITY, crate::demanda::ENTITY, crate::projeto::ENTITY];

impl Sobre {
    /// `visita:01900000-…`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (entity, id) = text.split_once(':')?;
        Self::of(entity, id.parse().ok()?)
    }

    /// A record of a kind that has tarefas.
    #[must_use]
    pub fn of(entity: &str, id: Uuid) -> Option<Self> {
        Some(Self { entity: SOBRE.into_iter().find(|known| *known == entity)?, id })
    }
}

impl std::fmt::Display for Sobre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.entity, self.id)
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dados {
    pub titulo: Titulo,
    pub detalhes: Option<Detalhes>,
    pub responsavel: Uuid,
    pub data_prazo: Option<NaiveDate>,
}

/// A tarefa as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tarefa {
    pub id: TarefaId,
    pub titulo: String,
    pub detalhes: Option<String>,
    pub responsavel_id: Uuid,
    pub responsavel: String,
    pub entity: Option<String>,
    pub entity_id: Option<Uuid>,
    pub empresa_id: Option<EmpresaId>,
    pub empresa: Option<String>,
    pub data_prazo: Option<NaiveDate>,
    pub concluida_at: Option<DateTime<Utc>>,
    pub criada_por_id: Option<Uuid>,
    pub criada_por_nome: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What the audit trail keeps of a tarefa; a change holds the fields that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Facts {
    pub titulo: String,
    pub detalhes: Option<String>,
    pub responsavel_id: Uuid,
    pub responsavel: String,
    pub data_prazo: Option<NaiveDate>,
    pub concluida_at: Option<DateTime<Utc>>,
    pub empresa: Option<EmpresaId>,
}

impl Tarefa {
    pub(crate) fn facts(&self) -> Facts {
        Facts {
            titulo: self.titulo.clone(),
            detalhes: self.detalhes.clone(),
            responsavel_id: self.responsavel_id,
            responsavel: self.responsavel.clone(),
            data_prazo: self.data_prazo,
            concluida_at: self.concluida_at,
            empresa: self.empresa_id,
        }
    }

    /// Where it is told of.
    pub(crate) fn sobre(&self) -> Option<Sobre> {
        Sobre::of(self.entity.as_deref()?, self.entity_id?)
    }
}

/// How urgent it is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgencia {
    Atrasada,
    Hoje,
    Semana,
    Depois,
    SemPrazo,
}

impl Urgencia {
    pub const ALL: [Self; 5] = [Self::Atrasada, Self::Hoje, Self::Semana, Self::Depois, Self::SemPrazo];

    #[must_use]
    pub fn of(data_prazo: Option<NaiveDate>, today: NaiveDate) -> Self {
        match data_prazo.map(|prazo| (prazo - today).num_days()) {
            None => Self::SemPrazo,
            Some(..0) => Self::Atrasada,
            Some(0) => Self::Hoje,
            Some(1..=7) => Self::Semana,
            Some(_) => Self::Depois,
        }
    }

    /// Key of its heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Atrasada => "tarefas-atrasadas",
            Self::Hoje => "tarefas-hoje",
            Self::Semana => "tarefas-semana",
            Self::Depois => "tarefas-depois",
            Self::SemPrazo => "tarefas-sem-prazo",
        }
    }

    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Atrasada => "danger",
            Self::Hoje => "warn",
            Self::Semana => "info",
            Self::Depois | Self::SemPrazo => "quiet",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgency_is_counted_in_days_of_the_calendar() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-23");
        for (prazo, urgencia) in [
            (None, Urgencia::SemPrazo),
            (Some("2026-11-22"), Urgencia::Atrasada),
            (Some("2026-11-23"), Urgencia::Hoje),
            (Some("2026-11-24"), Urgencia::Semana),
            (Some("2026-11-30"), Urgencia::Semana),
            (Some("2026-12-01"), Urgencia::Depois),
        ] {
            assert_eq!(Urgencia::of(prazo.map(day), today), urgencia, "{prazo:?}");
        }
    }

    #[test]
    fn a_record_is_written_as_it_is_read() {
        let sobre = Sobre { entity: "visita", id: Uuid::from_u128(7) };
        assert_eq!(Sobre::read(&sobre.to_string()), Some(sobre));
        for bad in ["", "visita", "visita:x", "usuario:00000000-0000-0000-0000-000000000007"] {
            assert_eq!(Sobre::read(bad), None, "{bad}");
        }
    }
}
