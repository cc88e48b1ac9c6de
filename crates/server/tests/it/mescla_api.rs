//! One empresa of two over REST: the pairs, a choice by field, the same request twice, the way back; and what is known of a CNPJ.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

use crate::support::{Answer, Side, Who, World, host};

async fn world() -> (World, Side) {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    (world, side)
}

async fn posted(world: &World, side: &Side, path: &str, key: Option<&str>, body: &Value) -> Answer {
    let mut request = Request::builder()
        .method("POST")
        .uri(path)
        .header(header::HOST, host(&side.unidade))
        .header(header::AUTHORIZATION, format!("Bearer {}", side.bearer))
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
}

#[tokio::test]
async fn a_program_finds_a_pair_merges_it_once_and_parts_it_again() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let (fica, sai) = (&side.ids["empresa"], &side.ids["empresa.outra"]);
    let schema = side.unidade.names().schema();
    world
        .base
        .execute(&format!(
            "DELETE FROM {schema}.empresa_par;
             INSERT INTO {schema}.empresa_par (first_id, last_id, raiz, nome, email, telefone, score)
             VALUES (least('{fica}'::uuid, '{sai}'::uuid), greatest('{fica}'::uuid, '{sai}'::uuid), true, 80, false, false, 90)"
        ))
        .await;
    let pairs = read(&world.get(&host, who, "/api/v1/empresas/duplicadas?motivo=raiz&limit=1").await);
    assert_eq!((&pairs["total"], &pairs["items"][0]["score"]), (&json!(1), &json!(90)));
    assert_eq!(pairs["items"][0]["empresas"].as_array().unwrap().len(), 2);
    assert_eq!(world.get(&host, who, "/api/v1/empresas/duplicadas?motivo=x").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.get(&host, who, "/api/v1/empresas/duplicadas?cursor=00").await.status, StatusCode::BAD_REQUEST);

    let path = format!("/api/v1/empresas/{fica}/mesclas");
    let body = |version: i32, escolhas: Value| json!({ "sai": sai, "version": version, "version_sai": 1, "escolhas": escolhas });
    let stale = posted(&world, &side, &path, None, &body(7, json!({}))).await;
    assert_eq!((stale.status, read(&stale)["code"].as_str()), (StatusCode::CONFLICT, Some("conflict")), "{stale:?}");
    assert_eq!(stale.header("content-type"), "application/problem+json");
    for (escolhas, field) in [(json!({ "uf": "sai" }), "escolhas"), (json!({ "nome": "ambas" }), "nome")] {
        let wrong = posted(&world, &side, &path, None, &body(1, escolhas)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert_eq!(read(&wrong)["errors"][0]["field"], field, "{wrong:?}");
    }
    let itself = posted(&world, &side, &path, None, &json!({ "sai": fica, "version": 1, "version_sai": 1 })).await;
    assert_eq!(itself.status, StatusCode::UNPROCESSABLE_ENTITY, "{itself:?}");

    let wish = body(1, json!({ "nome": "sai" }));
    let done = posted(&world, &side, &path, Some("mescla-1"), &wish).await;
    assert_eq!(done.status, StatusCode::CREATED, "{done:?}");
    let made = read(&done);
    assert_eq!((&made["fica"], &made["sai"]), (&json!(fica), &json!(sai)));
    assert!(made["campos"].as_array().unwrap().contains(&json!("nome")), "{made}");
    let mescla = done.header("location").to_owned();
    let again = posted(&world, &side, &path, Some("mescla-1"), &wish).await;
    assert_eq!((again.status, read(&again)), (StatusCode::CREATED, made.clone()), "the first answer");
    let other = posted(&world, &side, &path, Some("mescla-1"), &body(1, json!({}))).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "the key of another request");
    let pairs = read(&world.get(&host, who, "/api/v1/empresas/duplicadas").await);
    assert_eq!(pairs["total"], 0, "what is one is no pair");
    assert_eq!(read(&world.get(&host, who, &mescla).await)["undone_at"], Value::Null);

    let undone = world.post(&host, who, &format!("{mescla}/desfazer"), "").await;
    assert_eq!((undone.status, undone.header("etag")), (StatusCode::OK, "\"2\""), "{undone:?}");
    assert!(read(&undone)["undone_at"].is_string());
    let twice = world.post(&host, who, &format!("{mescla}/desfazer"), "").await;
    assert_eq!((twice.status, &read(&twice)["undone_at"]), (StatusCode::OK, &read(&undone)["undone_at"]));
    assert_eq!(world.get(&host, who, &format!("/api/v1/empresas/{sai}")).await.status, StatusCode::OK);
}

