//! What the administrador keeps of the unidade's own at the door: etapas in their order, feriados of a year; and tarefas over REST.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

use crate::support::{Answer, Side, Who, World, host};

/// S0-15.4: what an etapa stands for is chosen once; the order is given by buttons that can be pressed again.
#[tokio::test]
async fn etapas_are_kept_in_the_order_of_the_unidade() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let list = "/configuracoes/etapas";
    let nothing = world.post(&here, who, list, "nome=Em+testes&cor=roxo").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "{nothing:?}");
    assert!(
        nothing.body.contains("id=\"e-situacao\"") && nothing.body.contains("Em testes"),
        "what was typed stays: {nothing:?}"
    );
    let made = world.post(&here, who, list, "nome=Em+testes&cor=roxo&situacao=concluida").await;
    assert_eq!(made.header("location"), list, "{made:?}");
    let schema = side.unidade.names().schema();
    let id = world.text(&format!("SELECT id::text FROM {schema}.demanda_etapa WHERE nome = 'Em testes'")).await;
    let one = format!("{list}/{id}");
    let page = world.get(&here, who, &one).await.body;
    assert!(!page.contains("name=\"situacao\""), "it is not asked again: {page}");
    let changed = world.post(&here, who, &one, "nome=Em+prova&cor=azul&situacao=cancelada").await;
    assert_eq!(changed.header("location"), list, "{changed:?}");
    let kept = format!("SELECT nome || ' ' || cor || ' ' || situacao FROM {schema}.demanda_etapa WHERE id = '{id}'");
    assert_eq!(world.text(&kept).await, "Em prova azul concluida", "whatever is sent");

    // Up: it is the first now, and what can be pressed next is its other button.
    let up = world.post(&here, who, &format!("{one}/mover"), "sentido=acima").await;
    assert_eq!(up.header("location"), format!("{list}#abaixo-{id}"), "{up:?}");
    let sides = world.post(&here, who, &format!("{one}/mover"), "sentido=fora").await;
    assert_eq!(sides.status, StatusCode::UNPROCESSABLE_ENTITY, "{sides:?}");
    let page = world.get(&here, who, list).await.body;
    let (own, padrao) = (page.find("Em prova").unwrap(), page.find(">Concluída</span></a>").unwrap());
    assert!(own < padrao, "{page}");

    // The padrão is told why it stays, and has no way out of the list; what is merged is of its situação.
    let padrao = format!("{list}/{}", side.ids["etapa.andamento"]);
    let page = world.get(&here, who, &padrao).await.body;
    assert!(page.contains("mas fica na lista") && !page.contains("/mesclar\"") && !page.contains("/excluir\""), "{page}");
    let gone = world.post(&here, who, &format!("{padrao}/excluir"), "").await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "{gone:?}");
    let apart = world.post(&here, who, &format!("{one}/mesclar"), &format!("em={}", side.ids["etapa.andamento"])).await;
    assert_eq!(apart.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(apart.body.contains("Só se mescla com um nome do mesmo grupo."), "{apart:?}");
    let offered = world.get(&here, who, &one).await.body;
    assert!(offered.contains(">Concluída</option>") && !offered.contains(">Proposta enviada</option>"), "{offered}");
}

/// A day is on the list once, in words that say why not, and nobody stumbles over somebody who was faster.
#[tokio::test]
async fn feriados_are_kept_by_the_year() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let list = "/configuracoes/feriados";
    let year = world.get(&here, who, list).await.body;
    assert!(year.contains("id=\"ano\">2026<") && year.contains("Sexta-feira Santa") && year.contains("10 nacionais"), "{year}");
    assert!(year.contains("nenhum da unidade") && year.contains("ficam como estão"), "{year}");
    let made = world.post(&here, who, list, "data=2027-03-17&nome=Fundação").await;
    assert_eq!(made.header("location"), format!("{list}?ano=2027"), "to the year of the day: {made:?}");
    let next = world.get(&here, who, "/configuracoes/feriados?ano=2027").await.body;
    assert!(next.contains("17/03/2027") && next.contains("quarta-feira") && next.contains("2 da unidade"), "{next}");
    for (form, why) in [
        ("data=2027-03-17&nome=Outra", "Este dia já está na lista da unidade."),
        ("data=2027-12-25&nome=Natal", "É feriado nacional: os prazos já pulam este dia."),
        ("data=1999-12-31&nome=Outra", "Escolha um dia de 2000 a 2099."),
        ("data=&nome=Outra", "Preencha este campo."),
    ] {
        let refused = world.post(&here, who, list, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.body.contains(why), "{form}: {refused:?}");
    }
    let remove = format!("{list}/2027-03-17/excluir");
    assert_eq!(world.post(&here, who, &remove, "").await.header("location"), format!("{list}?ano=2027"));
    let again = world.post(&here, who, &remove, "").await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.body.contains("Este dia já tinha saído da lista.") && again.body.contains("id=\"ano\">2027<"), "{again:?}");
    for none in ["2027-02-30", "x", "9999-01-01"] {
        let nowhere = world.post(&here, who, &format!("{list}/{none}/excluir"), "").await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "{none}");
    }
    let far = world.get(&here, who, "/configuracoes/feriados?ano=12").await.body;
    assert!(far.contains("id=\"ano\">2026<"), "a year that nobody means is this one: {far}");
}

