use std::process::ExitCode;

use clap::Args;

use crate::{migrate, settings::Settings};

#[derive(Args)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        migrate::everything(settings).await?;
        Ok(ExitCode::SUCCESS)
    }
}
