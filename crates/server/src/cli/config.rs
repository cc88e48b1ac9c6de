use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::settings::{Settings, VARIABLES};

#[derive(Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print the effective values, secrets hidden, and every problem
    Check,
}

impl Config {
    pub(super) fn run(&self) -> ExitCode {
        match self.command {
            ConfigCommand::Check => check(),
        }
    }
}

fn check() -> ExitCode {
    for variable in VARIABLES {
        let given = std::env::var(variable.name).ok().filter(|text| !text.trim().is_empty());
        let shown = match (&given, variable.default) {
            (Some(_), _) if variable.secret => "(set, hidden)",
            (Some(text), _) => text,
            (None, Some("")) => "(none)",
            (None, Some(default)) => default,
            (None, None) => "(not set)",
        };
        println!("{:<24} {shown:<40} {}", variable.name, variable.meaning);
    }
    match Settings::from_env() {
        Ok(_) => {
            println!("\nThe configuration can be used.");
            ExitCode::SUCCESS
        }
        Err(problems) => {
            for problem in problems {
                eprintln!("sri: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}
