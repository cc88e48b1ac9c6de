use std::{io, path::PathBuf};

/// Why there is no server. `Display` is one sentence that says what to do; nothing was changed unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "PostgreSQL's server programs are not installed: install them (apt-get install postgresql), set SRI_PG_BIN to their folder, \
         or set DATABASE_URL to use a server that runs already"
    )]
    NoPrograms,
    #[error("{folder} holds no PostgreSQL server programs ({missing} is missing): correct SRI_PG_BIN")]
    NotPrograms { folder: PathBuf, missing: &'static str },
    #[error(
        "PostgreSQL {version} in {folder} is too old: SRI needs {oldest} or newer; install it or set SRI_PG_BIN to its folder"
    )]
    TooOld { version: u32, oldest: u32, folder: PathBuf },
    #[error(
        "the data in {cluster} belongs to PostgreSQL {stored} but the installed programs are PostgreSQL {programs}: install \
         PostgreSQL {stored}, or move the folder away to begin anew; nothing was touched"
    )]
    OtherVersion { cluster: PathBuf, stored: u32, programs: u32 },
    #[error(
        "PostgreSQL refuses to run as root and there is no user `postgres` or `nobody` to run it as: create the user `postgres`"
    )]
    NoAccount,
    #[error("the state directory {path} cannot be used ({source}): make it writable, or set SRI_STATE_DIR to a folder that is")]
    State { path: PathBuf, source: io::Error },
    #[error(
        "the user `{user}`, as whom PostgreSQL runs, may not enter {path}: set SRI_STATE_DIR to a folder outside it, such as /var/lib/sri-dev"
    )]
    NotEnterable { path: PathBuf, user: String },
    #[error("the disk that holds {path} is full: free some space and start again; what was stored is intact")]
    DiskFull { path: PathBuf },
    #[error("{cluster} is damaged ({what}): restore it from a backup, or move the folder away to begin anew")]
    Damaged { cluster: PathBuf, what: &'static str },
    #[error("another process has been starting or stopping PostgreSQL in {cluster} for {seconds} s: wait for it or end it")]
    Busy { cluster: PathBuf, seconds: u64 },
    #[error("another process uses the PostgreSQL in {cluster}: stop it first")]
    InUse { cluster: PathBuf },
    #[error("no free port was found on 127.0.0.1 ({source})")]
    NoPort { source: io::Error },
    #[error("{program} could not be run ({source})")]
    Run { program: PathBuf, source: io::Error },
    #[error("a new PostgreSQL cluster could not be made in {cluster}: {said}")]
    Create { cluster: PathBuf, said: String },
    #[error("PostgreSQL did not start: {said}; its log is {log}")]
    Start { said: String, log: PathBuf },
    #[error("PostgreSQL did not stop: {said}")]
    Stop { said: String },
    #[error("PostgreSQL runs but refuses our login ({source}); its log is {log}")]
    Login { log: PathBuf, source: sqlx::Error },
}

impl EmbeddedError {
    /// A failed file operation; a full disk is its own case because its cure is another.
    pub(super) fn file(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        if source.kind() == io::ErrorKind::StorageFull { Self::DiskFull { path } } else { Self::State { path, source } }
    }
}
