//! What becomes of one job: done, tried again, given up; and whose data its handler sees. Nothing runs at the same time here:
//! the queue is drained by hand under a clock that stands still.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jobs::{
    Enqueue, Handler, Limits, Outcome, Payload, PlatformJob, TenantJob, Worker, dead_jobs, enqueue, enqueue_platform, revive,
};
use kernel::{Fault, FixedClock};
use serde::{Deserialize, Serialize};
use tenancy::{Change, Entry, Status, Unidade};

use crate::house::House;

#[derive(Clone, Serialize, Deserialize)]
struct Marca {
    what: String,
}
impl Payload for Marca {
    const NAME: &'static str = "amostra.marca";
}

#[derive(Serialize, Deserialize)]
struct DaPlataforma;
impl Payload for DaPlataforma {
    const NAME: &'static str = "amostra.plataforma";
}

async fn still_house() -> (House, FixedClock) {
    House::still_at("2026-11-22T12:00:00Z").await
}

fn worker(house: &House, handlers: Vec<Handler>) -> Worker {
    Worker::new(house.gates(), handlers, vec![], Limits::default()).unwrap()
}

async fn add(house: &House, unidade: &Arc<Unidade>, what: &str, how: Enqueue) {
    let payload = Marca { what: what.to_owned() };
    house.tenants().write(unidade, async |tx| enqueue(tx, &payload, how).await).await.unwrap();
}

/// Leaves an audit row in the unidade of the job.
async fn leave_mark(job: TenantJob, marca: Marca) -> Result<Outcome, Fault> {
    assert_eq!(marca.what, job.unidade.slug.as_str());
    job.write(async |tx| {
        let entry = Entry { action: "amostra.marcada", entity: "amostra", entity_id: None, change: Change::created(&marca.what) };
        tx.audit(&job.actor, entry).await
    })
    .await?;
    Ok(Outcome::Done)
}

/// T-NS4, T-TY3: the unidade of a job is that of its enqueue, whatever ran before it.
#[tokio::test]
async fn a_job_works_in_the_unidade_that_enqueued_it() {
    let (house, _) = still_house().await;
    for n in 0..40 {
        let unidade = if n % 3 == 0 { &house.beta } else { &house.alfa };
        add(&house, unidade, unidade.slug.as_str(), Enqueue::default()).await;
    }
    let worker = worker(&house, vec![Handler::tenant(leave_mark)]);
    assert_eq!(worker.drain().await.unwrap(), 40);
    assert_eq!(house.effects(&house.alfa, "amostra.marcada").await, 26);
    assert_eq!(house.effects(&house.beta, "amostra.marcada").await, 14);
    let names = |u: &Unidade| format!("SELECT count(*) FROM {}.auditoria WHERE after <> '\"{}\"'", u.names().schema(), u.slug);
    assert_eq!(house.number(&names(&house.alfa)).await + house.number(&names(&house.beta)).await, 0);
    assert_eq!(house.jobs().await, 0, "done jobs leave the queue");
}

