//! One transaction on one leased connection: the mechanics that [`crate::TenantTx`] and [`crate::PlatformTx`] share.

use std::fmt;

use futures::{
    StreamExt, TryFutureExt, TryStreamExt,
    future::BoxFuture,
    stream::BoxStream,
};
use kernel::Fault;
use sqlx::{
    AssertSqlSafe, Either, Error, Execute, Executor, PgConnection, Postgres, SqlStr,
    postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo},
};

use crate::pool::Lease;

/// Where the SQL of a transaction runs: what `tx.db()` gives to a checked query.
pub struct Session {
    lease: Lease,
    /// A statement failed: PostgreSQL would answer COMMIT with a silent ROLLBACK.
    failed: bool,
}

impl Session {
    /// Opens the transaction with one message. A connection that turns out to be dead is replaced once.
    pub(crate) async fn begin(mut lease: Lease, message: String) -> Result<Self, Fault> {
        match simple(lease.conn(), message.clone()).await {
            Ok(()) => {}
            Err(error) if !lease.is_fresh() && is_gone(&error) => {
                lease.reconnect().await?;
                simple(lease.conn(), message).await?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Self { lease, failed: false })
    }

    /// # Errors
    /// When a statement of the transaction failed, or COMMIT itself does; nothing is kept then.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        if self.failed {
            self.rollback().await?;
            return Err(Fault::because("a statement of this transaction failed, so it cannot be committed"));
        }
        simple(self.lease.conn(), "COMMIT".to_owned()).await?;
        self.lease.give_back();
        Ok(())
    }

    pub(crate) async fn rollback(mut self) -> Result<(), Fault> {
        simple(self.lease.conn(), "ROLLBACK".to_owned()).await?;
        self.lease.give_back();
        Ok(())
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        self.lease.conn()
    }

    pub(crate) const fn mark_failed(&mut self) {
        self.failed = true;
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("failed", &self.failed).finish_non_exhaustive()
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
        let Session { lease, failed } = self;
        lease.conn().fetch_many(query).inspect_err(move |_| *failed = true).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let Session { lease, failed } = self;
        Box::pin(lease.conn().fetch_optional(query).inspect_err(move |_| *failed = true))
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [PgTypeInfo]) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        let Session { lease, failed } = self;
        Box::pin(lease.conn().prepare_with(sql, parameters).inspect_err(move |_| *failed = true))
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        self.lease.conn().describe(sql)
    }
}
