use kernel::{Refusal, Rule, Told};

use super::{Demanda, Situacao};

/// Why nothing was done with a demanda.
#[derive(Debug, thiserror::Error)]
pub enum DemandaRule {
    /// Somebody else changed it since it was read.
    #[error("the demanda was changed meanwhile")]
    Changed(Box<Conflict>),
    /// It has ended, or has not.
    #[error("the demanda is {}", .0.code())]
    Situacao(Situacao),
    /// It is a projeto.
    #[error("the demanda became a projeto")]
    Convertida,
    /// Called off without saying why.
    #[error("the motivo is missing")]
    Motivo,
    /// None of the unidade's.
    #[error("there is no such tipo")]
    Tipo,
    #[error("there is no such setor")]
    Setor,
    #[error("there is no such etapa")]
    Etapa,
    /// Nobody, or somebody who is not active any more.
    #[error("the responsável cannot be")]
    Responsavel,
    /// Of another empresa, or in the lixeira.
    #[error("the contato is none of the empresa")]
    Contato,
    /// Less than nothing.
    #[error("the value is negative")]
    Valor,
    /// A demanda has at most [`super::anexar::MAX`] files.
    #[error("too many files")]
    Anexos,
}

/// What is kept now, where it is not what was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    pub current: Demanda,
}

impl Rule for DemandaRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed(_) => Told::conflict("conflict"),
            Self::Situacao(_) => Told::conflict("demanda-situacao"),
            Self::Convertida => Told::conflict("demanda-convertida"),
            Self::Motivo => Told::invalid("required").at("motivo"),
            Self::Tipo => Told::invalid("choice").at("tipo"),
            Self::Setor => Told::invalid("choice").at("setor"),
            Self::Etapa => Told::invalid("choice").at("etapa"),
            Self::Responsavel => Told::invalid("visita-responsavel").at("responsavel"),
            Self::Contato => Told::invalid("choice").at("contato"),
            Self::Valor => Told::invalid("reais-negative").at("valor_estimado"),
            Self::Anexos => Told::invalid("demanda-anexos").at("arquivo"),
        }
    }
}

pub type DemandaError = Refusal<DemandaRule>;

impl Demanda {
    /// As the actor saw it.
    pub(super) fn seen_at(&self, version: i32) -> Result<(), DemandaRule> {
        if self.version == version {
            return Ok(());
        }
        Err(DemandaRule::Changed(Box::new(Conflict { current: self.clone() })))
    }

    /// Something may still be done about it.
    pub(crate) fn open(&self) -> Result<(), DemandaRule> {
        if self.situacao.is_open() { Ok(()) } else { Err(DemandaRule::Situacao(self.situacao)) }
    }

    /// While it is a projeto it stays what it is.
    pub(super) fn unconverted(&self) -> Result<(), DemandaRule> {
        if self.projeto.is_none() { Ok(()) } else { Err(DemandaRule::Convertida) }
    }
}
