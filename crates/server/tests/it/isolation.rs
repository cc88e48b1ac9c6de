//! What one unidade's people can do to another: nothing, and nobody learns what is there (security.md 1, layers 2 and 3).

use axum::http::StatusCode;

use crate::support::{Side, Who, World, host, is_api, is_closed, routes};

async fn both(world: &World) -> (Side, Side) {
    (world.side(&world.base.alfa).await, world.side(&world.base.beta).await)
}

/// The administrador of alfa, with beta's ids in the address: as if they were not there.
#[tokio::test]
async fn ids_of_another_unidade_do_not_exist() {
    let world = World::new().await;
    let (alfa, beta) = both(&world).await;
    let (here, there) = (world.contents(&alfa.unidade).await, world.base.fingerprint(&beta.unidade).await);
    let mut leaks = Vec::new();
    for info in routes().iter().filter(|info| !info.ids.is_empty()) {
        let who = if is_api(info) { Who::Bearer(&alfa.bearer) } else { Who::Cookie(&alfa.cookie) };
        let answer = world.sample(&host(&alfa.unidade), who, info, &beta.ids).await;
        if !matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            leaks.push(format!("{} {}: {}", info.method, info.path, answer.status));
        }
        for secret in ["Aurora", "beta.example"] {
            if answer.body.contains(secret) && info.ids != ["logo"] {
                leaks.push(format!("{} {} says {secret}", info.method, info.path));
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
    assert_eq!(world.contents(&alfa.unidade).await, here);
    assert_eq!(world.base.fingerprint(&beta.unidade).await, there);
}

/// Alfa's cookie and token on beta's host, and alfa's password at beta's door.
#[tokio::test]
async fn nothing_that_opens_alfa_opens_beta() {
    let world = World::new().await;
    let (alfa, beta) = both(&world).await;
    let (here, there) = (world.contents(&alfa.unidade).await, world.contents(&beta.unidade).await);
    let mut open = Vec::new();
    for info in routes().iter().filter(|info| is_closed(info)) {
        for (name, who) in [("cookie", Who::Cookie(&alfa.cookie)), ("token", Who::Bearer(&alfa.bearer))] {
            let answer = world.sample(&host(&beta.unidade), who, info, &beta.ids).await;
            let to_the_door = answer.header("location").starts_with("/entrar?voltar=");
            if !to_the_door && answer.status != StatusCode::UNAUTHORIZED {
                open.push(format!("{name}: {} {} {}", info.method, info.path, answer.status));
            }
        }
    }
    assert!(open.is_empty(), "{open:#?}");
    let form = format!("email={}&senha={}", alfa.ids["usuario.email"], alfa.ids["usuario.senha"]);
    let answer = world.post(&host(&beta.unidade), Who::Nobody, "/entrar", &form).await;
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.cookie("__Host-sessao").is_none(), "{}", answer.status);
    assert_eq!(world.contents(&alfa.unidade).await, here);
    assert_eq!(world.contents(&beta.unidade).await, there);
}

/// On the API host the token alone says whose it is (P-4, P-5).
#[tokio::test]
async fn on_the_api_host_a_token_opens_its_own_unidade() {
    let world = World::new().await;
    let (alfa, beta) = both(&world).await;
    world
        .base
        .execute(&format!("UPDATE {}.empresa SET nome = 'Só de beta', nome_fantasia = NULL", beta.unidade.names().schema()))
        .await;
    for (side, own, other) in [(&alfa, "Aurora", "Só de beta"), (&beta, "Só de beta", "Aurora")] {
        let answer = world.get("api.sri.example", Who::Bearer(&side.bearer), "/api/v1/empresas").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert!(answer.body.contains(own) && !answer.body.contains(other), "{}", answer.body);
        for foreign in [&alfa, &beta].into_iter().filter(|foreign| foreign.unidade.id != side.unidade.id) {
            let target = format!("/api/v1/empresas/{}", foreign.ids["empresa"]);
            assert_eq!(world.get("api.sri.example", Who::Bearer(&side.bearer), &target).await.status, StatusCode::NOT_FOUND);
        }
    }
    assert_eq!(
        world.get("api.sri.example", Who::Cookie(&alfa.cookie), "/api/v1/empresas").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        world.get("api.sri.example", Who::Nobody, "/empresas").await.status,
        StatusCode::NOT_FOUND,
        "pages live elsewhere"
    );
    // Two ways of saying who one is are one too many.
    let both_ways = http::Request::get("/api/v1/empresas")
        .header("host", "alfa.sri.example")
        .header("cookie", &alfa.cookie)
        .header("authorization", format!("Bearer {}", alfa.bearer))
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(world.send(both_ways).await.status, StatusCode::UNAUTHORIZED);
}

/// A genuine token of alfa on beta's host stands in beta's trail; made-up ones write nothing anywhere.
#[tokio::test]
async fn only_a_genuine_foreign_token_is_news() {
    let world = World::new().await;
    let (alfa, beta) = both(&world).await;
    let refused = format!("SELECT count(*) FROM {}.auditoria WHERE action = 'acesso.recusado'", beta.unidade.names().schema());
    let forged = format!("{}x", alfa.bearer);
    for bearer in ["x", "a.b.c", &forged, ""] {
        let answer = world.get(&host(&beta.unidade), Who::Bearer(bearer), "/entrar").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{bearer}");
    }
    assert_eq!(world.base.number(&refused).await, 0);
    assert_eq!(world.get(&host(&beta.unidade), Who::Bearer(&alfa.bearer), "/entrar").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.base.number(&refused).await, 1);
}

/// A suspended unidade answers nobody; its data wait.
#[tokio::test]
async fn a_suspended_unidade_answers_nobody() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let before = world.base.fingerprint(&side.unidade).await;
    world.base.execute("UPDATE platform.unidade SET status = 'suspended', version = version + 1 WHERE slug = 'alfa'").await;
    world.house.gates.registry.forget(side.unidade.id);
    let mut open = Vec::new();
    for info in routes() {
        let who = if is_api(&info) { Who::Bearer(&side.bearer) } else { Who::Cookie(&side.cookie) };
        let answer = world.sample(&host(&side.unidade), who, &info, &side.ids).await;
        if answer.status != StatusCode::FORBIDDEN {
            open.push(format!("{} {}: {}", info.method, info.path, answer.status));
        }
    }
    assert!(open.is_empty(), "{open:#?}");
    let api = world.get("api.sri.example", Who::Bearer(&side.bearer), "/api/v1/empresas").await;
    assert_eq!(api.status, StatusCode::FORBIDDEN);
    assert_eq!(world.base.fingerprint(&side.unidade).await, before);
}

/// A module beyond the core is there for the unidades that have it, and for no other.
#[tokio::test]
async fn a_module_can_be_switched_off_for_a_unidade() {
    let world = World::new().await.with_modules(vec![acesso::module(), web::Module { core: false, ..empresas::module() }]);
    let side = world.side_without_empresas(&world.base.alfa).await;
    let host = host(&side.unidade);
    for info in empresas::module().route_infos() {
        let answer = world.sample(&host, Who::Cookie(&side.cookie), &info, &side.ids).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{} {}", info.method, info.path);
    }
    assert!(!world.get(&host, Who::Cookie(&side.cookie), "/conta").await.body.contains("href=\"/empresas\""));
    world.base.execute("UPDATE platform.unidade SET modules = '{empresas}', version = version + 1 WHERE slug = 'alfa'").await;
    world.house.gates.registry.forget(side.unidade.id);
    assert_eq!(world.get(&host, Who::Cookie(&side.cookie), "/empresas").await.status, StatusCode::OK);
}
