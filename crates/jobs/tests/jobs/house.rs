//! What the tests of this crate need beside a database: the parts of a process, and looking at the queue from outside.

use std::{ops::Deref, time::Duration};

use chrono::{DateTime, Utc};
use jobs::Gates;
use kernel::{Clock, FixedClock};
use tenancy::{Platform, Registry, Status, Tenants, Unidade};
use testkit::Base;

pub(crate) struct House {
    base: Base,
    clock: Clock,
}

impl House {
    /// Under the clock of the machine: workers run by themselves.
    pub(crate) async fn new() -> Self {
        Self { base: Base::new().await, clock: Clock::system() }
    }

    /// Under a clock that stands still at `instant`.
    pub(crate) async fn still_at(instant: &str) -> (Self, FixedClock) {
        let base = Base::new().await;
        let (instant, now) = (instant.parse::<DateTime<Utc>>().unwrap(), base.tenants.clock().now());
        base.clock.advance(instant - now);
        let fixed = base.clock.clone();
        (Self { clock: Clock::fixed(fixed.clone()), base }, fixed)
    }

    pub(crate) fn tenants(&self) -> Tenants {
        Tenants::new(&self.config, self.clock.clone())
    }

    /// What one process has: its own pools and its own memory of the register.
    pub(crate) fn gates(&self) -> Gates {
        gates(self.url(), self.clock.clone())
    }

    /// Audit rows of `action` in the schema of `unidade`: what the tests' jobs leave behind.
    pub(crate) async fn effects(&self, unidade: &Unidade, action: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {}.auditoria WHERE action = '{action}'", unidade.names().schema())).await
    }

    /// Rows of the queue, dead ones included.
    pub(crate) async fn jobs(&self) -> i64 {
        self.number("SELECT count(*) FROM platform.job").await
    }

    pub(crate) async fn set_status(&self, unidade: &Unidade, status: Status) {
        self.execute(&format!("UPDATE platform.unidade SET status = '{}' WHERE id = '{}'", status.code(), unidade.id)).await;
    }
}

impl Deref for House {
    type Target = Base;

    fn deref(&self) -> &Base {
        &self.base
    }
}

/// The parts of a process on the database of `url`.
pub(crate) fn gates(url: &str, clock: Clock) -> Gates {
    let config = testkit::config(url);
    let platform = Platform::new(config.clone(), clock.clone());
    Gates { tenants: Tenants::new(&config, clock), registry: Registry::new(platform.clone()), platform }
}

/// Waits until `condition` holds, at most `limit`.
pub(crate) async fn eventually(limit: Duration, what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(limit, async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("not within {limit:?}: {what}"));
}
