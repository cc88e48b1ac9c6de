use std::{process::ExitCode, time::Duration};

use clap::{Args, Subcommand};
use tenancy::{FleetOptions, Migrations, Slug, migrate_status};

use super::{
    operator::{Operator, json, table},
    settings,
};
use crate::migrate::{self, Plan};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Migrate {
    #[command(subcommand)]
    command: Option<MigrateCommand>,
    /// Schemas at a time, in each placement
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    concurrency: u16,
    /// Unidades to migrate first, separated by commas; may be repeated. A failure in one wave keeps the later ones from theirs
    #[arg(long, value_name = "SLUGS")]
    wave: Vec<String>,
    /// Migrate the waves alone
    #[arg(long, requires = "wave")]
    only: bool,
    /// Seconds one schema waits for a lock that its people hold, before it is tried again
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    lock_timeout: u64,
}

#[derive(Subcommand)]
enum MigrateCommand {
    /// Version of every unidade, and what went wrong
    Status {
        /// One JSON value for programs
        #[arg(long)]
        json: bool,
    },
}

impl Migrate {
    /// Fails when somebody was not migrated, so that a script does not go on.
    pub(super) async fn run(&self) -> anyhow::Result<ExitCode> {
        if let Some(MigrateCommand::Status { json }) = self.command {
            return status(json).await;
        }
        let waves: anyhow::Result<Vec<Vec<Slug>>> = self
            .wave
            .iter()
            .map(|wave| {
                wave.split(',')
                    .map(|slug| slug.trim().parse::<Slug>().map_err(|e| anyhow::anyhow!("--wave {slug:?}: {e}")))
                    .collect()
            })
            .collect();
        let fleet = FleetOptions {
            concurrency: self.concurrency.into(),
            lock_timeout: Duration::from_secs(self.lock_timeout),
            ..FleetOptions::default()
        };
        let complete = migrate::everything(&settings()?, &Plan { fleet, waves: waves?, only_waves: self.only }).await?;
        Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Fails when somebody is behind or has failed.
async fn status(as_json: bool) -> anyhow::Result<ExitCode> {
    let operator = Operator::new()?;
    let all = migrate_status(operator.platform(), Migrations::tenant()).await?;
    // One that is being made has no version yet, and nothing is wrong with that.
    let behind = all.iter().filter(|u| (u.pending > 0 && u.status != "provisioning") || u.error.is_some()).count();
    if as_json {
        json(&all)?;
    } else {
        let rows: Vec<_> = all
            .iter()
            .map(|u| {
                let state = match &u.error {
                    Some(error) => error.replace('\n', " "),
                    None if u.pending == 0 => "up to date".to_owned(),
                    None => format!("{} to come", u.pending),
                };
                [u.slug.clone(), u.placement.clone(), u.status.clone(), u.version.to_string(), state]
            })
            .collect();
        table(["SLUG", "PLACEMENT", "STATUS", "VERSION", "MIGRATIONS"], &rows);
        println!("\n{} of {} unidades are up to date", all.len() - behind, all.len());
    }
    Ok(if behind == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
