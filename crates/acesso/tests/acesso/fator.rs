//! The second factor: what opens, what does not, and how often.

use acesso::{
    Senha,
    aparelho::Aparelhos,
    fator::{Metodo, Mudanca, MudarFator, MudarFatorError, confirmar_app, mudar},
    passo::{self, Confirmar, ConfirmarError, Via, confirmar},
    sessao::NovaSessao,
};
use chrono::TimeDelta;
use kernel::ErrorKind;
use testkit::Base;

use crate::house::{
    ANA, SENHA, actor, app_code, ask_of, audited, behind, browser, count, from, home, mailed_code, person, sign_in, sign_in_at,
    text,
};

/// Ana with an app that counts, and her códigos de reserva.
async fn ana_with_app(base: &Base) -> (NovaSessao, Vec<String>) {
    let sessao = person(base, "Atendente", ANA).await;
    change(base, &sessao, Mudanca::ComecarTotp, SENHA).await.unwrap();
    let codes = first_code(base, &sessao, &app_code(base, ANA, 0).await).await.unwrap();
    (sessao, codes)
}

async fn change(base: &Base, sessao: &NovaSessao, mudanca: Mudanca, senha: &str) -> Result<Vec<String>, MudarFatorError> {
    let actor = actor(base, sessao).await;
    let cmd = MudarFator { mudanca, senha: Senha::typed(senha), sessao: sessao.id };
    mudar(&base.tenants, &base.alfa, &base.config.master_key, &actor, cmd).await
}

/// Ends the set-up as the page does.
async fn first_code(base: &Base, sessao: &NovaSessao, code: &str) -> Option<Vec<String>> {
    let actor = actor(base, sessao).await;
    let key = &base.config.master_key;
    base.alfa(async |tx| confirmar_app(tx, key, &actor, code).await.unwrap()).await
}

fn typed(via: Via, codigo: &str) -> Confirmar {
    Confirmar { via, codigo: codigo.to_owned(), confiar: false, previous: None, aparelhos: Aparelhos::default() }
}

/// The secret of a passo that the right password opens.
async fn half(base: &Base) -> acesso::Segredo {
    let came = sign_in_at(base, &home(), ANA, SENHA, Aparelhos::default()).await.unwrap();
    came.passo().unwrap().cookie
}

async fn answer(base: &Base, passo: &acesso::Segredo, cmd: Confirmar) -> Result<NovaSessao, ConfirmarError> {
    confirmar(&base.tenants, &base.alfa, &base.config.master_key, &home(), passo, cmd).await
}

/// V6.5.1: a code opens once, on whichever passo; the password alone opens no sessão.
#[tokio::test]
async fn an_app_s_code_opens_once() {
    let base = Base::new().await;
    ana_with_app(&base).await;
    base.clock.advance(TimeDelta::minutes(2));
    let sessoes = count(&base, "sessao").await;
    let (one, two) = (half(&base).await, half(&base).await);
    assert_eq!(count(&base, "sessao").await, sessoes, "a passo is no sessão");
    assert!(behind(&base, &base.alfa, &one.reveal()).await.is_none(), "its secret is no cookie of a sessão");
    assert!(matches!(answer(&base, &one, typed(Via::Totp, "000000")).await, Err(ConfirmarError::Wrong)));

    let code = app_code(&base, ANA, 0).await;
    let nova = answer(&base, &one, typed(Via::Totp, &code)).await.unwrap();
    assert!(behind(&base, &base.alfa, &nova.cookie.reveal()).await.is_some());
    assert!(matches!(answer(&base, &one, typed(Via::Totp, &code)).await, Err(ConfirmarError::Over)), "the passo is over");
    assert!(matches!(answer(&base, &two, typed(Via::Totp, &code)).await, Err(ConfirmarError::Wrong)), "the step was used");
    base.clock.advance(TimeDelta::seconds(30));
    answer(&base, &two, typed(Via::Totp, &app_code(&base, ANA, 0).await)).await.expect("the next step's");
    assert_eq!(audited(&base, "acesso.codigo_recusado").await, 2);
}

