use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;

use super::operator::{Operator, WHEN};

#[derive(Subcommand)]
pub(super) enum Backup {
    /// Read an archive to its end and compare it with its manifest
    Verify {
        /// Its path, or its name in the folder of the backups
        file: PathBuf,
    },
}

impl Backup {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let operator = Operator::new()?;
        let Self::Verify { file } = self;
        let path = operator.backup_file(file)?;
        let manifest = tenancy::verify(operator.platform(), &path).await.with_context(|| path.display().to_string())?;
        let head = &manifest.header;
        let rows = manifest.rows();
        println!(
            "{} ({}) of {}: {} tables, {rows} rows, schema version {}",
            head.slug,
            manifest.nome,
            head.created_at.format(WHEN),
            manifest.tables.len(),
            head.schema_version
        );
        Ok(())
    }
}
