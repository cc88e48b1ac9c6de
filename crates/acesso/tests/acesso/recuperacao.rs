//! Recovering the password by e-mail (S0-1.2).

use acesso::{
    Segredo, Senha,
    aparelho::Aparelhos,
    fator::{Mudanca, MudarFator, mudar},
    passo::Entrou,
    recuperacao::{PedirRecuperacaoError, RecuperarError, entregar, pedir, recuperar},
    usuario::SituacaoError,
};
use chrono::TimeDelta;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, behind, browser, count, from, home, person, sign_in, sign_in_at, text, worker};

const NOVA: &str = "outra-frase-bem-longa";

/// Asks, and lets the worker write what is to be written.
pub(crate) async fn ask(base: &Base, from_ip: &str, email: &str) -> Result<(), PedirRecuperacaoError> {
    let (meta, email) = (from(from_ip), email.parse().unwrap());
    let asked =
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| pedir(tx, &meta, "https://sri.example", email).await).await;
    worker(base).drain().await.unwrap();
    asked
}

async fn mailed_link(base: &Base) -> String {
    let schema = base.alfa.names().schema();
    let sql = format!(
        "SELECT body_text FROM {schema}.mensagem WHERE recipient = '{ANA}' AND body_text LIKE '%/recuperar/%' ORDER BY id DESC LIMIT 1"
    );
    let text = text(base, &sql).await;
    text.lines().find(|line| line.contains("/recuperar/")).unwrap_or_else(|| panic!("{text}")).to_owned()
}

pub(crate) async fn token(base: &Base) -> Segredo {
    mailed_link(base).await.rsplit('/').next().unwrap().parse().unwrap()
}

pub(crate) async fn choose(base: &Base, token: &Segredo, senha: &str) -> Result<Entrou, RecuperarError> {
    recuperar(&base.tenants, &base.alfa, &home(), token, Senha::typed(senha), (None, Aparelhos::default())).await
}

#[tokio::test]
async fn the_link_sets_a_password_once_and_ends_every_session() {
    let base = Base::new().await;
    let first = person(&base, "Leitor", ANA).await;
    let second = sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    ask(&base, "198.51.100.1", ANA).await.unwrap();
    assert!(mailed_link(&base).await.starts_with("https://alfa.sri.example/recuperar/"), "from the configuration");
    let token = token(&base).await;
    assert!(matches!(choose(&base, &token, "123456789012").await, Err(RecuperarError::Senha(_))), "a weak one uses nothing up");
    let nova = choose(&base, &token, NOVA).await.unwrap().sessao().unwrap();
    assert!(behind(&base, &base.alfa, &nova.cookie.reveal()).await.is_some());
    for old in [&first, &second] {
        assert!(behind(&base, &base.alfa, &old.cookie.reveal()).await.is_none(), "V7.4.3");
    }
    assert!(matches!(choose(&base, &token, NOVA).await, Err(RecuperarError::NotFound)), "once");
    sign_in(&base, &home(), ANA, SENHA).await.unwrap_err();
    sign_in(&base, &home(), ANA, NOVA).await.unwrap();
    assert_eq!(audited(&base, "usuario.senha_recuperada").await, 1);
    assert_eq!(count(&base, "mensagem WHERE subject LIKE 'A sua senha%'").await, 1, "the person is told");
}

#[tokio::test]
async fn of_two_who_use_one_link_at_once_one_gets_in() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    ask(&base, "198.51.100.1", ANA).await.unwrap();
    let token = token(&base).await;
    let (one, two) = futures::join!(choose(&base, &token, NOVA), choose(&base, &token, NOVA));
    assert!(one.is_ok() != two.is_ok());
}

#[tokio::test]
async fn a_link_is_over_after_half_an_hour_a_newer_one_or_elsewhere() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    ask(&base, "198.51.100.1", ANA).await.unwrap();
    let old = token(&base).await;
    let stranger = (None, Aparelhos::default());
    let there = recuperar(&base.tenants, &base.beta, &home(), &old, Senha::typed(NOVA), stranger).await;
    assert!(matches!(there, Err(RecuperarError::NotFound)), "another unidade's");
    ask(&base, "198.51.100.1", ANA).await.unwrap();
    let new = token(&base).await;
    assert!(matches!(choose(&base, &old, NOVA).await, Err(RecuperarError::NotFound)), "replaced");
    base.clock.advance(TimeDelta::minutes(30));
    assert!(matches!(choose(&base, &new, NOVA).await, Err(RecuperarError::NotFound)), "too old");
    ask(&base, "198.51.100.1", ANA).await.unwrap();
    let last = token(&base).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.usuario SET ativo = false")).await;
    assert!(matches!(choose(&base, &last, NOVA).await, Err(RecuperarError::NotFound)), "deactivated meanwhile");
}

/// V6.4.3: who recovers the password still has to confirm.
#[tokio::test]
async fn the_second_factor_is_still_asked() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    let cmd = MudarFator { mudanca: Mudanca::LigarEmail, senha: Senha::typed(SENHA), sessao: sessao.id };
    mudar(&base.tenants, &base.alfa, &base.config.master_key, &actor(&base, &sessao).await, cmd).await.unwrap();
    ask(&base, "198.51.100.1", ANA).await.unwrap();
    let sessoes = count(&base, "sessao WHERE ended_at IS NULL").await;
    let came = choose(&base, &token(&base).await, NOVA).await.unwrap();
    assert!(came.passo().is_some());
    assert_eq!((sessoes, count(&base, "sessao WHERE ended_at IS NULL").await), (1, 0));
}

