//! Migrations over all unidades: stopped anywhere, continued, raced, and with one that is broken (R3, P-9).

use std::{sync::Arc, time::Duration};

use sqlx::Row;
use tenancy::{FleetOptions, Migrations, Provisioning, Status, UnidadeId, migrate_fleet, migrate_status, reconcile};

use crate::support::World;

const STEP: i64 = 29_990_101_000_000;

fn next() -> Migrations {
    Migrations::tenant().with(
        STEP,
        "duas colunas",
        "ALTER TABLE auditoria ADD COLUMN um text; ALTER TABLE auditoria ADD COLUMN dois integer;
         CREATE INDEX auditoria_um_idx ON auditoria (um);",
    )
}

async fn fleet(world: &World, stream: &Migrations, options: &FleetOptions) -> tenancy::FleetReport {
    migrate_fleet(&world.platform, stream, options, |_| {}).await.unwrap()
}

async fn some(world: &World, count: usize) -> Vec<Arc<tenancy::Unidade>> {
    let mut unidades = Vec::new();
    for n in 0..count {
        unidades.push(world.unidade(&format!("u{n}")).await);
    }
    unidades
}

async fn version(world: &World, id: UnidadeId) -> i64 {
    world.ask(format!("SELECT max(version) FROM {}._migration", tenancy::Names::of(id).schema())).await
}

#[tokio::test]
async fn every_schema_and_spare_reaches_the_newest_version_once() {
    let world = World::new().await;
    let unidades = some(&world, 4).await;
    let spare = Provisioning::make_spare(&world.platform, &world.placement(0)).await.unwrap();
    let mut told = Vec::new();
    let report = migrate_fleet(&world.platform, &next(), &FleetOptions::default(), |p| told.push(p)).await.unwrap();
    assert!(report.is_complete());
    assert_eq!((report.migrated.len(), report.spares), (4, 1));
    assert_eq!(told.len(), 5);
    assert_eq!((told[4].done, told[4].total), (5, 5));
    for id in unidades.iter().map(|u| u.id).chain([spare]) {
        assert_eq!(version(&world, id).await, STEP);
    }
    for line in migrate_status(&world.platform, &next()).await.unwrap() {
        assert_eq!((line.version, line.pending, line.error), (STEP, 0, None));
    }
    let again = fleet(&world, &next(), &FleetOptions::default()).await;
    assert_eq!((again.migrated.len(), again.spares), (0, 0), "a second run finds nothing to do");
    assert_eq!(world.find(unidades[0].id).await.status, Status::Active);
}

#[tokio::test]
async fn a_broken_unidade_is_marked_and_closed_and_the_rest_go_on() {
    let world = World::new().await;
    let unidades = some(&world, 4).await;
    let broken = &unidades[1];
    world.sudo(format!("ALTER TABLE {}.auditoria ADD COLUMN dois text", broken.names().schema())).await;
    let report = fleet(&world, &next(), &FleetOptions::default()).await;
    assert_eq!((report.migrated.len(), report.failed.len()), (3, 1));
    assert_eq!(report.failed[0].0, broken.id);
    let now = world.find(broken.id).await;
    assert_eq!((now.status, now.status_reason.as_deref()), (Status::Maintenance, Some(tenancy::REASON_MIGRATION)));
    let columns: i64 = world
        .ask(format!(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = '{}.auditoria'::regclass AND attname = 'um'",
            broken.names().schema()
        ))
        .await;
    assert_eq!(columns, 0, "the failed migration left nothing of itself");
    let line = migrate_status(&world.platform, &next()).await.unwrap().into_iter().find(|l| l.id == broken.id).unwrap();
    assert_eq!(line.pending, 1);
    assert!(line.error.unwrap().contains("already exists"));
    let audited: i64 = world.ask("SELECT count(*) FROM platform.auditoria WHERE action = 'unidade.migracao_falhou'").await;
    assert_eq!(audited, 1);

    world.sudo(format!("ALTER TABLE {}.auditoria DROP COLUMN dois", broken.names().schema())).await;
    let report = fleet(&world, &next(), &FleetOptions::default()).await;
    assert_eq!(report.migrated.len(), 1);
    let now = world.find(broken.id).await;
    assert_eq!((now.status, now.status_reason.as_deref()), (Status::Active, None), "what the migration closed, it opens");
}

#[tokio::test]
async fn a_failing_canary_stops_the_fleet() {
    let world = World::new().await;
    let unidades = some(&world, 3).await;
    world.sudo(format!("ALTER TABLE {}.auditoria ADD COLUMN dois text", unidades[2].names().schema())).await;
    let options = FleetOptions { canaries: vec![unidades[2].slug.clone()], ..FleetOptions::default() };
    let report = fleet(&world, &next(), &options).await;
    assert!(report.stopped && report.migrated.is_empty());
    assert_ne!(version(&world, unidades[0].id).await, STEP);
}

