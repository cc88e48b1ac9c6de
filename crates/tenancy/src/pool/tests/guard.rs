//! The two ways in which sqlx 0.9.0 hands a broken or foreign transaction to the next user, and the guard against them
//! (security.md 2.3, T-DB3). Each attack is run against sqlx's own pool and against our pool with its guard switched off
//! first, to see that the test can see; then against the real one.
#![expect(clippy::disallowed_methods, reason = "the tests attack from below the gates")]

use std::{sync::Arc, time::Duration};

use kernel::{Clock, Fault};
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgPoolOptions};
use tokio::task::yield_now;

use crate::{
    Mode, Tenants, TxLimits, Unidade,
    config::{LoginRole, PoolLimits, TenancyConfig},
    session::{Session, simple},
    support::{World, cut},
};

/// What a connection would give to whoever uses it next.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    role: String,
    search_path: String,
    in_transaction: bool,
}

impl Left {
    fn clean() -> Self {
        Self { role: "sri_runtime".to_owned(), search_path: "\"$user\", public".to_owned(), in_transaction: false }
    }

    /// Over the simple protocol: inside a transaction that began earlier the two times differ.
    async fn on(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        simple(conn, "SELECT 1".to_owned()).await?;
        tokio::time::sleep(Duration::from_millis(2)).await;
        let row = sqlx::raw_sql("SELECT current_user::text, current_setting('search_path'), now() <> statement_timestamp()")
            .fetch_one(conn)
            .await?;
        Ok(Self { role: row.try_get(0)?, search_path: row.try_get(1)?, in_transaction: row.try_get(2)? })
    }
}

/// A world whose processes have a pool of one connection.
async fn world() -> (World, Arc<Unidade>, Arc<Unidade>) {
    let world = World::with(1, |config| config.pool = one()).await;
    let (alfa, beta) = (world.unidade("alfa").await, world.unidade("beta").await);
    (world, alfa, beta)
}

fn one() -> PoolLimits {
    PoolLimits { connections: 1, per_unidade: 1, ..PoolLimits::default() }
}

fn runtime(config: &TenancyConfig) -> sqlx::postgres::PgConnectOptions {
    config.central().login(LoginRole::Runtime, &config.master_key)
}

fn guarded(world: &World) -> Tenants {
    Tenants::new(&world.config, Clock::system())
}

fn unguarded(world: &World) -> Tenants {
    Tenants::unguarded(&world.config, Clock::system())
}

/// What the next lease of the pool finds, before it begins anything.
async fn left(tenants: &Tenants, world: &World) -> Result<Left, sqlx::Error> {
    let mut lease = tenants.pool(world.platform.central()).lease(None).await.unwrap();
    let left = Left::on(lease.conn()).await;
    lease.give_back();
    left
}

#[tokio::test]
async fn sqlx_hands_on_a_transaction_whose_begin_failed() {
    let (world, _, _) = world().await;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(runtime(&world.config)).await.unwrap();
    pool.begin_with("BEGIN; SET LOCAL ROLE missing").await.map(drop).expect_err("no such role");
    // When this starts to fail, sqlx has been mended: read decision 0002 again.
    let error = sqlx::query("SELECT 1").execute(&pool).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().unwrap(), "25P02");
}

#[tokio::test]
async fn sqlx_hands_on_the_role_and_path_of_a_cancelled_begin() {
    let (world, alfa, _) = world().await;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(runtime(&world.config)).await.unwrap();
    let names = alfa.names();
    let message = format!("BEGIN; SET LOCAL ROLE {0}; SET LOCAL search_path = {0}; SELECT pg_sleep(0.2)", names.schema());
    tokio::time::timeout(Duration::from_millis(50), pool.begin_with(AssertSqlSafe(message)))
        .await
        .map(drop)
        .expect_err("cut off");
    let mut next = pool.acquire().await.unwrap();
    let left = Left::on(&mut next).await.unwrap();
    assert_eq!(left, Left { role: names.dml_role(), search_path: names.schema(), in_transaction: true });
}

