//! Consentimentos at the door: the page of a letter, the page of an account, and the register as files.

use axum::http::StatusCode;

use crate::support::{Who, World, host};

/// Words of another unidade's link, of none and of a wrong one are the same, whoever asks.
#[tokio::test]
async fn a_link_that_leads_nowhere_says_nothing() {
    let world = World::new().await;
    let (alfa, beta) = (world.side(&world.base.alfa).await, world.side(&world.base.beta).await);
    let here = host(&alfa.unidade);
    let page = |token: &str| format!("/privacidade/consentimentos/{token}");
    let good = world.get(&here, Who::Nobody, &page(&alfa.ids["consentimento_carta"])).await;
    assert_eq!(good.status, StatusCode::OK);
    assert!(good.body.contains("Enviar o boletim.") && good.body.contains("Autorizo"), "{good:?}");
    // Neither a cache nor another site learns the address.
    assert_eq!((good.header("cache-control"), good.header("referrer-policy")), ("no-store", "same-origin"));
    let main = |body: &str| body.split_once("<main").map(|(_, main)| main.to_owned()).unwrap();
    let foreign = world.get(&here, Who::Nobody, &page(&beta.ids["consentimento_carta"])).await;
    for token in ["x", &"A".repeat(43), &alfa.ids["pedido_link"]] {
        let other = world.get(&here, Who::Nobody, &page(token)).await;
        assert_eq!((other.status, main(&other.body)), (StatusCode::NOT_FOUND, main(&foreign.body)), "{token}");
        let answered = world.post(&here, Who::Nobody, &page(token), "resposta=dado&versao=1").await;
        assert_eq!((answered.status, main(&answered.body)), (StatusCode::NOT_FOUND, main(&foreign.body)), "{token}");
    }
}

#[tokio::test]
async fn a_letter_is_answered_without_an_account_for_the_words_that_were_shown() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, schema) = (host(&side.unidade), side.unidade.names().schema());
    let path = format!("/privacidade/consentimentos/{}", side.ids["consentimento_carta"]);
    let standing =
        format!("SELECT count(*) FROM {schema}.consentimento WHERE email = 'ana@consente.example' AND retirado_at IS NULL");
    let stale = world.post(&here, Who::Nobody, &path, "resposta=dado&versao=7").await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{stale:?}");
    let wrong = world.post(&here, Who::Nobody, &path, "resposta=talvez&versao=1").await;
    assert_eq!((wrong.status, world.base.number(&standing).await), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    for (resposta, n) in [("dado", 1), ("dado", 1), ("recusado", 0), ("recusado", 0)] {
        let done = world.post(&here, Who::Nobody, &path, &format!("resposta={resposta}&versao=1")).await;
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, path.as_str()), "{done:?}");
        assert_eq!(world.base.number(&standing).await, n, "{resposta}");
    }
}

/// Anybody's own page; the register only for whoever keeps it.
#[tokio::test]
async fn an_account_chooses_for_itself_and_sees_nobody_else() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, schema) = (host(&side.unidade), side.unidade.names().schema());
    let leitor = world.person(&side.unidade, "Leitor", "leo@alfa.example").await;
    let who = Who::Cookie(&leitor);
    let own = world.get(&here, who, "/conta/privacidade").await;
    assert!(own.body.contains("Enviar o boletim.") && !own.body.contains("consente.example"), "{own:?}");
    let path = format!("/conta/privacidade/consentimentos/{}", side.ids["finalidade"]);
    let given = world.post(&here, who, &path, "resposta=dado&versao=1").await;
    assert_eq!(given.header("location"), "/conta/privacidade", "{given:?}");
    let own = format!("SELECT count(*) FROM {schema}.consentimento WHERE email = 'leo@alfa.example' AND meio = 'conta'");
    assert_eq!(world.base.number(&own).await, 1);
    for path in
        ["/configuracoes/privacidade/finalidades", &format!("/configuracoes/privacidade/finalidades/{}", side.ids["finalidade"])]
    {
        assert_eq!(world.get(&here, who, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_register_and_a_proof_go_out_as_files_and_that_is_noted() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, schema) = (host(&side.unidade), side.unidade.names().schema());
    let who = Who::Cookie(&side.cookie);
    let one = format!("UPDATE {schema}.consentimento SET nome = '=SOMA(1)', retirado_at = now(), retirado_meio = 'conta'");
    world.base.execute(&one).await;
    let file = async |format: &str| {
        let path = format!("/configuracoes/privacidade/finalidades/{}/exportar.{format}", side.ids["finalidade"]);
        world.get(&here, who, &path).await.body
    };
    let csv = file("csv").await;
    assert!(csv.contains("CON-1") && csv.contains("rita@consente.example") && csv.contains("Retirado"), "{csv}");
    assert!(csv.contains("'=SOMA(1)"), "what people type is no formula: {csv}");
    assert!(file("xlsx").await.starts_with("PK") && file("pdf").await.starts_with("%PDF"));
    let proof = format!("/configuracoes/privacidade/consentimentos/{}/prova.pdf", side.ids["consentimento"]);
    assert!(world.get(&here, who, &proof).await.body.starts_with("%PDF"));
    let noted = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'privacidade.consentimento_exportado'");
    assert_eq!(world.base.number(&noted).await, 4);
}
