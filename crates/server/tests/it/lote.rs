//! Many empresas at once through the door, as a browser without script sends it.

use axum::http::StatusCode;

use crate::support::{Answer, Side, Who, World, host};

async fn world() -> (World, Side) {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let more = format!(
        "INSERT INTO {schema}.empresa (id, nome, cnpj, situacao, uf, data_cadastro, created_at, updated_at)
         SELECT ('0190000a-0000-7000-8000-0000000003' || lpad(n::text, 2, '0'))::uuid, 'Tecelagem ' || n, lpad((n * 100)::text, 14, '0'),
                'prospect', 'PR', '2026-11-22', now(), now()
         FROM generate_series(1, 30) AS n"
    );
    world.base.execute(&more).await;
    (world, side)
}

fn toast(answer: &Answer) -> String {
    answer.cookie("__Host-aviso").unwrap_or_default()
}

async fn count(world: &World, side: &Side, condition: &str) -> i64 {
    world.base.number(&format!("SELECT count(*) FROM {}.empresa WHERE {condition}", side.unidade.names().schema())).await
}

#[tokio::test]
async fn picked_rows_are_asked_about_changed_told_and_undone() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let page = world.get(&host, who, "/empresas?uf=PR&pagina=2").await.body;
    assert!(page.contains(r#"<form class="picked" id="selecao" method="get""#), "the bar is a plain form");
    assert!(page.contains(r#"name="consulta" value="uf=PR&#38;pagina=2""#), "{page}");
    assert_eq!(page.matches(r#"form="selecao" name="id""#).count(), 5);
    assert!(page.contains("Selecionar todas as 30 deste filtro"));

    let [one, two] = [1, 2].map(|n| format!("id=0190000a-0000-7000-8000-0000000003{n:02}"));
    let picked = format!("consulta=uf%3DPR%26pagina%3D2&total=30&{one}&{two}");
    let asks = world.get(&host, who, &format!("/empresas/lote/situacao?{picked}")).await;
    assert_eq!(asks.status, StatusCode::OK);
    assert!(asks.body.contains("Mudar situação de 2 empresas") && asks.body.contains("<li>Tecelagem 1</li>"), "{asks:?}");

    let confirmed = format!("{picked}&visto=2");
    let empty = world.post(&host, who, "/empresas/lote/situacao", &confirmed).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("Preencha este campo."), "{empty:?}");
    let wrong = world.post(&host, who, "/empresas/lote/situacao", &format!("{confirmed}&situacao=vendida")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let done = world.post(&host, who, "/empresas/lote/situacao", &format!("{confirmed}&situacao=ativo")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{done:?}");
    let back = done.header("location").to_owned();
    assert!(back.starts_with("/empresas?uf=PR&pagina=2&lote="), "{back}");
    assert_eq!(count(&world, &side, "situacao = 'ativo'").await, 2);
    let told = world.get(&host, who, &back).await.body;
    assert!(told.contains("2 empresas alteradas."), "{told}");
    let (_, undo) = told.split_once("<form method=\"post\" action=\"/empresas/lote/").expect("a way back");
    let undo = format!("/empresas/lote/{}", undo.split('"').next().unwrap());
    let aurora = format!("id={}&visto=1&situacao=inativo", side.ids["empresa"]);
    assert_eq!(world.post(&host, who, "/empresas/lote/situacao", &aurora).await.status, StatusCode::SEE_OTHER);
    let record = world.get(&host, who, &format!("/empresas/{}/linha-do-tempo", side.ids["empresa"])).await.body;
    assert!(
        record.contains("Alterada em lote") && record.contains("<del>Estratégico</del>"),
        "the history of each tells it: {record}"
    );

    // Somebody else neither hears of it nor undoes it.
    let outra = world.person(&side.unidade, "Administrador", "outra@alfa.example").await;
    assert!(!world.get(&host, Who::Cookie(&outra), &back).await.body.contains("2 empresas alteradas."));
    assert_eq!(world.post(&host, Who::Cookie(&outra), &undo, "").await.status, StatusCode::NOT_FOUND);
    let undone = world.post(&host, who, &undo, "").await;
    assert_eq!(undone.header("location"), back);
    let told = world.get(&host, who, &back).await.body;
    assert!(told.contains("2 empresas voltaram ao que eram.") && !told.contains(&undo), "{told}");
    assert_eq!(count(&world, &side, "situacao = 'ativo'").await, 0);
    assert_eq!(world.post(&host, who, &undo, "").await.status, StatusCode::SEE_OTHER, "twice does no harm");
}

#[tokio::test]
async fn a_whole_filter_goes_as_the_filter_and_the_number_is_confirmed() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    // The ids that are sent along do not matter.
    let all = format!("consulta=uf%3DPR&total=30&tudo=sim&id={}", side.ids["empresa"]);
    let asks = world.get(&host, who, &format!("/empresas/lote/responsavel?{all}")).await.body;
    assert!(asks.contains("Atribuir responsável a 30 empresas") && asks.contains("UF: PR"), "{asks}");
    assert!(!asks.contains("; agora são"));
    world
        .base
        .execute(&format!("UPDATE {}.empresa SET uf = 'SC' WHERE nome = 'Tecelagem 7'", side.unidade.names().schema()))
        .await;
    let asks = world.get(&host, who, &format!("/empresas/lote/responsavel?{all}")).await.body;
    assert!(asks.contains("Eram 30; agora são 29.") && asks.contains("a 29 empresas"), "{asks}");

    let to = format!("consulta=uf%3DPR&tudo=sim&responsavel={}", side.ids["usuario.outro"]);
    let stale = world.post(&host, who, "/empresas/lote/responsavel", &format!("{to}&visto=30")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("agora são 29") && stale.body.contains(r#"name="visto" value="29""#), "{stale:?}");
    assert_eq!(count(&world, &side, "responsavel_id IS NOT NULL").await, 0);
    let done = world.post(&host, who, "/empresas/lote/responsavel", &format!("{to}&visto=29")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{done:?}");
    assert_eq!(count(&world, &side, "responsavel_id IS NOT NULL").await, 29);
    let inactive = format!("consulta=uf%3DPR&tudo=sim&visto=29&responsavel={}", side.ids["usuario.inativo"]);
    let refused = world.post(&host, who, "/empresas/lote/responsavel", &inactive).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Não há pessoa ativa com este nome"), "{refused:?}");
}

#[tokio::test]
async fn nothing_picked_is_told_and_what_is_out_of_reach_is_nothing() {
    let (world, side) = world().await;
    let beta = world.side(&world.base.beta).await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let before = world.contents(&side.unidade).await;
    for action in ["situacao", "responsavel", "excluir"] {
        let path = format!("/empresas/lote/{action}");
        for (sent, key) in [
            ("", "toast-lote-empty"),
            ("consulta=uf%3DPR&total=30", "toast-lote-empty"),
            ("id=7&id=&id=1%27%20OR%201%3D1", "toast-lote-empty"),
            (format!("id={}", beta.ids["empresa"]).as_str(), "toast-lote-gone"),
            (format!("id={}", side.ids["empresa_excluida"]).as_str(), "toast-lote-gone"),
            ("tudo=sim&consulta=q%3Dzzzz", "toast-lote-gone"),
        ] {
            let asks = world.get(&host, who, &format!("{path}?{sent}")).await;
            assert_eq!(asks.status, StatusCode::SEE_OTHER, "{action} {sent}: {asks:?}");
            assert!(asks.header("location").starts_with("/empresas") && toast(&asks).contains(key), "{action} {sent}");
            let acts = world.post(&host, who, &path, &format!("{sent}&visto=1&situacao=ativo&responsavel=nenhum")).await;
            assert_eq!(acts.status, StatusCode::SEE_OTHER, "{action} {sent}: {acts:?}");
            assert!(toast(&acts).contains(key), "{action} {sent}");
        }
    }
    let none = world.get(&host, who, "/empresas/exportar.csv?consulta=uf%3DPR&total=30").await;
    assert!(none.status == StatusCode::SEE_OTHER && toast(&none).contains("toast-lote-empty"), "{none:?}");
    assert_eq!(world.contents(&side.unidade).await, before);
}

#[tokio::test]
async fn what_is_picked_goes_out_as_a_file_and_nothing_else() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let picked =
        "consulta=ordem%3D-nome&total=31&id=0190000a-0000-7000-8000-000000000301&id=0190000a-0000-7000-8000-000000000303";
    let file = world.get(&host, who, &format!("/empresas/exportar.csv?{picked}")).await;
    assert_eq!(file.status, StatusCode::OK, "{file:?}");
    let lines: Vec<_> = file.body.trim().lines().skip(1).collect();
    assert!(lines.len() == 2 && lines[0].contains("Tecelagem 3") && lines[1].contains("Tecelagem 1"), "{lines:?}");
    let all = world.get(&host, who, "/empresas/exportar.csv?consulta=uf%3DPR&total=30&tudo=sim").await;
    assert_eq!(all.body.trim().lines().count(), 31);
    for format in ["xlsx", "pdf"] {
        let file = world.get(&host, who, &format!("/empresas/exportar.{format}?{picked}")).await;
        assert_eq!(file.status, StatusCode::OK, "{format}");
    }
}

/// Only what somebody may do is drawn, and the server decides again.
#[tokio::test]
async fn a_narrow_reach_changes_its_own_and_gives_nothing_away() {
    let (world, side) = world().await;
    let (host, schema) = (host(&side.unidade), side.unidade.names().schema());
    let ana = world.person(&side.unidade, "Atendente", "ana@alfa.example").await;
    let own = format!(
        "UPDATE {schema}.empresa SET responsavel_id = (SELECT id FROM {schema}.usuario WHERE email = 'ana@alfa.example') WHERE nome = 'Tecelagem 4'"
    );
    world.base.execute(&own).await;
    let who = Who::Cookie(&ana);
    let page = world.get(&host, who, "/empresas").await.body;
    assert!(page.contains("/empresas/lote/situacao"), "{page}");
    assert!(!page.contains("/empresas/lote/responsavel") && !page.contains("/empresas/lote/excluir"));
    let asks = world.get(&host, who, "/empresas/lote/situacao?tudo=sim&total=31").await.body;
    assert!(asks.contains("Mudar situação de 1 empresa") && asks.contains("Eram 31; agora são 1."), "{asks}");
    let done = world.post(&host, who, "/empresas/lote/situacao", "tudo=sim&visto=1&situacao=inativo").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{done:?}");
    assert_eq!(count(&world, &side, "situacao = 'inativo' AND deleted_at IS NULL").await, 1);
    let away = format!("tudo=sim&visto=1&responsavel={}", side.ids["usuario.outro"]);
    assert_eq!(world.post(&host, who, "/empresas/lote/responsavel", &away).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post(&host, who, "/empresas/lote/excluir", "tudo=sim&visto=1").await.status, StatusCode::FORBIDDEN);
    let leitor = world.person(&side.unidade, "Leitor", "leo@alfa.example").await;
    let page = world.get(&host, Who::Cookie(&leitor), "/empresas").await.body;
    assert!(page.contains("/empresas/exportar.csv") && !page.contains("/empresas/lote/"), "a reader may take a selection out");
}

/// Columns and density are each person's own and stay; a file has all columns all the same.
#[tokio::test]
async fn a_list_is_shown_as_the_person_likes_it() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let columns = "lista=%2Fempresas&consulta=uf%3DPR%26pagina%3D2&coluna=cnpj&coluna=porte&coluna=nonsense&mostra=cnpj";
    let saved = world.post(&host, who, "/aparencia", &format!("{columns}&compacta=sim")).await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/empresas?uf=PR"));
    let table = |page: &str| page.split_once("<thead>").unwrap().1.split_once("</thead>").unwrap().0.to_owned();
    let page = world.get(&host, who, "/empresas").await.body;
    assert!(page.contains("table-dense") && table(&page).contains("CNPJ") && !table(&page).contains("Porte"), "{}", table(&page));
    assert!(page.contains("00000000000100") || page.contains("00.000.000/0001-00"), "its cells are there");
    let outra = world.person(&side.unidade, "Administrador", "outra@alfa.example").await;
    let theirs = world.get(&host, Who::Cookie(&outra), "/empresas").await.body;
    assert!(!theirs.contains("table-dense") && table(&theirs).contains("Porte"));
    let file = world.get(&host, who, "/empresas/exportar.csv?uf=PR").await.body;
    assert!(file.lines().next().unwrap().contains("Porte"), "a file has every column");

    let all = world.post(&host, who, "/aparencia", "lista=%2Fempresas&coluna=cnpj&compacta=sim&padrao=sim").await;
    assert_eq!(all.header("location"), "/empresas");
    let page = world.get(&host, who, "/empresas").await.body;
    assert!(!page.contains("table-dense") && table(&page).contains("CNPJ") && table(&page).contains("Porte"));
    for (sent, status) in [
        ("lista=%2Foutra&coluna=cnpj", StatusCode::BAD_REQUEST),
        ("lista=https%3A%2F%2Fevil.example&coluna=cnpj", StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
        ("lista=%2Fempresas&coluna=%3Cb%3E", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(world.post(&host, who, "/aparencia", sent).await.status, status, "{sent}");
    }
}
