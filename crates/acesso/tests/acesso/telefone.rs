//! Entering by a code on the telephone (S2-7.1–7.5).

use acesso::{
    Segredo, Senha,
    aparelho::Aparelhos,
    fator::{Mudanca, MudarFator, mudar},
    passo::Entrou,
    telefone::{
        ConfirmarTelefone, ConfirmarTelefoneError, ConfirmarTelefoneRule, PedirCodigoError, PedirCodigoRule, confirmar, pedir,
    },
    usuario::{self, AlterarUsuarioError, DadosUsuario, UsuarioId},
};
use chrono::TimeDelta;
use kernel::Actor;
use messaging::gateway::{self, Gateway};
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, behind, browser, count, from, home, id_of, person, text, worker};

const NUMERO: &str = "+5547999990000";

/// A unidade that reaches telephones, and a Cliente with one.
async fn house() -> (Base, UsuarioId) {
    let base = Base::new().await;
    let id = id_of(&actor(&base, &person(&base, "Cliente", ANA).await).await);
    base.alfa(async |tx: &mut TenantTx| {
        let endereco = "https://n8n.senai.example/webhook/a".parse().unwrap();
        let gateway = Gateway { id: tx.clock().uuid(), endereco, segredo: None, version: 0 };
        assert!(gateway::save(tx, &gateway).await.unwrap());
    })
    .await;
    base.execute(&format!("UPDATE {}.usuario SET telefone = '{NUMERO}'", base.alfa.names().schema())).await;
    (base, id)
}

/// Asks, and lets the worker do what is to be done.
async fn ask(base: &Base, ip: &str, numero: &str) -> Result<Segredo, PedirCodigoError> {
    let (meta, numero) = (from(ip), numero.parse().unwrap());
    let asked = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| pedir(tx, &meta, &numero).await).await;
    worker(base).drain().await.unwrap();
    asked
}

/// The newest code that was sent.
async fn code(base: &Base) -> String {
    let schema = base.alfa.names().schema();
    text(
        base,
        &format!(
            "SELECT codigo FROM {schema}.mensagem WHERE channel = 'whatsapp' AND recipient = '{NUMERO}' ORDER BY id DESC LIMIT 1"
        ),
    )
    .await
}

async fn try_code(base: &Base, cookie: &Segredo, codigo: &str, aparelhos: Aparelhos) -> Result<Entrou, ConfirmarTelefoneError> {
    let cmd = ConfirmarTelefone { codigo: codigo.to_owned(), previous: None, aparelhos };
    confirmar(&base.tenants, &base.alfa, &home(), cookie, cmd).await
}

async fn enter(base: &Base, cookie: &Segredo, codigo: &str) -> Result<Entrou, ConfirmarTelefoneError> {
    try_code(base, cookie, codigo, Aparelhos::default()).await
}

fn ruled<T: std::fmt::Debug>(result: Result<T, ConfirmarTelefoneError>) -> ConfirmarTelefoneRule {
    match result.unwrap_err() {
        ConfirmarTelefoneError::Rule(rule) => rule,
        other => panic!("{other}"),
    }
}

/// One that is not `code`.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_code_opens_once_in_the_browser_that_asked_for_it_for_a_month() {
    let (base, _) = house().await;
    let cookie = ask(&base, "198.51.100.1", "(47) 99999-0000").await.unwrap();
    let code = code(&base).await;
    assert_eq!(code.len(), 6);
    assert_eq!(count(&base, &format!("mensagem WHERE secret AND body_text LIKE '%{code}%'")).await, 1);
    let strange = Segredo::draw();
    assert_eq!(ruled(enter(&base, &strange, &code).await), ConfirmarTelefoneRule::Over, "another browser");
    let there = ConfirmarTelefone { codigo: code.clone(), previous: None, aparelhos: Aparelhos::default() };
    let there = confirmar(&base.tenants, &base.beta, &home(), &cookie, there).await;
    assert_eq!(ruled(there), ConfirmarTelefoneRule::Over, "another unidade");
    let nova = enter(&base, &cookie, &format!(" {} {}", &code[..3], &code[3..])).await.unwrap().sessao().unwrap();
    assert_eq!(nova.kept, Some(TimeDelta::days(30)));
    assert_eq!(ruled(enter(&base, &cookie, &code).await), ConfirmarTelefoneRule::Over, "once");
    let cookie = nova.cookie.reveal();
    base.clock.advance(TimeDelta::days(29));
    assert!(behind(&base, &base.alfa, &cookie).await.is_some(), "S2-7.5");
    base.clock.advance(TimeDelta::days(2));
    assert!(behind(&base, &base.alfa, &cookie).await.is_none());
    assert_eq!(count(&base, "auditoria WHERE action = 'acesso.entrou' AND after ->> 'method' = 'telefone'").await, 1);
}

