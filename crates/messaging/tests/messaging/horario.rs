//! When letters leave: not in the hours in which a person wants none, in one letter a day if they like, each exactly once.

use chrono::{NaiveTime, TimeDelta};
use messaging::{
    Channel, NoticeKind, NoticeRule,
    notificacao::{
        horario::{Horario, Silencio, keep, of},
        preferencia::{Descadastro, descadastro},
    },
};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{
    notice::{ANA, BETO, MAILED, QUIET},
    outbox::Stage,
    smtp::{Mood, SmtpServer},
};

/// It waits for nobody's morning.
static URGENT: NoticeKind =
    NoticeKind { code: "casa.alarme", label: "", help: "", needs: None, panel: NoticeRule::Always, email: NoticeRule::Now };

fn silencio(inicio: u32, fim: u32) -> Horario {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Horario::new(Silencio::new(hour(inicio), hour(fim)).ok(), None).unwrap()
}

impl Stage {
    async fn hours(&self, who: Uuid, horario: Horario) {
        let kept = self.house.tenants.write(&self.house.alfa, async |tx: &mut TenantTx| keep(tx, who, horario).await);
        assert!(kept.await.unwrap());
        assert_eq!(self.house.alfa(async |tx: &mut TenantTx| of(tx, who).await.unwrap()).await, horario, "as it was said");
    }

    async fn state(&self, who: Uuid, state: &str) -> i64 {
        self.rows(&self.house.alfa, &format!("usuario_id = '{who}' AND state = '{state}'")).await
    }
}

/// It is ten in the morning where the unidade is.
#[tokio::test]
async fn a_letter_of_the_silence_leaves_when_that_ends_and_what_cannot_wait_at_once() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let (ana, beto) = (stage.person(&stage.house.alfa, ANA, "pt-BR").await, stage.person(&stage.house.alfa, BETO, "pt-BR").await);
    stage.hours(ana, silencio(9, 12)).await;
    for who in [ana, beto] {
        stage.tell(who, &MAILED).await;
        stage.tell(who, &URGENT).await;
    }
    assert_eq!(stage.unread(ana).await, (2, 2), "the bell rings at any hour");
    let worker = stage.worker(&server.url());
    worker.drain().await.unwrap();
    let sent = async |who| stage.state(who, "sent").await;
    assert_eq!((sent(ana).await, sent(beto).await), (1, 2), "another's hours are not theirs");
    stage.house.clock.advance(TimeDelta::minutes(119));
    worker.drain().await.unwrap();
    assert_eq!(sent(ana).await, 1);
    stage.house.clock.advance(TimeDelta::minutes(1));
    worker.drain().await.unwrap();
    worker.drain().await.unwrap();
    assert_eq!((sent(ana).await, server.accepted().len()), (2, 4));
    // The same night, elsewhere: in Manaus it is nine when it is ten here.
    let schema = stage.house.alfa.names().schema();
    stage.house.execute(&format!("UPDATE {schema}.usuario SET fuso = 'America/Manaus' WHERE id = '{ana}'")).await;
    stage.tell(ana, &MAILED).await;
    worker.drain().await.unwrap();
    assert_eq!(stage.state(ana, "queued").await, 1, "it is eleven there");
}

#[tokio::test]
async fn a_letter_that_is_tried_again_wakes_nobody_either() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    stage.hours(ana, silencio(11, 23)).await;
    stage.tell(ana, &MAILED).await;
    server.feels(&[Mood::HangsUpAfterTheMail, Mood::Well]);
    let worker = stage.worker(&server.url());
    worker.drain().await.unwrap();
    assert_eq!((stage.state(ana, "failed").await, server.connections()), (1, 1));
    stage.house.clock.advance(TimeDelta::hours(2));
    worker.drain().await.unwrap();
    assert_eq!((stage.state(ana, "failed").await, server.connections()), (1, 1), "nobody asks the server at noon");
    stage.house.clock.advance(TimeDelta::hours(11));
    worker.drain().await.unwrap();
    assert_eq!(stage.state(ana, "sent").await, 1);
    let mails = server.accepted();
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"), "the same letter");
}

