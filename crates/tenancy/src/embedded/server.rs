//! Starting, finding and stopping the server of a cluster. All of it happens under the cluster's lock.

use std::{
    fs, io,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    Notice, Shutdown,
    cluster::{Cluster, is_disk_full, last_line},
    error::EmbeddedError,
    options::{Durability, Options},
    programs::Programs,
};

/// Where a running server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) port: u16,
    pub(super) socket_dir: PathBuf,
}

/// What a failed start was about, read from the server's log.
enum Refusal {
    PortTaken,
    /// Backends of a killed server still hold its memory; they notice soon.
    NotYetGone,
    Final(EmbeddedError),
}

impl Cluster {
    /// The server that runs on this cluster already, once it accepts connections.
    pub(super) async fn running(&self) -> Result<Option<Server>, EmbeddedError> {
        let started = Instant::now();
        loop {
            let Some(pid_file) = PidFile::read(&self.data_dir())? else { return Ok(None) };
            if !pid_file.pid.is_some_and(|pid| is_server_of(pid, &self.data_dir())) {
                self.clear_after_accident().await?;
                return Ok(None);
            }
            if let Some(server) = pid_file.ready {
                return Ok(Some(server));
            }
            if started.elapsed() > self.patience {
                return Err(EmbeddedError::Start { said: "it has been recovering for too long".into(), log: self.log() });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The server itself does not start when a stale file is empty, or when the number in it belongs to another process by now, as
    /// happens after a restart of the machine, or to a dead one that nobody has buried. We know better whether that process is a
    /// server of this cluster.
    async fn clear_after_accident(&self) -> Result<(), EmbeddedError> {
        // Orphans of a killed server still write to the data directory. They notice its death and leave within moments.
        self.wait_for_processes_in(&self.data_dir()).await?;
        tracing::info!("PostgreSQL was not stopped properly the last time; it recovers by itself");
        remove_if_there(&self.data_dir().join("postmaster.pid"))?;
        let socket_dir = self.socket_dir()?;
        let entries = fs::read_dir(&socket_dir).map_err(|e| EmbeddedError::file(&socket_dir, e))?;
        for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(".s.PGSQL.")) {
            remove_if_there(&entry.path())?;
        }
        Ok(())
    }

    /// Waits until the programs of a killed starter have ended and no longer write below `folder`.
    pub(super) async fn wait_for_processes_in(&self, folder: &Path) -> Result<(), EmbeddedError> {
        let started = Instant::now();
        while any_process_in(folder) {
            if started.elapsed() > self.patience {
                return Err(EmbeddedError::Stop {
                    said: format!("processes of a killed start still work in {}", folder.display()),
                });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Starts the server on its remembered port or, when that is taken, on a free one.
    pub(super) async fn start(
        &self,
        programs: &Programs,
        options: &Options,
        notices: &mut Vec<Notice>,
    ) -> Result<Server, EmbeddedError> {
        let socket_dir = self.socket_dir()?;
        let remembered = self.remembered_port();
        let mut port = remembered.filter(|port| is_free(*port)).map_or_else(free_port, Ok)?;
        let mut attempts = 0;
        loop {
            self.prepare_start(&settings(options, port, &socket_dir))?;
            match self.launch(programs).await {
                Ok(()) => break,
                // Somebody was quicker between our look and the server's.
                Err(Refusal::PortTaken) if attempts < 5 => port = free_port()?,
                Err(Refusal::PortTaken) => return Err(EmbeddedError::NoPort { source: io::ErrorKind::AddrInUse.into() }),
                Err(Refusal::NotYetGone) if attempts < 50 => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(Refusal::NotYetGone) => {
                    return Err(EmbeddedError::Stop { said: "processes of a killed server hold its memory".into() });
                }
                Err(Refusal::Final(error)) => return Err(error),
            }
            attempts += 1;
        }
        if let Some(was) = remembered.filter(|was| *was != port) {
            notices.push(Notice::PortTaken { was, now: port });
        }
        self.remember_port(port)?;
        Ok(Server { port, socket_dir })
    }

    /// Starts a server that was stopped a moment ago, with the settings it had.
    pub(super) async fn start_again(&self, programs: &Programs, port: u16) -> Result<(), EmbeddedError> {
        let started = Instant::now();
        loop {
            match self.launch(programs).await {
                Ok(()) => return Ok(()),
                Err(Refusal::Final(error)) => return Err(error),
                Err(_) if started.elapsed() < self.patience => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(_) => return Err(EmbeddedError::Start { said: format!("port {port} is taken"), log: self.log() }),
            }
        }
    }

    async fn launch(&self, programs: &Programs) -> Result<(), Refusal> {
        let seconds = self.patience.as_secs().max(1).to_string();
        let (data_dir, log) = (self.data_dir(), self.log());
        let mut command = programs.command("pg_ctl");
        command.arg("start").arg("--pgdata").arg(&data_dir).arg("--log").arg(&log).args([
            "--wait",
            "--silent",
            "--timeout",
            &seconds,
        ]);
        // A pipe would be inherited by the server and never end.
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let status = tokio::process::Command::from(command).status().await;
        let status =
            status.map_err(|source| Refusal::Final(EmbeddedError::Run { program: programs.dir.join("pg_ctl"), source }))?;
        if status.success() {
            return Ok(());
        }
        let said = fs::read_to_string(&log).unwrap_or_default();
        Err(if is_disk_full(&said) || !self.has_room() {
            Refusal::Final(EmbeddedError::DiskFull { path: self.state().to_owned() })
        } else if said.contains("Address already in use") {
            Refusal::PortTaken
        } else if said.contains("pre-existing shared memory block") {
            Refusal::NotYetGone
        } else {
            Refusal::Final(EmbeddedError::Start { said: last_line(&said), log })
        })
    }

    pub(super) async fn stop(&self, programs: &Programs, how: Shutdown) -> Result<(), EmbeddedError> {
        if !PidFile::read(&self.data_dir())?.and_then(|file| file.pid).is_some_and(|pid| is_server_of(pid, &self.data_dir())) {
            return Ok(());
        }
        let mode = match how {
            Shutdown::Fast => "fast",
            Shutdown::Immediate => "immediate",
        };
        let data_dir = self.data_dir().display().to_string();
        let output = programs
            .run("pg_ctl", ["stop", "--pgdata", &data_dir, "--mode", mode, "--wait", "--silent", "--timeout", "60"])
            .await?;
        if output.status.success() || PidFile::read(&self.data_dir())?.is_none() {
            Ok(())
        } else {
            Err(EmbeddedError::Stop { said: last_line(&String::from_utf8_lossy(&output.stderr)) })
        }
    }
}

/// `postmaster.pid`: number, data directory, start time, port, socket folder, address, shared memory, status.
struct PidFile {
    /// `None` in a file that is empty because the disk was full or the machine stopped.
    pid: Option<u32>,
    /// Filled once the server accepts connections.
    ready: Option<Server>,
}

impl PidFile {
    fn read(data_dir: &Path) -> Result<Option<Self>, EmbeddedError> {
        let path = data_dir.join("postmaster.pid");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Self::parse(&text))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(EmbeddedError::file(path, e)),
        }
    }

    fn parse(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let pid = lines.first().and_then(|line| line.parse().ok());
        let ready = (|| {
            (*lines.get(7)? == "ready").then_some(())?;
            Some(Server { port: lines.get(3)?.parse().ok()?, socket_dir: PathBuf::from(lines.get(4)?) })
        })();
        Self { pid, ready }
    }
}

/// A PostgreSQL server stands in its data directory, which no other program does by chance. Without /proc we believe the number.
fn is_server_of(pid: u32, data_dir: &Path) -> bool {
    if !Path::new("/proc/self").exists() {
        return true;
    }
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| fs::canonicalize(data_dir).is_ok_and(|data_dir| cwd == data_dir))
}

fn any_process_in(folder: &Path) -> bool {
    let Ok(folder) = fs::canonicalize(folder) else { return false };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(|c: char| c.is_ascii_digit()))
        .any(|entry| fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(&folder)))
}

