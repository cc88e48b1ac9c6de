//! O segundo fator: what a person proves besides the senha. An app's codes, codes by e-mail, a chave, and the códigos de
//! reserva for the day on which the others are gone.
//!
//! The rule it protects: a code opens once, for whom it was made, within its time; secrets lie sealed or hashed; nobody adds or
//! takes away a fator by a sessão alone that somebody left open.

mod codigo;
mod mudar;
pub mod pages;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use kernel::{Entity, Fault, Id};
use tenancy::{MasterKey, TenantTx};

pub(crate) use codigo::{Digits, Reserva};
pub use mudar::{Mudanca, MudarFator, MudarFatorError, confirmar_app, mudar};
pub(crate) use mudar::{added, begin, confirm, removed, retirar_email, retirar_todos};
pub(crate) use sql::of_usuario;

use crate::{regra::SegundoFator, totp, usuario::UsuarioId};

#[derive(Debug)]
pub enum FatorEntity {}
impl Entity for FatorEntity {
    const NAME: &'static str = "fator";
}
pub type FatorId = Id<FatorEntity>;

/// How a fator is proved by a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metodo {
    /// By an app on a telephone.
    Totp,
    /// By a code that is mailed.
    Email,
}

impl Metodo {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Email => "email",
        }
    }
}

/// What a usuario can prove, and what is asked of their perfil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fatores {
    pub regra: SegundoFator,
    pub totp: bool,
    pub email: bool,
    pub chaves: i64,
    /// Códigos de reserva that are left.
    pub reserva: i64,
}

/// What is left to do for somebody whose first factor was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    Nothing,
    Confirm,
    /// They have no second factor and must have one.
    Enrol,
}

impl Fatores {
    pub(crate) const fn any(&self) -> bool {
        self.totp || self.email || self.chaves > 0
    }

    pub(crate) const fn due(&self) -> Due {
        match self.regra {
            // Taking the rule away takes nobody's protection away.
            _ if self.any() => Due::Confirm,
            SegundoFator::Exigido => Due::Enrol,
            SegundoFator::Desligado | SegundoFator::Oferecido => Due::Nothing,
        }
    }

    /// Whether a mailed code proves anything: only where it is all they have. Whoever reads the mailbox can change the senha by the
    /// recuperação; beside something stronger the mailbox would then be both factors.
    pub(crate) const fn takes_email(&self) -> bool {
        self.email && !self.totp && self.chaves == 0
    }
}

/// An app that is being set up: what it scans and what is typed into it.
pub(crate) struct Setup {
    pub picture: String,
    pub text: String,
}

fn purpose(id: FatorId) -> String {
    format!("fator:{id}")
}

/// The app that the usuario has begun to set up, if they have.
pub(crate) async fn setup(tx: &mut TenantTx, key: &MasterKey, usuario: UsuarioId) -> Result<Option<Setup>, Fault> {
    let Some(row) = sql::find_totp(tx, usuario, false).await?.filter(|row| !row.confirmed) else { return Ok(None) };
    let secret = key.open(&purpose(row.id), &row.secret)?;
    let issuer = tx.unidade().nome.clone();
    let totp = totp::build(&secret, &issuer, &row.email)?;
    Ok(Some(Setup { picture: totp::picture(&totp)?, text: totp::text(&secret) }))
}

/// Takes a code of the app. It works once: the row is locked until the step is noted. `fresh`: of an app whose set-up this ends.
pub(crate) async fn take_totp(
    tx: &mut TenantTx,
    key: &MasterKey,
    usuario: UsuarioId,
    code: &str,
    fresh: bool,
) -> Result<bool, Fault> {
    let Some(row) = sql::find_totp(tx, usuario, true).await?.filter(|row| row.confirmed != fresh) else { return Ok(false) };
    let secret = key.open(&purpose(row.id), &row.secret)?;
    let now: DateTime<Utc> = tx.clock().now();
    let Some(step) = totp::check(&totp::build(&secret, "SRI", &row.email)?, code, now, row.last_step) else { return Ok(false) };
    sql::use_totp(tx, row.id, step).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailed_code_counts_beside_nothing_stronger() {
        let email = Fatores { regra: SegundoFator::Oferecido, totp: false, email: true, chaves: 0, reserva: 9 };
        assert!(email.takes_email());
        for other in [Fatores { totp: true, ..email }, Fatores { chaves: 1, ..email }, Fatores { email: false, ..email }] {
            assert!(!other.takes_email(), "{other:?}");
        }
    }

    #[test]
    fn whoever_has_a_fator_is_asked_whatever_the_rule_says() {
        let none = Fatores { regra: SegundoFator::Oferecido, totp: false, email: false, chaves: 0, reserva: 0 };
        for (regra, without) in [
            (SegundoFator::Desligado, Due::Nothing),
            (SegundoFator::Oferecido, Due::Nothing),
            (SegundoFator::Exigido, Due::Enrol),
        ] {
            assert_eq!(Fatores { regra, ..none }.due(), without);
            assert_eq!(Fatores { regra, reserva: 9, ..none }.due(), without, "códigos de reserva alone are no fator");
            for with in [Fatores { totp: true, ..none }, Fatores { email: true, ..none }, Fatores { chaves: 1, ..none }] {
                assert_eq!(Fatores { regra, ..with }.due(), Due::Confirm);
            }
        }
    }
}
