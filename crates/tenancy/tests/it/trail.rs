//! The chain over the trail: what shows, and what goes on beside it (docs/decisions/0015-audit-chain.md).

use std::sync::Arc;

use chrono::{DateTime, Days, Months, TimeDelta, Utc};
use kernel::{Actor, Clock, FixedClock};
use serde_json::json;
use tenancy::{
    Change, Entry, Mode, RestoreInto, TenantTx, TxLimits, Unidade,
    trail::{Over, Verified, Why, cut_trail, seal_trail, verify_trail},
};

use crate::{
    backup::stage,
    support::{World, sample_stream},
};

fn entry(action: &'static str, n: usize) -> Entry {
    Entry { action, entity: "amostra", entity_id: None, change: Change::created(&json!({ "n": n, "texto": "ação" })) }
}

async fn write(world: &World, unidade: &Arc<Unidade>, count: usize) {
    for n in 0..count {
        world
            .tenants
            .write(unidade, async |tx: &mut TenantTx| tx.audit(&Actor::sistema(), entry("amostra.feita", n)).await)
            .await
            .unwrap();
    }
}

/// Until nothing is left to seal: other tests in the same cluster may hold it up with transactions of their own.
async fn seal(world: &World, unidade: &Arc<Unidade>) -> usize {
    let schema = unidade.names().schema();
    let place = world.config.placements.iter().position(|known| known.name == unidade.placement).unwrap();
    let left = format!(
        "SELECT count(*) FROM {schema}.auditoria
         WHERE id NOT IN (SELECT unnest(ids) FROM {schema}.auditoria_selo WHERE kind <> 'corte')"
    );
    let mut rows = 0;
    for _ in 0..1_500 {
        rows += seal_trail(&world.platform, &world.tenants, unidade).await.unwrap().rows;
        if world.ask_at::<i64>(place, left.clone()).await == 0 {
            return rows;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("somebody holds up the sealing");
}

async fn verify(world: &World, unidade: &Arc<Unidade>) -> Verified {
    verify_trail(&world.platform, &world.tenants, unidade).await.unwrap()
}

async fn sudo(world: &World, unidade: &Arc<Unidade>, sql: &str) {
    world.sudo(format!("SET search_path = {}; {sql}", unidade.names().schema())).await;
}

/// Three seals of two rows each.
async fn sealed(world: &World) -> Arc<Unidade> {
    let alfa = world.unidade("alfa").await;
    seal(world, &alfa).await;
    for _ in 0..3 {
        write(world, &alfa, 2).await;
        assert_eq!(seal(world, &alfa).await, 2);
    }
    let found = verify(world, &alfa).await;
    assert_eq!((found.broken, found.unsealed), (None, 0));
    alfa
}

#[tokio::test]
async fn whatever_is_done_to_a_sealed_row_or_to_a_seal_shows() {
    const FIRST: &str = "(SELECT ids[1] FROM auditoria_selo WHERE numero = (SELECT max(numero) - 1 FROM auditoria_selo))";
    let cases = [
        (format!("UPDATE auditoria SET actor_nome = 'Eva' WHERE id = {FIRST}"), Why::RowChanged),
        (format!("UPDATE auditoria SET at = at - interval '1 microsecond' WHERE id = {FIRST}"), Why::RowChanged),
        (format!("UPDATE auditoria SET after = after || '{{\"n\": 7}}' WHERE id = {FIRST}"), Why::RowChanged),
        (format!("DELETE FROM auditoria WHERE id = {FIRST}"), Why::RowRemoved),
        (
            "INSERT INTO auditoria (id, at, actor_kind, actor_nome, action, entity, tx)
             SELECT gen_random_uuid(), at, actor_kind, actor_nome, action, entity, tx FROM auditoria ORDER BY at LIMIT 1"
                .to_owned(),
            Why::RowInserted,
        ),
        (
            "INSERT INTO auditoria (id, at, actor_kind, actor_nome, action, entity, tx)
             VALUES (gen_random_uuid(), now(), 'sistema', 'SRI', 'x.y', 'x', 9000000000000000)"
                .to_owned(),
            Why::RowInserted,
        ),
        (
            "UPDATE auditoria_selo SET ids = ARRAY[ids[2], ids[1]] WHERE numero = (SELECT max(numero) - 1 FROM auditoria_selo)"
                .to_owned(),
            Why::SealAltered,
        ),
        (
            "UPDATE auditoria_selo SET sealed_at = sealed_at - interval '1 day' WHERE numero = (SELECT max(numero) FROM auditoria_selo)"
                .to_owned(),
            Why::SealAltered,
        ),
        (
            "DELETE FROM auditoria_selo WHERE numero = (SELECT max(numero) - 1 FROM auditoria_selo)".to_owned(),
            Why::SealRemoved,
        ),
        (
            format!("DELETE FROM auditoria WHERE id IN (SELECT unnest(ids) FROM auditoria_selo WHERE numero = (SELECT max(numero) FROM auditoria_selo));
                     DELETE FROM auditoria_selo WHERE numero = (SELECT max(numero) FROM auditoria_selo); SELECT {FIRST}"),
            Why::HeadLost,
        ),
    ];
    for (attack, why) in cases {
        let world = World::new().await;
        let alfa = sealed(&world).await;
        sudo(&world, &alfa, &attack).await;
        let broken = verify(&world, &alfa).await.broken;
        assert_eq!(broken.as_ref().map(|broken| broken.why), Some(why), "{attack}: {broken:?}");
        let by_row = matches!(why, Why::RowChanged | Why::RowRemoved | Why::RowInserted);
        assert_eq!(broken.is_some_and(|broken| broken.row.is_some()), by_row, "{attack}");
    }
}

/// A chain computed anew from its beginning holds in itself; what the register was told does not fit it.
#[tokio::test]
async fn a_chain_that_was_made_anew_does_not_fit_the_register() {
    let world = World::new().await;
    let alfa = sealed(&world).await;
    sudo(&world, &alfa, "UPDATE auditoria SET actor_nome = 'Eva'; DELETE FROM auditoria_selo").await;
    seal(&world, &alfa).await;
    assert_eq!(verify(&world, &alfa).await.broken.map(|broken| broken.why), Some(Why::HeadLost));
}

#[tokio::test]
async fn writers_do_not_wait_and_a_late_commit_is_sealed_later() {
    let world = World::new().await;
    let alfa = sealed(&world).await;
    let mut slow = world.tenants.begin(&alfa, Mode::Write, TxLimits::JOB).await.unwrap();
    slow.audit(&Actor::sistema(), entry("amostra.lenta", 0)).await.unwrap();
    write(&world, &alfa, 2).await;
    // What came after the open transaction may have come before what it will bring.
    seal_trail(&world.platform, &world.tenants, &alfa).await.unwrap();
    let found = verify(&world, &alfa).await;
    assert_eq!((found.broken, found.unsealed), (None, 2));
    slow.commit().await.unwrap();
    assert_eq!(seal(&world, &alfa).await, 3);
    let found = verify(&world, &alfa).await;
    assert_eq!((found.broken, found.unsealed), (None, 0));
}

#[tokio::test]
async fn two_who_seal_at_once_make_one_chain_and_a_large_one_has_several_seals() {
    let world = World::new().await;
    let alfa = sealed(&world).await;
    let many: Vec<_> = (0..10_001).map(|n| (uuid::Uuid::from_u128(n), Change::created(&json!({ "n": n.to_string() })))).collect();
    world
        .tenants
        .write(&alfa, async |tx: &mut TenantTx| tx.audit_all(&Actor::sistema(), "amostra.muitas", "amostra", many).await)
        .await
        .unwrap();
    assert_eq!(seal(&world, &alfa).await, 10_001);
    write(&world, &alfa, 20).await;
    let at_once = async || seal_trail(&world.platform, &world.tenants, &alfa).await.unwrap().rows;
    let (one, other) = tokio::join!(at_once(), at_once());
    assert_eq!(one + other + seal(&world, &alfa).await, 20);
    let found = verify(&world, &alfa).await;
    assert_eq!((found.broken, found.unsealed), (None, 0));
    assert_eq!(
        world.ask::<i64>(format!("SELECT max(cardinality(ids))::bigint FROM {}.auditoria_selo", alfa.names().schema())).await,
        5000
    );
}

#[tokio::test]
async fn the_chain_goes_on_after_a_restore() {
    let stage = stage().await;
    let (world, alfa) = (&stage.world, &stage.alfa);
    write(world, alfa, 3).await;
    seal(world, alfa).await;
    // Not sealed when the archive is made.
    write(world, alfa, 2).await;
    let archive = stage.archive().await;
    write(world, alfa, 4).await;
    let lost = verify(world, alfa).await.head.unwrap();

    let restored = stage.restore(&archive, RestoreInto::Replace(alfa.id)).await.unwrap();
    let alfa = world.find(restored.id).await;
    let found = verify(world, &alfa).await;
    assert_eq!((found.broken, found.unsealed), (None, 0), "seals that the restore took back are not looked for");
    assert!(found.head.as_ref().unwrap().digest != lost.digest);
    write(world, &alfa, 2).await;
    assert_eq!(seal(world, &alfa).await, 2, "what was restored is sealed once");
    assert_eq!(verify(world, &alfa).await.broken, None);
    sudo(world, &alfa, "UPDATE auditoria SET actor_nome = 'Eva' WHERE action = 'unidade.restaurada'").await;
    assert_eq!(verify(world, &alfa).await.broken.map(|broken| broken.why), Some(Why::RowChanged));

    let into = RestoreInto::New { slug: "gama".parse().unwrap(), codigo: "9.99".parse().unwrap(), placement: None };
    let gama = world.find(stage.restore(&archive, into).await.unwrap().id).await;
    let found = verify(world, &gama).await;
    assert_eq!((found.broken, found.unsealed), (None, 0));
}

#[tokio::test]
async fn the_chain_goes_on_after_a_move() {
    let world = World::two().await;
    let stream = sample_stream();
    let alfa = world.unidade_of("alfa", &stream).await;
    write(&world, &alfa, 3).await;
    seal(&world, &alfa).await;
    write(&world, &alfa, 2).await;
    let options =
        tenancy::MoveOptions { grace: std::time::Duration::from_millis(50), ..tenancy::MoveOptions::to(world.placement(1)) };
    tenancy::move_unidade(&world.platform, &stream, &Actor::sistema(), alfa.id, &options, |_| {}).await.unwrap();
    let alfa = world.find(alfa.id).await;
    let found = verify(&world, &alfa).await;
    assert_eq!((found.broken, found.unsealed), (None, 0));
    write(&world, &alfa, 2).await;
    assert_eq!(seal(&world, &alfa).await, 2, "the numbers of transactions are those of another cluster");
    assert_eq!(verify(&world, &alfa).await.broken, None);
}

/// As the product writes it, at another time.
async fn old(world: &World, unidade: &Arc<Unidade>, at: DateTime<Utc>, action: &str) {
    let id = Clock::fixed(FixedClock::at(at)).uuid();
    let sql = format!(
        "INSERT INTO auditoria (id, at, actor_kind, actor_nome, ip, action, entity) VALUES ('{id}', '{at}', 'usuario', 'Ana', '203.0.113.7', '{action}', 'usuario')"
    );
    sudo(world, unidade, &sql).await;
}

#[tokio::test]
async fn records_of_access_go_when_their_time_is_over_and_the_chain_holds() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    let now = Clock::system().now();
    let months = |n| now.checked_sub_months(Months::new(n)).unwrap();
    for at in [months(20), months(13), months(13) + TimeDelta::hours(1)] {
        old(&world, &alfa, at, "acesso.entrou").await;
    }
    old(&world, &alfa, months(20), "empresa.alterada").await;
    old(&world, &alfa, months(11), "acesso.entrou").await;
    assert!(seal(&world, &alfa).await >= 5);
    let count = async |what: &str| world.ask::<i64>(format!("SELECT count(*) FROM {}.{what}", alfa.names().schema())).await;

    let cut =
        async |before| cut_trail(&world.platform, &alfa, &Actor::sistema(), Over::Actions(&["acesso.entrou"]), before).await;
    assert!(cut(months(6) + Days::new(1)).await.is_err(), "not within six months");
    assert_eq!(count("auditoria WHERE action = 'acesso.entrou'").await, 4);
    assert_eq!(cut(months(12)).await.unwrap(), Some(3));
    assert_eq!(cut(months(12)).await.unwrap(), Some(0), "nothing is left for the second");
    assert_eq!(count("auditoria WHERE action = 'acesso.entrou'").await, 1);
    assert_eq!(count("auditoria WHERE action = 'empresa.alterada'").await, 1, "the rest of the trail stays");
    assert_eq!(count("auditoria WHERE action = 'auditoria.cortada'").await, 1);
    let found = verify(&world, &alfa).await;
    assert_eq!((found.broken, found.cut), (None, 3));

    // Whoever owns the schema and has read this program, but cannot turn back the clock of the ids.
    let row = "(SELECT id FROM auditoria WHERE action = 'acesso.entrou')";
    let forged = format!(
        "INSERT INTO auditoria_selo (numero, kind, sealed_at, ids, hashes, previous, digest, horizon)
         SELECT numero + 1, 'corte', now(), ARRAY[{row}], sha256('x'), digest, sha256('y'), horizon FROM auditoria_selo ORDER BY numero DESC LIMIT 1;
         DELETE FROM auditoria WHERE action = 'acesso.entrou'"
    );
    sudo(&world, &alfa, &forged).await;
    assert!(verify(&world, &alfa).await.broken.is_some());
}

#[tokio::test]
async fn the_unidades_own_role_can_neither_change_seals_nor_remove_rows() {
    let world = World::new().await;
    let alfa = sealed(&world).await;
    for attack in [
        "DELETE FROM auditoria",
        "UPDATE auditoria SET actor_nome = 'Eva'",
        "DELETE FROM auditoria_selo",
        "UPDATE auditoria_selo SET horizon = 0",
        "TRUNCATE auditoria_selo",
    ] {
        assert!(world.run(&alfa, attack).await.is_err(), "{attack}");
    }
    // It may add a seal; one that says nothing true does not fit.
    let forged = "INSERT INTO auditoria_selo (numero, kind, sealed_at, ids, hashes, previous, digest, horizon)
                  SELECT numero + 1, 'selo', now(), '{}', '', digest, sha256('y'), horizon FROM auditoria_selo ORDER BY numero DESC LIMIT 1";
    world.run(&alfa, forged).await.unwrap();
    assert_eq!(verify(&world, &alfa).await.broken.map(|broken| broken.why), Some(Why::SealAltered));
}
