//! Reading a schema: which tables it has, and their rows as PostgreSQL's own COPY text in the order of their keys. The same
//! text and its SHA-256 serve the archive, the plain SQL, the rehearsal's comparison and the move between placements.

use futures::TryStreamExt;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, Row};

use crate::{
    Names,
    config::{LoginRole, PlacementConfig},
    seal::MasterKey,
    session::simple,
};

/// Settings under which the text of a value is the same in every session and on every server.
pub(crate) const CANONICAL: &str = "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'postgres'; \
     SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8'; \
     SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

/// A table of a unidade's schema, without the columns that the database computes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableHead {
    pub name: String,
    pub columns: Vec<Column>,
    /// `ORDER BY` of the canonical text: the key, else every column.
    pub(crate) order: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    /// As in DDL: `numeric(14,2)`.
    pub kind: String,
}

/// What a table's rows come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    pub name: String,
    pub rows: u64,
    /// Of the canonical text, 64 hexadecimal digits.
    pub sha256: String,
}

/// A schema's tables, in the order in which references allow loading them, and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub tables: Vec<TableHead>,
    pub migrations: Vec<Applied>,
}

/// A migration as a schema remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub version: i64,
    /// Hexadecimal SHA-384 of its text.
    pub checksum: String,
}

impl Shape {
    pub(crate) fn version(&self) -> i64 {
        self.migrations.last().map_or(0, |m| m.version)
    }
}

impl TableHead {
    pub(crate) fn column_list(&self) -> String {
        self.columns.iter().map(|c| quoted(&c.name)).collect::<Vec<_>>().join(", ")
    }

    fn copy_out(&self) -> String {
        let columns = self.column_list();
        format!("COPY (SELECT {columns} FROM {} ORDER BY {}) TO STDOUT", quoted(&self.name), self.order)
    }

    pub(crate) fn copy_in(&self) -> String {
        format!("COPY {} ({}) FROM STDIN", quoted(&self.name), self.column_list())
    }
}

/// An identifier for SQL. Names of tables and columns come from the catalogue, where a unidade's own sync columns are too.
pub(crate) fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

/// Opens a consistent, read-only view of one schema, as the login that can do nothing else. It lasts as long as the
/// connection.
pub(crate) async fn open(placement: &PlacementConfig, key: &MasterKey, names: &Names) -> Result<PgConnection, Fault> {
    let mut conn = PgConnection::connect_with(&placement.login(LoginRole::Backup, key)).await?;
    let message = format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE {}; SET LOCAL search_path = {}, pg_temp; {CANONICAL}",
        names.dml_role(),
        names.schema()
    );
    simple(&mut conn, message).await?;
    Ok(conn)
}

/// Columns that mean something only where they were written: whoever loads the rows writes them anew.
const LOCAL: [(&str, &str); 1] = [("auditoria", "tx")];

/// The shape of the first schema in the path, without columns that stay where they are.
pub(crate) async fn shape(conn: &mut PgConnection) -> Result<Shape, Fault> {
    #[expect(clippy::disallowed_methods, reason = "the catalogue, over a connection outside the pools")]
    let rows = sqlx::query(
        "SELECT c.relname::text,
                array_agg(a.attname::text ORDER BY a.attnum),
                array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum),
                (SELECT string_agg(quote_ident(k.attname) || CASE WHEN k.attcollation <> 0 THEN ' COLLATE \"C\"' ELSE '' END, ', ' ORDER BY p.n)
                 FROM pg_catalog.pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS p (attnum, n)
                 JOIN pg_catalog.pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = p.attnum
                 WHERE i.indrelid = c.oid AND i.indisprimary)
         FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> '_migration'
         GROUP BY c.oid, c.relname ORDER BY c.relname",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut tables = Vec::with_capacity(rows.len());
    for row in rows {
        let (names, kinds): (Vec<String>, Vec<String>) = (row.try_get(1)?, row.try_get(2)?);
        let table: String = row.try_get(0)?;
        let travels = |name: &str| !LOCAL.contains(&(&*table, name));
        let columns = names.into_iter().zip(kinds).filter(|(name, _)| travels(name));
        let columns: Vec<Column> = columns.map(|(name, kind)| Column { name, kind }).collect();
        let key: Option<String> = row.try_get(3)?;
        let order = key.unwrap_or_else(|| {
            columns.iter().map(|c| format!("{}::text COLLATE \"C\"", quoted(&c.name))).collect::<Vec<_>>().join(", ")
        });
        tables.push(TableHead { name: table, columns, order });
    }
    #[expect(clippy::disallowed_methods, reason = "the catalogue, over a connection outside the pools")]
    let references = sqlx::query(
        "SELECT c.relname::text, r.relname::text FROM pg_catalog.pg_constraint f
         JOIN pg_catalog.pg_class c ON c.oid = f.conrelid JOIN pg_catalog.pg_class r ON r.oid = f.confrelid
         WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace AND r.relnamespace = c.relnamespace AND c.oid <> r.oid",
    )
    .fetch_all(&mut *conn)
    .await?;
    let references = references
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect::<Result<Vec<(String, String)>, sqlx::Error>>()?;
    #[expect(clippy::disallowed_methods, reason = "_migration is made by the migrator itself, no macro can know it")]
    let migrations =
        sqlx::query("SELECT version, encode(checksum, 'hex') FROM _migration ORDER BY version").fetch_all(conn).await?;
    let migrations = migrations
        .iter()
        .map(|row| Ok(Applied { version: row.try_get(0)?, checksum: row.try_get(1)? }))
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    Ok(Shape { tables: referenced_first(tables, &references), migrations })
}

