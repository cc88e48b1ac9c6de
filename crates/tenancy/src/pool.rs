//! The connections of one process to one placement.
//!
//! sqlx's own pool can neither choose a connection nor remember what one has served, and in 0.9.0 it hands on connections
//! inside a broken or another unidade's transaction when a request is cancelled (decision 0002). Here a connection
//! belongs to its [`Lease`]; it comes back only when the lease is told that COMMIT or ROLLBACK returned, and is closed in
//! every other case.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Instant,
};

use kernel::Fault;
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::config::PoolLimits;

#[derive(Clone)]
pub(crate) struct ConnPool(Arc<Inner>);

struct Inner {
    options: PgConnectOptions,
    limits: PoolLimits,
    permits: Arc<Semaphore>,
    state: Mutex<State>,
    /// Switches the guard off, so that the tests of the guard can be seen to fail without it.
    #[cfg(test)]
    unguarded: bool,
}

#[derive(Default)]
struct State {
    /// Most recently used last.
    idle: Vec<Idle>,
    /// Places taken: idle connections and leases.
    open: u32,
    /// Share of each tenant that holds or awaits a connection now.
    shares: HashMap<Uuid, Weak<Semaphore>>,
}

struct Idle {
    conn: PgConnection,
    history: History,
}

/// What a connection has been through.
struct History {
    born: Instant,
    /// Whom it served last: its plans and caches are warm for that one.
    last: Option<Uuid>,
    /// Sorted ids of everyone served: a backend never forgets their tables.
    served: Vec<Uuid>,
}

/// A connection for one transaction. Dropping it closes the connection.
///
/// From its beginning it occupies one of the pool's places, whether its connection is open yet or not: so connections
/// that are being opened, fail or are given up on the way count as well, and the limit holds at every moment.
pub(crate) struct Lease {
    conn: Option<PgConnection>,
    history: History,
    fresh: bool,
    pool: Arc<Inner>,
    _share: Option<OwnedSemaphorePermit>,
    _permit: OwnedSemaphorePermit,
}

/// How many connections a pool has, for metrics and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    pub open: u32,
    pub idle: u32,
}

impl ConnPool {
    pub(crate) fn new(options: PgConnectOptions, limits: PoolLimits) -> Self {
        let permits = Arc::new(Semaphore::new(limits.at_once.min(limits.connections) as usize));
        Self(Arc::new(Inner {
            options,
            limits,
            permits,
            state: Mutex::default(),
            #[cfg(test)]
            unguarded: false,
        }))
    }

    /// A pool that trusts every connection, as sqlx 0.9.0's does.
    #[cfg(test)]
    pub(crate) fn unguarded(options: PgConnectOptions, limits: PoolLimits) -> Self {
        let permits = Arc::new(Semaphore::new(limits.at_once.min(limits.connections) as usize));
        Self(Arc::new(Inner { options, limits, permits, state: Mutex::default(), unguarded: true }))
    }

    /// A connection for `tenant`, preferably one that served it last; `None` for the platform's own work.
    ///
    /// # Errors
    /// Unavailable when no connection comes free within the acquire timeout or the server cannot be reached.
    pub(crate) async fn lease(&self, tenant: Option<Uuid>) -> Result<Lease, Fault> {
        let inner = &self.0;
        let wait = async {
            let share = match tenant {
                Some(tenant) => Some(inner.share(tenant).acquire_owned().await),
                None => None,
            };
            // The semaphores are never closed.
            let share = share.transpose().map_err(|e| Fault::new("connection pool", e))?;
            let permit = Arc::clone(&inner.permits).acquire_owned().await.map_err(|e| Fault::new("connection pool", e))?;
            Ok::<_, Fault>((share, permit))
        };
        let (share, permit) = tokio::time::timeout(inner.limits.acquire_timeout, wait)
            .await
            .map_err(|e| Fault::new("no database connection came free", e).unavailable())??;
        let (conn, history) = match inner.take(tenant) {
            Some(Idle { conn, history }) => (Some(conn), history),
            None => (None, History::new()),
        };
        // From here on the place belongs to the lease: it goes back whatever happens below.
        let mut lease = Lease { conn, history, fresh: false, pool: Arc::clone(inner), _share: share, _permit: permit };
        if lease.conn.is_none() {
            lease.connect().await?;
        }
        if let Some(tenant) = tenant {
            lease.history.serve(tenant);
        }
        Ok(lease)
    }

    pub(crate) fn size(&self) -> PoolSize {
        let state = self.0.state();
        PoolSize { open: state.open, idle: u32::try_from(state.idle.len()).unwrap_or(u32::MAX) }
    }

