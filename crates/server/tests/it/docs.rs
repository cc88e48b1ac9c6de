//! The API's own description.

use axum::http::StatusCode;

use crate::support::{Who, World, is_api, routes};

/// Every API route is described, and nothing is described that is not there.
#[tokio::test]
async fn the_openapi_document_describes_the_routes_that_are_there() {
    let world = World::new().await;
    for host in ["alfa.sri.example", "api.sri.example"] {
        let answer = world.get(host, Who::Nobody, "/api/openapi.json").await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
        let document: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let mut described: Vec<String> = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            described.extend(operations.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
        }
        let mut declared: Vec<String> =
            routes().iter().filter(|info| is_api(info)).map(|info| format!("{} {}", info.method, info.path)).collect();
        described.sort();
        declared.sort();
        assert_eq!(described, declared);
        assert!(document["components"]["securitySchemes"].as_object().is_some_and(|all| !all.is_empty()));
    }
}

/// The page that shows it works under the content security policy, from the product's own files.
#[tokio::test]
async fn the_docs_page_is_served_by_the_product_alone() {
    let world = World::new().await;
    let page = world.get("alfa.sri.example", Who::Nobody, "/api/docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("//unpkg") && !page.body.contains("https://cdn"), "{}", page.body);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"), "{policy}");
    let start = world.get("alfa.sri.example", Who::Nobody, "/api/docs/swagger-initializer.js").await;
    assert!(start.body.contains("/api/openapi.json"), "{}", start.body);
}
