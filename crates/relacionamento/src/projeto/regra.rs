use kernel::{Refusal, Rule, Told};

use super::Situacao;
use crate::demanda::{DemandaError, DemandaRule};

/// Why nothing was done with a projeto.
#[derive(Debug, thiserror::Error)]
pub enum ProjetoRule {
    /// Somebody else changed it since it was read.
    #[error("the projeto was changed meanwhile")]
    Changed { current: i32 },
    /// It has ended, or has not.
    #[error("the projeto is {}", .0.code())]
    Situacao(Situacao),
    /// It ends before it begins.
    #[error("the projeto ends before it begins")]
    Fim,
    #[error("the value is negative")]
    Valor,
    #[error("the responsável cannot be")]
    Responsavel,
    /// One of the same demanda lies in the lixeira.
    #[error("its projeto lies in the lixeira")]
    Lixeira,
    /// Its demanda was reopened or called off, or lies in the lixeira.
    #[error("its demanda is not concluída")]
    Aberta,
    /// What the demanda says.
    #[error(transparent)]
    Demanda(DemandaRule),
}

impl Rule for ProjetoRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed { .. } => Told::conflict("conflict"),
            Self::Situacao(_) => Told::conflict("projeto-situacao"),
            Self::Fim => Told::invalid("projeto-fim").at("data_fim"),
            Self::Valor => Told::invalid("reais-negative").at("valor"),
            Self::Responsavel => Told::invalid("visita-responsavel").at("responsavel"),
            Self::Lixeira => Told::conflict("projeto-lixeira"),
            Self::Aberta => Told::conflict("projeto-aberta"),
            Self::Demanda(rule) => rule.told(),
        }
    }
}

pub type ProjetoError = Refusal<ProjetoRule>;

pub(super) fn of_demanda(error: DemandaError) -> ProjetoError {
    error.map_rule(ProjetoRule::Demanda)
}
