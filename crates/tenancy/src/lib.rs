//! One unidade, one schema: the register of unidades, the only door to their data, and everything that makes, changes,
//! keeps and moves a schema.
//!
//! The rule it protects: no statement ever runs outside a transaction that names exactly one unidade's role and schema
//! ([`TenantTx`]), and no connection that is not provably clean is used again (`pool`). Nothing above this crate can name
//! a pool or a connection.

#[cfg(test)]
extern crate self as tenancy;

mod audit;
mod backup;
mod bootstrap;
mod config;
mod crash;
pub mod embedded;
mod erased;
mod exclusive;
mod ground;
pub mod lifecycle;
mod listen;
mod locks;
mod migrate;
pub mod moving;
mod names;
mod parametro;
pub mod passagem;
pub mod pessoa;
mod platform;
mod pool;
mod progress;
mod provision;
mod registry;
mod seal;
mod session;
pub mod suporte;
mod tell;
mod tenants;
pub mod trail;
mod unidade;
mod walls;

pub use audit::{Change, Entry};
pub use backup::{
    Applied, ArchiveError, Backup, BackupKind, Column, FORMAT, Forgotten, Header, Manifest, Rehearsed, Restoration, RestoreError,
    RestoreInto, RestoreOptions, RestoreParticipant, Restored, TableHead, TableSum, backup, backups, rehearse, restore,
    sweep_partial, verify, verify_archive,
};
pub use bootstrap::{Refused, bootstrap, wall_database};
pub use config::{ConfigError, Placement, PlacementConfig, PoolLimits, TenancyConfig};
pub use crash::crash_point;
pub use erased::{Erased, all_erased, note_erased};
pub use ground::{Ground, GroundDb};
pub use listen::{Listener, Signal};
pub use migrate::{
    FleetOptions, FleetReport, Mended, Migrated, Migrations, REASON_MIGRATION, UnidadeVersion, migrate_fleet, migrate_platform,
    migrate_status, migrate_unidade, pending_platform_migrations, reconcile,
};
pub use moving::{Move, MoveError, MoveOptions, MoveParticipant, MoveStep, Way, abort_move, confirm_move, move_unidade};
pub use names::Names;
pub use parametro::Parametro;
pub use platform::{Platform, PlatformTx};
pub use pool::PoolSize;
pub use progress::Progress;
pub use provision::{NewUnidade, ProvisionError, Provisioning, Step, sweep_scratch};
pub use registry::{Registry, SIGNAL_UNIDADE};
pub use seal::{MasterKey, Sealed};
pub use session::Session;
pub use tell::{LIVE, Told};
pub use tenants::{Mode, TenantTx, Tenants, TxLimits};
pub use unidade::{InvalidSlug, Slug, Status, Tema, Unidade, UnidadeId};
pub use walls::{Depth, Finding, StartError, Wall, check_walls, inspect};

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
