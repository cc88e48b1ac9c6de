use std::{env, path::PathBuf, time::Duration};

use super::account;

/// Whether a commit outlives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    #[default]
    On,
    /// For tests: several times faster, and a crash of the machine (not of the server) destroys the cluster.
    Off,
}

/// Where the cluster lives and how its server runs.
#[derive(Debug, Clone)]
pub struct Options {
    pub(super) state: State,
    pub(super) programs: Option<PathBuf>,
    pub(super) durability: Durability,
    pub(super) settings: Vec<(String, String)>,
    pub(super) patience: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum State {
    Kept(PathBuf),
    Temporary,
}

impl Options {
    /// The person's own cluster: in `SRI_STATE_DIR`, else for root in `/var/lib/sri-dev` (the server may not enter root's home), else in
    /// `XDG_STATE_HOME/sri`, else in `~/.local/state/sri`.
    #[must_use]
    pub fn from_env() -> Self {
        Self::kept_in(default_state_dir())
    }

    /// A cluster in `state_dir`, which is made when missing. The programs are those of `SRI_PG_BIN` if it is set.
    #[must_use]
    pub fn kept_in(state_dir: impl Into<PathBuf>) -> Self {
        Self {
            state: State::Kept(state_dir.into()),
            programs: dir("SRI_PG_BIN"),
            durability: Durability::On,
            settings: Vec::new(),
            patience: Duration::from_secs(180),
        }
    }

    /// A fresh cluster in the temporary directory, not durable, that disappears with this process.
    #[must_use]
    pub fn temporary() -> Self {
        Self { state: State::Temporary, durability: Durability::Off, ..Self::kept_in("") }
    }

    #[must_use]
    pub const fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// One more line of the server's configuration; takes effect when the server is started, not when it is adopted.
    #[must_use]
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// The folder of the server programs, instead of looking for the newest.
    #[must_use]
    pub fn programs(mut self, dir: impl Into<PathBuf>) -> Self {
        self.programs = Some(dir.into());
        self
    }

    /// How long to wait for another starter, and for the server to recover after a crash. Three minutes unless set.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// Where a person's own cluster lives; see [`Options::from_env`].
#[must_use]
pub fn default_state_dir() -> PathBuf {
    if let Some(own) = dir("SRI_STATE_DIR") {
        return own;
    }
    if account::is_root() {
        return PathBuf::from("/var/lib/sri-dev");
    }
    let state = dir("XDG_STATE_HOME").unwrap_or_else(|| dir("HOME").unwrap_or_else(env::temp_dir).join(".local/state"));
    state.join("sri")
}

/// A variable that holds a folder; set but empty counts as not set.
fn dir(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
