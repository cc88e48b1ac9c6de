//! The queue of one placement as one worker serves it.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use kernel::Fault;
use tenancy::{Listener, Placement, Signal, UnidadeId};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore, broadcast::error::RecvError},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Gates, Limits, Schedule,
    rests::Rests,
    run::{self, Handlers},
    schedule::Clockwork,
    sql::{self, Claimed, Wish},
};

/// How often schedules are looked at.
const TICK: Duration = Duration::from_secs(5);
/// How old the list of unidades that they go by may be.
const UNIDADES: Duration = Duration::from_secs(30);
/// Jobs claimed in one transaction at most.
const BATCH: usize = 16;

pub(crate) struct Place {
    pub gates: Gates,
    pub handlers: Arc<Handlers>,
    pub names: Vec<String>,
    pub limits: Limits,
    pub placement: Placement,
    /// This process, in this placement.
    pub worker: Uuid,
    rests: Mutex<Rests>,
    /// Jobs that run here now, with the fence of their claim: one that was lost may be claimed here again.
    running: Mutex<HashSet<(i64, i32)>>,
    wake: Notify,
}

impl Place {
    pub(crate) fn new(gates: Gates, handlers: Arc<Handlers>, limits: Limits, placement: Placement) -> Self {
        let names = handlers.keys().map(|name| (*name).to_owned()).collect();
        let worker = gates.platform.clock().uuid();
        Self {
            gates,
            handlers,
            names,
            limits,
            placement,
            worker,
            rests: Mutex::default(),
            running: Mutex::default(),
            wake: Notify::new(),
        }
    }

