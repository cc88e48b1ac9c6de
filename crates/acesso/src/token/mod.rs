//! API tokens: programs that may use the API of one unidade, with chosen permissões, until a day (S2-6.x).
//!
//! A token is a JWT of one closed shape, signed with a key that only this unidade has; its row says whether it still
//! counts. Neither suffices alone.

mod criar;
mod jwt;
pub mod pages;
mod revogar;
mod sql;

use chrono::{DateTime, Utc};
use kernel::{Entity, Id, Permission};

pub use criar::{CriarToken, CriarTokenError, TokenCriado, criar_token};
pub(crate) use jwt::{audience, verify};
pub(crate) use revogar::revogar_de;
pub use revogar::{RevogarTokenError, revogar_token};
pub use sql::list;
pub(crate) use sql::{find_valid, touch};

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
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
}
