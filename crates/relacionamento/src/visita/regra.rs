use kernel::{Refusal, Rule, Told};

use super::{Situacao, Visita};

/// Why nothing was done with a visita.
#[derive(Debug, thiserror::Error)]
pub enum VisitaRule {
    /// Somebody else changed it since it was read.
    #[error("the visita was changed meanwhile")]
    Changed(Box<Conflict>),
    /// It is not planejada, or not one that could be undone.
    #[error("the visita is {}", .0.code())]
    Situacao(Situacao),
    /// Nobody knows yet what comes of it.
    #[error("the visita has not begun")]
    Futura,
    #[error("the visita ends before it begins")]
    Horario,
    #[error("the visita lasts longer than a day")]
    Longa,
    /// Nobody, somebody who is not active any more, or another than the actor where they reach their own alone.
    #[error("the responsável cannot be")]
    Responsavel,
    /// Of another empresa, in the lixeira, not active, or one too many.
    #[error("somebody who cannot go along")]
    Participante,
    /// No PDF and no DOCX (S0-4.10).
    #[error("the report is of another kind of file")]
    Relatorio,
}

/// What is kept now, where it is not what was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    pub current: Visita,
}

impl Rule for VisitaRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed(_) => Told::conflict("conflict"),
            Self::Situacao(_) => Told::conflict("visita-situacao"),
            Self::Futura => Told::conflict("visita-futura"),
            Self::Horario => Told::invalid("visita-fim").at("fim_at"),
            Self::Longa => Told::invalid("visita-longa").at("fim_at"),
            Self::Responsavel => Told::invalid("visita-responsavel").at("responsavel"),
            Self::Participante => Told::invalid("visita-participante").at("participantes"),
            Self::Relatorio => Told::invalid("visita-relatorio").at("arquivo"),
        }
    }
}

pub type VisitaError = Refusal<VisitaRule>;

impl Visita {
    /// As the actor saw it.
    pub(super) fn seen_at(&self, version: i32) -> Result<(), VisitaRule> {
        if self.version == version {
            return Ok(());
        }
        Err(VisitaRule::Changed(Box::new(Conflict { current: self.clone() })))
    }

    pub(super) fn in_situacao(&self, allowed: &[Situacao]) -> Result<(), VisitaRule> {
        if allowed.contains(&self.situacao) { Ok(()) } else { Err(VisitaRule::Situacao(self.situacao)) }
    }
}