    /// Claims up to `at_most` jobs that are due.
    pub(crate) async fn claim(&self, at_most: usize) -> Result<Vec<Claimed>, Fault> {
        let resting: Vec<Uuid> = self.rests().resting(Instant::now()).map(UnidadeId::uuid).collect();
        let mut tx = self.gates.platform.begin_at(&self.placement).await?;
        let wish = Wish {
            worker: self.worker,
            names: &self.names,
            resting: &resting,
            now: tx.clock().now(),
            at_most: i64::try_from(at_most).unwrap_or(i64::MAX),
        };
        let claimed = sql::claim(&mut tx, &self.limits, &wish).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Runs one claimed job and books its outcome.
    pub(crate) async fn run(&self, job: Claimed) {
        let _running = Running::note(&self.running, (job.attempt.job, job.attempt.fence));
        let heard = self.rests().heard();
        match run::run(&self.gates, &self.handlers, &self.placement, job).await {
            Ok(Some(unidade)) => self.rests().rest(unidade, heard, Instant::now()),
            Ok(None) => {}
            Err(fault) => {
                tracing::error!(%fault, "The outcome of a job could not be booked; it runs again when its lease lapses.");
            }
        }
        // Its share has room again.
        self.wake.notify_one();
    }

    /// Serves the queue until `shutdown`; `slots` bounds the running jobs of the process. Dropping the future stops
    /// everything at once, as the death of the process would.
    pub(crate) async fn serve(self: Arc<Self>, schedules: &[Schedule], slots: Arc<Semaphore>, shutdown: CancellationToken) {
        let mut helpers = JoinSet::new();
        helpers.spawn(Arc::clone(&self).listen());
        helpers.spawn(Arc::clone(&self).watch_register());
        helpers.spawn(Arc::clone(&self).beat());
        let central = self.placement == *self.gates.platform.central();
        let clockwork = Clockwork::new(self.placement.clone(), schedules, central);
        let mut ticking = JoinSet::new();
        ticking.spawn(Arc::clone(&self).keep_time(clockwork));

        let mut running = JoinSet::new();
        while let Some(permits) = self.next_permits(&slots, &shutdown).await {
            while running.try_join_next().is_some() {}
            match self.claim(permits.len()).await {
                Ok(claimed) if claimed.is_empty() => {
                    drop(permits);
                    self.pause(self.limits.poll, &shutdown).await;
                }
                Ok(claimed) => {
                    for (job, permit) in claimed.into_iter().zip(permits) {
                        let place = Arc::clone(&self);
                        running.spawn(async move {
                            place.run(job).await;
                            drop(permit);
                        });
                    }
                }
                Err(fault) => {
                    drop(permits);
                    tracing::error!(%fault, placement = %self.placement, "Jobs could not be claimed.");
                    tokio::select! {
                        () = tokio::time::sleep(Duration::from_secs(1)) => {}
                        () = shutdown.cancelled() => {}
                    }
                }
            }
        }
        ticking.shutdown().await;
        self.drain_running(running).await;
    }

    /// Lets running jobs end within the grace period; gives the others back.
    async fn drain_running(&self, mut running: JoinSet<()>) {
        let ended = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(self.limits.grace, ended).await.is_ok() {
            return;
        }
        running.shutdown().await;
        let released = async {
            let mut tx = self.gates.platform.begin_at(&self.placement).await?;
            let released = sql::release(&mut tx, self.worker).await?;
            tx.commit().await?;
            Ok::<_, Fault>(released)
        };
        match released.await {
            Ok(jobs) => tracing::warn!(jobs, "Jobs that did not end in time were given back."),
            Err(fault) => tracing::error!(%fault, "Jobs could not be given back; they run again when their leases lapse."),
        }
    }

    /// Room for at least one job; `None` at shutdown.
    async fn next_permits(&self, slots: &Arc<Semaphore>, shutdown: &CancellationToken) -> Option<Vec<OwnedSemaphorePermit>> {
        let first = tokio::select! {
            biased;
            () = shutdown.cancelled() => return None,
            permit = Arc::clone(slots).acquire_owned() => permit.ok()?,
        };
        let mut permits = vec![first];
        while permits.len() < BATCH {
            let Ok(permit) = Arc::clone(slots).try_acquire_owned() else { break };
            permits.push(permit);
        }
        Some(permits)
    }

    async fn pause(&self, at_most: Duration, shutdown: &CancellationToken) {
        tokio::select! {
            () = self.wake.notified() => {}
            () = tokio::time::sleep(at_most) => {}
            () = shutdown.cancelled() => {}
        }
    }

    /// Hears of new jobs. Without it they are found by polling.
    async fn listen(self: Arc<Self>) {
        loop {
            match Listener::connect(self.gates.platform.config(), &self.placement, &[sql::CHANNEL]).await {
                Ok(mut listener) => loop {
                    match listener.next().await {
                        Signal::Told { .. } | Signal::Resync => self.wake.notify_one(),
                        Signal::Lost => {}
                    }
                },
                Err(fault) => tracing::warn!(%fault, placement = %self.placement, "New jobs cannot be heard; polling."),
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    /// A unidade that changed may be served again.
    async fn watch_register(self: Arc<Self>) {
        let mut changes = self.gates.registry.changes();
        loop {
            match changes.recv().await {
                Ok(unidade) => self.rests().changed(Some(unidade)),
                Err(RecvError::Lagged(_)) => self.rests().changed(None),
                Err(RecvError::Closed) => return,
            }
            self.wake.notify_one();
        }
    }

    /// Keeps this worker's leases and takes over those of dead workers.
    async fn beat(self: Arc<Self>) {
        let mut interval = tokio::time::interval(self.limits.lease / 4);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            match self.beat_once().await {
                Ok(0) => {}
                Ok(jobs) => {
                    tracing::warn!(jobs, placement = %self.placement, "Jobs of a dead worker were taken over.");
                    self.wake.notify_one();
                }
                Err(fault) => tracing::error!(%fault, placement = %self.placement, "Leases of jobs could not be kept."),
            }
        }
    }

    pub(crate) async fn beat_once(&self) -> Result<u64, Fault> {
        let running: Vec<i64> = unpoisoned(&self.running).iter().map(|(job, _)| *job).collect();
        let mut tx = self.gates.platform.begin_at(&self.placement).await?;
        sql::beat(&mut tx, self.worker, &running, self.limits.lease).await?;
        let telling: Vec<&str> =
            self.handlers.values().filter(|handler| handler.telling().is_some()).map(crate::Handler::name).collect();
        let swept = sql::sweep(&mut tx, &telling).await?;
        tx.commit().await?;
        Ok(swept)
    }

    async fn keep_time(self: Arc<Self>, mut clockwork: Clockwork) {
        let mut interval = tokio::time::interval(TICK);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut unidades, mut read_at) = (Vec::new(), None::<Instant>);
        loop {
            interval.tick().await;
            let ticked = async {
                if read_at.is_none_or(|at| at.elapsed() >= UNIDADES) {
                    unidades = self.gates.registry.all().await?;
                    read_at = Some(Instant::now());
                }
                clockwork.tick(&self.gates.platform, &unidades).await
            };
            if let Err(fault) = ticked.await {
                tracing::error!(%fault, placement = %self.placement, "Schedules could not be kept.");
            }
        }
    }

    fn rests(&self) -> MutexGuard<'_, Rests> {
        unpoisoned(&self.rests)
    }
}

/// Nothing panics while these locks are held; what they guard is whole.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A job is among the running ones as long as this lives, also when its future is dropped.
struct Running<'a> {
    jobs: &'a Mutex<HashSet<(i64, i32)>>,
    job: (i64, i32),
}

impl<'a> Running<'a> {
    fn note(jobs: &'a Mutex<HashSet<(i64, i32)>>, job: (i64, i32)) -> Self {
        unpoisoned(jobs).insert(job);
        Self { jobs, job }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        unpoisoned(self.jobs).remove(&self.job);
    }
}
