//! Closing the source for writing, for everybody and for sure, and opening it again.
//!
//! First nobody can take on the unidade's role any more, so no transaction begins. Those that have begun get a moment to
//! end. Then every table is locked, which waits for whoever has written and not committed yet, and under that lock the
//! role loses the right to write: a request that slept through all this is refused, not lost.

use std::time::Duration;

use kernel::Fault;
use tokio::time::Instant;

use super::{Journey, MoveError};
use crate::{
    locks::{Lock, lock_tables},
    migrate::grants,
    provision::{migrator, role_exists, schema_exists, true_version},
    session::simple,
};

/// May be repeated. Gives up at `deadline`, between two messages: one that is cut off in the middle would still be carried
/// out by the server, perhaps after the source was opened again. A process killed while it waits takes no right away.
pub(super) async fn close(journey: &Journey<'_>, grace: Duration, deadline: Instant) -> Result<(), MoveError> {
    let names = journey.way.unidade.names();
    let mut conn = migrator(&journey.way.platform, journey.source).await?;
    simple(&mut conn, format!("REVOKE {} FROM sri_runtime, {}", names.dml_role(), names.login_role())).await?;
    tokio::time::sleep(grace).await;
    let (owner, schema) = (names.owner_role(), names.schema());
    simple(&mut conn, format!("BEGIN; SET LOCAL ROLE {owner}; SET LOCAL search_path = {schema}, pg_temp")).await?;
    if !lock_tables(&mut conn, Lock::Writers, deadline).await? {
        simple(&mut conn, "ROLLBACK".to_owned()).await?;
        return Err(MoveError::TooLong);
    }
    let revoke = format!("REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} FROM {}", names.dml_role());
    simple(&mut conn, revoke).await?;
    Ok(simple(&mut conn, "COMMIT".to_owned()).await?)
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
