//! The ways in: by senha, convite, second factor, chave and recuperação.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use kernel::Actor;

use super::{Answer, Door, FORM, browser};
use crate::house::{ANA, SENHA, audited, count, invite, mailed_secret, person};

/// S0-1.1, S0-1.4, S0-1.7.
#[tokio::test]
async fn a_person_comes_in_and_leaves() {
    let door = Door::new().await;
    person(&door.base, "Leitor", ANA).await;
    let page = door.get("/entrar?voltar=/conta", "").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["autocomplete=\"username\"", "autocomplete=\"current-password\"", "name=\"voltar\" value=\"/conta\""] {
        assert!(page.body.contains(part), "{part}");
    }

    let entered = door.post("/entrar", "", &format!("email={ANA}&senha={SENHA}&voltar=/conta")).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/conta"));
    let set = entered.set_cookies().find(|set| set.contains("sessao")).unwrap();
    for part in ["__Host-sessao=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(set.contains(part), "{set}");
    }
    let cookie = entered.cookie().unwrap();
    let conta = door.get("/conta", &cookie).await;
    assert!(conta.status == StatusCode::OK && conta.body.contains("Ana Lima"), "{}", conta.status);
    assert_eq!(conta.header("cache-control"), "no-store");
    assert_eq!(door.get("/entrar?voltar=//evil.example", &cookie).await.header("location"), "/", "who is in goes on, here");

    let left = door.post("/sair", &cookie, "").await;
    assert_eq!((left.status, left.header("location")), (StatusCode::SEE_OTHER, "/entrar"));
    let after = door.get("/conta", &cookie).await;
    assert_eq!((after.status, after.header("location")), (StatusCode::SEE_OTHER, "/entrar?voltar=%2Fconta"));
    assert!(!after.body.contains("Ana"));
}

/// Threat 13, as a browser sees it.
#[tokio::test]
async fn unknown_and_wrong_look_the_same() {
    let door = Door::new().await;
    person(&door.base, "Leitor", ANA).await;
    let mut pages = Vec::new();
    for email in [ANA, "ninguem@senai.example"] {
        let answer = door.post("/entrar", "", &format!("email={email}&senha=hunter2hunter2&voltar=/conta")).await;
        assert_eq!((answer.status, answer.cookie()), (StatusCode::UNPROCESSABLE_ENTITY, None));
        assert!(
            answer.body.contains(&format!("value=\"{email}\"")) && !answer.body.contains("hunter2"),
            "the e-mail is kept, the password is not"
        );
        let nonce =
            answer.header("content-security-policy").split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        pages.push(answer.body.replace(email, "X").replace(&nonce, "N"));
    }
    assert!(pages[0].contains("não conferem"));
    assert_eq!(pages[0], pages[1]);
}

/// S0-1.8.
#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let door = Door::new().await;
    let cookie = door.signed_in("Administrador", ANA).await;
    for site in ["cross-site", "same-site"] {
        let request = Request::post("/configuracoes/tokens")
            .header(header::HOST, "alfa.sri.example")
            .header("sec-fetch-site", site)
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, FORM)
            .body(Body::from("nome=x&dias=30&permissoes=acesso.usuario.ver"))
            .unwrap();
        assert_eq!(door.send(request).await.status, StatusCode::FORBIDDEN, "{site}");
    }
    assert_eq!(count(&door.base, "token_api").await, 0);
}

