//! Preparing the databases: the one command that logs in as their administrator.

use anyhow::Context;
use kernel::Clock;
use tenancy::{FleetOptions, FleetReport, Migrations, Platform, Slug, bootstrap, migrate_fleet, migrate_platform};

use crate::settings::Settings;

/// How the unidades are migrated.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The options of every wave; their canaries and `only` are left alone.
    pub fleet: FleetOptions,
    /// One after the other, before all others: when somebody in one fails, the rest is left alone.
    pub waves: Vec<Vec<Slug>>,
    /// The waves alone.
    pub only_waves: bool,
}

/// As [`platform`], then every unidade. Tells on standard error what went wrong; answers whether everybody is migrated.
///
/// # Errors
/// As [`platform`], and when a wave names somebody unknown; a unidade that cannot be migrated is marked and told, not an
/// error.
pub async fn everything(settings: &Settings, plan: &Plan) -> anyhow::Result<bool> {
    platform(settings).await?;
    let gate = Platform::new(settings.tenancy.clone(), Clock::system());
    tenancy::lifecycle::finish_deletions(&gate).await?;
    let mut migrated = 0;
    let mut complete = true;
    for only in waves(&gate, plan).await? {
        let options = FleetOptions { only, ..plan.fleet.clone() };
        let report = migrate_fleet(&gate, Migrations::tenant(), &options, |_| ()).await?;
        migrated += report.migrated.len();
        tell(&gate, &report).await?;
        if !report.is_complete() {
            complete = false;
            break;
        }
    }
    if migrated > 0 {
        println!("{migrated} unidades migrated");
    }
    if !complete {
        eprintln!("not all unidades are migrated: mend the cause and run `sri migrate` again; `sri migrate status` shows each");
    }
    Ok(complete)
}

/// Ids of each wave; `None` is everybody who is left.
async fn waves(gate: &Platform, plan: &Plan) -> anyhow::Result<Vec<Option<Vec<tenancy::UnidadeId>>>> {
    let all = tenancy::migrate_status(gate, Migrations::tenant()).await?;
    let mut waves = Vec::new();
    for wave in &plan.waves {
        let ids: anyhow::Result<Vec<_>> = wave
            .iter()
            .map(|slug| {
                all.iter()
                    .find(|u| u.slug == slug.as_str())
                    .map(|u| u.id)
                    .with_context(|| format!("a wave names {slug}, and there is no such unidade"))
            })
            .collect();
        waves.push(Some(ids?));
    }
    if !plan.only_waves {
        waves.push(None);
    }
    Ok(waves)
}

async fn tell(gate: &Platform, report: &FleetReport) -> anyhow::Result<()> {
    if report.failed.is_empty() && report.unreached.is_empty() && report.moving.is_empty() {
        return Ok(());
    }
    let all = tenancy::migrate_status(gate, Migrations::tenant()).await?;
    let slug = |id| all.iter().find(|u| u.id == id).map_or_else(|| id.to_string(), |u| u.slug.clone());
    for (id, error) in &report.failed {
        eprintln!("{}: is in maintenance, its migration failed: {error}", slug(*id));
    }
    for id in &report.unreached {
        eprintln!("{}: its placement does not answer", slug(*id));
    }
    for id in &report.moving {
        eprintln!("{}: is on its way to another placement, and is migrated there", slug(*id));
    }
    Ok(())
}

/// Prepares every placement and brings the platform's schemas to the newest version. Says what a hosted PostgreSQL refused.
///
/// # Errors
/// When a database cannot be reached, or a migration fails.
pub async fn platform(settings: &Settings) -> anyhow::Result<()> {
    for placement in &settings.tenancy.placements {
        let refused =
            bootstrap(placement, &settings.tenancy.master_key).await.with_context(|| format!("placement {}", placement.name))?;
        for wall in refused.0 {
            eprintln!("{}: this PostgreSQL refused a wall: {wall}", placement.name);
        }
        let applied = migrate_platform(placement, &settings.tenancy.master_key)
            .await
            .with_context(|| format!("placement {}", placement.name))?;
        if applied > 0 {
            println!("{}: {applied} platform migrations applied", placement.name);
        }
    }
    Ok(())
}