#[tokio::test]
async fn a_failed_begin_costs_only_its_connection() {
    let (world, _, beta) = world().await;
    let mut ghost = Unidade::clone(&beta);
    ghost.id = crate::UnidadeId::new(world.platform.clock().uuid());
    let ghost = Arc::new(ghost);

    let open = unguarded(&world);
    open.begin(&ghost, Mode::Write, TxLimits::REQUEST).await.map(drop).expect_err("no such role");
    assert_eq!(left(&open, &world).await.unwrap_err().as_database_error().unwrap().code().unwrap(), "25P02", "the test can see");

    let tenants = guarded(&world);
    let fault = tenants.begin(&ghost, Mode::Write, TxLimits::REQUEST).await.map(drop).expect_err("no such role");
    assert!(fault.is_unavailable(), "a unidade that has just moved away is tried again: {fault}");
    assert_eq!(left(&tenants, &world).await.unwrap(), Left::clean());
    tenants.read(&beta, async |tx| touch(tx.db()).await).await.unwrap();
}

#[tokio::test]
async fn a_cancelled_begin_costs_only_its_connection() {
    let (world, alfa, _) = world().await;
    let slow = format!("{}; SELECT pg_sleep(0.2)", alfa.names().begin(false, 10_000, 3_000));
    let begin = async |tenants: &Tenants| {
        let lease = tenants.pool(world.platform.central()).lease(Some(alfa.id.uuid())).await.unwrap();
        tokio::time::timeout(Duration::from_millis(50), Session::begin(lease, slow.clone()))
            .await
            .map(drop)
            .expect_err("cut off");
    };
    let open = unguarded(&world);
    begin(&open).await;
    let foreign = left(&open, &world).await.unwrap();
    assert!(foreign.in_transaction && foreign.role == alfa.names().dml_role(), "the test can see: {foreign:?}");

    let tenants = guarded(&world);
    begin(&tenants).await;
    assert_eq!(left(&tenants, &world).await.unwrap(), Left::clean());
}

async fn touch(db: &mut Session) -> Result<(), Fault> {
    sqlx::query("SELECT count(*) FROM auditoria").execute(db).await?;
    Ok(())
}

/// One whole request: begin, a prepared statement, a message, a COPY, commit. It waits between them, as a handler does: a
/// server that answers at once would leave no await to be cut at.
async fn request(tenants: &Tenants, unidade: &Arc<Unidade>) -> Result<(), Fault> {
    tenants
        .write(unidade, async |tx| {
            touch(tx.db()).await?;
            yield_now().await;
            tx.nested(async |tx| touch(tx.db()).await).await?;
            yield_now().await;
            let line = format!("{}\t2026-11-22T12:00:00Z\tsistema\tSRI\tguarda.copia\tguarda\n", tx.clock().uuid());
            let columns = "COPY auditoria (id, at, actor_kind, actor_nome, action, entity) FROM STDIN";
            tx.copy_in(columns, futures::stream::iter([line.into_bytes()])).await?;
            yield_now().await;
            tx.audit(
                &kernel::Actor::sistema(),
                crate::Entry { action: "guarda.ensaio", entity: "guarda", entity_id: None, change: crate::Change::default() },
            )
            .await
        })
        .await
}

/// Cuts a request of `alfa` after each number of polls; returns how many times the next user found something foreign.
async fn cut_everywhere(tenants: &Tenants, world: &World, alfa: &Arc<Unidade>) -> (usize, usize) {
    let (mut dirty, mut finished) = (0, 0);
    for polls in 1..=60 {
        if cut(request(tenants, alfa), polls).await.is_some() {
            finished += 1;
        }
        match left(tenants, world).await {
            Ok(left) if left == Left::clean() => {}
            _ => {
                dirty += 1;
                tenants.close_idle();
            }
        }
    }
    (dirty, finished)
}

#[tokio::test]
async fn a_request_dropped_at_any_await_leaves_a_clean_connection() {
    let (world, alfa, _) = world().await;
    let (dirty, _) = cut_everywhere(&unguarded(&world), &world, &alfa).await;
    assert!(dirty > 0, "without its guard the test must go red");

    let (dirty, finished) = cut_everywhere(&guarded(&world), &world, &alfa).await;
    assert_eq!(dirty, 0);
    assert!(finished > 0 && finished < 60, "the longest cuts must let the request end, else its last awaits were never reached");
}

