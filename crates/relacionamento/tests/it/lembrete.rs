use chrono::TimeDelta;
use jobs::{Gates, Limits, Worker};
use kernel::Scope;
use relacionamento::visita::{alterar::remarcar, desfecho::cancelar};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{ALL, empresa, horario, pessoa, planned, plano, told};

fn worker(base: &Base) -> Worker {
    let gates = Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    Worker::new(gates, (relacionamento::module().jobs)(), Vec::new(), Limits::default()).unwrap()
}

/// S0-6.10: once, a day before, by two workers that look at the same time and again later.
#[tokio::test]
async fn who_goes_is_reminded_once() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    planned(&base, empresa, &plano(&rui, horario(48))).await;
    worker(&base).drain().await.unwrap();
    assert_eq!(told(&base, &rui, "lembrete").await, 0, "two days before it is too early");
    base.clock.advance(TimeDelta::hours(24) + TimeDelta::minutes(1));
    let workers = [worker(&base), worker(&base)];
    let (one, two) = tokio::join!(workers[0].drain(), workers[1].drain());
    one.and(two).unwrap();
    assert_eq!(told(&base, &rui, "lembrete").await, 1);
    // Run again, as after a worker that died between the work and its mark.
    let schema = base.alfa.names().schema();
    let marked = format!("SELECT count(*) FROM {schema}.visita WHERE lembrete_at = inicio_at");
    assert_eq!(base.number(&marked).await, 1);
    base.clock.advance(TimeDelta::hours(12));
    worker(&base).drain().await.unwrap();
    assert_eq!(told(&base, &rui, "lembrete").await, 1);
}

/// Of one that was moved, the reminder is for when it is now; of one that was called off there is none.
#[tokio::test]
async fn a_reminder_is_of_what_is_planned_now() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let moved = planned(&base, empresa, &plano(&rui, horario(48))).await;
    let off = planned(&base, empresa, &plano(&rui, horario(50))).await;
    let motivo = "Pediram".parse().unwrap();
    base.alfa(async |tx: &mut TenantTx| remarcar(tx, &sistema(), moved, 1, horario(96)).await).await.unwrap();
    base.alfa(async |tx: &mut TenantTx| cancelar(tx, &sistema(), off, 1, &motivo).await).await.unwrap();
    base.clock.advance(TimeDelta::hours(30));
    worker(&base).drain().await.unwrap();
    assert_eq!(told(&base, &rui, "lembrete").await, 0);
    base.clock.advance(TimeDelta::hours(43));
    worker(&base).drain().await.unwrap();
    assert_eq!(told(&base, &rui, "lembrete").await, 1);
}

/// Planned in the morning for the afternoon: an hour before. For what has begun, nothing.
#[tokio::test]
async fn what_was_planned_late_is_reminded_of_an_hour_before() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    planned(&base, empresa, &plano(&rui, horario(5))).await;
    planned(&base, empresa, &plano(&rui, horario(-100))).await;
    base.clock.advance(TimeDelta::hours(4) + TimeDelta::minutes(1));
    worker(&base).drain().await.unwrap();
    assert_eq!(told(&base, &rui, "lembrete").await, 1);
}
