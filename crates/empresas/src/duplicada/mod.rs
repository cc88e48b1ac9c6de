//! Empresas that may be one and the same: what is said while one is registered, the pairs that a job finds among all of them,
//! and those of which somebody said that they are two.
//!
//! The rules it protects: nobody is kept from registering; nobody hears of an empresa that they may not see; a pair that was
//! dispensado is not shown again until somebody takes that back; the work is bounded however many empresas there are.

pub mod api;
mod aviso;
mod dispensar;
mod job;
mod nome;
pub mod pages;
mod procurar;
mod sql;

use kernel::Refusal;

pub use aviso::{Perfil, Semelhante, semelhantes};
pub use dispensar::{dispensar, retomar};
pub use job::{Busca, busca, handlers, pedir, schedules};
pub use sql::{Dispensado, Motivo, Par};

use crate::empresa::EmpresaId;

/// Not found: one of the two is unknown or not visible, or the two are one.
pub type DuplicadaError = Refusal;

/// Two different empresas, however they are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dois {
    pub(crate) first: EmpresaId,
    pub(crate) last: EmpresaId,
}

impl Dois {
    #[must_use]
    pub fn new(one: EmpresaId, other: EmpresaId) -> Option<Self> {
        match one.uuid().cmp(&other.uuid()) {
            std::cmp::Ordering::Less => Some(Self { first: one, last: other }),
            std::cmp::Ordering::Greater => Some(Self { first: other, last: one }),
            std::cmp::Ordering::Equal => None,
        }
    }
}
