//! The embedded PostgreSQL with real servers: first starts, warm starts, accidents. Run as root, everything runs a second time as
//! a user without rights.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    env, fs,
    net::TcpListener,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use tenancy::embedded::{Durability, Embedded, EmbeddedError, Notice, Options, Shutdown, Stopped};

/// A state directory of one test; its server and its files go with it, also when the test fails.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let home = Self(PathBuf::from(format!("/tmp/sri-embedded-{}-{name}", std::process::id())));
        fs::create_dir_all(&home.0).unwrap();
        home
    }

    fn options(&self) -> Options {
        Options::kept_in(self.0.join("state")).durability(Durability::Off)
    }

    fn data_dir(&self) -> PathBuf {
        self.0.join("state/pg/data")
    }

    /// The number in postmaster.pid.
    fn server_pid(&self) -> Option<String> {
        Some(fs::read_to_string(self.data_dir().join("postmaster.pid")).ok()?.lines().next()?.to_owned())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some(pid) =
            self.server_pid().filter(|pid| fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == self.data_dir()))
        {
            signal("QUIT", &pid);
            wait_until("the server is gone", || !Path::new(&format!("/proc/{pid}")).exists());
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn signal(name: &str, pid: &str) {
    assert!(Command::new("kill").args(["-s", name, pid]).status().unwrap().success(), "kill -s {name} {pid}");
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(20), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

async fn ask(url: &str, sql: &'static str) -> Result<String, sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    let row = connection.fetch_one(sql).await?;
    connection.close().await?;
    row.try_get(0)
}

async fn tell(url: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(sql).await.unwrap();
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0")
}

/// This test program as another process that runs one of the ignored tests below.
fn another_process(role: &str, home: &Home) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", role, "--ignored", "--nocapture"])
        .env("SRI_STATE_DIR", home.0.join("state"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Names, sizes and modes of everything below a folder.
fn inventory(folder: &Path) -> BTreeMap<PathBuf, (u64, u32)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            found.extend(inventory(&entry.path()));
        }
        found.insert(entry.path(), (metadata.len(), metadata.permissions().mode()));
    }
    found
}

#[tokio::test]
async fn the_second_start_finds_data_port_and_password_of_the_first() {
    let home = Home::new("warm");
    let first = Embedded::start(home.options().durability(Durability::On)).await.unwrap();
    assert_eq!(first.notices(), []);
    assert!(first.version() >= 15);
    tell(&first.url("postgres"), "CREATE DATABASE \"a b%\"").await;
    let (port, password) = (first.port(), first.password().to_owned());
    assert_eq!(ask(&first.url("a b%"), "SELECT current_database()::text").await.unwrap(), "a b%");
    assert_eq!(ask(&first.tcp_url("a b%"), "SELECT current_database()::text").await.unwrap(), "a b%");
    for (setting, value) in [
        ("fsync", "on"),
        ("jit", "off"),
        ("recovery_init_sync_method", "syncfs"),
        ("max_locks_per_transaction", "256"),
        ("max_files_per_process", "8000"),
    ] {
        let sql: &'static str = Box::leak(format!("SELECT current_setting('{setting}')").into_boxed_str());
        assert_eq!(ask(&first.url("postgres"), sql).await.unwrap(), value, "{setting}");
    }
    let mode = fs::metadata(home.0.join("state/pg/password")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!home.0.join("state/pg/password.lent").exists());
    assert_eq!(first.stop().await.unwrap(), Stopped::Server);
    assert_eq!(home.server_pid(), None);

    let second = Embedded::start(home.options()).await.unwrap();
    assert_eq!((second.port(), second.password()), (port, password.as_str()));
    assert_eq!(second.notices(), []);
    assert_eq!(ask(&second.url("a b%"), "SELECT 'there'").await.unwrap(), "there");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn nobody_logs_in_without_the_password() {
    let home = Home::new("scram");
    let server = Embedded::start(home.options()).await.unwrap();
    for url in [server.url("postgres"), server.tcp_url("postgres")] {
        let wrong = url.replace(server.password(), "guess");
        let error = ask(&wrong, "SELECT 'in'").await.unwrap_err();
        assert!(error.to_string().contains("password authentication failed"), "{error}");
    }
    assert_eq!(ask(&server.url("postgres"), "SELECT current_setting('password_encryption')").await.unwrap(), "scram-sha-256");
}

#[tokio::test]
async fn two_starters_share_one_server_and_the_last_one_stops_it() {
    let home = Home::new("two");
    let (one, two) = tokio::join!(Embedded::start(home.options()), Embedded::start(home.options()));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.port(), two.port());
    let adopted = [&one, &two].map(|server| server.notices().contains(&Notice::Adopted));
    assert!(adopted[0] ^ adopted[1], "one makes it, the other one finds it");
    let error = Embedded::erase(home.options()).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::InUse { .. }), "{error}");
    assert_eq!(one.stop().await.unwrap(), Stopped::StillUsed);
    assert_eq!(ask(&two.url("postgres"), "SELECT 'alive'").await.unwrap(), "alive");
    assert_eq!(two.stop().await.unwrap(), Stopped::Server);
    assert_eq!(home.server_pid(), None);
}

