//! A unidade goes to another cluster while its people write (architecture 3, "beyond one machine").

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture};
use kernel::{Actor, Fault};
use sqlx::Row;
use tenancy::{
    Migrations, Mode, MoveError, MoveOptions, MoveParticipant, MoveStep, Status, TxLimits, Unidade, Way, abort_move,
    confirm_move, lifecycle, move_unidade, moving,
};

use crate::{
    backup::print,
    support::{Cluster, World, sample_rows, sample_stream, until},
};

async fn stage() -> (World, Migrations, Arc<Unidade>) {
    let world = World::two().await;
    let stream = sample_stream();
    let alfa = world.unidade_of("alfa", &stream).await;
    world.sudo(format!("SET search_path = {}; {}", alfa.names().schema(), sample_rows(300))).await;
    (world, stream, alfa)
}

fn options(world: &World) -> MoveOptions {
    MoveOptions { grace: Duration::from_millis(50), ..MoveOptions::to(world.placement(1)) }
}

async fn go(world: &World, stream: &Migrations, unidade: &Unidade, options: &MoveOptions) -> Result<moving::Move, MoveError> {
    move_unidade(&world.platform, stream, &Actor::sistema(), unidade.id, options, |_| {}).await
}

/// Whether the schema is in a placement.
async fn there(world: &World, placement: usize, unidade: &Unidade) -> bool {
    world.ask_at(placement, format!("SELECT to_regnamespace('{}') IS NOT NULL", unidade.names().schema())).await
}

#[tokio::test]
async fn no_acknowledged_write_is_lost_or_doubled() {
    let (world, stream, alfa) = stage().await;
    let stop = AtomicBool::new(false);
    let acknowledged = Mutex::new(Vec::new());
    let refused = Mutex::new(0);
    // Two other processes, each with its own memory of the register.
    let processes = [World::open(world.urls.clone(), |_| {}), World::open(world.urls.clone(), |_| {})];
    for process in &processes {
        let registry = process.registry.clone();
        tokio::spawn(async move { registry.listen().await });
        until("it listens", async || process.registry.is_listening()).await;
    }
    let writer = async |number: usize| {
        let process = &processes[number % 2];
        let mut n = 0;
        while !stop.load(Ordering::Relaxed) {
            n += 1;
            let mark = format!("marca {number} {n}");
            let unidade = process.registry.settled(alfa.id, Duration::from_secs(20)).await.unwrap().unwrap();
            let written = process
                .tenants
                .write(&unidade, async |tx| {
                    sqlx::query("INSERT INTO pessoa (id, nome) VALUES (gen_random_uuid(), $1)")
                        .bind(&mark)
                        .execute(tx.db())
                        .await?;
                    // Some are slow: they are inside when the fence closes.
                    if n % 5 == 0 {
                        tokio::time::sleep(Duration::from_millis(40)).await;
                    }
                    sqlx::query("UPDATE oficina SET nome = nome WHERE id = (SELECT min(id) FROM oficina)")
                        .execute(tx.db())
                        .await?;
                    Ok::<(), Fault>(())
                })
                .await;
            match written {
                Ok(()) => acknowledged.lock().unwrap().push(mark),
                Err(_) => *refused.lock().unwrap() += 1,
            }
        }
    };
    let carry = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let state = go(&world, &stream, &alfa, &options(&world)).await.unwrap();
        let before = acknowledged.lock().unwrap().len();
        until("writing goes on in the target", async || acknowledged.lock().unwrap().len() > before + 20).await;
        stop.store(true, Ordering::Relaxed);
        state
    };
    let (state, ..) = futures::join!(carry, writer(0), writer(1), writer(2), writer(3));
    assert_eq!(state.step, MoveStep::Switched);

    let mut conn = world.admin(1).await;
    let sql = format!("SELECT nome, count(*) FROM {}.pessoa WHERE nome LIKE 'marca %' GROUP BY nome", alfa.names().schema());
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap();
    let present: std::collections::BTreeMap<String, i64> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 40, "{} writes, {} refused", acknowledged.len(), refused.into_inner().unwrap());
    for mark in &acknowledged {
        assert_eq!(present.get(mark), Some(&1), "{mark}");
    }
    assert!(present.values().all(|count| *count == 1));

    let now = world.find(alfa.id).await;
    assert_eq!((now.placement.as_str(), now.status), ("segundo", Status::Active));
    assert!(there(&world, 0, &alfa).await, "the source stays until the move is confirmed");
    confirm_move(&world.platform, &Actor::sistema(), alfa.id).await.unwrap();
    assert!(!there(&world, 0, &alfa).await);
    assert_eq!(tenancy::inspect(&world.platform, &world.placement(1), tenancy::Depth::Everything).await.unwrap(), []);
    assert!(matches!(confirm_move(&world.platform, &Actor::sistema(), alfa.id).await, Err(MoveError::NoMove)));
}

