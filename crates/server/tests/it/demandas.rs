//! Demandas and projetos at the door: forms that keep what was typed, the board, files, and the same over REST.

use axum::http::{Method, StatusCode};

use crate::support::{Who, World, host};

/// S0-5.1 to S0-5.15 as a person meets them.
#[tokio::test]
async fn a_demanda_is_written_down_moved_ended_and_contracted() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let form = |titulo: &str, valor: &str| {
        format!(
            "empresa={}&titulo={titulo}&descricao=Para+doze&tipo={}&valor_estimado={valor}",
            side.ids["empresa"], side.ids["demanda_tipo"]
        )
    };
    let wrong = world.post(&here, who, "/demandas", &form("Curso+de+tear", "-1")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("O valor não pode ser negativo.") && wrong.body.contains("Curso de tear"), "{wrong:?}");
    let made = world.post(&here, who, "/demandas", &form("Curso+de+tear", "R$+1.234.567,89")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{made:?}");
    let path = made.header("location").to_owned();
    let page = world.get(&here, who, &path).await.body;
    // Ten dias úteis after Monday the 23rd.
    assert!(page.contains("R$ 1.234.567,89") && page.contains("até 07/12/2026"), "{page}");
    let again = world.get(&here, who, &format!("/demandas/nova?empresa={}", side.ids["empresa"])).await.body;
    assert!(again.contains("demandas abertas") && again.contains("Curso de tear"), "perhaps it is one of them: {again}");

    let edit = |version: i32, titulo: &str| format!("version={version}&{}", form(titulo, "10"));
    assert_eq!(world.post(&here, who, &format!("{path}/editar"), &edit(1, "Outro")).await.header("location"), path);
    let stale = world.post(&here, who, &format!("{path}/editar"), &edit(1, "Terceiro")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Terceiro") && stale.body.contains("Outra pessoa alterou"), "what was typed stays: {stale:?}");

    let to = |version: i32| format!("version={version}&etapa={}&volta=/demandas/quadro", side.ids["etapa.andamento"]);
    assert_eq!(world.post(&here, who, &format!("{path}/mover"), &to(2)).await.header("location"), "/demandas/quadro");
    assert_eq!(
        world.post(&here, who, &format!("{path}/mover"), &to(2).replace("/demandas", "//evil")).await.status,
        StatusCode::CONFLICT
    );
    let away =
        world.post(&here, who, &format!("{path}/mover"), &to(3).replace("/demandas/quadro", "https://evil.example/")).await;
    assert_eq!(away.header("location"), path, "back to no other house");
    let empty = world.post(&here, who, &format!("{path}/cancelar"), "version=3&motivo=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = world.post(&here, who, &format!("{path}/anexos"), "multipart anexo=orcamento&arquivo=@orcamento.pdf").await;
    assert_eq!(sent.header("location"), path, "{sent:?}");
    let page = world.get(&here, who, &path).await.body;
    assert!(page.contains("orcamento.pdf") && page.contains("Orçamento"), "{page}");
    let folder = world.get(&here, who, &format!("/empresas/{}/documentos", side.ids["empresa"])).await.body;
    assert!(folder.contains("orcamento.pdf") && folder.contains("Demandas"), "among the documentos of the empresa");

    let project = "version=3&titulo=Contrato&valor=1.000&data_inicio=2026-12-01&data_fim=2026-11-01";
    let early = world.post(&here, who, &format!("{path}/converter"), project).await;
    assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.body.contains("O término não pode ser antes"), "{early:?}");
    let good = project.replace("2026-11-01", "2027-01-01");
    let made = world.post(&here, who, &format!("{path}/converter"), &good).await;
    assert!(made.header("location").starts_with("/projetos/"), "{made:?}");
    assert_eq!(world.post(&here, who, &format!("{path}/converter"), &good).await.status, StatusCode::CONFLICT, "once");
    assert!(world.get(&here, who, &path).await.body.contains(made.header("location")), "linked both ways");
    assert!(world.get(&here, who, made.header("location")).await.body.contains(&path), "linked both ways");

    let csv = world.get(&here, who, "/demandas/exportar.csv?situacao=concluida&q=outro").await;
    assert!(csv.body.contains("Outro") && csv.body.contains("Concluída") && !csv.body.contains("Curso de solda"), "{csv:?}");
    for file in ["/demandas/exportar.xlsx", "/demandas/exportar.pdf"] {
        assert_eq!(world.get(&here, who, file).await.status, StatusCode::OK, "{file}");
    }
}

/// The board shows each etapa with what stands in it, to whoever may move it or not.
#[tokio::test]
async fn the_board_shows_what_stands_where() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let here = host(&side.unidade);
    let leitor = world.person(&side.unidade, "Leitor", "leo@alfa.example").await;
    let mover = format!("action=\"/demandas/{}/mover\"", side.ids["demanda"]);
    let board = world.get(&here, Who::Cookie(&side.cookie), "/demandas/quadro").await.body;
    assert!(board.contains(&mover) && board.contains("Proposta enviada"), "{board}");
    assert!(!board.contains(&side.ids["demanda.cancelada"]), "what was called off is on no board");
    let reading = world.get(&here, Who::Cookie(&leitor), "/demandas/quadro").await.body;
    assert!(reading.contains("Curso de solda") && !reading.contains(&mover), "{reading}");
    let nothing = world.get(&here, Who::Cookie(&side.cookie), "/demandas/quadro?q=xyz").await.body;
    assert!(nothing.contains("Nada aqui") && !nothing.contains("Curso de solda"), "{nothing}");
}