#[tokio::test]
async fn a_failing_job_waits_longer_each_time_and_ends_as_dead() {
    let (house, clock) = still_house().await;
    add(&house, &house.alfa, "x", Enqueue { max_attempts: Some(3), ..Enqueue::default() }).await;
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let worker = worker(
        &house,
        vec![Handler::tenant(move |_: TenantJob, _: Marca| {
            let tries = Arc::clone(&counted);
            async move {
                tries.fetch_add(1, Ordering::SeqCst);
                Err(Fault::because("the partner is down"))
            }
        })],
    );
    assert_eq!(worker.drain().await.unwrap(), 1);
    clock.advance(chrono::Duration::seconds(3));
    assert_eq!(worker.drain().await.unwrap(), 0, "not before about 5 s");
    clock.advance(chrono::Duration::seconds(4));
    assert_eq!(worker.drain().await.unwrap(), 1);
    clock.advance(chrono::Duration::seconds(13));
    assert_eq!(worker.drain().await.unwrap(), 1);
    clock.advance(chrono::Duration::days(30));
    assert_eq!(worker.drain().await.unwrap(), 0);
    assert_eq!(tries.load(Ordering::SeqCst), 3);

    let mut tx = house.platform.begin().await.unwrap();
    let dead = dead_jobs(&mut tx, Some(house.alfa.id), 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].attempts, dead[0].reason.as_str()), (3, "failed 3 times, at last: the partner is down"));
    assert!(dead_jobs(&mut tx, Some(house.beta.id), 10).await.unwrap().is_empty());
    assert!(revive(&mut tx, dead[0].id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(worker.drain().await.unwrap(), 1, "revived, it runs again");
}

#[tokio::test]
async fn retry_comes_back_when_asked_and_give_up_never() {
    let (house, clock) = still_house().await;
    add(&house, &house.alfa, "retry", Enqueue::default()).await;
    add(&house, &house.alfa, "give up", Enqueue::default()).await;
    add(&house, &house.alfa, "panic", Enqueue { max_attempts: Some(1), ..Enqueue::default() }).await;
    let worker = worker(
        &house,
        vec![Handler::tenant(|job: TenantJob, marca: Marca| async move {
            Ok(match marca.what.as_str() {
                "retry" if job.attempt.number < 3 => Outcome::Retry(Duration::from_millis(1500)),
                "give up" => Outcome::GiveUp("no such address".to_owned()),
                "panic" => panic!("a defect"),
                _ => Outcome::Done,
            })
        })],
    );
    assert_eq!(worker.drain().await.unwrap(), 3);
    clock.advance(chrono::Duration::milliseconds(1499));
    assert_eq!(worker.drain().await.unwrap(), 0);
    clock.advance(chrono::Duration::milliseconds(1));
    assert_eq!(worker.drain().await.unwrap(), 1);
    clock.advance(chrono::Duration::hours(1));
    assert_eq!(worker.drain().await.unwrap(), 1);
    let mut tx = house.platform.begin().await.unwrap();
    let mut reasons: Vec<_> = dead_jobs(&mut tx, None, 10).await.unwrap().into_iter().map(|job| job.reason).collect();
    reasons.sort();
    assert_eq!(reasons, ["failed 1 times, at last: panic: a defect", "no such address"]);
    assert_eq!(house.jobs().await, 2);
}

#[tokio::test]
async fn a_handler_that_does_not_end_is_stopped() {
    let (house, _) = still_house().await;
    add(&house, &house.alfa, "x", Enqueue { max_attempts: Some(1), ..Enqueue::default() }).await;
    let endless = Handler::tenant(|_: TenantJob, _: Marca| std::future::pending()).within(Duration::from_millis(50));
    assert_eq!(worker(&house, vec![endless]).drain().await.unwrap(), 1);
    let mut tx = house.platform.begin().await.unwrap();
    assert!(dead_jobs(&mut tx, None, 1).await.unwrap()[0].reason.contains("it took longer than"));
}

/// Notes what it was told; fails as often as `failures` says first.
fn telling(handler: Handler, told: &Arc<Mutex<Vec<String>>>, failures: usize) -> Handler {
    let (told, failed) = (Arc::clone(told), Arc::new(AtomicUsize::new(0)));
    handler.gave_up(move |job: TenantJob, marca: Marca| {
        let (told, failed) = (Arc::clone(&told), Arc::clone(&failed));
        async move {
            if failed.fetch_add(1, Ordering::SeqCst) < failures {
                return Err(Fault::because("the database is away"));
            }
            leave_mark(job, Marca { what: "alfa".to_owned() }).await?;
            told.lock().unwrap().push(marca.what);
            Ok(())
        }
    })
}

/// Whatever took the last attempt, the module is told in the unidade, once it can be.
#[tokio::test]
async fn whoever_waits_is_told_that_a_job_ran_out_of_attempts() {
    let (house, clock) = still_house().await;
    for what in ["fails", "never ends", "panics", "died", "gives up", "is done"] {
        add(&house, &house.alfa, what, Enqueue { max_attempts: Some(2), ..Enqueue::default() }).await;
    }
    let told = Arc::new(Mutex::new(Vec::new()));
    let tried = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&tried);
    let handler = Handler::tenant(move |_: TenantJob, marca: Marca| {
        seen.lock().unwrap().push(marca.what.clone());
        async move {
            match marca.what.as_str() {
                "fails" => Err(Fault::because("the partner is down")),
                "panics" => panic!("a defect"),
                "gives up" => Ok(Outcome::GiveUp("it told by itself".to_owned())),
                "is done" => Ok(Outcome::Done),
                _ => std::future::pending().await,
            }
        }
    });
    let worker = worker(&house, vec![telling(handler.within(Duration::from_millis(50)), &told, 0)]);
    // As the sweep leaves a job whose worker died at its last attempt.
    house
        .execute(
            "UPDATE platform.job SET attempts = max_attempts, last_error = 'the worker died while it ran' WHERE payload->>'what' = 'died'",
        )
        .await;
    worker.drain().await.unwrap();
    assert_eq!(*told.lock().unwrap(), ["died"], "the others have an attempt left");
    clock.advance(chrono::Duration::minutes(5));
    worker.drain().await.unwrap();
    let mut all = told.lock().unwrap().clone();
    all.sort();
    assert_eq!(all, ["died", "fails", "never ends", "panics"]);
    assert_eq!(tried.lock().unwrap().iter().filter(|what| *what == "died").count(), 0, "it is not tried once more");
    assert_eq!(house.effects(&house.alfa, "amostra.marcada").await, 4, "what telling wrote is kept");

    let mut tx = house.platform.begin().await.unwrap();
    let mut reasons: Vec<_> = dead_jobs(&mut tx, None, 10).await.unwrap().into_iter().map(|job| job.reason).collect();
    reasons.sort();
    assert_eq!(reasons.len(), 5);
    assert!(reasons.contains(&"the worker died while it ran".to_owned()), "{reasons:?}");
    assert!(reasons.contains(&"failed 2 times, at last: the partner is down".to_owned()), "{reasons:?}");
}

