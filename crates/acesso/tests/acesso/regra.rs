use acesso::{
    aparelho::Aparelhos,
    entrar::EntrarError,
    passo::Entrou,
    regra::{AlterarRegra, AlterarRegraError, Caminhos, NovaDoPerfil, RegraRule, SegundoFator, alterar},
};
use kernel::Actor;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, behind, count, home, person, sign_in, sign_in_at, text};

#[tokio::test]
async fn the_rules_have_bounds_a_version_and_a_trail() {
    let base = Base::new().await;
    let leitor = actor(&base, &person(&base, "Leitor", ANA).await).await;
    let schema = base.alfa.names().schema();
    let perfil = text(&base, &format!("SELECT id::text FROM {schema}.perfil WHERE nome = 'Leitor'")).await.parse().unwrap();
    let set = async |who: &Actor, attempts, trust_days, version| {
        let nova = NovaDoPerfil {
            perfil,
            segundo_fator: SegundoFator::Exigido,
            caminhos: Caminhos { senha: true, telefone: false, provedor: true },
        };
        let cmd = AlterarRegra { attempts, trust_days, perfis: vec![nova], version };
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, who, cmd.clone()).await).await
    };
    let sistema = Actor::sistema();
    assert!(matches!(set(&leitor, 5, 30, 1).await, Err(AlterarRegraError::Denied(_))));
    for (attempts, days) in [(2, 30), (11, 30), (5, -1), (5, 91)] {
        assert!(
            matches!(set(&sistema, attempts, days, 1).await, Err(AlterarRegraError::Rule(RegraRule::OutOfBounds(_)))),
            "{attempts} {days}"
        );
    }
    assert_eq!(count(&base, "perfil WHERE segundo_fator <> 'oferecido'").await, 0, "a refusal changes nothing");
    set(&sistema, 3, 0, 1).await.unwrap();
    assert!(matches!(set(&sistema, 4, 0, 1).await, Err(AlterarRegraError::Rule(RegraRule::Changed))), "of an older version");
    set(&sistema, 3, 0, 2).await.unwrap();
    assert_eq!(audited(&base, "acesso.regra_alterada").await, 1, "the second changed nothing");
    assert_eq!(count(&base, "perfil WHERE segundo_fator = 'exigido'").await, 1);
}

/// Takes the senha away from a perfil, as far as it goes.
async fn without_senha(base: &Base, perfil: &str) {
    let schema = base.alfa.names().schema();
    let id = text(base, &format!("SELECT id::text FROM {schema}.perfil WHERE nome = '{perfil}'")).await.parse().unwrap();
    let version = count(base, "regra_entrada WHERE version > 1").await;
    let nova = NovaDoPerfil {
        perfil: id,
        segundo_fator: SegundoFator::Oferecido,
        caminhos: Caminhos { senha: false, telefone: false, provedor: true },
    };
    let cmd = AlterarRegra { attempts: 5, trust_days: 30, perfis: vec![nova], version: i32::try_from(version).unwrap() + 1 };
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &Actor::sistema(), cmd.clone()).await).await.unwrap();
}

/// The senha is right and opens nothing; a wrong one is answered as everybody's; what was open stays.
#[tokio::test]
async fn a_perfil_without_senha_enters_by_other_ways() {
    let base = Base::new().await;
    let leo = person(&base, "Leitor", ANA).await;
    without_senha(&base, "Leitor").await;
    let try_with = async |senha: &str| sign_in_at(&base, &home(), ANA, senha, Aparelhos::default()).await;
    assert!(matches!(try_with(SENHA).await, Ok(Entrou::Fechada)));
    assert!(matches!(try_with("errada-errada-errada").await, Err(EntrarError::Wrong)));
    assert_eq!((count(&base, "sessao").await, count(&base, "passo").await), (1, 0));
    assert_eq!(audited(&base, "acesso.entrada_fechada").await, 1);
    assert!(behind(&base, &base.alfa, &leo.cookie.reveal()).await.is_some());
    // An invitation is the first way in, whatever comes after it.
    person(&base, "Leitor", "bia@senai.example").await;
}

/// S0-1.3: a forgotten senha is chosen anew, and is still no way in.
#[tokio::test]
async fn a_recovered_senha_opens_no_closed_door() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    without_senha(&base, "Leitor").await;
    crate::recuperacao::ask(&base, "198.51.100.1", ANA).await.unwrap();
    let token = crate::recuperacao::token(&base).await;
    assert!(matches!(crate::recuperacao::choose(&base, &token, SENHA).await, Ok(Entrou::Fechada)));
    assert_eq!(count(&base, "sessao WHERE ended_at IS NULL").await, 0, "whoever was in is out, and nobody came");
}

#[tokio::test]
async fn administradores_keep_their_senha() {
    let base = Base::new().await;
    person(&base, "Administrador", ANA).await;
    without_senha(&base, "Administrador").await;
    sign_in(&base, &home(), ANA, SENHA).await.unwrap();
}
