use std::{collections::HashMap, fmt, sync::Arc};

use kernel::{Clock, Fault};

use crate::{
    config::{LoginRole, Placement, TenancyConfig},
    pool::{ConnPool, PoolSize},
    session::Session,
    unidade::{Unidade, UnidadeId},
};

/// Bounds that every transaction carries, in milliseconds; role settings would not apply on SET ROLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TxLimits {
    pub statement_ms: u64,
    pub lock_ms: u64,
}

impl TxLimits {
    /// A person waits for it.
    pub const REQUEST: Self = Self { statement_ms: 10_000, lock_ms: 3_000 };
    /// A job, an import, an export.
    pub const JOB: Self = Self { statement_ms: 300_000, lock_ms: 10_000 };
}

/// The gate to the data of every unidade, for one process. Cheap to clone.
#[derive(Clone)]
pub struct Tenants(Arc<Inner>);

struct Inner {
    pools: HashMap<Placement, ConnPool>,
    clock: Clock,
}

impl Tenants {
    /// Pools without their guard, to see the tests of the guard fail.
    #[cfg(test)]
    pub(crate) fn unguarded(config: &TenancyConfig, clock: Clock) -> Self {
        let pool = |p: &crate::PlacementConfig| {
            (p.name.clone(), ConnPool::unguarded(p.login(LoginRole::Runtime, &config.master_key), config.pool))
        };
        Self(Arc::new(Inner { pools: config.placements.iter().map(pool).collect(), clock }))
    }

    /// The pool of the central placement, for the tests of the guard.
    #[cfg(test)]
    pub(crate) fn pool(&self, placement: &Placement) -> &ConnPool {
        &self.0.pools[placement]
    }

