//! Support access: asked on the console, granted by the unidade, bounded, and over when anybody says so (decision 0017).

use axum::http::StatusCode;
use chrono::TimeDelta;
use tenancy::{LIVE, Listener, Signal, Told};

use crate::{
    console::{Admin, admin, post},
    support::{Answer, Side, Who, World, host},
};

const CONSOLE: &str = "console.sri.example";
const COOKIE: &str = "__Host-sessao";

struct Stage {
    world: World,
    paula: Admin,
    alfa: Side,
}

impl Stage {
    async fn new() -> Self {
        let world = World::new().await;
        let alfa = world.side(&world.base.alfa).await;
        let paula = admin(&world, "paula@senai.example").await;
        Self { world, paula, alfa }
    }

    /// A step on the console.
    async fn step(&self, form: &str) -> Answer {
        post(&self.world, &self.paula.cookie, &format!("/unidades/{}/suporte", self.alfa.unidade.id), form).await
    }

    /// A step of the unidade's administrador with what Paula asked last.
    async fn decide(&self, form: &str) -> Answer {
        let id = self
            .text("SELECT id::text FROM platform.suporte WHERE motivo = 'Conferir' ORDER BY asked_at DESC, id DESC LIMIT 1")
            .await;
        let form = format!("pedido={id}&{form}");
        self.world.post(&host(&self.alfa.unidade), Who::Cookie(&self.alfa.cookie), "/configuracoes/suporte", &form).await
    }

    async fn text(&self, sql: &str) -> String {
        self.world.text(sql).await
    }

    async fn ask(&self, writing: bool) {
        let form = format!("passo=pedir&motivo_suporte=Conferir&minutos=60{}", if writing { "&escrita=sim" } else { "" });
        let asked = self.step(&form).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    }

    /// The path on the unidade's host by which Paula comes over.
    async fn way(&self) -> String {
        let sent = self.step("passo=entrar").await;
        let (_, path) = sent.header("refresh").split_once("/suporte/").expect("a way over");
        format!("/suporte/{path}")
    }

    async fn enter(&self) -> String {
        let way = self.way().await;
        let entered = self.world.post(&host(&self.alfa.unidade), Who::Nobody, &way, "").await;
        entered.cookie(COOKIE).unwrap_or_else(|| panic!("{entered:?}"))
    }

    async fn get(&self, cookie: &str, path: &str) -> StatusCode {
        self.world.get(&host(&self.alfa.unidade), Who::Cookie(cookie), path).await.status
    }
}