/// Threat 13: nothing tells whether there is an account, and threat 9: nobody's mailbox is filled.
#[tokio::test]
async fn asking_tells_nothing_and_is_bounded() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    let links = "mensagem WHERE body_text LIKE '%/recuperar/%'";
    let jobs = "SELECT count(*) FROM platform.job";
    let meta = from("198.51.100.1");
    let mut seen = Vec::new();
    for email in [ANA, "ninguem@senai.example"] {
        let (before, queued) = (base.fingerprint(&base.alfa).await, base.number(jobs).await);
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| pedir(tx, &meta, "https://sri.example", email.parse().unwrap()).await)
            .await
            .unwrap();
        let after = base.fingerprint(&base.alfa).await;
        let changed: Vec<String> = before
            .split(';')
            .zip(after.split(';'))
            .filter(|(before, after)| before != after)
            .map(|(before, _)| before.split(':').next().unwrap().to_owned())
            .collect();
        seen.push((changed, base.number(jobs).await - queued));
    }
    assert_eq!(seen[0], seen[1], "the request does one work for both");
    assert_eq!(count(&base, links).await, 0, "the job writes the letter");
    worker(&base).drain().await.unwrap();
    assert_eq!(count(&base, links).await, 1);

    for n in 0..6 {
        ask(&base, &format!("198.51.100.{}", 10 + n), ANA).await.expect("the answer stays the same");
    }
    assert_eq!(count(&base, links).await, 3, "three in an hour");
    for _ in 0..18 {
        ask(&base, "198.51.100.1", "ninguem@senai.example").await.unwrap();
    }
    assert!(matches!(ask(&base, "198.51.100.1", ANA).await, Err(PedirRecuperacaoError::TooMany)), "of one address");
}

/// A thief's browser is not known any more, and what failures closed is open.
#[tokio::test]
async fn recovering_forgets_browsers_and_opens_the_account() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    let thief = browser(&sign_in(&base, &from("198.51.100.66"), ANA, SENHA).await.unwrap());
    for n in 0..6 {
        sign_in(&base, &from(&format!("192.0.2.{n}")), ANA, "errada-errada-errada").await.unwrap_err();
    }
    let elsewhere = from("198.51.100.200");
    sign_in(&base, &elsewhere, ANA, SENHA).await.expect_err("closed to places that are not known");
    ask(&base, "198.51.100.200", ANA).await.unwrap();
    choose(&base, &token(&base).await, NOVA).await.unwrap();
    sign_in(&base, &elsewhere, ANA, NOVA).await.expect("open again");
    for _ in 0..5 {
        sign_in_at(&base, &from("198.51.100.66"), ANA, SENHA, thief.clone()).await.unwrap_err();
    }
    assert_eq!(count(&base, "tentativa WHERE key LIKE 'aparelho:%'").await, 0, "the thief's browser is a stranger's");
}

/// For somebody without working e-mail: handed over by whoever manages them, once, and not in silence.
#[tokio::test]
async fn a_link_is_handed_over_and_its_person_told() {
    let base = Base::new().await;
    let boss = actor(&base, &person(&base, "Administrador", "bia@senai.example").await).await;
    let sessao = person(&base, "Leitor", ANA).await;
    let ana = actor(&base, &sessao).await;
    let links = crate::house::links();
    let make = async |by: &kernel::Actor, of: &kernel::Actor| {
        let id = crate::house::id_of(of);
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| entregar(tx, by, &links, id).await).await
    };
    let first = make(&boss, &ana).await.unwrap();
    let made = make(&boss, &ana).await.unwrap();
    assert!(made.link.starts_with("https://alfa.sri.example/recuperar/"), "{}", made.link);
    let secret = |link: &str| link.rsplit('/').next().unwrap().parse::<Segredo>().unwrap();
    assert!(matches!(choose(&base, &secret(&first.link), NOVA).await, Err(RecuperarError::NotFound)), "replaced");
    choose(&base, &secret(&made.link), NOVA).await.unwrap();
    assert!(matches!(choose(&base, &secret(&made.link), NOVA).await, Err(RecuperarError::NotFound)), "once");
    assert!(behind(&base, &base.alfa, &sessao.cookie.reveal()).await.is_none(), "open sessões end");
    assert_eq!(audited(&base, "usuario.senha_link_criado").await, 2);
    assert_eq!(count(&base, "notificacao WHERE key = 'senha-link-notice'").await, 2);
    let told = format!("mensagem WHERE recipient = '{ANA}' AND subject LIKE 'Um link%' AND body_text NOT LIKE '%/recuperar/%'");
    assert_eq!(count(&base, &told).await, 2, "the letter does not carry it");

    let late = make(&boss, &ana).await.unwrap();
    base.clock.advance(TimeDelta::minutes(31));
    assert!(matches!(choose(&base, &secret(&late.link), SENHA).await, Err(RecuperarError::NotFound)), "short");
    assert!(matches!(make(&boss, &boss).await, Err(SituacaoError::Own)));
    assert!(matches!(make(&ana, &boss).await, Err(SituacaoError::Denied(_))), "who manages nobody");
    let master = actor(&base, &person(&base, "Master", "leo@senai.example").await).await;
    assert!(matches!(make(&master, &boss).await, Err(SituacaoError::Denied(_))), "whoever holds more is not theirs");
    let program = kernel::Actor { kind: kernel::ActorKind::Token, ..boss.clone() };
    assert!(matches!(make(&program, &ana).await, Err(SituacaoError::Denied(_))));
}