#[tokio::test]
async fn a_login_form_of_a_megabyte_is_not_read() {
    let door = Door::new().await;
    let answer = door.post("/entrar", "", &format!("email={ANA}&senha={}", "x".repeat(1 << 20))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(count(&door.base, "tentativa").await, 0);
}

#[tokio::test]
async fn a_convite_is_accepted_through_its_page() {
    let door = Door::new().await;
    invite(&door.base, &Actor::sistema(), "Coordenador", ANA).await.unwrap();
    let path = format!("/convite/{}", mailed_secret(&door.base, ANA).await.reveal());
    let page = door.get(&path, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Coordenador") && page.body.contains("autocomplete=\"new-password\""));

    let differs = door.post(&path, "", &format!("senha={SENHA}&senha2=outra")).await;
    assert_eq!(differs.status, StatusCode::UNPROCESSABLE_ENTITY);
    let weak = door.post(&path, "", "senha=curta&senha2=curta").await;
    assert!(weak.status == StatusCode::UNPROCESSABLE_ENTITY && weak.body.contains("pelo menos 12 caracteres"), "{}", weak.status);
    let accepted = door.post(&path, "", &format!("senha={SENHA}&senha2={SENHA}")).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER);

    // A Coordenador has no settings (D-23); without another module it is what they write to people.
    let cookie = accepted.cookie().unwrap();
    assert_eq!(door.get("/", &cookie).await.header("location"), "/comunicados");
    assert_eq!(door.get("/configuracoes", &cookie).await.status, StatusCode::FORBIDDEN);
    assert_eq!(audited(&door.base, "acesso.recusado").await, 1);

    for gone in [path.as_str(), "/convite/x", "/entrar/x"] {
        let answer = door.get(gone, "").await;
        assert!(answer.status == StatusCode::NOT_FOUND && answer.body.contains("não funciona mais"), "{gone}");
        assert_eq!(door.post(gone, "", "senha=a&senha2=a").await.status, StatusCode::NOT_FOUND);
    }
}

/// The whole way in with an app: enrolled on one's own page, asked at the next entering, and no page before it.
#[tokio::test]
async fn the_second_factor_stands_before_every_page() {
    let door = Door::new().await;
    let cookie = door.signed_in("Atendente", ANA).await;
    let page = door.get("/conta/seguranca", &cookie).await;
    assert!(page.status == StatusCode::OK && page.body.contains("ligar-app"), "{}", page.status);
    let wrong = door.post("/conta/seguranca", &cookie, "acao=ligar-app&senha_atual=errada").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("<details open>") && !wrong.body.contains("errada"), "{}", wrong.body);
    let begun = door.post("/conta/seguranca", &cookie, &format!("acao=ligar-app&senha_atual={SENHA}")).await;
    assert_eq!((begun.status, begun.header("location")), (StatusCode::SEE_OTHER, "/conta/seguranca"), "{}", begun.body);
    let setup = door.get("/conta/seguranca", &cookie).await;
    assert!(setup.body.contains("src=\"data:image/png;base64,iVBOR"), "the picture is in the page");
    let wrong = door.post("/conta/seguranca/codigo", &cookie, "codigo=000000").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("não confere"), "{}", wrong.status);
    let code = crate::house::app_code(&door.base, ANA, 0).await;
    let done = door.post("/conta/seguranca/codigo", &cookie, &format!("codigo={code}")).await;
    assert!(done.status == StatusCode::OK && done.body.matches("<li><code>").count() == 10, "{}", done.body);
    assert_eq!(door.get("/conta/seguranca", &cookie).await.body.matches("<li><code>").count(), 0, "shown once");

    door.base.clock.advance(chrono::TimeDelta::minutes(2));
    let half = door.post("/entrar", "", &format!("email={ANA}&senha={SENHA}&voltar=/conta")).await;
    assert_eq!(half.header("location"), "/entrar/confirmar?voltar=%2Fconta");
    assert_eq!(half.cookie(), None, "no sessão yet");
    let set = half.set_cookies().find(|set| set.starts_with("__Host-passo=")).unwrap().to_owned();
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(set.contains(part), "{set}");
    }
    let passo = set.split(';').next().unwrap().to_owned();
    let as_session = passo.replace("__Host-passo", "__Host-sessao");
    for cookie in [&passo, &as_session] {
        assert_eq!(door.get("/conta", cookie).await.header("location"), "/entrar?voltar=%2Fconta");
    }
    let asked = door.get("/entrar/confirmar?voltar=//evil.example", &passo).await;
    assert!(asked.body.contains("name=\"voltar\" value=\"/\"") && !asked.body.contains("value=\"//evil"), "{}", asked.body);
    let wrong = door.post("/entrar/confirmar", &passo, "via=totp&codigo=000000&voltar=/conta").await;
    assert_eq!((wrong.status, wrong.cookie()), (StatusCode::UNPROCESSABLE_ENTITY, None));
    let code = crate::house::app_code(&door.base, ANA, 0).await;
    let entered = door.post("/entrar/confirmar", &passo, &format!("via=totp&codigo={code}&voltar=/conta&confiar=sim")).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/conta"));
    assert!(entered.set_cookies().any(|set| set.starts_with("__Host-passo=;")), "the passo is taken away");
    let known =
        entered.set_cookies().find(|set| set.starts_with("__Host-aparelho=")).unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(door.get("/conta", &entered.cookie().unwrap()).await.status, StatusCode::OK);
    let spared = door.post("/entrar", &known, &format!("email={ANA}&senha={SENHA}&voltar=/conta")).await;
    assert_eq!(spared.header("location"), "/conta", "a trusted browser");
    assert_eq!(door.post("/entrar/confirmar", &passo, "via=totp&codigo=000000").await.header("location"), "/entrar");
}