#[tokio::test]
async fn a_job_is_kept_until_somebody_could_be_told() {
    let (house, clock) = still_house().await;
    add(&house, &house.alfa, "x", Enqueue { max_attempts: Some(1), ..Enqueue::default() }).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let handler = Handler::tenant(move |_: TenantJob, _: Marca| {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Err::<Outcome, _>(Fault::because("the partner is down")) }
    });
    let worker = worker(&house, vec![telling(handler, &told, 2)]);
    for round in 0..3 {
        assert_eq!(worker.drain().await.unwrap(), 1, "{round}");
        assert_eq!(told.lock().unwrap().len(), usize::from(round == 2), "{round}");
        clock.advance(chrono::Duration::minutes(1));
    }
    assert_eq!(worker.drain().await.unwrap(), 0);
    assert_eq!(tries.load(Ordering::SeqCst), 1, "only telling is tried again");
    let mut tx = house.platform.begin().await.unwrap();
    assert_eq!(dead_jobs(&mut tx, None, 9).await.unwrap()[0].reason, "failed 1 times, at last: the partner is down");
}

#[tokio::test]
async fn jobs_of_a_unidade_that_is_not_served_wait_and_use_up_no_attempt() {
    let (house, _) = still_house().await;
    for status in [Status::Suspended, Status::Maintenance, Status::Migrating, Status::Moving, Status::Archived] {
        house.set_status(&house.alfa, status).await;
        // A process that knows nothing yet: in the others the register's signal does it.
        let worker = worker(&house, vec![Handler::tenant(leave_mark)]);
        add(&house, &house.alfa, "alfa", Enqueue::keyed("k")).await;
        worker.drain().await.unwrap();
        assert_eq!(house.effects(&house.alfa, "amostra.marcada").await, 0, "{status:?}");
        assert_eq!(house.number("SELECT attempts::bigint FROM platform.job WHERE state = 'ready'").await, 0, "{status:?}");
    }
    house.set_status(&house.alfa, Status::Active).await;
    assert_eq!(worker(&house, vec![Handler::tenant(leave_mark)]).drain().await.unwrap(), 1);
    assert_eq!(house.effects(&house.alfa, "amostra.marcada").await, 1);

    add(&house, &house.beta, "beta", Enqueue::default()).await;
    house.set_status(&house.beta, Status::Deleted).await;
    worker(&house, vec![Handler::tenant(leave_mark)]).drain().await.unwrap();
    let mut tx = house.platform.begin().await.unwrap();
    assert_eq!(dead_jobs(&mut tx, None, 1).await.unwrap()[0].reason, "the unidade is deleted");
    assert_eq!(house.effects(&house.beta, "amostra.marcada").await, 0);
}

