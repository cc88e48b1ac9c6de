use kernel::Clock;
use tenancy::{FleetOptions, Migrations, Platform, bootstrap, migrate_platform};

use crate::settings::Settings;

/// As [`platform`], then every unidade.
///
/// # Errors
/// As [`platform`]; a unidade that cannot be migrated is marked and told, not an error.
pub async fn everything(settings: &Settings) -> anyhow::Result<()> {
    platform(settings).await?;
    let gate = Platform::new(settings.tenancy.clone(), Clock::system());
    tenancy::lifecycle::finish_deletions(&gate).await?;
    let report = tenancy::migrate_fleet(&gate, Migrations::tenant(), &FleetOptions::default(), |_| ()).await?;
    for (id, error) in &report.failed {
        eprintln!("unidade {id} is in maintenance: {error}");
    }
    if !report.migrated.is_empty() {
        println!("{} unidades migrated", report.migrated.len());
    }
    Ok(())
}

/// Prepares every placement and brings the platform's schemas to the newest version. Says what a hosted PostgreSQL refused.
///
/// # Errors
/// When a database cannot be reached, or a migration fails.
pub async fn platform(settings: &Settings) -> anyhow::Result<()> {
    for placement in &settings.tenancy.placements {
        let refused = bootstrap(placement, &settings.tenancy.master_key).await?;
        for wall in refused.0 {
            eprintln!("{}: this PostgreSQL refused a wall: {wall}", placement.name);
        }
        let applied = migrate_platform(placement, &settings.tenancy.master_key).await?;
        if applied > 0 {
            println!("{}: {applied} platform migrations applied", placement.name);
        }
    }
    Ok(())
}
