//! Closing the source for writing, for everybody and for sure, and opening it again.
//!
//! First nobody can take on the unidade's role any more, so no transaction begins. Those that have begun get a moment to
//! end. Then every table is locked, which waits for whoever has written and not committed yet, and under that lock the
//! role loses the right to write: a request that slept through all this is refused, not lost.

use std::{borrow::Cow, time::Duration};

use kernel::Fault;
use tokio::time::Instant;

use super::{Journey, MoveError};
use crate::{
    backup::snapshot::{quoted, shape},
    migrate::grants,
    provision::{migrator, role_exists, schema_exists, true_version},
    session::simple,
};

/// May be repeated. Gives up at `deadline`, between two messages: one that is cut off in the middle would still be carried
/// out by the server, perhaps after the source was opened again.
pub(super) async fn close(journey: &Journey<'_>, grace: Duration, deadline: Instant) -> Result<(), MoveError> {
    let names = journey.way.unidade.names();
    let mut conn = migrator(&journey.way.platform, journey.source).await?;
    simple(&mut conn, format!("REVOKE {} FROM sri_runtime, {}", names.dml_role(), names.login_role())).await?;
    tokio::time::sleep(grace).await;
    let begin = format!("BEGIN; SET LOCAL ROLE {}; SET LOCAL search_path = {}, pg_temp", names.owner_role(), names.schema());
    while Instant::now() < deadline {
        simple(&mut conn, begin.clone()).await?;
        let tables: Vec<String> = shape(&mut conn).await?.tables.iter().map(|t| quoted(&t.name)).collect();
        let tables = tables.join(", ");
        let message = format!(
            "SET LOCAL lock_timeout = 500; SET LOCAL statement_timeout = 2000; LOCK TABLE {tables} IN EXCLUSIVE MODE; \
             REVOKE INSERT, UPDATE, DELETE ON {tables} FROM {}",
            names.dml_role()
        );
        match simple(&mut conn, message).await {
            // A message of its own: a process killed while it waits for the locks takes nothing away.
            Ok(()) => return Ok(simple(&mut conn, "COMMIT".to_owned()).await?),
            // Somebody still holds a lock, or waits for one of ours in a circle: they go first.
            Err(error) if is_lock(&error) => simple(&mut conn, "ROLLBACK".to_owned()).await?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(MoveError::TooLong)
}

fn is_lock(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|e| e.code().map(Cow::into_owned));
    matches!(code.as_deref(), Some("55P03" | "40P01" | "57014"))
}

/// Gives everything back. May be repeated, also when nothing was taken.
pub(super) async fn open(journey: &Journey<'_>) -> Result<(), Fault> {
    let (platform, names) = (&journey.way.platform, journey.way.unidade.names());
    let mut conn = migrator(platform, journey.source).await?;
    if !schema_exists(&mut conn, &names).await? || !role_exists(&mut conn, &names.dml_role()).await? {
        return Ok(());
    }
    let version = true_version(platform, journey.source, journey.way.unidade.id).await?;
    let message = format!(
        "BEGIN; GRANT {dml} TO sri_runtime, sri_backup, {login}; SET LOCAL ROLE {owner}; SET LOCAL search_path = {schema}, pg_temp; \
         SET LOCAL lock_timeout = 10000; {} COMMIT",
        grants(&names, &journey.stream.until(version)),
        dml = names.dml_role(),
        login = names.login_role(),
        owner = names.owner_role(),
        schema = names.schema(),
    );
    simple(&mut conn, message).await.map_err(|e| Fault::new("opening the source of a move", e))
}
