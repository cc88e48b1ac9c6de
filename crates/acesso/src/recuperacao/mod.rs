//! A recuperação: a mailed link by which somebody who forgot the senha chooses another one, once, within half an hour.
//!
//! The rule it protects: asking tells nobody whether an account exists, by no word and by no time; the link leads to the
//! configured address and never to one that a request named; using it ends every sessão, opens an account that failures closed,
//! and does not spare the second factor (ASVS V6.4.3).

mod entregar;
pub mod entregar_pages;
mod letter;
pub mod pages;
mod pedir;
mod recuperar;
mod sql;

use chrono::TimeDelta;
use kernel::{Entity, Id};

pub use entregar::{NOTICE, entregar};
pub(crate) use pedir::handlers;
pub use pedir::{PedirRecuperacaoError, pedir};
pub use recuperar::{RecuperarError, recuperar};
pub use sql::find_open;
pub(crate) use sql::{end_all, forget};

#[derive(Debug)]
pub enum RecuperacaoEntity {}
impl Entity for RecuperacaoEntity {
    const NAME: &'static str = "recuperacao";
}
pub type RecuperacaoId = Id<RecuperacaoEntity>;

/// How long the link works.
pub(crate) const VALID: TimeDelta = TimeDelta::minutes(30);

/// Whose senha a link that works would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aberta {
    pub nome: String,
    pub email: String,
}