/// Never without consent; reading only; both trails tell it; over at a word.
#[tokio::test]
async fn support_enters_by_consent_and_within_it() {
    let stage = Stage::new().await;
    let schema = stage.alfa.unidade.names().schema();
    assert!(!stage.step("passo=entrar").await.header("refresh").contains("/suporte/"), "nobody has granted anything");
    stage.ask(true).await;
    assert_eq!(
        stage.step("passo=pedir&motivo_suporte=De+novo&minutos=60").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "one at a time"
    );
    assert!(!stage.step("passo=entrar").await.header("refresh").contains("/suporte/"), "not granted yet");
    let told = format!("SELECT count(*)::text FROM {schema}.notificacao WHERE key = 'suporte-notice'");
    assert_ne!(stage.text(&told).await, "0", "the administradores hear of it");

    stage.decide("passo=conceder&minutos=480").await;
    assert!(!stage.step("passo=entrar").await.header("refresh").contains("/suporte/"), "no longer than was asked for");
    stage.decide("passo=conceder&minutos=30").await;
    let cookie = stage.enter().await;
    let page = stage.world.get(&host(&stage.alfa.unidade), Who::Cookie(&cookie), "/empresas").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("action=\"/suporte\"") && page.body.contains("Paula Reis"), "the banner");
    for path in ["/configuracoes", "/configuracoes/tokens", "/configuracoes/suporte", "/auditoria", "/usuarios"] {
        assert_ne!(stage.get(&cookie, path).await, StatusCode::OK, "{path}");
    }
    // Nobody of the unidade: what belongs to a person's own account answers, one way or the other.
    for path in ["/", "/conta", "/conta/seguranca", "/conta/sessoes", "/notificacoes", "/lixeira", "/busca?q=aur"] {
        let status = stage.get(&cookie, path).await;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
    let (host, who) = (host(&stage.alfa.unidade), Who::Cookie(&cookie));
    let changed = stage.world.post(&host, who, "/empresas", "nome=Nova&cnpj=11444777000161").await;
    assert_eq!(changed.status, StatusCode::FORBIDDEN, "reading only: less than was asked for");
    let beta = crate::support::host(&stage.world.base.beta);
    assert_ne!(stage.world.get(&beta, Who::Cookie(&cookie), "/empresas").await.status, StatusCode::OK, "another unidade");
    assert_ne!(stage.world.get(CONSOLE, Who::Cookie(&cookie), "/unidades").await.status, StatusCode::OK, "the console");

    stage.decide("passo=encerrar").await;
    assert_ne!(stage.get(&cookie, "/empresas").await, StatusCode::OK, "ended by the unidade");
    for action in ["suporte.pedido", "suporte.concedido", "suporte.entrou", "suporte.encerrado"] {
        for trail in [format!("{schema}.auditoria"), "platform.auditoria".to_owned()] {
            let count = stage.text(&format!("SELECT count(*)::text FROM {trail} WHERE action = '{action}'")).await;
            assert_eq!(count, "1", "{action} in {trail}");
        }
    }
    let by = stage.text(&format!("SELECT actor_nome FROM {schema}.auditoria WHERE action = 'suporte.entrou'")).await;
    assert_eq!(by, "Suporte: Paula Reis (admin da plataforma)");
}

/// The way over: once, for a minute, in its unidade, while the console session stands.
#[tokio::test]
async fn the_way_over_works_once_and_there_alone() {
    let stage = Stage::new().await;
    stage.ask(false).await;
    stage.decide("passo=conceder&minutos=60").await;
    let (alfa, beta) = (host(&stage.alfa.unidade), host(&stage.world.base.beta));
    let enter = async |host: &str, way: &str| stage.world.post(host, Who::Nobody, way, "").await.cookie(COOKIE);

    let way = stage.way().await;
    assert!(enter(&beta, &way).await.is_none(), "another unidade's");
    assert_eq!(stage.world.get(&alfa, Who::Nobody, &way).await.status, StatusCode::OK, "looking uses nothing up");
    let (one, two) = tokio::join!(enter(&alfa, &way), enter(&alfa, &way));
    assert!(one.is_some() != two.is_some(), "of two at once one comes in");
    assert!(enter(&alfa, &way).await.is_none(), "used");
    let first = one.or(two).unwrap();
    let second = stage.enter().await;
    assert_ne!(stage.get(&first, "/empresas").await, StatusCode::OK, "the session before is over");
    assert_eq!(stage.get(&second, "/empresas").await, StatusCode::OK);

    let late = stage.way().await;
    stage.world.base.clock.advance(TimeDelta::seconds(61));
    assert!(enter(&alfa, &late).await.is_none(), "too late");
    let orphan = stage.way().await;
    post(&stage.world, &stage.paula.cookie, "/sair", "").await;
    assert!(enter(&alfa, &orphan).await.is_none(), "its console session is over");
    assert_eq!(stage.get(&second, "/empresas").await, StatusCode::OK);
    stage.world.base.execute("UPDATE platform.admin SET ativo = false WHERE email = 'paula@senai.example'").await;
    assert_ne!(stage.get(&second, "/empresas").await, StatusCode::OK, "no admin any more");
}

