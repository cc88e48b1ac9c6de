use kernel::{Refusal, Rule, Told};

/// Why nothing was done with a tarefa.
#[derive(Debug, thiserror::Error)]
pub enum TarefaRule {
    /// Somebody else changed it since it was read.
    #[error("the tarefa was changed meanwhile")]
    Changed { current: i32 },
    /// Nobody, or somebody who is not active any more.
    #[error("the responsável cannot be")]
    Responsavel,
}

impl Rule for TarefaRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed { .. } => Told::conflict("conflict"),
            Self::Responsavel => Told::invalid("visita-responsavel").at("responsavel"),
        }
    }
}

pub type TarefaError = Refusal<TarefaRule>;
