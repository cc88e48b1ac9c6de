//! Filling a schema with rows: from an archive, or straight from another placement.
//!
//! References are set aside while rows come in and put back at the end, which checks them all at once; so circles do no
//! harm, and neither does the order of the tables.

use std::fmt::Write as _;

use kernel::Fault;
use sqlx::{PgConnection, Row, postgres::PgCopyIn};

use super::snapshot::{CANONICAL, Column, TableHead, quoted, shape};
use crate::{Migrations, Names, config::PlacementConfig, migrate::pending_message, provision, session::simple};

/// Makes the schema of `names` anew and empty at `version`; one that is there already goes with everything in it. In a
/// transaction that the caller begins and ends, as the migrator; afterwards the owner's role is in force.
pub(crate) async fn fresh_schema(
    conn: &mut PgConnection,
    placement: &PlacementConfig,
    names: &Names,
    stream: &Migrations,
    version: i64,
    login_password: &str,
) -> Result<(), Fault> {
    let there = provision::schema_exists(conn, names).await?;
    let roles = provision::role_exists(conn, &names.owner_role()).await?;
    let mut message = String::from("SET LOCAL lock_timeout = 10000;");
    if there {
        message.push_str(&provision::replaced_message(names));
    }
    if !roles {
        message.push_str(&provision::roles_message(names, login_password));
        message.push_str(&provision::connect_message(placement, names));
    }
    message.push_str(&provision::empty_schema_message(names));
    message.push_str(&pending_message(names, &stream.until(version), 0));
    message.push_str(CANONICAL);
    simple(conn, message).await.map_err(|e| Fault::new("making an empty schema", e))
}

/// Loads rows into the tables of the schema in force, in the transaction in force.
pub(crate) struct Loader<'c> {
    conn: &'c mut PgConnection,
    /// Statements that put the references back.
    references: String,
    tables: Vec<TableHead>,
}

impl<'c> Loader<'c> {
    /// Empties `tables` (all of them when `None`) and sets aside every reference from or to them. The role in force owns
    /// the tables.
    pub(crate) async fn begin(conn: &'c mut PgConnection, tables: Option<&[String]>) -> Result<Self, Fault> {
        let present = shape(conn).await?.tables;
        let tables: Vec<TableHead> =
            present.into_iter().filter(|t| tables.is_none_or(|wanted| wanted.contains(&t.name))).collect();
        let names: Vec<String> = tables.iter().map(|t| t.name.clone()).collect();
        #[expect(clippy::disallowed_methods, reason = "the catalogue, over a connection outside the pools")]
        let references = sqlx::query(
            "SELECT c.relname::text, f.conname::text, pg_get_constraintdef(f.oid)
             FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_class c ON c.oid = f.conrelid JOIN pg_catalog.pg_class r ON r.oid = f.confrelid
             WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace AND (c.relname = ANY ($1) OR r.relname = ANY ($1))",
        )
        .bind(&names)
        .fetch_all(&mut *conn)
        .await?;
        let (mut aside, mut back) = (String::new(), String::new());
        for row in references {
            let (table, name, definition): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let (table, name) = (quoted(&table), quoted(&name));
            let _ = write!(aside, "ALTER TABLE {table} DROP CONSTRAINT {name};");
            let _ = write!(back, "ALTER TABLE {table} ADD CONSTRAINT {name} {definition};");
        }
        for table in &tables {
            let _ = write!(aside, "ALTER TABLE {} DISABLE TRIGGER USER;", quoted(&table.name));
        }
        if !tables.is_empty() {
            // Rows that a migration itself has put in are in the backup as well.
            let _ = write!(aside, "TRUNCATE {}", tables.iter().map(|t| quoted(&t.name)).collect::<Vec<_>>().join(", "));
        }
        simple(conn, aside).await?;
        Ok(Self { conn, references: back, tables })
    }

    /// Takes the rows of one table. Columns that its unidade has beyond the migrations (of a sync) are added first.
    pub(crate) async fn table(&mut self, head: &TableHead) -> Result<PgCopyIn<&mut PgConnection>, Fault> {
        let Some(present) = self.tables.iter().find(|t| t.name == head.name) else {
            return Err(Fault::new("loading rows", format!("the schema has no table {}", head.name)));
        };
        let missing: Vec<&Column> = head.columns.iter().filter(|c| !present.columns.iter().any(|p| p.name == c.name)).collect();
        if !missing.is_empty() {
            let columns: Vec<String> = missing.iter().map(|c| format!("ADD COLUMN {} {}", quoted(&c.name), c.kind)).collect();
            simple(self.conn, format!("ALTER TABLE {} {}", quoted(&head.name), columns.join(", "))).await?;
        }
        Ok(self.conn.copy_in_raw(&head.copy_in()).await?)
    }

    /// Puts references and triggers back and sets the counters of identity columns behind the highest number in use.
    pub(crate) async fn finish(self) -> Result<(), Fault> {
        let names: Vec<String> = self.tables.iter().map(|t| t.name.clone()).collect();
        #[expect(clippy::disallowed_methods, reason = "the catalogue, over a connection outside the pools")]
        let counters = sqlx::query(
            "SELECT c.relname::text, a.attname::text, pg_get_serial_sequence(quote_ident(c.relname), a.attname)
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname = ANY ($1)
               AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL",
        )
        .bind(&names)
        .fetch_all(&mut *self.conn)
        .await?;
        let mut message = self.references;
        for table in &self.tables {
            let _ = write!(message, "ALTER TABLE {} ENABLE TRIGGER USER;", quoted(&table.name));
        }
        for row in counters {
            let (table, column, sequence): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let (table, column) = (quoted(&table), quoted(&column));
            let _ = write!(
                message,
                "SELECT setval('{}', coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {table};",
                sequence.replace('\'', "''")
            );
        }
        if !self.tables.is_empty() {
            let _ = write!(message, "ANALYZE {}", self.tables.iter().map(|t| quoted(&t.name)).collect::<Vec<_>>().join(", "));
        }
        simple(self.conn, message).await.map_err(|e| Fault::new("putting references back", e))
    }
}
