//! The people at an empresa: who to call about what. They follow their empresa: who sees it sees them, who may change it
//! changes them.

pub mod api;
mod gravar;
pub mod pages;
pub(crate) mod sql;

use kernel::{Email, Entity, Id, Telefone, Texto};
use serde::Serialize;

pub use gravar::{Conflict, ContatoError, ContatoRule, alterar, excluir, registrar, restaurar};
pub use sql::list;

use crate::empresa::EmpresaId;

#[derive(Debug)]
pub enum ContatoEntity {}
impl Entity for ContatoEntity {
    const NAME: &'static str = "contato";
}
pub type ContatoId = Id<ContatoEntity>;

/// What the unidade talks to somebody about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Papel {
    Direcao,
    Rh,
    Producao,
    Manutencao,
    Qualidade,
    Seguranca,
    Compras,
    Financeiro,
    Outro,
}

impl Papel {
    pub const ALL: [Self; 9] = [
        Self::Direcao,
        Self::Rh,
        Self::Producao,
        Self::Manutencao,
        Self::Qualidade,
        Self::Seguranca,
        Self::Compras,
        Self::Financeiro,
        Self::Outro,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Direcao => "direcao",
            Self::Rh => "rh",
            Self::Producao => "producao",
            Self::Manutencao => "manutencao",
            Self::Qualidade => "qualidade",
            Self::Seguranca => "seguranca",
            Self::Compras => "compras",
            Self::Financeiro => "financeiro",
            Self::Outro => "outro",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Direcao => "papel-direcao",
            Self::Rh => "papel-rh",
            Self::Producao => "papel-producao",
            Self::Manutencao => "papel-manutencao",
            Self::Qualidade => "papel-qualidade",
            Self::Seguranca => "papel-seguranca",
            Self::Compras => "papel-compras",
            Self::Financeiro => "papel-financeiro",
            Self::Outro => "papel-outro",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|papel| papel.code() == code)
    }
}

/// What is known of a contato. Serialized it is what the audit trail keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub nome: Texto<120>,
    pub cargo: Option<Texto<80>>,
    pub papel: Option<Papel>,
    pub email: Option<Email>,
    pub telefone: Option<Telefone>,
    pub observacoes: Option<Texto<1000>>,
}

/// Names of [`Dados`]' fields in forms, JSON, errors and the audit trail.
pub(crate) const FIELDS: [&str; 6] = ["nome", "cargo", "papel", "email", "telefone", "observacoes"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contato {
    pub id: ContatoId,
    pub empresa_id: EmpresaId,
    pub dados: Dados,
    pub version: i32,
}

/// People for the samples of pages: every second one with a name alone.
pub(crate) fn samples(empresa_id: EmpresaId, n: usize) -> Vec<Contato> {
    let contato = |i: usize| Contato {
        id: ContatoId::new(uuid::Uuid::from_u128(i as u128)),
        empresa_id,
        dados: Dados {
            nome: Texto::try_from("Sueli <b>Aurora</b> Ramos".to_owned()).unwrap_or_else(|_| unreachable!("a valid name")),
            cargo: (i.is_multiple_of(2)).then(|| "Gerente".parse().ok()).flatten(),
            papel: Papel::ALL.get(i % 12).copied(),
            email: (i.is_multiple_of(2)).then(|| "sueli@aurora.example".parse().ok()).flatten(),
            telefone: (i.is_multiple_of(2)).then(|| "(47) 99999-0001".parse().ok()).flatten(),
            observacoes: (i.is_multiple_of(2)).then(|| "Fala por todos.".parse().ok()).flatten(),
        },
        version: 1,
    };
    (0..n).map(contato).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_that_are_kept_and_shown() {
        for papel in Papel::ALL {
            assert_eq!(Papel::from_code(papel.code()), Some(papel));
            assert_eq!(serde_json::json!(papel), papel.code());
            assert_eq!(papel.label(), format!("papel-{}", papel.code()));
        }
    }
}
