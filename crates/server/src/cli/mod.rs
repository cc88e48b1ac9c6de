//! `sri`: one program, one subcommand per role.

mod audit;
mod backup;
mod config;
mod console;
mod demo;
mod doctor;
mod migrate;
mod operator;
mod unidade;

use std::{process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use crate::{
    run::{Role, run},
    settings::{Settings, listed},
};

#[derive(Parser)]
#[command(name = "sri", version, about = "SRI: relationship with industry, one schema per unidade")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and the API
    Serve {
        /// Run the jobs in this process too
        #[arg(long)]
        worker: bool,
    },
    /// Run the jobs
    Worker,
    /// Prepare the databases and bring every schema to the newest version
    Migrate(migrate::Migrate),
    /// Make, change, keep and move unidades
    #[command(subcommand)]
    Unidade(unidade::Unidade),
    /// Files of backups
    #[command(subcommand)]
    Backup(backup::Backup),
    /// The trail of who did what
    #[command(subcommand)]
    Audit(audit::Audit),
    /// The console of the platform's admins
    #[command(subcommand)]
    Console(console::Console),
    /// Look for what is wrong: settings, walls between the unidades, versions, unfinished moves
    Doctor,
    /// The configuration
    Config(config::Config),
    /// Ask a running process on this machine whether it is ready; for container health checks
    Health,
    /// Give a unidade a past of visitas, demandas and projetos that nobody lived
    Demo(demo::Demo),
    /// Run everything on this machine, with two demo unidades
    Dev(crate::dev::Dev),
    /// Parse a spreadsheet from standard input under limits (started by the product itself)
    #[command(hide = true)]
    ParseSheet,
}

/// Runs the command line of the process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Two providers are in the tree; without a choice the first TLS connection would panic.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(dispatch(cli.command)));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sri: {}", operator::sentence(&error));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { worker } => run(&settings()?, if worker { Role::Both } else { Role::Web }).await?,
        Command::Worker => run(&settings()?, Role::Worker).await?,
        Command::Migrate(migrate) => return migrate.run().await,
        Command::Unidade(verb) => verb.run().await?,
        Command::Backup(verb) => verb.run().await?,
        Command::Audit(verb) => verb.run().await?,
        Command::Console(verb) => verb.run().await?,
        Command::Doctor => return doctor::run().await,
        Command::Config(config) => return Ok(config.run()),
        Command::Demo(demo) => demo.run().await?,
        Command::Dev(dev) => dev.run().await?,
        Command::Health => return health().await,
        Command::ParseSheet => return Ok(sheets::child::run(std::io::stdin().lock(), std::io::stdout().lock())),
    }
    Ok(ExitCode::SUCCESS)
}

/// The configuration, or all that is wrong with it.
fn settings() -> anyhow::Result<Settings> {
    Settings::from_env().map_err(|problems| anyhow::anyhow!(listed(&problems)))
}

async fn health() -> anyhow::Result<ExitCode> {
    let address = settings()?.ops_listen;
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build()?;
    let ready = client.get(format!("http://{address}/pronto")).send().await.is_ok_and(|answer| answer.status().is_success());
    println!("{}", if ready { "ready" } else { "not ready" });
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
