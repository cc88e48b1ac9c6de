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
pub use sql::{exists, find, hold, nome, of_word};
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
    /// The usuarios that are linked to it (S3-1.7).
    pub vinculados: Vec<Uuid>,
}

/// Whose empresas an actor reaches with a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Twice the actor, as the statements take it; `None`: everybody's.
    actor: Option<[Uuid; 2]>,
    /// Those the actor is linked to, beside those they are responsável for.
    linked: bool,
}

impl Reach {
    /// # Errors
    /// [`Denied`] when the actor does not hold `permission` in any scope.
    pub fn of(actor: &Actor, permission: &Permission) -> Result<Self, Denied> {
        // Nobody in particular (a token without a person) is responsável for nothing and linked to nothing.
        let own = Some([actor.id.unwrap_or_default(); 2]);
        Ok(match actor.require(permission)? {
            Scope::Todas => Self::all(),
            Scope::Vinculadas => Self { actor: own, linked: true },
            Scope::Proprias => Self { actor: own, linked: false },
        })
    }

    /// What the actor reaches with both of two permissions, so that nothing is changed that cannot be seen.
    ///
    /// # Errors
    /// [`Denied`] when one of them is not held in any scope.
    pub fn of_both(actor: &Actor, one: &Permission, other: &Permission) -> Result<Self, Denied> {
        let (one, other) = (Self::of(actor, one)?, Self::of(actor, other)?);
        let wide = |reach: Self| reach.actor.is_none() || reach.linked;
        Ok(Self { actor: one.actor.or(other.actor), linked: wide(one) && wide(other) })
    }

    /// Every empresa: for what the system itself looks up.
    #[must_use]
    pub const fn all() -> Self {
        Self { actor: None, linked: true }
    }

    /// Whether an empresa is among them.
    #[must_use]
    pub fn covers(self, empresa: &Empresa) -> bool {
        self.has(empresa.cadastro.responsavel.as_ref().and_then(Responsavel::id), &empresa.vinculados)
    }

    /// As [`Reach::covers`], by its responsável and the usuarios that are linked to it.
    #[must_use]
    pub fn has(self, responsavel: Option<Uuid>, vinculados: &[Uuid]) -> bool {
        self.actor.is_none_or(|[actor, _]| responsavel == Some(actor) || (self.linked && vinculados.contains(&actor)))
    }

    /// As the statements take it: NULL does not narrow, the first is a responsável, the second a linked usuario.
    #[must_use]
    pub fn keys(&self) -> Option<&[Uuid]> {
        self.actor.as_ref().map(|actor| if self.linked { &actor[..] } else { &actor[..1] })
    }

    /// Whether empresas of others may be among them.
    #[must_use]
    pub const fn is_linked(self) -> bool {
        self.linked
    }

    /// The actor whose empresas these are; `None` for all of them.
    #[must_use]
    pub fn responsavel(self) -> Option<Uuid> {
        self.actor.map(|[actor, _]| actor)
    }
}
