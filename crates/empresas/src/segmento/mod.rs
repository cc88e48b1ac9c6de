//! The unidade's own list of industrial segments. A segmento is one whatever the case and the accents of its name; one that
//! an empresa has is not deleted, but may be merged into another (U-7).

mod gerir;
pub mod pages;
mod sql;

use kernel::{Entity, Id, Permission, Texto};

pub use gerir::{SegmentoError, excluir, mesclar, registrar, renomear};
pub use sql::{Ensured, ensure, list};

#[derive(Debug)]
pub enum SegmentoEntity {}
impl Entity for SegmentoEntity {
    const NAME: &'static str = "segmento";
}
pub type SegmentoId = Id<SegmentoEntity>;
pub type SegmentoNome = Texto<80>;

pub const GERIR: Permission = Permission::new("empresas.segmento.gerir");

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segmento {
    pub id: SegmentoId,
    pub nome: String,
}

/// A segmento with the empresas that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uso {
    pub id: SegmentoId,
    pub nome: String,
    pub empresas: i64,
    /// Of those in the lixeira: they keep it from being deleted too.
    pub excluidas: i64,
}

impl Uso {
    #[must_use]
    pub const fn is_free(&self) -> bool {
        self.empresas == 0 && self.excluidas == 0
    }
}
