//! A PostgreSQL of our own: the system's server programs, our data directory, our port and socket.
//!
//! For development, tests and small installations that have no database server. It owns one cluster directory and protects one
//! rule: whatever happened before (kill -9 at any moment, a crash of the machine, a second starter, a port taken by somebody
//! else), [`Embedded::start`] ends with a server that answers, or with one sentence and nothing touched.
//!
//! The server outlives the process that started it and is adopted by the next start, so a killed `sri dev` costs no recovery.
//! [`Embedded::stop`] ends it when nobody else uses it. A [temporary](Options::temporary) one goes with the process, however
//! that ends.

mod account;
mod cluster;
mod error;
mod options;
mod programs;
mod server;
mod watchdog;

use std::{
    fs::File,
    path::{Path, PathBuf},
    str::FromStr as _,
    time::Duration,
};

use sqlx::{ConnectOptions as _, Connection as _, postgres::PgConnectOptions};

use cluster::Cluster;
pub use error::EmbeddedError;
pub use options::{Durability, Options, default_state_dir};
use programs::Programs;
use server::Server;
use watchdog::Watchdog;

/// The superuser of our clusters.
const SUPERUSER: &str = "postgres";

/// How often it is looked again, 20 ms apart, whether anybody still uses the server.
const LOOKS: u32 = 15;

/// A running PostgreSQL that this process uses.
///
/// Dropping it leaves a kept server running (the next start adopts it) and ends a temporary one.
#[derive(Debug)]
pub struct Embedded {
    cluster: Cluster,
    programs: Programs,
    server: Server,
    password: String,
    notices: Vec<Notice>,
    /// Shared with every other process that uses the server; the kernel lets go of it even after kill -9.
    in_use: File,
    /// Field order: goes last, after everything that could still talk to the server.
    watchdog: Option<Watchdog>,
}

/// Something the person who started the server should know; `Display` is the sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    #[error("PostgreSQL was still running and is used as it is")]
    Adopted,
    #[error("port {was} is taken by another program; PostgreSQL listens on {now} from now on")]
    PortTaken { was: u16, now: u16 },
    #[error("the data belongs to PostgreSQL {0}, so its programs are used although newer ones are installed")]
    OlderPrograms(u32),
}

/// What [`Embedded::stop`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    Server,
    /// Another process still uses the server: it runs on.
    StillUsed,
}

/// How the server is told to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// Open transactions are rolled back, everything is written.
    Fast,
    /// As in a power cut; the next start recovers from the log.
    Immediate,
}

impl Embedded {
    /// Starts the server of `options`' state directory: makes the cluster at the first time, adopts a server that already
    /// runs. Returns when it answers a login.
    ///
    /// # Errors
    /// One variant, and one sentence, per thing a person can do about it; see [`EmbeddedError`].
    pub async fn start(options: Options) -> Result<Self, EmbeddedError> {
        let installed = Programs::installed(options.programs.as_deref())?;
        let cluster = Cluster::at(&options)?;
        let lock = cluster.lock().await?;
        let (programs, mut notices) = cluster.fitting(installed)?;
        // Before there is anything to clean up.
        let watchdog = cluster.is_temporary().then(|| Watchdog::over(&cluster, &programs)).transpose()?;
        if !cluster.exists() {
            cluster.create(&programs, options.durability).await?;
        }
        let password = cluster.password()?;
        let server = match cluster.running().await? {
            Some(server) => {
                notices.push(Notice::Adopted);
                server
            }
            None => cluster.start(&programs, &options, &mut notices).await?,
        };
        let in_use = cluster.use_shared()?;
        drop(lock);
        let embedded = Self { cluster, programs, server, password, notices, in_use, watchdog };
        embedded.login().await?;
        for notice in &embedded.notices {
            tracing::info!(port = embedded.server.port, "{notice}");
        }
        Ok(embedded)
    }

