//! The cluster directory and what lies in it.
//!
//! ```text
//! <state>/lock        held while the server is started or stopped
//! <state>/pg.new      a cluster in the making, worthless until it is renamed
//! <state>/pg/data     PostgreSQL's data directory
//! <state>/pg/password the superuser's, for our eyes only
//! <state>/pg/port     the port of the last start
//! <state>/pg/in-use   share-locked by every process that uses the server
//! <state>/pg/log
//! ```

use std::{
    env,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use sha2::{Digest as _, Sha256};

use crate::seal::random_password;

use super::{
    Notice, SUPERUSER,
    account::Account,
    error::EmbeddedError,
    options::{Durability, Options, State},
    programs::Programs,
};

/// Linux takes 107 bytes for a socket's path; the server puts `/.s.PGSQL.65535` behind the folder.
const LONGEST_SOCKET_DIR: usize = 107 - 15;

#[derive(Debug)]
pub(super) struct Cluster {
    state: PathBuf,
    account: Option<Account>,
    temporary: bool,
    pub(super) patience: Duration,
}

/// While it lives nobody else starts or stops the server. Kill -9 lets go of it.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held for its lock")] File);

impl Cluster {
    pub(super) fn at(options: &Options) -> Result<Self, EmbeddedError> {
        let account = Account::choose()?;
        let (state, temporary) = match &options.state {
            State::Kept(dir) => (std::path::absolute(dir).map_err(|e| EmbeddedError::file(dir, e))?, false),
            State::Temporary => (env::temp_dir().join(format!("sri-pg.{}", &random_password()[..16])), true),
        };
        let mut builder = DirBuilder::new();
        // A temporary one belongs to the server's account, which also removes it.
        builder.recursive(!temporary).mode(if temporary { 0o700 } else { 0o755 });
        builder.create(&state).map_err(|e| EmbeddedError::file(&state, e))?;
        if let Some(account) = &account {
            if temporary {
                account.own(&state).map_err(|e| EmbeddedError::file(&state, e))?;
            }
            if let Some(barrier) = account.barrier(&state) {
                return Err(EmbeddedError::NotEnterable { path: barrier.to_owned(), user: account.name.clone() });
            }
        }
        Ok(Self { state, account, temporary, patience: options.patience })
    }

    pub(super) fn path(&self) -> PathBuf {
        self.state.join("pg")
    }

    pub(super) fn data_dir(&self) -> PathBuf {
        self.path().join("data")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.path().join("log")
    }

    pub(super) fn state(&self) -> &Path {
        &self.state
    }

    pub(super) const fn is_temporary(&self) -> bool {
        self.temporary
    }

    pub(super) fn exists(&self) -> bool {
        self.path().exists()
    }

    pub(super) async fn lock(&self) -> Result<Lock, EmbeddedError> {
        let path = self.state.join("lock");
        let file = private().open(&path).map_err(|e| EmbeddedError::file(&path, e))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock(file)),
                Err(TryLockError::WouldBlock) if started.elapsed() < self.patience => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(EmbeddedError::Busy { cluster: self.path(), seconds: self.patience.as_secs() });
                }
                Err(TryLockError::Error(e)) => return Err(EmbeddedError::file(path, e)),
            }
        }
    }

    fn in_use(&self) -> Result<File, EmbeddedError> {
        let path = self.path().join("in-use");
        private().open(&path).map_err(|e| EmbeddedError::file(path, e))
    }

    /// Announces that this process uses the server, until the file is closed.
    pub(super) fn use_shared(&self) -> Result<File, EmbeddedError> {
        let file = self.in_use()?;
        file.lock_shared().map_err(|e| EmbeddedError::file(self.path(), e))?;
        Ok(file)
    }

    pub(super) fn is_unused(&self) -> Result<bool, EmbeddedError> {
        match self.in_use()?.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(e)) => Err(EmbeddedError::file(self.path(), e)),
        }
    }

    /// The programs that fit: of the cluster's version if there is a cluster, else the newest.
    pub(super) fn fitting(&self, installed: Vec<Programs>) -> Result<(Programs, Vec<Notice>), EmbeddedError> {
        let newest = installed[0].clone();
        if !self.exists() {
            return Ok((newest, Vec::new()));
        }
        let version_file = self.data_dir().join("PG_VERSION");
        let version = fs::read_to_string(version_file).ok().and_then(|text| text.trim().parse().ok());
        let version = version.ok_or_else(|| self.damaged("data/PG_VERSION is missing or unreadable"))?;
        let fitting = installed.into_iter().find(|programs| programs.version == version);
        match fitting {
            Some(programs) if programs == newest => Ok((programs, Vec::new())),
            Some(programs) => Ok((programs, vec![Notice::OlderPrograms(version)])),
            None => Err(EmbeddedError::OtherVersion { cluster: self.path(), stored: version, programs: newest.version }),
        }
    }

    /// Makes the cluster beside its place and renames it: kill -9 leaves a whole one or rubbish that the next start removes.
    pub(super) async fn create(&self, programs: &Programs, durability: Durability) -> Result<(), EmbeddedError> {
        let new = self.state.join("pg.new");
        self.wait_for_processes_in(&new).await?;
        match fs::remove_dir_all(&new) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(EmbeddedError::file(new, e)),
            _ => {}
        }
        let made = self.create_in(&new, programs, durability).await;
        if made.is_err() {
            // The error that matters is the first one; what stays is removed by the next start.
            let _ = fs::remove_dir_all(&new);
        }
        made
    }

    async fn create_in(&self, new: &Path, programs: &Programs, durability: Durability) -> Result<(), EmbeddedError> {
        let failed = |e| EmbeddedError::file(new, e);
        DirBuilder::new().mode(0o700).create(new).map_err(failed)?;
        let password = random_password();
        // initdb reads its copy as the server's account and has it removed; ours stays.
        let lent = new.join("password.lent");
        for path in [&new.join("password"), &lent] {
            let mut file = private().open(path).map_err(failed)?;
            writeln!(file, "{password}").and_then(|()| file.sync_all()).map_err(failed)?;
        }
        if let Some(account) = &self.account {
            account.own(new).and_then(|()| account.own(&lent)).map_err(failed)?;
        }
        let data_dir = new.join("data");
        let mut args: Vec<String> = vec![
            format!("--pgdata={}", data_dir.display()),
            format!("--username={SUPERUSER}"),
            format!("--pwfile={}", lent.display()),
            "--auth=scram-sha-256".into(),
            "--encoding=UTF8".into(),
            "--locale=C.UTF-8".into(),
        ];
        if durability == Durability::Off {
            args.push("--no-sync".into());
        }
        // It stands in the folder it fills: that tells the next starter, should we be killed, that it is still at work.
        let mut initdb = programs.command("initdb");
        initdb.args(&args).current_dir(new);
        let output = Programs::finish(initdb).await?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(if is_disk_full(&said) {
                EmbeddedError::DiskFull { path: self.state.clone() }
            } else {
                EmbeddedError::Create { cluster: self.path(), said: last_line(&said) }
            });
        }
        fs::remove_file(&lent).map_err(failed)?;
        let mut config = OpenOptions::new().append(true).open(data_dir.join("postgresql.conf")).map_err(failed)?;
        // Ours first: what a person writes behind it wins.
        writeln!(config, "\ninclude_if_exists = 'sri.conf'").and_then(|()| config.sync_all()).map_err(failed)?;
        fs::rename(new, self.path()).map_err(failed)?;
        File::open(&self.state).and_then(|state| state.sync_all()).map_err(failed)
    }

    pub(super) fn password(&self) -> Result<String, EmbeddedError> {
        let path = self.path().join("password");
        match fs::read_to_string(&path) {
            Ok(password) => Ok(password.trim().to_owned()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(self.damaged("the superuser's password file is missing")),
            Err(e) => Err(EmbeddedError::file(path, e)),
        }
    }

    pub(super) fn remembered_port(&self) -> Option<u16> {
        fs::read_to_string(self.path().join("port")).ok()?.trim().parse().ok()
    }

    pub(super) fn remember_port(&self, port: u16) -> Result<(), EmbeddedError> {
        let path = self.path().join("port");
        fs::write(&path, format!("{port}\n")).map_err(|e| EmbeddedError::file(path, e))
    }

    /// Writes the settings the server starts with and makes room in the log.
    pub(super) fn prepare_start(&self, settings: &str) -> Result<(), EmbeddedError> {
        let path = self.data_dir().join("sri.conf");
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
            file.write_all(settings.as_bytes())?;
            self.account.as_ref().map_or(Ok(()), |account| account.own(&path))
        })();
        written.map_err(|e| EmbeddedError::file(path, e))?;
        match fs::rename(self.log(), self.path().join("log.old")) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(EmbeddedError::file(self.log(), e)),
            _ => Ok(()),
        }
    }

    /// Where the socket goes: the cluster's folder, or one of our own in /tmp when that path is too long for a socket.
    pub(super) fn socket_dir(&self) -> Result<PathBuf, EmbeddedError> {
        let own = self.path();
        if own.as_os_str().len() <= LONGEST_SOCKET_DIR {
            return Ok(own);
        }
        let digest = Sha256::digest(own.as_os_str().as_encoded_bytes());
        let short = Path::new("/tmp").join(format!("sri-pg-{}", hex::encode(&digest[..8])));
        let failed = |e| EmbeddedError::file(&short, e);
        match DirBuilder::new().mode(0o700).create(&short) {
            Ok(()) => self.account.as_ref().map_or(Ok(()), |account| account.own(&short)).map_err(failed)?,
            // Anybody may write in /tmp: a folder that is not ours could lead our password to somebody else's server.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                let there = fs::symlink_metadata(&short).map_err(failed)?;
                let ours = fs::metadata(self.data_dir()).map_err(failed)?;
                if !there.is_dir() || there.uid() != ours.uid() || there.mode() & 0o077 != 0 {
                    return Err(failed(io::Error::other("it belongs to somebody else")));
                }
            }
            Err(e) => return Err(failed(e)),
        }
        Ok(short)
    }

    pub(super) fn erase(&self) -> Result<(), EmbeddedError> {
        // Renamed first: a removal cut short must not leave half a cluster in the place of a whole one.
        let gone = self.state.join("pg.new");
        let failed = |e| EmbeddedError::file(self.path(), e);
        if gone.exists() {
            fs::remove_dir_all(&gone).map_err(failed)?;
        }
        fs::rename(self.path(), &gone).and_then(|()| fs::remove_dir_all(&gone)).map_err(failed)
    }

    /// Tells whether a failure without a word was a full disk: even the log has no room then.
    pub(super) fn has_room(&self) -> bool {
        let probe = self.state.join("room");
        let full = fs::write(&probe, vec![b'.'; 1 << 16]).is_err_and(|e| e.kind() == io::ErrorKind::StorageFull);
        let _ = fs::remove_file(probe);
        !full
    }

    pub(super) fn damaged(&self, what: &'static str) -> EmbeddedError {
        EmbeddedError::Damaged { cluster: self.path(), what }
    }
}

/// Opens for writing a file that nobody else may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options
}

pub(super) fn is_disk_full(said: &str) -> bool {
    said.contains("No space left on device") || said.contains("Disk quota exceeded")
}

/// What a program ended with, without its name and prefix.
pub(super) fn last_line(said: &str) -> String {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let telling = lines().find(|line| ["FATAL:", "PANIC:", "error:"].iter().any(|word| line.contains(word)));
    telling.or_else(|| lines().next_back()).unwrap_or("it said nothing").to_owned()
}