#[tokio::test]
async fn of_two_with_one_code_at_once_one_gets_in() {
    let base = Base::new().await;
    ana_with_app(&base).await;
    base.clock.advance(TimeDelta::minutes(2));
    let (one, two) = (half(&base).await, half(&base).await);
    let code = app_code(&base, ANA, 0).await;
    let (first, second) =
        futures::join!(answer(&base, &one, typed(Via::Totp, &code)), answer(&base, &two, typed(Via::Totp, &code)));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
}

/// V6.6.3: five wrong codes end a passo, ten an account for a while, however many passos were begun.
#[tokio::test]
async fn guesses_are_bounded() {
    let base = Base::new().await;
    ana_with_app(&base).await;
    base.clock.advance(TimeDelta::minutes(2));
    let one = half(&base).await;
    for guess in 0..4 {
        let refused = answer(&base, &one, typed(Via::Totp, "000000")).await.unwrap_err();
        assert!(matches!(refused, ConfirmarError::Wrong), "{guess}: {refused}");
    }
    assert!(matches!(answer(&base, &one, typed(Via::Totp, "000000")).await, Err(ConfirmarError::Over)), "the fifth ends it");
    let right = app_code(&base, ANA, 0).await;
    assert!(matches!(answer(&base, &one, typed(Via::Totp, &right)).await, Err(ConfirmarError::Over)));
    let two = half(&base).await;
    for _ in 0..4 {
        answer(&base, &two, typed(Via::Reserva, "0000-0000-0000-0000")).await.unwrap_err();
    }
    let three = half(&base).await;
    answer(&base, &three, typed(Via::Totp, "000000")).await.unwrap_err();
    let refused = answer(&base, &three, typed(Via::Totp, &right)).await.unwrap_err();
    assert!(matches!(refused, ConfirmarError::TooMany), "the eleventh of the account: {refused}");
    base.clock.advance(TimeDelta::minutes(15));
    let four = half(&base).await;
    answer(&base, &four, typed(Via::Totp, &app_code(&base, ANA, 0).await)).await.expect("the window is over");
}

/// V6.5.5, V6.6.2: a mailed code is worth something beside its own attempt alone, for ten minutes, once.
#[tokio::test]
async fn a_mailed_code_belongs_to_its_attempt() {
    let base = Base::new().await;
    let sessao = person(&base, "Atendente", ANA).await;
    assert_eq!(change(&base, &sessao, Mudanca::LigarEmail, SENHA).await.unwrap().len(), 10, "códigos de reserva");
    let one = half(&base).await;
    let code = mailed_code(&base, ANA).await;
    let schema = base.alfa.names().schema();
    let kept = text(&base, &format!("SELECT p::text FROM {schema}.passo p")).await;
    assert!(!kept.contains(&code), "hashed: {kept}");
    let two = half(&base).await;
    assert!(matches!(answer(&base, &two, typed(Via::Email, &code)).await, Err(ConfirmarError::Wrong)), "another attempt's");
    assert!(matches!(answer(&base, &one, typed(Via::Totp, &code)).await, Err(ConfirmarError::Wrong)), "no app was set up");
    let second = mailed_code(&base, ANA).await;
    answer(&base, &two, typed(Via::Email, &format!("{} {}", &second[..3], &second[3..]))).await.expect("as people type it");
    assert!(matches!(answer(&base, &two, typed(Via::Email, &second)).await, Err(ConfirmarError::Over)), "once");
    base.clock.advance(TimeDelta::minutes(10));
    assert!(matches!(answer(&base, &one, typed(Via::Email, &code)).await, Err(ConfirmarError::Wrong)), "too old");
    base.clock.advance(TimeDelta::minutes(5));
    assert!(matches!(answer(&base, &one, typed(Via::Email, &code)).await, Err(ConfirmarError::Over)));
}