#[tokio::test]
async fn of_two_who_use_one_code_at_once_one_gets_in() {
    let (base, _) = house().await;
    let cookie = ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    let code = code(&base).await;
    let (one, two) = futures::join!(enter(&base, &cookie, &code), enter(&base, &cookie, &code));
    assert!(one.is_ok() != two.is_ok());
}

/// Nobody learns whose number it is: a stranger's is asked for and guessed at like anybody's.
#[tokio::test]
async fn a_number_that_is_nobodys_gets_the_same_answers() {
    use ConfirmarTelefoneRule::{Over, Wrong};

    let (base, id) = house().await;
    let schema = base.alfa.names().schema();
    for prepare in [
        "SELECT 1".to_owned(),
        format!("UPDATE {schema}.perfil SET entrada_telefone = false WHERE nome = 'Cliente'"),
        format!(
            "UPDATE {schema}.perfil SET entrada_telefone = true; UPDATE {schema}.usuario SET ativo = false WHERE id = '{}'",
            id.uuid()
        ),
    ] {
        for part in prepare.split("; ") {
            base.execute(part).await;
        }
        let numero = if prepare == "SELECT 1" { "+5547888880000".replace("88888", "98888") } else { NUMERO.to_owned() };
        let cookie = ask(&base, "198.51.100.2", &numero).await.unwrap();
        let mut said = Vec::new();
        for _ in 0..6 {
            said.push(ruled(enter(&base, &cookie, "123456").await));
        }
        assert_eq!(said, [Wrong, Wrong, Wrong, Wrong, Over, Over], "{prepare}");
        base.clock.advance(TimeDelta::minutes(20));
    }
    assert_eq!(count(&base, "mensagem WHERE channel = 'whatsapp'").await, 0);
    assert_eq!(audited(&base, "acesso.codigo_telefone_pedido").await, 3);
}

#[tokio::test]
async fn five_wrong_codes_or_ten_minutes_burn_it() {
    let (base, _) = house().await;
    let cookie = ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    let right = code(&base).await;
    for _ in 0..4 {
        assert_eq!(ruled(enter(&base, &cookie, &wrong(&right)).await), ConfirmarTelefoneRule::Wrong);
    }
    assert_eq!(ruled(enter(&base, &cookie, &wrong(&right)).await), ConfirmarTelefoneRule::Over);
    assert_eq!(ruled(enter(&base, &cookie, &right).await), ConfirmarTelefoneRule::Over, "S2-7.4");
    assert_eq!(audited(&base, "acesso.codigo_recusado").await, 5);

    let cookie = ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    let right = code(&base).await;
    base.clock.advance(TimeDelta::minutes(10));
    assert_eq!(ruled(enter(&base, &cookie, &right).await), ConfirmarTelefoneRule::Over, "too old");
}

/// Threat 10: strangers who guess at a number keep its person out nowhere where they were before.
#[tokio::test]
async fn guesses_are_counted_over_attempts_and_not_against_the_persons_own_aparelho() {
    let (base, _) = house().await;
    let cookie = ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    let known = browser(&enter(&base, &cookie, &code(&base).await).await.unwrap().sessao().unwrap());
    let mut said = Vec::new();
    for ip in ["198.51.100.3", "198.51.100.4", "198.51.100.5"] {
        let cookie = ask(&base, ip, NUMERO).await.unwrap();
        let right = code(&base).await;
        for _ in 0..4 {
            said.push(ruled(enter(&base, &cookie, &wrong(&right)).await));
        }
    }
    assert_eq!(said[9], ConfirmarTelefoneRule::Wrong);
    assert_eq!(said[10], ConfirmarTelefoneRule::TooMany, "an eleventh, in a third browser");
    let cookie = ask(&base, "198.51.100.6", NUMERO).await.unwrap();
    let right = code(&base).await;
    try_code(&base, &cookie, &right, known).await.unwrap();
}

/// Thirty wrong codes close the way for a day to places that the person never entered from, however long somebody waits between them.
#[tokio::test]
async fn a_telephone_bears_thirty_guesses_a_day() {
    let (base, _) = house().await;
    let anew = async |ip: &str| (ask(&base, ip, NUMERO).await.unwrap(), code(&base).await);
    for n in 0..6 {
        let (cookie, right) = anew(&format!("198.51.100.{n}")).await;
        for _ in 0..5 {
            let said = ruled(enter(&base, &cookie, &wrong(&right)).await);
            assert_ne!(said, ConfirmarTelefoneRule::TooMany, "attempt {n}");
        }
        base.clock.advance(TimeDelta::minutes(61));
    }
    let (cookie, right) = anew("198.51.100.7").await;
    assert_eq!(ruled(enter(&base, &cookie, &right).await), ConfirmarTelefoneRule::TooMany, "the right one too");
    base.clock.advance(TimeDelta::days(1));
    let (cookie, right) = anew("198.51.100.8").await;
    enter(&base, &cookie, &right).await.unwrap();
}