/// Who must have a second factor gets it on the way in, by the code that is mailed too.
#[tokio::test]
async fn who_must_have_a_second_factor_sets_it_up_at_the_door() {
    let door = Door::new().await;
    door.signed_in("Administrador", ANA).await;
    crate::house::ask_of(&door.base, "Administrador", "exigido").await;
    let half = door.post("/entrar", "", &format!("email={ANA}&senha={SENHA}")).await;
    assert_eq!(half.header("location"), "/entrar/cadastrar?voltar=%2F");
    let passo = half.set_cookies().find(|set| set.starts_with("__Host-passo=")).unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(door.get("/entrar/confirmar", &passo).await.header("location"), "/entrar/cadastrar?voltar=%2F");
    let choice = door.get("/entrar/cadastrar", &passo).await;
    assert!(choice.body.contains("Usar um aplicativo") && choice.body.contains("Usar o e-mail"), "{}", choice.body);
    let app = door.post("/entrar/cadastrar", &passo, "via=totp").await;
    let page = door.get(app.header("location"), &passo).await;
    assert!(page.body.contains("data:image/png;base64,iVBOR"), "{}", page.body);
    let mailed = door.post("/entrar/cadastrar", &passo, "via=email&voltar=/conta").await;
    assert_eq!(mailed.header("location"), "/entrar/cadastrar?via=email&voltar=%2Fconta");
    let schema = door.base.alfa.names().schema();
    door.base.execute(&format!("UPDATE {schema}.mensagem SET state = 'failed' WHERE secret")).await;
    let stuck = door.get(mailed.header("location"), &passo).await;
    assert!(stuck.body.contains("servidor de e-mail não está aceitando"), "SMTP down is said, and other ways offered");
    let code = crate::house::mailed_code(&door.base, ANA).await;
    let wrong = door.post("/entrar/cadastrar/codigo", &passo, "via=email&codigo=1").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let entered = door.post("/entrar/cadastrar/codigo", &passo, &format!("via=email&codigo={code}&voltar=/conta")).await;
    assert!(entered.status == StatusCode::OK && entered.body.matches("<li><code>").count() == 10, "{}", entered.body);
    assert_eq!(door.get("/conta", &entered.cookie().unwrap()).await.status, StatusCode::OK);

    // At the next entering the code comes by itself: it is all they have.
    let half = door.post("/entrar", "", &format!("email={ANA}&senha={SENHA}")).await;
    assert_eq!(half.header("location"), "/entrar/confirmar?via=email&voltar=%2F");
    let passo = half.set_cookies().find(|set| set.starts_with("__Host-passo=")).unwrap().split(';').next().unwrap().to_owned();
    for location in ["via=email", "via=email", "via=email"] {
        assert!(door.post("/entrar/confirmar/email", &passo, "").await.header("location").contains(location));
    }
    assert_eq!(count(&door.base, "passo WHERE codigo_sent = 3").await, 1, "three for one passo");
    door.post("/entrar/desistir", &passo, "").await;
    assert_eq!(door.get("/entrar/confirmar", &passo).await.header("location"), "/entrar");
}

