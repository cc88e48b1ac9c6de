//! The unidade's own list of industrial segments. A segmento is one whatever the case and the accents of its name.

mod sql;

use kernel::{Entity, Id, Texto};

pub use sql::{ensure, list};

#[derive(Debug)]
pub enum SegmentoEntity {}
impl Entity for SegmentoEntity {
    const NAME: &'static str = "segmento";
}
pub type SegmentoId = Id<SegmentoEntity>;
pub type SegmentoNome = Texto<80>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segmento {
    pub id: SegmentoId,
    pub nome: String,
}
