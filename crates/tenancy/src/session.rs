//! One transaction on one leased connection: the mechanics that [`crate::TenantTx`] and [`crate::PlatformTx`] share.

use std::{fmt, task::Poll};

use futures::{
    StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use kernel::Fault;
use sqlx::{
    AssertSqlSafe, Either, Error, Execute, Executor, PgConnection, Postgres, SqlStr,
    postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo},
};

use crate::{TxLimits, pool::Lease};

/// Sent with COMMIT and ROLLBACK: what a statement inside the transaction may have left on the session (a role or setting
/// without LOCAL, a cursor WITH HOLD, a LISTEN, an advisory lock) must not be there for the next unidade.
const CLEAN: &str = "; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all()";

/// Where the SQL of a transaction runs: what `tx.db()` gives to a checked query.
pub struct Session {
    lease: Lease,
    health: Health,
}

/// What is known of the transaction. PostgreSQL answers COMMIT after a failed statement with a silent ROLLBACK, so
/// nobody may be told of a success before this is sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Sound,
    /// The answer of a statement was not read to its end: its future was dropped, for a time limit perhaps.
    Unknown,
    Failed,
}

impl Session {
    /// Opens the transaction with one message. A connection that turns out to be dead is replaced once.
    pub(crate) async fn begin(mut lease: Lease, message: String) -> Result<Self, Error> {
        match simple(lease.conn(), message.clone()).await {
            Ok(()) => {}
            Err(error) if !lease.is_fresh() && is_gone(&error) => {
                lease.reconnect().await?;
                simple(lease.conn(), message).await?;
            }
            Err(error) => return Err(error),
        }
        Ok(Self { lease, health: Health::Sound })
    }

    /// # Errors
    /// When a statement of the transaction failed, or COMMIT itself does; nothing is kept then.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        let probe = match self.health {
            Health::Sound => "",
            // Fails where COMMIT would keep silent.
            Health::Unknown => "SELECT 1; ",
            Health::Failed => {
                self.rollback().await?;
                return Err(Fault::because("a statement of this transaction failed, so it cannot be committed"));
            }
        };
        simple(self.lease.conn(), format!("{probe}COMMIT{CLEAN}")).await?;
        self.lease.give_back();
        Ok(())
    }

    pub(crate) async fn rollback(mut self) -> Result<(), Fault> {
        simple(self.lease.conn(), format!("ROLLBACK{CLEAN}")).await?;
        self.lease.give_back();
        Ok(())
    }

    /// Begins a part that may be undone alone. `depth` names it.
    pub(crate) async fn save(&mut self, depth: u32) -> Result<(), Error> {
        self.message(format!("SAVEPOINT sri_{depth}")).await
    }

    /// Ends the part: keeps it, or undoes it and with it the failure of any of its statements.
    pub(crate) async fn settle(&mut self, depth: u32, keep: bool) -> Result<(), Error> {
        if keep {
            return self.message(format!("RELEASE SAVEPOINT sri_{depth}")).await;
        }
        self.message(format!("ROLLBACK TO SAVEPOINT sri_{depth}; RELEASE SAVEPOINT sri_{depth}")).await?;
        self.health = Health::Sound;
        Ok(())
    }

    pub(crate) async fn bound(&mut self, limits: TxLimits) -> Result<(), Error> {
        let TxLimits { statement_ms, lock_ms } = limits;
        self.message(format!("SET LOCAL statement_timeout = {statement_ms}; SET LOCAL lock_timeout = {lock_ms}")).await
    }

    pub(crate) async fn in_index_order(&mut self) -> Result<(), Error> {
        self.message("SET LOCAL enable_sort = off".to_owned()).await
    }

    pub(crate) async fn plan_for_values(&mut self) -> Result<(), Error> {
        self.message("SET LOCAL plan_cache_mode = force_custom_plan".to_owned()).await
    }

    /// See [`crate::TenantTx::plan_for_many`].
    pub(crate) async fn plan_for_many(&mut self) -> Result<(), Error> {
        self.message("SET LOCAL enable_nestloop = off".to_owned()).await
    }

    /// Whether a statement failed, so that only a rollback can follow.
    pub(crate) const fn has_failed(&self) -> bool {
        matches!(self.health, Health::Failed)
    }

    async fn message(&mut self, message: String) -> Result<(), Error> {
        self.watched(async |conn| simple(conn, message).await).await
    }

    /// Runs `work` on the connection and keeps account of how it ends, even if it never does.
    pub(crate) async fn watched<T>(&mut self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, Error>) -> Result<T, Error> {
        let Self { lease, health } = self;
        let before = begun(health);
        let outcome = work(lease.conn()).await;
        *health = if outcome.is_ok() { before } else { Health::Failed };
        outcome
    }
}

/// Notes that a statement is on its way; returns what holds again once it has ended well.
fn begun(health: &mut Health) -> Health {
    let before = *health;
    if before == Health::Sound {
        *health = Health::Unknown;
    }
    before
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("health", &self.health).finish_non_exhaustive()
    }
}

/// Runs a message of one or more statements over the simple protocol.
pub(crate) async fn simple(conn: &mut PgConnection, message: String) -> Result<(), Error> {
    #[expect(clippy::disallowed_methods, reason = "tenancy composes messages from names it made itself")]
    sqlx::raw_sql(AssertSqlSafe(message)).execute(conn).await.map(drop)
}

fn is_gone(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::WorkerCrashed => true,
        // Terminated by an administrator, or the server goes down.
        Error::Database(db) => db.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

impl<'c> Executor<'c> for &'c mut Session {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let Session { lease, health } = self;
        let before = begun(health);
        let mut rows = lease.conn().fetch_many(query);
        stream::poll_fn(move |context| {
            let next = rows.poll_next_unpin(context);
            match &next {
                Poll::Ready(None) if *health == Health::Unknown => *health = before,
                Poll::Ready(Some(Err(_))) => *health = Health::Failed,
                _ => {}
            }
            next
        })
        .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        Box::pin(self.watched(async |conn| conn.fetch_optional(query).await))
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [PgTypeInfo]) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        Box::pin(self.watched(async |conn| conn.prepare_with(sql, parameters).await))
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        Box::pin(self.watched(async |conn| conn.describe(sql).await))
    }
}
