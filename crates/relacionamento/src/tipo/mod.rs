//! What a demanda may be about: the unidade's own list (S0-5.2, S0-15.2). A tipo is one whatever the case and the accents of its
//! name, and says in how many dias úteis a demanda of it is to be concluded.

pub(crate) mod sql;
mod vocabulary;

use empresas::etiqueta::Cor;
use kernel::{Entity, Id, Permission, Texto};

pub use vocabulary::{Dados, Tipos};

#[derive(Debug)]
pub enum TipoEntity {}
impl Entity for TipoEntity {
    const NAME: &'static str = "demanda_tipo";
}
pub type TipoId = Id<TipoEntity>;
pub type TipoNome = Texto<80>;

pub const GERIR: Permission = Permission::new("relacionamento.tipo.gerir");

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tipo {
    pub id: TipoId,
    pub nome: String,
    pub cor: Cor,
    /// Dias úteis in which one is to be concluded.
    pub prazo_dias: Option<u32>,
}

/// A tipo with the demandas of it.
#[derive(Debug)]
struct Uso {
    id: TipoId,
    nome: String,
    cor: String,
    prazo_dias: Option<i32>,
    demandas: i64,
    /// In the lixeira: they keep it from being deleted too.
    excluidas: i64,
}
