//! The words the whole house speaks: value types, ids, who acts, what is allowed, time and the kinds of failure.
//!
//! Nothing here does I/O. A value that exists is valid: every type is built only by parsing.

mod actor;
mod cep;
mod clock;
mod cnpj;
mod cpf;
mod dia_util;
mod email;
mod error;
mod id;
mod lang;
mod paging;
mod permission;
mod reais;
mod refusal;
mod telefone;
mod texto;
mod uf;

pub use actor::{Actor, ActorKind, RequestMeta};
pub use cep::Cep;
pub use clock::{Clock, FixedClock};
pub use cnpj::{Cnpj, InvalidCnpj};
pub use cpf::Cpf;
pub use dia_util::{Feriado, dias_uteis_after, dias_uteis_between, is_dia_util, pascoa};
pub use email::Email;
pub use error::{Denied, ErrorKind, Fault, FieldError, Invalid, Kind};
pub use id::{Entity, Id};
pub use lang::Lang;
pub use paging::{Cursor, InvalidCursor, PageRequest, PageSize};
pub use permission::{Grants, Permission, Scope};
pub use reais::Reais;
pub use refusal::{NoRule, Refusal, Rule, Told};
pub use telefone::Telefone;
pub use texto::{Texto, fold, nfc};
pub use uf::Uf;

/// An event a module publishes; others subscribe to it by this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Event(pub &'static str);
