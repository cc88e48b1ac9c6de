//! A real PostgreSQL with the platform in it, for the tests of this crate (its own unit tests include this file too).
#![allow(dead_code, unreachable_pub, clippy::allow_attributes, reason = "each test binary uses another part of it")]
#![allow(clippy::disallowed_methods, reason = "tests look at the database from outside the product")]

use std::{collections::BTreeMap, future::Future, pin::pin, sync::Arc, task::Poll, time::Duration};

use kernel::{Actor, Clock, Fault};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, postgres::PgRow};
use tenancy::{
    MasterKey, Migrations, NewUnidade, Placement, Platform, Provisioning, Registry, Step, TenancyConfig, Tenants, Unidade,
    UnidadeId, wall_database,
};

mod cluster;
pub use cluster::Cluster;
use testkit::Which;

/// Everything a process of the product holds, on databases of its own.
pub struct World {
    pub config: TenancyConfig,
    pub platform: Platform,
    pub registry: Registry,
    pub tenants: Tenants,
    /// URL of the administrator per placement, the central one first.
    pub urls: Vec<String>,
    /// Last: the server goes when everything that talks to it is gone.
    pub clusters: Vec<Cluster>,
}

/// That of testkit: the login roles of a shared server have one password each.
pub fn key() -> MasterKey {
    "ab".repeat(32).parse().unwrap()
}

impl World {
    /// One placement.
    pub async fn new() -> Self {
        Self::with(1, |_| {}).await
    }

    /// Two placements, `principal` and `segundo`, in two clusters as in production.
    pub async fn two() -> Self {
        Self::with(2, |_| {}).await
    }

    /// One placement in a cluster that no other test uses: for what belongs to the cluster as a whole.
    pub async fn alone() -> Self {
        Self::on(vec![Cluster::own().await], |_| {}).await
    }

    pub async fn with(placements: usize, tune: impl FnOnce(&mut TenancyConfig)) -> Self {
        let clusters = [Which::Central, Which::Second].into_iter().take(placements).map(Cluster::Shared).collect();
        Self::on(clusters, tune).await
    }

    pub async fn on(clusters: Vec<Cluster>, tune: impl FnOnce(&mut TenancyConfig)) -> Self {
        let mut urls = Vec::new();
        for cluster in &clusters {
            urls.push(cluster.new_database().await);
        }
        let mut world = Self::open(urls, tune);
        for placement in &world.config.placements {
            wall_database(placement).await.unwrap();
        }
        world.clusters = clusters;
        world
    }

    /// The same databases as another process sees them.
    pub fn open(urls: Vec<String>, tune: impl FnOnce(&mut TenancyConfig)) -> Self {
        let others: BTreeMap<String, String> = urls.get(1).map(|url| ("segundo".to_owned(), url.clone())).into_iter().collect();
        let mut config = TenancyConfig::new(&urls[0], &others, key()).unwrap();
        tune(&mut config);
        let platform = Platform::new(config.clone(), Clock::system());
        let registry = Registry::new(platform.clone());
        let tenants = Tenants::new(&config, Clock::system());
        Self { config, platform, registry, tenants, urls, clusters: Vec::new() }
    }

    pub fn placement(&self, number: usize) -> Placement {
        self.config.placements[number].name.clone()
    }

    /// A connection of the superuser.
    pub async fn admin(&self, placement: usize) -> PgConnection {
        PgConnection::connect(&self.urls[placement]).await.unwrap()
    }

    /// Runs statements as the superuser of the central placement.
    pub async fn sudo(&self, sql: impl Into<String>) {
        self.sudo_at(0, sql).await;
    }

    pub async fn sudo_at(&self, placement: usize, sql: impl Into<String>) {
        let sql = sql.into();
        sqlx::raw_sql(AssertSqlSafe(sql.clone()))
            .execute(&mut self.admin(placement).await)
            .await
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// One value from a statement of the superuser.
    pub async fn ask<T>(&self, sql: impl Into<String>) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        self.ask_at(0, sql).await
    }

