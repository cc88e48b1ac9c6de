use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use kernel::Texto;
use tenancy::{Migrations, Placement, RestoreError, RestoreInto, RestoreOptions, Slug};

use crate::cli::operator::{Operator, WHEN, ask, show, value};

#[derive(Args)]
pub(crate) struct Restore {
    /// An archive (`.sri`): its path, or its name in the folder of the backups
    file: PathBuf,
    /// Slug of the new unidade
    #[arg(long, requires = "codigo", required_unless_present = "replace", conflicts_with = "replace")]
    slug: Option<Slug>,
    /// Codigo of the new unidade
    #[arg(long, value_parser = value::<Texto<20>>, requires = "slug")]
    codigo: Option<Texto<20>>,
    /// Which database holds the new unidade; the central one when left out
    #[arg(long, requires = "slug")]
    placement: Option<Placement>,
    /// Bring this unidade back to what the archive holds, after a backup of what it holds now
    #[arg(long, value_name = "SLUG")]
    replace: Option<Slug>,
    /// The slug to be replaced once more, instead of typing it when asked
    #[arg(long, value_name = "SLUG", requires = "replace")]
    confirm: Option<String>,
    /// How long those who work in the unidade to be replaced may go on to their end, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "replace")]
    wait: u64,
}

impl Restore {
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let archive = operator.backup_file(self.file)?;
        let folder = operator.settings.backup_dir.clone();
        let (slug, into) = match (self.slug, self.codigo, self.replace) {
            (Some(slug), Some(codigo), None) => (slug.clone(), RestoreInto::New { slug, codigo, placement: self.placement }),
            (None, None, Some(slug)) => {
                let unidade = operator.unidade(&slug).await?;
                let typed = match self.confirm {
                    Some(typed) => typed,
                    None => ask(&format!(
                        "This takes {} ({slug}) back to the archive's state. Type its slug to go on:",
                        unidade.nome
                    ))?,
                };
                if typed != slug.as_str() {
                    bail!("what was typed is not the slug {slug}: nothing was changed");
                }
                std::fs::create_dir_all(&folder)?;
                (slug, RestoreInto::Replace(unidade.id))
            }
            _ => bail!("name the new unidade by --slug and --codigo, or the one to be replaced by --replace"),
        };
        let as_new = matches!(into, RestoreInto::New { .. });
        // Also with an older schema in the way: what the register knows is enough.
        let apagados = privacidade::Apagados::load(operator.platform(), &crate::house::modules()).await?;
        let options = RestoreOptions {
            wait: Duration::from_secs(self.wait),
            participants: vec![Arc::new(acesso::WaysIn), Arc::new(apagados)],
            ..RestoreOptions::new(archive, into, folder.clone())
        };
        let restored = tenancy::restore(operator.platform(), Migrations::tenant(), &operator.actor, &options, |p| show(&p))
            .await
            .map_err(refused)?;
        if let Some(before) = &restored.before {
            println!("what it held before is in {}", folder.join(&before.nome).display());
        }
        let rows = restored.manifest.rows();
        println!("{slug} holds the {rows} rows of the archive of {}", restored.manifest.header.created_at.format(WHEN));
        let unidade = operator.house.gates.registry.by_id(restored.id).await?.context("what was restored is in the register")?;
        let origin = restored.manifest.header.unidade_id;
        let contents =
            documentos::arquivo::herdar(&operator.house.app.files, &operator.house.gates.tenants, &unidade, origin).await?;
        if contents.present > 0 {
            println!("the contents of its {} documents are there", contents.present);
        }
        if contents.missing > 0 {
            println!(
                "the contents of {} documents are missing: bring back the place of the documents as it was then",
                contents.missing
            );
        }
        if restored.forgotten.is_empty() {
            println!("everybody signs in anew; who was deactivated or revoked since stays so, and passwords are those of now");
        } else {
            println!("everybody signs in anew; all API tokens are revoked, passwords and deactivations are those of the archive");
        }
        if as_new {
            println!("it is in maintenance; look at it, then run `sri unidade reactivate {slug}`");
        }
        Ok(())
    }
}

/// Why nothing was restored, with the way out.
pub(super) fn refused(error: RestoreError) -> anyhow::Error {
    match error {
        RestoreError::SlugTaken => anyhow!("the slug is taken, or was once: a slug is never given twice"),
        RestoreError::CodigoTaken => anyhow!("the codigo is taken by another unidade"),
        RestoreError::UnknownPlacement => anyhow!("there is no such placement: see DATABASE_URL (principal) and SRI_PLACEMENTS"),
        RestoreError::Busy => anyhow!("another process moves, restores or deletes this unidade at this moment"),
        RestoreError::InUse => anyhow!(
            "somebody still worked in this unidade when the wait was over, so nothing was changed: try again, perhaps with a longer --wait"
        ),
        RestoreError::OtherUnidade { found } => anyhow!("this is the archive of {found}, not of the unidade to be replaced"),
        other => other.into(),
    }
}
