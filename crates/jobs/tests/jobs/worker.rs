//! Workers at work: several at once, killed, stopped, stunned, cut off from the database.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use jobs::{Enqueue, Handler, Limits, Outcome, Payload, TenantJob, Worker, enqueue};
use kernel::{Clock, Fault};
use serde::{Deserialize, Serialize};
use tenancy::{Change, Entry, Mode, Unidade};
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::house::{House, eventually, gates};

const SOON: Duration = Duration::from_secs(30);

#[derive(Serialize, Deserialize)]
struct Tarefa {
    n: u32,
}
impl Payload for Tarefa {
    const NAME: &'static str = "amostra.tarefa";
}

/// Quick enough for tests; a lease still outlives a busy machine's hiccups.
fn limits() -> Limits {
    Limits {
        lease: Duration::from_secs(2),
        poll: Duration::from_millis(100),
        grace: Duration::from_secs(10),
        ..Limits::default()
    }
}

async fn add(house: &House, unidade: &Arc<Unidade>, jobs: u32) {
    let tenants = house.tenants();
    let add = tenants.write(unidade, async |tx| {
        for n in 0..jobs {
            enqueue(tx, &Tarefa { n }, Enqueue::default()).await?;
        }
        Ok::<_, Fault>(())
    });
    add.await.unwrap();
}

async fn mark(job: &TenantJob) -> Result<(), Fault> {
    let entry = Entry { action: "amostra.feita", entity: "amostra", entity_id: None, change: Change::default() };
    job.write(async |tx| tx.audit(&job.actor, entry).await).await
}

fn marking() -> Handler {
    Handler::tenant(|job: TenantJob, _: Tarefa| async move {
        mark(&job).await?;
        Ok(Outcome::Done)
    })
}

fn worker(house: &House, handler: Handler, limits: Limits) -> Worker {
    Worker::new(house.gates(), vec![handler], vec![], limits).unwrap()
}

/// R15: effects = jobs, and no more than the share of a unidade runs at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_do_each_of_200_jobs_once_and_never_more_than_two_of_a_unidade_at_a_time() {
    let house = House::new().await;
    add(&house, &house.alfa, 120).await;
    add(&house, &house.beta, 80).await;
    let (running, most, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let alfa = house.alfa.id;
    let handler = {
        let (running, most, seen) = (Arc::clone(&running), Arc::clone(&most), Arc::clone(&seen));
        Handler::tenant(move |job: TenantJob, _: Tarefa| {
            let (running, most, seen) = (Arc::clone(&running), Arc::clone(&most), Arc::clone(&seen));
            async move {
                let of_alfa = job.unidade.id == alfa;
                if of_alfa {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                }
                let marked = mark(&job).await;
                if of_alfa {
                    running.fetch_sub(1, Ordering::SeqCst);
                }
                marked?;
                seen.fetch_add(1, Ordering::SeqCst);
                Ok(Outcome::Done)
            }
        })
    };
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    for _ in 0..2 {
        // On a machine that stands still for seconds nobody shall be thought dead: that is another test's matter.
        let patient = Limits { lease: Duration::from_secs(60), ..limits() };
        workers.spawn(worker(&house, handler.clone(), patient).run(stop.clone()));
    }
    eventually(SOON, "all jobs done", async || house.jobs().await == 0).await;
    stop.cancel();
    workers.join_all().await;
    assert_eq!(seen.load(Ordering::SeqCst), 200);
    assert_eq!(house.effects(&house.alfa, "amostra.feita").await, 120);
    assert_eq!(house.effects(&house.beta, "amostra.feita").await, 80);
    assert!(most.load(Ordering::SeqCst) <= 2, "{most:?} of alfa at once");
}

/// A new job does not wait for the next poll.
#[tokio::test(flavor = "multi_thread")]
async fn an_enqueued_job_is_heard_of_at_once() {
    let house = House::new().await;
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    workers.spawn(worker(&house, marking(), Limits { poll: Duration::from_secs(600), ..limits() }).run(stop.clone()));
    // The first one tells that it listens.
    eventually(SOON, "the worker listens", async || {
        let listening =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sri listener' AND datname = current_database()";
        house.number(listening).await > 0
    })
    .await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    for done in 1..=3 {
        add(&house, &house.alfa, 1).await;
        eventually(Duration::from_secs(5), "the job is done", async || house.effects(&house.alfa, "amostra.feita").await == done)
            .await;
    }
    stop.cancel();
    workers.join_all().await;
}

