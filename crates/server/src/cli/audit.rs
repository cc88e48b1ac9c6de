//! `sri audit …`: whether the trail of a unidade is as it was written.

use std::sync::Arc;

use anyhow::bail;
use clap::{Args, Subcommand};
use tenancy::{
    Slug, Unidade,
    trail::{Verified, verify_trail},
};

use super::operator::{Operator, sentence};

#[derive(Subcommand)]
pub(super) enum Audit {
    /// Check the chain over the trail: that no row was changed, removed or inserted since it was sealed
    Verify(Which),
}

/// One unidade or every one that has a schema; every one unless told.
#[derive(Args)]
#[group(multiple = false)]
pub(super) struct Which {
    #[arg(long, value_name = "SLUG")]
    unidade: Option<Slug>,
    /// Every unidade, one after the other
    #[arg(long)]
    all: bool,
}

impl Audit {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let operator = Operator::new()?;
        let Self::Verify(which) = self;
        let unidades = match &which.unidade {
            Some(slug) => vec![operator.unidade(slug).await?],
            None => operator.house.gates.registry.all().await?.into_iter().map(Arc::new).collect(),
        };
        let mut broken = Vec::new();
        // One that does not hold does not hide the others.
        for unidade in unidades.into_iter().filter(|unidade| unidade.schema_version > 0) {
            match verify_trail(operator.platform(), &operator.house.gates.tenants, &unidade).await {
                Ok(found) if told(&unidade, &found) => {}
                Ok(_) => broken.push(unidade.slug.to_string()),
                Err(fault) => {
                    eprintln!("sri: the trail of {} cannot be checked: {}", unidade.slug, sentence(&fault.into()));
                    broken.push(unidade.slug.to_string());
                }
            }
        }
        if broken.is_empty() { Ok(()) } else { bail!("{} trails do not hold: {}", broken.len(), broken.join(", ")) }
    }
}

/// Whether the chain holds.
fn told(unidade: &Unidade, found: &Verified) -> bool {
    let slug = &unidade.slug;
    if let Some(broken) = &found.broken {
        let row = broken.row.map(|id| format!(", row {id}")).unwrap_or_default();
        let place = if broken.numero == 0 { "behind the seals".to_owned() } else { format!("at seal {}", broken.numero) };
        println!("{slug}: broken {place}{row}: {}", broken.why.sentence());
        return false;
    }
    let end =
        found.head.as_ref().map_or_else(|| "no seal yet".to_owned(), |head| format!("ends at {} {}", head.numero, head.digest));
    println!(
        "{slug}: holds; {} seals, {} rows, {} removed in their time, {} not sealed yet; {end}",
        found.seals, found.rows, found.cut, found.unsealed
    );
    true
}