fn remove_if_there(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(EmbeddedError::file(path, e)),
        _ => Ok(()),
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn free_port() -> Result<u16, EmbeddedError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|source| EmbeddedError::NoPort { source })?;
    listener.local_addr().map(|address| address.port()).map_err(|source| EmbeddedError::NoPort { source })
}

/// The configuration of the server: modest in memory, fit for hundreds of schemas.
fn settings(options: &Options, port: u16, socket_dir: &Path) -> String {
    let mut lines: Vec<(String, String)> = [
        ("listen_addresses", "127.0.0.1"),
        ("port", &port.to_string()),
        ("unix_socket_directories", &socket_dir.to_string_lossy()),
        ("unix_socket_permissions", "0700"),
        ("password_encryption", "scram-sha-256"),
        ("max_connections", "200"),
        ("shared_buffers", "128MB"),
        // A schema has about 55 tables with 150 indexes, and a backup or a removal locks them all at once.
        ("max_locks_per_transaction", "256"),
        // A connection goes round up to 150 schemas, some thirty files of each.
        ("max_files_per_process", "8000"),
        // Short statements by the thousand: compiling them costs more than running them.
        ("jit", "off"),
        // A crash recovery that opens every file of every schema takes minutes; this takes a second.
        ("recovery_init_sync_method", "syncfs"),
        ("max_wal_size", "2GB"),
        ("log_line_prefix", "%m [%p] %q%u@%d "),
        ("log_checkpoints", "off"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    if options.durability == Durability::Off {
        // synchronous_commit stays: without it a killed server, not only a killed machine, forgets what it acknowledged.
        for name in ["fsync", "full_page_writes"] {
            lines.push((name.to_owned(), "off".to_owned()));
        }
        lines.push(("checkpoint_timeout".to_owned(), "1h".to_owned()));
    }
    lines.extend(options.settings.iter().cloned());
    lines
        .into_iter()
        .fold("# Written at every start; settings of your own go into postgresql.conf.\n".to_owned(), |text, (name, value)| {
            text + &format!("{name} = '{}'\n", value.replace('\\', "\\\\").replace('\'', "''"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str =
        "4711\n/var/lib/sri-dev/pg/data\n1795315200\n45123\n/var/lib/sri-dev/pg\n127.0.0.1\n  123456   7\nready   \n";

    #[test]
    fn a_ready_server_tells_port_and_socket() {
        let pid_file = PidFile::parse(READY);
        assert_eq!(pid_file.pid, Some(4711));
        assert_eq!(pid_file.ready, Some(Server { port: 45123, socket_dir: "/var/lib/sri-dev/pg".into() }));
    }

    #[test]
    fn a_server_that_still_starts_or_stops_is_not_ready() {
        for text in [&READY.replace("ready", "starting"), &READY.replace("ready", "stopping"), "4711\n", "4711\n/x\n1\n45123\n"] {
            assert!(PidFile::parse(text).ready.is_none(), "{text}");
        }
    }

    #[test]
    fn an_empty_or_torn_file_names_no_process() {
        for text in ["", "\n", "abc\n"] {
            assert!(PidFile::parse(text).pid.is_none(), "{text:?}");
        }
    }

    #[test]
    fn settings_quote_what_a_folder_may_contain_and_a_person_has_the_last_word() {
        let options = Options::temporary().setting("max_connections", "7");
        let text = settings(&options, 5432, Path::new("/o'brien\\x"));
        assert!(text.contains("unix_socket_directories = '/o''brien\\\\x'\n"), "{text}");
        assert!(text.rfind("max_connections = '7'") > text.rfind("max_connections = '200'"));
    }
}
