use acesso::{
    Senha,
    sessao::NovaSessao,
    usuario::{self, AlterarSenha, AlterarSenhaError},
};
use kernel::Actor;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, behind, home, person, sign_in};

const NOVA: &str = "outra-frase-bem-longa";

async fn change(base: &Base, actor: &Actor, current: &NovaSessao, atual: &str, nova: &str) -> Result<(), AlterarSenhaError> {
    let cmd = AlterarSenha { atual: Senha::typed(atual), nova: Senha::typed(nova), sessao: current.id };
    usuario::alterar_senha(&base.tenants, &base.alfa, actor, cmd).await
}

/// ASVS V7.4.3.
#[tokio::test]
async fn a_new_password_ends_the_other_sessoes() {
    let base = Base::new().await;
    let here = person(&base, "Leitor", ANA).await;
    let there = sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    let ana = actor(&base, &here).await;

    assert!(matches!(change(&base, &ana, &here, "errada-errada-errada", NOVA).await, Err(AlterarSenhaError::WrongAtual)));
    assert!(matches!(change(&base, &ana, &here, SENHA, "123456789012").await, Err(AlterarSenhaError::Senha(_))));
    assert!(behind(&base, &base.alfa, &there.cookie.reveal()).await.is_some(), "a refusal changes nothing");

    change(&base, &ana, &here, SENHA, NOVA).await.unwrap();
    assert!(behind(&base, &base.alfa, &there.cookie.reveal()).await.is_none());
    assert!(behind(&base, &base.alfa, &here.cookie.reveal()).await.is_some());
    sign_in(&base, &home(), ANA, SENHA).await.unwrap_err();
    sign_in(&base, &home(), ANA, NOVA).await.unwrap();
}

#[tokio::test]
async fn whoever_took_over_a_sessao_cannot_guess_the_password_there() {
    let base = Base::new().await;
    let here = person(&base, "Leitor", ANA).await;
    let mut ana = actor(&base, &here).await;
    ana.meta = home();
    for _ in 0..5 {
        assert!(matches!(change(&base, &ana, &here, "errada-errada-errada", NOVA).await, Err(AlterarSenhaError::WrongAtual)));
    }
    assert!(matches!(change(&base, &ana, &here, SENHA, NOVA).await, Err(AlterarSenhaError::TooMany)));
}
