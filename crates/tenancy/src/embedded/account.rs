//! Who the server runs as: PostgreSQL refuses root.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::Path,
    process::Command,
};

use super::error::EmbeddedError;

/// The unprivileged account that root lends to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Root by the effective user: that is what the server checks.
pub(super) fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uids = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap_or_default();
    // Real, effective, saved, file system.
    uids.split_whitespace().nth(1) == Some("0")
}

impl Account {
    /// `None`: the server runs as whoever we are.
    pub(super) fn choose() -> Result<Option<Self>, EmbeddedError> {
        if !is_root() {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Self::in_passwd(&passwd, name))
            .map(Some)
            .ok_or(EmbeddedError::NoAccount)
    }

    fn in_passwd(passwd: &str, name: &str) -> Option<Self> {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next()? != name {
                return None;
            }
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            (uid != 0).then(|| Self { name: name.to_owned(), uid, gid })
        })
    }

    pub(super) fn own(&self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.uid), Some(self.gid))
    }

    /// The nearest folder on the way to `path` that the account may not pass through.
    pub(super) fn barrier<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        path.ancestors().filter(|folder| !folder.as_os_str().is_empty()).find(|folder| {
            fs::metadata(folder).is_ok_and(|folder| {
                let bit = match () {
                    () if folder.uid() == self.uid => 0o100,
                    () if folder.gid() == self.gid => 0o010,
                    () => 0o001,
                };
                folder.permissions().mode() & bit == 0
            })
        })
    }
}

/// Makes a command run as the account. Our own folder may be closed to it, hence the root as working directory; std drops the
/// supplementary groups along with the user.
pub(super) fn run_as(command: &mut Command, account: Option<&Account>) {
    use std::os::unix::process::CommandExt as _;
    command.current_dir("/");
    if let Some(account) = account {
        command.gid(account.gid).uid(account.uid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn an_account_is_read_from_passwd_and_root_is_none() {
        let postgres = Account::in_passwd(PASSWD, "postgres").unwrap();
        assert_eq!((postgres.uid, postgres.gid), (101, 104));
        assert_eq!(Account::in_passwd(PASSWD, "root"), None);
        assert_eq!(Account::in_passwd(PASSWD, "post"), None);
        assert_eq!(Account::in_passwd("postgres:x:nobody", "postgres"), None);
    }

    #[test]
    fn a_closed_folder_on_the_way_is_found() {
        let stranger = Account { name: "stranger".into(), uid: 54_321, gid: 54_321 };
        let base = std::env::temp_dir().join(format!("sri-barrier-{}", std::process::id()));
        let inner = base.join("closed/inner");
        fs::create_dir_all(&inner).unwrap();
        fs::set_permissions(&base, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(base.join("closed"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(stranger.barrier(&inner), None);
        fs::set_permissions(base.join("closed"), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(stranger.barrier(&inner), Some(base.join("closed").as_path()));
        fs::remove_dir_all(&base).unwrap();
    }
}
