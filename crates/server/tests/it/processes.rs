//! Several processes on one database, killed, stopped and cut off: the normal case of an installation.
#![expect(clippy::disallowed_methods, reason = "requests are under way while the process that answers them dies")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use kernel::Actor;
use reqwest::{Method, StatusCode};
use tenancy::{
    NewUnidade, PlatformTx,
    embedded::{Durability, Embedded, Options, Shutdown},
    lifecycle::{self, Step},
};

use crate::{
    process::{Process, Start, until},
    support::World,
};

const SERVE: &[&str] = &["serve"];
const WORKER: &[&str] = &["worker"];

async fn started(world: &World, mail: &std::path::Path, arguments: &[&str]) -> Process {
    started_with(world, mail, arguments, &[]).await
}

async fn started_with(world: &World, mail: &std::path::Path, arguments: &[&str], environment: &[(&str, &str)]) -> Process {
    let url = world.base.url().to_owned();
    let process = Process::start(&Start { url: &url, mail, arguments, environment });
    process.ready().await;
    process
}

async fn turn(world: &World, step: Step) {
    let id = world.base.alfa.id;
    world
        .base
        .platform
        .write(async move |tx: &mut PlatformTx| lifecycle::change_status(tx, &Actor::sistema(), id, &step).await)
        .await
        .unwrap();
}

/// Promise R16: what one process changes in the register, every other one obeys, without being asked.
#[tokio::test]
async fn a_suspension_is_heard_by_every_process() {
    let world = World::present().await;
    let mail = tempfile::tempdir().unwrap();
    let both = [started(&world, mail.path(), SERVE).await, started(&world, mail.path(), SERVE).await];
    for process in &both {
        assert_eq!(process.status("alfa.sri.example", "/entrar").await, StatusCode::OK, "and remembered from now on");
    }
    turn(&world, Step::Suspend("Contrato vencido".parse().unwrap())).await;
    for process in &both {
        until("the suspension is obeyed", async || process.status("alfa.sri.example", "/entrar").await == StatusCode::FORBIDDEN)
            .await;
        assert_eq!(process.status("beta.sri.example", "/entrar").await, StatusCode::OK);
    }
    turn(&world, Step::Reactivate).await;
    for process in &both {
        until("the reactivation is obeyed", async || process.status("alfa.sri.example", "/entrar").await == StatusCode::OK).await;
    }
}

/// Two workers, six unidades at once, and a worker killed under way: each is made once and its administrador invited once.
#[tokio::test]
async fn two_workers_provision_each_unidade_once() {
    let world = World::present().await;
    let mail = tempfile::tempdir().unwrap();
    let mut workers = [started(&world, mail.path(), WORKER).await, started(&world, mail.path(), WORKER).await];
    for n in 0..6 {
        let new = NewUnidade {
            slug: format!("nova{n}").parse().unwrap(),
            codigo: format!("9.0{n}").parse().unwrap(),
            nome: format!("SENAI Nova {n}").parse().unwrap(),
            placement: None,
            municipio_id: Some(4_209_102),
            modules: Vec::new(),
            admin_nome: "Rita".parse().unwrap(),
            admin_email: format!("rita{n}@senai.example").parse().unwrap(),
        };
        let app = world.house.app.clone();
        world
            .base
            .platform
            .write(async move |tx: &mut PlatformTx| plataforma::provisionar(tx, &app, &Actor::sistema(), new).await)
            .await
            .unwrap();
    }
    let active = "SELECT count(*) FROM platform.unidade WHERE slug LIKE 'nova%' AND status = 'active'";
    until("the first is active", async || world.base.number(active).await >= 1).await;
    workers[0].kill();
    // Its lease must lapse before the other one takes over what it held.
    world.base.execute("UPDATE platform.job SET lease_until = now() - interval '1 second' WHERE state = 'running'").await;
    until("all are active", async || world.base.number(active).await == 6).await;
    until("all are invited", async || letters(mail.path()).len() == 6).await;
    let mut to: Vec<String> = letters(mail.path()).iter().map(|letter| recipient(letter)).collect();
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 6, "{to:?}");
    let schemas = "SELECT count(*) FROM pg_namespace n JOIN platform.unidade u ON n.nspname = 't_' || replace(u.id::text, '-', '') WHERE u.slug LIKE 'nova%'";
    assert_eq!(world.base.number(schemas).await, 6);
}