/// ASVS V6.4.3: whoever reads the mailbox can change the senha, by the recuperação; beside an app the mailbox is not the other
/// factor as well, however the attempt began.
#[tokio::test]
async fn a_mailed_code_counts_no_more_where_there_is_an_app() {
    let base = Base::new().await;
    let sessao = person(&base, "Atendente", ANA).await;
    change(&base, &sessao, Mudanca::LigarEmail, SENHA).await.unwrap();
    let one = half(&base).await;
    let mailed = mailed_code(&base, ANA).await;
    let two = half(&base).await;
    let other = mailed_code(&base, ANA).await;
    change(&base, &sessao, Mudanca::ComecarTotp, SENHA).await.unwrap();
    first_code(&base, &sessao, &app_code(&base, ANA, 0).await).await.unwrap();
    base.clock.advance(TimeDelta::minutes(2));
    assert!(matches!(answer(&base, &two, typed(Via::Email, &other)).await, Err(ConfirmarError::Wrong)), "after the senha");
    base.execute(&format!("UPDATE {}.passo SET method = 'recuperacao'", base.alfa.names().schema())).await;
    assert!(matches!(answer(&base, &one, typed(Via::Email, &mailed)).await, Err(ConfirmarError::Wrong)));
    answer(&base, &one, typed(Via::Totp, &app_code(&base, ANA, 0).await)).await.expect("the app does");
}

#[tokio::test]
async fn a_codigo_de_reserva_works_once() {
    let base = Base::new().await;
    let (_, codes) = ana_with_app(&base).await;
    assert_eq!(codes.len(), 10);
    let one = half(&base).await;
    answer(&base, &one, typed(Via::Reserva, &codes[3].to_lowercase())).await.unwrap();
    let two = half(&base).await;
    assert!(matches!(answer(&base, &two, typed(Via::Reserva, &codes[3])).await, Err(ConfirmarError::Wrong)));
    answer(&base, &two, typed(Via::Reserva, &codes[4])).await.unwrap();
    assert_eq!(audited(&base, "acesso.reserva_usada").await, 2);
    let schema = base.alfa.names().schema();
    let kept = text(&base, &format!("SELECT string_agg(r::text, ' ') FROM {schema}.codigo_reserva r")).await;
    assert!(!kept.contains(&codes[0]) && !kept.contains(&codes[0].replace('-', "")));
}

/// Whoever must have a second factor and has none gets one on the way in, the administrador too.
#[tokio::test]
async fn who_must_have_one_sets_it_up_on_the_way_in() {
    let base = Base::new().await;
    let sessao = person(&base, "Administrador", ANA).await;
    ask_of(&base, "Administrador", "exigido").await;
    assert!(behind(&base, &base.alfa, &sessao.cookie.reveal()).await.is_some(), "whoever is in stays in");
    let came = half(&base).await;
    for via in [Via::Totp, Via::Email, Via::Reserva] {
        assert!(matches!(answer(&base, &came, typed(via, "000000")).await, Err(ConfirmarError::Wrong)), "nothing was begun");
    }
    let key = &base.config.master_key;
    base.alfa(async |tx| assert!(passo::comecar(tx, key, &came, Metodo::Totp).await.unwrap())).await;
    let code = app_code(&base, ANA, 0).await;
    let nova = answer(&base, &came, typed(Via::Totp, &code)).await.unwrap();
    assert!(behind(&base, &base.alfa, &nova.cookie.reveal()).await.unwrap().actor.grants.covers(&kernel::Grants::everything()));
    assert_eq!((count(&base, "codigo_reserva").await, audited(&base, "acesso.fator_ligado").await), (10, 1));
    let last = change(&base, &nova, Mudanca::Retirar(Metodo::Totp), SENHA).await.unwrap_err();
    assert_eq!(last.code(), "fator-last");
    let sealed = count(&base, "fator WHERE octet_length(secret) = 48").await;
    assert_eq!(sealed, 1, "20 bytes, sealed: nonce and tag beside them");
}

/// V7.5.1: an open sessão alone changes nothing about it.
#[tokio::test]
async fn changes_need_the_password() {
    let base = Base::new().await;
    let (sessao, _) = ana_with_app(&base).await;
    for mudanca in [Mudanca::Retirar(Metodo::Totp), Mudanca::LigarEmail, Mudanca::NovaReserva] {
        let refused = change(&base, &sessao, mudanca, "errada-errada-errada").await.unwrap_err();
        assert!(matches!(refused, MudarFatorError::Prova(_)), "{refused}");
    }
    assert!(matches!(change(&base, &sessao, Mudanca::ComecarTotp, SENHA).await, Err(MudarFatorError::Exists)));
    let old = change(&base, &sessao, Mudanca::NovaReserva, SENHA).await.unwrap();
    let new = change(&base, &sessao, Mudanca::NovaReserva, SENHA).await.unwrap();
    let came = half(&base).await;
    answer(&base, &came, typed(Via::Reserva, &old[0])).await.unwrap_err();
    answer(&base, &came, typed(Via::Reserva, &new[0])).await.unwrap();
    change(&base, &sessao, Mudanca::Retirar(Metodo::Totp), SENHA).await.unwrap();
    assert_eq!((count(&base, "fator").await, count(&base, "codigo_reserva").await), (0, 0));
    sign_in(&base, &home(), ANA, SENHA).await.expect("nothing is asked any more");
}

