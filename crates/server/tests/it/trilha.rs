//! The trail of a unidade at the door: narrowed, and taken away as a file (S0-13.4, S0-13.5).

use axum::http::StatusCode;

use crate::support::{Who, World, host};

#[tokio::test]
async fn the_trail_is_narrowed_and_taken_away_and_that_is_told() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let get = async |path: &str| world.get(&host, who, path).await;
    let page = get("/configuracoes/auditoria?acao=acesso.entrou").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Entrou") && page.body.contains("acao=acesso.entrou"));
    let none = get("/configuracoes/auditoria?sobre=nada").await;
    assert!(!none.body.contains("trail-fields"));

    for (format, begin) in [("xlsx", "PK"), ("pdf", "%PDF"), ("csv", "\u{feff}")] {
        let file = get(&format!("/configuracoes/auditoria/exportar.{format}?acao=acesso.entrou")).await;
        assert_eq!(file.status, StatusCode::OK, "{format}");
        assert!(file.body.starts_with(begin), "{format}");
    }
    let told = format!(
        "SELECT count(*) FROM {}.auditoria WHERE action = 'auditoria.exportada' AND after->>'filters' LIKE '%Entrou%'",
        side.unidade.names().schema()
    );
    assert_eq!(world.base.number(&told).await, 3);
    let csv = get("/configuracoes/auditoria/exportar.csv?acao=auditoria.exportada").await;
    assert_eq!(csv.body.lines().count(), 4, "a heading and the three before: {}", csv.body);
}
