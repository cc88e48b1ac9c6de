//! To whom a demanda goes for which nobody is named (issue of every coordenador: nothing lies about without an owner).
//!
//! The rules it protects: the first rule that fits and has somebody who is there decides, and nobody else; each of several has their
//! turn, also when two demandas come at once; whoever may not enter or is away gets none; a rule whose conditions are gone fits
//! nothing; who was chosen by which rule can be read afterwards.

pub mod escolher;
pub mod gravar;
pub mod pages;
mod regra;
pub(crate) mod sql;

use empresas::segmento::SegmentoId;
use kernel::{Entity, Id, Permission, Texto};
use serde::Serialize;
use uuid::Uuid;

use crate::{demanda::Pessoa, setor::SetorId, tipo::TipoId};

pub use escolher::{Escolhida, escolher, quem_seria};
pub use regra::{DistribuicaoError, DistribuicaoRule};

#[derive(Debug)]
pub enum DistribuicaoEntity {}
impl Entity for DistribuicaoEntity {
    const NAME: &'static str = "distribuicao";
}
pub type DistribuicaoId = Id<DistribuicaoEntity>;

/// Name of a rule in the trail.
pub const ENTITY: &str = DistribuicaoEntity::NAME;

pub const GERIR: Permission = Permission::new("relacionamento.distribuicao.gerir");

pub type Nome = Texto<80>;

/// Rules of a unidade.
pub const MAX: usize = 100;
/// People of a rule, and of each of its conditions.
pub const MAX_DE_CADA: usize = 200;

/// How one of several is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Modo {
    /// Each in turn.
    Revezamento,
    /// Whoever has the fewest open demandas.
    Carga,
    /// Whoever is responsável for the empresa.
    Empresa,
}

impl Modo {
    pub const ALL: [Self; 3] = [Self::Revezamento, Self::Carga, Self::Empresa];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Revezamento => "revezamento",
            Self::Carga => "carga",
            Self::Empresa => "empresa",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Revezamento => "distribuicao-revezamento",
            Self::Carga => "distribuicao-carga",
            Self::Empresa => "distribuicao-empresa",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|modo| modo.code() == code)
    }
}

/// What a rule says. Conditions that are empty fit everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub nome: Nome,
    pub ativa: bool,
    pub tipos: Vec<TipoId>,
    pub setores: Vec<SetorId>,
    pub segmentos: Vec<SegmentoId>,
    /// Codes of the IBGE.
    pub municipios: Vec<i32>,
    pub modo: Modo,
    /// None where the responsável of the empresa is chosen.
    pub pessoas: Vec<Uuid>,
}

/// A rule as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribuicao {
    pub id: DistribuicaoId,
    pub dados: Dados,
    /// With whether they may enter.
    pub pessoas: Vec<(Pessoa, bool)>,
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_that_are_kept_and_shown() {
        for modo in Modo::ALL {
            assert_eq!(Modo::from_code(modo.code()), Some(modo));
            assert_eq!(modo.label(), format!("distribuicao-{}", modo.code()));
            assert_eq!(serde_json::json!(modo), modo.code());
        }
    }
}