async fn asked(world: &World, side: &Side, method: Method, path: &str, head: Option<(&str, &str)>, body: &Value) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, host(&side.unidade))
        .header(header::AUTHORIZATION, format!("Bearer {}", side.bearer))
        .header(header::CONTENT_TYPE, "application/json");
    if let Some((name, value)) = head {
        request = request.header(name, value);
    }
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
}

/// Written down once whatever is repeated, changed from the version that was seen, done and not done, and found by its record.
#[tokio::test]
async fn programs_keep_tarefas() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let wish = json!({ "sobre": { "tipo": "demanda", "id": side.ids["demanda"] }, "titulo": "Ligar para Sueli",
                       "responsavel": side.ids["usuario.outro"], "data_prazo": "2026-12-01" });
    let api = "/api/v1/tarefas";
    let once = Some(("idempotency-key", "t-1"));
    let made = asked(&world, &side, Method::POST, api, once, &wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let again = asked(&world, &side, Method::POST, api, once, &wish).await;
    assert_eq!(read(&again), read(&made), "the first answer");
    let (path, tarefa) = (made.header("location").to_owned(), read(&made));
    assert_eq!((&tarefa["empresa"], &tarefa["version"]), (&json!(side.ids["empresa"]), &json!(1)));
    let found = read(&world.get(&here, who, &format!("{api}?sobre=demanda:{}", side.ids["demanda"])).await);
    assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &tarefa["id"]));

    let wrong =
        asked(&world, &side, Method::POST, api, None, &json!({ "sobre": { "tipo": "usuario", "id": side.ids["empresa"] } }))
            .await;
    assert_eq!(
        (wrong.status, read(&wrong)["errors"].as_array().unwrap().len()),
        (StatusCode::UNPROCESSABLE_ENTITY, 3),
        "{wrong:?}"
    );
    let missing = asked(&world, &side, Method::PATCH, &path, None, &json!({ "titulo": "Outra" })).await;
    assert_eq!(missing.status, StatusCode::PRECONDITION_REQUIRED, "{missing:?}");
    let first = Some(("if-match", "\"1\""));
    let elsewhere = json!({ "sobre": { "tipo": "empresa", "id": side.ids["empresa"] } });
    let moved = asked(&world, &side, Method::PATCH, &path, first, &elsewhere).await;
    assert_eq!((moved.status, &read(&moved)["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("sobre")));
    let changed = asked(&world, &side, Method::PATCH, &path, first, &json!({ "data_prazo": null })).await;
    assert_eq!((changed.header("etag"), &read(&changed)["data_prazo"]), ("\"2\"", &Value::Null), "{changed:?}");

    // A step from an old version is refused, as the deletion is; from none in particular it is taken.
    let concluir = format!("{path}/concluir");
    let stale = asked(&world, &side, Method::POST, &concluir, first, &Value::Null).await;
    assert_eq!((stale.status, read(&stale)["code"].as_str()), (StatusCode::CONFLICT, Some("conflict")), "{stale:?}");
    assert_eq!(asked(&world, &side, Method::DELETE, &path, first, &Value::Null).await.status, StatusCode::CONFLICT);
    let done = asked(&world, &side, Method::POST, &concluir, None, &Value::Null).await;
    assert!(done.status == StatusCode::OK && read(&done)["concluida_at"].is_string(), "{done:?}");
    let twice = asked(&world, &side, Method::POST, &concluir, None, &Value::Null).await;
    assert_eq!(read(&twice), read(&done), "the first stays");
    let open = asked(&world, &side, Method::POST, &format!("{path}/reabrir"), None, &Value::Null).await;
    assert_eq!((&read(&open)["concluida_at"], open.header("etag")), (&Value::Null, "\"4\""), "{open:?}");
    assert_eq!(asked(&world, &side, Method::DELETE, &path, None, &Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&here, who, &path).await.status, StatusCode::NOT_FOUND);
    let back = asked(&world, &side, Method::POST, &format!("{path}/restaurar"), None, &Value::Null).await;
    assert_eq!(back.status, StatusCode::OK, "{back:?}");
}

/// The parts of a list are all of it, each once.
#[tokio::test]
async fn tarefas_come_in_parts() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let schema = side.unidade.names().schema();
    let many = format!(
        "INSERT INTO {schema}.tarefa (id, titulo, responsavel_id, data_prazo, criada_por_nome, created_at, updated_at)
         SELECT gen_random_uuid(), 'Parte ' || n, '{}', date '2026-12-01' + n, 'Marina', timestamptz '{now}' - (n / 3) * interval '1 day', '{now}'
         FROM generate_series(1, 10) AS n",
        side.ids["usuario.outro"],
        now = testkit::NOW
    );
    world.base.execute(&many).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let part = read(&world.get(&here, who, &format!("/api/v1/tarefas?q=PARTE&limit=3{cursor}")).await);
        assert_eq!(part["total"], 10);
        seen.extend(part["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        match part["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 10);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 10, "each once");
    let soon = read(&world.get(&here, who, "/api/v1/tarefas?q=parte&vence_antes=2026-12-04&concluida=false").await);
    assert_eq!(soon["total"], 2);
    let done = read(&world.get(&here, who, "/api/v1/tarefas?concluida=true").await);
    assert_eq!(done["items"][0]["id"], json!(side.ids["tarefa.concluida"]));
    assert_eq!(world.get(&here, who, "/api/v1/tarefas?sobre=usuario").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
