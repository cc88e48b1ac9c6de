//! The product installed on databases of its own, run as its operator runs it.

use std::{
    process::{Output, Stdio},
    time::Duration,
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use testkit::{Which, empty_database};
use tokio::process::{Child, Command};
use url::Url;

/// Empty databases into which `sri migrate` has put the product. No unidade yet.
pub(crate) struct Installation {
    /// As the administrator, the central one first. Only `sri migrate` is told them.
    urls: Vec<String>,
    pub(crate) folder: TempDir,
}

impl Installation {
    /// One placement.
    pub(crate) async fn new() -> Self {
        Self::on(&[Which::Central]).await
    }

    /// `principal` and `segundo`, in two clusters.
    pub(crate) async fn with_two_placements() -> Self {
        Self::on(&[Which::Central, Which::Second]).await
    }

    async fn on(servers: &[Which]) -> Self {
        let mut urls = Vec::new();
        for &which in servers {
            urls.push(empty_database(which).await);
        }
        let installation = Self { urls, folder: TempDir::new().unwrap() };
        installation.ok(&["migrate"]).await;
        installation
    }

    /// The program with its settings. Whoever is named in the URL exists nowhere: the processes must not need it.
    pub(crate) fn sri(&self, args: &[&str]) -> Command {
        let migrates = match args {
            ["migrate", "status", ..] => false,
            // It prepares the database itself.
            ["migrate" | "dev", ..] => true,
            _ => false,
        };
        let urls: Vec<String> = self.urls.iter().map(|url| if migrates { url.clone() } else { as_stranger(url) }).collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_sri"));
        command
            .args(args)
            .env_clear()
            .env("USER", "operadora")
            .env("DATABASE_URL", &urls[0])
            .env("SRI_SECRET_KEY", "ab".repeat(32))
            .env("SRI_BASE_URL", "http://sri.example:8080")
            .env("SRI_LISTEN", "127.0.0.1:0")
            .env("SRI_OPS_LISTEN", "127.0.0.1:0")
            .env("SRI_MAIL_URL", format!("file://{}", self.folder.path().join("mail").display()))
            .env("SRI_BACKUP_DIR", self.folder.path().join("backups"))
            .env("SRI_FILES_DIR", self.folder.path().join("files"))
            .env("SRI_SPARES", "0")
            .env("SRI_LOG_FORMAT", "text")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        if let Some(second) = urls.get(1) {
            command.env("SRI_PLACEMENTS", format!("segundo={second}"));
        }
        command
    }

    pub(crate) async fn run(&self, args: &[&str]) -> Output {
        self.sri(args).output().await.unwrap()
    }

    /// What it printed; it must have gone well.
    pub(crate) async fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args).await;
        assert!(output.status.success(), "sri {args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// What it complained of; it must have refused.
    pub(crate) async fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args).await;
        assert_eq!(output.status.code(), Some(1), "sri {args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stderr)
    }

    pub(crate) async fn json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.ok(args).await).unwrap()
    }

    /// A worker that lives as long as the value.
    pub(crate) fn worker(&self) -> Child {
        self.sri(&["worker"]).stdout(Stdio::null()).stderr(Stdio::inherit()).env("SRI_LOG", "warn").spawn().unwrap()
    }

    /// Statements as the superuser, in a placement.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub(crate) async fn sudo(&self, placement: usize, sql: &str) {
        let mut admin = PgConnection::connect(&self.urls[placement]).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut admin).await.unwrap();
    }

    /// One number, asked as the superuser in a placement.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub(crate) async fn number(&self, placement: usize, sql: &str) -> i64 {
        let mut admin = PgConnection::connect(&self.urls[placement]).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut admin).await.unwrap()
    }
}

/// What a process printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn as_stranger(url: &str) -> String {
    let mut url: Url = url.parse().unwrap();
    url.set_username("nobody-of-this-name").unwrap();
    url.set_password(None).unwrap();
    url.into()
}

/// Waits for what must come true, but not for ever.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never came true: {what}");
}
