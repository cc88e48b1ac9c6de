//! How a unidade looks: its name, logo and two colours (S1-11.1, S1-11.2), and the theme and language of whoever chose none.
//! They stand in the register, because every page needs them before it knows who asks; the logo's bytes stand in the
//! unidade's own schema.

mod alterar;
pub mod pages;
mod sql;

use kernel::Permission;

pub use alterar::{AlterarIdentidade, AlterarIdentidadeError, MudancaLogo, alterar};

/// May change name, logo, colours and what whoever chose nothing sees.
pub const ALTERAR: Permission = Permission::new("acesso.identidade.alterar");
