//! S0-0.10 (panel): told with the change, seen and marked by the person alone, forgotten after ninety days.

use acesso::notificacao::preferencia::{Escolha, preferir, voltar_ao_padrao};
use chrono::TimeDelta;
use kernel::{Actor, Fault, Lang};
use messaging::{
    Channel, Notice, NoticeKind, NoticeRule,
    notificacao::{self, Filtro, NotificacaoId, UNREAD_MAX, preferencia},
    notify,
};
use tenancy::{LIVE, Listener, Signal, TenantTx, Told};
use testkit::Base;
use uuid::Uuid;

use crate::house::{ANA, actor, audited, behind, count, id_of, person};

const KEY: &str = "importacao-notice";

static KIND: NoticeKind =
    NoticeKind { code: "casa.teste", label: "", help: "", needs: None, panel: NoticeRule::On, email: NoticeRule::Off };

static GUARDED: NoticeKind = NoticeKind {
    code: "casa.guardado",
    label: "",
    help: "",
    needs: Some(acesso::suporte::AUTORIZAR),
    panel: NoticeRule::On,
    email: NoticeRule::On,
};

fn args(file: &str) -> [(&str, &str); 4] {
    [("file", file), ("n_created", "1480"), ("n_updated", "0"), ("n_refused", "1")]
}

async fn tell(base: &Base, to: Uuid, file: &str) -> Result<(), Fault> {
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            notify(tx, to, &Notice { kind: &KIND, key: KEY, args: &args(file), href: "/empresas/importacoes" }).await
        })
        .await
}

async fn texts(base: &Base, usuario: Uuid, filtro: &Filtro) -> Vec<String> {
    let found = base.alfa(async |tx: &mut TenantTx| notificacao::list(tx, usuario, filtro, 0, 10).await).await.unwrap();
    found.iter().map(|one| one.text(Lang::PtBr)).collect()
}

#[tokio::test]
async fn each_sees_and_marks_their_own() {
    let base = Base::new().await;
    let (ana, bruno) = (person(&base, "Leitor", ANA).await, person(&base, "Leitor", "bruno@senai.example").await);
    let (a, b) = (id_of(&actor(&base, &ana).await).uuid(), id_of(&actor(&base, &bruno).await).uuid());
    tell(&base, a, "primeiro.xlsx").await.unwrap();
    tell(&base, a, &"z".repeat(5000)).await.unwrap();
    tell(&base, b, "de outro").await.unwrap();
    let told = texts(&base, a, &Filtro::default()).await;
    assert_eq!(told[1], "Importação de “primeiro.xlsx” terminou: 1.480 cadastradas, 0 atualizadas, 1 recusada.");
    assert!(told.len() == 2 && told[0].chars().count() < 250, "the latest first, a long name cut short");

    let unread = async |sessao: String| behind(&base, &base.alfa, &sessao).await.unwrap().unread;
    assert_eq!(unread(ana.cookie.reveal().clone()).await, Some(2), "known with the session, for the bell");
    let all = base.alfa(async |tx: &mut TenantTx| notificacao::list(tx, a, &Filtro::unread(), 0, 10).await).await.unwrap();
    let read = async |usuario, id| base.alfa(async |tx: &mut TenantTx| notificacao::read(tx, usuario, id).await).await.unwrap();
    assert_eq!(read(b, all[0].id).await, None, "another's is none");
    assert_eq!(read(a, all[0].id).await.as_deref(), Some("/empresas/importacoes"));
    assert_eq!(read(a, all[0].id).await.as_deref(), Some("/empresas/importacoes"), "and once more");
    assert_eq!(texts(&base, a, &Filtro::unread()).await.len(), 1);
    assert_eq!(read(a, NotificacaoId::new(Uuid::nil())).await, None);

    let all = async |usuario, about| {
        base.alfa(async |tx: &mut TenantTx| notificacao::read_all(tx, usuario, about).await).await.unwrap()
    };
    assert_eq!(all(a, Some("/elsewhere")).await, 0);
    assert_eq!(all(a, Some("/empresas/importacoes")).await, 1);
    assert_eq!(all(a, None).await, 0);
    assert_eq!((unread(ana.cookie.reveal().clone()).await, unread(bruno.cookie.reveal().clone()).await), (Some(0), Some(1)));
}

