//! What whoever is in sees and changes.

use axum::http::StatusCode;
use tenancy::TenantTx;

use super::Door;
use crate::house::{ANA, count};

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
