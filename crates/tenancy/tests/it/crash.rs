//! Processes killed in the middle, and the next one that finishes their work (security.md 4: R2, R3, R8).
//!
//! The child is this very test program: it runs [`child`] with `SRI_CRASH_AT` set and dies there.

use std::{
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Output},
    sync::Arc,
    time::Duration,
};

use kernel::Actor;
use sqlx::{Connection, PgConnection};
use tenancy::{
    BackupKind, FleetOptions, Migrations, MoveOptions, MoveStep, Provisioning, RestoreInto, RestoreOptions, Status, Step,
    Unidade, UnidadeId, abort_move, backup, backups, confirm_move, lifecycle, migrate_fleet, move_unidade, moving, reconcile,
    restore, sweep_scratch, verify_archive,
};

use crate::{
    backup::print,
    support::{World, sample_rows, sample_stream},
};

const WORK: &str = "SRI_TEST_CHILD";

/// Runs one piece of work in a child that is killed at `place`; fails when it was not.
fn killed(world: &World, place: &str, work: &str, id: UnidadeId, folder: &Path) {
    let output = spawn(world, place, work, id, folder);
    assert_eq!(output.status.signal(), Some(6), "{work} did not reach {place}: {}", String::from_utf8_lossy(&output.stderr));
}

fn spawn(world: &World, place: &str, work: &str, id: UnidadeId, folder: &Path) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::child", "--nocapture"])
        .env("SRI_CRASH_AT", place)
        .env(WORK, work)
        .env("SRI_TEST_URLS", world.urls.join(" "))
        .env("SRI_TEST_ID", id.to_string())
        .env("SRI_TEST_FOLDER", folder)
        .output()
        .unwrap()
}

#[tokio::test]
#[ignore = "the child of the other tests of this file"]
async fn child() {
    let given = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is set by the parent"));
    let world = World::open(given("SRI_TEST_URLS").split(' ').map(str::to_owned).collect(), |_| {});
    let id: UnidadeId = given("SRI_TEST_ID").parse().unwrap();
    let folder = given("SRI_TEST_FOLDER");
    work(&world, &given(WORK), id, Path::new(&folder)).await;
}

/// What parent and child both can do.
async fn work(world: &World, what: &str, id: UnidadeId, folder: &Path) {
    let (platform, stream, actor) = (&world.platform, sample_stream(), Actor::sistema());
    match what {
        "provision" => Provisioning::make_schema(platform, &*world.find(id).await).await.unwrap(),
        "spare" => drop(Provisioning::make_spare(platform, &world.placement(0)).await.unwrap()),
        "fleet" => {
            let report = migrate_fleet(platform, &stream, &FleetOptions::default(), |_| {}).await.unwrap();
            assert!(report.is_complete(), "{report:?}");
        }
        "delete" => lifecycle::delete(platform, &actor, id, world.find(id).await.slug.as_str()).await.unwrap(),
        "backup" => drop(backup(platform, &stream, &*world.find(id).await, folder, BackupKind::Archive, |_| {}).await.unwrap()),
        "restore" => {
            let archive = folder.join(&backups(platform, id).await.unwrap().last().unwrap().nome);
            let options = RestoreOptions::new(archive, RestoreInto::Replace(id), folder.to_owned());
            restore(platform, &stream, &actor, &options, |_| {}).await.unwrap();
        }
        "move" => {
            let options = MoveOptions { grace: Duration::from_millis(20), ..MoveOptions::to(world.placement(1)) };
            move_unidade(platform, &stream, &actor, id, &options, |_| {}).await.unwrap();
        }
        "confirm" => confirm_move(platform, &actor, id).await.unwrap(),
        _ => panic!("unknown work {what}"),
    }
}

fn nowhere() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// An active unidade with rows.
async fn filled(world: &World, slug: &str) -> Arc<Unidade> {
    let unidade = world.unidade_of(slug, &sample_stream()).await;
    world.sudo(format!("SET search_path = {}; {}", unidade.names().schema(), sample_rows(40))).await;
    unidade
}

