use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use plataforma::make_backup;
use serde_json::json;
use tenancy::{Migrations, PlatformTx, Slug, Unidade};

use super::restore::refused;
use crate::cli::operator::{Operator, sentence};

#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    which: Which,
}

#[derive(Args)]
pub(crate) struct Rehearse {
    #[command(flatten)]
    which: Which,
}

/// One or every unidade that has a schema.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    slug: Option<Slug>,
    /// Every unidade, one after the other
    #[arg(long)]
    all: bool,
}

impl Which {
    async fn find(&self, operator: &Operator) -> anyhow::Result<Vec<Arc<Unidade>>> {
        if let Some(slug) = &self.slug {
            let unidade = operator.unidade(slug).await?;
            if unidade.schema_version == 0 {
                bail!("{slug} has no schema yet: it is still being made");
            }
            return Ok(vec![unidade]);
        }
        let all = operator.house.gates.registry.all().await?;
        Ok(all.into_iter().filter(|u| u.schema_version > 0).map(Arc::new).collect())
    }
}

impl Backup {
    /// One that fails does not keep the others from theirs.
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let mut failed = Vec::new();
        for unidade in self.which.find(operator).await? {
            if let Err(error) = one(operator, Arc::clone(&unidade)).await {
                eprintln!("sri: {}: {}", unidade.slug, sentence(&error));
                failed.push(unidade.slug.to_string());
            }
        }
        told(&failed, "were not backed up")
    }
}

async fn one(operator: &Operator, unidade: Arc<Unidade>) -> anyhow::Result<()> {
    let (id, platform) = (unidade.id, operator.platform());
    let made = make_backup(platform.clone(), unidade, &operator.settings.backup_dir).await?;
    platform.write(async |tx: &mut PlatformTx| tx.audit(&operator.actor, "unidade.backup", Some(id), json!({})).await).await?;
    for backup in made {
        println!("{}", operator.settings.backup_dir.join(backup.nome).display());
    }
    Ok(())
}

impl Rehearse {
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let mut failed = Vec::new();
        for unidade in self.which.find(operator).await? {
            let slug = &unidade.slug;
            match tenancy::rehearse(operator.platform(), Migrations::tenant(), &unidade, &operator.settings.backup_dir, |_| ())
                .await
            {
                Ok(Some(good)) => {
                    println!("{slug}: {} restores to the same {} tables and {} rows", good.nome, good.tables, good.rows);
                }
                Ok(None) => {
                    eprintln!("sri: {slug} has no backup to rehearse: run `sri unidade backup {slug}` first");
                    failed.push(slug.to_string());
                }
                Err(error) => {
                    eprintln!("sri: the newest backup of {slug} cannot be restored: {}", sentence(&refused(error)));
                    failed.push(slug.to_string());
                }
            }
        }
        told(&failed, "have no backup that can be trusted")
    }
}

fn told(failed: &[String], what: &str) -> anyhow::Result<()> {
    if failed.is_empty() { Ok(()) } else { bail!("{} of the unidades {what}: {}", failed.len(), failed.join(", ")) }
}