fn letters(folder: &std::path::Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

fn recipient(letter: &str) -> String {
    letter.lines().find(|line| line.starts_with("To:")).unwrap().to_owned()
}

/// Asked to stop, a process answers what it was asked, says that it is not ready, and ends well.
#[tokio::test]
async fn a_process_that_is_asked_to_stop_ends_well() {
    let world = World::present().await;
    let mail = tempfile::tempdir().unwrap();
    let side = world.side(&world.base.alfa).await;
    let mut process = started(&world, mail.path(), &["serve", "--worker"]).await;
    let (status, metrics) = process.ops("/metrics").await.unwrap();
    assert_eq!(status, StatusCode::OK);
    assert!(metrics.contains("db_connections_open"), "{metrics}");
    assert_eq!(process.status("alfa.sri.example", "/metrics").await, StatusCode::NOT_FOUND, "not public");
    assert_eq!(process.ops("/vivo").await.unwrap().0, StatusCode::OK);

    // A request that waits for a row somebody else holds, while the process is asked to stop.
    let mut holder = world.base.admin().await;
    hold(&mut holder, &format!("BEGIN; LOCK TABLE {}.empresa IN ACCESS EXCLUSIVE MODE", side.unidade.names().schema())).await;
    let asked = process.ask(Method::GET, "alfa.sri.example", "/empresas").header("cookie", &side.cookie).send();
    let asked = tokio::spawn(asked);
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("the request waits", async || world.base.number(waits).await > 0).await;
    process.terminate();
    until("it is not ready any more", async || {
        process.ops("/pronto").await.is_none_or(|(status, _)| status == StatusCode::SERVICE_UNAVAILABLE)
    })
    .await;
    hold(&mut holder, "COMMIT").await;
    assert_eq!(asked.await.unwrap().unwrap().status(), StatusCode::OK, "what was asked is answered");
    assert!(process.ended().success());
}

#[expect(clippy::disallowed_methods, reason = "a test stands in the way from outside")]
async fn hold(admin: &mut sqlx::PgConnection, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(admin).await.unwrap();
}

/// A web process killed while it confirms an import leaves the register as it was; another one does it.
#[tokio::test]
async fn an_import_that_is_killed_leaves_nothing_behind() {
    let world = World::present().await;
    let side = world.side(&world.base.alfa).await;
    let mail = tempfile::tempdir().unwrap();
    let schema = side.unidade.names().schema();
    let (mut one, two) = (started(&world, mail.path(), SERVE).await, started(&world, mail.path(), SERVE).await);
    let before = world.base.number(&format!("SELECT count(*) FROM {schema}.empresa")).await;
    let target = format!("/empresas/importacoes/{}/confirmar", side.ids["importacao"]);
    let version = world
        .base
        .number(&format!("SELECT version::bigint FROM {schema}.importacao WHERE id = '{}'", side.ids["importacao"]))
        .await;
    let version = version.to_string();
    let unseen =
        two.ask(Method::POST, "alfa.sri.example", &target).header("cookie", &side.cookie).form(&[("versao", "x")]).send();
    assert_eq!(unseen.await.unwrap().status(), StatusCode::SEE_OTHER);
    assert_eq!(
        world.base.number(&format!("SELECT count(*) FROM {schema}.empresa")).await,
        before,
        "who saw nothing confirms nothing"
    );
    // It stops before its commit: the trail is the last thing it writes.
    let mut holder = world.base.admin().await;
    hold(&mut holder, &format!("BEGIN; LOCK TABLE {schema}.auditoria IN ACCESS EXCLUSIVE MODE")).await;
    let seen = [("versao", version.as_str())];
    let confirm = one.ask(Method::POST, "alfa.sri.example", &target).header("cookie", &side.cookie).form(&seen).send();
    let confirm = tokio::spawn(confirm);
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("the import waits", async || world.base.number(waits).await > 0).await;
    one.kill();
    assert!(confirm.await.unwrap().is_err());
    hold(&mut holder, "COMMIT").await;
    until("its transaction is gone", async || world.base.number(waits).await == 0).await;
    assert_eq!(world.base.number(&format!("SELECT count(*) FROM {schema}.empresa")).await, before);
    let again =
        two.ask(Method::POST, "alfa.sri.example", &target).header("cookie", &side.cookie).form(&seen).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::SEE_OTHER);
    assert_eq!(world.base.number(&format!("SELECT count(*) FROM {schema}.empresa")).await, before + 1);
}