/// With the empresas of another unidade, or of other people, nothing can be made one.
#[tokio::test]
async fn what_is_not_in_reach_is_not_merged() {
    let (world, side) = world().await;
    let beta = world.side(&world.base.beta).await;
    let (fica, sai) = (&side.ids["empresa"], &side.ids["empresa.outra"]);
    let before = [world.contents(&side.unidade).await, world.contents(&beta.unidade).await];
    let foreign = &beta.ids["empresa"];
    for (one, other) in [(fica, foreign), (foreign, fica)] {
        let wish = json!({ "sai": other, "version": 1, "version_sai": 1 });
        let refused = posted(&world, &side, &format!("/api/v1/empresas/{one}/mesclas"), None, &wish).await;
        assert_eq!((refused.status, refused.header("content-type")), (StatusCode::NOT_FOUND, "application/problem+json"));
    }
    assert_eq!([world.contents(&side.unidade).await, world.contents(&beta.unidade).await], before);
    // Whoever reaches their own empresas only merges none of others', and hears of no pair of them.
    let own = world.person(&side.unidade, "Atendente", "estreita@alfa.example").await;
    let schema = side.unidade.names().schema();
    world
        .base
        .execute(&format!(
            "INSERT INTO {schema}.perfil_permissao (perfil_id, permissao, escopo)
             SELECT perfil_id, 'empresas.empresa.excluir', 'proprias' FROM {schema}.usuario WHERE email = 'estreita@alfa.example'
             ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO UPDATE SET escopo = excluded.escopo;
             UPDATE {schema}.perfil_permissao SET escopo = 'proprias'
             WHERE permissao IN ('empresas.empresa.ver', 'empresas.empresa.alterar')
               AND perfil_id = (SELECT perfil_id FROM {schema}.usuario WHERE email = 'estreita@alfa.example');
             DELETE FROM {schema}.empresa_par;
             INSERT INTO {schema}.empresa_par (first_id, last_id, raiz, nome, email, telefone, score)
             VALUES (least('{fica}'::uuid, '{sai}'::uuid), greatest('{fica}'::uuid, '{sai}'::uuid), true, 80, false, false, 90)"
        ))
        .await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&own));
    let wish = json!({ "sai": sai, "version": 1, "version_sai": 1 }).to_string();
    let path = format!("/api/v1/empresas/{fica}/mesclas");
    let merge = async || world.ask(&host, who, &Method::POST, &path, &wish).await.status;
    let pairs = async || read(&world.get(&host, who, "/api/v1/empresas/duplicadas").await)["total"].clone();
    assert_eq!((merge().await, pairs().await), (StatusCode::NOT_FOUND, json!(0)), "neither is theirs");
    let give = async |id: &str| {
        let theirs = format!("(SELECT id FROM {schema}.usuario WHERE email = 'estreita@alfa.example')");
        world.base.execute(&format!("UPDATE {schema}.empresa SET responsavel_id = {theirs} WHERE id = '{id}'")).await;
    };
    give(fica).await;
    assert_eq!((merge().await, pairs().await), (StatusCode::NOT_FOUND, json!(0)), "one of them is not");
    give(sai).await;
    assert_eq!((pairs().await, merge().await), (json!(1), StatusCode::CREATED), "both are");
}

#[tokio::test]
async fn a_program_hears_what_is_known_of_a_cnpj() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let known = world.get(&host, who, "/api/v1/cnpjs/11222333000181").await;
    assert_eq!(known.status, StatusCode::OK, "{known:?}");
    let said = read(&known);
    assert_eq!(
        (&said["nome"], &said["provedor"], &said["stale"]),
        (&json!("Tecelagem Serra"), &json!("receitaws"), &json!(false))
    );
    let wrong = world.get(&host, who, "/api/v1/cnpjs/11222333000182").await;
    assert_eq!((wrong.status, read(&wrong)["errors"][0]["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("cnpj")));
    // Of another one nothing is known, and nobody is asked here.
    let nobody = world.get(&host, who, "/api/v1/cnpjs/12ABC34501DE35").await;
    assert_eq!(nobody.status, StatusCode::SERVICE_UNAVAILABLE, "{nobody:?}");
    assert_eq!(nobody.header("content-type"), "application/problem+json");
}
