//! The register of empresas that all modules share.
//!
//! The rules it protects: a CNPJ is registered once among those that are not in the lixeira; nobody overwrites what somebody
//! else changed meanwhile; every change is in the audit trail; what somebody may not see does not exist for them.

pub mod alterar;
pub mod api;

mod cadastro;
mod campo;
mod check;
pub mod excluir;

mod known;
pub mod lista;
pub mod lote;
pub(crate) mod samples;

pub mod pages;
pub mod registrar;
pub mod restaurar;
pub(crate) mod sql;
pub(crate) mod timeline;
mod values;

use chrono::{DateTime, Utc};
use kernel::{Actor, Denied, Entity, Id, Permission, Scope};
use uuid::Uuid;

pub use cadastro::{Cadastro, Nome, Observacoes, Responsavel, SegmentoRef};
pub use campo::{Campo, Input};
pub use check::check;
pub use known::{Known, Pessoa};
pub use values::{Cnae, Porte, Site, Situacao};

#[derive(Debug)]
pub enum EmpresaEntity {}
impl Entity for EmpresaEntity {
    const NAME: &'static str = "empresa";
}
pub type EmpresaId = Id<EmpresaEntity>;

pub const VER: Permission = Permission::new("empresas.empresa.ver");
pub const REGISTRAR: Permission = Permission::new("empresas.empresa.registrar");
pub const ALTERAR: Permission = Permission::new("empresas.empresa.alterar");
pub const EXCLUIR: Permission = Permission::new("empresas.empresa.excluir");
pub const EXPORTAR: Permission = Permission::new("empresas.empresa.exportar");
/// To ask outside about a CNPJ or a CEP.
pub const CONSULTAR: Permission = Permission::new("empresas.empresa.consultar");
/// To change what the system sets: the data de cadastro (S0-3.14).
pub const ADMINISTRAR: Permission = Permission::new("empresas.empresa.administrar");

/// An empresa as it stands in the register.
#[derive(Debug, Clone, PartialEq)]
pub struct Empresa {
    pub id: EmpresaId,
    pub cadastro: Cadastro,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// In the lixeira since.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Whose empresas an actor reaches with a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach(Option<Uuid>);

impl Reach {
    /// # Errors
    /// [`Denied`] when the actor does not hold `permission` in any scope.
    pub fn of(actor: &Actor, permission: &Permission) -> Result<Self, Denied> {
        Ok(match actor.require(permission)? {
            Scope::Todas => Self(None),
            // An empresa is linked to whoever is its responsável; for a register the two are one. Nobody in particular
            // (a token without a person) is responsável for nothing.
            Scope::Vinculadas | Scope::Proprias => Self(Some(actor.id.unwrap_or_default())),
        })
    }

    /// What the actor reaches with both of two permissions, so that nothing is changed that cannot be seen.
    ///
    /// # Errors
    /// [`Denied`] when one of them is not held in any scope.
    pub fn of_both(actor: &Actor, one: &Permission, other: &Permission) -> Result<Self, Denied> {
        // A narrow one is the actor's own empresas, by whichever permission it is narrow.
        Ok(Self(Self::of(actor, one)?.0.or(Self::of(actor, other)?.0)))
    }

    /// Every empresa: for what the system itself looks up.
    pub(crate) const fn all() -> Self {
        Self(None)
    }

    /// Whether an empresa is among them.
    #[must_use]
    pub fn covers(self, empresa: &Empresa) -> bool {
        let responsavel = empresa.cadastro.responsavel.as_ref().and_then(Responsavel::id);
        self.0.is_none_or(|actor| responsavel == Some(actor))
    }

    /// The responsável whose empresas these are; `None` for all of them.
    #[must_use]
    pub const fn responsavel(self) -> Option<Uuid> {
        self.0
    }
}