#[tokio::test]
async fn a_lock_held_by_its_people_delays_a_unidade_and_fails_none() {
    let world = World::new().await;
    let unidades = some(&world, 2).await;
    let mut reader = world.admin(0).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("BEGIN; SELECT FROM {}.auditoria", unidades[0].names().schema())))
        .execute(&mut reader)
        .await
        .unwrap();
    let options = FleetOptions { lock_timeout: Duration::from_millis(50), retries: 6, ..FleetOptions::default() };
    let stream = next();
    let release = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
    };
    let (report, ()) = futures::join!(fleet(&world, &stream, &options), release);
    assert_eq!(report.migrated.len(), 2, "{report:?}");
}

#[tokio::test]
async fn two_fleets_at_once_do_each_schema_once() {
    let world = World::new().await;
    let unidades = some(&world, 6).await;
    let (stream, options) = (next(), FleetOptions::default());
    let (a, b) = futures::join!(fleet(&world, &stream, &options), fleet(&world, &stream, &options));
    assert!(a.is_complete() && b.is_complete(), "{a:?} {b:?}");
    for unidade in &unidades {
        assert_eq!(version(&world, unidade.id).await, STEP);
        let rows: i64 =
            world.ask(format!("SELECT count(*) FROM {}._migration WHERE version = {STEP}", unidade.names().schema())).await;
        assert_eq!(rows, 1);
        assert_eq!(world.find(unidade.id).await.status, Status::Active);
    }
}

#[tokio::test]
async fn the_register_is_mended_after_the_schemas() {
    let world = World::new().await;
    let unidades = some(&world, 3).await;
    assert_eq!(reconcile(&world.platform).await.unwrap(), []);
    // A register that runs ahead would make a fleet skip migrations: it must not be believed.
    world.sudo(format!("UPDATE platform.unidade SET schema_version = 5 WHERE id = '{}'", unidades[0].id)).await;
    world.sudo(format!("UPDATE platform.unidade SET schema_version = {} WHERE id = '{}'", STEP - 1, unidades[1].id)).await;
    let report = fleet(&world, &next(), &FleetOptions::default()).await;
    assert!(report.is_complete(), "{report:?}");
    for unidade in &unidades {
        let applied: i64 = world.ask(format!("SELECT count(*) FROM {}._migration", unidade.names().schema())).await;
        assert_eq!(usize::try_from(applied).unwrap(), next().list().count(), "none was skipped");
    }
    world.sudo(format!("UPDATE platform.unidade SET schema_version = {} WHERE id = '{}'", STEP + 7, unidades[0].id)).await;
    world.sudo(format!("DROP SCHEMA {} CASCADE", unidades[2].names().schema())).await;
    let mended = reconcile(&world.platform).await.unwrap();
    assert_eq!(mended.len(), 2, "{mended:?}");
    assert!(mended.iter().any(|m| m.id == unidades[0].id && m.schema_says == Some(STEP)));
    assert!(mended.iter().any(|m| m.id == unidades[2].id && m.schema_says.is_none()));
    assert_eq!(world.find(unidades[0].id).await.schema_version, STEP);
}

#[tokio::test]
async fn a_placement_that_does_not_answer_closes_nobody() {
    let world = World::two().await;
    let unidades = some(&world, 2).await;
    world.sudo(format!("UPDATE platform.unidade SET placement = 'segundo' WHERE id = '{}'", unidades[1].id)).await;
    world.sudo_at(1, "ALTER ROLE sri_migrator NOLOGIN").await;
    let options = FleetOptions { retries: 1, ..FleetOptions::default() };
    let report = fleet(&world, &next(), &options).await;
    world.sudo_at(1, "ALTER ROLE sri_migrator LOGIN").await;
    assert_eq!((report.migrated.len(), report.failed.len()), (1, 0));
    assert_eq!(report.unreached, [unidades[1].id]);
    assert_eq!(world.find(unidades[1].id).await.status, Status::Active);
}

#[tokio::test]
async fn a_unidade_on_its_way_is_left_to_the_move() {
    let world = World::new().await;
    let unidades = some(&world, 2).await;
    world
        .sudo(format!(
            "INSERT INTO platform.move (unidade_id, source, target, step, status_before, started_at, updated_at)
             VALUES ('{}', 'principal', 'segundo', 'copying', 'active', now(), now())",
            unidades[0].id
        ))
        .await;
    let report = fleet(&world, &next(), &FleetOptions::default()).await;
    assert_eq!(report.moving, [unidades[0].id]);
    assert_eq!(report.migrated.len(), 1);
}

/// Not a benchmark, only a guard against a fleet that walks: `bin/bench` has the figures.
#[tokio::test]
async fn a_hundred_schemas_take_seconds_not_minutes() {
    let world = World::new().await;
    world.unidade("modelo").await;
    let mut conn = world.admin(0).await;
    // Spares are schemas like any other.
    for _ in 0..30 {
        Provisioning::make_spare(&world.platform, &world.placement(0)).await.unwrap();
    }
    let started = std::time::Instant::now();
    let report = fleet(&world, &next(), &FleetOptions::default()).await;
    let took = started.elapsed();
    assert_eq!(report.spares, 30);
    assert!(took < Duration::from_secs(5), "{took:?}");
    let behind: i64 = sqlx::query("SELECT count(*) FROM platform.spare WHERE schema_version <> $1")
        .bind(STEP)
        .fetch_one(&mut conn)
        .await
        .unwrap()
        .get(0);
    assert_eq!(behind, 0);
}
