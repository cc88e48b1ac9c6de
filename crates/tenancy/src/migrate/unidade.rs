use std::fmt::Write;

use sqlx::{PgConnection, Row};

use super::{Migrations, grants};
use crate::{Names, session::simple};

/// What happened to one schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    pub from: i64,
    pub to: i64,
}

/// Brings one schema to the newest version of `stream`: one message, one transaction, the version committed with the
/// tables. `conn` is logged in as the migrator.
///
/// # Errors
/// The database's error; the schema is as it was.
pub async fn migrate_unidade(
    conn: &mut PgConnection,
    names: &Names,
    stream: &Migrations,
    lock_timeout_ms: u64,
) -> Result<Migrated, sqlx::Error> {
    migrate_from(conn, names, stream, None, lock_timeout_ms).await
}

/// SQLSTATE that our own check raises when a schema is at another version than was believed.
const OTHER_VERSION: &str = "SRI02";

/// As [`migrate_unidade`]; `believed` spares the question for the version where the register knows it. The message checks
/// it under a lock before it changes anything, so a wrong belief costs time only, and so does another process that
/// migrates the same schema.
pub(crate) async fn migrate_from(
    conn: &mut PgConnection,
    names: &Names,
    stream: &Migrations,
    believed: Option<i64>,
    lock_timeout_ms: u64,
) -> Result<Migrated, sqlx::Error> {
    let mut from = match believed {
        Some(version) if version > 0 => version,
        _ => applied_version(conn, names).await?,
    };
    let to = stream.newest();
    while from < to {
        // A table of an aborted try cannot be there, so version 0 means that there is nothing to lock either.
        let check = if from == 0 {
            String::new()
        } else {
            format!(
                "LOCK TABLE _migration IN SHARE ROW EXCLUSIVE MODE;
                 DO $$BEGIN IF (SELECT max(version) FROM _migration) <> {from} THEN
                     RAISE EXCEPTION 'another version' USING ERRCODE = '{OTHER_VERSION}'; END IF; END$$;\n"
            )
        };
        let message = format!(
            "BEGIN; SET LOCAL ROLE {}; SET LOCAL search_path = {}, pg_temp; SET LOCAL lock_timeout = {lock_timeout_ms};\n{check}{}COMMIT",
            names.owner_role(),
            names.schema(),
            pending_message(names, stream, from)
        );
        let Err(error) = simple(conn, message).await else { return Ok(Migrated { from, to }) };
        if error.as_database_error().is_none() {
            return Err(error);
        }
        // The message stopped inside the transaction.
        simple(conn, "ROLLBACK".to_owned()).await?;
        let truth = applied_version(conn, names).await?;
        if truth == from {
            return Err(error);
        }
        from = truth;
    }
    Ok(Migrated { from, to: to.max(from) })
}

/// Newest version applied to a schema; the schema itself is the truth. 0 when it has none.
pub(crate) async fn applied_version(conn: &mut PgConnection, names: &Names) -> Result<i64, sqlx::Error> {
    simple(conn, format!("BEGIN; SET LOCAL ROLE {}; SET LOCAL search_path = {}, pg_temp", names.owner_role(), names.schema()))
        .await?;
    #[expect(clippy::disallowed_methods, reason = "_migration is made by the migrator itself, no macro can know it")]
    let row = sqlx::query("SELECT coalesce(max(version), 0) FROM _migration").persistent(false).fetch_one(&mut *conn).await;
    let row = row.map(|row| row.try_get(0));
    simple(conn, "ROLLBACK".to_owned()).await?;
    row?
}

/// The SQL of all migrations after `from`, the rows that say so, and the grants; to be run as the owner with the schema
/// in the path.
pub(crate) fn pending_message(names: &Names, stream: &Migrations, from: i64) -> String {
    let mut message = String::new();
    if from == 0 {
        message.push_str(
            "CREATE TABLE _migration (version bigint CONSTRAINT _migration_pkey PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL, \
             applied_at timestamptz NOT NULL DEFAULT now());\n",
        );
    }
    for migration in stream.after(from) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            message,
            "{}\n;INSERT INTO _migration (version, name, checksum) VALUES ({}, '{}', '\\x{}');",
            migration.sql,
            migration.version,
            migration.name.replace('\'', "''"),
            hex::encode(&migration.checksum)
        );
    }
    message.push_str(&grants(names, stream));
    message
}
