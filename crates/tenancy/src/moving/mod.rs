//! A unidade goes to another placement (another PostgreSQL cluster) while its people work: copied under their hands, then
//! a pause of seconds in which nobody writes, the rest copied and everything compared, then one row in the register
//! decides where it lives.
//!
//! ```text
//! copying  the target gets a copy; the unidade is served from the source
//! paused   status `moving`; the source is fenced: its role may be taken on by nobody and may write nothing
//! switched the register names the target; the source stays, fenced, until the move is confirmed
//! done     the source is dropped                reverted  the target is dropped, the source is open again
//! ```
//! A process killed anywhere leaves one of these states. Running the move again goes on from there, [`abort_move`] goes
//! back; before `switched` the source is whole and the truth, afterwards the target is. A write that was acknowledged is
//! in the source before the fence closes, so it is in the comparison and in the target.
//!
//! The two placements must be two clusters: roles belong to the cluster, and the fence of the source would close the target.

mod copy;
mod fence;

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use kernel::{Actor, ErrorKind, Fault, Kind};
use serde::Serialize;
use serde_json::json;
use tokio::time::Instant;

use crate::{
    Migrations, Names, Platform, PlatformTx, Progress, Status, Unidade, UnidadeId,
    config::{Placement, PlacementConfig},
    crash_point,
    exclusive::Exclusive,
    provision::{drop_schema, migrator, role_exists, schema_exists},
    registry::{self, SIGNAL_UNIDADE},
};

/// What a higher crate keeps for a unidade in its placement database outside its schema (the queue, say) and must bring
/// along. Every method may be called again after a crash and must bear it.
pub trait MoveParticipant: Send + Sync {
    /// For the progress and for errors.
    fn name(&self) -> &'static str;

    /// In the pause: brings the rows of the unidade to `to`, where they must not take effect yet. Rows of an earlier try
    /// are there perhaps.
    fn copy<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<(), Fault>>;

    /// After the switch: removes them from `from`.
    fn settle<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<(), Fault>>;

    /// The move was given up: removes them from `to`.
    fn undo<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<(), Fault>>;
}

/// Which unidade moves from where to where.
#[derive(Debug, Clone)]
pub struct Way {
    pub platform: Platform,
    pub unidade: Unidade,
    pub from: Placement,
    pub to: Placement,
}

/// How a move is made.
#[derive(Clone)]
pub struct MoveOptions {
    pub target: Placement,
    /// Longest time in which nobody can work; when it is over, everything goes back to before.
    pub pause_limit: Duration,
    /// How long requests that have begun may end in peace before writing is taken from them.
    pub grace: Duration,
    pub participants: Vec<Arc<dyn MoveParticipant>>,
}

impl MoveOptions {
    #[must_use]
    pub const fn to(target: Placement) -> Self {
        Self { target, pause_limit: Duration::from_secs(30), grace: Duration::from_millis(300), participants: Vec::new() }
    }
}

impl fmt::Debug for MoveOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.participants.iter().map(|p| p.name()).collect();
        f.debug_struct("MoveOptions")
            .field("target", &self.target)
            .field("pause_limit", &self.pause_limit)
            .field("participants", &names)
            .finish_non_exhaustive()
    }
}

/// How far a move has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MoveStep {
    Copying,
    Paused,
    Switched,
    Done,
    Reverted,
}

impl MoveStep {
    const ALL: [Self; 5] = [Self::Copying, Self::Paused, Self::Switched, Self::Done, Self::Reverted];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Copying => "copying",
            Self::Paused => "paused",
            Self::Switched => "switched",
            Self::Done => "done",
            Self::Reverted => "reverted",
        }
    }
}

/// A unidade's last or present move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    pub unidade_id: UnidadeId,
    pub source: Placement,
    pub target: Placement,
    pub step: MoveStep,
    /// Where the status goes back to.
    #[serde(skip)]
    status_before: Status,
    #[serde(skip)]
    status_reason: Option<String>,
    pub error: Option<String>,
    pub started_at: DateTime<Utc>,
    /// The pause began; it ended at `switched_at`.
    pub paused_at: Option<DateTime<Utc>>,
    pub switched_at: Option<DateTime<Utc>>,
}

