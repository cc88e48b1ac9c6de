//! Entering by the word of another house (U-3, S4-4.4).

mod casa;

use acesso::{
    Segredo,
    aparelho::Aparelhos,
    provedor::{
        AlterarProvedor, Chegou, Comecada, Comecar, ComecarError, ComecarRule, Concluir, ConcluirError, ConcluirRule,
        CriarProvedor, Emissor, MOST, ProvedorError, ProvedorId, ProvedorRule, Resposta, Tipo, alterar, comecar, concluir, criar,
        desvincular, excluir,
    },
};
use chrono::TimeDelta;
use kernel::{Actor, RequestMeta};
use secrecy::SecretString;
use serde_json::json;
use tenancy::TenantTx;
use testkit::Base;

use self::casa::{CLIENT, Casa, Lie, SEGREDO};
use crate::house::{ANA, actor, audited, behind, count, home, id_of, person, text};

const VOLTA: &str = "https://alfa.sri.example/entrar/provedor/volta";
const LEO: &str = "leo@senai.example";

fn plain(tipo: Tipo, emissor: &str) -> CriarProvedor {
    CriarProvedor {
        tipo,
        nome: "FIESC".parse().unwrap(),
        emissor: Emissor::of(tipo, emissor).unwrap(),
        client_id: CLIENT.parse().unwrap(),
        segredo: Some(SecretString::from(SEGREDO)),
        confia_email: false,
        internal: true,
    }
}

async fn add(base: &Base, cmd: CriarProvedor) -> Result<ProvedorId, ProvedorError> {
    add_as(base, &Actor::sistema(), cmd).await
}

async fn add_as(base: &Base, who: &Actor, cmd: CriarProvedor) -> Result<ProvedorId, ProvedorError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| criar(tx, &base.config.master_key, who, cmd).await).await
}

/// A unidade with Ana, and a house that knows her; `confia`: her e-mail is enough.
async fn house(confia: bool) -> (Base, Casa, ProvedorId, Actor) {
    let (base, casa) = (Base::new().await, Casa::open().await);
    let id = add(&base, CriarProvedor { confia_email: confia, ..plain(Tipo::Oidc, &casa.base()) }).await.unwrap();
    let ana = actor(&base, &person(&base, "Atendente", ANA).await).await;
    (base, casa, id, ana)
}

async fn begin(base: &Base, provedor: ProvedorId, who: &Actor) -> Result<Comecada, ComecarError> {
    let usuario = who.is_signed_in().then(|| id_of(who));
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            comecar(tx, &who.meta, Comecar { provedor, path: "/empresas", usuario }).await
        })
        .await
}

fn nobody() -> Actor {
    Actor::anonimo(home())
}

/// What the browser brings back.
async fn back(base: &Base, cookie: &Segredo, who: &Actor, resposta: Resposta) -> Result<Chegou, ConcluirError> {
    let cmd = Concluir {
        cookie: cookie.reveal().parse().unwrap(),
        resposta,
        actor: who.clone(),
        previous: None,
        aparelhos: Aparelhos::default(),
        volta: VOLTA.to_owned(),
        key: base.config.master_key.clone(),
        internal: true,
    };
    concluir(&base.tenants, &base.alfa, cmd).await
}

fn good((code, state): (String, String)) -> Resposta {
    Resposta { state, code: Ok(code), iss: None }
}

/// There and back again.
async fn round(base: &Base, casa: &Casa, provedor: ProvedorId, who: &Actor) -> Result<Chegou, ConcluirError> {
    let begun = begin(base, provedor, who).await.unwrap();
    let ida = ida(base, &begun).await;
    back(base, &begun.cookie, who, good(casa.sign_in(&ida))).await
}

async fn ida(base: &Base, begun: &Comecada) -> String {
    begun.provedor.ida(&base.config.master_key, VOLTA, true, &begun.cookie).await.unwrap().unwrap()
}

