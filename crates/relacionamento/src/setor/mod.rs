//! Who within the unidade answers for a demanda: the unidade's own list (S0-5.4). A setor is one whatever the case and the accents
//! of its name.

pub(crate) mod sql;
mod vocabulary;

use kernel::{Entity, Id, Permission, Texto};

pub use vocabulary::{Dados, Setores};

#[derive(Debug)]
pub enum SetorEntity {}
impl Entity for SetorEntity {
    const NAME: &'static str = "setor";
}
pub type SetorId = Id<SetorEntity>;
pub type SetorNome = Texto<80>;

pub const GERIR: Permission = Permission::new("relacionamento.setor.gerir");

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setor {
    pub id: SetorId,
    pub nome: String,
}

/// A setor with the demandas of it.
#[derive(Debug)]
struct Uso {
    id: SetorId,
    nome: String,
    demandas: i64,
    /// In the lixeira: they keep it from being deleted too.
    excluidas: i64,
}
