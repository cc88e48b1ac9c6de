//! Entering by a code on the telephone (S2-7.1–7.5, D-1): whoever comes from outside has no senha to remember. A number, a code
//! that is sent to it, and the sessão lasts on that aparelho for a month.
//!
//! The rules it protects: nobody learns from outside whose number it is, by the answer or by its time; a code opens once, in the
//! browser that asked for it, within its time; it is a first factor alone, so that whoever must prove a second one still does;
//! it opens nothing of a perfil that is not to enter this way.

mod confirmar;
pub mod pages;
mod pedir;
mod sql;

use axum::http::HeaderMap;
use chrono::TimeDelta;
use kernel::{Entity, Fault, Id};
use sha2::{Digest, Sha256};
use tenancy::TenantTx;
use web::cookies;

pub use confirmar::{ConfirmarTelefone, ConfirmarTelefoneError, ConfirmarTelefoneRule, confirmar};
pub(crate) use pedir::handlers;
pub use pedir::{PedirCodigoError, PedirCodigoRule, pedir};
pub(crate) use sql::forget;

use crate::segredo::Segredo;

#[derive(Debug)]
pub enum EntradaTelefoneEntity {}
impl Entity for EntradaTelefoneEntity {
    const NAME: &'static str = "entrada_telefone";
}
pub type EntradaTelefoneId = Id<EntradaTelefoneEntity>;

/// How long a code works, the way of its message included.
const VALID: TimeDelta = TimeDelta::minutes(10);
/// Wrong codes that end the attempt (S2-7.4).
const TRIES: i32 = 5;

/// Whether the unidade lets anybody enter this way: it reaches telephones, and a perfil may.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn is_offered(tx: &mut TenantTx) -> Result<bool, Fault> {
    sql::is_offered(tx).await
}

/// The name of a counter of one number; the number itself stands in none.
fn counter(what: &str, telefone: &str) -> String {
    format!("telefone-{what}:{}", hex::encode(Sha256::digest(telefone)))
}

/// The secret by which a browser says which attempt is its own.
fn cookie(headers: &HeaderMap) -> Option<Segredo> {
    cookies::get(headers, cookies::TELEFONE_COOKIE)?.parse().ok()
}