#[tokio::test]
async fn a_dropped_server_runs_on_and_is_adopted() {
    let home = Home::new("drop");
    let server = Embedded::start(home.options()).await.unwrap();
    let (url, pid) = (server.url("postgres"), home.server_pid());
    drop(server);
    assert_eq!(ask(&url, "SELECT 'alive'").await.unwrap(), "alive");
    let adopted = Embedded::start(home.options()).await.unwrap();
    assert_eq!(adopted.notices(), [Notice::Adopted]);
    assert_eq!(home.server_pid(), pid);
    adopted.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_server_recovers_with_every_commit() {
    let home = Home::new("kill");
    let server = Embedded::start(home.options()).await.unwrap();
    tell(&server.url("postgres"), "CREATE TABLE kept AS SELECT 'a commit'::text AS what").await;
    signal("KILL", &home.server_pid().unwrap());
    drop(server);
    // At once: orphans of the killed server may still be there.
    let again = Embedded::start(home.options()).await.unwrap();
    assert_eq!(ask(&again.url("postgres"), "SELECT what FROM kept").await.unwrap(), "a commit");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_pid_file_is_seen_through() {
    let home = Home::new("stale");
    Embedded::start(home.options()).await.unwrap().stop().await.unwrap();
    let pid_file = home.data_dir().join("postmaster.pid");
    // The number belongs to a process of ours by now (this one), or the file was never filled.
    for stale in
        [format!("{}\n{}\n1\n1\n/tmp\n127.0.0.1\n\nready\n", std::process::id(), home.data_dir().display()), String::new()]
    {
        fs::write(&pid_file, &stale).unwrap();
        let server = Embedded::start(home.options()).await.unwrap();
        assert_eq!(server.notices(), [], "{stale:?}");
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_starter_killed_at_any_moment_leaves_what_the_next_one_can_use() {
    for milliseconds in [20, 150, 400, 900] {
        let home = Home::new(&format!("moment-{milliseconds}"));
        let mut starter = another_process("child_starts_and_waits", &home);
        std::thread::sleep(Duration::from_millis(milliseconds));
        starter.kill().unwrap();
        starter.wait().unwrap();
        let server = Embedded::start(home.options()).await.unwrap_or_else(|error| panic!("after {milliseconds} ms: {error}"));
        assert_eq!(ask(&server.url("postgres"), "SELECT 'whole'").await.unwrap(), "whole");
        server.stop().await.unwrap();
        assert!(!home.0.join("state/pg.new").exists(), "after {milliseconds} ms");
    }
}

#[tokio::test]
#[ignore = "a process of its own for the tests above"]
async fn child_starts_and_waits() {
    let _server = Embedded::start(Options::from_env().durability(Durability::Off)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_port_taken_by_somebody_else_is_replaced_and_named() {
    let home = Home::new("port");
    let server = Embedded::start(home.options()).await.unwrap();
    let was = server.port();
    assert_eq!(server.stop().await.unwrap(), Stopped::Server);
    // A connection of some other program may have the port for a moment.
    let _somebody = loop {
        match TcpListener::bind(("127.0.0.1", was)) {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => tokio::task::yield_now().await,
            bound => break bound.unwrap(),
        }
    };
    let server = Embedded::start(home.options()).await.unwrap();
    let now = server.port();
    assert_eq!(server.notices(), [Notice::PortTaken { was, now }]);
    assert_eq!(ask(&server.tcp_url("postgres"), "SELECT 'here'").await.unwrap(), "here");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn data_of_another_major_version_is_named_and_not_touched() {
    let home = Home::new("major");
    let server = Embedded::start(home.options()).await.unwrap();
    let version = server.version();
    server.stop().await.unwrap();
    fs::write(home.data_dir().join("PG_VERSION"), "14\n").unwrap();
    let before = inventory(&home.0);
    let error = Embedded::start(home.options()).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::OtherVersion { stored: 14, programs, .. } if programs == version), "{error}");
    for part in ["PostgreSQL 14", &format!("PostgreSQL {version}"), "nothing was touched"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!(inventory(&home.0), before);
    // Who wants to begin anew may.
    Embedded::erase(home.options()).await.unwrap();
    Embedded::start(home.options()).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn programs_that_are_missing_or_too_old_are_named_before_anything_is_made() {
    let home = Home::new("programs");
    let folder = home.0.join("bin");
    fs::create_dir(&folder).unwrap();
    let error = Embedded::start(home.options().programs(&folder)).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NotPrograms { missing: "initdb", .. }), "{error}");
    for name in ["initdb", "pg_ctl", "postgres"] {
        fs::write(folder.join(name), "#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n").unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let error = Embedded::start(home.options().programs(&folder)).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::TooOld { version: 14, oldest: 15, .. }), "{error}");
    assert!(!home.0.join("state").exists());
}

#[tokio::test]
async fn a_state_directory_that_cannot_be_used_is_named() {
    let home = Home::new("closed");
    let closed = home.0.join("closed");
    fs::create_dir(&closed).unwrap();
    let options = Options::kept_in(closed.join("state"));
    if is_root() {
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        let error = Embedded::start(options).await.unwrap_err();
        assert!(matches!(&error, EmbeddedError::NotEnterable { path, .. } if *path == closed), "{error}");
    } else {
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
        let error = Embedded::start(options).await.unwrap_err();
        assert!(matches!(error, EmbeddedError::State { .. }), "{error}");
        assert!(error.to_string().contains("SRI_STATE_DIR"), "{error}");
    }
    fs::write(home.0.join("file"), "").unwrap();
    let error = Embedded::start(Options::kept_in(home.0.join("file"))).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::State { .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_cluster_is_named_and_not_touched() {
    let home = Home::new("damaged");
    Embedded::start(home.options()).await.unwrap().stop().await.unwrap();
    for file in ["state/pg/password", "state/pg/data/PG_VERSION"] {
        let (path, aside) = (home.0.join(file), home.0.join("aside"));
        fs::rename(&path, &aside).unwrap();
        let before = inventory(&home.0);
        let error = Embedded::start(home.options()).await.unwrap_err();
        assert!(matches!(error, EmbeddedError::Damaged { .. }), "{file}: {error}");
        assert_eq!(inventory(&home.0), before, "{file}");
        fs::rename(&aside, &path).unwrap();
    }
    Embedded::start(home.options()).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_long_path_gets_its_socket_elsewhere() {
    let home = Home::new("long");
    let state = home.0.join("x".repeat(60)).join("y".repeat(60));
    let server = Embedded::start(Options::kept_in(&state).durability(Durability::Off)).await.unwrap();
    let socket_dir = server.socket_dir().to_owned();
    assert!(!socket_dir.starts_with(&state), "{socket_dir:?}");
    assert_eq!(fs::metadata(&socket_dir).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(ask(&server.url("postgres"), "SELECT 'reached'").await.unwrap(), "reached");
    server.stop().await.unwrap();
    fs::remove_dir(&socket_dir).unwrap();
    // Somebody waits for us there.
    std::os::unix::fs::symlink("/tmp", &socket_dir).unwrap();
    let error = Embedded::start(Options::kept_in(&state)).await.unwrap_err();
    fs::remove_file(&socket_dir).unwrap();
    assert!(error.to_string().contains("belongs to somebody else"), "{error}");
}

#[tokio::test]
async fn a_full_disk_is_named_and_costs_nothing_once_there_is_room() {
    let home = Home::new("full");
    let mount = |options: &str| {
        Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(&home.0).stderr(Stdio::null()).status()
    };
    if !is_root() || !mount("size=24m,mode=755").unwrap().success() {
        eprintln!("skipped: this process may not mount a small disk");
        return;
    }
    let outcome = full_disk(&home, &mount).await;
    if let Some(pid) = home.server_pid() {
        signal("QUIT", &pid);
        wait_until("the server is gone", || home.server_pid().is_none());
    }
    assert!(Command::new("umount").arg(&home.0).status().unwrap().success());
    outcome.unwrap();
}

async fn full_disk(home: &Home, mount: &dyn Fn(&str) -> std::io::Result<std::process::ExitStatus>) -> Result<(), String> {
    let expect_full = |when: &str, result: Result<Embedded, EmbeddedError>| match result {
        Err(EmbeddedError::DiskFull { .. }) => Ok(()),
        other => Err(format!("{when}: {other:?}")),
    };
    expect_full("at the first start", Embedded::start(home.options()).await)?;
    mount("remount,size=160m").map_err(|e| e.to_string())?;
    let server = Embedded::start(home.options()).await.map_err(|e| e.to_string())?;
    tell(&server.url("postgres"), "CREATE TABLE kept AS SELECT 'a commit'::text AS what").await;
    server.stop().await.map_err(|e| e.to_string())?;

    let ballast = home.0.join("ballast");
    let _ = std::io::copy(&mut std::io::repeat(0), &mut fs::File::create(&ballast).unwrap());
    expect_full("at a later start", Embedded::start(home.options()).await)?;
    fs::remove_file(ballast).unwrap();
    let server = Embedded::start(home.options()).await.map_err(|e| e.to_string())?;
    let what = ask(&server.url("postgres"), "SELECT what FROM kept").await;
    server.stop().await.map_err(|e| e.to_string())?;
    if what.as_ref().is_ok_and(|what| what == "a commit") { Ok(()) } else { Err(format!("{what:?}")) }
}

#[tokio::test]
async fn a_temporary_server_is_ready_soon_and_goes_with_its_owner() {
    let started = Instant::now();
    let server = Embedded::start(Options::temporary()).await.unwrap();
    eprintln!("ready after {} ms", started.elapsed().as_millis());
    let (url, folder) = (server.url("postgres"), server.socket_dir().parent().unwrap().to_owned());
    assert_eq!(ask(&url, "SELECT current_setting('fsync')").await.unwrap(), "off");
    drop(server);
    assert!(!folder.exists());
    ask(&url, "SELECT 'gone'").await.unwrap_err();
}

#[tokio::test]
async fn a_temporary_server_goes_when_its_owner_is_killed() {
    let home = Home::new("watchdog");
    fs::create_dir(home.0.join("state")).unwrap();
    let told = home.0.join("state/told");
    let mut owner = another_process("child_starts_a_temporary_one_and_waits", &home);
    wait_until("the owner has started it", || fs::read_to_string(&told).is_ok_and(|told| told.ends_with('\n')));
    let folder = PathBuf::from(fs::read_to_string(&told).unwrap().trim());
    assert!(folder.join("pg/data/postmaster.pid").exists());
    owner.kill().unwrap();
    owner.wait().unwrap();
    wait_until("the watchdog has removed it", || !folder.exists());
}

#[tokio::test]
#[ignore = "a process of its own for the test above"]
async fn child_starts_a_temporary_one_and_waits() {
    let server = Embedded::start(Options::temporary()).await.unwrap();
    let told = PathBuf::from(env::var_os("SRI_STATE_DIR").unwrap()).join("told");
    fs::write(told, format!("{}\n", server.socket_dir().parent().unwrap().display())).unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_restart_keeps_port_and_data() {
    let server = Embedded::start(Options::temporary()).await.unwrap();
    let url = server.tcp_url("postgres");
    tell(&url, "CREATE TABLE kept AS SELECT 'a commit'::text AS what").await;
    for how in [Shutdown::Fast, Shutdown::Immediate] {
        server.restart(how).await.unwrap();
        assert_eq!(ask(&url, "SELECT what FROM kept").await.unwrap(), "a commit", "{how:?}");
    }
}

#[test]
fn all_of_it_holds_for_a_user_without_rights() {
    if !is_root() {
        return; // All the others just ran as one.
    }
    let home = Home::new("as-nobody");
    fs::set_permissions(&home.0, fs::Permissions::from_mode(0o777)).unwrap();
    // The build folder may be in root's home.
    let program = home.0.join("tests");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    let output = Command::new(&program)
        .args(["--test-threads=4"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .current_dir("/")
        .gid(65534)
        .uid(65534)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("a_killed_server_recovers_with_every_commit ... ok"), "{said}");
}
