//! One unidade, one schema: the register of unidades, the only door to their data, and everything that makes, changes,
//! keeps and moves a schema.
//!
//! The rule it protects: no statement ever runs outside a transaction that names exactly one unidade's role and schema
//! ([`TenantTx`]), and no connection that is not provably clean is used again (`pool`). Nothing above this crate can name
//! a pool or a connection.

mod audit;
mod bootstrap;
mod config;
pub mod embedded;
mod listen;
mod migrate;
mod names;
mod platform;
mod pool;
mod provision;
mod registry;
mod seal;
mod session;
mod tenants;
mod unidade;

pub use audit::{Change, Entry};
pub use bootstrap::{Refused, bootstrap, wall_database};
pub use config::{ConfigError, Placement, PlacementConfig, PoolLimits, TenancyConfig};
pub use listen::{Listener, Signal};
pub use migrate::{Migrated, Migrations, migrate_platform, migrate_unidade};
pub use names::Names;
pub use platform::{Platform, PlatformTx};
pub use pool::PoolSize;
pub use provision::{NewUnidade, ProvisionError, Provisioning, Step};
pub use registry::{Registry, SIGNAL_UNIDADE};
pub use seal::{MasterKey, Sealed};
pub use session::Session;
pub use tenants::{Mode, TenantTx, Tenants, TxLimits};
pub use unidade::{InvalidSlug, Slug, Status, Tema, Unidade, UnidadeId};
