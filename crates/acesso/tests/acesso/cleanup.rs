use chrono::TimeDelta;
use jobs::{Gates, Limits, Worker};
use testkit::Base;

use crate::house::{ANA, SENHA, count, home, person, sign_in};

#[tokio::test]
async fn what_is_over_is_forgotten_by_the_clock() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    sign_in(&base, &home(), ANA, "errada-errada-errada").await.unwrap_err();
    let module = acesso::module();
    let gates = Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    let worker = Worker::new(gates, (module.jobs)(), (module.schedules)().unwrap(), Limits::default()).unwrap();
    worker.tick().await.unwrap();
    let run = async || {
        assert_eq!(worker.tick().await.unwrap(), 5, "once for each unidade, and what the platform does for all of them");
        assert_eq!(worker.drain().await.unwrap(), 5);
    };

    base.clock.advance(TimeDelta::days(1));
    let live = sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    run().await;
    assert_eq!((count(&base, "sessao").await, count(&base, "tentativa").await), (2, 1), "the counter of the address stands");

    base.clock.advance(TimeDelta::days(30));
    run().await;
    assert_eq!((count(&base, "sessao").await, count(&base, "tentativa").await), (1, 0));
    assert_eq!(count(&base, &format!("sessao WHERE id = '{}'", live.id)).await, 1, "asked about for thirty days");
}

/// Each stays as long as the map of data says, and not a day longer (V14.2.4).
#[tokio::test]
async fn letters_convites_links_and_answers_go_when_their_time_is_over() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    let schema = base.alfa.names().schema();
    let ages = [("mensagem", 366, 364), ("convite", 181, 179), ("entrada", 31, 29), ("idempotencia", 2, 0)];
    let at = |days: i64| format!("timestamptz '{}' - interval '{days} days'", testkit::NOW);
    base.execute(&format!("DELETE FROM {schema}.mensagem; DELETE FROM {schema}.convite")).await;
    for (age, which) in ages.iter().flat_map(|(_, old, young)| [(*old, 'a'), (*young, 'b')]) {
        let at = at(age);
        base.execute(&format!(
            "SET search_path = {schema};
             INSERT INTO mensagem (id, channel, recipient, subject, state, created_at)
             VALUES (gen_random_uuid(), 'email', 'x@x.example', 'x', 'sent', {at});
             INSERT INTO convite (id, nome, email, perfil_id, token_hash, created_at, expires_at, revoked_at)
             SELECT gen_random_uuid(), 'x', 'x@x.example', id, decode(md5('{age}{which}'), 'hex'), {at}, {at}, {at} FROM perfil LIMIT 1;
             INSERT INTO entrada (id, usuario_id, token_hash, created_at, expires_at)
             SELECT gen_random_uuid(), id, decode(md5('{age}{which}'), 'hex'), {at}, {at} FROM usuario LIMIT 1;
             INSERT INTO idempotencia (actor_id, key, request_hash, created_at) VALUES (gen_random_uuid(), 'x', '\\x01', {at})"
        ))
        .await;
    }
    let module = acesso::module();
    let gates = Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    let worker = Worker::new(gates, (module.jobs)(), (module.schedules)().unwrap(), Limits::default()).unwrap();
    worker.tick().await.unwrap();
    // To the next night: everything is a day older.
    base.clock.advance(TimeDelta::hours(23));
    worker.tick().await.unwrap();
    worker.drain().await.unwrap();
    for (table, old, young) in ages {
        let column = if table == "entrada" || table == "convite" { "expires_at" } else { "created_at" };
        let left = |age| format!("{table} WHERE {column} = {}", at(age));
        assert_eq!((count(&base, &left(old)).await, count(&base, &left(young)).await), (0, 1), "{table}");
    }
}
