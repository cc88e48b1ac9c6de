//! Processes killed while they read, judge or write spreadsheets: kill -9 leaves all of it or nothing, the next one goes on, and
//! whoever waits is told.
#![expect(clippy::disallowed_methods, reason = "requests are under way while the process that answers them dies")]

use kernel::Lang;
use reqwest::{Method, StatusCode};
use sheets::Format;
use tenancy::TenantTx;

use crate::{
    process::{Process, Start, until},
    support::{Side, World},
};

const HOST: &str = "alfa.sri.example";

async fn started(world: &World, mail: &std::path::Path, role: &'static str) -> Process {
    let url = world.base.url().to_owned();
    let process = Process::start(&Start { url: &url, mail, arguments: &[role], environment: &[] });
    process.ready().await;
    process
}

/// A lock on a table, by somebody who is no part of it.
struct Holder(sqlx::PgConnection);

impl Holder {
    async fn over(world: &World, side: &Side, table: &str) -> Self {
        let mut holder = Self(world.base.admin().await);
        let schema = side.unidade.names().schema();
        holder.say(&format!("BEGIN; LOCK TABLE {schema}.{table} IN ACCESS EXCLUSIVE MODE")).await;
        holder
    }

    #[expect(clippy::disallowed_methods, reason = "a test stands in the way from outside")]
    async fn say(&mut self, sql: &str) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut self.0).await.unwrap();
    }

    async fn release(mut self, world: &World) {
        self.say("COMMIT").await;
        until("what was killed is gone", async || world.base.number(WAITS).await == 0).await;
    }
}

const WAITS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// The lease of a dead worker lapses after a minute; here at once.
async fn lapsed(world: &World) {
    world.base.execute("UPDATE platform.job SET lease_until = now() - interval '1 second' WHERE state = 'running'").await;
}

/// The web process is killed at each step of the wizard; another one does what it was asked.
#[tokio::test]
async fn each_step_of_the_wizard_survives_the_death_of_its_process() {
    let world = World::present().await;
    let side = world.side(&world.base.alfa).await;
    let mail = tempfile::tempdir().unwrap();
    let two = started(&world, mail.path(), "serve").await;
    let schema = side.unidade.names().schema();
    let preview = format!("/empresas/importacoes/{}", side.ids["importacao"]);
    let upload = "--limit\r\nContent-Disposition: form-data; name=\"arquivo\"; filename=\"novas.csv\"\r\n\r\n\
                  cnpj;nome\n11222333000181;Um\n\r\n--limit--\r\n";
    let form = "application/x-www-form-urlencoded";
    let columns = "planilha=0&coluna=cnpj&coluna=nome&mode=ambos";
    // Each waits for the last table that it writes.
    for (target, table, kind, body) in [
        ("/empresas/importar".to_owned(), "importacao", "multipart/form-data; boundary=limit", upload),
        (format!("{preview}/colunas"), "importacao_mapping", form, columns),
        (format!("{preview}/linhas/2"), "auditoria", form, "versao=1&c1=Outra"),
    ] {
        let before = world.contents(&side.unidade).await;
        let mut one = started(&world, mail.path(), "serve").await;
        let holder = Holder::over(&world, &side, table).await;
        let ask = |process: &Process| {
            process.ask(Method::POST, HOST, &target).header("cookie", &side.cookie).header("content-type", kind).body(body).send()
        };
        let asked = tokio::spawn(ask(&one));
        until("it waits", async || world.base.number(WAITS).await > 0).await;
        one.kill();
        assert!(asked.await.unwrap().is_err(), "{target}");
        holder.release(&world).await;
        assert_eq!(world.contents(&side.unidade).await, before, "{target}");
        assert_eq!(ask(&two).await.unwrap().status(), StatusCode::SEE_OTHER, "{target}");
        assert_ne!(world.contents(&side.unidade).await, before, "{target}");
    }
    assert_eq!(world.base.number(&format!("SELECT count(*) FROM {schema}.importacao WHERE file_name = 'novas.csv'")).await, 1);
}