/// A device that the person marked is spared the question, that device alone, for the days of the rule.
#[tokio::test]
async fn a_trusted_browser_is_spared_for_a_while() {
    let base = Base::new().await;
    let (sessao, codes) = ana_with_app(&base).await;
    let trusting = Confirmar { confiar: true, ..typed(Via::Reserva, &codes[0]) };
    let nova = answer(&base, &half(&base).await, trusting).await.unwrap();
    let known = browser(&nova);
    let come =
        async |aparelhos: &Aparelhos| sign_in_at(&base, &home(), ANA, SENHA, aparelhos.clone()).await.unwrap().sessao().is_some();
    assert!(come(&known).await);
    assert!(!come(&Aparelhos::default()).await, "another browser at the same place");
    base.clock.advance(TimeDelta::days(29));
    assert!(come(&known).await);
    base.clock.advance(TimeDelta::days(2));
    assert!(!come(&known).await, "its days are over");

    let trusting = Confirmar { confiar: true, aparelhos: known.clone(), ..typed(Via::Reserva, &codes[1]) };
    answer(&base, &half(&base).await, trusting).await.unwrap();
    assert!(come(&known).await);
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.regra_entrada SET trust_days = 0")).await;
    assert!(!come(&known).await, "the unidade trusts no device any more");
    base.execute(&format!("UPDATE {schema}.regra_entrada SET trust_days = 30")).await;
    drop(sessao);
    let again = answer(&base, &half(&base).await, typed(Via::Reserva, &codes[2])).await.unwrap();
    let cmd = acesso::usuario::AlterarSenha {
        atual: Senha::typed(SENHA),
        nova: Senha::typed("outra-frase-bem-longa"),
        sessao: again.id,
    };
    acesso::usuario::alterar_senha(&base.tenants, &base.alfa, &actor(&base, &again).await, cmd).await.unwrap();
    let came = sign_in_at(&base, &home(), ANA, "outra-frase-bem-longa", known.clone()).await.unwrap();
    assert!(came.sessao().is_none(), "a new password asks every device anew");
}

/// T-NS6: a passo of one unidade is nothing to another, and ends with the password it was begun with.
#[tokio::test]
async fn a_passo_is_of_its_unidade_and_its_password() {
    let base = Base::new().await;
    let (sessao, codes) = ana_with_app(&base).await;
    let came = half(&base).await;
    let there =
        confirmar(&base.tenants, &base.beta, &base.config.master_key, &home(), &came, typed(Via::Reserva, &codes[0])).await;
    assert!(matches!(there, Err(ConfirmarError::Over)));
    let cmd = acesso::usuario::AlterarSenha {
        atual: Senha::typed(SENHA),
        nova: Senha::typed("outra-frase-bem-longa"),
        sessao: sessao.id,
    };
    acesso::usuario::alterar_senha(&base.tenants, &base.alfa, &actor(&base, &sessao).await, cmd).await.unwrap();
    assert!(matches!(answer(&base, &came, typed(Via::Reserva, &codes[0])).await, Err(ConfirmarError::Over)));
}

/// A new browser is told of, the first and those like it are not.
#[tokio::test]
async fn a_new_browser_is_told_of_by_mail() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    let told = "mensagem WHERE subject LIKE 'Entrada de um aparelho novo%'";
    sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    assert_eq!(count(&base, told).await, 0, "at home, without cookies");
    let nova = sign_in(&base, &from("198.51.100.9"), ANA, SENHA).await.unwrap();
    assert_eq!(count(&base, told).await, 1);
    sign_in_at(&base, &from("198.51.100.77"), ANA, SENHA, browser(&nova)).await.unwrap();
    assert_eq!(count(&base, told).await, 1, "known by its cookie, wherever it is carried");
}
