//! A notice by e-mail: written with its change as each wants it, sent once, in the reader's language, with a way to stop it.

use kernel::Fault;
use messaging::{
    Channel, Notice, NoticeKind, NoticeRule,
    notificacao::preferencia::{self, want},
    notify,
};
use tenancy::{TenantTx, Unidade};
use uuid::Uuid;

use crate::{
    outbox::Stage,
    smtp::{Mood, SmtpServer},
};

pub(crate) static MAILED: NoticeKind =
    NoticeKind { code: "casa.prazo", label: "", help: "", needs: None, panel: NoticeRule::Always, email: NoticeRule::On };
pub(crate) static QUIET: NoticeKind =
    NoticeKind { code: "casa.resultado", label: "", help: "", needs: None, panel: NoticeRule::On, email: NoticeRule::Off };

pub(crate) const ANA: &str = "ana@senai.example";
pub(crate) const BETO: &str = "beto@senai.example";

impl Stage {
    /// A person who has been here.
    pub(crate) async fn person(&self, unidade: &Unidade, email: &str, idioma: &str) -> Uuid {
        let schema = unidade.names().schema();
        let id = Uuid::from_u128(if email == ANA { 1 } else { 2 });
        self.house
            .execute(&format!(
                "INSERT INTO {schema}.perfil (id, nome, created_at, updated_at)
                 SELECT gen_random_uuid(), 'Leitor', now(), now() WHERE NOT EXISTS (SELECT FROM {schema}.perfil);
                 INSERT INTO {schema}.usuario (id, nome, email, idioma, perfil_id, last_seen_at, created_at, updated_at)
                 SELECT '{id}', 'Ana <b>Lima</b>', '{email}', '{idioma}', id, now(), now(), now() FROM {schema}.perfil LIMIT 1"
            ))
            .await;
        id
    }

    pub(crate) async fn tell(&self, to: Uuid, kind: &'static NoticeKind) {
        let notice =
            Notice { kind, key: "senha-link-notice", args: &[("nome", "Rui\r\nBcc: x@y.example")], href: "/conta/seguranca?a=1" };
        self.house.tenants.write(&self.house.alfa, async |tx: &mut TenantTx| notify(tx, to, &notice).await).await.unwrap();
    }

    pub(crate) async fn want(&self, who: Uuid, kind: &NoticeKind, channel: Channel, wanted: bool) -> bool {
        let done =
            self.house.tenants.write(&self.house.alfa, async |tx: &mut TenantTx| want(tx, who, kind, channel, wanted).await);
        done.await.unwrap()
    }

    pub(crate) async fn unread(&self, who: Uuid) -> (i64, i64) {
        let schema = self.house.alfa.names().schema();
        let count = async |more: &str| {
            self.house.number(&format!("SELECT count(*) FROM {schema}.notificacao WHERE usuario_id = '{who}' {more}")).await
        };
        (count("").await, count("AND read_at IS NULL").await)
    }
}

/// S0-0.10, U-12: one event, one letter in the reader's language, one row on the panel; a second drain sends nothing.
#[tokio::test]
async fn one_event_is_one_letter_with_a_way_to_stop_it() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "en").await;
    stage.tell(ana, &MAILED).await;
    stage.tell(ana, &QUIET).await;
    let worker = stage.worker(&server.url());
    worker.drain().await.unwrap();
    worker.drain().await.unwrap();
    let mails = server.accepted();
    assert_eq!(mails.len(), 1, "the quiet kind is on the panel alone");
    assert_eq!(stage.unread(ana).await, (2, 2));
    let mail = &mails[0];
    assert_eq!(mail.to, [ANA]);
    assert!(mail.header("From").unwrap().contains("SENAI alfa"), "in the unidade's name");
    assert!(mail.header("Bcc").is_none());
    let schema = stage.house.alfa.names().schema();
    let slug = stage.house.alfa.slug.as_str();
    let stop = mail.header("List-Unsubscribe").unwrap();
    let token =
        stop.strip_prefix(&format!("<https://{slug}.sri.example/notificacoes/parar/")).and_then(|rest| rest.strip_suffix('>'));
    let token = token.unwrap().parse::<Uuid>().unwrap();
    assert_eq!(stage.house.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE descadastro = '{token}'")).await, 1);
    assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"), "RFC 8058");
    let raw = mail.raw.replace("=\r\n", "").replace("=3D", "=");
    assert!(raw.contains(&format!("https://{slug}.sri.example/conta/seguranca?a=1")), "{raw}");
    assert!(raw.contains(&format!("https://{slug}.sri.example/conta/notificacoes")), "{raw}");
    assert!(raw.contains("Open in the SRI") && !raw.contains("<b>Lima</b></h1>"), "{raw}");
}

/// S1-11: both the words and their frame.
#[tokio::test]
async fn whoever_chose_no_language_reads_the_one_of_the_unidade() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    let (id, schema) = (stage.house.alfa.id, stage.house.alfa.names().schema());
    stage
        .house
        .execute(&format!(
            r#"UPDATE {schema}.usuario SET idioma = NULL; UPDATE platform.unidade SET tema = '{{"idioma": "en"}}' WHERE id = '{id}'"#
        ))
        .await;
    stage.house.registry.forget(id);
    let alfa = stage.house.registry.by_id(id).await.unwrap().unwrap();
    let notice = Notice { kind: &MAILED, key: "senha-link-notice", args: &[("nome", "Rui")], href: "/conta/seguranca" };
    stage.house.tenants.write(&alfa, async |tx: &mut TenantTx| notify(tx, ana, &notice).await).await.unwrap();
    stage.worker(&server.url()).drain().await.unwrap();
    let mails = server.accepted();
    let raw = mails[0].raw.replace("=\r\n", "");
    assert!(raw.contains("Rui made a link") && raw.contains("Open in the SRI"), "{raw}");
}

