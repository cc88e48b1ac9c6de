use std::{
    fs,
    path::PathBuf,
    process::{Child, ChildStdin, Stdio},
};

use super::{cluster::Cluster, error::EmbeddedError, programs::Programs};

/// Ends and removes a temporary server when this process ends, however it ends: a small shell waits for the end of a pipe
/// whose other end only we hold.
#[derive(Debug)]
pub(super) struct Watchdog {
    shell: Child,
    /// `None` once it is closed.
    pipe: Option<ChildStdin>,
    state: PathBuf,
}

const SCRIPT: &str = r#"
read -r _ # never gets a line, only the end
"$1/pg_ctl" stop --pgdata "$2/pg/data" --mode immediate --silent
rm -rf "$2"
"#;

impl Watchdog {
    pub(super) fn over(cluster: &Cluster, programs: &Programs) -> Result<Self, EmbeddedError> {
        use std::os::unix::process::CommandExt as _;
        let state = cluster.state().to_owned();
        let mut command = programs.shell();
        command.arg("-c").arg(SCRIPT).arg("sri-pg").arg(&programs.dir).arg(&state);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // Ctrl+C goes to the whole group; it must not take the watchdog before the server.
        command.process_group(0);
        let mut shell = command.spawn().map_err(|source| EmbeddedError::Run { program: "/bin/sh".into(), source })?;
        Ok(Self { pipe: shell.stdin.take(), shell, state })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
        // The server's account may not remove a folder from a parent that is not sticky and world-writable; we may.
        let _ = fs::remove_dir_all(&self.state);
    }
}
