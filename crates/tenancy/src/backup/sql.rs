//! Plain SQL: the schema as its migrations make it, then every table's rows. Reads back with `psql -f` into a database
//! that was prepared by `sri migrate` (or that has the schemas `ext` and `ref`), where its schema must not exist yet.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use kernel::Fault;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, Row};
use tokio::{fs::File, io::AsyncWriteExt};
use uuid::Uuid;

use super::{
    Manifest,
    archive::Header,
    manifest_of,
    sealed::Written,
    snapshot::{self, quoted},
};
use crate::{MasterKey, Migrations, Progress, Unidade, session::simple};

struct Out {
    file: File,
    bytes: u64,
    hash: Sha256,
}

impl Out {
    async fn write(&mut self, text: &[u8]) -> Result<(), Fault> {
        self.hash.update(text);
        self.bytes += text.len() as u64;
        self.file.write_all(text).await.map_err(|e| Fault::new("writing a backup", e))
    }
}

#[expect(clippy::too_many_arguments, reason = "one step of `backup`, as its sister of the archive")]
pub(super) async fn write(
    conn: &mut PgConnection,
    stream: &Migrations,
    file: File,
    unidade: &Unidade,
    id: Uuid,
    started_at: DateTime<Utc>,
    key: &MasterKey,
    progress: &mut impl FnMut(Progress),
) -> Result<(File, Manifest, Written), Fault> {
    let shape = snapshot::shape(conn).await?;
    let header = Header::new(id, unidade, &shape, started_at, key);
    let schema = unidade.names().schema();
    let mut out = Out { file, bytes: 0, hash: Sha256::new() };
    out.write(head(&header, &schema).as_bytes()).await?;
    out.write(definitions(conn, stream, &shape).await?.as_bytes()).await?;
    let total = shape.tables.len();
    let mut tables = Vec::with_capacity(total);
    for table in &shape.tables {
        out.write(format!("\n{};\n", table.copy_in()).as_bytes()).await?;
        let sum = snapshot::copy_out(conn, table, async |rows| out.write(rows).await).await?;
        out.write(format!("\\.\n-- {} rows, SHA-256 {}\n", sum.rows, sum.sha256).as_bytes()).await?;
        tables.push(sum);
        progress(Progress::new("table", &table.name, tables.len(), total));
    }
    out.write(back(conn).await?.as_bytes()).await?;
    simple(conn, "COMMIT".to_owned()).await?;
    let written = Written { bytes: out.bytes, sha256: out.hash.finalize().into() };
    Ok((out.file, manifest_of(header, unidade, tables), written))
}

/// Comments, the schema, and the settings under which the text below reads the same everywhere.
fn head(header: &Header, schema: &str) -> String {
    format!(
        "-- SRI {}: backup of unidade {} (codigo {}, id {})\n-- taken at {}, schema version {}\n\
         -- Restore: psql -X -v ON_ERROR_STOP=1 -f <this file> <database>\n\
         -- The database needs the schemas ext and ref: `sri migrate` makes them.\n\
         \\set ON_ERROR_STOP on\nBEGIN;\nSET LOCAL client_encoding = 'UTF8';\nSET LOCAL datestyle = 'ISO, YMD';\n\
         SET LOCAL intervalstyle = 'postgres';\nSET LOCAL timezone = 'UTC';\n\
         CREATE SCHEMA {schema};\nSET LOCAL search_path = {schema}, pg_temp;\n",
        header.program, header.slug, header.codigo, header.unidade_id, header.created_at, header.schema_version
    )
}

/// Tables as the migrations make them, columns beyond them, then references set aside until the rows are in.
async fn definitions(conn: &mut PgConnection, stream: &Migrations, shape: &snapshot::Shape) -> Result<String, Fault> {
    let mut sql = String::new();
    for applied in &shape.migrations {
        // A schema ahead of this program has migrations whose text is not here.
        let text = stream.text_of(applied).ok_or_else(|| {
            Fault::new("plain SQL", format!("migration {} of the schema is not of this program: use an archive", applied.version))
        })?;
        let _ = writeln!(sql, "\n-- migration {}\n{};", applied.version, text.trim_end().trim_end_matches(';'));
    }
    sql.push('\n');
    for table in &shape.tables {
        for column in &table.columns {
            let (table, column, kind) = (quoted(&table.name), quoted(&column.name), &column.kind);
            let _ = writeln!(sql, "ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {kind};");
        }
    }
    for (table, name, _) in references(conn).await? {
        let _ = writeln!(sql, "ALTER TABLE {table} DROP CONSTRAINT {name};");
    }
    if !shape.tables.is_empty() {
        let _ = writeln!(sql, "TRUNCATE {};", shape.tables.iter().map(|t| quoted(&t.name)).collect::<Vec<_>>().join(", "));
    }
    for table in &shape.tables {
        let _ = writeln!(sql, "ALTER TABLE {} DISABLE TRIGGER USER;", quoted(&table.name));
    }
    Ok(sql)
}

/// References and triggers put back, counters set, committed.
async fn back(conn: &mut PgConnection) -> Result<String, Fault> {
    let mut sql = String::from("\n");
    for (table, name, definition) in references(conn).await? {
        let _ = writeln!(sql, "ALTER TABLE {table} ADD CONSTRAINT {name} {definition};");
    }
    for table in snapshot::shape(conn).await?.tables {
        let _ = writeln!(sql, "ALTER TABLE {} ENABLE TRIGGER USER;", quoted(&table.name));
    }
    #[expect(clippy::disallowed_methods, reason = "the catalogue, over a connection outside the pools")]
    let counters = sqlx::query(
        "SELECT c.relname::text, a.attname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attidentity <> '' ORDER BY 1, 2",
    )
    .fetch_all(conn)
    .await?;
    for row in counters {
        let (table, column): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let _ = writeln!(
            sql,
            "SELECT setval(pg_get_serial_sequence('{}', '{}'), coalesce(max({2}), 1), max({2}) IS NOT NULL) FROM {3};",
            quoted(&table).replace('\'', "''"),
            column.replace('\'', "''"),
            quoted(&column),
            quoted(&table),
        );
    }
    sql.push_str("COMMIT;\n");
    Ok(sql)
}

/// Table, name and definition of each reference, ready for SQL.
async fn references(conn: &mut PgConnection) -> Result<Vec<(String, String, String)>, Fault> {
    #[expect(clippy::disallowed_methods, reason = "the catalogue, over a connection outside the pools")]
    let rows = sqlx::query(
        "SELECT c.relname::text, f.conname::text, pg_get_constraintdef(f.oid)
         FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
         WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace ORDER BY 1, 2",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let (table, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            Ok((quoted(&table), quoted(&name), row.try_get(2)?))
        })
        .collect()
}