/// Not a test: the process that `a_killed_worker…` kills. It takes one job and never ends it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the child process of another test"]
async fn child_that_hangs_in_a_job() {
    let gates = gates(&std::env::var("SRI_TEST_URL").unwrap(), Clock::system());
    let handler = Handler::tenant(|job: TenantJob, _: Tarefa| async move {
        mark(&job).await?;
        std::future::pending().await
    });
    Worker::new(gates, vec![handler], vec![], limits()).unwrap().run(CancellationToken::new()).await;
}

/// R15: kill -9. The job of the dead process is run by another within about the lease, as its second attempt.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_workers_job_is_taken_over() {
    let house = House::new().await;
    add(&house, &house.alfa, 1).await;
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "worker::child_that_hangs_in_a_job", "--ignored", "--nocapture"])
        .env("SRI_TEST_URL", house.url())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    eventually(SOON, "the child holds the job", async || house.effects(&house.alfa, "amostra.feita").await == 1).await;

    let attempts = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&attempts);
    let handler = Handler::tenant(move |job: TenantJob, _: Tarefa| {
        let seen = Arc::clone(&seen);
        async move {
            mark(&job).await?;
            seen.store(usize::try_from(job.attempt.number).unwrap(), Ordering::SeqCst);
            Ok(Outcome::Done)
        }
    });
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    workers.spawn(worker(&house, handler, limits()).run(stop.clone()));
    // A living worker keeps its job however long it takes.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(attempts.load(Ordering::SeqCst), 0);

    child.kill().await.unwrap();
    let killed = Instant::now();
    eventually(SOON, "taken over", async || house.jobs().await == 0).await;
    assert!(killed.elapsed() < Duration::from_secs(8), "{:?}", killed.elapsed());
    assert_eq!(attempts.load(Ordering::SeqCst), 2);
    stop.cancel();
    workers.join_all().await;
}

/// A job that kills whoever runs it must not be passed round for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_kills_its_workers_ends_as_dead() {
    let house = House::new().await;
    let how = Enqueue { max_attempts: Some(2), ..Enqueue::default() };
    house.tenants().write(&house.alfa, async |tx| enqueue(tx, &Tarefa { n: 1 }, how).await).await.unwrap();
    let short = Limits { lease: Duration::from_millis(400), ..limits() };
    let tries = Arc::new(AtomicUsize::new(0));
    let started = Arc::new(Notify::new());
    for _ in 0..2 {
        let (tries, told) = (Arc::clone(&tries), Arc::clone(&started));
        let deadly = Handler::tenant(move |_: TenantJob, _: Tarefa| {
            tries.fetch_add(1, Ordering::SeqCst);
            told.notify_one();
            std::future::pending()
        });
        let mut dying = JoinSet::new();
        dying.spawn(worker(&house, deadly, short).run(CancellationToken::new()));
        tokio::time::timeout(SOON, started.notified()).await.unwrap();
        dying.shutdown().await; // Nothing is booked or given back.
    }
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    workers.spawn(worker(&house, marking(), short).run(stop.clone()));
    eventually(SOON, "dead", async || house.number("SELECT count(*) FROM platform.job WHERE state = 'dead'").await == 1).await;
    assert_eq!(tries.load(Ordering::SeqCst), 2);
    stop.cancel();
    workers.join_all().await;
}

/// A claim whose COMMIT was answered to nobody: the worker lives and beats, but does not run this job.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_its_living_worker_does_not_know_of_is_taken_over() {
    let house = House::new().await;
    add(&house, &house.alfa, 1).await;
    let begun = Arc::new(Notify::new());
    let told = Arc::clone(&begun);
    let handler = Handler::tenant(move |job: TenantJob, tarefa: Tarefa| {
        let told = Arc::clone(&told);
        async move {
            if tarefa.n == 0 {
                told.notify_one();
                return std::future::pending().await;
            }
            mark(&job).await?;
            Ok(Outcome::Done)
        }
    });
    let short = Limits { lease: Duration::from_millis(800), ..limits() };
    let mut workers = JoinSet::new();
    workers.spawn(worker(&house, handler, short).run(CancellationToken::new()));
    tokio::time::timeout(SOON, begun.notified()).await.unwrap();
    house
        .execute(
            "INSERT INTO platform.job (unidade_id, name, payload, run_at, state, attempts, fence, worker, lease_until)
             SELECT unidade_id, name, '{\"n\": 1}', now(), 'running', 1, 1, worker, now() FROM platform.job",
        )
        .await;
    eventually(SOON, "the forgotten one is done", async || house.effects(&house.alfa, "amostra.feita").await == 1).await;
    assert_eq!(
        house.number("SELECT count(*) FROM platform.job WHERE state = 'running' AND fence = 1").await,
        1,
        "the other still runs"
    );
    workers.shutdown().await;
}

