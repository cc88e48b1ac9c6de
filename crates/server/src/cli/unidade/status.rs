use anyhow::anyhow;
use clap::Args;
use tenancy::{
    PlatformTx, Slug,
    lifecycle::{LifecycleError, Reason, Step, change_status},
};

use crate::cli::operator::{Operator, value};

#[derive(Args)]
pub(crate) struct Named {
    slug: Slug,
}

#[derive(Args)]
pub(crate) struct Close {
    slug: Slug,
    /// Why, in words that its people read
    #[arg(long, value_parser = value::<Reason>)]
    reason: Reason,
}

impl Named {
    pub(super) async fn reactivate(self, operator: &Operator) -> anyhow::Result<()> {
        change(operator, &self.slug, Step::Reactivate, "is open").await
    }

    pub(super) async fn archive(self, operator: &Operator) -> anyhow::Result<()> {
        change(operator, &self.slug, Step::Archive, "is archived: its host is unknown to the outside").await
    }
}

impl Close {
    pub(super) async fn suspend(self, operator: &Operator) -> anyhow::Result<()> {
        change(operator, &self.slug, Step::Suspend(self.reason), "is suspended").await
    }

    pub(super) async fn maintenance(self, operator: &Operator) -> anyhow::Result<()> {
        change(operator, &self.slug, Step::Maintenance(self.reason), "is in maintenance").await
    }
}

async fn change(operator: &Operator, slug: &Slug, step: Step, outcome: &str) -> anyhow::Result<()> {
    let unidade = operator.unidade(slug).await?;
    operator
        .platform()
        .write(async |tx: &mut PlatformTx| change_status(tx, &operator.actor, unidade.id, &step).await)
        .await
        .map_err(|error| refused(slug, error))?;
    println!("{slug} {outcome}");
    Ok(())
}

/// A refusal of the lifecycle with the unidade's name and the way out.
pub(super) fn refused(slug: &Slug, error: LifecycleError) -> anyhow::Error {
    match error {
        LifecycleError::NotFound => anyhow!("there is no unidade {slug}"),
        LifecycleError::Transition { from, to } if from == to => anyhow!("{slug} is {} already", from.code()),
        LifecycleError::Transition { from, to } => {
            anyhow!("{slug} is {} and cannot become {} from there", from.code(), to.code())
        }
        LifecycleError::Confirmation => anyhow!("what was typed is not the slug {slug}: nothing was changed"),
        LifecycleError::NoBackup => {
            anyhow!("{slug} has no verified backup of its last state: run `sri unidade backup {slug}` first")
        }
        LifecycleError::Busy => anyhow!("another process moves, restores or deletes {slug} at this moment"),
        LifecycleError::Stale => anyhow!("somebody has changed {slug} meanwhile: try again"),
        LifecycleError::DomainTaken => anyhow!("the domain belongs to another unidade"),
        LifecycleError::Fault(fault) => fault.into(),
    }
}
