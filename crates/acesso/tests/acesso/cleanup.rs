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
        assert_eq!(worker.tick().await.unwrap(), 4, "once for each unidade, and what the platform does for all of them");
        assert_eq!(worker.drain().await.unwrap(), 4);
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