/// Five messages an hour, and no more than thirty in a day.
#[tokio::test]
async fn a_telephone_gets_thirty_codes_a_day() {
    let (base, _) = house().await;
    let codes = async || count(&base, "mensagem WHERE channel = 'whatsapp'").await;
    for hour in 0..7 {
        for n in 0..5 {
            ask(&base, &format!("198.51.{hour}.{n}"), NUMERO).await.unwrap();
        }
        assert_eq!(codes().await, (5 * (hour + 1)).min(30), "after {hour} hours");
        base.clock.advance(TimeDelta::minutes(61));
    }
    base.clock.advance(TimeDelta::days(1));
    ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    assert_eq!(codes().await, 31, "the next day");
}

#[tokio::test]
async fn a_telephone_is_not_woken_again_and_again() {
    let (base, _) = house().await;
    for n in 0..7 {
        ask(&base, &format!("198.51.100.{n}"), NUMERO).await.unwrap();
    }
    assert_eq!(count(&base, "mensagem WHERE channel = 'whatsapp'").await, 5);
    for _ in 0..20 {
        ask(&base, "192.0.2.1", "+5547911112222").await.unwrap();
    }
    let refused = ask(&base, "192.0.2.1", "+5547911112222").await;
    assert!(matches!(refused, Err(PedirCodigoError::Rule(PedirCodigoRule::TooMany))), "of one address");
}

#[tokio::test]
async fn the_second_factor_is_still_asked() {
    let (base, _) = house().await;
    let cookie = ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    let sessao = enter(&base, &cookie, &code(&base).await).await.unwrap().sessao().unwrap();
    let cmd = MudarFator { mudanca: Mudanca::LigarEmail, senha: Senha::typed(SENHA), sessao: sessao.id };
    mudar(&base.tenants, &base.alfa, &base.config.master_key, &actor(&base, &sessao).await, cmd).await.unwrap();
    let cookie = ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    assert!(enter(&base, &cookie, &code(&base).await).await.unwrap().passo().is_some());
}

#[tokio::test]
async fn without_a_gateway_or_a_perfil_nobody_enters_this_way() {
    let (base, _) = house().await;
    base.execute(&format!("DELETE FROM {}.gateway", base.alfa.names().schema())).await;
    let refused = ask(&base, "198.51.100.1", NUMERO).await;
    assert!(matches!(refused, Err(PedirCodigoError::Rule(PedirCodigoRule::NotOffered))));
}

/// A number is one person's, is changed by another, and takes what it opened with it.
#[tokio::test]
async fn another_number_ends_what_the_old_one_opened() {
    let (base, id) = house().await;
    let boss = actor(&base, &person(&base, "Administrador", "rosa@senai.example").await).await;
    let rosa = id_of(&boss);
    let cookie = ask(&base, "198.51.100.1", NUMERO).await.unwrap();
    let sessao = enter(&base, &cookie, &code(&base).await).await.unwrap().sessao().unwrap();
    let open = ask(&base, "198.51.100.2", NUMERO).await.unwrap();
    let right = code(&base).await;

    let change = async |who: &Actor, id: UsuarioId, telefone: &str| {
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| {
                let now = usuario::find(tx, id).await?.unwrap();
                let cmd = DadosUsuario {
                    nome: now.nome.parse().unwrap(),
                    email: now.email.parse().unwrap(),
                    perfil: now.perfil_id,
                    setor: None,
                    idioma: None,
                    telefone: Some(telefone.parse().unwrap()),
                    version: now.version,
                    confirmed: true,
                };
                usuario::alterar_usuario(tx, who, id, cmd).await
            })
            .await
    };
    let taken = change(&Actor { grants: boss.grants.clone(), ..Actor::sistema() }, rosa, NUMERO).await;
    assert!(matches!(taken, Err(AlterarUsuarioError::TelefoneTaken)), "{taken:?}");
    let own = change(&boss, rosa, "+5547911112222").await;
    assert!(matches!(own, Err(AlterarUsuarioError::Own)), "{own:?}");
    change(&boss, id, "+5547922223333").await.unwrap();
    assert!(behind(&base, &base.alfa, &sessao.cookie.reveal()).await.is_none());
    assert_eq!(ruled(enter(&base, &open, &right).await), ConfirmarTelefoneRule::Wrong, "a code that was on its way");
}
