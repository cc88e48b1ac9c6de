//! A list as somebody likes to see it, under a name: their own, or for everybody in the unidade. What it shows is still what
//! the list shows to whoever opens it.

mod guardar;
pub mod pages;
mod preferir;
mod sql;

use kernel::{Entity, Id, Texto};

pub use guardar::{Guardar, VisaoError, excluir, guardar};
pub use preferir::{Preferida, preferir};

#[derive(Debug)]
pub enum VisaoEntity {}
impl Entity for VisaoEntity {
    const NAME: &'static str = "visao";
}
pub type VisaoId = Id<VisaoEntity>;
pub type VisaoNome = Texto<60>;