#[tokio::test]
async fn what_arrives_is_what_left_and_the_way_back_is_open() {
    let (world, stream, alfa) = stage().await;
    let before = print(&world, 0, alfa.id).await;
    go(&world, &stream, &alfa, &options(&world)).await.unwrap();
    assert_eq!(print(&world, 1, alfa.id).await, before);
    let there_now = world.find(alfa.id).await;
    world.run(&there_now, "INSERT INTO oficina (nome) VALUES ('Do outro lado')").await.unwrap();

    // A process that has not heard of it is refused by the source, for a moment.
    let stale = world.tenants.begin(&alfa, Mode::Write, TxLimits::REQUEST).await.map(drop).expect_err("the source is fenced");
    assert!(stale.is_unavailable(), "{stale}");
    assert_eq!(
        tenancy::inspect(&world.platform, &world.placement(0), tenancy::Depth::Everything).await.unwrap(),
        [],
        "a fence is no missing wall"
    );
    let home = MoveOptions { target: world.placement(0), ..options(&world) };
    assert!(
        matches!(go(&world, &stream, &alfa, &home).await, Err(MoveError::Unfinished(_))),
        "the source must be confirmed first"
    );
    confirm_move(&world.platform, &Actor::sistema(), alfa.id).await.unwrap();
    let after = print(&world, 1, alfa.id).await;
    go(&world, &stream, &alfa, &home).await.unwrap();
    assert_eq!(print(&world, 0, alfa.id).await, after);
    assert_eq!(world.find(alfa.id).await.placement, world.placement(0));
}

/// Notes what it is asked to do; fails on demand.
#[derive(Default)]
struct Luggage {
    done: Mutex<Vec<&'static str>>,
    lost: bool,
}

impl Luggage {
    fn note(&self, what: &'static str) {
        self.done.lock().unwrap().push(what);
    }
}

impl MoveParticipant for Luggage {
    fn name(&self) -> &'static str {
        "bagagem"
    }

    fn copy<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<(), Fault>> {
        async move {
            let now = way.platform.config().placement(&way.from).is_some();
            assert!(now && way.to.as_str() == "segundo");
            self.note("copy");
            if self.lost { Err(Fault::because("the luggage is lost")) } else { Ok(()) }
        }
        .boxed()
    }

    fn settle<'a>(&'a self, _: &'a Way) -> BoxFuture<'a, Result<(), Fault>> {
        self.note("settle");
        async { Ok(()) }.boxed()
    }

    fn undo<'a>(&'a self, _: &'a Way) -> BoxFuture<'a, Result<(), Fault>> {
        self.note("undo");
        async { Ok(()) }.boxed()
    }
}

#[tokio::test]
async fn who_travels_along_can_stop_the_move_and_everything_is_as_before() {
    let (world, stream, alfa) = stage().await;
    let before = print(&world, 0, alfa.id).await;
    let lost = Arc::new(Luggage { lost: true, ..Luggage::default() });
    let with = |luggage: &Arc<Luggage>| MoveOptions {
        participants: vec![Arc::clone(luggage) as Arc<dyn MoveParticipant>],
        ..options(&world)
    };
    let error = go(&world, &stream, &alfa, &with(&lost)).await.unwrap_err();
    assert!(error.to_string().contains("luggage"), "{error}");
    assert_eq!(*lost.done.lock().unwrap(), ["copy", "undo"]);
    let now = world.find(alfa.id).await;
    assert_eq!((now.placement.as_str(), now.status), ("principal", Status::Active));
    assert!(!there(&world, 1, &alfa).await);
    assert_eq!(print(&world, 0, alfa.id).await, before);
    world.run(&now, "INSERT INTO oficina (nome) VALUES ('Continua')").await.unwrap();
    let state = moving::find(&world.platform, alfa.id).await.unwrap().unwrap();
    assert_eq!(state.step, MoveStep::Reverted);
    assert!(state.error.unwrap().contains("luggage"));

    let kept = Arc::new(Luggage::default());
    go(&world, &stream, &alfa, &with(&kept)).await.unwrap();
    assert_eq!(*kept.done.lock().unwrap(), ["copy", "settle"]);
}

#[tokio::test]
async fn a_pause_that_lasts_too_long_ends_where_it_began() {
    let (world, stream, alfa) = stage().await;
    // Somebody has written and does not commit.
    let mut writer = world.tenants.begin(&alfa, Mode::Write, TxLimits::JOB).await.unwrap();
    sqlx::query("UPDATE oficina SET nome = nome").execute(writer.db()).await.unwrap();
    let impatient = MoveOptions { pause_limit: Duration::from_millis(1500), ..options(&world) };
    let error = go(&world, &stream, &alfa, &impatient).await.unwrap_err();
    assert!(matches!(error, MoveError::TooLong), "{error}");
    let now = world.find(alfa.id).await;
    assert_eq!((now.placement.as_str(), now.status), ("principal", Status::Active));
    writer.commit().await.unwrap();
    world.run(&now, "INSERT INTO oficina (nome) VALUES ('Continua')").await.unwrap();
    assert_eq!(tenancy::inspect(&world.platform, &world.placement(0), tenancy::Depth::Everything).await.unwrap(), []);
}

