//! Empresas that may be one and the same: what is said while one is registered, the pairs that a job finds among all of them,
//! and those of which somebody said that they are two.
//!
//! The rules it protects: nobody is kept from registering; nobody hears of an empresa that they may not see; a pair that was
//! dispensado is not shown again until somebody takes that back; the work is bounded however many empresas there are.

mod aviso;
mod dispensar;
mod job;
mod nome;
pub mod pages;
mod procurar;
mod sql;

use kernel::{Denied, ErrorKind, Fault, Kind, Permission};

pub use aviso::{Perfil, Semelhante, semelhantes};
pub use dispensar::{dispensar, retomar};
pub use job::{Busca, busca, handlers, pedir, schedules};
pub use sql::{Dispensado, Motivo, Par};

use crate::empresa::EmpresaId;

#[derive(Debug, thiserror::Error)]
pub enum DuplicadaError {
    /// One of the two is unknown or not visible, or the two are one.
    #[error("pair not found")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for DuplicadaError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

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
