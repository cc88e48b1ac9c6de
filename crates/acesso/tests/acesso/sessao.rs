use acesso::{
    Senha,
    entrar::{Entrar, entrar},
    sessao::{self, EncerrarError, NovaSessao},
};
use chrono::TimeDelta;
use tenancy::TenantTx;
use testkit::Base;
use web::Identity;

use crate::house::{ANA, SENHA, actor, behind, count, home, id_of, person, porteiro, sign_in};

async fn stands(base: &Base, sessao: &NovaSessao) -> bool {
    behind(base, &base.alfa, &sessao.cookie.reveal()).await.is_some()
}

async fn touch(base: &Base, sessao: &NovaSessao) {
    let (porteiro, actor) = (porteiro(base), actor(base, sessao).await);
    base.alfa(async |tx: &mut TenantTx| porteiro.touch(tx, &actor, Some(sessao.id.uuid())).await).await.unwrap();
}

/// S0-1.5, D-2.
#[tokio::test]
async fn a_sessao_that_is_not_used_ends_after_half_an_hour() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    base.clock.advance(TimeDelta::minutes(29));
    assert!(stands(&base, &sessao).await);
    touch(&base, &sessao).await;
    base.clock.advance(TimeDelta::minutes(29));
    assert!(stands(&base, &sessao).await, "use moves the limit on");
    base.clock.advance(TimeDelta::minutes(1));
    assert!(!stands(&base, &sessao).await);
}

/// ASVS V7.3.2.
#[tokio::test]
async fn a_sessao_ends_after_twelve_hours_however_much_it_is_used() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    for _ in 0..(12 * 3 - 1) {
        base.clock.advance(TimeDelta::minutes(20));
        touch(&base, &sessao).await;
    }
    assert!(stands(&base, &sessao).await);
    base.clock.advance(TimeDelta::minutes(20));
    assert!(!stands(&base, &sessao).await);
}

#[tokio::test]
async fn use_is_noted_about_once_a_minute() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    let cookie = sessao.cookie.reveal();
    assert!(!behind(&base, &base.alfa, &cookie).await.unwrap().touch);
    base.clock.advance(TimeDelta::seconds(61));
    assert!(behind(&base, &base.alfa, &cookie).await.unwrap().touch);
    touch(&base, &sessao).await;
    assert!(!behind(&base, &base.alfa, &cookie).await.unwrap().touch);
}

/// S0-1.9.
#[tokio::test]
async fn a_tampered_or_foreign_cookie_is_nobody() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    let cookie = sessao.cookie.reveal();
    assert!(behind(&base, &base.beta, &cookie).await.is_none(), "another unidade's");
    let mut tampered = cookie.clone().into_bytes();
    tampered[20] = if tampered[20] == b'A' { b'B' } else { b'A' };
    let (tampered, stored) = (String::from_utf8(tampered).unwrap(), sessao.id.to_string());
    for wrong in ["", &cookie[..42], tampered.as_str(), stored.as_str(), "null", "' OR '1'='1"] {
        assert!(behind(&base, &base.alfa, wrong).await.is_none(), "{wrong}");
    }
    assert_eq!(count(&base, "sessao WHERE octet_length(token_hash) <> 32").await, 0);
}

/// S0-1.9, ASVS V7.2.4.
#[tokio::test]
async fn signing_in_always_opens_a_new_sessao_and_ends_the_old_one() {
    let base = Base::new().await;
    let before = person(&base, "Leitor", ANA).await;
    let cmd = Entrar {
        email: ANA.into(),
        senha: Senha::typed(SENHA),
        previous: Some(before.id),
        aparelhos: acesso::aparelho::Aparelhos::default(),
    };
    let after = entrar(&base.tenants, &base.alfa, &home(), cmd).await.unwrap().sessao().unwrap();
    assert_ne!(before.cookie, after.cookie);
    assert!(!stands(&base, &before).await && stands(&base, &after).await);
}

/// S0-1.4.
#[tokio::test]
async fn whoever_left_is_nobody() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    let ana = actor(&base, &sessao).await;
    for _ in 0..2 {
        // Leaving twice is no error.
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| sessao::sair(tx, &ana, sessao.id).await).await.unwrap();
    }
    assert!(!stands(&base, &sessao).await);
    assert_eq!(crate::house::audited(&base, "acesso.saiu").await, 1);
}

#[tokio::test]
async fn a_person_ends_their_own_sessoes_and_nobody_else_s() {
    let base = Base::new().await;
    let (here, bia) = (person(&base, "Leitor", ANA).await, person(&base, "Leitor", "bia@senai.example").await);
    let there = sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    let ana = actor(&base, &here).await;

    let end = async |id| base.tenants.write(&base.alfa, async |tx: &mut TenantTx| sessao::encerrar(tx, &ana, id).await).await;
    assert!(matches!(end(bia.id).await, Err(EncerrarError::NotFound)));
    assert!(stands(&base, &bia).await);
    end(there.id).await.unwrap();
    assert!(!stands(&base, &there).await);
    assert!(matches!(end(there.id).await, Err(EncerrarError::NotFound)));

    for _ in 0..2 {
        sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    }
    let (listed, ended) = base
        .alfa(async |tx: &mut TenantTx| {
            let listed = sessao::list(tx, id_of(&ana)).await.unwrap();
            (listed, sessao::encerrar_outras(tx, &ana, here.id).await.unwrap())
        })
        .await;
    assert_eq!((listed.len(), ended), (3, 2));
    assert!(stands(&base, &here).await && stands(&base, &bia).await);
}