#[tokio::test]
async fn a_transaction_that_slept_through_the_move_is_refused_not_lost() {
    let (world, stream, alfa) = stage().await;
    let mut sleeper = world.tenants.begin(&alfa, Mode::Write, TxLimits::JOB).await.unwrap();
    sqlx::query("SELECT count(*) FROM pessoa").execute(sleeper.db()).await.unwrap();
    go(&world, &stream, &alfa, &options(&world)).await.unwrap();
    sqlx::query("INSERT INTO oficina (nome) VALUES ('tarde')").execute(sleeper.db()).await.unwrap_err();
    sleeper.commit().await.unwrap_err();
}

#[tokio::test]
async fn what_changes_between_copy_and_pause_is_found_by_comparison() {
    let (world, stream, alfa) = stage().await;
    let mut changed = false;
    let urls = world.urls.clone();
    let schema = alfa.names().schema();
    // Right before the pause: a change in one table, a new column and a deletion in another.
    let state = move_unidade(&world.platform, &stream, &Actor::sistema(), alfa.id, &options(&world), |p| {
        if p.step == "paused" && !changed {
            changed = true;
            let sql = format!(
                "UPDATE {schema}.pessoa SET nome = 'mudou' WHERE id = (SELECT min(id::text)::uuid FROM {schema}.pessoa WHERE gestor_id <> id);
                 INSERT INTO {schema}.oficina (nome) VALUES ('novo')"
            );
            let out = std::process::Command::new("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", &sql, &urls[0]]).output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        }
    })
    .await
    .unwrap();
    assert!(changed && state.step == MoveStep::Switched);
    assert_eq!(print(&world, 1, alfa.id).await, print(&world, 0, alfa.id).await);
    let new: i64 = world.ask_at(1, format!("SELECT count(*) FROM {}.oficina WHERE nome = 'novo'", alfa.names().schema())).await;
    assert_eq!(new, 1);
}

#[tokio::test]
async fn an_archived_unidade_arrives_archived_and_migrated() {
    let (world, stream, alfa) = stage().await;
    let step = lifecycle::Step::Archive;
    world.platform.write(async |tx| lifecycle::change_status(tx, &Actor::sistema(), alfa.id, &step).await).await.unwrap();
    let later = stream.with(29_990_102_000_000, "mais", "ALTER TABLE pessoa ADD COLUMN apelido text");
    go(&world, &later, &alfa, &options(&world)).await.unwrap();
    let now = world.find(alfa.id).await;
    assert_eq!((now.status, now.schema_version), (Status::Archived, later.newest()));
    let column: i64 = world
        .ask_at(
            1,
            format!(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = '{}.pessoa'::regclass AND attname = 'apelido'",
                alfa.names().schema()
            ),
        )
        .await;
    assert_eq!(column, 1);
}

#[tokio::test]
async fn moves_that_make_no_sense_are_refused() {
    let (world, stream, alfa) = stage().await;
    let to = |name: &str| MoveOptions { target: name.parse().unwrap(), ..options(&world) };
    assert!(matches!(go(&world, &stream, &alfa, &to("principal")).await, Err(MoveError::AlreadyThere)));
    assert!(matches!(go(&world, &stream, &alfa, &to("terceiro")).await, Err(MoveError::UnknownPlacement)));
    assert!(matches!(abort_move(&world.platform, &stream, &Actor::sistema(), alfa.id, &[]).await, Err(MoveError::NoMove)));
    // Two at once: one of them carries it.
    let (a, b) = (options(&world), options(&world));
    let (one, two) = futures::join!(go(&world, &stream, &alfa, &a), go(&world, &stream, &alfa, &b));
    assert!(one.is_ok() != two.is_ok() || matches!((&one, &two), (Ok(_), Ok(_))), "{one:?} {two:?}");
    assert!(matches!(one.and(two), Ok(_) | Err(MoveError::Busy)));
    assert_eq!(world.find(alfa.id).await.placement, world.placement(1));
}

#[tokio::test]
async fn two_databases_of_one_cluster_are_no_two_placements() {
    let world = World::on(vec![Cluster::Shared(testkit::Which::Central), Cluster::Shared(testkit::Which::Central)], |_| {}).await;
    let stream = sample_stream();
    let alfa = world.unidade_of("alfa", &stream).await;
    assert!(matches!(go(&world, &stream, &alfa, &options(&world)).await, Err(MoveError::SameCluster)));
    let now = world.find(alfa.id).await;
    assert_eq!(now.status, Status::Active);
    world.run(&now, "INSERT INTO oficina (nome) VALUES ('Continua')").await.unwrap();
}
