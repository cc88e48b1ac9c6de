use std::env;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tenancy::embedded::{Embedded, Options};

/// One PostgreSQL server. `SRI_TEST_CLUSTER` and `SRI_TEST_CLUSTER_2` (URLs of superusers) name servers that run already,
/// for quicker rounds while writing; without them each test starts its own and takes it down at its end.
pub struct Cluster {
    url: String,
    embedded: Option<Embedded>,
}

impl Cluster {
    pub async fn start(number: usize) -> Self {
        let name = if number == 0 { "SRI_TEST_CLUSTER" } else { "SRI_TEST_CLUSTER_2" };
        match env::var(name) {
            Ok(url) => Self { url, embedded: None },
            Err(_) => Self::own().await,
        }
    }

    /// A server that nobody else uses.
    pub async fn own() -> Self {
        let embedded = Embedded::start(Options::temporary()).await.unwrap();
        Self { url: embedded.tcp_url("postgres"), embedded: Some(embedded) }
    }

    pub fn embedded(&self) -> &Embedded {
        self.embedded.as_ref().expect("a cluster of its own")
    }

    /// A new empty database; answers its URL.
    pub async fn new_database(&self) -> String {
        let name = format!("ops_{:016x}", rand::random::<u64>());
        let mut admin = PgConnection::connect(&self.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
        let options: PgConnectOptions = self.url.parse().unwrap();
        options.database(&name).to_url_lossy().to_string()
    }
}