/// Why a unidade is where it was.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("no such unidade")]
    NotFound,
    #[error("no such placement")]
    UnknownPlacement,
    #[error("the unidade lives there already")]
    AlreadyThere,
    #[error("a unidade that is {} does not move", .0.code())]
    Status(Status),
    #[error("somebody is at work on this unidade")]
    Busy,
    /// It is on its way to another placement, or the source of its last move still waits to be confirmed.
    #[error("the move to {0} is not finished")]
    Unfinished(Placement),
    /// There is nothing to abort or to confirm.
    #[error("there is no such move")]
    NoMove,
    #[error("both placements are databases of one cluster; roles belong to the cluster, so a unidade cannot move between them")]
    SameCluster,
    #[error("the schema of the unidade is not one that this program's migrations make")]
    OtherMigrations,
    #[error("table {0} did not arrive as it was")]
    Differs(String),
    #[error("it took longer than the pause may last")]
    TooLong,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for MoveError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound | Self::NoMove => Kind::NotFound,
            Self::UnknownPlacement | Self::SameCluster => Kind::Invalid,
            Self::AlreadyThere | Self::Status(_) | Self::Busy | Self::Unfinished(_) | Self::OtherMigrations => Kind::Conflict,
            Self::TooLong => Kind::Unavailable,
            Self::Differs(_) => Kind::Fault,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::UnknownPlacement => "unknown-placement",
            Self::AlreadyThere => "move-already-there",
            Self::Status(_) => "move-status",
            Self::Busy => "unidade-busy",
            Self::Unfinished(_) => "move-unfinished",
            Self::NoMove => "move-none",
            Self::SameCluster => "move-same-cluster",
            Self::OtherMigrations => "move-other-migrations",
            Self::Differs(_) => "move-differs",
            Self::TooLong => "move-too-long",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<sqlx::Error> for MoveError {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// What a move needs at every step.
struct Journey<'a> {
    way: Way,
    stream: &'a Migrations,
    source: &'a PlacementConfig,
    target: &'a PlacementConfig,
}

/// Moves a unidade, or goes on with a move that was interrupted. Reports the steps `copying` and `comparing` per table,
/// `paused` and `switched`. Afterwards it lives in the target and the source waits for [`confirm_move`].
///
/// # Errors
/// The variants of [`MoveError`]. Up to the switch the unidade is open in its source again, unless the register could not
/// be reached: then the move stands where it stopped and is run again or aborted.
pub async fn move_unidade(
    platform: &Platform,
    stream: &Migrations,
    actor: &Actor,
    id: UnidadeId,
    options: &MoveOptions,
    mut progress: impl FnMut(Progress),
) -> Result<Move, MoveError> {
    let _exclusive = Exclusive::take(platform, id).await?.ok_or(MoveError::Busy)?;
    refuse_same_cluster(platform, id, &options.target).await?;
    let (state, unidade) = platform.write(async |tx| begin(tx, actor, id, &options.target).await).await?;
    let journey = journey(platform, stream, &state, unidade)?;
    crash_point("move.begun");
    if state.step != MoveStep::Switched {
        let outcome = carry(&journey, &state, options, &mut progress).await;
        let version = match outcome {
            Ok(version) => version,
            Err(error) => {
                revert(&journey, &state, &options.participants, Some(&error.to_string())).await?;
                return Err(error);
            }
        };
        // Whether this COMMIT happened decides everything, so a failure here is not reverted: the register tells the next.
        platform.write(async |tx| switch(tx, actor, &state, version).await).await?;
        crash_point("move.switched");
        progress(Progress::new("switched", journey.way.unidade.slug.as_str(), 0, 0));
    }
    for participant in &options.participants {
        participant.settle(&journey.way).await?;
    }
    find(platform, id).await?.ok_or(MoveError::NoMove)
}

fn journey<'a>(platform: &'a Platform, stream: &'a Migrations, state: &Move, unidade: Unidade) -> Result<Journey<'a>, MoveError> {
    let placement = |name| platform.config().placement(name).ok_or(MoveError::UnknownPlacement);
    let (source, target) = (placement(&state.source)?, placement(&state.target)?);
    let way = Way { platform: platform.clone(), unidade, from: state.source.clone(), to: state.target.clone() };
    Ok(Journey { way, stream, source, target })
}

/// Everything up to the switch. Answers the schema's version in the target.
async fn carry(
    journey: &Journey<'_>,
    state: &Move,
    options: &MoveOptions,
    progress: &mut impl FnMut(Progress),
) -> Result<i64, MoveError> {
    let platform = &journey.way.platform;
    if state.step == MoveStep::Copying {
        copy::whole(journey, progress).await?;
        crash_point("move.copied");
        platform.write(async |tx| pause(tx, state).await).await?;
    }
    crash_point("move.paused");
    progress(Progress::new("paused", journey.way.unidade.slug.as_str(), 0, 0));
    let deadline = Instant::now() + options.pause_limit;
    fence::close(journey, options.grace, deadline).await?;
    crash_point("move.fenced");
    let rest = async {
        let version = copy::rest(journey, progress).await?;
        for participant in &options.participants {
            participant.copy(&journey.way).await?;
        }
        Ok(version)
    };
    let version = tokio::time::timeout_at(deadline, rest).await.unwrap_or(Err(MoveError::TooLong))?;
    crash_point("move.caught-up");
    Ok(version)
}