/// It ends by itself, and with the suspension of the unidade, also when that is opened again.
#[tokio::test]
async fn access_runs_out() {
    let stage = Stage::new().await;
    stage.ask(true).await;
    let (one, two) = tokio::join!(stage.decide("passo=conceder&minutos=60&escrita=sim"), stage.decide("passo=recusar"));
    let toasts = [one, two].map(|answer| answer.cookie("__Host-aviso").unwrap_or_else(|| panic!("{answer:?}")));
    let done = toasts.iter().filter(|toast| !toast.ends_with("toast-suporte-over")).count();
    assert_eq!(done, 1, "of yes and no at once one counts: {toasts:?}");
    if stage.text("SELECT situacao FROM platform.suporte WHERE motivo = 'Conferir'").await == "recusado" {
        stage.ask(true).await;
        stage.decide("passo=conceder&minutos=60&escrita=sim").await;
    }
    let cookie = stage.enter().await;
    let host = host(&stage.alfa.unidade);
    let own = stage.world.post(&host, Who::Cookie(&cookie), "/conta/senha", "senha=x").await;
    assert_ne!(own.status, StatusCode::SEE_OTHER, "no account to change");
    let change = format!("id={}&visto=1&situacao=prospect", stage.alfa.ids["empresa"]);
    let changed = stage.world.post(&host, Who::Cookie(&cookie), "/empresas/lote/situacao", &change).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "what was allowed: {}", changed.body);

    let console = format!("/unidades/{}/situacao", stage.alfa.unidade.id);
    for step in ["passo=suspender&motivo=Obra", "passo=reativar"] {
        let done = post(&stage.world, &stage.paula.cookie, &console, step).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{step}: {}", done.body);
    }
    assert_ne!(stage.get(&cookie, "/empresas").await, StatusCode::OK, "over with the suspension");

    stage.ask(false).await;
    stage.decide("passo=conceder&minutos=60").await;
    let cookie = stage.enter().await;
    assert_eq!(stage.get(&cookie, "/empresas").await, StatusCode::OK);
    stage.world.base.clock.advance(TimeDelta::minutes(61));
    assert_ne!(stage.get(&cookie, "/empresas").await, StatusCode::OK, "ran out");
}

/// The minute's round writes the end into both trails, once; nobody has to press a button.
#[tokio::test]
async fn an_end_that_nobody_said_is_written_down() {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let round = plataforma::schedules().unwrap().into_iter().filter(|schedule| schedule.name() == "suporte").collect();
    let handlers = plataforma::handlers(&stage.world.house.app, folder.path());
    let worker = jobs::Worker::new(stage.world.house.gates.clone(), handlers, round, jobs::Limits::default()).unwrap();
    let mut ticker = worker.ticker();
    ticker.tick().await.unwrap();

    stage.ask(false).await;
    stage.decide("passo=conceder&minutos=60").await;
    let schema = stage.alfa.unidade.names().schema();
    let told = async |trail: String| {
        stage.text(&format!("SELECT count(*)::text FROM {trail}.auditoria WHERE action = 'suporte.vencido'")).await
    };
    for (minutes, times) in [(30, "0"), (31, "1"), (60, "1")] {
        stage.world.base.clock.advance(TimeDelta::minutes(minutes));
        ticker.tick().await.unwrap();
        worker.drain().await.unwrap();
        assert_eq!(told(schema.clone()).await, times, "{minutes} minutes on");
        assert_eq!(told("platform".to_owned()).await, times, "{minutes} minutes on");
    }
}

