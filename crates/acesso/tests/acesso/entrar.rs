use acesso::entrar::EntrarError;
use chrono::TimeDelta;
use kernel::{Actor, ActorKind, ErrorKind};
use sqlx::AssertSqlSafe;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, behind, count, from, home, id_of, person, sign_in, text};

/// S0-1.1, threat 13.
#[tokio::test]
async fn everything_that_does_not_match_gets_one_answer() {
    let base = Base::new().await;
    let ana = person(&base, "Atendente", ANA).await;
    person(&base, "Leitor", "leo@senai.example").await;
    let leo = sign_in(&base, &home(), "leo@senai.example", SENHA).await.unwrap();
    let leo = actor(&base, &leo).await;
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| acesso::usuario::desativar(tx, &Actor::sistema(), id_of(&leo)).await)
        .await
        .unwrap();

    for (email, senha) in [
        (ANA, "errada-errada-errada"),
        ("ninguem@senai.example", SENHA),
        ("leo@senai.example", SENHA),
        ("isto não é um e-mail", SENHA),
        (ANA, " cavalo-bateria-grampo"),
        (ANA, "CAVALO-BATERIA-GRAMPO"),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ] {
        let refused = sign_in(&base, &from("198.51.100.1"), email, senha).await.unwrap_err();
        assert!(matches!(refused, EntrarError::Wrong), "{email}: {refused}");
        assert_eq!(refused.code(), "login");
    }
    assert_eq!(audited(&base, "acesso.entrada_recusada").await, 7);
    // What was typed into the wrong field is not kept.
    let schema = base.alfa.names().schema();
    let kept = text(
        &base,
        &format!(
            "SELECT string_agg(coalesce(after::text, ''), ' ') FROM {schema}.auditoria WHERE action = 'acesso.entrada_recusada'"
        ),
    )
    .await;
    assert!(kept.contains("ninguem@senai.example") && !kept.contains("OR 1=1") && !kept.contains("isto"), "{kept}");

    let again = sign_in(&base, &home(), " Ana.Lima@SENAI.example ", SENHA).await.unwrap();
    let who = behind(&base, &base.alfa, &again.cookie.reveal()).await.unwrap();
    assert_eq!((who.actor.kind, who.actor.nome.as_str(), who.email.as_str()), (ActorKind::Usuario, "Ana Lima", ANA));
    assert_eq!(who.actor.id, actor(&base, &ana).await.id);
}

/// S0-1.3: the sixth try is refused even with the right password; the person's own place and time open it again.
#[tokio::test]
async fn five_failures_close_the_door_for_that_address_and_a_while() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    let outsider = from("198.51.100.1");
    for _ in 0..5 {
        assert!(matches!(sign_in(&base, &outsider, ANA, "errada-errada-errada").await, Err(EntrarError::Wrong)));
    }
    for senha in [SENHA, "errada-errada-errada"] {
        assert!(matches!(sign_in(&base, &outsider, ANA, senha).await, Err(EntrarError::TooMany)));
    }
    assert_eq!(audited(&base, "acesso.tentativas_esgotadas").await, 1, "once per window");
    // An unknown e-mail closes in the same way: the limit tells nothing.
    for _ in 0..5 {
        sign_in(&base, &outsider, "ninguem@senai.example", SENHA).await.unwrap_err();
    }
    assert!(matches!(sign_in(&base, &outsider, "ninguem@senai.example", SENHA).await, Err(EntrarError::TooMany)));

    sign_in(&base, &home(), ANA, SENHA).await.expect("the person is not locked out");
    base.clock.advance(TimeDelta::minutes(15));
    sign_in(&base, &outsider, ANA, SENHA).await.expect("the window is over");
}

#[tokio::test]
async fn success_clears_what_was_counted() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    for _ in 0..3 {
        for _ in 0..4 {
            sign_in(&base, &home(), ANA, "errada-errada-errada").await.unwrap_err();
        }
        sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    }
    assert_eq!(count(&base, "tentativa WHERE key LIKE 'par:%'").await, 0);
    assert_eq!(
        count(&base, "tentativa WHERE key LIKE 'endereco:%' AND count = 12").await,
        1,
        "the twelve failures of the address stand"
    );
}

#[tokio::test]
async fn many_guesses_at_once_are_bounded_too() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    let meta = from("198.51.100.1");
    let guesses = futures::future::join_all((0..12).map(|_| sign_in(&base, &meta, ANA, "errada-errada-errada"))).await;
    let looked_at = guesses.iter().filter(|guess| matches!(guess, Err(EntrarError::Wrong))).count();
    assert_eq!(looked_at, 5, "{guesses:?}");
}

/// Threat 10: strangers cannot keep a person out of the place they work at.
#[tokio::test]
async fn a_limit_that_strangers_exhausted_does_not_hold_at_a_known_address() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    let schema = base.alfa.names().schema();
    sign_in(&base, &from("198.51.100.1"), ANA, "errada-errada-errada").await.unwrap_err();
    base.execute(&format!("UPDATE {schema}.tentativa SET count = 100 WHERE key LIKE 'conta:%'")).await;

    assert!(matches!(sign_in(&base, &from("198.51.100.2"), ANA, SENHA).await, Err(EntrarError::TooMany)));
    sign_in(&base, &home(), ANA, SENHA).await.expect("from where they entered before");
}

/// T-NS6.
#[tokio::test]
async fn one_unidade_s_limit_is_not_another_s() {
    let base = Base::new().await;
    for _ in 0..6 {
        sign_in(&base, &home(), ANA, "errada-errada-errada").await.unwrap_err();
    }
    let cmd = acesso::entrar::Entrar {
        email: ANA.into(),
        senha: acesso::Senha::typed(SENHA),
        previous: None,
        aparelhos: acesso::aparelho::Aparelhos::default(),
    };
    let there = acesso::entrar::entrar(&base.tenants, &base.beta, &home(), cmd).await;
    assert!(matches!(there, Err(EntrarError::Wrong)), "{there:?}");
}

/// S0-1.10.
#[tokio::test]
async fn two_equal_passwords_are_stored_differently() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    person(&base, "Leitor", "bia@senai.example").await;
    assert_eq!(count(&base, "credencial WHERE secret LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'").await, 2);
    assert_eq!(base.number(&format!("SELECT count(DISTINCT secret) FROM {}.credencial", base.alfa.names().schema())).await, 2);
}

/// V7.4.3: a password that is changed while an attempt with the old one is on its way opens nothing any more.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "somebody else changes the row from outside")]
async fn a_password_changed_while_it_is_hashed_opens_nothing() {
    let base = Base::new().await;
    person(&base, "Atendente", ANA).await;
    let schema = base.alfa.names().schema();
    let sessoes = count(&base, "sessao").await;
    let mut other = base.admin().await;
    let change = format!("BEGIN; UPDATE {schema}.credencial SET secret = 'other'");
    sqlx::raw_sql(AssertSqlSafe(change)).execute(&mut other).await.unwrap();
    let home = home();
    let late = async {
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while base.number(waits).await == 0 {
            tokio::task::yield_now().await;
        }
        sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    };
    let (entered, ()) = tokio::join!(sign_in(&base, &home, ANA, SENHA), late);
    assert!(matches!(entered, Err(EntrarError::Wrong)));
    assert_eq!(count(&base, "sessao").await, sessoes);
}