// R2
#[tokio::test]
async fn a_killed_provisioning_is_finished_by_the_next() {
    let world = World::new().await;
    let folder = nowhere();
    for (n, place) in ["provision.schema", "provision.mirrored"].into_iter().enumerate() {
        let id = world.request(&format!("u{n}")).await;
        killed(&world, place, "provision", id, folder.path());
        work(&world, "provision", id, folder.path()).await;
        work(&world, "provision", id, folder.path()).await;
        world.reach(id, Step::Done).await;
        let unidade = world.find(id).await;
        assert_eq!((unidade.status, unidade.schema_version), (Status::Active, Migrations::tenant().newest()));
        world.run(&unidade, "SELECT count(*) FROM auditoria").await.unwrap();
        assert_eq!(reconcile(&world.platform).await.unwrap(), []);
    }
    assert_eq!(tenancy::inspect(&world.platform, &world.placement(0), tenancy::Depth::Everything).await.unwrap(), []);

    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%'";
    let before: i64 = world.ask(schemas).await;
    killed(&world, "spare.made", "spare", UnidadeId::new(uuid::Uuid::nil()), folder.path());
    assert_eq!(world.ask::<i64>(schemas).await, before + 1);
    assert_eq!(sweep_scratch(&world.platform, Duration::from_secs(3600)).await.unwrap(), 0, "it may still be at work");
    assert_eq!(sweep_scratch(&world.platform, Duration::ZERO).await.unwrap(), 1);
    assert_eq!(world.ask::<i64>(schemas).await, before);
}

// R3
#[tokio::test]
async fn a_killed_fleet_goes_on_where_it_stopped() {
    let world = World::new().await;
    let folder = nowhere();
    let mut ids = Vec::new();
    for n in 0..8 {
        ids.push(world.unidade(&format!("u{n}")).await.id);
    }
    for time in [1, 3] {
        killed(&world, &format!("fleet.migrated:{time}"), "fleet", ids[0], folder.path());
    }
    let newest = sample_stream().newest();
    let mut done = 0;
    for id in &ids {
        let version: i64 = world.ask(format!("SELECT max(version) FROM {}._migration", tenancy::Names::of(*id).schema())).await;
        done += usize::from(version == newest);
    }
    assert!((4..8).contains(&done), "{done} schemas were migrated before the second kill");
    work(&world, "fleet", ids[0], folder.path()).await;
    assert_eq!(reconcile(&world.platform).await.unwrap(), [], "the mirror tells the truth");
    for id in &ids {
        let unidade = world.find(*id).await;
        assert_eq!((unidade.schema_version, unidade.status), (newest, Status::Active));
    }
}

#[tokio::test]
async fn a_killed_deletion_is_finished() {
    let world = World::new().await;
    let folder = nowhere();
    let alfa = filled(&world, "alfa").await;
    let step = lifecycle::Step::Archive;
    world.platform.write(async |tx| lifecycle::change_status(tx, &Actor::sistema(), alfa.id, &step).await).await.unwrap();
    work(&world, "backup", alfa.id, folder.path()).await;
    killed(&world, "delete.marked", "delete", alfa.id, folder.path());
    assert_eq!(lifecycle::finish_deletions(&world.platform).await.unwrap(), 1);
    assert_eq!(lifecycle::finish_deletions(&world.platform).await.unwrap(), 0);
    let left: i64 = world.ask(format!("SELECT count(*) FROM pg_roles WHERE rolname LIKE '__{}'", alfa.id.uuid().simple())).await;
    assert_eq!(left, 0);
}

// R8
#[tokio::test]
async fn a_killed_backup_never_looks_finished() {
    let world = World::new().await;
    let alfa = filled(&world, "alfa").await;
    for place in ["backup.begun", "backup.table:2", "backup.written", "backup.renamed"] {
        let folder = nowhere();
        killed(&world, place, "backup", alfa.id, folder.path());
        assert_eq!(backups(&world.platform, alfa.id).await.unwrap(), [], "{place}");
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let whole = verify_archive(&path, &world.config.master_key).await.is_ok();
            let finished = path.extension().is_some_and(|e| e == "sri");
            assert!(!finished || whole, "{place}: {path:?} has a final name and is not whole");
            assert_eq!(finished, place == "backup.renamed", "{place}: {path:?}");
        }
    }
}