/// Threats 11 to 13 at the door of the recovery: one answer, and a Host of somebody else's is no way into a letter.
#[tokio::test]
async fn recovering_answers_everybody_alike() {
    let door = Door::new().await;
    door.signed_in("Leitor", ANA).await;
    let mut pages = Vec::new();
    for email in [ANA, "ninguem@senai.example"] {
        let answer = door.post("/recuperar", "", &format!("email={email}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        pages.push(answer.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned());
    }
    assert_eq!(pages[0], pages[1]);
    for bad in ["", "ana", "ana%40senai.example%0d%0aBcc%3A+x%40evil.example", "%C3%A4na%40senai.example"] {
        let answer = door.post("/recuperar", "", &format!("email={bad}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let poisoned = Request::post("/recuperar")
        .header(header::HOST, "alfa.evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, FORM)
        .body(Body::from(format!("email={ANA}")))
        .unwrap();
    assert_eq!(door.send(poisoned).await.status, StatusCode::MISDIRECTED_REQUEST);
    let forwarded = browser(Method::POST, "/recuperar", "")
        .header("x-forwarded-host", "evil.example")
        .header(header::CONTENT_TYPE, FORM)
        .body(Body::from(format!("email={ANA}")))
        .unwrap();
    assert_eq!(door.send(forwarded).await.status, StatusCode::OK);
    crate::house::worker(&door.base).drain().await.unwrap();
    let schema = door.base.alfa.names().schema();
    let letters =
        format!("SELECT string_agg(body_text || body_html, ' ') FROM {schema}.mensagem WHERE body_text LIKE '%/recuperar/%'");
    let letters = crate::house::text(&door.base, &letters).await;
    assert!(letters.contains("https://alfa.sri.example/recuperar/") && !letters.contains("evil"), "{letters}");
    assert_eq!(door.get("/recuperar/x", "").await.status, StatusCode::NOT_FOUND);
}

/// A chave belongs to the canonical host of its unidade; what was asked counts once, for what it was asked, and garbage opens
/// nothing.
#[tokio::test]
async fn a_question_to_a_chave_counts_once_and_for_its_purpose() {
    let door = Door::new().await;
    let cookie = door.signed_in("Leitor", ANA).await;
    let desafio = |answer: &Answer| {
        let set = answer.set_cookies().find(|set| set.starts_with("__Host-desafio=")).unwrap();
        assert!(set.contains("; HttpOnly") && set.contains("; SameSite=Strict"), "{set}");
        set.split(';').next().unwrap().to_owned()
    };
    let asked = door.post("/entrar/chave/desafio", "", "para=entrada").await;
    let options: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(options["publicKey"]["rpId"], "alfa.sri.example");
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert!(options.get("mediation").is_none());
    let question = desafio(&asked);
    let kept = crate::house::text(
        &door.base,
        &format!("SELECT encode(token_hash, 'hex') FROM {}.desafio", door.base.alfa.names().schema()),
    )
    .await;
    assert!(kept.len() == 64 && !question.contains(&kept), "hashed");

    let wrong = door.post("/conta/chaves/desafio", &cookie, "senha_atual=errada").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("problem"), "{}", wrong.body);
    let new = door.post("/conta/chaves/desafio", &cookie, &format!("senha_atual={SENHA}")).await;
    let options: serde_json::Value = serde_json::from_str(&new.body).unwrap();
    assert_eq!(options["publicKey"]["rp"]["id"], "alfa.sri.example");
    assert_eq!(options["publicKey"]["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(count(&door.base, "desafio").await, 2);

    // The question of one purpose answers no other, and an answer that is none uses it up.
    let both = format!("{cookie}; {question}");
    let kept = door.post("/conta/chaves", &both, "nome=Celular&resposta={}").await;
    assert_eq!((kept.status, kept.header("location")), (StatusCode::SEE_OTHER, "/conta/seguranca"));
    assert_eq!(count(&door.base, "desafio").await, 2, "of another purpose");
    let in_vain = door.post("/entrar/chave", &question, "resposta={}&voltar=/conta").await;
    assert_eq!((in_vain.header("location"), in_vain.cookie()), ("/entrar?voltar=%2Fconta", None));
    assert_eq!((count(&door.base, "desafio").await, count(&door.base, "chave").await), (1, 0));
    door.base.clock.advance(chrono::TimeDelta::minutes(5));
    let late = desafio(&new);
    door.post("/conta/chaves", &format!("{cookie}; {late}"), "nome=Celular&resposta={}").await;
    assert_eq!((count(&door.base, "desafio").await, count(&door.base, "chave").await), (1, 0), "too late");
    let none = door.post("/entrar/chave/desafio", "", "para=fator").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody is between the factors here");
}
