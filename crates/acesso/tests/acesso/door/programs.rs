//! Programs, by their tokens.

use axum::http::StatusCode;

use super::Door;
use crate::house::{ANA, count};

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
