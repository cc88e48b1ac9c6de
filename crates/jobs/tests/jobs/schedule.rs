//! What is due by the clock: each instant once, whoever looks.

use chrono::Duration;
use jobs::{Handler, Limits, Outcome, Payload, PlatformJob, Schedule, TenantJob, Worker};
use serde::{Deserialize, Serialize};
use tenancy::Status;

use crate::house::House;

#[derive(Serialize, Deserialize)]
struct Limpeza;
impl Payload for Limpeza {
    const NAME: &'static str = "amostra.limpeza";
}
#[derive(Serialize, Deserialize)]
struct Reserva;
impl Payload for Reserva {
    const NAME: &'static str = "amostra.reserva";
}

fn worker(house: &House) -> Worker {
    let handlers = vec![
        Handler::tenant(|_: TenantJob, _: Limpeza| async { Ok(Outcome::Done) }),
        Handler::platform(|_: PlatformJob, _: Reserva| async { Ok(Outcome::Done) }),
    ];
    let schedules = vec![
        // 03:30 in São Paulo is 06:30 UTC.
        Schedule::each_unidade("limpeza", "30 3 * * *", &Limpeza).unwrap(),
        Schedule::platform("reserva", "*/10 * * * *", &Reserva).unwrap(),
    ];
    Worker::new(house.gates(), handlers, schedules, Limits::default()).unwrap()
}

async fn waiting(house: &House, name: &str) -> i64 {
    house.number(&format!("SELECT count(*) FROM platform.job WHERE name = '{name}'")).await
}

#[tokio::test]
async fn a_due_instant_becomes_one_job_for_each_unidade_however_many_look() {
    let (house, clock) = House::still_at("2026-11-22T06:00:01Z").await;
    let (one, two) = (worker(&house), worker(&house));
    assert_eq!(one.tick().await.unwrap(), 0, "what was due before the schedule existed is not made up for");
    clock.advance(Duration::minutes(29));
    assert_eq!(one.drain().await.unwrap() + usize::try_from(waiting(&house, "amostra.limpeza").await).unwrap(), 0);
    assert_eq!(one.tick().await.unwrap(), 1, "only the platform's");
    clock.advance(Duration::minutes(1));
    // At the same moment, again and again.
    let mut made = 0;
    for _ in 0..5 {
        let (a, b) = tokio::join!(one.tick(), two.tick());
        made += a.unwrap() + b.unwrap();
    }
    assert_eq!(made, 3, "alfa, beta, and the platform's 06:30");
    assert_eq!(waiting(&house, "amostra.limpeza").await, 2);
    assert_eq!(waiting(&house, "amostra.reserva").await, 1, "keyed: the newer took the place of the waiting one");
    assert_eq!(two.drain().await.unwrap(), 3);
    assert_eq!(one.tick().await.unwrap() + two.tick().await.unwrap(), 0, "once done, still once");
}

/// Both processes remember from before that the instant is due, and neither asks again.
#[tokio::test]
async fn who_comes_second_to_a_due_instant_makes_nothing_of_it() {
    let (house, clock) = House::still_at("2026-11-22T06:00:01Z").await;
    let (one, two) = (worker(&house), worker(&house));
    let (mut one, mut two) = (one.ticker(), two.ticker());
    assert_eq!(one.tick().await.unwrap() + two.tick().await.unwrap(), 0);
    for day in 0..3 {
        clock.advance(Duration::days(i64::from(day > 0)) + Duration::minutes(if day == 0 { 35 } else { 0 }));
        assert_eq!(one.tick().await.unwrap(), 3, "day {day}");
        worker(&house).drain().await.unwrap();
        assert_eq!(two.tick().await.unwrap(), 0, "day {day}");
    }
}

#[tokio::test]
async fn what_was_missed_is_made_up_for_once() {
    let (house, clock) = House::still_at("2026-11-22T12:00:00Z").await;
    worker(&house).tick().await.unwrap();
    clock.advance(Duration::days(5));
    assert_eq!(worker(&house).tick().await.unwrap(), 3);
    worker(&house).drain().await.unwrap();
    assert_eq!(worker(&house).tick().await.unwrap(), 0);
    // R14: a clock that steps back makes nothing run twice.
    clock.advance(Duration::hours(-30));
    assert_eq!(worker(&house).tick().await.unwrap(), 0);
    clock.advance(Duration::hours(30));
    assert_eq!(worker(&house).tick().await.unwrap(), 0);
}

#[tokio::test]
async fn a_unidade_that_is_not_served_is_passed_over_and_makes_up_once_when_it_is_back() {
    let (house, clock) = House::still_at("2026-11-22T12:00:00Z").await;
    worker(&house).tick().await.unwrap();
    house.set_status(&house.alfa, Status::Suspended).await;
    for _ in 0..3 {
        clock.advance(Duration::days(1));
        worker(&house).tick().await.unwrap();
    }
    let of_alfa = format!("SELECT count(*) FROM platform.job WHERE unidade_id = '{}'", house.alfa.id);
    assert_eq!(house.number(&of_alfa).await, 0);
    assert_eq!(waiting(&house, "amostra.limpeza").await, 1, "beta's, once: they do not pile up");
    house.set_status(&house.alfa, Status::Active).await;
    worker(&house).tick().await.unwrap();
    assert_eq!(house.number(&of_alfa).await, 1);
}

/// The clock of each unidade is its own: one moved to Acre is due two hours later.
#[tokio::test]
async fn each_unidade_goes_by_its_own_zone() {
    let (house, clock) = House::still_at("2026-11-22T06:00:00Z").await;
    house.execute(&format!("UPDATE platform.unidade SET fuso = 'America/Rio_Branco' WHERE id = '{}'", house.beta.id)).await;
    worker(&house).tick().await.unwrap();
    clock.advance(Duration::minutes(45));
    worker(&house).tick().await.unwrap();
    assert_eq!(waiting(&house, "amostra.limpeza").await, 1);
    worker(&house).drain().await.unwrap();
    clock.advance(Duration::hours(2));
    worker(&house).tick().await.unwrap();
    assert_eq!(house.number(&format!("SELECT count(*) FROM platform.job WHERE unidade_id = '{}'", house.beta.id)).await, 1);
    assert_eq!(waiting(&house, "amostra.limpeza").await, 1);
}

#[tokio::test]
async fn a_worker_refuses_twins_and_schedules_that_nobody_handles() {
    let (house, _) = House::still_at("2026-11-22T06:00:00Z").await;
    let limpeza = || Handler::tenant(|_: TenantJob, _: Limpeza| async { Ok(Outcome::Done) });
    let schedule = || Schedule::each_unidade("limpeza", "30 3 * * *", &Limpeza).unwrap();
    let limits = Limits::default();
    assert!(Worker::new(house.gates(), vec![limpeza(), limpeza()], vec![], limits).is_err());
    assert!(Worker::new(house.gates(), vec![limpeza()], vec![schedule(), schedule()], limits).is_err());
    assert!(Worker::new(house.gates(), vec![], vec![schedule()], limits).is_err());
}
