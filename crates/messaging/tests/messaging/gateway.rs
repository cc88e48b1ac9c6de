//! Messages for telephones, to a webhook that really answers.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use jobs::{Gates, Limits, Worker};
use messaging::{
    Channel, MailConfig, Mailer, Text, Timeouts, Why,
    gateway::{self, Gateway},
    handlers,
    notificacao::horario::{Horario, Silencio, keep},
    send_text,
};
use serde_json::{Value, json};
use tenancy::TenantTx;
use testkit::Base;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    notice::{ANA, MAILED, QUIET},
    outbox::Stage,
};

const NUMERO: &str = "+5547999990000";

/// Takes messages and answers as it is told.
struct Webhook {
    port: u16,
    /// Head and body of each message.
    heard: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Webhook {
    /// Each message gets the next of `answers`; the last of them stays.
    #[expect(clippy::disallowed_methods, reason = "it lives as long as the test")]
    async fn start(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<(String, Value)>>>::default();
        let (noted, answers) = (Arc::clone(&heard), answers.to_vec());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = Vec::new();
                let (head, body) = loop {
                    let mut buffer = [0; 4096];
                    let n = stream.read(&mut buffer).await.unwrap();
                    bytes.extend_from_slice(&buffer[..n]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    if let Some((head, body)) = text.split_once("\r\n\r\n")
                        && let Ok(body) = serde_json::from_str::<Value>(body)
                    {
                        break (head.to_lowercase(), body);
                    }
                    assert!(n > 0, "{text}");
                };
                let answer = {
                    let mut noted = noted.lock().unwrap();
                    noted.push((head, body));
                    answers[(noted.len() - 1).min(answers.len() - 1)]
                };
                let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\nconnection: close\r\n\r\n").as_bytes()).await;
            }
        });
        Self { port, heard }
    }

    fn heard(&self) -> Vec<(String, Value)> {
        self.heard.lock().unwrap().clone()
    }
}

fn mailer(base: &Base, internal: bool) -> Mailer {
    let quick = Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(5) };
    let config = MailConfig::new("smtp://127.0.0.1:1", "sri@senai.example").unwrap();
    Mailer::with_timeouts(config, quick).for_unidades(base.config.master_key.clone(), internal)
}

async fn drain(base: &Base) {
    let gates = Gates { tenants: base.tenants.clone(), platform: base.platform.clone(), registry: base.registry.clone() };
    Worker::new(gates, handlers(mailer(base, true), crate::links()), vec![], Limits::default()).unwrap().drain().await.unwrap();
}

fn gateway(base: &Base, url: String, segredo: Option<&str>) -> Gateway {
    let id = base.tenants.clock().uuid();
    let segredo = segredo.map(|text| base.config.master_key.seal(&Gateway::purpose(id), text.as_bytes()).unwrap());
    Gateway { id, endereco: url.parse().unwrap(), segredo, version: 0 }
}

async fn named(base: &Base, port: u16, segredo: Option<&str>) {
    let gateway = gateway(base, format!("http://127.0.0.1:{port}/webhook/a?b=c"), segredo);
    base.alfa(async |tx: &mut TenantTx| assert!(gateway::save(tx, &gateway).await.unwrap())).await;
}

async fn write(base: &Base) {
    let to = NUMERO.parse().unwrap();
    base.alfa(async |tx: &mut TenantTx| send_text(tx, &to, "123456 é o seu código", Some("123456")).await.unwrap()).await;
}

async fn states(base: &Base) -> i64 {
    let schema = base.alfa.names().schema();
    base.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE state = 'sent' AND codigo IS NULL AND body_text IS NULL"))
        .await
}

/// S2-7.3.
#[tokio::test]
async fn a_code_goes_out_once_with_its_segredo_and_is_forgotten() {
    let base = Base::new().await;
    let webhook = Webhook::start(&["503 Busy", "200 OK"]).await;
    named(&base, webhook.port, Some("s3cret")).await;
    write(&base).await;
    drain(&base).await;
    assert_eq!((webhook.heard().len(), states(&base).await), (1, 0), "busy");
    base.clock.advance(chrono::TimeDelta::minutes(2));
    drain(&base).await;
    drain(&base).await;
    let heard = webhook.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].1, heard[1].1, "the same message again");
    let (head, body) = &heard[1];
    assert!(head.starts_with("post /webhook/a?b=c http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\nauthorization: bearer s3cret"), "{head}");
    assert!(head.contains(&format!("idempotency-key: {}", body["id"].as_str().unwrap())), "{head}");
    let expected = json!({ "id": body["id"], "telefone": NUMERO, "texto": "123456 é o seu código", "codigo": "123456" });
    assert_eq!(*body, expected);
    assert_eq!(states(&base).await, 1);
}

