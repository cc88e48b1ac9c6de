//! An account that failures closed: to whom, for how long, and who opens it (S0-1.3, S0-15.5, threat 10).

use acesso::{
    aparelho::Aparelhos,
    entrar::EntrarError,
    sessao::administrar::{AdministrarError, desbloquear, encerrar_de, encerrar_todas_de, retirar_fatores},
};
use chrono::TimeDelta;
use kernel::Actor;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, behind, browser, count, from, id_of, person, sign_in, sign_in_at};

const WRONG: &str = "errada-errada-errada";

async fn fail(base: &Base, times: u8) {
    for n in 0..times {
        sign_in(base, &from(&format!("192.0.2.{n}")), ANA, WRONG).await.unwrap_err();
    }
}

/// Strangers close it to strangers; a browser that the account knows goes on, wherever it is.
#[tokio::test]
async fn strangers_lock_strangers_out_and_nobody_else() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    let own = browser(&sign_in(&base, &from("198.51.100.1"), ANA, SENHA).await.unwrap());
    fail(&base, 5).await;
    for senha in [SENHA, WRONG] {
        let refused = sign_in(&base, &from("192.0.2.99"), ANA, senha).await.unwrap_err();
        assert!(matches!(refused, EntrarError::TooMany), "{refused}");
    }
    let travelling = from("203.0.113.250");
    assert!(matches!(sign_in(&base, &travelling, ANA, SENHA).await, Err(EntrarError::TooMany)), "without its cookie");
    sign_in_at(&base, &travelling, ANA, SENHA, own.clone()).await.expect("its own browser");

    // The browser's own guesses are bounded as well, and its cookie is nothing to another account.
    for _ in 0..5 {
        let refused = sign_in_at(&base, &travelling, ANA, WRONG, own.clone()).await.unwrap_err();
        assert!(matches!(refused, EntrarError::Wrong), "{refused}");
    }
    assert!(matches!(sign_in_at(&base, &travelling, ANA, SENHA, own.clone()).await, Err(EntrarError::TooMany)));
    person(&base, "Leitor", "bia@senai.example").await;
    for n in 0..5 {
        sign_in_at(&base, &from(&format!("192.0.2.{n}")), "bia@senai.example", WRONG, own.clone()).await.unwrap_err();
    }
    let refused = sign_in_at(&base, &from("192.0.2.99"), "bia@senai.example", SENHA, own.clone()).await.unwrap_err();
    assert!(matches!(refused, EntrarError::TooMany));
    base.clock.advance(TimeDelta::minutes(15));
    sign_in(&base, &from("192.0.2.99"), ANA, SENHA).await.expect("the window is over");
}

/// S0-15.5, and the limit holds over processes.
#[tokio::test]
async fn the_unidade_decides_how_many_failures_close() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    base.execute(&format!("UPDATE {}.regra_entrada SET attempts = 3", base.alfa.names().schema())).await;
    let twin = base.twin().await;
    fail(&base, 2).await;
    sign_in(&twin, &from("192.0.2.50"), ANA, WRONG).await.unwrap_err();
    for process in [&base, &twin] {
        assert!(matches!(sign_in(process, &from("192.0.2.99"), ANA, SENHA).await, Err(EntrarError::TooMany)));
    }
}

/// An unknown e-mail closes as a known one does: the lock tells nothing.
#[tokio::test]
async fn an_unknown_account_closes_too() {
    let base = Base::new().await;
    for n in 0..5 {
        sign_in(&base, &from(&format!("192.0.2.{n}")), ANA, WRONG).await.unwrap_err();
    }
    assert!(matches!(sign_in(&base, &from("192.0.2.99"), ANA, SENHA).await, Err(EntrarError::TooMany)));
}

/// Who manages the usuários opens it, ends another's sessões, and takes a lost second factor away; nobody does that to somebody
/// who holds more.
#[tokio::test]
async fn whoever_manages_opens_it_and_ends_sessions() {
    let base = Base::new().await;
    let ana = person(&base, "Leitor", ANA).await;
    let chefe = person(&base, "Administrador", "chefe@senai.example").await;
    let (ana_is, chefe_is) = (actor(&base, &ana).await, actor(&base, &chefe).await);
    let (ana_id, chefe_id) = (id_of(&ana_is), id_of(&chefe_is));
    let schema = base.alfa.names().schema();
    fail(&base, 6).await;
    let stranger = from("192.0.2.99");
    sign_in(&base, &stranger, ANA, SENHA).await.unwrap_err();
    let manage = async |who: &Actor, what: u8| {
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| match what {
                0 => desbloquear(tx, who, ana_id).await,
                1 => encerrar_de(tx, who, ana_id, ana.id).await,
                2 => encerrar_todas_de(tx, who, ana_id).await.map(drop),
                3 => retirar_fatores(tx, who, ana_id).await,
                4 => encerrar_todas_de(tx, who, chefe_id).await.map(drop),
                _ => retirar_fatores(tx, who, chefe_id).await,
            })
            .await
    };
    for what in 0..6 {
        assert!(matches!(manage(&ana_is, what).await, Err(AdministrarError::Denied(_))), "{what}");
    }
    manage(&chefe_is, 0).await.unwrap();
    let elsewhere = sign_in(&base, &stranger, ANA, SENHA).await.expect("opened");
    manage(&chefe_is, 1).await.unwrap();
    assert!(behind(&base, &base.alfa, &ana.cookie.reveal()).await.is_none());
    assert!(matches!(manage(&chefe_is, 1).await, Err(AdministrarError::NotFound)), "over already");
    base.execute(&format!(
        "INSERT INTO {schema}.fator (id, usuario_id, method, created_at, confirmed_at) VALUES (gen_random_uuid(), '{ana_id}', 'email', now(), now())"
    ))
    .await;
    manage(&chefe_is, 3).await.unwrap();
    assert!(behind(&base, &base.alfa, &elsewhere.cookie.reveal()).await.is_none(), "the sessões of a lost telephone end");
    assert!(matches!(manage(&chefe_is, 3).await, Err(AdministrarError::NotFound)));
    assert!(matches!(manage(&chefe_is, 5).await, Err(AdministrarError::Own)));
    assert_eq!((count(&base, "fator").await, audited(&base, "acesso.fator_retirado").await), (0, 1));
    assert_eq!(audited(&base, "acesso.desbloqueado").await, 1);

    // Somebody who manages and holds less than whom it is about.
    base.execute(&format!(
        "INSERT INTO {schema}.perfil_permissao (perfil_id, permissao, escopo) SELECT id, 'acesso.usuario.gerir', 'todas' FROM {schema}.perfil WHERE nome = 'Leitor'
         ON CONFLICT DO NOTHING"
    ))
    .await;
    let again = sign_in_at(&base, &stranger, ANA, SENHA, Aparelhos::default()).await.unwrap().sessao().unwrap();
    let ana_is = actor(&base, &again).await;
    for what in 4..6 {
        assert!(matches!(manage(&ana_is, what).await, Err(AdministrarError::Denied(_))), "{what}");
    }
}
