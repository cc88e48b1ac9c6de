//! Every table of a schema locked at once, by waiting in short tries: for whoever must know that nobody writes any more.

use std::{borrow::Cow, time::Duration};

use kernel::Fault;
use sqlx::PgConnection;
use tokio::time::Instant;

use crate::{
    backup::snapshot::{quoted, shape},
    session::simple,
};

/// Who is kept out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock {
    /// Whoever writes; readers go on.
    Writers,
    Everybody,
}

impl Lock {
    const fn mode(self) -> &'static str {
        match self {
            Self::Writers => "EXCLUSIVE",
            Self::Everybody => "ACCESS EXCLUSIVE",
        }
    }
}

/// The first try is shorter than PostgreSQL waits before it looks for circles (`deadlock_timeout`, 1 s), so that of two who wait
/// for each other we step back and they go first; later tries are longer, because after that second a vacuum steps back for us.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(4);

/// Locks every table of the schema in force until the transaction ends; its role owns them. Waits for those who hold one
/// already, so everything that was written before is committed or undone afterwards. `false` when somebody still held one
/// at `deadline`: then this transaction has the locks it had before, and can go on.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn lock_tables(conn: &mut PgConnection, lock: Lock, deadline: Instant) -> Result<bool, Fault> {
    simple(conn, "SAVEPOINT tables".to_owned()).await?;
    let mut patience = FIRST;
    loop {
        // Looked at between two messages only: one that is cut off would still be carried out by the server.
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        if try_once(conn, lock, patience.min(left)).await? {
            simple(conn, "RELEASE SAVEPOINT tables; SET LOCAL lock_timeout = 10000; SET LOCAL statement_timeout = 0".to_owned())
                .await?;
            return Ok(true);
        }
        // Gives back the locks of this try.
        simple(conn, "ROLLBACK TO SAVEPOINT tables".to_owned()).await?;
        patience = (patience * 2).min(LONGEST);
    }
}

async fn try_once(conn: &mut PgConnection, lock: Lock, patience: Duration) -> Result<bool, Fault> {
    let (mode, wait) = (lock.mode(), patience.as_millis().max(1));
    // First the table that every migration writes to: from then on no table can come that is not in the list.
    let message = format!(
        "SET LOCAL lock_timeout = {wait}; SET LOCAL statement_timeout = {}; LOCK TABLE _migration IN {mode} MODE",
        wait * 2 + 1000
    );
    if !granted(conn, message).await? {
        return Ok(false);
    }
    let tables: Vec<String> = shape(conn).await?.tables.iter().map(|t| quoted(&t.name)).collect();
    if tables.is_empty() {
        return Ok(true);
    }
    granted(conn, format!("LOCK TABLE {} IN {mode} MODE", tables.join(", "))).await
}

/// Whether the locks that `message` asks for were given.
async fn granted(conn: &mut PgConnection, message: String) -> Result<bool, Fault> {
    match simple(conn, message).await {
        Ok(()) => Ok(true),
        Err(error) if is_lock(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Waited too long, waited in a circle, or was called off.
fn is_lock(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|e| e.code().map(Cow::into_owned));
    matches!(code.as_deref(), Some("55P03" | "40P01" | "57014"))
}
