//! Every declared route × who comes to it. The routes are the modules' own list: a new one is tested by being declared.

use axum::http::StatusCode;
use chrono::TimeDelta;

use crate::support::{Side, Who, World, host, is_api, is_closed, routes};

/// The samples work: what the other tests see refused is refused for who asked, not for what was asked.
async fn whoever_may(part: usize) {
    let mut broken = Vec::new();
    let mut unchanged: Option<(World, Side)> = None;
    for info in routes().into_iter().skip(part).step_by(PARTS) {
        // A success that changes things leaves its world behind.
        let (world, side) = if let Some(kept) = unchanged.take() {
            kept
        } else {
            let world = World::new().await;
            let side = world.side(&world.base.alfa).await;
            (world, side)
        };
        let (host, before) = (host(&side.unidade), world.contents(&side.unidade).await);
        let who = match (is_api(&info), is_closed(&info)) {
            (true, _) => Who::Bearer(&side.bearer),
            (false, true) => Who::Cookie(&side.cookie),
            (false, false) => Who::Nobody,
        };
        let answer = world.sample(&host, who, &info, &side.ids).await;
        if !(answer.status.is_success() || answer.status == StatusCode::SEE_OTHER)
            || answer.header("location").starts_with("/entrar?")
        {
            broken.push(format!("{} {}: {answer:?}", info.method, info.path));
            continue;
        }
        if !info.mutates {
            if world.contents(&side.unidade).await != before {
                broken.push(format!("{} {} changed what it only declares to read", info.method, info.path));
            }
            unchanged = Some((world, side));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// A world for every route that changes one takes its time: several tests share them out.
macro_rules! shared_out {
    ($($test:ident: $part:literal,)+) => {
        const PARTS: usize = [$($part),+].len();
        $(#[tokio::test]
        async fn $test() {
            whoever_may($part).await;
        })+
    };
}
shared_out! {
    whoever_may_gets_what_the_sample_asks_for_1: 0,
    whoever_may_gets_what_the_sample_asks_for_2: 1,
    whoever_may_gets_what_the_sample_asks_for_3: 2,
    whoever_may_gets_what_the_sample_asks_for_4: 3,
    whoever_may_gets_what_the_sample_asks_for_5: 4,
    whoever_may_gets_what_the_sample_asks_for_6: 5,
    whoever_may_gets_what_the_sample_asks_for_7: 6,
    whoever_may_gets_what_the_sample_asks_for_8: 7,
}

/// Anonymous, signed out, expired, with a tampered cookie, with a token that is none: nobody, everywhere.
#[tokio::test]
async fn nobody_comes_to_a_closed_route() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let host = host(&side.unidade);
    let left = world.person(&side.unidade, "Administrador", "saiu@alfa.example").await;
    world.post(&host, Who::Cookie(&left), "/sair", "").await;
    let tampered = format!("{}x", side.cookie);
    let before = world.contents(&side.unidade).await;
    let mut open = Vec::new();
    let closed: Vec<_> = routes().into_iter().filter(is_closed).collect();
    for info in &closed {
        let tries = [
            ("anonymous", Who::Nobody),
            ("signed out", Who::Cookie(&left)),
            ("tampered cookie", Who::Cookie(&tampered)),
            ("no token", Who::Bearer("abc.def.ghi")),
            ("token as cookie", Who::Cookie(&side.bearer)),
        ];
        for (name, who) in tries {
            let answer = world.sample(&host, who, info, &side.ids).await;
            let to_the_door = answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/entrar?voltar=");
            if !(to_the_door || answer.status == StatusCode::UNAUTHORIZED) {
                open.push(format!("{name}: {} {} {}", info.method, info.path, answer.status));
            }
        }
    }
    world.base.clock.advance(TimeDelta::hours(13));
    for info in &closed {
        let answer = world.sample(&host, Who::Cookie(&side.cookie), info, &side.ids).await;
        if !answer.header("location").starts_with("/entrar?voltar=") && answer.status != StatusCode::UNAUTHORIZED {
            open.push(format!("expired: {} {} {}", info.method, info.path, answer.status));
        }
    }
    assert!(open.is_empty(), "{open:#?}");
    assert_eq!(world.contents(&side.unidade).await, before);
}

/// Between the first factor and the second nobody is anybody: what the browser was given opens no closed route, neither under its
/// own name nor under a sessão's (ASVS V6.4.3).
#[tokio::test]
async fn who_has_yet_to_confirm_comes_to_no_closed_route() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, schema) = (host(&side.unidade), side.unidade.names().schema());
    world.person(&side.unidade, "Administrador", "meia@alfa.example").await;
    for rule in ["oferecido", "exigido"] {
        if rule == "oferecido" {
            let own = format!(
                "SELECT gen_random_uuid(), id, 'email', now(), now() FROM {schema}.usuario WHERE email = 'meia@alfa.example'"
            );
            world
                .base
                .execute(&format!("INSERT INTO {schema}.fator (id, usuario_id, method, created_at, confirmed_at) {own}"))
                .await;
        } else {
            // Nothing to prove yet, and something required.
            world
                .base
                .execute(&format!("DELETE FROM {schema}.fator; UPDATE {schema}.perfil SET segundo_fator = 'exigido'"))
                .await;
        }
        let form = format!("email=meia@alfa.example&senha={}", crate::support::SENHA);
        let answer = world.post(&host, Who::Nobody, "/entrar", &form).await;
        assert!(answer.cookie("__Host-sessao").is_none(), "{answer:?}");
        let passo = answer.cookie("__Host-passo").expect("the second factor is asked");
        let as_session = passo.replace("__Host-passo", "__Host-sessao");
        let before = world.contents(&side.unidade).await;
        let mut open = Vec::new();
        for info in routes().iter().filter(|info| is_closed(info)) {
            for cookie in [&passo, &as_session] {
                let answer = world.sample(&host, Who::Cookie(cookie), info, &side.ids).await;
                let to_the_door =
                    answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/entrar?voltar=");
                if !(to_the_door || answer.status == StatusCode::UNAUTHORIZED) {
                    open.push(format!("{rule}: {} {} {}", info.method, info.path, answer.status));
                }
            }
        }
        assert!(open.is_empty(), "{open:#?}");
        assert_eq!(world.contents(&side.unidade).await, before);
    }
}

