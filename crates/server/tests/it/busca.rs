//! One box over everything: it shows what the lists would, to nobody more.

use axum::http::StatusCode;

use crate::support::{Who, World, host};

/// S0-14.4
#[tokio::test]
async fn everybody_finds_what_they_may_see_and_nothing_of_another_unidade() {
    let world = World::new().await;
    let (alfa, beta) = (world.side(&world.base.alfa).await, world.side(&world.base.beta).await);
    let (name, schema) = (host(&alfa.unidade), alfa.unidade.names().schema());
    world.base.execute(&format!("UPDATE {}.empresa SET nome = 'Só da beta Ltda'", beta.unidade.names().schema())).await;
    let found = async |who: Who<'_>, text: &str| world.get(&name, who, &format!("/busca?q={text}")).await;

    let link = format!("/empresas/{}", alfa.ids["empresa"]);
    let json = found(Who::Bearer(&alfa.bearer), "aurora").await;
    assert!(json.status == StatusCode::OK && json.body.starts_with(r#"{"items":[{"#) && json.body.contains(&link), "{json:?}");
    let page = found(Who::Cookie(&alfa.cookie), "12.ABC.345").await;
    assert!(page.body.contains(&link) && page.body.contains("<!doctype html>"), "{page:?}");
    for nothing in ["beta", "a", "", "lixeira", "%25", "zzzzz"] {
        let answer = found(Who::Bearer(&alfa.bearer), nothing).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, r#"{"items":[]}"#), "{nothing}");
    }
    // Who may see their own only, and is responsável for none, finds none; who may see nothing is offered no search.
    world
        .base
        .execute(&format!(
            "INSERT INTO {schema}.perfil (id, nome, created_at, updated_at)
             VALUES ('01900000-0000-7000-8000-0000000000fe', 'Própria', now(), now()), ('01900000-0000-7000-8000-0000000000ff', 'Nada', now(), now());
             INSERT INTO {schema}.perfil_permissao (perfil_id, permissao, escopo)
             VALUES ('01900000-0000-7000-8000-0000000000fe', 'empresas.empresa.ver', 'proprias')"
        ))
        .await;
    let own = world.person(&alfa.unidade, "Própria", "propria@alfa.example").await;
    let narrow = found(Who::Cookie(&own), "aurora").await;
    assert!(narrow.status == StatusCode::OK && !narrow.body.contains(&link), "{narrow:?}");
    assert!(narrow.body.contains("data-search"));
    let none = world.person(&alfa.unidade, "Nada", "nada@alfa.example").await;
    let refused = found(Who::Cookie(&none), "aurora").await;
    assert!(refused.status == StatusCode::OK && !refused.body.contains(&link) && !refused.body.contains("data-search"));
}