/// What is committed through one process reaches the pages that listen at another: the bell of whoever confirmed an import,
/// and no one else's.
#[tokio::test]
async fn a_notificacao_reaches_the_pages_of_every_process() {
    let world = World::present().await;
    let (alfa, beta) = (world.side(&world.base.alfa).await, world.side(&world.base.beta).await);
    let mail = tempfile::tempdir().unwrap();
    let (one, two) = (started(&world, mail.path(), SERVE).await, started(&world, mail.path(), SERVE).await);
    let events = "/notificacoes/events";
    let mut marina = Stream::open(&two, "alfa.sri.example", events, &alfa.cookie).await;
    let mut other = Stream::open(&two, "beta.sri.example", events, &beta.cookie).await;
    // There is one of the samples.
    assert_eq!(marina.next("bell").await["badge"], "1");
    assert_eq!(other.next("bell").await["badge"], "1");

    let confirm = format!("/empresas/importacoes/{}/confirmar", alfa.ids["importacao"]);
    let schema = alfa.unidade.names().schema();
    let version = world
        .base
        .number(&format!("SELECT version::bigint FROM {schema}.importacao WHERE id = '{}'", alfa.ids["importacao"]))
        .await;
    let seen = [("versao", version.to_string())];
    let confirmed = one.ask(Method::POST, "alfa.sri.example", &confirm).header("cookie", &alfa.cookie).form(&seen).send();
    assert_eq!(confirmed.await.unwrap().status(), StatusCode::SEE_OTHER);
    let bell = marina.next("bell").await;
    assert_eq!(bell["badge"], "2");
    assert_eq!(bell["latest"]["about"], format!("/empresas/importacoes/{}", alfa.ids["importacao"]));
    assert!(bell["latest"]["text"].as_str().unwrap().contains("empresas.csv"), "{bell}");

    // Read through one, gone from the badge at the other.
    let open = bell["latest"]["open"].as_str().unwrap().to_owned();
    let opened = one.ask(Method::POST, "alfa.sri.example", &open).header("cookie", &alfa.cookie).form(&[("x", "1")]).send();
    let opened = opened.await.unwrap();
    assert_eq!(opened.headers()["location"], bell["latest"]["about"].as_str().unwrap());
    assert_eq!(marina.next("bell").await["badge"], "1");
    // Nothing of it was told in beta: the next thing heard there is beta's own.
    let all = one
        .ask(Method::POST, "beta.sri.example", "/notificacoes/lidas")
        .header("cookie", &beta.cookie)
        .form(&[("x", "1")])
        .send();
    assert_eq!(all.await.unwrap().status(), StatusCode::SEE_OTHER);
    assert_eq!(other.next("bell").await["badge"], "");
}

/// A CNPJ that one process asks about is awaited at another, which hears when the answer is there.
#[tokio::test]
async fn an_answer_about_a_cnpj_reaches_the_forms_of_every_process() {
    let world = World::present().await;
    let side = world.side(&world.base.alfa).await;
    let mail = tempfile::tempdir().unwrap();
    let (asked, waits) = (Arc::new(AtomicBool::new(false)), Arc::new(tokio::sync::Notify::new()));
    let provider = provider(Arc::clone(&asked), Arc::clone(&waits)).await;
    let named = format!("receitaws={provider}");
    let environment = [("SRI_CNPJ_PROVIDERS", named.as_str()), ("SRI_CEP_PROVIDERS", "off")];
    let one = Arc::new(started_with(&world, mail.path(), SERVE, &environment).await);
    let two = started_with(&world, mail.path(), SERVE, &environment).await;
    let (asking, cookie) = (Arc::clone(&one), side.cookie.clone());
    let form = tokio::spawn(async move {
        asking
            .ask(Method::POST, "alfa.sri.example", "/empresas/consultas/cnpj")
            .header("cookie", cookie)
            .form(&[("cnpj", "19131243000197")])
            .send()
            .await
            .unwrap()
            .status()
    });
    until("the provider is asked", async || asked.load(Ordering::Relaxed)).await;
    let mut waiting =
        Stream::open(&two, "alfa.sri.example", "/empresas/consultas/events?cnpj=19131243000197", &side.cookie).await;
    waiting.heard("event: lugar").await;
    waits.notify_one();
    waiting.heard("event: pronta").await;
    assert_eq!(form.await.unwrap(), StatusCode::OK);
}

