use anyhow::bail;
use clap::Args;
use plataforma::make_backup;
use tenancy::{Slug, Status, lifecycle};

use super::status::refused;
use crate::cli::operator::{Operator, ask};

#[derive(Args)]
pub(crate) struct Delete {
    slug: Slug,
    /// The slug once more, instead of typing it when asked
    #[arg(long, value_name = "SLUG")]
    confirm: Option<String>,
}

impl Delete {
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let slug = &self.slug;
        let unidade = operator.unidade(slug).await?;
        if !unidade.status.may_become(Status::Deleted) {
            bail!(
                "{slug} is {}: suspend or archive it first, so that nobody works in what is being deleted",
                unidade.status.code()
            );
        }
        let typed = match self.confirm {
            Some(typed) => typed,
            None => ask(&format!("This removes {} ({}) for ever. Type its slug to go on:", unidade.nome, slug))?,
        };
        // Asked before the backup: whoever mistyped should not wait for it.
        if typed != slug.as_str() {
            bail!("what was typed is not the slug {slug}: nothing was changed");
        }
        // What was never opened holds nothing of anybody's.
        if unidade.status != Status::Provisioning {
            for backup in make_backup(operator.platform().clone(), unidade.clone(), &operator.settings.backup_dir).await? {
                println!("{}", operator.settings.backup_dir.join(backup.nome).display());
            }
        }
        lifecycle::delete(operator.platform(), &operator.actor, unidade.id, &typed)
            .await
            .map_err(|error| refused(slug, error))?;
        println!("{slug} is deleted; its slug is never given again");
        Ok(())
    }
}
