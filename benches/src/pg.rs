//! The database beside the product: as the superuser, and through PostgreSQL's own tools.

use std::{ffi::OsStr, path::PathBuf, str::FromStr};

use anyhow::{Context, Result, ensure};
use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions};
use tenancy::embedded::Embedded;
use tokio::process::Command;

/// How to reach one database of the server as its superuser.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    url: String,
    programs: PathBuf,
    environment: [(&'static str, String); 5],
}

impl Server {
    pub(crate) fn of(embedded: &Embedded, database: &str) -> Self {
        let environment = [
            ("PGHOST", embedded.socket_dir().to_string_lossy().into_owned()),
            ("PGPORT", embedded.port().to_string()),
            ("PGUSER", embedded.user().to_owned()),
            ("PGPASSWORD", embedded.password().to_owned()),
            ("PGDATABASE", database.to_owned()),
        ];
        Self { url: embedded.url(database), programs: embedded.programs_dir().to_owned(), environment }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn connect(&self) -> Result<Superuser> {
        let options = PgConnectOptions::from_str(&self.url)?.disable_statement_logging();
        Ok(Superuser(options.connect().await.context("connecting as the superuser")?))
    }

    /// One of PostgreSQL's tools, set up to reach the database.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let own = self.programs.join(name);
        // psql and pgbench are Debian's client package: beside the server's programs, or on the PATH.
        let mut command = Command::new(if own.exists() { own.as_os_str() } else { OsStr::new(name) });
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Sends `sql` by psql as one message.
    pub(crate) async fn psql(&self, sql: &str) -> Result<()> {
        let output =
            self.tool("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql]).output().await.context("starting psql")?;
        ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }
}

/// A connection that may do everything.
pub(crate) struct Superuser(PgConnection);

impl Superuser {
    /// Runs one message of statements.
    pub(crate) async fn run(&mut self, sql: String) -> Result<()> {
        #[expect(clippy::disallowed_methods, reason = "the benchmark prepares databases and composes its floors")]
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut self.0).await?;
        Ok(())
    }

    /// The first column of the first row, as text.
    pub(crate) async fn text(&mut self, sql: String) -> Result<String> {
        #[expect(clippy::disallowed_methods, reason = "the benchmark prepares databases and composes its floors")]
        let row = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_one(&mut self.0).await?;
        Ok(row.try_get_unchecked(0)?)
    }

    /// Loads rows in PostgreSQL's text format.
    pub(crate) async fn copy(&mut self, statement: &str, chunks: impl Iterator<Item = Vec<u8>>) -> Result<u64> {
        let mut copy = self.0.copy_in_raw(statement).await?;
        for chunk in chunks {
            copy.send(chunk).await?;
        }
        Ok(copy.finish().await?)
    }

    /// Bytes that `COPY … TO STDOUT` sends.
    pub(crate) async fn copy_out(&mut self, statement: &str) -> Result<u64> {
        use futures::TryStreamExt;

        let mut chunks = self.0.copy_out_raw(statement).await?;
        let mut bytes = 0;
        while let Some(chunk) = chunks.try_next().await? {
            bytes += chunk.len() as u64;
        }
        Ok(bytes)
    }

    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.0.close().await?)
    }
}
