//! The rows themselves: all of them while the unidade is served, and in the pause those tables that have changed since.

use kernel::Fault;
use sqlx::PgConnection;

use super::{Journey, MoveError};
use crate::{
    Migrations, Progress,
    backup::{
        Loader, fresh_schema,
        snapshot::{self, CANONICAL, Shape, TableHead, TableSum},
    },
    migrate::pending_message,
    provision::{login_password, migrator, schema_exists},
    seal::random_password,
    session::simple,
    trail,
};

/// Makes the target anew with everything the source has at one instant.
pub(super) async fn whole(journey: &Journey<'_>, progress: &mut impl FnMut(Progress)) -> Result<(), MoveError> {
    let mut target = migrator(&journey.way.platform, journey.target).await?;
    let mut source = source(journey).await?;
    let shape = snapshot::shape(&mut source).await?;
    fill(journey, &mut source, &mut target, &shape, progress).await?;
    simple(&mut target, "COMMIT".to_owned()).await?;
    Ok(())
}

async fn source(journey: &Journey<'_>) -> Result<PgConnection, Fault> {
    snapshot::open(journey.source, &journey.way.platform.config().master_key, &journey.way.unidade.names()).await
}

/// A fresh schema in the target with all rows, in a transaction that begins here and that the caller ends.
async fn fill(
    journey: &Journey<'_>,
    source: &mut PgConnection,
    target: &mut PgConnection,
    shape: &Shape,
    progress: &mut impl FnMut(Progress),
) -> Result<(), MoveError> {
    if !made_by(journey.stream, shape) {
        return Err(MoveError::OtherMigrations);
    }
    let platform = &journey.way.platform;
    // The login of the unidade keeps its password wherever it lives.
    let password = login_password(platform, journey.way.unidade.id).await.unwrap_or_else(|_| random_password());
    simple(target, "BEGIN".to_owned()).await?;
    fresh_schema(target, journey.target, &journey.way.unidade.names(), journey.stream, shape.version(), &password).await?;
    transfer(source, target, &shape.tables, None, progress).await
}

/// Whether this program's migrations, up to the schema's version, are exactly those that the schema has.
fn made_by(stream: &Migrations, shape: &Shape) -> bool {
    let known = stream.list().filter(|(version, _)| *version <= shape.version()).count();
    known == shape.migrations.len() && shape.migrations.iter().all(|applied| stream.text_of(applied).is_some())
}

/// Loads `tables` from the source into the schema in force at the target.
async fn transfer(
    source: &mut PgConnection,
    target: &mut PgConnection,
    tables: &[TableHead],
    only: Option<&[String]>,
    progress: &mut impl FnMut(Progress),
) -> Result<(), MoveError> {
    let mut loader = Loader::begin(target, only).await?;
    for (done, table) in tables.iter().enumerate() {
        let mut copy = loader.table(table).await?;
        let sum = snapshot::copy_out(source, table, async |rows| {
            copy.send(rows).await?;
            Ok(())
        })
        .await?;
        let stored = copy.finish().await.map_err(|e| Fault::new("loading rows", e))?;
        if stored != sum.rows {
            return Err(MoveError::Differs(sum.name));
        }
        progress(Progress::new("copying", &table.name, done + 1, tables.len()));
    }
    loader.finish().await?;
    Ok(())
}

/// In the pause: nobody writes to the source. Compares every table, copies again those that differ and compares those once
/// more; a target whose tables are not the same at all is made anew. Answers the schema's version in the target, which is
/// brought to the newest.
pub(super) async fn rest(journey: &Journey<'_>, progress: &mut impl FnMut(Progress)) -> Result<i64, MoveError> {
    let names = journey.way.unidade.names();
    let mut target = migrator(&journey.way.platform, journey.target).await?;
    let mut source = source(journey).await?;
    let wanted = snapshot::shape(&mut source).await?;
    let sums = snapshot::sums(&mut source, &wanted.tables).await?;

    let begin =
        format!("BEGIN; SET LOCAL ROLE {}; SET LOCAL search_path = {}, pg_temp; {CANONICAL}", names.owner_role(), names.schema());
    let found = if schema_exists(&mut target, &names).await? {
        simple(&mut target, begin).await?;
        snapshot::shape(&mut target).await?
    } else {
        Shape { tables: Vec::new(), migrations: Vec::new() }
    };
    if alike(&found, &wanted) {
        let differing = differing(&mut target, &wanted.tables, &sums, progress).await?;
        if !differing.is_empty() {
            let names: Vec<String> = differing.iter().map(|t| t.name.clone()).collect();
            transfer(&mut source, &mut target, &differing, Some(&names), progress).await?;
        }
    } else {
        simple(&mut target, "ROLLBACK".to_owned()).await?;
        fill(journey, &mut source, &mut target, &wanted, progress).await?;
    }
    if let Some(table) = differing(&mut target, &wanted.tables, &sums, progress).await?.first() {
        return Err(MoveError::Differs(table.name.clone()));
    }
    let version = journey.stream.newest().max(wanted.version());
    if wanted.version() < version {
        simple(&mut target, pending_message(&names, journey.stream, wanted.version()))
            .await
            .map_err(|e| Fault::new("migrating what was moved", e))?;
    }
    trail::arrived(&mut target, trail::Arrival::Moved, journey.way.platform.clock().now()).await?;
    simple(&mut target, "COMMIT".to_owned()).await?;
    Ok(version)
}

/// The same migrations, tables and columns; columns of a sync may stand in another order.
fn alike(a: &Shape, b: &Shape) -> bool {
    let columns = |table: &TableHead| {
        let mut columns: Vec<_> = table.columns.iter().map(|c| (c.name.clone(), c.kind.clone())).collect();
        columns.sort();
        columns
    };
    a.migrations == b.migrations
        && a.tables.len() == b.tables.len()
        && b.tables.iter().all(|t| a.tables.iter().any(|other| other.name == t.name && columns(other) == columns(t)))
}

async fn differing(
    target: &mut PgConnection,
    tables: &[TableHead],
    wanted: &[TableSum],
    progress: &mut impl FnMut(Progress),
) -> Result<Vec<TableHead>, MoveError> {
    let mut differing = Vec::new();
    for (done, table) in tables.iter().enumerate() {
        let found = snapshot::copy_out(target, table, async |_| Ok(())).await?;
        if !wanted.contains(&found) {
            differing.push(table.clone());
        }
        progress(Progress::new("comparing", &table.name, done + 1, tables.len()));
    }
    Ok(differing)
}
