//! For tests only: a database of one's own in some 50 ms, holding the platform and the unidades `alfa` and `beta`.
//!
//! One server runs for all test processes of a machine; the first process that needs it starts it and builds a template
//! database, every test clones that. Tests share nothing and need no order.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

mod server;
mod template;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::{Actor, Clock, FixedClock};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tenancy::{MasterKey, Platform, Registry, TenancyConfig, TenantTx, Tenants, Unidade};

pub use server::{Which, admin_url};
pub use template::empty_database;

/// A test's own database and the ways into it.
pub struct Base {
    /// Stands still until a test moves it.
    pub clock: FixedClock,
    pub config: TenancyConfig,
    pub platform: Platform,
    pub tenants: Tenants,
    pub registry: Registry,
    pub alfa: Arc<Unidade>,
    pub beta: Arc<Unidade>,
    url: String,
}

/// The instant at which every test begins: a Monday in business hours of Joinville.
pub const NOW: &str = "2026-11-23T13:00:00Z";

impl Base {
    pub async fn new() -> Self {
        let url = template::clone_of_template().await;
        let clock = FixedClock::at(NOW.parse::<DateTime<Utc>>().unwrap());
        Self::at(url, clock).await
    }

    /// As [`Base::new`] with a clock that stands at the present, for tests with processes whose clocks go on.
    pub async fn present() -> Self {
        Self::at(template::clone_of_template().await, FixedClock::at(Clock::system().now())).await
    }

    /// As [`Base::present`] in an empty database on a server of the test's own.
    pub async fn furnished(url: String) -> Self {
        template::furnish(config(&url)).await;
        Self::at(url, FixedClock::at(Clock::system().now())).await
    }

    async fn at(url: String, clock: FixedClock) -> Self {
        let config = config(&url);
        let time = Clock::fixed(clock.clone());
        let platform = Platform::new(config.clone(), time.clone());
        let registry = Registry::new(platform.clone());
        let find = async |slug| registry.by_slug(slug).await.unwrap().unwrap();
        let (alfa, beta) = (find("alfa").await, find("beta").await);
        Self { tenants: Tenants::new(&config, time), clock, config, platform, registry, alfa, beta, url }
    }

    /// The same database as another process sees it: own pools, own memory of the register, the same clock.
    pub async fn twin(&self) -> Self {
        Self::at(self.url.clone(), self.clock.clone()).await
    }

    /// Address of the database as its administrator.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs `work` in alfa and commits.
    pub async fn alfa<T>(&self, work: impl AsyncFnOnce(&mut TenantTx) -> T) -> T {
        self.inside(&self.alfa, work).await
    }

    /// Runs `work` in beta and commits.
    pub async fn beta<T>(&self, work: impl AsyncFnOnce(&mut TenantTx) -> T) -> T {
        self.inside(&self.beta, work).await
    }

    async fn inside<T>(&self, unidade: &Arc<Unidade>, work: impl AsyncFnOnce(&mut TenantTx) -> T) -> T {
        let mut tx = self.tenants.begin(unidade, tenancy::Mode::Write, tenancy::TxLimits::REQUEST).await.unwrap();
        let answer = work(&mut tx).await;
        tx.commit().await.unwrap();
        answer
    }

    pub async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// One number, asked as the superuser.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub async fn number(&self, sql: &str) -> i64 {
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.admin().await).await.unwrap();
        row.get(0)
    }

    /// One text, asked as the superuser.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub async fn text(&self, sql: &str) -> String {
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.admin().await).await.unwrap();
        row.get(0)
    }

    /// The one id that a query answers, asked as the superuser.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub async fn id(&self, sql: &str) -> uuid::Uuid {
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.admin().await).await.unwrap();
        row.get(0)
    }

    /// Runs statements as the superuser.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub async fn execute(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.admin().await).await.unwrap();
    }

    /// A hash of everything in a unidade's schema, to show that a refusal changed nothing.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub async fn fingerprint(&self, unidade: &Unidade) -> String {
        let schema = unidade.names().schema();
        let mut admin = self.admin().await;
        let tables = sqlx::query("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1")
            .bind(&schema)
            .fetch_all(&mut admin)
            .await
            .unwrap();
        let mut print = String::new();
        for table in tables {
            let table: String = table.get(0);
            let sql = format!("SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {schema}.{table} t");
            let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap();
            print.push_str(&format!("{table}:{};", row.get::<String, _>(0)));
        }
        print
    }
}

/// Configuration with the tests' own master key.
#[must_use]
pub fn config(url: &str) -> TenancyConfig {
    let key: MasterKey = "ab".repeat(32).parse().unwrap();
    let mut config = TenancyConfig::new(url, &BTreeMap::new(), key).unwrap();
    config.pool.connections = 6;
    config.pool.per_unidade = 5;
    config
}

/// The product itself as actor.
#[must_use]
pub fn sistema() -> Actor {
    Actor::sistema()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_tests_share_nothing() {
        let (one, two) = (Base::new().await, Base::new().await);
        let before = two.fingerprint(&two.alfa).await;
        let entry = || tenancy::Entry { action: "x.y", entity: "x", entity_id: None, change: tenancy::Change::default() };
        one.alfa(async |tx: &mut TenantTx| tx.audit(&sistema(), entry()).await).await.unwrap();
        assert_eq!(two.fingerprint(&two.alfa).await, before);
        assert_ne!(one.fingerprint(&one.alfa).await, before);
        assert_eq!(one.number(&format!("SELECT count(*) FROM {}.auditoria", one.beta.names().schema())).await, 0);
        // Nobody but the product's roles may connect, in a clone too.
        assert_eq!(one.number("SELECT has_database_privilege('public', current_database(), 'CONNECT')::int::bigint").await, 0);
    }
}
