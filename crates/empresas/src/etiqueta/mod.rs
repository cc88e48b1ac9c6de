//! Words that people stick on empresas to find them again, each with a colour; the unidade's own list. An etiqueta is one
//! whatever the case and the accents of its name. Whoever may change an empresa puts them on and takes them off; a new word
//! takes the permission to keep the list.

pub mod pages;
mod por;
pub(crate) mod sql;
mod vocabulary;

use kernel::{Entity, Id, Permission, Texto};

pub(crate) use por::MAX;
pub use por::{EtiquetaError, EtiquetaRule, Posta, por, set, tirar};
pub use sql::{list, of_empresas};
pub use vocabulary::{COR, Dados, Etiquetas};

#[derive(Debug)]
pub enum EtiquetaEntity {}
impl Entity for EtiquetaEntity {
    const NAME: &'static str = "etiqueta";
}
pub type EtiquetaId = Id<EtiquetaEntity>;
pub type EtiquetaNome = Texto<40>;

pub const GERIR: Permission = Permission::new("empresas.etiqueta.gerir");

/// One of few colours, each readable on both themes (`assets/src/styles/_etiquetas.scss`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cor {
    Cinza,
    Azul,
    Turquesa,
    Verde,
    Ambar,
    Laranja,
    Vermelho,
    Rosa,
    Roxo,
}

impl Cor {
    pub const ALL: [Self; 9] = [
        Self::Cinza,
        Self::Azul,
        Self::Turquesa,
        Self::Verde,
        Self::Ambar,
        Self::Laranja,
        Self::Vermelho,
        Self::Rosa,
        Self::Roxo,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cinza => "cinza",
            Self::Azul => "azul",
            Self::Turquesa => "turquesa",
            Self::Verde => "verde",
            Self::Ambar => "ambar",
            Self::Laranja => "laranja",
            Self::Vermelho => "vermelho",
            Self::Rosa => "rosa",
            Self::Roxo => "roxo",
        }
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cinza => "cor-cinza",
            Self::Azul => "cor-azul",
            Self::Turquesa => "cor-turquesa",
            Self::Verde => "cor-verde",
            Self::Ambar => "cor-ambar",
            Self::Laranja => "cor-laranja",
            Self::Vermelho => "cor-vermelho",
            Self::Rosa => "cor-rosa",
            Self::Roxo => "cor-roxo",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cor| cor.code() == code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etiqueta {
    pub id: EtiquetaId,
    pub nome: String,
    /// Code of its [`Cor`].
    pub cor: String,
}

/// An etiqueta with how many empresas have it, without those in the lixeira.
#[derive(Debug)]
struct Uso {
    id: EtiquetaId,
    nome: String,
    cor: String,
    empresas: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_that_are_kept_and_shown() {
        for cor in Cor::ALL {
            assert_eq!(Cor::from_code(cor.code()), Some(cor));
            assert_eq!(cor.label(), format!("cor-{}", cor.code()));
        }
    }
}
