//! What a restore does not undo, and the row that tells of it.

use std::sync::Arc;

use futures::future::BoxFuture;
use kernel::{Clock, Fault};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgExecutor};

use super::Work;
use crate::{
    Ground, UnidadeId,
    audit::{self, Change, Entry},
    backup::snapshot::shape,
    session::simple,
    trail,
};

/// What a higher crate will not have undone by a restore: ways in that were closed after the archive was made, say.
pub trait RestoreParticipant: Send + Sync {
    /// For logs and for whoever asked for the restore.
    fn name(&self) -> &'static str;

    /// Reads in the schema that is about to be replaced, of the newest version, what must outlive it. Nobody writes to it
    /// any more.
    fn remember<'a>(&'a self, present: &'a mut Restoration<'_>) -> BoxFuture<'a, Result<Value, Fault>>;

    /// Puts it into the restored schema, of the newest version, before anybody sees that. `None` when there is nothing to
    /// go by: a new unidade, or one whose schema was lost, damaged or of an older version.
    fn settle<'a>(&'a self, restored: &'a mut Restoration<'_>, remembered: Option<Value>) -> BoxFuture<'a, Result<(), Fault>>;
}

/// The schema that a restore is at work on, in its transaction and under the role that owns it.
pub struct Restoration<'c> {
    conn: &'c mut PgConnection,
    clock: &'c Clock,
}

impl Restoration<'_> {
    /// Where checked queries run.
    pub fn db(&mut self) -> impl PgExecutor<'_> {
        &mut *self.conn
    }

    /// These rows, for what is done to them elsewhere too.
    pub fn ground(&mut self) -> Ground<'_> {
        Ground::restored(&mut *self.conn, self.clock.now())
    }

    #[must_use]
    pub const fn clock(&self) -> &Clock {
        self.clock
    }
}

/// Names of the participants who had nothing to go by, so that more is as it was then than they would have it.
pub type Forgotten = Vec<&'static str>;

/// What every participant remembers, in their order.
pub(super) type Memory = Vec<Option<Value>>;

/// Asks every participant. The schema in force is the one to be replaced.
pub(super) async fn remember(work: &Work<'_>, conn: &mut PgConnection) -> Result<Memory, Fault> {
    let mut memory = Vec::new();
    let newest = shape(conn).await?.version() == work.stream.newest();
    for participant in work.participants() {
        memory.push(if newest { one(work, &**participant, conn).await? } else { None });
    }
    Ok(memory)
}

/// A schema that is damaged must be restorable all the same.
async fn one(work: &Work<'_>, participant: &dyn RestoreParticipant, conn: &mut PgConnection) -> Result<Option<Value>, Fault> {
    simple(conn, "SAVEPOINT remember".to_owned()).await?;
    let remembered = participant.remember(&mut work.restoration(conn)).await;
    let end = if remembered.is_ok() { "RELEASE SAVEPOINT remember" } else { "ROLLBACK TO SAVEPOINT remember" };
    simple(conn, end.to_owned()).await?;
    if let Err(fault) = &remembered {
        tracing::warn!(participant = participant.name(), error = %fault, "what a restore must not undo cannot be read");
    }
    Ok(remembered.ok())
}

/// Lets every participant put right what was restored as `id`, and tells of the restore in the unidade's own trail.
pub(super) async fn settle(work: &Work<'_>, id: UnidadeId, conn: &mut PgConnection, memory: Memory) -> Result<Forgotten, Fault> {
    let mut forgotten = Forgotten::new();
    let memory = memory.into_iter().chain(std::iter::repeat(None));
    for (participant, remembered) in work.participants().iter().zip(memory) {
        if remembered.is_none() {
            forgotten.push(participant.name());
        }
        participant.settle(&mut work.restoration(conn), remembered).await?;
    }
    let header = &work.manifest.header;
    let entry = Entry {
        action: "unidade.restaurada",
        entity: "unidade",
        entity_id: Some(id.uuid()),
        change: Change::created(&json!({ "backup": header.id, "backup_at": header.created_at, "from": header.slug })),
    };
    audit::write(&mut *conn, work.platform.clock(), work.actor, entry).await?;
    trail::arrived(conn, trail::Arrival::Restored, work.platform.clock().now()).await?;
    Ok(forgotten)
}

impl Work<'_> {
    fn participants(&self) -> &[Arc<dyn RestoreParticipant>] {
        &self.options.participants
    }

    fn restoration<'c>(&'c self, conn: &'c mut PgConnection) -> Restoration<'c> {
        Restoration { conn, clock: self.platform.clock() }
    }
}
