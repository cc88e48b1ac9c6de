use kernel::{Refusal, Rule, Told};

/// Why a rule is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DistribuicaoRule {
    /// Somebody else changed it since it was read.
    #[error("the rule was changed meanwhile")]
    Changed,
    /// Nobody, or somebody who may not be responsável for a demanda.
    #[error("there is nobody to choose from")]
    Pessoas,
    /// A tipo, setor, segmento or município that is none.
    #[error("a condition that is none")]
    Condicao,
    #[error("there are too many rules")]
    Many,
}

impl Rule for DistribuicaoRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed => Told::conflict("conflict"),
            Self::Pessoas => Told::invalid("distribuicao-pessoas").at("pessoa"),
            Self::Condicao => Told::invalid("choice").at("condicoes"),
            Self::Many => Told::invalid("distribuicao-many").at("nome"),
        }
    }
}

pub type DistribuicaoError = Refusal<DistribuicaoRule>;
