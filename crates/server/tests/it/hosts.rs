//! Which site a request reaches: by its Host alone (P-3, threats 1 and 2).

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use crate::support::{Who, World, host};

async fn status(world: &World, host: &str) -> StatusCode {
    world.get(host, Who::Nobody, "/entrar").await.status
}

#[tokio::test]
async fn case_port_and_one_final_dot_name_the_same_unidade() {
    let world = World::new().await;
    for same in ["alfa.sri.example", "ALFA.sri.Example", "alfa.sri.example:8443", "alfa.sri.example."] {
        assert_eq!(status(&world, same).await, StatusCode::OK, "{same}");
    }
}

#[tokio::test]
async fn whoever_is_not_there_is_421_without_a_hint() {
    let world = World::new().await;
    let unknown = world.get("gama.sri.example", Who::Nobody, "/entrar").await;
    assert_eq!(unknown.status, StatusCode::MISDIRECTED_REQUEST);
    for other in [
        "sri.example",
        "evil.example",
        "x.alfa.sri.example",
        "alfa.sri.example.evil.example",
        "127.0.0.1",
        "platform.sri.example",
    ] {
        let answer = world.get(other, Who::Nobody, "/entrar").await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{other}");
        assert!(!answer.body.contains("alfa") || other.contains("alfa"), "{other}");
    }
    for malformed in ["", "alfa.sri.example:x", "alfa..sri.example", "alfa_sri.example", "alfa.sri.example/x", "alfa sri.example"]
    {
        let answer = world.get(malformed, Who::Nobody, "/entrar").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{malformed:?}");
    }
}

/// What a client or a sloppy proxy adds decides nothing.
#[tokio::test]
async fn forwarded_headers_name_no_unidade() {
    let world = World::new().await;
    let alfa = world.side(&world.base.alfa).await;
    for name in
        ["x-forwarded-host", "forwarded", "x-original-host", "x-host", "x-tenant", "x-unidade", "x-rewrite-url", "x-original-url"]
    {
        let value = if name == "forwarded" { "host=beta.sri.example" } else { "beta.sri.example" };
        let request = Request::get("/conta")
            .header(header::HOST, host(&alfa.unidade))
            .header(header::COOKIE, &alfa.cookie)
            .header(name, value);
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert!(
            answer.status == StatusCode::OK && answer.body.contains("SENAI alfa") && !answer.body.contains("SENAI beta"),
            "{name}"
        );
    }
    let target = Request::get("http://beta.sri.example/entrar").header(header::HOST, "alfa.sri.example");
    assert_eq!(world.send(target.body(Body::empty()).unwrap()).await.status, StatusCode::BAD_REQUEST, "two authorities");
    let twice = Request::get("/entrar").header(header::HOST, "alfa.sri.example").header(header::HOST, "beta.sri.example");
    assert_eq!(world.send(twice.body(Body::empty()).unwrap()).await.status, StatusCode::BAD_REQUEST);
}

/// A custom domain reaches its unidade, and no domain can be taken below the platform's own name.
#[tokio::test]
async fn a_custom_domain_is_its_unidade() {
    let world = World::new().await;
    world
        .base
        .execute(
            "UPDATE platform.unidade SET custom_domain = 'sri.senai-alfa.example', version = version + 1 WHERE slug = 'alfa'",
        )
        .await;
    world.house.gates.registry.forget(world.base.alfa.id);
    let answer = world.get("sri.senai-alfa.example", Who::Nobody, "/entrar").await;
    assert!(answer.status == StatusCode::OK && answer.body.contains("SENAI alfa"), "{}", answer.status);
    assert_eq!(status(&world, "senai-alfa.example").await, StatusCode::MISDIRECTED_REQUEST);
}

/// Every answer, of whatever kind, carries the headers that browsers obey.
#[tokio::test]
async fn every_answer_is_dressed() {
    let world = World::new().await;
    let alfa = world.side(&world.base.alfa).await;
    let answers = [
        world.get(&host(&alfa.unidade), Who::Cookie(&alfa.cookie), "/empresas").await,
        world.get(&host(&alfa.unidade), Who::Nobody, "/nada").await,
        world.get("gama.sri.example", Who::Nobody, "/").await,
        world.get("api.sri.example", Who::Nobody, "/api/v1/whoami").await,
        world.get("console.sri.example", Who::Nobody, "/entrar").await,
    ];
    let mut nonces = Vec::new();
    for answer in &answers {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer:?}");
        assert!(
            !answer.header("referrer-policy").is_empty() && !answer.header("strict-transport-security").is_empty(),
            "{answer:?}"
        );
        let csp = answer.header("content-security-policy");
        assert!(csp.contains("default-src 'none'") || csp.contains("default-src 'self'"), "{csp}");
        assert!(
            csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe-inline") && !csp.contains("unsafe-eval"),
            "{csp}"
        );
        if let Some(nonce) = csp.split("'nonce-").nth(1) {
            nonces.push(nonce.split('\'').next().unwrap().to_owned());
        }
    }
    let drawn = nonces.len();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), drawn, "a nonce is used once");
}
