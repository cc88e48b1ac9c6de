use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tenancy::{
    PlacementConfig, bootstrap,
    embedded::{Embedded, Options},
    migrate_platform,
};
use testkit::{Which, admin_url};

/// Advisory lock under which the template with the empty platform is made.
const LOCK: i64 = 0x7e58;

/// One PostgreSQL server: one of the two that all tests share, or one of its own.
pub enum Cluster {
    Shared(Which),
    Own(Box<Embedded>),
}

impl Cluster {
    /// A server that nobody else uses; some seconds.
    pub async fn own() -> Self {
        Self::Own(Box::new(Embedded::start(Options::temporary()).await.unwrap()))
    }

    pub fn embedded(&self) -> &Embedded {
        match self {
            Self::Own(embedded) => embedded,
            Self::Shared(_) => panic!("this server is not the test's own"),
        }
    }

    pub async fn url(&self, database: &str) -> String {
        match self {
            Self::Shared(which) => admin_url(*which, database).await,
            Self::Own(embedded) => embedded.url(database),
        }
    }

    /// A new database with the platform in it and no unidade; answers its URL. The rights on the database itself are still
    /// PostgreSQL's own.
    pub async fn new_database(&self) -> String {
        let mut admin = PgConnection::connect(&self.url("postgres").await).await.unwrap();
        let template = format!("sri_platform_{}", tenancy::Migrations::fingerprint());
        run(&mut admin, &format!("SELECT pg_advisory_lock({LOCK})")).await;
        let there =
            sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(&template).fetch_optional(&mut admin).await.unwrap();
        if there.is_none() {
            self.make_template(&mut admin, &template).await;
        }
        run(&mut admin, &format!("SELECT pg_advisory_unlock({LOCK})")).await;
        // The name tells testkit which process it belongs to, so that it is dropped when that is gone.
        let name = format!("sri_test_{}_{:016x}", std::process::id(), rand::random::<u64>());
        run(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        self.url(&name).await
    }

    async fn make_template(&self, admin: &mut PgConnection, template: &str) {
        let half = format!("{template}_half");
        run(admin, &format!("DROP DATABASE IF EXISTS {half} WITH (FORCE)")).await;
        run(admin, &format!("CREATE DATABASE {half}")).await;
        let placement = PlacementConfig::parse("principal".parse().unwrap(), &self.url(&half).await).unwrap();
        let refused = bootstrap(&placement, &super::key()).await.unwrap();
        assert!(refused.0.is_empty(), "{refused:?}");
        migrate_platform(&placement, &super::key()).await.unwrap();
        for _ in 0..100 {
            let rename = AssertSqlSafe(format!("ALTER DATABASE {half} RENAME TO {template}"));
            if sqlx::raw_sql(rename).execute(&mut *admin).await.is_ok() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the template is still in use");
    }
}

async fn run(admin: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(admin).await.unwrap();
}

/// Takes away what a test leaves on a shared server: its database and the roles of its unidades.
pub async fn clean(url: &str) {
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let database = options.get_database().unwrap().to_owned();
    let mut conn = PgConnection::connect_with(&options).await.unwrap();
    let roles = sqlx::query(
        "SELECT r.rolname::text FROM pg_roles r JOIN pg_namespace n ON substr(n.nspname, 3) = substr(r.rolname, 3)
         WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND r.rolname ~ '^[oti]_[0-9a-f]{32}$'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let mut admin = PgConnection::connect_with(&options.database("postgres")).await.unwrap();
    drop(conn);
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await;
    for row in roles {
        run(&mut admin, &format!("DROP ROLE IF EXISTS {}", row.get::<String, _>(0))).await;
    }
}