#[tokio::test]
async fn each_hears_as_they_want_and_what_is_locked_stays() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let (ana, beto) = (stage.person(&stage.house.alfa, ANA, "pt-BR").await, stage.person(&stage.house.alfa, BETO, "pt-BR").await);
    assert!(stage.want(ana, &QUIET, Channel::Email, true).await);
    assert!(!stage.want(ana, &QUIET, Channel::Email, true).await, "the same twice is one");
    assert!(stage.want(ana, &QUIET, Channel::Panel, false).await);
    assert!(stage.want(ana, &MAILED, Channel::Email, false).await);
    assert!(!stage.want(ana, &MAILED, Channel::Panel, false).await, "locked");
    for who in [ana, beto] {
        stage.tell(who, &QUIET).await;
        stage.tell(who, &MAILED).await;
    }
    stage.worker(&server.url()).drain().await.unwrap();
    let schema = stage.house.alfa.names().schema();
    let told = async |who: Uuid, kind: &NoticeKind| {
        stage.rows(&stage.house.alfa, &format!("usuario_id = '{who}' AND state = 'sent' AND kind = '{}'", kind.code)).await
    };
    assert_eq!((told(ana, &QUIET).await, told(ana, &MAILED).await), (1, 0));
    assert_eq!((told(beto, &QUIET).await, told(beto, &MAILED).await), (0, 1), "another's wishes are not theirs");
    assert_eq!((stage.unread(ana).await, stage.unread(beto).await), ((2, 1), (2, 2)), "silenced is kept, as read");
    assert!(stage.want(ana, &QUIET, Channel::Panel, true).await, "the default is kept by forgetting");
    let rows = format!("SELECT count(*) FROM {schema}.notificacao_preferencia WHERE usuario_id = '{ana}'");
    assert_eq!(stage.house.number(&rows).await, 2);
    let reset = stage.house.tenants.write(&stage.house.alfa, async |tx: &mut TenantTx| preferencia::reset(tx, ana).await);
    assert_eq!((reset.await.unwrap(), stage.house.number(&rows).await), (2, 0));
}

#[tokio::test]
async fn nothing_is_mailed_to_whoever_is_not_reached_and_the_panel_has_it() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let schema = stage.house.alfa.names().schema();
    let (ana, beto) = (stage.person(&stage.house.alfa, ANA, "pt-BR").await, stage.person(&stage.house.alfa, BETO, "pt-BR").await);
    stage.house.execute(&format!("UPDATE {schema}.usuario SET last_seen_at = NULL WHERE id = '{ana}'")).await;
    stage.tell(ana, &MAILED).await;
    assert_eq!(
        (stage.rows(&stage.house.alfa, "true").await, stage.unread(ana).await),
        (0, (1, 1)),
        "an address that nobody proved"
    );
    let undone = stage.house.tenants.write(&stage.house.alfa, async |tx: &mut TenantTx| {
        notify(tx, beto, &Notice { kind: &MAILED, key: "senha-link-notice", args: &[("nome", "Rui")], href: "/" }).await?;
        Err::<(), _>(Fault::because("the change is refused"))
    });
    undone.await.unwrap_err();
    assert_eq!(stage.rows(&stage.house.alfa, "true").await, 0);
    stage.tell(beto, &MAILED).await;
    // Left between the change and its letter.
    stage.house.execute(&format!("UPDATE {schema}.usuario SET ativo = false WHERE id = '{beto}'")).await;
    stage.worker(&server.url()).drain().await.unwrap();
    assert_eq!((server.connections(), stage.rows(&stage.house.alfa, "state = 'dead'").await), (0, 1));
    stage.tell(beto, &MAILED).await;
    assert_eq!(
        (stage.rows(&stage.house.alfa, "true").await, stage.unread(beto).await),
        (1, (1, 1)),
        "whoever has left hears nothing"
    );

    stage.house.execute(&format!("UPDATE {schema}.usuario SET last_seen_at = now(), ativo = true")).await;
    let off =
        format!("INSERT INTO {schema}.correio (id, ativo, version, updated_at) VALUES (gen_random_uuid(), false, 1, now())");
    stage.house.execute(&off).await;
    stage.tell(ana, &MAILED).await;
    assert_eq!(
        (stage.rows(&stage.house.alfa, "true").await, stage.unread(ana).await),
        (1, (2, 2)),
        "the unidade sends no e-mail"
    );
}

/// A server that is away, then dies after taking the mail: the same letter again, under the same Message-ID.
#[tokio::test]
async fn a_letter_that_is_tried_again_is_the_same_letter() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    stage.tell(ana, &MAILED).await;
    server.feels(&[Mood::HangsUpAfterTheMail, Mood::Well]);
    let worker = stage.worker(&server.url());
    worker.drain().await.unwrap();
    stage.house.clock.advance(chrono::Duration::hours(1));
    worker.drain().await.unwrap();
    let mails = server.accepted();
    assert_eq!(mails.len(), 2);
    for name in ["Message-ID", "Date", "Subject", "List-Unsubscribe"] {
        assert_eq!(mails[0].header(name), mails[1].header(name), "{name}");
    }
    assert_eq!(stage.rows(&stage.house.alfa, "state = 'sent'").await, 1);
}