/// A worker killed in the middle of a large import: nothing of it is there; the next one writes it, once.
#[tokio::test]
async fn a_large_import_whose_worker_is_killed_is_written_once() {
    let world = World::present().await;
    let side = world.side(&world.base.alfa).await;
    let mail = tempfile::tempdir().unwrap();
    let (id, schema) = (&side.ids["importacao"], side.unidade.names().schema());
    let serve = started(&world, mail.path(), "serve").await;
    let empresas = format!("SELECT count(*) FROM {schema}.empresa");
    let before = world.base.number(&empresas).await;
    // As if it had many more rows.
    world
        .base
        .execute(&format!(
            "UPDATE {schema}.importacao SET counts = jsonb_set(counts, '{{to_create}}', '20000') WHERE id = '{id}'"
        ))
        .await;
    let version = world.base.number(&format!("SELECT version::bigint FROM {schema}.importacao WHERE id = '{id}'")).await;
    let page = format!("/empresas/importacoes/{id}");
    let confirm = serve
        .ask(Method::POST, HOST, &format!("{page}/confirmar"))
        .header("cookie", &side.cookie)
        .form(&[("versao", version.to_string())])
        .send();
    assert_eq!(confirm.await.unwrap().headers()["location"], page.as_str());
    let shown =
        async || serve.ask(Method::GET, HOST, &page).header("cookie", &side.cookie).send().await.unwrap().text().await.unwrap();
    assert!(shown().await.contains(&format!("data-progress=\"{page}/events\"")), "one may leave and come back");

    let holder = Holder::over(&world, &side, "auditoria").await;
    let mut one = started(&world, mail.path(), "worker").await;
    until("the import waits", async || world.base.number(WAITS).await > 0).await;
    one.kill();
    holder.release(&world).await;
    assert_eq!(world.base.number(&empresas).await, before);
    lapsed(&world).await;
    let _two = started(&world, mail.path(), "worker").await;
    let done = format!("SELECT count(*) FROM {schema}.importacao WHERE id = '{id}' AND state = 'concluida'");
    until("the next one writes it", async || world.base.number(&done).await == 1).await;
    assert_eq!(world.base.number(&empresas).await, before + 1);
    let told = format!("SELECT count(*) FROM {schema}.notificacao WHERE key = 'importacao-notice' AND href = '{page}'");
    assert_eq!(world.base.number(&told).await, 1);
    assert!(!shown().await.contains("data-progress="));
}

/// A worker killed in the middle of an export leaves it to the next one; at the last attempt, whoever asked is told that it failed.
#[tokio::test]
async fn an_export_whose_worker_is_killed_is_made_or_told() {
    let world = World::present().await;
    let side = world.side(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let usuario =
        world.text(&format!("SELECT id::text FROM {schema}.usuario WHERE email = 'marina@alfa.example'")).await.parse().unwrap();
    for (attempts, state) in [(4, "pronta"), (1, "falhou")] {
        let mail = tempfile::tempdir().unwrap();
        let asked = world.base.tenants.write(&world.base.alfa, async |tx: &mut TenantTx| {
            let marina = acesso::usuario::actor(tx, usuario).await.unwrap().unwrap();
            let nova = empresas::exportacao::Nova {
                format: Format::Csv,
                consulta: &format!("por={attempts}"),
                total: 3,
                file_name: "empresas.csv",
                lang: Lang::PtBr,
            };
            empresas::exportacao::pedir(tx, &marina, &nova).await
        });
        let id = asked.await.unwrap();
        world
            .base
            .execute(&format!("UPDATE platform.job SET max_attempts = {attempts} WHERE name = 'empresas.gerar-exportacao'"))
            .await;
        let holder = Holder::over(&world, &side, "empresa").await;
        let mut one = started(&world, mail.path(), "worker").await;
        let running = "SELECT count(*) FROM platform.job WHERE name = 'empresas.gerar-exportacao' AND state = 'running'";
        until("the export waits", async || world.base.number(running).await == 1 && world.base.number(WAITS).await > 0).await;
        one.kill();
        holder.release(&world).await;
        lapsed(&world).await;
        let _two = started(&world, mail.path(), "worker").await;
        let over = format!("SELECT count(*) FROM {schema}.exportacao WHERE id = '{id}' AND state = '{state}'");
        until("it is over", async || world.base.number(&over).await == 1).await;
        let told = format!("SELECT count(*) FROM {schema}.notificacao WHERE href = '/empresas/exportacoes/{id}'");
        until("it is told", async || world.base.number(&told).await == 1).await;
    }
}