#[tokio::test]
async fn a_refusal_is_final_and_an_old_code_is_not_sent_again() {
    let base = Base::new().await;
    let webhook = Webhook::start(&["404 Not Found", "503 Busy"]).await;
    named(&base, webhook.port, None).await;
    let dead = format!(
        "SELECT count(*) FROM {}.mensagem WHERE state = 'dead' AND codigo IS NULL AND body_text IS NULL",
        base.alfa.names().schema()
    );
    write(&base).await;
    drain(&base).await;
    assert_eq!(base.number(&dead).await, 1);
    write(&base).await;
    drain(&base).await;
    base.clock.advance(chrono::TimeDelta::minutes(11));
    drain(&base).await;
    assert_eq!(base.number(&dead).await, 2, "after ten minutes it opens nothing");
    assert_eq!(webhook.heard().len(), 3);
}

#[tokio::test]
async fn without_a_gateway_nothing_waits() {
    let base = Base::new().await;
    write(&base).await;
    drain(&base).await;
    let schema = base.alfa.names().schema();
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE state = 'dead'")).await, 1);
}

/// A notice goes to the telephone of whoever asked for it there: whose it is, what happened and where to look, once, and not by night.
#[tokio::test]
async fn a_notice_goes_to_the_telephone_of_whoever_asked_for_it() {
    let stage = Stage::new().await;
    let base = &stage.house;
    let ana = stage.person(&base.alfa, ANA, "pt-BR").await;
    let schema = base.alfa.names().schema();
    let texts = async |state: &str| {
        base.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE channel = 'whatsapp' AND state = '{state}'")).await
    };
    assert!(stage.want(ana, &QUIET, Channel::Telefone, true).await);
    stage.tell(ana, &QUIET).await;
    base.execute(&format!("UPDATE {schema}.usuario SET telefone = '{NUMERO}' WHERE id = '{ana}'")).await;
    stage.tell(ana, &QUIET).await;
    assert_eq!(texts("queued").await, 0, "neither without a number nor without a gateway");

    let webhook = Webhook::start(&["200 OK"]).await;
    named(base, webhook.port, None).await;
    stage.tell(ana, &MAILED).await;
    assert_eq!(texts("queued").await, 0, "nobody asked for these");
    stage.tell(ana, &QUIET).await;
    drain(base).await;
    drain(base).await;
    let heard = webhook.heard();
    assert_eq!(heard.len(), 1);
    let text = heard[0].1["texto"].as_str().unwrap();
    assert!(text.starts_with(&format!("{}: ", base.alfa.nome)), "{text}");
    assert!(text.ends_with("sri.example/conta/seguranca?a=1") && text.lines().count() == 2, "{text}");
    assert_eq!((heard[0].1["telefone"].as_str(), texts("sent").await), (Some(NUMERO), 1));

    let hour = |hour, minute| chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let all_day = Horario::new(Silencio::new(hour(0, 0), hour(23, 59)).ok(), None).unwrap();
    base.alfa(async |tx: &mut TenantTx| assert!(keep(tx, ana, all_day).await.unwrap())).await;
    stage.tell(ana, &QUIET).await;
    drain(base).await;
    assert_eq!((webhook.heard().len(), texts("queued").await), (1, 1), "held until they want to hear");
    base.execute(&format!("UPDATE {schema}.usuario SET ativo = false WHERE id = '{ana}'")).await;
    base.alfa(async |tx: &mut TenantTx| assert!(keep(tx, ana, Horario::default()).await.unwrap())).await;
    base.clock.advance(chrono::TimeDelta::hours(24));
    drain(base).await;
    assert_eq!((webhook.heard().len(), texts("dead").await), (1, 1), "whoever left hears nothing");
}

/// Threat 19: a unidade's administrador looks around in the network behind the product.
#[tokio::test]
async fn nobody_reaches_the_inner_network_or_is_led_elsewhere() {
    let base = Base::new().await;
    let webhook = Webhook::start(&["302 Found\r\nlocation: http://127.0.0.1:1/"]).await;
    let text = Text { id: uuid::Uuid::nil(), to: NUMERO.parse().unwrap(), text: "Teste".into(), code: None };
    for url in [
        format!("http://127.0.0.1:{}/", webhook.port),
        "https://localhost/".to_owned(),
        "https://[::1]/".to_owned(),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://10.0.0.1:8443/".to_owned(),
    ] {
        let failure = mailer(&base, false).try_gateway(&gateway(&base, url.clone(), None), &text).await.unwrap_err();
        assert_eq!(failure.why, Why::Internal, "{url}");
    }
    assert!(webhook.heard().is_empty());
    let led = gateway(&base, format!("http://127.0.0.1:{}/", webhook.port), None);
    let failure = mailer(&base, true).try_gateway(&led, &text).await.unwrap_err();
    assert_eq!((failure.why, webhook.heard().len()), (Why::Refused, 1), "{failure:?}");
    let nobody = gateway(&base, "http://127.0.0.1:1/s3cret-path".to_owned(), None);
    let failure = mailer(&base, true).try_gateway(&nobody, &text).await.unwrap_err();
    assert_eq!(failure.why, Why::Unreachable);
    assert!(!failure.answer.contains("s3cret-path"), "{}", failure.answer);
}
