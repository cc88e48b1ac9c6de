//! Two streams of migrations: the platform's, once per placement, and the unidades', once per schema. Forward only.

mod fleet;
mod grants;
mod mirror;
mod platform;
mod stream;
mod unidade;

pub use fleet::{FleetOptions, FleetReport, migrate_fleet};
pub(crate) use grants::{APPEND_ONLY, grants};

pub use mirror::{Mended, REASON_MIGRATION, UnidadeVersion, migrate_status, reconcile};
pub use platform::{migrate_platform, pending_platform_migrations};
pub use stream::Migrations;
pub use unidade::{Migrated, migrate_unidade};
pub(crate) use unidade::{applied_version, pending_message};
