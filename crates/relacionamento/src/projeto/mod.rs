//! Projetos: what a demanda becomes when the empresa contracts it (S0-5.15).
//!
//! The rules it protects: of one demanda there is at most one projeto, linked both ways; while there is one its demanda is concluída;
//! it is em execução, and then concluído or, with its motivo, cancelado; nobody overwrites what somebody else changed meanwhile; what
//! somebody may not see does not exist for them.

pub mod api;
pub mod excluir;
pub mod gravar;
pub mod lista;
pub mod pages;
mod regra;
pub(crate) mod sql;
pub(crate) mod timeline;
pub(crate) mod titular;

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Entity, Id, Permission, Reais, Texto};
use serde::Serialize;
use uuid::Uuid;

use crate::demanda::DemandaId;

pub use empresas::empresa::{Pessoa, Reach};
pub use regra::{ProjetoError, ProjetoRule};

#[derive(Debug)]
pub enum ProjetoEntity {}
impl Entity for ProjetoEntity {
    const NAME: &'static str = "projeto";
}
pub type ProjetoId = Id<ProjetoEntity>;

/// The kind of record, as in the audit trail.
pub const ENTITY: &str = ProjetoEntity::NAME;

pub const VER: Permission = Permission::new("relacionamento.projeto.ver");
/// To make one of a demanda, change it and end it.
pub const ALTERAR: Permission = Permission::new("relacionamento.projeto.alterar");
pub const EXCLUIR: Permission = Permission::new("relacionamento.projeto.excluir");

pub type Titulo = Texto<200>;
pub type Motivo = Texto<1000>;

/// Where a projeto stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Situacao {
    EmExecucao,
    Concluido,
    Cancelado,
}

impl Situacao {
    pub const ALL: [Self; 3] = [Self::EmExecucao, Self::Concluido, Self::Cancelado];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EmExecucao => "em_execucao",
            Self::Concluido => "concluido",
            Self::Cancelado => "cancelado",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::EmExecucao => "projeto-em-execucao",
            Self::Concluido => "projeto-concluido",
            Self::Cancelado => "projeto-cancelado",
        }
    }

    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::EmExecucao => "info",
            Self::Concluido => "ok",
            Self::Cancelado => "quiet",
        }
    }

    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::EmExecucao => "hourglass-split",
            Self::Concluido => "check-circle-fill",
            Self::Cancelado => "x-circle-fill",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|situacao| situacao.code() == code)
    }
}

/// What is agreed of a projeto.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dados {
    pub titulo: Titulo,
    /// Never negative.
    pub valor: Option<Reais>,
    pub responsavel: Option<Uuid>,
    pub data_inicio: NaiveDate,
    /// Not before the beginning.
    pub data_fim: Option<NaiveDate>,
}

/// A projeto as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Projeto {
    pub id: ProjetoId,
    pub demanda_id: DemandaId,
    pub demanda: String,
    pub empresa_id: EmpresaId,
    pub empresa_nome: String,
    pub titulo: String,
    pub valor: Option<Reais>,
    pub data_inicio: NaiveDate,
    pub data_fim: Option<NaiveDate>,
    /// The usuario, if it is one.
    pub responsavel_id: Option<Uuid>,
    pub responsavel_nome: Option<String>,
    pub situacao: Situacao,
    pub concluido_at: Option<DateTime<Utc>>,
    pub motivo: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What the audit trail keeps of a projeto; a change holds the fields that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Facts {
    pub empresa: EmpresaId,
    pub demanda: DemandaId,
    pub titulo: String,
    pub valor: Option<Reais>,
    pub data_inicio: NaiveDate,
    pub data_fim: Option<NaiveDate>,
    pub responsavel_id: Option<Uuid>,
    pub responsavel: Option<String>,
    pub situacao: Situacao,
    pub motivo: Option<String>,
}

impl Projeto {
    pub(crate) fn facts(&self) -> Facts {
        Facts {
            empresa: self.empresa_id,
            demanda: self.demanda_id,
            titulo: self.titulo.clone(),
            valor: self.valor,
            data_inicio: self.data_inicio,
            data_fim: self.data_fim,
            responsavel_id: self.responsavel_id,
            responsavel: self.responsavel_nome.clone(),
            situacao: self.situacao,
            motivo: self.motivo.clone(),
        }
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
            assert_eq!(situacao.label(), format!("projeto-{}", situacao.code().replace('_', "-")));
        }
    }
}
