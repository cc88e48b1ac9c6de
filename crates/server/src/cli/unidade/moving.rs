use std::{sync::Arc, time::Duration};

use anyhow::{anyhow, bail};
use clap::Args;
use tenancy::{
    Migrations, MoveError, MoveOptions, MoveParticipant, MoveStep, Placement, Slug, abort_move, confirm_move, move_unidade,
    moving,
};

use crate::cli::operator::{Operator, show};

#[derive(Args)]
pub(crate) struct Move {
    slug: Slug,
    /// Where it is to live
    #[arg(required_unless_present_any = ["finish", "abort"])]
    placement: Option<Placement>,
    /// Longest pause of its people, in seconds; when it is over everything goes back to before
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pause: u64,
    /// Remove the old copy of a move that has switched; there is no way back then but another move
    #[arg(long, conflicts_with_all = ["placement", "abort"])]
    finish: bool,
    /// Give up a move that was interrupted before it switched
    #[arg(long, conflicts_with = "placement")]
    abort: bool,
}

/// Whoever keeps rows for a unidade beside its schema. Its outbox is in the schema, and so goes with it.
fn participants() -> Vec<Arc<dyn MoveParticipant>> {
    vec![Arc::new(jobs::MoveQueue)]
}

impl Move {
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let unidade = operator.unidade(&self.slug).await?;
        let (platform, actor, slug) = (operator.platform(), &operator.actor, &self.slug);
        if self.finish {
            confirm_move(platform, actor, unidade.id).await.map_err(|e| refused(slug, e))?;
            println!("{slug} lives in {}; its old copy is gone", unidade.placement);
            return Ok(());
        }
        if self.abort {
            abort_move(platform, Migrations::tenant(), actor, unidade.id, &participants()).await.map_err(|e| refused(slug, e))?;
            println!("{slug} stays in {}", unidade.placement);
            return Ok(());
        }
        let Some(target) = self.placement else { bail!("name the placement to move to") };
        let options =
            MoveOptions { pause_limit: Duration::from_secs(self.pause), participants: participants(), ..MoveOptions::to(target) };
        let state = move_unidade(platform, Migrations::tenant(), actor, unidade.id, &options, |p| show(&p))
            .await
            .map_err(|e| refused(slug, e))?;
        let pause = state.paused_at.zip(state.switched_at).map(|(from, to)| (to - from).num_milliseconds());
        println!("{slug} lives in {}; its people paused for {} ms", state.target, pause.unwrap_or_default());
        if moving::find(platform, unidade.id).await?.is_some_and(|state| state.step == MoveStep::Switched) {
            println!("the old copy in {} stays, closed, until you run `sri unidade move {slug} --finish`", state.source);
        }
        Ok(())
    }
}

/// Why it is where it was, with the way out.
fn refused(slug: &Slug, error: MoveError) -> anyhow::Error {
    match error {
        MoveError::NotFound => anyhow!("there is no unidade {slug}"),
        MoveError::UnknownPlacement => anyhow!("there is no such placement: see DATABASE_URL (principal) and SRI_PLACEMENTS"),
        MoveError::AlreadyThere => anyhow!("{slug} lives there already"),
        MoveError::Status(status) => anyhow!("{slug} is {} and does not move", status.code()),
        MoveError::Busy => anyhow!("another process moves, restores or deletes {slug} at this moment"),
        MoveError::Unfinished(target) => {
            anyhow!("the move of {slug} to {target} is not finished: go on with it, or end it by --finish or --abort")
        }
        MoveError::NoMove => anyhow!("no move of {slug} waits for that"),
        MoveError::TooLong => anyhow!(
            "the pause took longer than allowed, so {slug} is open where it was: try again, perhaps with a longer --pause"
        ),
        other => other.into(),
    }
}