/// A unidade's SQL may name any job; what belongs to the platform does not run for it, and the other way round.
#[tokio::test]
async fn a_job_for_somebody_else_is_not_run() {
    let (house, _) = still_house().await;
    let ran = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ran);
    let of_platform = Handler::platform(move |_: PlatformJob, _: DaPlataforma| {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Ok(Outcome::Done) }
    });
    let worker = worker(&house, vec![of_platform, Handler::tenant(leave_mark)]);
    house.tenants().write(&house.alfa, async |tx| enqueue(tx, &DaPlataforma, Enqueue::default()).await).await.unwrap();
    let marca = Marca { what: "alfa".to_owned() };
    house.platform.write(async |tx| enqueue_platform(tx, &marca, Enqueue::default()).await).await.unwrap();
    assert_eq!(worker.drain().await.unwrap(), 2);
    assert_eq!((ran.load(Ordering::SeqCst), house.effects(&house.alfa, "amostra.marcada").await), (0, 0));

    house.platform.write(async |tx| enqueue_platform(tx, &DaPlataforma, Enqueue::default()).await).await.unwrap();
    assert_eq!(worker.drain().await.unwrap(), 1);
    assert_eq!(ran.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_unreadable_payload_is_kept_for_people_and_an_unknown_job_for_newer_workers() {
    let (house, _) = still_house().await;
    house
        .execute("INSERT INTO platform.job (name, payload, run_at) VALUES ('amostra.plataforma', '{\"a\": 1}', '2020-01-01')")
        .await;
    house.execute("INSERT INTO platform.job (name, payload, run_at) VALUES ('amostra.nova', '{}', '2020-01-01')").await;
    let worker = worker(&house, vec![Handler::platform(|_: PlatformJob, _: DaPlataforma| async { Ok(Outcome::Done) })]);
    assert_eq!(worker.drain().await.unwrap(), 1);
    let mut tx = house.platform.begin().await.unwrap();
    assert!(dead_jobs(&mut tx, None, 9).await.unwrap()[0].reason.starts_with("the payload cannot be read"));
    assert_eq!(house.number("SELECT count(*) FROM platform.job WHERE state = 'ready' AND name = 'amostra.nova'").await, 1);
}

/// R17: an unidade with 500 jobs and one with 5 take turns.
#[tokio::test]
async fn a_unidade_with_many_jobs_does_not_starve_another() {
    let (house, _) = still_house().await;
    house
        .execute(&format!(
            "INSERT INTO platform.job (unidade_id, name, payload, run_at)
             SELECT '{}', 'amostra.marca', '{{\"what\": \"alfa\"}}', '2026-11-22T11:00:00Z' FROM generate_series(1, 500)",
            house.alfa.id
        ))
        .await;
    for _ in 0..5 {
        add(&house, &house.beta, "beta", Enqueue { priority: Some(100), ..Enqueue::default() }).await;
    }
    let order = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&order);
    let worker = worker(
        &house,
        vec![Handler::tenant(move |_: TenantJob, marca: Marca| {
            seen.lock().unwrap().push(marca.what);
            async { Ok(Outcome::Done) }
        })],
    );
    assert_eq!(worker.drain().await.unwrap(), 505);
    let order = order.lock().unwrap();
    let last_of_beta = order.iter().rposition(|what| what == "beta").unwrap();
    assert!(last_of_beta <= 10, "beta waited for {last_of_beta} jobs");
}

#[tokio::test]
async fn a_queue_keeps_its_order_even_while_its_first_job_waits() {
    let (house, clock) = still_house().await;
    for what in ["a", "b", "c"] {
        add(&house, &house.alfa, what, Enqueue { queue: Some("conversa".to_owned()), ..Enqueue::default() }).await;
    }
    add(&house, &house.alfa, "outside", Enqueue { priority: Some(50), ..Enqueue::default() }).await;
    // The same name in another unidade is another queue.
    add(&house, &house.beta, "beta", Enqueue { queue: Some("conversa".to_owned()), ..Enqueue::default() }).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&order);
    let worker = worker(
        &house,
        vec![Handler::tenant(move |job: TenantJob, marca: Marca| {
            let first_try_of_a = marca.what == "a" && job.attempt.number == 1;
            seen.lock().unwrap().push(marca.what);
            async move { Ok(if first_try_of_a { Outcome::Retry(Duration::from_secs(60)) } else { Outcome::Done }) }
        })],
    );
    worker.drain().await.unwrap();
    assert!(order.lock().unwrap().iter().all(|what| what != "b" && what != "c"), "{order:?}");
    assert_eq!(order.lock().unwrap().len(), 3);
    clock.advance(chrono::Duration::seconds(60));
    worker.drain().await.unwrap();
    assert_eq!(order.lock().unwrap()[3..], ["a", "b", "c"]);
}

/// A job that is enqueued again by its key while it runs: the newer one runs, the older one does not come back.
#[tokio::test]
async fn a_key_enqueued_while_its_job_runs_runs_once_more() {
    let (house, clock) = still_house().await;
    let tries = Arc::new(Mutex::new(Vec::new()));
    add(&house, &house.alfa, "old", Enqueue::keyed("k")).await;
    let (seen, tenants) = (Arc::clone(&tries), house.tenants());
    let worker = worker(
        &house,
        vec![Handler::tenant(move |job: TenantJob, marca: Marca| {
            seen.lock().unwrap().push(marca.what.clone());
            let tenants = tenants.clone();
            async move {
                if marca.what == "new" {
                    return Ok(Outcome::Done);
                }
                let new = Marca { what: "new".to_owned() };
                tenants.write(&job.unidade, async |tx| enqueue(tx, &new, Enqueue::keyed("k")).await).await?;
                Ok(Outcome::Retry(Duration::from_secs(1)))
            }
        })],
    );
    worker.drain().await.unwrap();
    clock.advance(chrono::Duration::hours(1));
    worker.drain().await.unwrap();
    assert_eq!(*tries.lock().unwrap(), ["old", "new"]);
    assert_eq!(house.jobs().await, 0);
}
