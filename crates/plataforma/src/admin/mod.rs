//! Platform admins: how one becomes one, signs in with two factors, and stays signed in.
//!
//! There is no default account: the first admin comes through a one-time link that the command line prints (ASVS V6.3.2).

mod aceitar;
mod convidar;
mod entrar;
pub(crate) mod pages;
mod sessao;
mod sql;
mod tentativa;
mod totp;

use kernel::{Entity, Id};

pub use convidar::{ConviteAdmin, convidar_admin, first_way_in};
pub(crate) use sessao::Sessao;
pub(crate) use sessao::{CONSOLE_COOKIE, find_sessao, touch};

pub enum AdminEntity {}
impl Entity for AdminEntity {
    const NAME: &'static str = "admin";
}
pub(crate) type AdminId = Id<AdminEntity>;