    /// Opens nothing yet; connections come with the first transactions.
    #[must_use]
    pub fn new(config: &TenancyConfig, clock: Clock) -> Self {
        let pool = |p: &crate::PlacementConfig| {
            (p.name.clone(), ConnPool::new(p.login(LoginRole::Runtime, &config.master_key), config.pool))
        };
        Self(Arc::new(Inner { pools: config.placements.iter().map(pool).collect(), clock }))
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Runs `work` in one transaction of `unidade` and commits when it answers Ok; nothing is kept otherwise.
    ///
    /// # Errors
    /// Those of `work`; a fault when the database cannot be reached or refuses to commit.
    pub async fn write<T, E>(&self, unidade: &Arc<Unidade>, work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Fault>,
    {
        let mut tx = self.begin(unidade, Mode::Write, TxLimits::REQUEST).await?;
        match work(&mut tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The refusal is the answer; a rollback that fails only costs the connection.
                let _ = tx.rollback().await;
                Err(error)
            }
        }
    }

    /// Runs `work` in one read-only transaction of `unidade`.
    ///
    /// # Errors
    /// As [`Tenants::write`].
    pub async fn read<T, E>(&self, unidade: &Arc<Unidade>, work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Fault>,
    {
        let mut tx = self.begin(unidade, Mode::Read, TxLimits::REQUEST).await?;
        let answer = work(&mut tx).await;
        let _ = tx.rollback().await;
        answer
    }

    /// Writes what must survive a refusal (failed logins, counters, the audit of refusals) in a short transaction of its
    /// own, after the first was rolled back (architecture 8.2).
    ///
    /// # Errors
    /// As [`Tenants::write`].
    pub async fn record<T, E>(
        &self,
        unidade: &Arc<Unidade>,
        work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Fault>,
    {
        self.write(unidade, work).await
    }

    /// A transaction whose end the caller decides: for the request transaction of `web` and for jobs. Dropping it closes
    /// the connection and keeps nothing.
    ///
    /// # Errors
    /// A fault when the placement is not configured, no connection comes free, or the database cannot be reached.
    pub async fn begin(&self, unidade: &Arc<Unidade>, mode: Mode, limits: TxLimits) -> Result<TenantTx, Fault> {
        let pool = self
            .0
            .pools
            .get(&unidade.placement)
            .ok_or_else(|| Fault::because("the unidade lives in a placement that is not configured here"))?;
        let lease = pool.lease(Some(unidade.id.uuid())).await?;
        let message = unidade.names().begin(matches!(mode, Mode::Read), limits.statement_ms, limits.lock_ms);
        let session = Session::begin(lease, message).await.map_err(closed_or_fault)?;
        Ok(TenantTx { session, depth: 0, unidade: Arc::clone(unidade), clock: self.0.clock.clone() })
    }

    /// Connections of each placement, for metrics.
    #[must_use]
    pub fn sizes(&self) -> Vec<(Placement, PoolSize)> {
        self.0.pools.iter().map(|(placement, pool)| (placement.clone(), pool.size())).collect()
    }

    /// Closes idle connections, at the end of a process and after a move.
    pub fn close_idle(&self) {
        for pool in self.0.pools.values() {
            pool.close_idle();
        }
    }
}

/// The role may not be taken, or is not there: the unidade has just left this placement or is on its way, and what the
/// process remembers of it is old by a moment. Trying again asks the register.
fn closed_or_fault(error: sqlx::Error) -> Fault {
    let code = error.as_database_error().and_then(|e| e.code().map(std::borrow::Cow::into_owned));
    match code.as_deref() {
        Some("42501" | "22023") => Fault::new("the unidade is not open in its placement", error).unavailable(),
        _ => error.into(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

/// One transaction inside one unidade's schema, under its DML role. The only way to run SQL on a unidade's tables.
pub struct TenantTx {
    session: Session,
    /// How many parts are begun in one another.
    depth: u32,
    unidade: Arc<Unidade>,
    clock: Clock,
}

impl TenantTx {
    /// Where checked queries run: `sqlx::query!(…).fetch_all(tx.db())`.
    pub const fn db(&mut self) -> &mut Session {
        &mut self.session
    }

    #[must_use]
    pub const fn unidade(&self) -> &Arc<Unidade> {
        &self.unidade
    }

    #[must_use]
    pub fn unidade_id(&self) -> UnidadeId {
        self.unidade.id
    }

    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Other bounds from here on, for a request that is as long as a job: a large export.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn bound(&mut self, limits: TxLimits) -> Result<(), Fault> {
        Ok(self.session.bound(limits).await?)
    }

    /// From here on an index that has the order asked for is taken rather than a sort: for a list that is read once from its
    /// beginning to its end. The first rows come at once, and nothing is sorted on disk.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn in_index_order(&mut self) -> Result<(), Fault> {
        Ok(self.session.in_index_order().await?)
    }

    /// From here on each statement is planned for its values, however often it was executed: for a list with filters of which most
    /// are open. PostgreSQL otherwise guesses, after a few executions, that they all narrow, and sorts what an index has in order.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn plan_for_values(&mut self) -> Result<(), Fault> {
        Ok(self.session.plan_for_values().await?)
    }

    /// Has the statements that follow in this transaction join whole tables: for what reads many rows that were only just written, of
    /// which the planner knows nothing and expects a few.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn plan_for_many(&mut self) -> Result<(), Fault> {
        Ok(self.session.plan_for_many().await?)
    }

    /// # Errors
    /// When a statement of this transaction failed, or the database refuses; nothing is kept then.
    pub async fn commit(self) -> Result<(), Fault> {
        self.session.commit().await
    }

    /// # Errors
    /// When the database cannot be reached; nothing is kept in any case.
    pub async fn rollback(self) -> Result<(), Fault> {
        self.session.rollback().await
    }

    /// What the unidade takes: rows as PostgreSQL estimates them, and bytes with indexes, of the tables of the stream.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn footprint(&mut self) -> Result<(i64, i64), Fault> {
        let tables: Vec<String> = crate::Migrations::tenant().tables().into_iter().map(str::to_owned).collect();
        let row = sqlx::query!(
            r#"SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint AS "rows!",
                      coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS "bytes!"
               FROM unnest($1::text[]) AS t (name) JOIN pg_class c ON c.oid = to_regclass(t.name)"#,
            &tables
        )
        .fetch_one(self.db())
        .await?;
        Ok((row.rows, row.bytes))
    }

    /// Runs `work` as a part of the transaction that can fail alone: when it answers an error, what it wrote is undone and
    /// the transaction goes on. Parts may be begun inside parts.
    ///
    /// # Errors
    /// Those of `work`; a fault when the database cannot be reached.
    pub async fn nested<T, E>(&mut self, work: impl AsyncFnOnce(&mut Self) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Fault>,
    {
        self.depth += 1;
        let depth = self.depth;
        self.session.save(depth).await.map_err(Fault::from)?;
        let outcome = work(self).await;
        // `work` may have kept quiet about a failed statement; then there is nothing to keep.
        let keep = outcome.is_ok() && !self.session.has_failed();
        self.session.settle(depth, keep).await.map_err(Fault::from)?;
        self.depth = depth - 1;
        if outcome.is_ok() && !keep {
            return Err(Fault::because("a statement of this part failed, so it cannot be kept").into());
        }
        outcome
    }

    /// Loads rows in PostgreSQL's text COPY format, e.g. `COPY empresa (id, nome) FROM STDIN`.
    ///
    /// `rows` yields chunks of whole or partial lines. Returns how many rows were stored.
    ///
    /// # Errors
    /// A violated constraint ([`sqlx::Error::Database`]) or a lost connection.
    pub async fn copy_in(
        &mut self,
        statement: &'static str,
        rows: impl futures::Stream<Item = Vec<u8>> + Unpin + Send,
    ) -> Result<u64, sqlx::Error> {
        use futures::StreamExt;

        let mut rows = rows;
        self.session
            .watched(async |conn| {
                let mut copy = conn.copy_in_raw(statement).await?;
                while let Some(chunk) = rows.next().await {
                    copy.send(chunk).await?;
                }
                copy.finish().await
            })
            .await
    }
}

impl fmt::Debug for TenantTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantTx").field("unidade", &self.unidade.id).finish_non_exhaustive()
    }
}
