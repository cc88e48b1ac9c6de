//! API tokens: programs that may use the API of one unidade, with chosen permissões, until a day (S2-6.x).
//!
//! A token is a JWT of one closed shape, signed with a key that only this unidade has; its row says whether it still
//! counts. Neither suffices alone. It holds no more than whoever it acts for: the person who made it, or a serviço, which
//! stays when that person goes.

mod chave;
mod criar;
mod jwt;
mod limitar;
mod pace;
pub mod pages;
mod revogar;
mod sql;

use chrono::{DateTime, Utc};
use kernel::{Entity, Id, Invalid, Permission};

pub use chave::{Chave, ChaveError, ChaveInfo, trocar_chave};
pub use criar::{CriarToken, CriarTokenError, TokenCriado, criar_token};
pub(crate) use jwt::{Genuine, audience, verify};
pub use limitar::{LimitarError, limitar_token};
pub(crate) use pace::Paces;
pub(crate) use revogar::revogar_de;
pub use revogar::{RevogarTokenError, revogar_token};
pub(crate) use sql::{chaves, find, find_valid, touch};
pub use sql::{list, of_servico};

/// May see, create and revoke tokens.
pub const GERIR: Permission = Permission::new("acesso.token.gerir");

#[derive(Debug)]
pub enum TokenEntity {}
impl Entity for TokenEntity {
    const NAME: &'static str = "token";
}
/// Claim `jti` of the token.
pub type TokenId = Id<TokenEntity>;

/// A token as the list shows it; the text itself is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub nome: String,
    /// Codes of permissões.
    pub permissoes: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub created_by_nome: String,
    /// The serviço it acts for, by its name of now.
    pub servico: Option<String>,
    pub chave: Chave,
    pub limite: Limite,
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// How often a program may ask: requests a minute, 10 to 60 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limite(u32);

impl Limite {
    pub const MIN: u32 = 10;
    pub const MAX: u32 = 60_000;

    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// As a row says it, which an operator may have set beyond the bounds of the page.
    pub(crate) fn stored(value: i32) -> Self {
        Self(value.unsigned_abs())
    }

    pub(crate) fn to_row(self) -> i32 {
        i32::try_from(self.0).unwrap_or(i32::MAX)
    }
}

impl Default for Limite {
    /// Ten a second.
    fn default() -> Self {
        Self(600)
    }
}

impl std::str::FromStr for Limite {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let out = || Invalid::new("limite").with("min", Self::MIN).with("max", Self::MAX);
        let value: u32 = text.trim().parse().map_err(|_| out())?;
        (Self::MIN..=Self::MAX).contains(&value).then_some(Self(value)).ok_or_else(out)
    }
}

impl std::fmt::Display for Limite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_stays_within_its_bounds() {
        for good in ["10", " 600 ", "60000"] {
            assert_eq!(good.parse::<Limite>().map(|limite| limite.to_string()), Ok(good.trim().to_owned()));
        }
        for bad in ["", "9", "60001", "-10", "1e3", "600,5", "99999999999999"] {
            assert!(bad.parse::<Limite>().is_err(), "{bad}");
        }
    }
}