    /// Stops the server of `options` and deletes its cluster; nothing is left but the empty state directory. Without a
    /// cluster it does nothing.
    ///
    /// # Errors
    /// [`EmbeddedError::InUse`] while another process uses the server.
    pub async fn erase(options: Options) -> Result<(), EmbeddedError> {
        let cluster = Cluster::at(&options)?;
        let _lock = cluster.lock().await?;
        if !cluster.exists() {
            return Ok(());
        }
        if !cluster.is_unused()? {
            return Err(EmbeddedError::InUse { cluster: cluster.path() });
        }
        if cluster.running().await?.is_some() {
            // Any version's pg_ctl can stop a server, and the data need not fit what is installed to be deleted.
            let installed = Programs::installed(options.programs.as_deref())?;
            cluster.stop(&installed[0], Shutdown::Immediate).await?;
        }
        cluster.erase()
    }

    /// Stops the server unless another process uses it. A temporary one is deleted.
    ///
    /// # Errors
    /// When the server does not go within a minute.
    pub async fn stop(self) -> Result<Stopped, EmbeddedError> {
        if self.watchdog.is_some() {
            return Ok(Stopped::Server); // Dropped here: the watchdog stops the server and removes it.
        }
        let _lock = self.cluster.lock().await?;
        drop(self.in_use);
        // A child of this process that is not its own program yet holds what this process held, for an instant.
        let mut looks = LOOKS;
        while !self.cluster.is_unused()? {
            if looks == 0 {
                return Ok(Stopped::StillUsed);
            }
            looks -= 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.cluster.stop(&self.programs, Shutdown::Fast).await?;
        Ok(Stopped::Server)
    }

    /// Stops the server and starts it again on the same port and socket, under everybody who uses it.
    ///
    /// # Errors
    /// As [`Embedded::start`].
    pub async fn restart(&self, how: Shutdown) -> Result<(), EmbeddedError> {
        let _lock = self.cluster.lock().await?;
        self.cluster.stop(&self.programs, how).await?;
        self.cluster.start_again(&self.programs, self.server.port).await?;
        self.login().await
    }

    /// URL of a database for programs on this machine: through the socket, as the superuser, password included.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{SUPERUSER}:{}@localhost:{}/{}?host={}",
            self.password,
            self.server.port,
            encoded(database),
            encoded(&self.server.socket_dir.to_string_lossy()),
        )
    }

    /// URL of a database over TCP on the loopback address, for programs that know no sockets.
    #[must_use]
    pub fn tcp_url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}:{}@127.0.0.1:{}/{}", self.password, self.server.port, encoded(database))
    }

    #[must_use]
    pub const fn port(&self) -> u16 {
        self.server.port
    }

    /// The folder that holds the server's socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.server.socket_dir
    }

    #[must_use]
    pub const fn user(&self) -> &'static str {
        SUPERUSER
    }

    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Major version of the server.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.programs.version
    }

    /// The folder of the server programs, for `psql` and its kin.
    #[must_use]
    pub fn programs_dir(&self) -> &Path {
        &self.programs.dir
    }

    /// What the server writes; the start before the last one is in `log.old` beside it.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.cluster.log()
    }

    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// A server that accepts connections may still be the wrong one, or have another password: only a login tells.
    /// Makes an empty database of that name unless there is one.
    ///
    /// # Errors
    /// When the server does not let us in or refuses.
    pub async fn ensure_database(&self, name: &'static str) -> Result<(), EmbeddedError> {
        let failed = |source| EmbeddedError::Login { log: self.log(), source };
        let options = PgConnectOptions::from_str(&self.url("postgres")).map_err(failed)?;
        let mut connection = options.disable_statement_logging().connect().await.map_err(failed)?;
        match crate::session::simple(&mut connection, format!("CREATE DATABASE {name}")).await {
            // 42P04: it is there.
            Err(error) if error.as_database_error().is_none_or(|e| e.code().as_deref() != Some("42P04")) => {
                return Err(failed(error));
            }
            _ => {}
        }
        connection.close().await.map_err(failed)
    }

    async fn login(&self) -> Result<(), EmbeddedError> {
        let failed = |source| EmbeddedError::Login { log: self.log(), source };
        let options = PgConnectOptions::from_str(&self.url("postgres")).map_err(failed)?;
        let mut connection = options.disable_statement_logging().connect().await.map_err(failed)?;
        connection.ping().await.map_err(failed)?;
        connection.close().await.map_err(failed)
    }
}

/// Text as a part of a URL.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
        url
    })
}