#[tokio::test]
async fn nobody_is_told_what_was_not_committed_or_does_not_come_here() {
    let base = Base::new().await;
    let ana = id_of(&actor(&base, &person(&base, "Leitor", ANA).await).await).uuid();
    let undone = base
        .tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            notify(tx, ana, &Notice { kind: &KIND, key: KEY, args: &args("a"), href: "/" }).await?;
            Err::<(), Fault>(Fault::because("the change is refused"))
        })
        .await;
    assert!(undone.is_err());
    for href in ["//evil.example", "https://evil.example", "/\\evil.example", ""] {
        let told = base
            .tenants
            .write(&base.alfa, async |tx: &mut TenantTx| {
                notify(tx, ana, &Notice { kind: &KIND, key: KEY, args: &args("a"), href }).await
            })
            .await;
        assert!(told.is_err(), "{href}");
    }
    tell(&base, Uuid::from_u128(1), "for nobody").await.unwrap();
    base.execute(&format!("UPDATE {}.usuario SET ativo = false WHERE id = '{ana}'", base.alfa.names().schema())).await;
    tell(&base, ana, "for whoever has left").await.unwrap();
    assert_eq!(count(&base, "notificacao").await, 0);
}

#[tokio::test]
async fn every_process_hears_whom_it_concerns_when_it_is_committed() {
    let base = Base::new().await;
    let ana = id_of(&actor(&base, &person(&base, "Leitor", ANA).await).await).uuid();
    let mut listener = Listener::connect(&base.config, &base.alfa.placement, &[LIVE]).await.unwrap();
    tell(&base, ana, "a").await.unwrap();
    let Signal::Told { payload, .. } = listener.next().await else { panic!("the connection stands") };
    let told = Told { unidade: Some(base.alfa.id), topic: notificacao::TOPIC.to_owned(), id: ana.to_string() };
    assert_eq!(payload.parse::<Told>().unwrap(), told);
    assert!(!payload.contains("empresas"), "ids only");
}

#[tokio::test]
async fn the_badge_counts_no_further_than_it_can_say_and_ninety_days_are_kept() {
    let base = Base::new().await;
    let ana = person(&base, "Leitor", ANA).await;
    let id = id_of(&actor(&base, &ana).await).uuid();
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "INSERT INTO {schema}.notificacao (id, usuario_id, key, args, href, created_at)
         SELECT gen_random_uuid(), '{id}', 'x', '{{}}', '/', now() FROM generate_series(1, 5000)"
    ))
    .await;
    assert_eq!(behind(&base, &base.alfa, &ana.cookie.reveal()).await.unwrap().unread, Some(UNREAD_MAX));
    base.execute(&format!("DELETE FROM {schema}.notificacao")).await;
    tell(&base, id, "a").await.unwrap();
    let forget = async || {
        base.alfa(async |tx: &mut TenantTx| {
            let before = tx.clock().now() - notificacao::KEPT;
            notificacao::forget(tx, before).await
        })
        .await
        .unwrap()
    };
    base.clock.advance(TimeDelta::days(89));
    assert_eq!(forget().await, 0);
    base.clock.advance(TimeDelta::days(2));
    assert_eq!(forget().await, 1);
}

/// Their own, as they want it: what is locked or not theirs to hear stays, another's stays, and the trail tells what changed.
#[tokio::test]
async fn people_choose_for_themselves_and_only_what_is_theirs_to_choose() {
    let base = Base::new().await;
    let (ana, bruno) = (person(&base, "Leitor", ANA).await, person(&base, "Administrador", "bruno@senai.example").await);
    let (ana, bruno) = (actor(&base, &ana).await, actor(&base, &bruno).await);
    let all = |wanted| {
        [(&KIND, Channel::Email), (&GUARDED, Channel::Email), (&acesso::suporte::NOTICE, Channel::Panel)]
            .map(|(kind, channel)| Escolha { kind, channel, wanted })
    };
    let choose = async |who: &Actor, wanted: bool| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| preferir(tx, who, &all(wanted)).await).await.unwrap()
    };
    let kept = async |who: &Actor| {
        let id = id_of(who).uuid();
        let found = base.alfa(async |tx: &mut TenantTx| preferencia::preferencias(tx, id).await).await.unwrap();
        found.into_iter().map(|one| format!("{} {} {}", one.kind, one.channel, one.wanted)).collect::<Vec<_>>()
    };
    assert_eq!(choose(&ana, true).await, 1);
    assert_eq!(kept(&ana).await, ["casa.teste email true"], "only what deviates");
    assert_eq!(choose(&ana, true).await, 0, "the same again");
    assert_eq!(choose(&bruno, false).await, 1);
    assert_eq!(kept(&bruno).await, ["casa.guardado email false"], "a locked one stays, whoever asks");
    assert_eq!(kept(&ana).await, ["casa.teste email true"]);
    assert_eq!(audited(&base, "notificacao.preferida").await, 2);
    for _ in 0..2 {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| voltar_ao_padrao(tx, &ana).await).await.unwrap();
    }
    assert_eq!((kept(&ana).await.len(), kept(&bruno).await.len()), (0, 1));
    assert_eq!(audited(&base, "notificacao.preferida").await, 3);
    let nobody =
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| preferir(tx, &Actor::sistema(), &all(false)).await).await;
    assert!(nobody.is_err(), "programs hear nothing");
}
