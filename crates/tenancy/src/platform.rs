use std::{collections::HashMap, fmt, sync::Arc};

use kernel::{Actor, Clock, Fault};
use serde_json::Value;

use crate::{
    config::{LoginRole, Placement, PlacementConfig, PoolLimits, TenancyConfig},
    pool::ConnPool,
    session::Session,
    unidade::UnidadeId,
};

/// The gate to the platform's own tables (`platform.`, `ref.`), as the login role that owns them. It can read no
/// unidade's schema.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    config: TenancyConfig,
    pools: HashMap<Placement, ConnPool>,
    clock: Clock,
}

impl Platform {
    #[must_use]
    pub fn new(config: TenancyConfig, clock: Clock) -> Self {
        let limits = PoolLimits { connections: config.platform_connections, ..config.pool };
        let pool =
            |p: &PlacementConfig| (p.name.clone(), ConnPool::new(p.login(LoginRole::Platform, &config.master_key), limits));
        let pools = config.placements.iter().map(pool).collect();
        Self(Arc::new(Inner { config, pools, clock }))
    }

    #[must_use]
    pub fn config(&self) -> &TenancyConfig {
        &self.0.config
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Name of the placement with the register.
    #[must_use]
    pub fn central(&self) -> &Placement {
        &self.0.config.central().name
    }

    /// A transaction in the central database.
    ///
    /// # Errors
    /// A fault when no connection comes free or the database cannot be reached.
    pub async fn begin(&self) -> Result<PlatformTx, Fault> {
        self.begin_at(self.central()).await
    }

    /// A transaction in the platform's tables of one placement: its queue and its copy of `ref`.
    ///
    /// # Errors
    /// As [`Platform::begin`]; also when the placement is not configured.
    pub async fn begin_at(&self, placement: &Placement) -> Result<PlatformTx, Fault> {
        let pool = self.0.pools.get(placement).ok_or_else(|| Fault::because("this placement is not configured here"))?;
        let lease = pool.lease(None).await?;
        let message = "BEGIN; SET LOCAL search_path = pg_temp; SET LOCAL statement_timeout = 30000; \
                       SET LOCAL lock_timeout = 5000; SET LOCAL idle_in_transaction_session_timeout = 60000";
        let session = Session::begin(lease, message.to_owned()).await.map_err(Fault::from)?;
        Ok(PlatformTx { session, clock: self.0.clock.clone() })
    }

    /// Closes idle connections, at the end of a process.
    pub fn close_idle(&self) {
        for pool in self.0.pools.values() {
            pool.close_idle();
        }
    }

    /// Runs `work` in one transaction of the central database and commits when it answers Ok.
    ///
    /// # Errors
    /// Those of `work`; a fault when the database cannot be reached or refuses to commit.
    pub async fn write<T, E>(&self, work: impl AsyncFnOnce(&mut PlatformTx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Fault>,
    {
        let mut tx = self.begin().await?;
        match work(&mut tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                let _ = tx.rollback().await;
                Err(error)
            }
        }
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Platform").field(&self.0.config.placements).finish()
    }
}

/// One transaction in the platform's own tables. SQL in it names every table with its schema.
pub struct PlatformTx {
    session: Session,
    clock: Clock,
}

impl PlatformTx {
    /// Where checked queries run.
    pub const fn db(&mut self) -> &mut Session {
        &mut self.session
    }

    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// # Errors
    /// When a statement of this transaction failed, or the database refuses; nothing is kept then.
    pub async fn commit(self) -> Result<(), Fault> {
        self.session.commit().await
    }

    /// # Errors
    /// When the database cannot be reached.
    pub async fn rollback(self) -> Result<(), Fault> {
        self.session.rollback().await
    }

    /// Tells every process: `payload` is at most a few ids, readers fetch the rows themselves.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn notify(&mut self, channel: &'static str, payload: &str) -> Result<(), Fault> {
        sqlx::query!("SELECT pg_notify($1, $2)", channel, payload).execute(self.db()).await?;
        Ok(())
    }

    /// A row of the platform's own audit trail (P-12).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn audit(&mut self, actor: &Actor, action: &str, unidade: Option<UnidadeId>, detail: Value) -> Result<(), Fault> {
        let (id, at) = (self.clock.uuid(), self.clock.now());
        sqlx::query!(
            "INSERT INTO platform.auditoria
                 (id, at, actor_kind, actor_id, actor_nome, ip, user_agent, request_id, action, unidade_id, detail)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            id,
            at,
            actor.kind.code(),
            actor.id,
            actor.nome,
            actor.meta.ip.map(ipnet::IpNet::from) as _,
            actor.meta.user_agent,
            actor.meta.request_id,
            action,
            unidade as _,
            detail,
        )
        .execute(self.db())
        .await?;
        Ok(())
    }
}

impl fmt::Debug for PlatformTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlatformTx")
    }
}
