//! O convite: a link that makes a usuário, once, within a week. Whoever opens it chooses the password; nobody else ever
//! knows it.

mod aceitar;
pub(crate) mod admin_pages;
mod convidar;
mod letter;
pub mod pages;
mod primeiro;
mod renovar;
mod revogar;
mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Entity, Id};

pub use aceitar::{AceitarError, aceitar};
pub(crate) use convidar::send;
pub use convidar::{Convidar, ConvidarError, ConvidarRule, convidar};
pub use primeiro::invite_first_admin;
pub use renovar::{entregar, reenviar};
pub use revogar::revogar;
pub use sql::{find_open, list_open};
pub(crate) use sql::{forget, set_setor};

use crate::perfil::PerfilId;

#[derive(Debug)]
pub enum ConviteEntity {}
impl Entity for ConviteEntity {
    const NAME: &'static str = "convite";
}
pub type ConviteId = Id<ConviteEntity>;

/// How long a convite waits for its reader.
pub(crate) const VALID: TimeDelta = TimeDelta::days(7);
/// For how many days it can be asked whom somebody invited, once the convite is over.
pub const KEPT_DAYS: i64 = 180;

/// A convite that was neither used nor revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Convite {
    pub id: ConviteId,
    pub nome: String,
    pub email: String,
    pub perfil_id: PerfilId,
    pub perfil: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}