/// Roles belong to the cluster: where the unidade's are and its schema is not, the database is a neighbour of the source.
async fn refuse_same_cluster(platform: &Platform, id: UnidadeId, target: &Placement) -> Result<(), MoveError> {
    let config = platform.config().placement(target).ok_or(MoveError::UnknownPlacement)?;
    let mut conn = migrator(platform, config).await?;
    let names = Names::of(id);
    if role_exists(&mut conn, &names.owner_role()).await? && !schema_exists(&mut conn, &names).await? {
        return Err(MoveError::SameCluster);
    }
    Ok(())
}

/// Finds the move to go on with, or begins one.
async fn begin(tx: &mut PlatformTx, actor: &Actor, id: UnidadeId, target: &Placement) -> Result<(Move, Unidade), MoveError> {
    let unidade = registry::lock(tx, id).await?.filter(|u| u.status != Status::Deleted).ok_or(MoveError::NotFound)?;
    if let Some(state) = read(tx, id).await? {
        match state.step {
            MoveStep::Copying | MoveStep::Paused | MoveStep::Switched if state.target == *target => return Ok((state, unidade)),
            MoveStep::Copying | MoveStep::Paused | MoveStep::Switched => return Err(MoveError::Unfinished(state.target)),
            MoveStep::Done | MoveStep::Reverted => {}
        }
    }
    if unidade.placement == *target {
        return Err(MoveError::AlreadyThere);
    }
    if !unidade.status.may_become(Status::Moving) {
        return Err(MoveError::Status(unidade.status));
    }
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO platform.move (unidade_id, source, target, step, status_before, status_reason, started_at, updated_at)
         VALUES ($1, $2, $3, 'copying', $4, $5, $6, $6)
         ON CONFLICT (unidade_id) DO UPDATE
             SET source = excluded.source, target = excluded.target, step = excluded.step, status_before = excluded.status_before,
                 status_reason = excluded.status_reason, error = NULL, started_at = excluded.started_at, paused_at = NULL,
                 switched_at = NULL, updated_at = excluded.updated_at",
        id as _,
        unidade.placement.as_str(),
        target.as_str(),
        unidade.status.code(),
        unidade.status_reason,
        now,
    )
    .execute(tx.db())
    .await?;
    tx.audit(actor, "unidade.mover", Some(id), json!({ "from": unidade.placement, "to": target })).await?;
    let state = read(tx, id).await?.ok_or(MoveError::NoMove)?;
    Ok((state, unidade))
}

/// The status may have changed while the copy ran: what it is now comes back at the end.
async fn pause(tx: &mut PlatformTx, state: &Move) -> Result<(), MoveError> {
    let unidade = registry::lock(tx, state.unidade_id).await?.ok_or(MoveError::NotFound)?;
    if !unidade.status.may_become(Status::Moving) {
        return Err(MoveError::Status(unidade.status));
    }
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE platform.move SET step = 'paused', status_before = $2, status_reason = $3, paused_at = $4, updated_at = $4 WHERE unidade_id = $1",
        state.unidade_id as _,
        unidade.status.code(),
        unidade.status_reason,
        now,
    )
    .execute(tx.db())
    .await?;
    registry::set_status(tx, state.unidade_id, Status::Moving, None).await?;
    Ok(())
}

async fn switch(tx: &mut PlatformTx, actor: &Actor, state: &Move, version: i64) -> Result<(), MoveError> {
    let id = state.unidade_id;
    // Read again: the pause noted the status that was in force when it began.
    let state = read(tx, id).await?.filter(|s| s.step == MoveStep::Paused).ok_or(MoveError::NoMove)?;
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE platform.unidade SET placement = $2, schema_version = $3 WHERE id = $1",
        id as _,
        state.target.as_str(),
        version
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "UPDATE platform.move SET step = 'switched', switched_at = $2, updated_at = $2 WHERE unidade_id = $1",
        id as _,
        now
    )
    .execute(tx.db())
    .await?;
    let next = (state.status_before, state.status_reason.as_deref());
    registry::release_status(tx, id, (Status::Moving, None), next).await?;
    tx.audit(actor, "unidade.movida", Some(id), json!({ "from": state.source, "to": state.target })).await?;
    Ok(())
}