/// Tables that others point at come first. In a circle the alphabet decides: loading sets references aside anyway.
fn referenced_first(mut left: Vec<TableHead>, references: &[(String, String)]) -> Vec<TableHead> {
    let mut ordered: Vec<TableHead> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits =
            |table: &TableHead| references.iter().any(|(from, to)| *from == table.name && left.iter().any(|t| t.name == *to));
        let next = left.iter().position(|table| !waits(table)).unwrap_or(0);
        ordered.push(left.remove(next));
    }
    ordered
}

/// Streams the canonical text of one table in pieces of some 64 KiB and answers what it came to.
pub(crate) async fn copy_out(
    conn: &mut PgConnection,
    table: &TableHead,
    mut sink: impl AsyncFnMut(&[u8]) -> Result<(), Fault>,
) -> Result<TableSum, Fault> {
    const PIECE: usize = 64 * 1024;
    let mut tally = Tally::default();
    let mut piece = Vec::with_capacity(PIECE * 2);
    let mut stream = conn.copy_out_raw(&table.copy_out()).await?;
    while let Some(bytes) = stream.try_next().await? {
        piece.extend_from_slice(&bytes);
        if piece.len() >= PIECE {
            tally.add(&piece);
            sink(&piece).await?;
            piece.clear();
        }
    }
    if !piece.is_empty() {
        tally.add(&piece);
        sink(&piece).await?;
    }
    Ok(tally.sum(&table.name))
}

/// What all tables come to.
pub(crate) async fn sums(conn: &mut PgConnection, tables: &[TableHead]) -> Result<Vec<TableSum>, Fault> {
    let mut sums = Vec::with_capacity(tables.len());
    for table in tables {
        sums.push(copy_out(conn, table, async |_| Ok(())).await?);
    }
    Ok(sums)
}

/// Counts and hashes COPY text as it passes.
#[derive(Default)]
pub(crate) struct Tally {
    rows: u64,
    hash: Sha256,
}

impl Tally {
    pub(crate) fn add(&mut self, text: &[u8]) {
        // A line break inside a value is written `\n`, so each real one ends a row.
        self.rows += text.split(|b| *b == b'\n').count() as u64 - 1;
        self.hash.update(text);
    }

    pub(crate) fn sum(self, name: &str) -> TableSum {
        TableSum { name: name.to_owned(), rows: self.rows, sha256: hex::encode(self.hash.finalize()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &str) -> TableHead {
        TableHead { name: name.to_owned(), columns: Vec::new(), order: String::new() }
    }

    #[test]
    fn what_is_pointed_at_comes_first_and_circles_end() {
        let reference = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let references = [reference("a", "b"), reference("b", "c"), reference("x", "y"), reference("y", "x")];
        let order = referenced_first(["a", "b", "c", "x", "y"].map(head).to_vec(), &references);
        let names: Vec<&str> = order.iter().map(|t| t.name.as_str()).collect();
        let place = |name| names.iter().position(|n| *n == name);
        assert!(place("c") < place("b") && place("b") < place("a"), "{names:?}");
        assert_eq!(names.len(), 5);
    }

    #[test]
    fn identifiers_are_quoted() {
        assert_eq!(quoted("x_coluna"), "\"x_coluna\"");
        assert_eq!(quoted("a\"; DROP"), "\"a\"\"; DROP\"");
    }
}