fn entered(chegou: Result<Chegou, ConcluirError>) -> (acesso::passo::Entrou, String) {
    match chegou.unwrap() {
        Chegou::Entrou(entrou, path) => (entrou, path),
        Chegou::Vinculou => panic!("tied, not entered"),
    }
}

fn ruled(result: Result<Chegou, ConcluirError>) -> ConcluirRule {
    match result.unwrap_err() {
        ConcluirError::Rule(rule) => rule,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn somebody_ties_their_account_and_enters_by_it_from_then_on() {
    let (base, casa, id, ana) = house(false).await;
    assert_eq!(ruled(round(&base, &casa, id, &nobody()).await), ConcluirRule::Nobody, "her e-mail alone is nobody's word");
    assert!(matches!(round(&base, &casa, id, &ana).await.unwrap(), Chegou::Vinculou));
    assert_eq!(audited(&base, "acesso.provedor_vinculado").await, 1);
    assert_eq!(count(&base, &format!("mensagem WHERE recipient = '{ANA}' AND body_text LIKE '%outro serviço%'")).await, 1);

    let (entrou, path) = entered(round(&base, &casa, id, &nobody()).await);
    let nova = entrou.sessao().unwrap();
    assert_eq!(path, "/empresas");
    let cookie = nova.cookie.reveal();
    assert_eq!(behind(&base, &base.alfa, &cookie).await.unwrap().actor.id, ana.id);
    assert!(behind(&base, &base.beta, &cookie).await.is_none(), "another unidade");
    assert_eq!(count(&base, "sessao WHERE method = 'provedor'").await, 1);

    let untie = async || base.tenants.write(&base.alfa, async |tx: &mut TenantTx| desvincular(tx, &ana, id).await).await;
    untie().await.unwrap();
    assert!(matches!(untie().await, Err(ProvedorError::NotFound)), "twice");
    assert!(behind(&base, &base.alfa, &cookie).await.is_none(), "what it opened ends");
    assert_eq!(ruled(round(&base, &casa, id, &nobody()).await), ConcluirRule::Nobody);
}

#[tokio::test]
async fn a_verified_e_mail_is_enough_where_the_unidade_says_so() {
    let (base, casa, id, ana) = house(true).await;
    for claims in [json!({ "email_verified": false }), json!({ "email_verified": null }), json!({ "email": "eva@senai.example" })]
    {
        casa.lie(Lie { claims, ..Lie::default() });
        assert_eq!(ruled(round(&base, &casa, id, &nobody()).await), ConcluirRule::Nobody);
    }
    casa.lie(Lie { claims: json!({ "email": "ANA.Lima@senai.example" }), ..Lie::default() });
    let (entrou, _) = entered(round(&base, &casa, id, &nobody()).await);
    assert_eq!(behind(&base, &base.alfa, &entrou.sessao().unwrap().cookie.reveal()).await.unwrap().actor.id, ana.id);
    // From now on the subject is hers; another with her e-mail is not.
    casa.lie(Lie { claims: json!({ "sub": "another", "email": ANA }), ..Lie::default() });
    assert_eq!(ruled(round(&base, &casa, id, &nobody()).await), ConcluirRule::Nobody);
    casa.lie(Lie { claims: json!({ "email": null }), ..Lie::default() });
    entered(round(&base, &casa, id, &nobody()).await);
    assert_eq!(audited(&base, "acesso.provedor_vinculado").await, 1);
}

/// Each of these says something true of Ana, and lets nobody in.
#[tokio::test]
async fn a_word_that_is_not_the_provedors_for_us_now_counts_nothing() {
    let (base, casa, id, ana) = house(true).await;
    round(&base, &casa, id, &ana).await.unwrap();
    let now = kernel::Clock::system().now().timestamp();
    for (what, claims, signed) in [
        ("not signed", json!({}), "none"),
        ("signed with our own segredo", json!({}), "HS256"),
        ("by another key", json!({}), "other"),
        ("for another client", json!({ "aud": "other" }), ""),
        ("of another issuer", json!({ "iss": "https://eva.example" }), ""),
        ("over", json!({ "exp": now - 60 }), ""),
        ("of another attempt", json!({ "nonce": "x" }), ""),
        ("without a nonce", json!({ "nonce": null }), ""),
        ("without a subject", json!({ "sub": "" }), ""),
        ("a subject without end", json!({ "sub": "a".repeat(256) }), ""),
    ] {
        casa.lie(Lie { claims, signed, issuer: None });
        assert!(matches!(ruled(round(&base, &casa, id, &nobody()).await), ConcluirRule::Broken(_)), "{what}");
    }
    casa.lie(Lie { issuer: Some("https://eva.example".to_owned()), ..Lie::default() });
    let begun = begin(&base, id, &nobody()).await.unwrap();
    assert!(
        begun.provedor.ida(&base.config.master_key, VOLTA, true, &begun.cookie).await.unwrap().is_err(),
        "it calls itself another"
    );
    assert_eq!(count(&base, "sessao WHERE method = 'provedor'").await, 0);
    assert_eq!(audited(&base, "acesso.provedor_recusado").await, 10);
}

#[tokio::test]
async fn a_way_back_opens_once_in_its_browser_in_its_time_for_what_it_was_begun() {
    let (base, casa, id, ana) = house(true).await;
    let leo = actor(&base, &person(&base, "Leitor", LEO).await).await;
    let begun = begin(&base, id, &nobody()).await.unwrap();
    let (code, state) = casa.sign_in(&ida(&base, &begun).await);
    let asked = casa.asked();
    let other = begin(&base, id, &nobody()).await.unwrap();
    for (what, cookie, state) in [
        ("another browser", &Segredo::draw(), &state),
        ("another browser on its own way", &other.cookie, &state),
        ("another state", &begun.cookie, &"x".to_owned()),
        ("none", &begun.cookie, &String::new()),
    ] {
        let result = back(&base, cookie, &nobody(), good((code.clone(), state.clone()))).await;
        assert_eq!(ruled(result), ConcluirRule::Over, "{what}");
    }
    let wrong = Resposta { iss: Some("https://eva.example".to_owned()), ..good((code.clone(), state.clone())) };
    assert!(matches!(ruled(back(&base, &begun.cookie, &nobody(), wrong).await), ConcluirRule::Refused(_)), "RFC 9207");
    assert_eq!(casa.asked(), asked, "nobody was asked for any of these");
    assert_eq!(
        ruled(back(&base, &begun.cookie, &nobody(), good((code, state))).await),
        ConcluirRule::Over,
        "used up by a refusal"
    );

    let begun = begin(&base, id, &nobody()).await.unwrap();
    let brought = good(casa.sign_in(&ida(&base, &begun).await));
    let nobody_here = nobody();
    let (one, two) = futures::join!(
        back(&base, &begun.cookie, &nobody_here, brought.clone()),
        back(&base, &begun.cookie, &nobody_here, brought)
    );
    assert!(one.is_ok() != two.is_ok(), "of two at once one");

    let begun = begin(&base, id, &nobody()).await.unwrap();
    let brought = good(casa.sign_in(&ida(&base, &begun).await));
    base.clock.advance(TimeDelta::minutes(11));
    assert_eq!(ruled(back(&base, &begun.cookie, &nobody(), brought).await), ConcluirRule::Over, "too late");

    // What Leo began ties nothing to Ana, nor does it let anybody in.
    let begun = begin(&base, id, &leo).await.unwrap();
    let brought = good(casa.sign_in(&ida(&base, &begun).await));
    assert_eq!(ruled(back(&base, &begun.cookie, &ana, brought.clone()).await), ConcluirRule::Over, "in another's sessão");
    // The subject is Ana's: she came in by it above.
    assert_eq!(ruled(round(&base, &casa, id, &leo).await), ConcluirRule::Taken);
}

#[tokio::test]
async fn whoever_may_not_come_in_so_does_not_and_a_second_factor_is_still_asked() {
    let (base, casa, id, ana) = house(false).await;
    round(&base, &casa, id, &ana).await.unwrap();
    let schema = base.alfa.names().schema();
    for (off, on) in [
        (
            format!("UPDATE {schema}.perfil SET entrada_provedor = false"),
            format!("UPDATE {schema}.perfil SET entrada_provedor = true"),
        ),
        (
            format!("UPDATE {schema}.usuario SET ativo = false WHERE email = '{ANA}'"),
            format!("UPDATE {schema}.usuario SET ativo = true WHERE email = '{ANA}'"),
        ),
    ] {
        base.execute(&off).await;
        assert_eq!(ruled(round(&base, &casa, id, &nobody()).await), ConcluirRule::Nobody, "{off}");
        base.execute(&on).await;
    }
    let begun = begin(&base, id, &nobody()).await.unwrap();
    let brought = good(casa.sign_in(&ida(&base, &begun).await));
    base.execute(&format!("UPDATE {schema}.provedor SET ativo = false")).await;
    assert_eq!(ruled(back(&base, &begun.cookie, &nobody(), brought).await), ConcluirRule::Over, "switched off meanwhile");
    let off = begin(&base, id, &nobody()).await;
    assert!(matches!(off, Err(ComecarError::Rule(ComecarRule::NotOffered))));
    base.execute(&format!("UPDATE {schema}.provedor SET ativo = true")).await;

    base.execute(&format!(
        "INSERT INTO {schema}.fator (id, usuario_id, method, created_at, confirmed_at)
         SELECT gen_random_uuid(), id, 'email', now(), now() FROM {schema}.usuario WHERE email = '{ANA}'"
    ))
    .await;
    let (entrou, _) = entered(round(&base, &casa, id, &nobody()).await);
    assert!(entrou.passo().is_some(), "the second factor is still to come");
    assert_eq!(count(&base, "sessao WHERE method = 'provedor'").await, 0);
}

#[tokio::test]
async fn github_says_who_somebody_is_in_its_own_way() {
    let (base, casa) = (Base::new().await, Casa::open().await);
    let id = add(&base, CriarProvedor { confia_email: true, ..plain(Tipo::Github, &casa.base()) }).await.unwrap();
    let ana = actor(&base, &person(&base, "Atendente", ANA).await).await;
    let (entrou, _) = entered(round(&base, &casa, id, &nobody()).await);
    assert_eq!(behind(&base, &base.alfa, &entrou.sessao().unwrap().cookie.reveal()).await.unwrap().actor.id, ana.id);
    let schema = base.alfa.names().schema();
    assert_eq!(text(&base, &format!("SELECT subject FROM {schema}.usuario_provedor")).await, "4711", "its number, not its name");
}

#[tokio::test]
async fn a_house_that_is_silent_or_inside_is_told_apart() {
    let (base, casa, id, _) = house(false).await;
    let key = &base.config.master_key;
    let begun = begin(&base, id, &nobody()).await.unwrap();
    let inner = begun.provedor.ida(key, VOLTA, false, &begun.cookie).await.unwrap().unwrap_err();
    assert_eq!(inner.why, messaging::Why::Internal, "not even dialled");
    let refused =
        add(&base, CriarProvedor { internal: false, nome: "B".parse().unwrap(), ..plain(Tipo::Oidc, &casa.base()) }).await;
    assert!(matches!(refused, Err(ProvedorError::Rule(ProvedorRule::Internal))));
    // The port of a listener that is gone.
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let silent = CriarProvedor { nome: "C".parse().unwrap(), ..plain(Tipo::Oidc, &format!("http://{gone}")) };
    let silent = add(&base, silent).await.unwrap();
    let begun = begin(&base, silent, &nobody()).await.unwrap();
    let failure = begun.provedor.ida(key, VOLTA, true, &begun.cookie).await.unwrap().unwrap_err();
    assert_eq!(failure.why, messaging::Why::Unreachable);
}

#[tokio::test]
async fn a_provedor_is_set_up_by_who_may_and_its_segredo_seen_by_nobody() {
    let (base, casa, id, ana) = house(false).await;
    let sistema = Actor::sistema();
    assert!(matches!(add_as(&base, &ana, plain(Tipo::Oidc, &casa.base())).await, Err(ProvedorError::Denied(_))));
    let again = add(&base, CriarProvedor { nome: "fiesc".parse().unwrap(), ..plain(Tipo::Oidc, &casa.base()) }).await;
    assert!(matches!(again, Err(ProvedorError::Rule(ProvedorRule::NomeTaken))));
    let without = CriarProvedor { segredo: None, nome: "G".parse().unwrap(), ..plain(Tipo::Google, "") };
    assert!(matches!(add(&base, without).await, Err(ProvedorError::Rule(ProvedorRule::NoSegredo))));
    for odd in ["", "a b", "a\r\nX-Evil: 1", "ã", &"a".repeat(501)] {
        let odd = CriarProvedor { segredo: Some(SecretString::from(odd)), nome: "O".parse().unwrap(), ..plain(Tipo::Google, "") };
        assert!(matches!(add(&base, odd).await, Err(ProvedorError::Rule(ProvedorRule::Segredo))));
    }
    for n in 1..MOST {
        add(&base, CriarProvedor { nome: format!("N{n}").parse().unwrap(), ..plain(Tipo::Google, "") }).await.unwrap();
    }
    let most = add(&base, CriarProvedor { nome: "M".parse().unwrap(), ..plain(Tipo::Google, "") }).await;
    assert!(matches!(most, Err(ProvedorError::Rule(ProvedorRule::TooMany))));

    let change = async |nome: &str, version| {
        let cmd = AlterarProvedor {
            id,
            nome: nome.parse().unwrap(),
            client_id: CLIENT.parse().unwrap(),
            segredo: None,
            confia_email: true,
            ativo: true,
            version,
        };
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &base.config.master_key, &sistema, cmd).await).await
    };
    assert!(matches!(change("N1", 1).await, Err(ProvedorError::Rule(ProvedorRule::NomeTaken))));
    change("FIESC e SENAI", 1).await.unwrap();
    assert!(matches!(change("X", 1).await, Err(ProvedorError::Rule(ProvedorRule::Changed))), "of an older version");
    // The segredo is still the one that the house knows.
    entered(round(&base, &casa, id, &nobody()).await);
    let schema = base.alfa.names().schema();
    let told = text(&base, &format!("SELECT string_agg(a::text, '|') FROM {schema}.auditoria a WHERE entity = 'provedor'")).await;
    assert!(told.contains(&casa.base()) && !told.contains(SEGREDO), "{told}");

    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| excluir(tx, &sistema, id).await).await.unwrap();
    assert_eq!(count(&base, "usuario_provedor").await, 0);
    assert_eq!(count(&base, "sessao WHERE method = 'provedor' AND ended_at IS NULL").await, 0, "who came in by it is out");
}

#[tokio::test]
async fn ways_are_not_begun_without_end_from_one_address() {
    let (base, _, id, _) = house(false).await;
    let stranger = Actor::anonimo(RequestMeta { ip: Some("198.51.100.9".parse().unwrap()), ..home() });
    let mut begun = 0;
    while begin(&base, id, &stranger).await.is_ok() {
        begun += 1;
        assert!(begun < 100, "without end");
    }
    assert!(begin(&base, id, &nobody()).await.is_ok(), "others go on");
    assert_eq!(count(&base, "entrada_provedor").await, begun + 1);
}