/// Over REST: a fraction is refused, a step of what has ended too, and a projeto is made once.
#[tokio::test]
async fn programs_do_the_same() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let whole = |valor: &str| {
        format!(
            r#"{{"empresa":"{}","titulo":"Ensaio","descricao":"Dez peças","tipo":"{}","valor_estimado":{valor}}}"#,
            side.ids["empresa"], side.ids["demanda_tipo"]
        )
    };
    for wrong in [r#""1.005""#, r#""1,5""#, "10.5"] {
        let refused = world.post(&here, who, "/api/v1/demandas", &whole(wrong)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {refused:?}");
    }
    let made = world.post(&here, who, "/api/v1/demandas", &whole(r#""1234.50""#)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let path = made.header("location").to_owned();
    let demanda: serde_json::Value = serde_json::from_str(&made.body).unwrap();
    assert_eq!((demanda["valor_estimado"].as_str(), demanda["situacao"].as_str()), (Some("1234.50"), Some("nova")));
    let found = world.get(&here, who, "/api/v1/demandas?q=ensaio").await;
    let found: serde_json::Value = serde_json::from_str(&found.body).unwrap();
    assert_eq!((found["total"].as_i64(), &found["items"][0]["id"]), (Some(1), &demanda["id"]));
    let contract = r#"{"titulo":"Ensaio","data_inicio":"2026-12-01"}"#;
    let projeto = world.post(&here, who, &format!("{path}/converter"), contract).await;
    assert_eq!(projeto.status, StatusCode::CREATED, "{projeto:?}");
    assert_eq!(world.post(&here, who, &format!("{path}/converter"), contract).await.status, StatusCode::CONFLICT);
    let to = format!(r#"{{"etapa":"{}"}}"#, side.ids["etapa.andamento"]);
    assert_eq!(world.post(&here, who, &format!("{path}/mover"), &to).await.status, StatusCode::CONFLICT, "it has ended");
    assert_eq!(world.ask(&here, who, &Method::DELETE, &path, "").await.status, StatusCode::CONFLICT, "it is a projeto");
    let off = world.post(&here, who, &format!("{}/cancelar", projeto.header("location")), r#"{"motivo":" "}"#).await;
    assert_eq!(off.status, StatusCode::UNPROCESSABLE_ENTITY, "{off:?}");
}

/// What waits for somebody stands on their day: theirs alone, while it is open.
#[tokio::test]
async fn my_day_has_my_open_demandas() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let schema = side.unidade.names().schema();
    let link = format!("href=\"/demandas/{}\"", side.ids["demanda"]);
    let day = world.get(&here, who, "/meu-dia").await.body;
    assert!(day.contains("Nenhuma demanda aberta com você.") && !day.contains(&link), "it is a colleague's: {day}");
    let mine = format!(
        "UPDATE {schema}.demanda SET responsavel_id = (SELECT id FROM {schema}.usuario WHERE email = '{}'), data_prazo = '2026-11-20'",
        side.ids["usuario.email"]
    );
    world.base.execute(&mine).await;
    let day = world.get(&here, who, "/meu-dia").await.body;
    assert!(day.contains(&link) && day.contains("20/11/2026"), "{day}");
    let ended = format!("href=\"/demandas/{}\"", side.ids["demanda.cancelada"]);
    assert!(!day.contains(&ended), "what has ended waits for nobody: {day}");
}