/// What was asked can be taken back while nobody has answered; what was granted is given back. Afterwards there is nothing of either kind.
#[tokio::test]
async fn the_console_takes_back_and_gives_back() {
    let stage = Stage::new().await;
    let warned = |answer: &Answer| answer.cookie("__Host-aviso").is_some_and(|toast| toast.ends_with("toast-suporte-over"));
    stage.ask(false).await;
    assert!(warned(&stage.step("passo=encerrar").await), "nothing was granted");
    let (one, two) = tokio::join!(stage.step("passo=retirar"), stage.step("passo=retirar"));
    assert!(warned(&one) != warned(&two), "of two at once one counts");
    assert!(warned(&stage.decide("passo=conceder&minutos=60").await), "it is no longer asked");

    stage.ask(false).await;
    stage.decide("passo=conceder&minutos=60").await;
    let cookie = stage.enter().await;
    assert!(warned(&stage.step("passo=retirar").await), "it was answered");
    assert!(!warned(&stage.step("passo=encerrar").await));
    assert_ne!(stage.get(&cookie, "/empresas").await, StatusCode::OK, "given back");
    let schema = stage.alfa.unidade.names().schema();
    for (action, count) in [("suporte.retirado", "1"), ("suporte.encerrado", "1"), ("suporte.concedido", "1")] {
        for trail in [format!("{schema}.auditoria"), "platform.auditoria".to_owned()] {
            let told = stage.text(&format!("SELECT count(*)::text FROM {trail} WHERE action = '{action}'")).await;
            assert_eq!(told, count, "{action} in {trail}");
        }
    }
}

/// As on the console: nobody comes back after half an hour to a page that was left open; what was granted is entered again from there.
#[tokio::test]
async fn a_session_that_nobody_uses_ends_before_its_access() {
    let stage = Stage::new().await;
    stage.ask(true).await;
    stage.decide("passo=conceder&minutos=60&escrita=sim").await;
    let cookie = stage.enter().await;
    let later = |minutes| stage.world.base.clock.advance(TimeDelta::minutes(minutes));
    later(25);
    assert_eq!(stage.get(&cookie, "/empresas").await, StatusCode::OK, "used");
    later(25);
    // A page that is open listens by itself; that is no use by anybody.
    assert_eq!(stage.get(&cookie, "/empresas/consultas/events?cnpj=11222333000181").await, StatusCode::OK);
    later(6);
    assert_ne!(stage.get(&cookie, "/empresas").await, StatusCode::OK, "31 minutes after it was used");
    let situacao = stage.text("SELECT situacao FROM platform.suporte WHERE motivo = 'Conferir'").await;
    assert_eq!(situacao, "concedido", "the access stands, for another way over");
}

/// Whoever says that it is over, open pages hear it at once: their streams end by these news (`web::live`) and are not let in anew.
#[tokio::test]
async fn every_end_of_a_support_session_ends_its_streams() {
    let stage = Stage::new().await;
    let alfa = host(&stage.alfa.unidade);
    for end in ["unidade", "console", "banner", "leaving", "entering again"] {
        stage.world.base.clock.advance(TimeDelta::minutes(1));
        stage.ask(false).await;
        stage.decide("passo=conceder&minutos=60").await;
        let cookie = stage.enter().await;
        let mut listener = Listener::connect(&stage.world.base.config, &stage.alfa.unidade.placement, &[LIVE]).await.unwrap();
        match end {
            "unidade" => drop(stage.decide("passo=encerrar").await),
            "console" => drop(stage.step("passo=encerrar").await),
            "banner" => drop(stage.world.post(&alfa, Who::Cookie(&cookie), "/suporte", "").await),
            "leaving" => drop(stage.world.post(&alfa, Who::Cookie(&cookie), "/sair", "").await),
            _ => drop(stage.enter().await),
        }
        let paula = stage.text("SELECT id::text FROM platform.admin WHERE email = 'paula@senai.example'").await;
        let over = Told { unidade: Some(stage.alfa.unidade.id), topic: web::live::WHO.to_owned(), id: paula };
        loop {
            let Signal::Told { payload, .. } = listener.next().await else { panic!("the connection stands") };
            if payload.parse::<Told>().is_ok_and(|told| told == over) {
                break;
            }
        }
        assert_ne!(stage.get(&cookie, "/empresas").await, StatusCode::OK, "{end}");
        stage.step("passo=encerrar").await;
    }
}