#[tokio::test]
async fn every_ordinary_end_keeps_the_connection_and_leaves_it_clean() {
    let (world, alfa, beta) = world().await;
    let tenants = guarded(&world);
    let backend = async |unidade: &Arc<Unidade>| -> i32 {
        tenants
            .read(unidade, async |tx| {
                Ok::<i32, Fault>(sqlx::query("SELECT pg_backend_pid()").fetch_one(tx.db()).await?.try_get(0)?)
            })
            .await
            .unwrap()
    };
    let first = backend(&alfa).await;
    for n in 0..100 {
        let unidade = if n % 2 == 0 { &alfa } else { &beta };
        if n % 3 == 0 {
            let refused: Result<(), Fault> = tenants.write(unidade, async |_| Err(Fault::because("refused"))).await;
            refused.unwrap_err();
        } else {
            tenants.write(unidade, async |tx| touch(tx.db()).await).await.unwrap();
        }
        assert_eq!(left(&tenants, &world).await.unwrap(), Left::clean());
    }
    assert_eq!(backend(&beta).await, first, "healthy requests never cost a connection");
}

#[tokio::test]
async fn a_panic_costs_the_connection() {
    let (world, alfa, _) = world().await;
    let tenants = guarded(&world);
    let (inner, unidade) = (tenants.clone(), Arc::clone(&alfa));
    let outcome = tokio::spawn(async move {
        inner
            .write(&unidade, async |tx| {
                touch(tx.db()).await?;
                assert!(tx.unidade_id() != unidade.id, "the panic");
                Ok::<(), Fault>(())
            })
            .await
    })
    .await;
    assert!(outcome.unwrap_err().is_panic());
    assert_eq!(left(&tenants, &world).await.unwrap(), Left::clean());
}

#[tokio::test]
async fn what_a_statement_leaves_on_the_session_is_gone_for_the_next() {
    let (world, alfa, beta) = world().await;
    let tenants = guarded(&world);
    for trace in [
        "SET ROLE sri_runtime",
        "RESET ROLE",
        "SET search_path = public",
        "SET statement_timeout = 0",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "LISTEN anything",
        "DECLARE secret CURSOR WITH HOLD FOR SELECT * FROM auditoria",
        "SELECT pg_advisory_lock(42)",
    ] {
        tenants
            .write(&alfa, async |tx| {
                sqlx::query(trace).execute(tx.db()).await?;
                Ok::<(), Fault>(())
            })
            .await
            .unwrap();
        assert_eq!(left(&tenants, &world).await.unwrap(), Left::clean(), "{trace}");
        let traces: i64 = tenants
            .write(&beta, async |tx| {
                let row = sqlx::query(
                    "SELECT (SELECT count(*) FROM pg_cursors WHERE name = 'secret') + (SELECT count(*) FROM pg_listening_channels())
                          + (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
                          + (current_setting('default_transaction_read_only') = 'on')::int",
                )
                .fetch_one(tx.db())
                .await?;
                Ok::<i64, Fault>(row.try_get(0)?)
            })
            .await
            .unwrap();
        assert_eq!(traces, 0, "{trace}");
    }
}

#[tokio::test]
async fn a_commit_is_never_reported_that_did_not_happen() {
    let (world, alfa, _) = world().await;
    let tenants = guarded(&world);
    // A failed statement whose error the caller swallowed.
    let swallowed = tenants
        .write(&alfa, async |tx| {
            sqlx::query("SELECT 1 / 0").execute(tx.db()).await.unwrap_err();
            Ok::<(), Fault>(())
        })
        .await;
    swallowed.unwrap_err();
    // A failed statement whose answer nobody read, because a time limit cut it off.
    let cut_off = tenants
        .write(&alfa, async |tx| {
            let slow = sqlx::query("SELECT 1 / (pg_sleep(0.05)::text = '1')::int").execute(tx.db());
            tokio::time::timeout(Duration::from_millis(5), slow).await.unwrap_err();
            Ok::<(), Fault>(())
        })
        .await;
    cut_off.unwrap_err();
    // The same, but the statement went well: then there is something to keep, and it is kept.
    tenants
        .write(&alfa, async |tx| {
            let slow = sqlx::query("SELECT pg_sleep(0.05)").execute(tx.db());
            tokio::time::timeout(Duration::from_millis(5), slow).await.unwrap_err();
            Ok::<(), Fault>(())
        })
        .await
        .unwrap();
}
