//! O perfil: a named set of permissões. A unidade begins with the presets of the product (D-3); a usuario has one.

pub mod pages;
mod sql;

use std::collections::BTreeMap;

use kernel::{Entity, Grants, Id, Scope};

pub(crate) use sql::{administrador, of_usuario};
pub use sql::{administradores, find, list};

#[derive(Debug)]
pub enum PerfilEntity {}
impl Entity for PerfilEntity {
    const NAME: &'static str = "perfil";
}
pub type PerfilId = Id<PerfilEntity>;

/// A perfil with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perfil {
    pub id: PerfilId,
    pub nome: String,
    /// Holds everything, whatever `permissoes` says.
    pub administrador: bool,
    pub permissoes: BTreeMap<String, Scope>,
}

impl Perfil {
    /// What an actor with this perfil holds.
    #[must_use]
    pub fn grants(&self) -> Grants {
        grants(self.administrador, self.permissoes.clone())
    }
}

pub(crate) fn grants(administrador: bool, permissoes: BTreeMap<String, Scope>) -> Grants {
    if administrador { Grants::everything() } else { permissoes.into_iter().collect() }
}
