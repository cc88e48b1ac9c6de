//! The pages from the outside: request in, answer out, through the whole of `web`.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header, request::Builder},
};
use http_body_util::BodyExt;
use kernel::Actor;
use tenancy::TenantTx;
use testkit::Base;
use tower::ServiceExt;
use web::{App, AppParts, WebConfig, edge};

use crate::house::{ANA, SENHA, audited, count, invite, mailed_secret, person, porteiro};

const FORM: &str = "application/x-www-form-urlencoded";

struct Door {
    base: Base,
    router: Router,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap())
    }

    /// The sessão's cookie as the browser would send it.
    fn cookie(&self) -> Option<String> {
        let set = self.set_cookies().find(|set| set.starts_with("__Host-sessao="))?;
        Some(set.split(';').next().unwrap().to_owned())
    }
}

impl Door {
    async fn new() -> Self {
        let base = Base::new().await;
        let app = App::new(AppParts {
            config: WebConfig { base: "https://sri.example".parse().unwrap(), trusted_proxies: Vec::new(), dev: false },
            tenants: base.tenants.clone(),
            platform: base.platform.clone(),
            registry: base.registry.clone(),
            identity: Box::new(porteiro(&base)),
            modules: vec![acesso::module()],
            clock: base.tenants.clock().clone(),
            // Nothing here keeps a document.
            files: files::Files::new(files::FilesConfig::folder("/nonexistent".into())),
            stopping: tokio_util::sync::CancellationToken::new(),
            live: web::live::Live::new(tokio_util::sync::CancellationToken::new()),
            values: axum::http::Extensions::default(),
        });
        Self { router: edge(&app, Router::new()), base }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(browser(Method::GET, path, cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.post_as(path, cookie, FORM, form.to_owned().into_bytes()).await
    }

    async fn post_as(&self, path: &str, cookie: &str, mime: &str, body: Vec<u8>) -> Answer {
        self.send(browser(Method::POST, path, cookie).header(header::CONTENT_TYPE, mime).body(Body::from(body)).unwrap()).await
    }

    async fn api(&self, host: &str, bearer: Option<&str>) -> Answer {
        let mut request = Request::get("/api/v1/whoami").header(header::HOST, host);
        if let Some(token) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Signs somebody with that perfil in and gives the cookie.
    async fn signed_in(&self, perfil: &str, email: &str) -> String {
        person(&self.base, perfil, email).await;
        let answer = self.post("/entrar", "", &format!("email={email}&senha={SENHA}")).await;
        answer.cookie().unwrap_or_else(|| panic!("{} {}", answer.status, answer.body))
    }
}

fn browser(method: Method, path: &str, cookie: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "alfa.sri.example")
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
}

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

    // A Coordenador has no settings (D-23); without another module their own account is where they work.
    let cookie = accepted.cookie().unwrap();
    assert_eq!(door.get("/", &cookie).await.header("location"), "/conta");
    assert_eq!(door.get("/configuracoes", &cookie).await.status, StatusCode::FORBIDDEN);
    assert_eq!(audited(&door.base, "acesso.recusado").await, 1);

    for gone in [path.as_str(), "/convite/x", "/entrar/x"] {
        let answer = door.get(gone, "").await;
        assert!(answer.status == StatusCode::NOT_FOUND && answer.body.contains("não funciona mais"), "{gone}");
        assert_eq!(door.post(gone, "", "senha=a&senha2=a").await.status, StatusCode::NOT_FOUND);
    }
}

/// S0-2.2, S0-2.4.
#[tokio::test]
async fn an_administrador_sees_invites_and_shuts_out() {
    let door = Door::new().await;
    let cookie = door.signed_in("Administrador", ANA).await;
    let theirs = door.signed_in("Leitor", "leo@senai.example").await;
    // The unidade has no colours of its own yet; afterwards the first entry of the navigation.
    assert!(door.get("/", &cookie).await.body.contains("Primeiros passos"));
    door.post("/primeiros-passos/dispensar", &cookie, "").await;
    assert_eq!(door.get("/", &cookie).await.header("location"), "/configuracoes");
    for path in [
        "/configuracoes",
        "/configuracoes/usuarios?q=leo&ordem=-acesso&situacao=ativo",
        "/configuracoes/usuarios/convidar",
        "/configuracoes/auditoria?de=2026-11-01&ate=2026-12-31&quem=usuario&q=entrou",
    ] {
        let answer = door.get(path, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }

    let id = async |email: &str| {
        let filtro = acesso::usuario::Filtro { busca: email, ..Default::default() };
        let found = async |tx: &mut TenantTx| acesso::usuario::list(tx, &filtro, kernel::PageRequest::default()).await.unwrap();
        door.base.alfa(found).await.0.remove(0).id
    };
    let (ana, leo) = (id("ana").await, id("leo").await);
    let own = door.post(&format!("/configuracoes/usuarios/{ana}/desativar"), &cookie, "").await;
    assert!(own.status == StatusCode::CONFLICT && own.body.contains("Ninguém desativa a própria conta"));
    let done = door.post(&format!("/configuracoes/usuarios/{leo}/desativar"), &cookie, "").await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/configuracoes/usuarios"));
    assert_eq!(door.get("/conta", &theirs).await.status, StatusCode::SEE_OTHER, "at the next request");
    let aviso = done.set_cookies().find(|set| set.starts_with("__Host-aviso=")).unwrap().split(';').next().unwrap().to_owned();
    assert!(door.get("/configuracoes/usuarios", &format!("{cookie}; {aviso}")).await.body.contains("Usuário desativado."));
    assert!(door.get("/configuracoes/auditoria", &cookie).await.body.contains("Desativou um usuário"));

    let perfil = door.base.alfa(async |tx: &mut TenantTx| acesso::perfil::list(tx).await.unwrap().remove(0).id).await;
    let invite = |email: &str| format!("nome=Bia+Souza&email={email}&perfil={perfil}");
    let taken = door.post("/configuracoes/usuarios/convidar", &cookie, &invite(ANA)).await;
    assert!(taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.body.contains("Já há uma conta com este e-mail"));
    let sent = door.post("/configuracoes/usuarios/convidar", &cookie, &invite("bia@senai.example")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let list = door.get("/configuracoes/usuarios", &cookie).await;
    assert!(list.body.contains("Bia Souza"));
    let mut of = list.body.split("action=\"/configuracoes/convites/").filter_map(|rest| rest.split('"').next());
    let revoke = of.find(|action| action.ends_with("/revogar")).unwrap();
    assert_eq!(door.post(&format!("/configuracoes/convites/{revoke}"), &cookie, "").await.status, StatusCode::SEE_OTHER);
    assert!(!door.get("/configuracoes/usuarios", &cookie).await.body.contains("Bia Souza"));
}

/// P-4, P-5, S2-6.1.
#[tokio::test]
async fn a_program_uses_its_token_where_it_counts() {
    let door = Door::new().await;
    let cookie = door.signed_in("Administrador", ANA).await;
    let page = door.post("/configuracoes/tokens", &cookie, "nome=ERP&dias=90&limite=600&permissoes=acesso.usuario.ver").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let token = page.body.split("data-copy=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!door.get("/configuracoes/tokens", &cookie).await.body.contains(&token), "shown once");

    for host in ["alfa.sri.example", "api.sri.example"] {
        let eu = door.api(host, Some(&token)).await;
        assert_eq!(eu.status, StatusCode::OK, "{host}: {}", eu.body);
        assert!(
            eu.body.contains("\"tipo\":\"token\"")
                && eu.body.contains("\"nome\":\"ERP\"")
                && eu.body.contains("[{\"permissao\":\"acesso.usuario.ver\",\"escopo\":\"todas\"}]"),
            "{}",
            eu.body
        );
    }
    assert_eq!(count(&door.base, "token_api WHERE last_used_at IS NOT NULL").await, 1);
    let before = door.base.fingerprint(&door.base.beta).await;
    assert_eq!(door.api("beta.sri.example", Some(&token)).await.status, StatusCode::UNAUTHORIZED);
    assert_ne!(door.base.fingerprint(&door.base.beta).await, before, "the attempt is on beta's record");
    for bad in [None, Some("x"), Some(&token[1..])] {
        assert_eq!(door.api("alfa.sri.example", bad).await.status, StatusCode::UNAUTHORIZED, "{bad:?}");
    }

    let list = door.get("/configuracoes/tokens", &cookie).await;
    let actions = list.body.split("action=\"/configuracoes/tokens/").filter_map(|part| part.split('"').next());
    let revoke = actions.into_iter().find(|action| action.ends_with("/revogar")).unwrap();
    assert_eq!(door.post(&format!("/configuracoes/tokens/{revoke}"), &cookie, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(door.api("alfa.sri.example", Some(&token)).await.status, StatusCode::UNAUTHORIZED);
    let nothing = door.post("/configuracoes/tokens", &cookie, "nome=&dias=7777").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// S1-11.1, S1-11.2.
#[tokio::test]
async fn the_look_is_changed_and_the_logo_served_inert() {
    let door = Door::new().await;
    let cookie = door.signed_in("Administrador", ANA).await;
    let send = async |nome: &str, version: i32, file: &[u8]| {
        let mut body = Vec::new();
        let version = version.to_string();
        for (name, value) in [
            ("nome", nome),
            ("cores", "proprias"),
            ("primaria", "#006633"),
            ("destaque", "#ffe000"),
            ("aparencia", "escuro"),
            ("idioma", "en"),
            ("version", &version),
        ] {
            body.extend_from_slice(
                format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        body.extend_from_slice(
            b"--B\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"l.png\"\r\ncontent-type: image/png\r\n\r\n",
        );
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--B--\r\n");
        door.post_as("/configuracoes/identidade", &cookie, "multipart/form-data; boundary=B", body).await
    };
    let version = door.base.alfa.version;
    let svg = send("SENAI", version, b"<svg onload=alert(1)>").await;
    assert!(svg.status == StatusCode::UNPROCESSABLE_ENTITY && svg.body.contains("não é uma imagem PNG"), "{}", svg.status);
    let saved = send("SENAI <Norte>", version, &crate::identidade::point()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(send("SENAI Sul", version, b"").await.status, StatusCode::UNPROCESSABLE_ENTITY, "the form is of an older version");

    let page = door.get("/configuracoes/identidade", &cookie).await;
    assert!(page.body.contains("SENAI &#60;Norte&#62;") && page.body.contains("--marca-fundo:#006633"), "{}", page.body);
    assert!(page.body.contains("<html lang=\"en\" data-bs-theme=\"dark\""), "nobody chose otherwise: {}", page.body);
    let logo = page.body.split("src=\"/logo/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let picture = door.get(&format!("/logo/{logo}"), "").await;
    assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, "image/png"));
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert!(
        picture.header("cache-control").contains("immutable") && picture.header("content-security-policy").contains("sandbox")
    );
    assert_eq!(door.get("/logo/00000000000000000000000000000000", "").await.status, StatusCode::NOT_FOUND);
    let part = door.get("/configuracoes/identidade/contraste?primaria=%23ffe000&destaque=x", &cookie).await;
    assert!(part.body.contains("1.3:1") && part.body.contains("too light"), "{}", part.body);
}

/// What a person sends is drawn anew; the people of the unidade see it beside the name, nobody else.
#[tokio::test]
async fn a_picture_is_chosen_seen_and_taken_away() {
    let door = Door::new().await;
    let cookie = door.signed_in("Administrador", ANA).await;
    let send = async |file: &[u8]| {
        let head =
            b"--B\r\ncontent-disposition: form-data; name=\"foto\"; filename=\"eu.png\"\r\ncontent-type: image/png\r\n\r\n";
        let body = [head, file, b"\r\n--B--\r\n"].concat();
        door.post_as("/conta/foto", &cookie, "multipart/form-data; boundary=B", body).await
    };
    let svg = send(b"<svg onload=alert(1)>").await;
    assert!(svg.status == StatusCode::UNPROCESSABLE_ENTITY && svg.body.contains("não é uma imagem PNG"), "{}", svg.status);
    assert_eq!(send(b"").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&vec![0; 9 << 20]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let sent = send(&crate::identidade::point()).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/conta"), "{}", sent.body);

    let page = door.get("/conta/foto", &cookie).await;
    let path = page.body.split("src=\"/fotos/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/fotos/{path}");
    for list in ["/conta", "/configuracoes/usuarios"] {
        assert!(door.get(list, &cookie).await.body.contains(&path), "{list}");
    }
    let picture = door.get(&path, &cookie).await;
    assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert!(
        picture.header("cache-control").starts_with("private") && picture.header("content-security-policy").contains("sandbox")
    );
    assert_eq!(door.get(&path, "").await.status, StatusCode::SEE_OTHER, "nobody from outside sees it");

    assert_eq!(door.post("/conta/foto/remover", &cookie, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(door.get(&path, &cookie).await.status, StatusCode::NOT_FOUND);
    assert!(!door.get("/conta", &cookie).await.body.contains("/fotos/"));
}

/// The bell is on every page, and what it opens marks as read and leads on.
#[tokio::test]
async fn the_bell_rings_on_every_page_and_leads_on() {
    let door = Door::new().await;
    let cookie = door.signed_in("Leitor", ANA).await;
    let schema = door.base.alfa.names().schema();
    let quiet = door.get("/conta", &cookie).await;
    assert!(quiet.body.contains("href=\"/notificacoes\"") && quiet.body.contains("aria-label=\"Notificações\""));
    let tell = async |n: u32, href: &str| {
        door.base
            .execute(&format!(
                "INSERT INTO {schema}.notificacao (id, usuario_id, key, args, href, created_at)
                 SELECT '01900000-0000-7000-8000-00000000000{n}', id, 'from-another-release', '{{\"x\": \"<b>\"}}', '{href}', now()
                 FROM {schema}.usuario WHERE email = '{ANA}'"
            ))
            .await;
    };
    tell(1, "/conta").await;
    tell(2, "/conta?aba=1").await;
    let rung = door.get("/conta", &cookie).await;
    assert!(rung.body.contains("Notificações: 2 não lidas"), "{}", rung.body);
    for path in ["/notificacoes", "/notificacoes/painel", "/notificacoes?mostrar=nao-lidas"] {
        let page = door.get(path, &cookie).await;
        assert_eq!(page.body.matches("/abrir\"").count(), 2, "{path}");
        assert!(page.body.contains("Um aviso de outra versão do sistema"), "words this release does not have: {path}");
    }
    let opened = door.post("/notificacoes/01900000-0000-7000-8000-000000000001/abrir", &cookie, "").await;
    assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, "/conta"));
    assert!(door.get("/conta", &cookie).await.body.contains("Notificações: 1 não lida\""));
    let read = door.post("/notificacoes/lidas", &cookie, "volta=//evil.example").await;
    assert_eq!((read.status, read.header("location")), (StatusCode::SEE_OTHER, "/notificacoes"), "here and nowhere else");
    let none = door.get("/notificacoes?mostrar=nao-lidas", &cookie).await;
    assert!(none.body.contains("Nada por aqui"));
    assert_eq!(
        door.post("/notificacoes/01900000-0000-7000-8000-000000000009/lida", &cookie, "").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(door.get("/notificacoes", "").await.header("location"), "/entrar?voltar=%2Fnotificacoes");
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

/// Who manages sees where somebody is signed in, and the rules; a reader sees neither.
#[tokio::test]
async fn rules_and_sessions_are_for_those_who_manage() {
    let door = Door::new().await;
    let chefe = door.signed_in("Administrador", "chefe@senai.example").await;
    let ana = door.signed_in("Leitor", ANA).await;
    let schema = door.base.alfa.names().schema();
    let id = crate::house::text(&door.base, &format!("SELECT id::text FROM {schema}.usuario WHERE email = '{ANA}'")).await;
    let path = format!("/configuracoes/usuarios/{id}/sessoes");
    let page = door.get(&path, &chefe).await;
    assert!(page.status == StatusCode::OK && page.body.matches("/encerrar\"").count() >= 2, "{}", page.body);
    assert_eq!(door.get(&path, &ana).await.status, StatusCode::FORBIDDEN);
    assert_eq!(door.get("/configuracoes/entrada", &ana).await.status, StatusCode::FORBIDDEN);
    let rules = door.get("/configuracoes/entrada", &chefe).await;
    let field = rules.body.split("name=\"fator-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = format!("version=1&attempts=3&trust_days=7&fator-{field}=exigido");
    assert_eq!(door.post("/configuracoes/entrada", &chefe, &form).await.status, StatusCode::SEE_OTHER);
    let stale = door.post("/configuracoes/entrada", &chefe, &form).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY, "of an older version");
    assert_eq!(count(&door.base, "regra_entrada WHERE attempts = 3 AND trust_days = 7").await, 1);
    assert_eq!(door.post(&format!("{path}/encerrar"), &chefe, "").await.header("location"), path);
    assert_eq!(door.get("/conta", &ana).await.header("location"), "/entrar?voltar=%2Fconta");
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

/// A program that asks too often hears when to come back, and so does every answer before.
#[tokio::test]
async fn a_program_is_held_to_its_pace() {
    let door = Door::new().await;
    let cookie = door.signed_in("Administrador", ANA).await;
    let page = door.post("/configuracoes/tokens", &cookie, "nome=ERP&dias=90&limite=10&permissoes=acesso.usuario.ver").await;
    let token = page.body.split("data-copy=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for left in (0..10).rev() {
        let eu = door.api("alfa.sri.example", Some(&token)).await;
        assert_eq!(eu.status, StatusCode::OK, "{}", eu.body);
        assert_eq!(eu.header("ratelimit-policy"), "\"token\";q=10;w=60");
        assert!(eu.header("ratelimit").starts_with(&format!("\"token\";r={left};t=")), "{}", eu.header("ratelimit"));
    }
    for host in ["alfa.sri.example", "api.sri.example"] {
        let refused = door.api(host, Some(&token)).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
        assert!(refused.body.contains("\"code\":\"rate\""), "{}", refused.body);
    }
    // Of another program nothing is taken, nor of a person.
    let other = door.post("/configuracoes/tokens", &cookie, "nome=BI&dias=90&limite=10&permissoes=acesso.usuario.ver").await;
    let other = other.body.split("data-copy=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(door.api("alfa.sri.example", Some(&other)).await.status, StatusCode::OK);
    assert!(door.get("/conta", &cookie).await.header("ratelimit").is_empty());
    door.base.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(door.api("alfa.sri.example", Some(&token)).await.status, StatusCode::OK);
    for bad in ["9", "60001", "", "x"] {
        let form = format!("nome=ERP&dias=90&limite={bad}&permissoes=acesso.usuario.ver");
        assert_eq!(door.post("/configuracoes/tokens", &cookie, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}