    /// Closes idle connections; leased ones close when they come back after [`PoolLimits::max_lifetime`].
    pub(crate) fn close_idle(&self) {
        let mut state = self.0.state();
        let closed = u32::try_from(state.idle.len()).unwrap_or(u32::MAX);
        state.idle.clear();
        state.open = state.open.saturating_sub(closed);
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held; a poisoned state is still a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The semaphore that bounds how many connections one tenant holds at once.
    fn share(&self, tenant: Uuid) -> Arc<Semaphore> {
        let mut state = self.state();
        if let Some(share) = state.shares.get(&tenant).and_then(Weak::upgrade) {
            return share;
        }
        if state.shares.len() >= 64 {
            state.shares.retain(|_, share| share.strong_count() > 0);
        }
        let share = Arc::new(Semaphore::new(self.limits.per_unidade as usize));
        state.shares.insert(tenant, Arc::downgrade(&share));
        share
    }

    /// Takes a place and, where there is a fitting one, the idle connection in it: the one that served the tenant last, whose
    /// plans are warm; one that has served it, whose caches are; while there is room none, so that a new one is opened; and
    /// then the one that has served the fewest, so that each connection comes to have tenants of its own.
    fn take(&self, tenant: Option<Uuid>) -> Option<Idle> {
        let mut state = self.state();
        let (lifetime, limit) = (self.limits.max_lifetime, self.limits.distinct_unidades);
        let before = state.idle.len();
        state.idle.retain(|idle| idle.history.born.elapsed() < lifetime);
        let closed = u32::try_from(before - state.idle.len()).unwrap_or(u32::MAX);
        state.open = state.open.saturating_sub(closed);

        let last = state.idle.iter().rposition(|idle| idle.history.last == tenant);
        let warm = || state.idle.iter().rposition(|idle| tenant.is_some_and(|tenant| idle.history.has_served(tenant)));
        if let Some(position) = last.or_else(warm) {
            return Some(state.idle.remove(position));
        }
        let fewest = (0..state.idle.len()).min_by_key(|position| state.idle[*position].history.served.len());
        let Some(position) = fewest.filter(|_| state.open >= self.limits.connections) else {
            state.open += 1;
            return None;
        };
        let idle = state.idle.remove(position);
        // A connection that would grow too large gives its place to a new one.
        let worn = tenant.is_some() && idle.history.served.len() >= limit;
        (!worn).then_some(idle)
    }
}

impl History {
    fn new() -> Self {
        Self { born: Instant::now(), last: None, served: Vec::new() }
    }

    fn has_served(&self, tenant: Uuid) -> bool {
        self.served.binary_search(&tenant).is_ok()
    }

    fn serve(&mut self, tenant: Uuid) {
        self.last = Some(tenant);
        if let Err(position) = self.served.binary_search(&tenant) {
            self.served.insert(position, tenant);
        }
    }
}

impl Lease {
    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        match &mut self.conn {
            Some(conn) => conn,
            None => unreachable!("nobody gets a lease before its connection is open"),
        }
    }

    /// Whether the connection was opened for this lease; a used one may have been closed by the server meanwhile.
    pub(crate) const fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Replaces a connection that the server has closed, and forgets the idle ones: they went with it.
    pub(crate) async fn reconnect(&mut self) -> Result<(), sqlx::Error> {
        self.conn = None;
        ConnPool(Arc::clone(&self.pool)).close_idle();
        let tenant = self.history.last;
        self.connect().await?;
        if let Some(tenant) = tenant {
            self.history.serve(tenant);
        }
        Ok(())
    }

    async fn connect(&mut self) -> Result<(), sqlx::Error> {
        self.conn = Some(PgConnection::connect_with(&self.pool.options).await?);
        self.history = History::new();
        self.fresh = true;
        Ok(())
    }

    /// Gives the connection back. Only for connections whose COMMIT or ROLLBACK returned.
    pub(crate) fn give_back(mut self) {
        self.keep();
    }

    fn keep(&mut self) {
        if let Some(conn) = self.conn.take() {
            let history = std::mem::replace(&mut self.history, History::new());
            let mut state = self.pool.state();
            // The drop that follows frees the lease's place; the idle connection takes it.
            state.open += 1;
            state.idle.push(Idle { conn, history });
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        #[cfg(test)]
        if self.pool.unguarded {
            self.keep();
        }
        // Closed before the place is free.
        self.conn = None;
        let mut state = self.pool.state();
        state.open = state.open.saturating_sub(1);
    }
}