/// Opens the source again and drops the target.
async fn revert(
    journey: &Journey<'_>,
    state: &Move,
    participants: &[Arc<dyn MoveParticipant>],
    error: Option<&str>,
) -> Result<(), MoveError> {
    let platform = &journey.way.platform;
    fence::open(journey).await?;
    for participant in participants {
        participant.undo(&journey.way).await?;
    }
    platform
        .write(async |tx| {
            let Some(now) = read(tx, state.unidade_id).await? else { return Ok(()) };
            if now.step == MoveStep::Paused {
                let next = (now.status_before, now.status_reason.as_deref());
                registry::release_status(tx, state.unidade_id, (Status::Moving, None), next).await?;
            }
            let at = tx.clock().now();
            sqlx::query!(
                "UPDATE platform.move SET step = 'reverted', error = $2, updated_at = $3 WHERE unidade_id = $1",
                state.unidade_id as _,
                error,
                at
            )
            .execute(tx.db())
            .await?;
            Ok::<(), MoveError>(())
        })
        .await?;
    crash_point("move.reverted");
    // Last: whatever happens to it, the unidade is open again, and the next move begins with dropping it.
    drop_schema(platform, journey.target, state.unidade_id).await?;
    Ok(())
}

/// Gives up a move that has not switched yet: the source is open again.
///
/// # Errors
/// [`MoveError::NoMove`] when nothing is on its way, [`MoveError::Busy`] while a process is at it.
pub async fn abort_move(
    platform: &Platform,
    stream: &Migrations,
    actor: &Actor,
    id: UnidadeId,
    participants: &[Arc<dyn MoveParticipant>],
) -> Result<(), MoveError> {
    let _exclusive = Exclusive::take(platform, id).await?.ok_or(MoveError::Busy)?;
    let mut tx = platform.begin().await?;
    let unidade = registry::lock(&mut tx, id).await?.ok_or(MoveError::NotFound)?;
    let state =
        read(&mut tx, id).await?.filter(|s| matches!(s.step, MoveStep::Copying | MoveStep::Paused)).ok_or(MoveError::NoMove)?;
    tx.audit(actor, "unidade.mover_desistir", Some(id), json!({ "from": state.source, "to": state.target })).await?;
    tx.commit().await?;
    revert(&journey(platform, stream, &state, unidade)?, &state, participants, None).await
}

/// Drops the source of a move that has switched. There is no way back then but another move.
///
/// # Errors
/// [`MoveError::NoMove`] when no move waits for it.
pub async fn confirm_move(platform: &Platform, actor: &Actor, id: UnidadeId) -> Result<(), MoveError> {
    let _exclusive = Exclusive::take(platform, id).await?.ok_or(MoveError::Busy)?;
    let state = find(platform, id).await?.filter(|s| s.step == MoveStep::Switched).ok_or(MoveError::NoMove)?;
    let source = platform.config().placement(&state.source).ok_or(MoveError::UnknownPlacement)?;
    drop_schema(platform, source, id).await?;
    crash_point("move.dropped");
    let mut tx = platform.begin().await?;
    let now = tx.clock().now();
    sqlx::query!("UPDATE platform.move SET step = 'done', updated_at = $2 WHERE unidade_id = $1", id as _, now)
        .execute(tx.db())
        .await?;
    tx.audit(actor, "unidade.mover_confirmar", Some(id), json!({ "from": state.source, "to": state.target })).await?;
    tx.notify(SIGNAL_UNIDADE, &id.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// The last or present move of a unidade.
///
/// # Errors
/// A fault of the central database.
pub async fn find(platform: &Platform, id: UnidadeId) -> Result<Option<Move>, Fault> {
    let mut tx = platform.begin().await?;
    let state = read(&mut tx, id).await?;
    tx.commit().await?;
    Ok(state)
}

/// Ids of unidades whose move is not at its end: killed, or waiting to be confirmed.
///
/// # Errors
/// A fault of the central database.
pub async fn unfinished(platform: &Platform) -> Result<Vec<UnidadeId>, Fault> {
    let mut tx = platform.begin().await?;
    let ids = sqlx::query_scalar!(
        r#"SELECT unidade_id AS "id: UnidadeId" FROM platform.move WHERE step NOT IN ('done', 'reverted') ORDER BY started_at"#
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    Ok(ids)
}

async fn read(tx: &mut PlatformTx, id: UnidadeId) -> Result<Option<Move>, Fault> {
    let row = sqlx::query!(
        "SELECT source, target, step, status_before, status_reason, error, started_at, paused_at, switched_at
         FROM platform.move WHERE unidade_id = $1",
        id as _
    )
    .fetch_optional(tx.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let placement = |name: String| name.parse::<Placement>().map_err(|e| Fault::new("placement of a move", e));
    Ok(Some(Move {
        unidade_id: id,
        source: placement(row.source)?,
        target: placement(row.target)?,
        step: MoveStep::ALL.into_iter().find(|s| s.code() == row.step).ok_or_else(|| Fault::because("unknown step of a move"))?,
        status_before: row.status_before.parse().map_err(|_| Fault::because("unknown status of a move"))?,
        status_reason: row.status_reason,
        error: row.error,
        started_at: row.started_at,
        paused_at: row.paused_at,
        switched_at: row.switched_at,
    }))
}
