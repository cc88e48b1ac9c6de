//! Which connection a lease gets, and how many there can be.

use std::time::Duration;

use kernel::Fault;
use sqlx::Row;
use uuid::Uuid;

use crate::{
    config::{LoginRole, PoolLimits},
    pool::{ConnPool, Lease, PoolSize},
    session::{Session, simple},
    support::{World, cut},
};

fn pool(world: &World, limits: PoolLimits) -> ConnPool {
    ConnPool::new(world.config.central().login(LoginRole::Runtime, &world.config.master_key), limits)
}

async fn backend(lease: &mut Lease) -> i32 {
    #[expect(clippy::disallowed_methods, reason = "the tests look from below the gates")]
    sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(lease.conn()).await.unwrap().get(0)
}

fn tenant(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// Leases, asks for the backend and gives back.
async fn visit(pool: &ConnPool, n: u128) -> i32 {
    let mut lease = pool.lease(Some(tenant(n))).await.unwrap();
    let pid = backend(&mut lease).await;
    lease.give_back();
    pid
}

#[tokio::test]
async fn a_tenant_gets_the_connection_that_served_it_last() {
    let world = World::new().await;
    let pool = pool(&world, PoolLimits { connections: 4, ..PoolLimits::default() });
    let (one, two, three) = (visit(&pool, 1).await, visit(&pool, 2).await, visit(&pool, 3).await);
    assert!(one != two && two != three, "while there is room, a tenant without a warm connection gets a new one");
    for _ in 0..5 {
        assert_eq!(visit(&pool, 2).await, two);
        assert_eq!(visit(&pool, 3).await, three);
        assert_eq!(visit(&pool, 1).await, one);
    }
    visit(&pool, 4).await;
    assert_eq!(visit(&pool, 5).await, two, "with no room left, the connection used longest ago is taken over");
    assert_eq!(pool.size().open, 4);
}

#[tokio::test]
async fn tenants_keep_to_the_connections_that_know_them() {
    let world = World::new().await;
    let pool = pool(&world, PoolLimits { connections: 2, ..PoolLimits::default() });
    let (one, two) = (visit(&pool, 1).await, visit(&pool, 2).await);
    assert_eq!(visit(&pool, 3).await, one);
    assert_eq!(visit(&pool, 1).await, one, "it has served another since, but knows this one");
    assert_eq!(visit(&pool, 4).await, two, "a new one goes where there are the fewest");
    for _ in 0..3 {
        for (tenant, home) in [(1, one), (2, two), (3, one), (4, two)] {
            assert_eq!(visit(&pool, tenant).await, home);
        }
    }
}

#[tokio::test]
async fn fewer_work_at_once_than_there_are() {
    let world = World::new().await;
    let limits = PoolLimits { connections: 4, at_once: 2, acquire_timeout: Duration::from_millis(100), ..PoolLimits::default() };
    let pool = pool(&world, limits);
    for n in 1..=4 {
        visit(&pool, n).await;
    }
    assert_eq!(pool.size(), PoolSize { open: 4, idle: 4 });
    let _first = pool.lease(Some(tenant(1))).await.unwrap();
    let second = pool.lease(Some(tenant(2))).await.unwrap();
    let fault = pool.lease(Some(tenant(3))).await.map(drop).expect_err("two are at work, and two rest");
    assert!(fault.is_unavailable());
    drop(second);
    pool.lease(Some(tenant(3))).await.unwrap();
}

#[tokio::test]
async fn one_tenant_cannot_take_all_connections() {
    let world = World::new().await;
    let limits =
        PoolLimits { connections: 4, per_unidade: 3, acquire_timeout: Duration::from_millis(100), ..PoolLimits::default() };
    let pool = pool(&world, limits);
    let mut greedy = Vec::new();
    for _ in 0..3 {
        greedy.push(pool.lease(Some(tenant(1))).await.unwrap());
    }
    let fault = pool.lease(Some(tenant(1))).await.map(drop).expect_err("its share is used up");
    assert!(fault.is_unavailable());
    let _other = pool.lease(Some(tenant(2))).await.unwrap();
    assert!(pool.lease(Some(tenant(3))).await.is_err(), "all four are taken");
    greedy.pop();
    pool.lease(Some(tenant(3))).await.unwrap();
}

#[tokio::test]
async fn a_connection_is_closed_after_its_share_of_tenants() {
    let world = World::new().await;
    let pool = pool(&world, PoolLimits { connections: 1, distinct_unidades: 3, ..PoolLimits::default() });
    let first = visit(&pool, 1).await;
    assert_eq!(visit(&pool, 2).await, first);
    assert_eq!(visit(&pool, 3).await, first);
    assert_eq!(visit(&pool, 1).await, first, "it knows this one already");
    assert_ne!(visit(&pool, 4).await, first, "a fourth would make it grow");
    assert_eq!(pool.size().open, 1);
}

#[tokio::test]
async fn an_old_connection_is_closed() {
    let world = World::new().await;
    let pool = pool(&world, PoolLimits { connections: 2, max_lifetime: Duration::from_millis(300), ..PoolLimits::default() });
    let first = visit(&pool, 1).await;
    assert_eq!(visit(&pool, 1).await, first);
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert_ne!(visit(&pool, 1).await, first);
    assert_eq!(pool.size().open, 1);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced_unseen() {
    let world = World::new().await;
    let unidade = world.unidade("alfa").await;
    let tenants = &world.tenants;
    let read = async || tenants.read(&unidade, async |tx| Ok::<_, Fault>(tx.unidade_id())).await;
    read().await.unwrap();
    for _ in 0..3 {
        world.sudo("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sri_runtime' AND datname = current_database()").await;
        read().await.unwrap();
    }
    assert_eq!(tenants.sizes()[0].1.open, 1);
}

#[tokio::test]
async fn a_server_that_is_gone_is_an_outage_and_costs_no_place() {
    let world = World::new().await;
    let options = world.config.central().login(LoginRole::Runtime, &world.config.master_key).host("127.0.0.1").port(9);
    let pool = ConnPool::new(options, PoolLimits { connections: 2, ..PoolLimits::default() });
    for _ in 0..5 {
        let fault = pool.lease(Some(tenant(1))).await.map(drop).expect_err("nobody listens there");
        assert!(fault.is_unavailable(), "{fault}");
        assert_eq!(pool.size().open, 0);
    }
}

#[tokio::test]
async fn there_are_never_more_connections_than_allowed() {
    let world = World::new().await;
    let limits = PoolLimits { connections: 3, per_unidade: 3, distinct_unidades: 4, ..PoolLimits::default() };
    let pool = pool(&world, limits);
    let busy = async |worker: u128| {
        for n in 0..60_u128 {
            let who = (worker * 7 + n * 13) % 11;
            match (worker + n) % 5 {
                // Given up while waiting, while the connection is being opened, or just after.
                0 => drop(cut(pool.lease(Some(tenant(who))), 1 + usize::try_from(n % 6).unwrap()).await),
                // Broken off inside a transaction.
                1 => {
                    let lease = pool.lease(Some(tenant(who))).await.unwrap();
                    drop(cut(Session::begin(lease, "BEGIN".to_owned()), 2).await);
                }
                // Lost on the way and opened anew.
                2 => {
                    let mut lease = pool.lease(Some(tenant(who))).await.unwrap();
                    lease.reconnect().await.unwrap();
                    lease.give_back();
                }
                _ => {
                    let mut lease = pool.lease(Some(tenant(who))).await.unwrap();
                    simple(lease.conn(), "SELECT 1".to_owned()).await.unwrap();
                    lease.give_back();
                }
            }
            let size = pool.size();
            assert!(size.open <= 3 && size.idle <= size.open, "{size:?}");
        }
    };
    futures::future::join_all((0..8).map(busy)).await;
    let size = pool.size();
    assert_eq!(size.open, size.idle, "every place that is not idle was given back: {size:?}");
    assert!(size.open <= 3);
}