    pub async fn ask_at<T>(&self, placement: usize, sql: impl Into<String>) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let sql = sql.into();
        let row: PgRow = sqlx::query(AssertSqlSafe(sql.clone()))
            .fetch_one(&mut self.admin(placement).await)
            .await
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
        row.get(0)
    }

    /// A provisioned, active unidade.
    pub async fn unidade(&self, slug: &str) -> Arc<Unidade> {
        let id = self.request(slug).await;
        let unidade = self.find(id).await;
        Provisioning::make_schema(&self.platform, &unidade).await.unwrap();
        self.reach(id, Step::Done).await;
        self.find(id).await
    }

    /// An active unidade whose schema follows `stream`.
    pub async fn unidade_of(&self, slug: &str, stream: &Migrations) -> Arc<Unidade> {
        let unidade = self.unidade(slug).await;
        let options = tenancy::FleetOptions { only: Some(vec![unidade.id]), ..tenancy::FleetOptions::default() };
        let report = tenancy::migrate_fleet(&self.platform, stream, &options, |_| {}).await.unwrap();
        assert_eq!(report.migrated.len(), 1, "{report:?}");
        self.find(unidade.id).await
    }

    pub async fn request(&self, slug: &str) -> UnidadeId {
        let new = NewUnidade {
            slug: slug.parse().unwrap(),
            codigo: format!("c-{slug}").parse().unwrap(),
            nome: format!("SENAI {slug}").parse().unwrap(),
            placement: None,
            municipio_id: Some(4_209_102),
            modules: vec!["relacionamento".to_owned()],
            admin_nome: "Ana".parse().unwrap(),
            admin_email: "ana@senai.example".parse().unwrap(),
        };
        let mut tx = self.platform.begin().await.unwrap();
        let id = Provisioning::request(&mut tx, &self.platform, &Actor::sistema(), new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn reach(&self, id: UnidadeId, step: Step) {
        self.platform.write(async |tx| Provisioning::reach(tx, id, step, None).await).await.unwrap();
    }

    /// The row as it is now, past every memory.
    pub async fn find(&self, id: UnidadeId) -> Arc<Unidade> {
        self.registry.forget_all();
        self.registry.by_id(id).await.unwrap().unwrap()
    }

    /// Runs one statement in a transaction of `unidade` that is committed.
    pub async fn run(&self, unidade: &Arc<Unidade>, sql: &'static str) -> Result<(), Fault> {
        self.tenants
            .write(unidade, async |tx| {
                sqlx::query(sql).execute(tx.db()).await?;
                Ok(())
            })
            .await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let shared = self.clusters.iter().zip(&self.urls).filter(|(cluster, _)| matches!(cluster, Cluster::Shared(_)));
        let urls: Vec<String> = shared.map(|(_, url)| url.clone()).collect();
        // A destructor cannot wait, and the runtime of the test may be going down already.
        let cleaner = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                for url in urls {
                    cluster::clean(&url).await;
                }
            });
        });
        let _ = cleaner.join();
    }
}

/// Polls `future` at most `polls` times and drops it then, as a client does that hangs up.
pub async fn cut<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Waits until `condition` holds; fails after ten seconds.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("did not come true: {what}");
}

/// Two tables with a reference between them, one to itself and one in a circle, on top of the product's own stream.
pub fn sample_stream() -> Migrations {
    Migrations::tenant().with(
        29_990_101_000_000,
        "amostra",
        "CREATE TABLE oficina (
             id bigint GENERATED BY DEFAULT AS IDENTITY CONSTRAINT oficina_pkey PRIMARY KEY,
             nome text NOT NULL CONSTRAINT oficina_nome_key UNIQUE,
             chefe_id uuid
         );
         CREATE TABLE pessoa (
             id uuid CONSTRAINT pessoa_pkey PRIMARY KEY,
             nome text NOT NULL,
             gestor_id uuid CONSTRAINT pessoa_gestor_id_fkey REFERENCES pessoa (id),
             oficina_id bigint CONSTRAINT pessoa_oficina_id_fkey REFERENCES oficina (id),
             municipio_id integer CONSTRAINT pessoa_municipio_id_fkey REFERENCES ref.municipio (codigo),
             busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED,
             foto bytea,
             extra jsonb NOT NULL DEFAULT '{}',
             salario numeric(14,2),
             created_at timestamptz NOT NULL DEFAULT now()
         );
         ALTER TABLE oficina ADD CONSTRAINT oficina_chefe_id_fkey FOREIGN KEY (chefe_id) REFERENCES pessoa (id);
         CREATE INDEX pessoa_nome_idx ON pessoa (nome);
         INSERT INTO oficina (nome) VALUES ('Da migração');",
    )
}

/// Rows that stress a dump: quotes, tabs, backslashes, NULLs, binary, references in a circle.
pub fn sample_rows(count: u32) -> String {
    format!(
        "DELETE FROM oficina;
         INSERT INTO oficina (nome) SELECT 'Setor ' || n FROM generate_series(1, 5) n;
         INSERT INTO pessoa (id, nome, oficina_id, municipio_id, foto, extra, salario)
         SELECT gen_random_uuid(), 'João \\ \"' || n || E'''\\t\\n\\\\N;' , (SELECT min(id) FROM oficina), 4209102,
                CASE WHEN n % 3 = 0 THEN NULL ELSE decode(md5(n::text), 'hex') END,
                jsonb_build_object('n', n, 'texto', repeat('á', n % 50)), n * 1.37
         FROM generate_series(1, {count}) n;
         UPDATE pessoa SET gestor_id = (SELECT id FROM pessoa ORDER BY id LIMIT 1);
         UPDATE oficina SET chefe_id = (SELECT id FROM pessoa ORDER BY id LIMIT 1);"
    )
}
