//! Two streams of migrations: the platform's, once per placement, and the unidades', once per schema. Forward only.

mod grants;
mod platform;
mod stream;
mod unidade;

pub(crate) use grants::grants;
pub use platform::migrate_platform;
pub use stream::Migrations;
pub use unidade::{Migrated, migrate_unidade};
pub(crate) use unidade::{applied_version, pending_message};
