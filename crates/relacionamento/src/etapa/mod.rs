//! What the unidade calls where a demanda stands (S0-15.4). Names, colours and order are its own, and so are further etapas; each
//! is one of the four situações that the program knows (D-8), and of each situação one stays.

pub(crate) mod sql;
mod vocabulary;

use empresas::etiqueta::Cor;
use kernel::{Entity, Id, Permission, Texto};
use serde::Serialize;

pub use vocabulary::{Dados, Etapas};

#[derive(Debug)]
pub enum EtapaEntity {}
impl Entity for EtapaEntity {
    const NAME: &'static str = "demanda_etapa";
}
pub type EtapaId = Id<EtapaEntity>;
pub type EtapaNome = Texto<40>;

pub const GERIR: Permission = Permission::new("relacionamento.etapa.gerir");

/// Where a demanda stands, whatever the unidade calls it (S0-5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Situacao {
    Nova,
    EmAndamento,
    Concluida,
    Cancelada,
}

impl Situacao {
    pub const ALL: [Self; 4] = [Self::Nova, Self::EmAndamento, Self::Concluida, Self::Cancelada];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nova => "nova",
            Self::EmAndamento => "em_andamento",
            Self::Concluida => "concluida",
            Self::Cancelada => "cancelada",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Nova => "demanda-nova",
            Self::EmAndamento => "demanda-em-andamento",
            Self::Concluida => "demanda-concluida",
            Self::Cancelada => "demanda-cancelada",
        }
    }

    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Nova => "info",
            Self::EmAndamento => "warn",
            Self::Concluida => "ok",
            Self::Cancelada => "quiet",
        }
    }

    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Nova => "inbox",
            Self::EmAndamento => "hourglass-split",
            Self::Concluida => "check-circle-fill",
            Self::Cancelada => "x-circle-fill",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|situacao| situacao.code() == code)
    }

    /// Whether something is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Nova | Self::EmAndamento)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etapa {
    pub id: EtapaId,
    pub nome: String,
    pub situacao: Situacao,
    pub cor: Cor,
    /// Among those of its situação, from left to right.
    pub posicao: i32,
    /// Into which a demanda comes when nothing else is said; it stays.
    pub padrao: bool,
}

/// An etapa with the demandas of it.
#[derive(Debug)]
struct Uso {
    id: EtapaId,
    nome: String,
    situacao: String,
    cor: String,
    padrao: bool,
    demandas: i64,
    /// In the lixeira: they keep it from being deleted too.
    excluidas: i64,
    /// That stood in it once and stand elsewhere now: their history needs its name.
    passadas: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_that_are_kept_and_shown() {
        for situacao in Situacao::ALL {
            assert_eq!(Situacao::from_code(situacao.code()), Some(situacao));
            assert_eq!(serde_json::json!(situacao), situacao.code());
            assert_eq!(situacao.label(), format!("demanda-{}", situacao.code().replace('_', "-")));
        }
    }
}
