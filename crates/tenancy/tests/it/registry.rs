//! What one process changes, every other one knows (architecture 3: a suspended unidade stops at once).

use std::{sync::Arc, time::Duration};

use kernel::Actor;
use tenancy::{Registry, Status, UnidadeId, lifecycle};

use crate::support::{World, until};

/// Another process: its own connections, its own memory, listening.
async fn process(world: &World) -> Registry {
    let registry = World::open(world.urls.clone(), |_| {}).registry.clone();
    let listening = registry.clone();
    tokio::spawn(async move { listening.listen().await });
    until("it listens", async || registry.is_listening()).await;
    registry
}

async fn suspend(world: &World, id: UnidadeId) {
    let step = lifecycle::Step::Suspend("Teste".parse().unwrap());
    world.platform.write(async |tx| lifecycle::change_status(tx, &Actor::sistema(), id, &step).await).await.unwrap();
}

async fn status(registry: &Registry, slug: &str) -> Status {
    registry.by_slug(slug).await.unwrap().unwrap().status
}

#[tokio::test]
async fn a_suspension_reaches_every_process_within_a_second() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    let processes = [process(&world).await, process(&world).await];
    for registry in &processes {
        assert_eq!(status(registry, "alfa").await, Status::Active);
        let (one, other) = (registry.by_slug("alfa").await.unwrap().unwrap(), registry.by_slug("alfa").await.unwrap().unwrap());
        assert!(Arc::ptr_eq(&one, &other), "it is remembered, or the test shows nothing");
    }
    let started = std::time::Instant::now();
    suspend(&world, alfa.id).await;
    for registry in &processes {
        until("the suspension is known", async || status(registry, "alfa").await == Status::Suspended).await;
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_slug_once_unknown_is_known_when_it_is_made() {
    let world = World::new().await;
    let registry = process(&world).await;
    assert!(registry.by_slug("alfa").await.unwrap().is_none());
    world.unidade("alfa").await;
    until("the new unidade is known", async || {
        registry.by_slug("alfa").await.unwrap().is_some_and(|u| u.status == Status::Active)
    })
    .await;
}

#[tokio::test]
async fn what_nobody_told_is_found_out_after_the_listener_was_lost() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    let registry = process(&world).await;
    for wanted in [Status::Suspended, Status::Archived] {
        status(&registry, "alfa").await;
        // Changed without a word, in the moment in which the listening connection is cut.
        world
            .sudo(format!(
                "UPDATE platform.unidade SET status = '{}' WHERE id = '{}';
                 SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sri listener' AND datname = current_database()",
                wanted.code(),
                alfa.id
            ))
            .await;
        until("the change is seen", async || status(&registry, "alfa").await == wanted).await;
        until("it listens again", async || registry.is_listening()).await;
    }
    let step = lifecycle::Step::Reactivate;
    world.platform.write(async |tx| lifecycle::change_status(tx, &Actor::sistema(), alfa.id, &step).await).await.unwrap();
    until("it hears again", async || status(&registry, "alfa").await == Status::Active).await;
}

#[tokio::test]
async fn a_row_read_while_it_changed_is_not_remembered_as_it_was() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    let registry = process(&world).await;
    for round in 0..40 {
        let target =
            if round % 2 == 0 { lifecycle::Step::Suspend("Teste".parse().unwrap()) } else { lifecycle::Step::Reactivate };
        let wanted = if round % 2 == 0 { Status::Suspended } else { Status::Active };
        let change = async {
            world
                .platform
                .write(async |tx| lifecycle::change_status(tx, &Actor::sistema(), alfa.id, &target).await)
                .await
                .unwrap();
        };
        // Readers that miss the cache at every moment of the change.
        let readers = (0..8).map(|n| {
            let (registry, id) = (&registry, alfa.id);
            async move {
                tokio::time::sleep(Duration::from_micros(n * 400)).await;
                registry.forget(id);
                registry.by_id(id).await.unwrap();
            }
        });
        futures::join!(change, futures::future::join_all(readers));
        until("the new status", async || registry.by_id(alfa.id).await.unwrap().unwrap().status == wanted).await;
    }
}