#[tokio::test]
async fn one_letter_a_day_is_made_of_all_that_waited() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    stage.hours(ana, Horario::new(None, Some(18)).unwrap()).await;
    assert!(stage.want(ana, &QUIET, Channel::Email, true).await);
    for kind in [&MAILED, &QUIET, &MAILED, &URGENT] {
        stage.tell(ana, kind).await;
    }
    let (one, other) = (stage.worker(&server.url()), stage.worker(&server.url()));
    one.drain().await.unwrap();
    assert_eq!((server.accepted().len(), stage.state(ana, "held").await), (1, 3), "what cannot wait does not");
    stage.house.clock.advance(TimeDelta::hours(8));
    let (first, second) = tokio::join!(one.drain(), other.drain());
    first.unwrap();
    second.unwrap();
    one.drain().await.unwrap();
    let mails = server.accepted();
    assert_eq!((mails.len(), stage.state(ana, "gathered").await, stage.state(ana, "sent").await), (2, 3, 2));
    let raw = mails[1].raw.replace("=\r\n", "").replace("=3D", "=");
    let slug = stage.house.alfa.slug.as_str();
    let link = format!("https://{slug}.sri.example/conta/seguranca?a=1");
    // In each half of the letter, written out and to be pressed.
    assert_eq!(raw.matches(link.as_str()).count(), 6, "{raw}");
    assert!(raw.contains(&format!("https://{slug}.sri.example/conta/notificacoes")), "{raw}");

    // Its link stops every kind that is in it, and none else.
    let stop = mails[1].header("List-Unsubscribe").unwrap();
    let token = stop.trim_end_matches('>').rsplit('/').next().unwrap().parse::<Uuid>().unwrap();
    let stopped = stage.house.alfa(async |tx: &mut TenantTx| descadastro(tx, token).await.unwrap()).await.unwrap();
    assert_eq!(stopped, Descadastro { usuario: ana, kinds: vec!["casa.prazo".into(), "casa.resultado".into()] });

    // What waits alone needs no letter round it.
    stage.tell(ana, &MAILED).await;
    stage.house.clock.advance(TimeDelta::hours(24));
    one.drain().await.unwrap();
    assert_eq!((stage.state(ana, "sent").await, stage.state(ana, "held").await), (3, 0));
    let mails = server.accepted();
    let subject = |n: usize| mails[n].header("Subject").unwrap();
    assert_eq!((mails.len(), subject(2) == subject(0)), (3, true), "the letter itself");
}

/// Whoever does its work once more, at the same time or after a death, finds nothing left to do.
#[tokio::test]
async fn no_letter_is_in_two_resumos() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    stage.hours(ana, Horario::new(None, Some(18)).unwrap()).await;
    stage.tell(ana, &MAILED).await;
    stage.hours(ana, Horario::new(None, Some(17)).unwrap()).await;
    stage.tell(ana, &MAILED).await;
    stage.hours(ana, Horario::default()).await;
    let waiting = stage.house.number("SELECT count(*) FROM platform.job WHERE name = 'messaging.resumo'").await;
    assert_eq!((waiting, stage.state(ana, "held").await), (2, 2), "whoever wants them one by one again loses none");
    stage.house.clock.advance(TimeDelta::hours(8));
    let (one, other) = (stage.worker(&server.url()), stage.worker(&server.url()));
    let (first, second) = tokio::join!(one.drain(), other.drain());
    first.unwrap();
    second.unwrap();
    let again = format!(
        "INSERT INTO platform.job (unidade_id, name, payload, run_at) VALUES ('{}', 'messaging.resumo', '{{\"usuario\": \"{ana}\"}}', now() - interval '9 years')",
        stage.house.alfa.id
    );
    stage.house.execute(&again).await;
    one.drain().await.unwrap();
    assert_eq!((server.accepted().len(), stage.state(ana, "gathered").await, stage.state(ana, "sent").await), (1, 2, 1));
}

#[tokio::test]
async fn whoever_has_left_gets_no_resumo() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    stage.hours(ana, Horario::new(None, Some(18)).unwrap()).await;
    stage.tell(ana, &MAILED).await;
    stage.tell(ana, &MAILED).await;
    stage.house.execute(&format!("UPDATE {}.usuario SET ativo = false", stage.house.alfa.names().schema())).await;
    stage.house.clock.advance(TimeDelta::hours(8));
    stage.worker(&server.url()).drain().await.unwrap();
    assert_eq!((server.connections(), stage.state(ana, "dead").await), (0, 1));
}
