//! A small house for tests of the lower floors: a database of its own with the unidades alfa and beta, and what a process
//! has. The upper floors use `testkit`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc, reason = "a test that cannot be set up has failed")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::Gates;
use kernel::{Actor, Clock, Fault};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tenancy::{
    MasterKey, Migrations, NewUnidade, Placement, Platform, Provisioning, Registry, Status, Step, TenancyConfig, Tenants,
    Unidade,
    embedded::{Embedded, Options},
};

pub struct House {
    pub clock: Clock,
    pub config: TenancyConfig,
    pub platform: Platform,
    pub alfa: Arc<Unidade>,
    pub beta: Arc<Unidade>,
    url: String,
    /// Ends with the house.
    _server: Option<Embedded>,
}

impl House {
    pub async fn new() -> Self {
        Self::with_clock(Clock::system()).await
    }

    pub async fn with_clock(clock: Clock) -> Self {
        let (server, url) = new_database().await;
        let config = config(&url);
        tenancy::bootstrap(config.central(), &config.master_key).await.unwrap();
        tenancy::migrate_platform(config.central(), &config.master_key).await.unwrap();
        let platform = Platform::new(config.clone(), clock.clone());
        let (alfa, beta) = (provision(&platform, "alfa").await, provision(&platform, "beta").await);
        Self { clock, config, platform, alfa, beta, url, _server: server }
    }

    /// The house as another process finds it: the database of `url`, made by [`House::new`] there.
    pub async fn existing(url: &str) -> Self {
        let config = config(url);
        let clock = Clock::system();
        let platform = Platform::new(config.clone(), clock.clone());
        let registry = Registry::new(platform.clone());
        let find = async |slug| registry.by_slug(slug).await.unwrap().unwrap();
        Self { alfa: find("alfa").await, beta: find("beta").await, clock, config, platform, url: url.to_owned(), _server: None }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// What one process has: its own pools and its own memory of the register.
    pub fn gates(&self) -> Gates {
        let platform = Platform::new(self.config.clone(), self.clock.clone());
        Gates { tenants: self.tenants(), registry: Registry::new(platform.clone()), platform }
    }

    pub fn tenants(&self) -> Tenants {
        Tenants::new(&self.config, self.clock.clone())
    }

    pub fn placement(&self) -> &Placement {
        self.platform.central()
    }

    pub async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// One number, asked as the superuser.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub async fn number(&self, sql: &str) -> i64 {
        let mut admin = self.admin().await;
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut admin).await.unwrap();
        row.get(0)
    }

    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub async fn execute(&self, sql: &str) {
        let mut admin = self.admin().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut admin).await.unwrap();
    }

    /// Audit rows of `action` in the schema of `unidade`: what the tests' jobs leave behind.
    pub async fn effects(&self, unidade: &Unidade, action: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {}.auditoria WHERE action = '{action}'", unidade.names().schema())).await
    }

    pub async fn jobs(&self) -> i64 {
        self.number("SELECT count(*) FROM platform.job").await
    }

    pub async fn set_status(&self, unidade: &Unidade, status: Status) {
        self.execute(&format!("UPDATE platform.unidade SET status = '{}' WHERE id = '{}'", status.code(), unidade.id)).await;
        self.execute(&format!("NOTIFY {}, '{}'", tenancy::SIGNAL_UNIDADE, unidade.id)).await;
    }
}

/// Waits until `condition` holds, at most `limit`.
pub async fn eventually(limit: Duration, what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(limit, async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("not within {limit:?}: {what}"));
}

fn config(url: &str) -> TenancyConfig {
    let key: MasterKey = "11".repeat(32).parse().unwrap();
    TenancyConfig::new(url, &BTreeMap::new(), key).unwrap()
}

async fn provision(platform: &Platform, slug: &str) -> Arc<Unidade> {
    let new = NewUnidade {
        slug: slug.parse().unwrap(),
        codigo: slug.parse().unwrap(),
        nome: format!("SENAI {slug}").parse().unwrap(),
        placement: None,
        municipio_id: None,
        modules: vec![],
        admin_nome: "Ana".parse().unwrap(),
        admin_email: "ana@senai.example".parse().unwrap(),
    };
    let mut tx = platform.begin().await.unwrap();
    let id = Provisioning::request(&mut tx, platform, &Actor::sistema(), new).await.unwrap();
    tx.commit().await.unwrap();
    let registry = Registry::new(platform.clone());
    let registered = registry.by_id(id).await.unwrap().unwrap();
    Provisioning::make_schema(platform, &registered).await.unwrap();
    platform.write(async |tx| Provisioning::reach(tx, id, Step::Done, None).await).await.map_err(|e: Fault| e).unwrap();
    let unidade = registry.by_id(id).await.unwrap().unwrap();
    assert_eq!(unidade.schema_version, Migrations::tenant().newest());
    unidade
}

/// An empty database, and the server when it was started for it: the house takes it along. `SRI_TEST_PG` names a superuser's
/// database (a URL) on a server that is used instead, which is much quicker; what is made there stays.
async fn new_database() -> (Option<Embedded>, String) {
    if let Ok(url) = std::env::var("SRI_TEST_PG") {
        let name = create_database(&url).await;
        return (None, in_database(&url, &name));
    }
    let server = Embedded::start(Options::temporary()).await.unwrap();
    let name = create_database(&server.url("postgres")).await;
    let url = server.url(&name);
    (Some(server), url)
}

/// The same URL with another database in it.
fn in_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(address, query)| (address, format!("?{query}")));
    let (server, _) = address.rsplit_once('/').unwrap();
    format!("{server}/{name}{query}")
}

async fn create_database(admin: &str) -> String {
    let mut admin = PgConnection::connect(admin).await.unwrap();
    let name = format!("sri_{}", Clock::system().uuid().simple());
    #[expect(clippy::disallowed_methods, reason = "a name of our own")]
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
    name
}
