//! Comunicados, what somebody was told before, and when their letters leave, through the door.

use axum::http::StatusCode;

use crate::support::{Who, World, host};

const ID: &str = "01900000-0000-7000-8000-0000000009f1";

/// S0-10.7, S0-10.9: looked at first, sent once, read by whom it concerns, put away for good.
#[tokio::test]
async fn a_comunicado_is_looked_at_sent_and_put_away() {
    let world = World::new().await;
    let side = world.side_without_empresas(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let (host, chefe) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let leitora = world.person(&side.unidade, "Leitor", "leitora@alfa.example").await;
    let leitora = Who::Cookie(&leitora);
    assert_eq!(world.get(&host, leitora, "/").await.header("location"), "/empresas");
    for path in ["/comunicados", "/comunicados/novo"] {
        assert_eq!(world.get(&host, leitora, path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(world.get(&host, chefe, path).await.status, StatusCode::OK, "{path}");
    }

    let form = format!(
        "id={ID}&titulo=Parada&texto=%C3%80s+18+h%0A%3Cb%3Etudo%3C%2Fb%3E&para=todos&avisar=sim&mostrar=sim&data_inicio=2026-11-23&data_fim=2026-11-24"
    );
    let count = async |from: &str| world.base.number(&format!("SELECT count(*) FROM {schema}.{from}")).await;
    let mine = format!("comunicado WHERE id = '{ID}'");
    let before = count("notificacao").await;
    let looked = world.post(&host, chefe, "/comunicados", &format!("passo=conferir&{form}")).await;
    assert_eq!((looked.status, count(&mine).await), (StatusCode::OK, 0), "{looked:?}");
    let people = count("usuario WHERE kind = 'pessoa' AND ativo").await;
    assert!(looked.body.contains(&format!("Vai para {people} pessoas")), "{looked:?}");
    let wrong =
        world.post(&host, chefe, "/comunicados", &format!("passo=publicar&{}", form.replace("titulo=Parada", "titulo="))).await;
    assert_eq!((wrong.status, count(&mine).await), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    for _ in 0..2 {
        let sent = world.post(&host, chefe, "/comunicados", &format!("passo=publicar&{form}")).await;
        assert_eq!(
            (sent.status, sent.header("location")),
            (StatusCode::SEE_OTHER, format!("/comunicados/{ID}/leitores").as_str())
        );
    }
    assert_eq!((count(&mine).await, count("notificacao").await - before), (1, people));
    let other = world.post(&host, chefe, "/comunicados", &format!("passo=publicar&{}", form.replace("Parada", "Festa"))).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "the same form with other words");

    let page = world.get(&host, leitora, "/").await;
    assert!(page.status == StatusCode::OK && page.body.contains("&#60;b&#62;tudo"), "{page:?}");
    let bell = format!(
        "SELECT n.id::text FROM {schema}.notificacao n JOIN {schema}.usuario u ON u.id = n.usuario_id WHERE u.email = 'leitora@alfa.example'"
    );
    let bell = world.text(&bell).await;
    let opened = world.post(&host, leitora, &format!("/notificacoes/{bell}/abrir"), "").await;
    assert_eq!(opened.header("location"), format!("/comunicados/{ID}"));
    let readers = world.get(&host, chefe, &format!("/comunicados/{ID}/leitores?mostrar=lidos")).await;
    assert_eq!(readers.status, StatusCode::OK, "{readers:?}");
    assert_eq!(count("comunicado_leitura WHERE read_at IS NOT NULL").await, 1);
    assert_eq!(world.get(&host, leitora, "/").await.status, StatusCode::OK, "read is not put away");
    let away = world.post(&host, leitora, &format!("/comunicados/{ID}/dispensar"), "").await;
    assert_eq!(away.header("location"), "/");
    assert_eq!(world.get(&host, leitora, "/").await.header("location"), "/empresas");
    assert_eq!(world.get(&host, leitora, &format!("/comunicados/{ID}")).await.status, StatusCode::OK, "found again by the bell");
    assert_eq!(world.get(&host, chefe, "/").await.status, StatusCode::OK, "another's is still there");
    let unread = format!("notificacao WHERE href = '/comunicados/{ID}' AND read_at IS NULL");
    let before = count(&unread).await;
    world.post(&host, chefe, &format!("/comunicados/{ID}/dispensar"), "").await;
    assert_eq!(before - count(&unread).await, 1, "what was put away does not ring either");

    // Over where the unidade is, on the day after the last.
    world.base.clock.advance(chrono::TimeDelta::hours(38));
    let late = world.person(&side.unidade, "Leitor", "tardia@alfa.example").await;
    assert_eq!(world.get(&host, Who::Cookie(&late), "/").await.header("location"), "/empresas");
    assert_eq!(world.get(&host, Who::Cookie(&late), &format!("/comunicados/{ID}")).await.status, StatusCode::NOT_FOUND);
}

/// S0-10.8: read and unread, by kind, by words.
#[tokio::test]
async fn what_somebody_was_told_is_found_again() {
    let world = World::new().await;
    let side = world.side_without_empresas(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let sent = world
        .post(&host, who, "/comunicados", &format!("passo=publicar&id={ID}&titulo=F%C3%A9rias&texto=x&para=todos&avisar=sim"))
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sent:?}");
    let has = async |query: &str| {
        let page = world.get(&host, who, &format!("/notificacoes{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        page.body.matches("notice-open").count()
    };
    assert_eq!(has("").await, 2, "and the importação of the samples");
    assert_eq!((has("?q=FERIAS").await, has("?q=nada+disso").await, has("?q=%25").await), (1, 0, 0));
    assert_eq!((has("?tipo=acesso.comunicado").await, has("?tipo=acesso.conta").await), (1, 0));
    assert_eq!(has("?mostrar=nao-lidas&tipo=acesso.comunicado").await, 1);
    world.post(&host, who, "/notificacoes/lidas", "volta=%2Fnotificacoes").await;
    assert_eq!((has("?mostrar=nao-lidas&q=ferias").await, has("?q=ferias").await), (0, 1), "read is kept");
}

#[tokio::test]
async fn a_person_says_when_letters_may_come() {
    let world = World::new().await;
    let side = world.side_without_empresas(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let path = "/conta/notificacoes/horario";
    let kept = async |what: &str| world.base.number(&format!("SELECT count(*) FROM {schema}.notificacao_horario {what}")).await;
    for (wrong, said) in [
        ("silencio=sim&inicio=22%3A00&fim=22%3A00&resumo=", "Termine em outra hora"),
        ("silencio=sim&inicio=25%3A00&fim=07%3A00&resumo=", "Escreva uma hora"),
        ("silencio=sim&inicio=22%3A00&fim=07%3A00&resumo=23", "Escolha outra para o resumo"),
        ("resumo=24", "form-mistakes"),
    ] {
        let refused = world.post(&host, who, path, wrong).await;
        assert_eq!((refused.status, kept("").await), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{wrong}");
        assert!(said == "form-mistakes" || refused.body.contains(said), "{wrong}: {refused:?}");
    }
    for _ in 0..2 {
        let saved = world.post(&host, who, path, "silencio=sim&inicio=20%3A00&fim=07%3A00&resumo=8").await;
        assert_eq!(saved.header("location"), "/conta/notificacoes");
    }
    assert_eq!(kept("WHERE silencio_inicio = '20:00' AND silencio_fim = '07:00' AND resumo_hora = 8").await, 1);
    let page = world.get(&host, who, "/conta/notificacoes").await;
    assert!(
        page.body.contains(r#"value="20:00""#) && page.body.contains("Prazo de incidentes."),
        "what cannot wait is named: {page:?}"
    );
    let told = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'notificacao.horario'");
    assert_eq!(world.base.number(&told).await, 1, "the same once more is no change");
    world.post(&host, who, path, "resumo=").await;
    assert_eq!(kept("").await, 0, "what says nothing is kept by forgetting");
}

/// Dead letters are there to be seen, sent again and put away, by whoever sets up the e-mail.
#[tokio::test]
async fn what_was_not_delivered_is_seen_and_sent_again() {
    let world = World::new().await;
    let side = world.side_without_empresas(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let path = "/configuracoes/email/devolvidas";
    let page = world.get(&host, who, path).await;
    assert!(page.body.contains("Este endereço não existe") && page.body.contains("ninguem@fora.example"), "{page:?}");
    let dead = async || world.base.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE state = 'dead'")).await;
    let before = dead().await;
    for (what, done, left) in [("reenviar", StatusCode::SEE_OTHER, 1), ("reenviar", StatusCode::NOT_FOUND, 1)] {
        let sent = world.post(&host, who, &format!("{path}/{}/{what}", side.ids["devolvida"]), "").await;
        assert_eq!((sent.status, before - dead().await), (done, left), "{sent:?}");
    }
    let gone = world.post(&host, who, &format!("{path}/{}/descartar", side.ids["devolvida.outra"]), "").await;
    assert_eq!((gone.status, before - dead().await), (StatusCode::SEE_OTHER, 2));
    let told = format!("SELECT count(*) FROM {schema}.auditoria WHERE action IN ('mensagem.reenviada', 'mensagem.descartada')");
    assert_eq!(world.base.number(&told).await, 2);
    let leitora = world.person(&side.unidade, "Leitor", "leitora@alfa.example").await;
    assert_eq!(world.get(&host, Who::Cookie(&leitora), path).await.status, StatusCode::FORBIDDEN);
}
