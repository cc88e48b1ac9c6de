//! Where the rows of a unidade lie open: in a transaction of its own, or in that of a restore. What must be done to rows in both
//! is written once, for a [`Ground`].

use std::fmt;

use chrono::{DateTime, Utc};
use futures::{future::BoxFuture, stream::BoxStream};
use sqlx::{
    Either, Error, Execute, Executor, PgConnection, Postgres, SqlStr,
    postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo},
};

use crate::{TenantTx, session::Session};

/// See the module's page.
pub struct Ground<'g> {
    way: Way<'g>,
    now: DateTime<Utc>,
}

enum Way<'g> {
    Tx(&'g mut TenantTx),
    Restored(&'g mut PgConnection),
}

impl Ground<'_> {
    /// Where checked queries run.
    pub const fn db(&mut self) -> GroundDb<'_> {
        match &mut self.way {
            Way::Tx(tx) => GroundDb(Db::Session(tx.db())),
            Way::Restored(conn) => GroundDb(Db::Restored(conn)),
        }
    }

    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The unidade's own transaction; `None` in a restore, where nothing can be enqueued or told.
    pub const fn tx(&mut self) -> Option<&mut TenantTx> {
        match &mut self.way {
            Way::Tx(tx) => Some(tx),
            Way::Restored(_) => None,
        }
    }

    pub(crate) const fn restored(conn: &mut PgConnection, now: DateTime<Utc>) -> Ground<'_> {
        Ground { way: Way::Restored(conn), now }
    }
}

impl TenantTx {
    /// This transaction as a [`Ground`].
    pub fn ground(&mut self) -> Ground<'_> {
        let now = self.clock().now();
        Ground { way: Way::Tx(self), now }
    }
}

impl fmt::Debug for Ground<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ground").field("now", &self.now).finish_non_exhaustive()
    }
}

/// What a checked query takes.
pub struct GroundDb<'c>(Db<'c>);

enum Db<'c> {
    Session(&'c mut Session),
    Restored(&'c mut PgConnection),
}

impl fmt::Debug for GroundDb<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroundDb").finish_non_exhaustive()
    }
}

impl<'c> Executor<'c> for GroundDb<'c> {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        match self.0 {
            Db::Session(session) => session.fetch_many(query),
            Db::Restored(conn) => conn.fetch_many(query),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        match self.0 {
            Db::Session(session) => session.fetch_optional(query),
            Db::Restored(conn) => conn.fetch_optional(query),
        }
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [PgTypeInfo]) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        match self.0 {
            Db::Session(session) => session.prepare_with(sql, parameters),
            Db::Restored(conn) => conn.prepare_with(sql, parameters),
        }
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        match self.0 {
            Db::Session(session) => session.describe(sql),
            Db::Restored(conn) => conn.describe(sql),
        }
    }
}
