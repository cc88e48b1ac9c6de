//! What people choose to be told of, and the link of a letter, through the door.

use axum::http::StatusCode;

use crate::support::{Who, World, host};

async fn wishes(world: &World, schema: &str) -> i64 {
    world.base.number(&format!("SELECT count(*) FROM {schema}.notificacao_preferencia")).await
}

/// The page without script: what is shown and not marked is unwanted, what is not shown stays.
#[tokio::test]
async fn switches_keep_what_a_person_chose() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let page = world.get(&host, who, "/conta/notificacoes").await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    let email = |page: &str, kind: &str| {
        let (_, rest) = page.split_once(&format!(r#"name="quer" value="{kind}:email""#)).expect("offered");
        rest.split('>').next().unwrap().contains(" checked")
    };
    assert!(!email(&page.body, "empresas.exportacao") && email(&page.body, "privacidade.pedido"), "few by e-mail by themselves");
    assert!(!page.body.contains(r#"value="acesso.suporte:email""#), "a locked one cannot be switched");
    assert!(page.body.contains("Carta própria"), "and says so");

    let form = "mostra=empresas.exportacao%3Aemail&mostra=empresas.exportacao%3Apanel&quer=empresas.exportacao%3Aemail\
                &quer=empresas.exportacao%3Apanel&mostra=acesso.suporte%3Apanel&mostra=nada.disso%3Aemail";
    for _ in 0..2 {
        let saved = world.post(&host, who, "/conta/notificacoes", form).await;
        assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/conta/notificacoes"), "{saved:?}");
        assert_eq!(wishes(&world, &schema).await, 1);
    }
    let page = world.get(&host, who, "/conta/notificacoes").await.body;
    assert!(email(&page, "empresas.exportacao") && email(&page, "privacidade.pedido"), "what was not shown is as it was");
    world.post(&host, who, "/conta/notificacoes/padrao", "").await;
    assert_eq!(wishes(&world, &schema).await, 0);
    let outside = world.get(&host, Who::Nobody, "/conta/notificacoes").await;
    assert_ne!(outside.status, StatusCode::OK);
}

/// RFC 8058: a mail program posts without a cookie; a scanner that opens the link changes nothing.
#[tokio::test]
async fn the_link_of_a_letter_stops_its_kind_and_nothing_else() {
    let world = World::new().await;
    let (alfa, beta) = (world.side(&world.base.alfa).await, world.side(&world.base.beta).await);
    let schema = alfa.unidade.names().schema();
    let on_alfa = host(&alfa.unidade);
    world
        .base
        .execute(&format!(
            "UPDATE {schema}.mensagem SET kind = 'privacidade.pedido' WHERE descadastro = '{}'",
            alfa.ids["descadastro"]
        ))
        .await;
    let path = format!("/notificacoes/parar/{}", alfa.ids["descadastro"]);
    let asks = world.get(&on_alfa, Who::Nobody, &path).await;
    assert_eq!((asks.status, wishes(&world, &schema).await), (StatusCode::OK, 0), "opening asks");
    for wrong in ["00000000-0000-7000-8000-000000000000", "x", beta.ids["descadastro"].as_str()] {
        let answer =
            world.post(&on_alfa, Who::Nobody, &format!("/notificacoes/parar/{wrong}"), "List-Unsubscribe=One-Click").await;
        assert_eq!((answer.status, wishes(&world, &schema).await), (StatusCode::NOT_FOUND, 0), "{wrong}");
    }
    for _ in 0..2 {
        let done = world.post(&on_alfa, Who::Nobody, &path, "List-Unsubscribe=One-Click").await;
        assert_eq!(done.status, StatusCode::OK, "{done:?}");
        assert!(!done.body.contains(&alfa.ids["usuario.email"]), "whoever has a forwarded letter learns nothing");
        assert!(done.cookie("__Host-sessao").is_none(), "nor comes in");
    }
    let one = format!(
        "SELECT count(*) FROM {schema}.notificacao_preferencia p JOIN {schema}.usuario u ON u.id = p.usuario_id
         WHERE u.email = '{}' AND p.kind = 'privacidade.pedido' AND p.channel = 'email' AND NOT p.wanted",
        alfa.ids["usuario.email"]
    );
    assert_eq!((world.base.number(&one).await, wishes(&world, &schema).await), (1, 1));
    let told = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'notificacao.preferida'");
    assert_eq!(world.base.number(&told).await, 1, "the second time changes nothing");
    assert_eq!(wishes(&world, &beta.unidade.names().schema()).await, 0);
}
