//! PostgreSQL's server programs: where they are, which version, and running one.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use super::{
    account::{self, Account},
    error::EmbeddedError,
};

/// The oldest version the product runs on.
pub(super) const OLDEST: u32 = 15;

const DEBIAN: &str = "/usr/lib/postgresql";
const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// One installed PostgreSQL server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    pub(super) dir: PathBuf,
    pub(super) version: u32,
    /// Who runs them; `None` for ourselves.
    pub(super) account: Option<Account>,
}

impl Programs {
    /// All that are installed, the preferred first: only `chosen` if it is given, else Debian's by version from the newest, then
    /// the one on the PATH.
    pub(super) fn installed(chosen: Option<&Path>) -> Result<Vec<Self>, EmbeddedError> {
        let account = Account::choose()?;
        let folders = match chosen {
            Some(folder) => {
                if let Some(missing) = NEEDED.into_iter().find(|name| !folder.join(name).is_file()) {
                    return Err(EmbeddedError::NotPrograms { folder: folder.to_owned(), missing });
                }
                vec![folder.to_owned()]
            }
            None => debian(Path::new(DEBIAN)).into_iter().chain(on_path()).collect(),
        };
        let mut installed = Vec::new();
        for dir in folders {
            let said = Self { dir: dir.clone(), version: 0, account: account.clone() }.run_blocking("postgres", ["--version"])?;
            if let Some(version) = major(&String::from_utf8_lossy(&said.stdout)) {
                installed.push(Self { dir, version, account: account.clone() });
            }
        }
        let first = installed.first().ok_or(EmbeddedError::NoPrograms)?;
        if installed.iter().all(|programs| programs.version < OLDEST) {
            return Err(EmbeddedError::TooOld { version: first.version, oldest: OLDEST, folder: first.dir.clone() });
        }
        installed.retain(|programs| programs.version >= OLDEST);
        Ok(installed)
    }

    /// A program with an environment of its own: a stray PGDATA or PGPORT must not reach it.
    pub(super) fn command(&self, program: &str) -> Command {
        self.clean(Command::new(self.dir.join(program)))
    }

    fn clean(&self, mut command: Command) -> Command {
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").stdin(Stdio::null());
        account::run_as(&mut command, self.account.as_ref());
        command
    }

    /// A shell in the same circumstances.
    pub(super) fn shell(&self) -> Command {
        self.clean(Command::new("/bin/sh"))
    }

    fn run_blocking<A: AsRef<OsStr>>(&self, program: &str, args: impl IntoIterator<Item = A>) -> Result<Output, EmbeddedError> {
        let mut command = self.command(program);
        command.args(args).output().map_err(|source| EmbeddedError::Run { program: self.dir.join(program), source })
    }

    /// Runs a program to its end and collects what it says.
    pub(super) async fn run<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Result<Output, EmbeddedError> {
        let mut command = self.command(program);
        command.args(args);
        Self::finish(command).await
    }

    pub(super) async fn finish(command: Command) -> Result<Output, EmbeddedError> {
        let program = PathBuf::from(command.get_program());
        tokio::process::Command::from(command).output().await.map_err(|source| EmbeddedError::Run { program, source })
    }
}

/// Debian keeps each major version in a folder of its own, side by side.
fn debian(base: &Path) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(base)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| NEEDED.iter().all(|name| folder.join(name).is_file()))
        .collect();
    found.sort_unstable_by(|(a, _), (b, _)| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}

fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let program = env::split_paths(&path).map(|folder| folder.join("initdb")).find(|program| program.is_file())?;
    // A link in /usr/local/bin: the other programs are where it points to.
    let folder = fs::canonicalize(program).ok()?.parent()?.to_owned();
    (!folder.starts_with(DEBIAN) && NEEDED.iter().all(|name| folder.join(name).is_file())).then_some(folder)
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is 15; so are `17beta1` and `16devel` their number.
fn major(said: &str) -> Option<u32> {
    let version = said.split("(PostgreSQL) ").nth(1)?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_program_says() {
        for (said, version) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 9.6.24\n", Some(9)),
            ("postgres (PostgreSQL) 18beta2\n", Some(18)),
            ("postgres\n", None),
            ("", None),
        ] {
            assert_eq!(major(said), version, "{said}");
        }
    }

    #[test]
    fn debians_newest_version_comes_first_by_number_not_by_letter() {
        let base = env::temp_dir().join(format!("sri-programs-{}", std::process::id()));
        for version in ["9", "15", "100", "common"] {
            let folder = base.join(version).join("bin");
            fs::create_dir_all(&folder).unwrap();
            for name in NEEDED {
                fs::write(folder.join(name), "").unwrap();
            }
        }
        fs::remove_file(base.join("100/bin/initdb")).unwrap(); // client programs only
        assert_eq!(debian(&base), [base.join("15/bin"), base.join("9/bin")]);
        fs::remove_dir_all(&base).unwrap();
    }
}