/// R15: SIGSTOP and CONT. The stunned worker's job was given away: what it still wants to write is refused, and what it
/// books is ignored.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_lost_its_job_can_no_longer_commit() {
    let house = House::new().await;
    add(&house, &house.alfa, 1).await;
    let (inside, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let refused = Arc::new(AtomicBool::new(false));
    let (told, awaited, noted) = (Arc::clone(&inside), Arc::clone(&go_on), Arc::clone(&refused));
    let zombie = Handler::tenant(move |job: TenantJob, _: Tarefa| {
        let (told, awaited, noted) = (Arc::clone(&told), Arc::clone(&awaited), Arc::clone(&noted));
        async move {
            let mut tx = job.begin(Mode::Write).await?;
            let entry = Entry { action: "amostra.zumbi", entity: "amostra", entity_id: None, change: Change::default() };
            tx.audit(&job.actor, entry).await?;
            told.notify_one();
            awaited.notified().await;
            noted.store(job.commit(tx).await.is_err(), Ordering::SeqCst);
            Ok(Outcome::Done)
        }
    });
    let stop = CancellationToken::new();
    let mut zombies = JoinSet::new();
    zombies.spawn(worker(&house, zombie, limits()).run(stop.clone()));
    tokio::time::timeout(SOON, inside.notified()).await.unwrap();
    // Its lease lapses as if it had not beaten for long, and somebody else claims the job.
    house.execute("UPDATE platform.job SET worker = gen_random_uuid(), fence = fence + 1").await;
    go_on.notify_one();
    eventually(SOON, "the zombie was refused", async || refused.load(Ordering::SeqCst)).await;
    stop.cancel();
    zombies.join_all().await;
    assert_eq!(house.effects(&house.alfa, "amostra.zumbi").await, 0);
    assert_eq!(house.jobs().await, 1, "the other one's job is not booked away");
}

/// R16: running jobs end, waiting ones stay.
#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_worker_finishes_what_runs_and_starts_nothing_new() {
    let house = House::new().await;
    add(&house, &house.alfa, 10).await;
    let started = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&started);
    let handler = Handler::tenant(move |job: TenantJob, _: Tarefa| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(Duration::from_millis(500)).await;
            mark(&job).await?;
            Ok(Outcome::Done)
        }
    });
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    workers.spawn(worker(&house, handler, limits()).run(stop.clone()));
    eventually(SOON, "two run", async || started.load(Ordering::SeqCst) == 2).await;
    stop.cancel();
    workers.join_all().await;
    assert_eq!(house.effects(&house.alfa, "amostra.feita").await, 2);
    assert_eq!(house.number("SELECT count(*) FROM platform.job WHERE state = 'ready' AND attempts = 0").await, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_in_time_is_given_back_and_the_try_does_not_count() {
    let house = House::new().await;
    add(&house, &house.alfa, 1).await;
    let started = Arc::new(Notify::new());
    let told = Arc::clone(&started);
    let endless = Handler::tenant(move |_: TenantJob, _: Tarefa| {
        told.notify_one();
        std::future::pending()
    });
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    workers.spawn(worker(&house, endless, Limits { grace: Duration::from_millis(200), ..limits() }).run(stop.clone()));
    tokio::time::timeout(SOON, started.notified()).await.unwrap();
    stop.cancel();
    workers.join_all().await;
    assert_eq!(
        house.number("SELECT count(*) FROM platform.job WHERE state = 'ready' AND attempts = 0 AND worker IS NULL").await,
        1
    );
}

/// R5: connections cut under load cost time, no job and no second effect.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn jobs_survive_the_loss_of_all_connections() {
    let house = House::new().await;
    add(&house, &house.alfa, 60).await;
    add(&house, &house.beta, 60).await;
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    workers.spawn(worker(&house, marking(), limits()).run(stop.clone()));
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        let others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        house.number(others).await;
    }
    // What lost its connection in the middle is tried again after about 5 s; what could not be booked, after the lease.
    eventually(Duration::from_secs(60), "all done", async || house.jobs().await == 0).await;
    stop.cancel();
    workers.join_all().await;
    // At least once: a cut between the effect's COMMIT and the booking repeats the effect.
    let effects = house.effects(&house.alfa, "amostra.feita").await + house.effects(&house.beta, "amostra.feita").await;
    assert!((120..=140).contains(&effects), "{effects}");
}
