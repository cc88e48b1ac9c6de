//! Mail as a unidade says: through a server of its own, or not at all.

use std::time::Duration;

use jobs::{Gates, Limits, Worker};
use messaging::{
    Brand, Email, Letter, Line, MailConfig, Mailer, Rendered, Timeouts, Trial, Why,
    correio::{self, Correio, Protecao, Servidor},
    handlers, send_email,
};
use tenancy::TenantTx;
use testkit::Base;

use crate::smtp::{Mood, SmtpServer};

fn letter() -> Rendered {
    let letter = Letter {
        lang: kernel::Lang::PtBr,
        subject: Line::of("Aviso"),
        heading: "Olá".into(),
        paragraphs: vec![],
        action: None,
        note: None,
    };
    letter.render(&Brand::platform(kernel::Lang::PtBr)).unwrap()
}

fn mailer(base: &Base, installation: &SmtpServer, internal: bool) -> Mailer {
    let quick = Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(5) };
    let config = MailConfig::new(&installation.url(), "sri@senai.example").unwrap();
    Mailer::with_timeouts(config, quick).for_unidades(base.config.master_key.clone(), internal)
}

fn worker(base: &Base, mailer: Mailer) -> Worker {
    let gates = Gates { tenants: base.tenants.clone(), platform: base.platform.clone(), registry: base.registry.clone() };
    Worker::new(gates, handlers(mailer, crate::links()), vec![], Limits::default()).unwrap()
}

async fn write(base: &Base) {
    let email = Email { to: "ana@senai.example".parse().unwrap(), nome: None, secret: false };
    base.alfa(async |tx: &mut TenantTx| send_email(tx, email, letter()).await.unwrap()).await;
}

/// A server of its own, at a port of the test's.
async fn own(base: &Base, host: &str, port: u16, conta: Option<&str>, ativo: bool) -> Correio {
    base.alfa(async |tx: &mut TenantTx| {
        let before = correio::find(tx).await.unwrap();
        let senha = conta.map(|_| base.config.master_key.seal(&Correio::purpose(before.id), b"segredo-da-unidade").unwrap());
        let servidor = Servidor {
            host: host.parse().unwrap(),
            port,
            protecao: Protecao::Nenhum,
            conta: conta.map(str::to_owned),
            senha,
            remetente: "contato@alfa.example".parse().unwrap(),
        };
        let after = Correio { ativo, servidor: Some(servidor), ..before };
        assert!(correio::save(tx, &after).await.unwrap());
        correio::find(tx).await.unwrap()
    })
    .await
}

#[tokio::test]
async fn letters_go_through_the_unidades_own_server_and_only_its_own() {
    let base = Base::new().await;
    let (installation, of_alfa) = (SmtpServer::start().await, SmtpServer::start().await);
    own(&base, "127.0.0.1", of_alfa.address.port(), Some("alfa"), true).await;
    write(&base).await;
    let email = Email { to: "beto@senai.example".parse().unwrap(), nome: None, secret: false };
    base.beta(async |tx: &mut TenantTx| send_email(tx, email, letter()).await.unwrap()).await;
    worker(&base, mailer(&base, &installation, true)).drain().await.unwrap();
    let of_alfa_mail = of_alfa.accepted();
    assert_eq!(of_alfa_mail.iter().map(|mail| mail.from.as_str()).collect::<Vec<_>>(), ["contato@alfa.example"]);
    assert!(of_alfa_mail[0].header("Message-ID").unwrap().contains("@alfa.example"));
    assert!(of_alfa.heard("AUTH"));
    assert_eq!(installation.accepted().iter().map(|mail| mail.to[0].clone()).collect::<Vec<_>>(), ["beto@senai.example"]);
}

/// Threat 19: a unidade's administrador looks around in the network behind the product.
#[tokio::test]
async fn a_server_in_the_inner_network_is_not_even_dialled() {
    let base = Base::new().await;
    let (installation, inner) = (SmtpServer::start().await, SmtpServer::start().await);
    for host in ["127.0.0.1", "localhost", "::1", "0.0.0.0"] {
        own(&base, host, inner.address.port(), None, true).await;
        write(&base).await;
        worker(&base, mailer(&base, &installation, false)).drain().await.unwrap();
    }
    assert_eq!((inner.connections(), installation.connections()), (0, 0));
    let schema = base.alfa.names().schema();
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE state = 'failed'")).await, 4);
}

/// S0-15.6: off, only the panel.
#[tokio::test]
async fn a_unidade_that_sends_no_e_mail_sends_none() {
    let base = Base::new().await;
    let installation = SmtpServer::start().await;
    own(&base, "127.0.0.1", installation.address.port(), None, false).await;
    write(&base).await;
    let worker = worker(&base, mailer(&base, &installation, true));
    worker.drain().await.unwrap();
    assert_eq!(installation.connections(), 0);
    let schema = base.alfa.names().schema();
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE state = 'dead'")).await, 1);
    // A way in that somebody asked for goes out all the same: whoever is outside sees no panel.
    let email = Email { to: "ana@senai.example".parse().unwrap(), nome: None, secret: true };
    base.alfa(async |tx: &mut TenantTx| send_email(tx, email, letter()).await.unwrap()).await;
    worker.drain().await.unwrap();
    assert_eq!(installation.connections(), 1);
}

/// "Enviar teste" tells what is wrong, and what the server said.
#[tokio::test]
async fn a_trial_tells_what_it_failed_at() {
    let base = Base::new().await;
    let (installation, server) = (SmtpServer::start().await, SmtpServer::start().await);
    let correio = own(&base, "127.0.0.1", server.address.port(), Some("alfa"), true).await;
    let send = async |mood: Mood, correio: &Correio, internal: bool| {
        server.feels(&[mood]);
        let trial = Trial { from_nome: Line::of("SENAI alfa"), to: "ana@senai.example".parse().unwrap(), mail: letter() };
        let (now, id) = (base.tenants.clock().now(), base.tenants.clock().uuid());
        mailer(&base, &installation, internal).try_out(correio, trial, now, id).await
    };
    send(Mood::Well, &correio, true).await.unwrap();
    for (mood, why, answer) in [
        (Mood::WrongPassword, Why::Login, "535"),
        (Mood::NoSuchUser, Why::Refused, "550"),
        (Mood::Greylisting, Why::Deferred, "450"),
        (Mood::Unwelcome, Why::Deferred, "554"),
        (Mood::Silent, Why::Slow, ""),
    ] {
        let failure = send(mood, &correio, true).await.unwrap_err();
        assert!(failure.answer.contains(answer), "{mood:?}: {failure:?}");
        assert!(failure.why == why || mood == Mood::Silent, "{mood:?}: {failure:?}");
        assert!(!failure.answer.contains("segredo-da-unidade"));
    }
    assert_eq!(send(Mood::Well, &correio, false).await.unwrap_err().why, Why::Internal);
    let closed = SmtpServer::closed_port().await.port();
    let nobody = own(&base, "127.0.0.1", closed, None, true).await;
    assert_eq!(send(Mood::Well, &nobody, true).await.unwrap_err().why, Why::Unreachable);
    let nowhere = own(&base, "nirgends.invalid", 25, None, true).await;
    assert_eq!(send(Mood::Well, &nowhere, true).await.unwrap_err().why, Why::Unresolved);
}