/// Whoever lacks a route's permission is refused with 403, the refusal is in the trail, and nothing else changed.
#[tokio::test]
async fn a_perfil_without_the_permission_is_refused() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, schema) = (host(&side.unidade), side.unidade.names().schema());
    world.base.execute(&format!("INSERT INTO {schema}.perfil (id, nome, created_at, updated_at) VALUES ('01900000-0000-7000-8000-0000000000ff', 'Nada', now(), now())")).await;
    let cookie = world.person(&side.unidade, "Nada", "nada@alfa.example").await;
    let before = world.contents(&side.unidade).await;
    let refused = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'acesso.recusado'");
    let mut open = Vec::new();
    for info in routes() {
        let web::Access::Needs(permission) = &info.access else { continue };
        let noted = world.base.number(&refused).await;
        let answer = world.sample(&host, Who::Cookie(&cookie), &info, &side.ids).await;
        if answer.status != StatusCode::FORBIDDEN || world.base.number(&refused).await != noted + 1 {
            open.push(format!("{} {} needs {permission}: {}", info.method, info.path, answer.status));
        }
    }
    assert!(open.is_empty(), "{open:#?}");
    assert_eq!(world.contents(&side.unidade).await, before);
}

/// A page of another site cannot make a browser change anything (threat 12).
#[tokio::test]
async fn another_site_changes_nothing() {
    use axum::{
        body::Body,
        http::{Request, header},
    };
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let host = host(&side.unidade);
    let before = world.base.fingerprint(&side.unidade).await;
    for info in routes().iter().filter(|info| info.mutates) {
        for origin in [Some("https://evil.example"), Some("https://beta.sri.example"), Some("null"), None] {
            let target = crate::support::filled(info.sample.target, &side.ids);
            let mut request = Request::builder()
                .method(&info.method)
                .uri(target)
                .header(header::HOST, &host)
                .header(header::COOKIE, &side.cookie);
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin).header("sec-fetch-site", "cross-site");
            }
            let body = crate::support::filled(info.sample.body, &side.ids);
            let request =
                request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(body)).unwrap();
            let answer = world.send(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {} from {origin:?}", info.method, info.path);
        }
    }
    assert_eq!(world.base.fingerprint(&side.unidade).await, before);
}
