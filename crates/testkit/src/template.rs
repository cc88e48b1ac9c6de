use std::sync::atomic::{AtomicU32, Ordering};

use kernel::{Actor, Clock};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tenancy::{Migrations, NewUnidade, Platform, PlatformTx, Provisioning, Registry, Step, TenancyConfig};

use crate::{
    config,
    server::{Which, admin_url},
};

/// Advisory lock of the server under which templates are made and databases counted.
const LOCK: i64 = 0x7e57;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// Makes a database for one test and gives its address. Databases of processes that are gone are dropped on the way.
pub(crate) async fn clone_of_template() -> String {
    let mut admin = PgConnection::connect(&admin_url(Which::Central, "postgres").await).await.unwrap();
    let template = format!("sri_template_{}", Migrations::fingerprint());
    run(&mut admin, &format!("SELECT pg_advisory_lock({LOCK})")).await;
    if !exists(&mut admin, &template).await {
        make(&mut admin, &template).await;
    }
    drop_orphans(&mut admin).await;
    run(&mut admin, &format!("SELECT pg_advisory_unlock({LOCK})")).await;
    let name = format!("sri_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
    run(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    let url = admin_url(Which::Central, &name).await;
    // The rights on a database itself do not travel with a template.
    let placement = config(&url);
    tenancy::wall_database(placement.central()).await.unwrap();
    url
}

/// An empty database for one test, on either server: nothing of the product is in it yet.
pub async fn empty_database(which: Which) -> String {
    let mut admin = PgConnection::connect(&admin_url(which, "postgres").await).await.unwrap();
    drop_orphans(&mut admin).await;
    let name = format!("sri_test_{}_empty_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
    run(&mut admin, &format!("CREATE DATABASE {name}")).await;
    admin_url(which, &name).await
}

async fn make(admin: &mut PgConnection, template: &str) {
    let half = format!("{template}_half");
    run(admin, &format!("DROP DATABASE IF EXISTS {half} WITH (FORCE)")).await;
    run(admin, &format!("CREATE DATABASE {half}")).await;
    let platform = furnish(config(&admin_url(Which::Central, &half).await)).await;
    // A database with sessions cannot be renamed, and closed connections take a moment to be gone.
    platform.close_idle();
    run(admin, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{half}'")).await;
    for _ in 0..100 {
        if try_run(admin, &format!("ALTER DATABASE {half} RENAME TO {template}")).await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the template database is still in use");
}

/// Makes the platform and the unidades in an empty database.
pub(crate) async fn furnish(config: TenancyConfig) -> Platform {
    tenancy::bootstrap(config.central(), &config.master_key).await.unwrap();
    tenancy::migrate_platform(config.central(), &config.master_key).await.unwrap();
    let platform = Platform::new(config, Clock::system());
    let registry = Registry::new(platform.clone());
    for (slug, codigo, municipio) in [("alfa", "1.03", 4_209_102), ("beta", "2.07", 4_202_404)] {
        let new = NewUnidade {
            slug: slug.parse().unwrap(),
            codigo: codigo.parse().unwrap(),
            nome: format!("SENAI {slug}").parse().unwrap(),
            placement: None,
            municipio_id: Some(municipio),
            modules: vec![],
            admin_nome: "Ana".parse().unwrap(),
            admin_email: format!("ana@{slug}.example").parse().unwrap(),
        };
        let gate = platform.clone();
        let id = platform
            .write(async move |tx: &mut PlatformTx| Provisioning::request(tx, &gate, &Actor::sistema(), new).await)
            .await
            .unwrap();
        let unidade = registry.by_id(id).await.unwrap().unwrap();
        Provisioning::make_schema(&platform, &unidade).await.unwrap();
        platform.write(async |tx: &mut PlatformTx| Provisioning::reach(tx, id, Step::Done, None).await).await.unwrap();
    }
    platform
}

/// A killed test leaves its database; the next one takes it away.
#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
async fn drop_orphans(admin: &mut PgConnection) {
    let rows = sqlx::query(r"SELECT datname::text FROM pg_database WHERE datname LIKE 'sri\_test\_%'")
        .fetch_all(&mut *admin)
        .await
        .unwrap();
    for row in rows {
        let name: String = row.get(0);
        let pid = name.split('_').nth(2).unwrap_or_default();
        if !std::path::Path::new("/proc").join(pid).exists() {
            let _ = try_run(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
async fn exists(admin: &mut PgConnection, database: &str) -> bool {
    sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(database).fetch_optional(admin).await.unwrap().is_some()
}

async fn run(admin: &mut PgConnection, sql: &str) {
    try_run(admin, sql).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
async fn try_run(admin: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(admin).await.map(drop)
}
