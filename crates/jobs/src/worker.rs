use std::{collections::HashMap, sync::Arc, time::Duration};

use kernel::Fault;
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{Gates, Handler, Schedule, place::Place, run::Handlers, schedule::Clockwork};

/// Bounds of one worker process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Jobs running in this process at once, all placements together.
    pub concurrency: usize,
    /// Running jobs of one unidade at once, over all processes.
    pub per_unidade: u16,
    /// Running jobs of the platform itself at once, per placement, over all processes.
    pub platform: u16,
    /// How long a worker may be silent before its jobs are given to others.
    pub lease: Duration,
    /// How often due jobs are looked for without being told.
    pub poll: Duration,
    /// How long a stopping worker waits for its running jobs.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 8,
            per_unidade: 2,
            platform: 4,
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(25),
        }
    }
}

/// Runs jobs and keeps schedules. Several processes may run one each on the same databases.
pub struct Worker {
    gates: Gates,
    handlers: Arc<Handlers>,
    schedules: Vec<Schedule>,
    limits: Limits,
}

impl Worker {
    /// # Errors
    /// A fault when two handlers or two schedules bear one name, or a schedule enqueues what nobody handles.
    pub fn new(gates: Gates, handlers: Vec<Handler>, schedules: Vec<Schedule>, limits: Limits) -> Result<Self, Fault> {
        let mut by_name = HashMap::new();
        for handler in handlers {
            if let Some(twin) = by_name.insert(handler.name(), handler) {
                return Err(Fault::new("two handlers for one job", twin.name()));
            }
        }
        let mut names = std::collections::HashSet::new();
        for schedule in &schedules {
            if !names.insert(schedule.name()) {
                return Err(Fault::new("two schedules of one name", schedule.name()));
            }
            if !by_name.contains_key(schedule.job()) {
                return Err(Fault::new("a schedule whose job nobody handles", schedule.name()));
            }
        }
        Ok(Self { gates, handlers: Arc::new(by_name), schedules, limits })
    }

    /// Serves the queues of all placements until `shutdown`; then takes no new jobs, waits [`Limits::grace`] for those that
    /// run, and gives the others back. A placement that cannot be reached is tried again for ever.
    ///
    /// Dropping the future stops at once; its jobs are taken over by others when their leases lapse.
    pub async fn run(self, shutdown: CancellationToken) {
        let slots = Arc::new(Semaphore::new(self.limits.concurrency));
        let mut places = JoinSet::new();
        let schedules: Arc<[Schedule]> = self.schedules.clone().into();
        for place in self.places() {
            let (slots, shutdown, schedules) = (Arc::clone(&slots), shutdown.clone(), Arc::clone(&schedules));
            places.spawn(async move { Arc::new(place).serve(&schedules, slots, shutdown).await });
        }
        while let Some(ended) = places.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "The queue of a placement is no longer served.");
            }
        }
    }

    /// For tests: runs every job that is due, and those that they enqueue, one after the other, until none is left; jobs of
    /// unidades that are not served stay. Returns how many were run.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn drain(&self) -> Result<usize, Fault> {
        let places: Vec<_> = self.places().collect();
        let mut total = 0;
        loop {
            let before = total;
            for place in &places {
                for job in place.claim(1).await? {
                    place.run(job).await;
                    total += 1;
                }
            }
            if total == before {
                return Ok(total);
            }
        }
    }

    /// For tests: takes over the jobs of workers that stopped beating, once. Returns how many.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn sweep(&self) -> Result<u64, Fault> {
        let mut swept = 0;
        for place in self.places() {
            swept += place.beat_once().await?;
        }
        Ok(swept)
    }

    /// For tests: turns what has fallen due by the schedules into jobs, once. Returns how many.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tick(&self) -> Result<usize, Fault> {
        self.ticker().tick().await
    }

    /// For tests: the memory that a worker process has of its schedules, moved on by hand.
    #[must_use]
    pub fn ticker(&self) -> Ticker {
        let clockwork = |place: Place| {
            let central = place.placement == *self.gates.platform.central();
            Clockwork::new(place.placement, &self.schedules, central)
        };
        Ticker { gates: self.gates.clone(), clockworks: self.places().map(clockwork).collect() }
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        self.gates
            .platform
            .config()
            .placements
            .iter()
            .map(|placement| Place::new(self.gates.clone(), Arc::clone(&self.handlers), self.limits, placement.name.clone()))
    }
}

/// See [`Worker::ticker`].
pub struct Ticker {
    gates: Gates,
    clockworks: Vec<Clockwork>,
}

impl Ticker {
    /// Turns what has fallen due into jobs. Returns how many.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tick(&mut self) -> Result<usize, Fault> {
        let unidades = self.gates.registry.all().await?;
        let mut made = 0;
        for clockwork in &mut self.clockworks {
            made += clockwork.tick(&self.gates.platform, &unidades).await?;
        }
        Ok(made)
    }
}