#[tokio::test]
async fn a_killed_restore_leaves_the_old_or_the_new_and_can_be_repeated() {
    let world = World::new().await;
    for (n, place) in ["restore.closed", "restore.locked", "backup.written", "restore.filled"].into_iter().enumerate() {
        let folder = nowhere();
        let unidade = filled(&world, &format!("u{n}")).await;
        work(&world, "backup", unidade.id, folder.path()).await;
        let old = print(&world, 0, unidade.id).await;
        world.run(&unidade, "UPDATE pessoa SET nome = 'depois'").await.unwrap();
        let new = print(&world, 0, unidade.id).await;
        killed(&world, place, "restore", unidade.id, folder.path());
        let found = print(&world, 0, unidade.id).await;
        assert_eq!(found, if place == "restore.filled" { old.clone() } else { new }, "{place}");
        assert_eq!(world.find(unidade.id).await.status, Status::Maintenance, "nobody is let in meanwhile");
        world.run(&unidade, "UPDATE pessoa SET nome = 'solta'").await.expect("its locks went with it");
        work(&world, "restore", unidade.id, folder.path()).await;
        assert_eq!(print(&world, 0, unidade.id).await, old, "{place}");
        assert_eq!(world.find(unidade.id).await.status, Status::Active);
    }
}

#[tokio::test]
async fn a_killed_move_is_finished_by_the_next() {
    let world = World::two().await;
    let folder = nowhere();
    for (n, place) in
        ["move.begun", "move.copied", "move.paused", "move.fenced", "move.caught-up", "move.switched"].into_iter().enumerate()
    {
        let unidade = filled(&world, &format!("u{n}")).await;
        killed(&world, place, "move", unidade.id, folder.path());
        if matches!(place, "move.begun" | "move.copied") {
            // It is served from the source until the pause: this is caught up with.
            world.run(&world.find(unidade.id).await, "INSERT INTO oficina (nome) VALUES ('enquanto')").await.unwrap();
        }
        let before = print(&world, 0, unidade.id).await;
        assert_eq!(moving::unfinished(&world.platform).await.unwrap(), [unidade.id], "{place}");
        work(&world, "move", unidade.id, folder.path()).await;
        assert_eq!(print(&world, 1, unidade.id).await, before, "{place}");
        let now = world.find(unidade.id).await;
        assert_eq!((now.placement.as_str(), now.status), ("segundo", Status::Active), "{place}");
        world.run(&now, "INSERT INTO oficina (nome) VALUES ('depois')").await.unwrap();
        killed(&world, "move.dropped", "confirm", unidade.id, folder.path());
        work(&world, "confirm", unidade.id, folder.path()).await;
        assert_eq!(moving::find(&world.platform, unidade.id).await.unwrap().unwrap().step, MoveStep::Done);
    }
}

#[tokio::test]
async fn a_killed_move_can_be_given_up() {
    let world = World::two().await;
    let folder = nowhere();
    let stream = sample_stream();
    for (n, place) in ["move.begun", "move.copied", "move.paused", "move.fenced", "move.caught-up"].into_iter().enumerate() {
        let unidade = filled(&world, &format!("u{n}")).await;
        let before = print(&world, 0, unidade.id).await;
        killed(&world, place, "move", unidade.id, folder.path());
        abort_move(&world.platform, &stream, &Actor::sistema(), unidade.id, &[]).await.unwrap();
        assert_eq!(print(&world, 0, unidade.id).await, before, "{place}");
        let now = world.find(unidade.id).await;
        assert_eq!((now.placement.as_str(), now.status), ("principal", Status::Active), "{place}");
        world.run(&now, "INSERT INTO oficina (nome) VALUES ('depois')").await.unwrap();
        let gone: bool = world.ask_at(1, format!("SELECT to_regnamespace('{}') IS NULL", unidade.names().schema())).await;
        assert!(gone, "{place}");
    }
    assert_eq!(tenancy::inspect(&world.platform, &world.placement(0), tenancy::Depth::Everything).await.unwrap(), []);
}

/// The lock that keeps two processes off one unidade dies with its holder.
#[tokio::test]
async fn a_killed_process_holds_nobody_up() {
    let world = World::two().await;
    let folder = nowhere();
    let unidade = filled(&world, "alfa").await;
    killed(&world, "move.copied", "move", unidade.id, folder.path());
    let mut conn = PgConnection::connect(&world.urls[0]).await.unwrap();
    let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    for _ in 0..100 {
        let held: i64 = sqlx::Row::get(&sqlx::query(locks).fetch_one(&mut conn).await.unwrap(), 0);
        if held == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the lock is still held");
}