/// Somebody outside who takes as long to answer as the test wants; its address.
async fn provider(asked: Arc<AtomicBool>, waits: Arc<tokio::sync::Notify>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(async move || {
        asked.store(true, Ordering::Relaxed);
        waits.notified().await;
        let company = serde_json::json!({ "status": "OK", "cnpj": "19.131.243/0001-97", "nome": "TECELAGEM", "situacao": "ATIVA",
            "ultima_atualizacao": "2026-11-10T23:59:59.000Z" });
        ([("content-type", "application/json")], company.to_string())
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An event stream as a browser hears it.
struct Stream {
    answer: reqwest::Response,
    unread: String,
}

impl Stream {
    async fn open(process: &Process, host: &str, target: &str, cookie: &str) -> Self {
        let answer = process
            .ask(Method::GET, host, target)
            .header("cookie", cookie)
            .header("accept", "text/event-stream")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        Self { answer, unread: String::new() }
    }

    /// Reads on until `words` were heard; what comes up to them is taken.
    async fn heard(&mut self, words: &str) {
        while !self.unread.contains(words) {
            let chunk = self.answer.chunk().await.unwrap().unwrap_or_else(|| panic!("the stream ends before {words:?}"));
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        let end = self.unread.find(words).unwrap() + words.len();
        self.unread.drain(..end);
    }

    /// The data of the next event of that name.
    async fn next(&mut self, event: &str) -> serde_json::Value {
        self.heard(&format!("event: {event}\ndata: ")).await;
        while !self.unread.contains('\n') {
            let chunk = self.answer.chunk().await.unwrap().expect("the stream goes on");
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        serde_json::from_str(self.unread.lines().next().unwrap()).unwrap()
    }
}

/// Promise R9: PostgreSQL goes down under load and comes back. Every answered write is there, and the process goes on
/// without being touched, with no more connections than it may have.
#[tokio::test]
async fn postgresql_restarts_under_load() {
    let cluster = Embedded::start(Options::temporary().durability(Durability::On)).await.unwrap();
    cluster.ensure_database("sri").await.unwrap();
    let world = World::on(cluster.url("sri")).await;
    let side = world.side(&world.base.alfa).await;
    let mail = tempfile::tempdir().unwrap();
    let process = Arc::new(started(&world, mail.path(), SERVE).await);
    let (stop, made, bearer) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)), Arc::<str>::from(side.bearer.as_str()));
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let (process, stop, made, bearer) = (Arc::clone(&process), Arc::clone(&stop), Arc::clone(&made), Arc::clone(&bearer));
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let cnpj = kernel::Cnpj::from_base(&format!("{:08}0001", 20_000_000 + writer * 1_000_000 + n)).unwrap();
                    let body = serde_json::json!({ "cnpj": cnpj.as_str(), "nome": "Sob carga", "situacao": "ativo" });
                    let answer = process
                        .ask(Method::POST, "alfa.sri.example", "/api/v1/empresas")
                        .bearer_auth(&bearer)
                        .json(&body)
                        .send()
                        .await;
                    match answer {
                        Ok(answer) if answer.status() == StatusCode::CREATED => {
                            acknowledged.push(cnpj.as_str().to_owned());
                            made.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(answer) => assert!(answer.status().is_server_error(), "{}", answer.status()),
                        Err(error) => panic!("the process is gone: {error}"),
                    }
                }
                acknowledged
            })
        })
        .collect();
    until("writes flow", async || made.load(Ordering::Relaxed) > 30).await;
    for how in [Shutdown::Immediate, Shutdown::Fast] {
        cluster.restart(how).await.unwrap();
        let before = made.load(Ordering::Relaxed);
        until("writes flow again", async || made.load(Ordering::Relaxed) > before + 30).await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    let list = acknowledged.iter().map(|cnpj| format!("'{cnpj}'")).collect::<Vec<_>>().join(",");
    let there = world
        .base
        .number(&format!("SELECT count(*) FROM {}.empresa WHERE cnpj IN ({list})", side.unidade.names().schema()))
        .await;
    assert_eq!(usize::try_from(there).unwrap(), acknowledged.len(), "an answered write is lost");
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename LIKE 'l\\_%'";
    assert!(world.base.number(open).await <= 4, "connections of the unidades: no more than SRI_POOL_CONNECTIONS");
    process.ready().await;
}

/// What one process revokes is nothing in the other, from the next request on: no process remembers a token.
#[tokio::test]
async fn a_token_revoked_in_one_process_is_nothing_in_the_other() {
    let world = World::present().await;
    let mail = tempfile::tempdir().unwrap();
    let side = world.side_without_empresas(&world.base.alfa).await;
    let [here, there] = [started(&world, mail.path(), SERVE).await, started(&world, mail.path(), SERVE).await];
    let whoami = async |process: &Process| {
        let request = process.ask(Method::GET, "api.sri.example", "/api/v1/whoami");
        request.header("authorization", format!("Bearer {}", side.bearer)).send().await.unwrap()
    };
    for process in [&here, &there] {
        let answer = whoami(process).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["ratelimit-policy"], "\"token\";q=60000;w=60");
    }
    let path = format!("/configuracoes/tokens/{}/revogar", side.ids["token"]);
    let revoked = here.ask(Method::POST, "alfa.sri.example", &path).header("cookie", &side.cookie).send().await.unwrap();
    assert_eq!(revoked.status(), StatusCode::SEE_OTHER);
    for process in [&there, &here] {
        assert_eq!(whoami(process).await.status(), StatusCode::UNAUTHORIZED);
    }
}
