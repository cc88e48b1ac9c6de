//! Documentos through the door: what comes in, how it goes out, and whom it is refused.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

use crate::support::{Answer, PNG, Side, Who, World, host};

/// A multipart body with one file, as a browser sends it.
fn form(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--limit\r\nContent-Disposition: form-data; name=\"pasta\"\r\n\r\nContratos\r\n\
         --limit\r\nContent-Disposition: form-data; name=\"arquivo\"; filename=\"{name}\"\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--limit--\r\n"].concat()
}

async fn send(world: &World, side: &Side, accept: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(format!("/empresas/{}/documentos", side.ids["empresa"]))
        .header(header::HOST, host(&side.unidade))
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, accept)
        .header(header::COOKIE, &side.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
    world.send(request.body(Body::from(body)).unwrap()).await
}

async fn documentos(world: &World, side: &Side) -> i64 {
    world.base.number(&format!("SELECT count(*) FROM {}.documento", side.unidade.names().schema())).await
}

/// Bad input of the issue: disguised files, polyglots, `../` and bidi names, nothing at all, one byte too many, a body that
/// breaks off. A script hears it as a problem, a person on the page; nothing of it is kept.
#[tokio::test]
async fn what_is_not_taken_is_told_and_leaves_nothing() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (before, contents) = (documentos(&world, &side).await, world.contents(&side.unidade).await);
    let limit = 16 << 20;
    let polyglot = [&b"\xff\xd8\xff\xe0 jpeg <script>alert(1)</script>"[..], b"\xff\xd9"].concat();
    for (name, content, status, code) in [
        ("virus.exe", &b"MZ"[..], 422, "file-extension"),
        ("relatorio\u{202e}fdp.exe", b"MZ", 422, "file-extension"),
        ("pagina.html", b"<script>alert(1)</script>", 422, "file-extension"),
        ("disfarce.pdf", b"<script>alert(1)</script>", 422, "file-content"),
        ("disfarce.png", b"%PDF-1.7 %%EOF", 422, "file-content"),
        ("duplo.jpg", &polyglot, 422, "file-polyglot"),
        ("vazio.txt", b"", 422, "file-empty"),
        ("..", b"x", 422, "file-name"),
        ("demais.txt", &vec![b'x'; limit + 1], 413, "file-too-large"),
    ] {
        let answer = send(&world, &side, "application/json", form(name, content)).await;
        assert_eq!(answer.status.as_u16(), status, "{name}: {answer:?}");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["errors"][0]["code"], code, "{name}");
        if status == 413 {
            assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("16 MB"), "{problem}");
        }
        let page = send(&world, &side, "text/html", form(name, content)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.body.contains("role=\"alert\""), "{name}: told on the page");
    }
    let mut broken = form("cortado.txt", b"metade");
    broken.truncate(broken.len() - 20);
    assert_eq!(send(&world, &side, "application/json", broken).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(documentos(&world, &side).await, before);
    assert_eq!(world.contents(&side.unidade).await, contents);

    // The limit itself passes.
    let answer = send(&world, &side, "application/json", form("cheio.txt", &vec![b'x'; limit])).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    assert_eq!(documentos(&world, &side).await, before + 1);
}

/// Threat 16, V5.4: names are cleaned, and a file comes out in a room of its own.
#[tokio::test]
async fn files_come_out_as_they_went_in_and_apart_from_the_page() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let sent = send(&world, &side, "text/html", form("../../Relatório \u{202e}final.txt", "Ação".as_bytes())).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sent:?}");
    let list = format!("/empresas/{}/documentos", side.ids["empresa"]);
    let page = world.get(&host, who, &list).await;
    assert!(page.body.contains(">Relatório final.txt</a>") && page.body.contains("Contratos"), "{page:?}");
    let schema = side.unidade.names().schema();
    let id = world.text(&format!("SELECT id::text FROM {schema}.documento WHERE nome = 'Relatório final.txt'")).await;

    let inside = world.get(&host, who, &format!("{list}/{id}/versoes/1")).await;
    assert_eq!((inside.status, inside.body.as_str()), (StatusCode::OK, "Ação"));
    assert_eq!(inside.header("content-type"), "text/plain");
    assert_eq!(inside.header("x-content-type-options"), "nosniff");
    assert!(inside.header("content-security-policy").contains("sandbox"), "{}", inside.header("content-security-policy"));
    assert!(inside.header("content-disposition").starts_with("inline;"));
    let download = world.get(&host, who, &format!("{list}/{id}/versoes/1/baixar")).await;
    assert_eq!(
        download.header("content-disposition"),
        "attachment; filename=\"Relatorio final.txt\"; filename*=UTF-8''Relat%C3%B3rio%20final.txt"
    );
    assert_eq!(download.header("cache-control"), "no-store");
    let opened = format!(
        "SELECT count(*) FROM {schema}.auditoria WHERE action = 'documento.aberto' AND entity = 'empresa' AND after->>'documento' = '{id}'"
    );
    assert_eq!(world.base.number(&opened).await, 2, "who saw what");
    // The timeline of the empresa tells what came in.
    let record = world.get(&host, who, &format!("/empresas/{}", side.ids["empresa"])).await;
    assert!(record.body.contains("Documento enviado: Relatório final.txt"), "{record:?}");

    let small = world.get(&host, who, &format!("{list}/{}/versoes/1/miniatura", side.ids["documento"])).await;
    assert_eq!((small.status, small.header("content-type")), (StatusCode::OK, "image/jpeg"));
    for missing in ["versoes/2", "versoes/0", "versoes/-1", "versoes/x", "versoes/1/miniatura"] {
        assert_eq!(world.get(&host, who, &format!("{list}/{id}/{missing}")).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

/// The same permissão as the empresa: an atendente reaches the documentos of their own empresas only.
#[tokio::test]
async fn whose_empresa_it_is_decides() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let host = host(&side.unidade);
    let list = format!("/empresas/{}/documentos", side.ids["empresa"]);
    let one = format!("{list}/{}", side.ids["documento"]);
    let atendente = world.person(&side.unidade, "Atendente", "ana@alfa.example").await;
    let leitor = world.person(&side.unidade, "Leitor", "leo@alfa.example").await;
    let targets = [list.clone(), one.clone(), format!("{one}/versoes/1"), format!("{one}/versoes/1/miniatura")];
    for target in &targets {
        assert_eq!(world.get(&host, Who::Cookie(&atendente), target).await.status, StatusCode::NOT_FOUND, "{target}");
        assert_eq!(world.get(&host, Who::Cookie(&leitor), target).await.status, StatusCode::OK, "{target}");
    }
    assert!(
        !world.get(&host, Who::Cookie(&leitor), &list).await.body.contains("data-upload"),
        "who may not send is not asked to"
    );
    let before = documentos(&world, &side).await;
    let body = "multipart pasta=x&arquivo=@fachada.png";
    assert_eq!(world.post(&host, Who::Cookie(&atendente), &list, body).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post(&host, Who::Cookie(&leitor), &list, body).await.status, StatusCode::FORBIDDEN);
    assert_eq!(documentos(&world, &side).await, before);

    let schema = side.unidade.names().schema();
    let own = format!(
        "UPDATE {schema}.empresa SET responsavel_id = (SELECT id FROM {schema}.usuario WHERE email = 'ana@alfa.example')"
    );
    world.base.execute(&own).await;
    for target in &targets {
        assert_eq!(world.get(&host, Who::Cookie(&atendente), target).await.status, StatusCode::OK, "{target}");
    }
    assert_eq!(world.post(&host, Who::Cookie(&atendente), &list, body).await.status, StatusCode::SEE_OTHER);
    // In the lixeira the empresa takes its documentos with it.
    world.base.execute(&format!("UPDATE {schema}.empresa SET deleted_at = now()")).await;
    for target in &targets {
        assert_eq!(world.get(&host, Who::Cookie(&side.cookie), target).await.status, StatusCode::NOT_FOUND, "{target}");
    }
}

/// S0-17.1
#[tokio::test]
async fn programs_send_list_fetch_and_delete() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let list = format!("/api/v1/empresas/{}/documentos", side.ids["empresa"]);
    let made = world.post(&host, who, &list, "multipart arquivo=@planta.png&pasta=Fotos").await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made_json: serde_json::Value = serde_json::from_str(&made.body).unwrap();
    assert_eq!(
        (&made_json["nome"], &made_json["pasta"], &made_json["type"]),
        (&"planta.png".into(), &"Fotos".into(), &"image/png".into())
    );
    assert_eq!(made_json["bytes"], PNG.len());
    let one = made.header("location").to_owned();
    let listed: serde_json::Value = serde_json::from_str(&world.get(&host, who, &list).await.body).unwrap();
    assert_eq!(listed["total"], 2);
    let found = world.get(&host, who, &one).await;
    assert_eq!((found.status, found.header("etag")), (StatusCode::OK, "\"1\""));
    let content = world.get(&host, who, &format!("{one}/content")).await;
    assert_eq!((content.status, content.header("content-length")), (StatusCode::OK, PNG.len().to_string().as_str()));
    for (body, code) in [
        ("multipart pasta=x", "required"),
        ("multipart arquivo=@a.png&arquivo=@b.png", "file-single"),
        ("multipart arquivo=@a.png&pasta=a/b", "pasta-level"),
    ] {
        let refused = world.post(&host, who, &list, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {refused:?}");
        assert!(refused.body.contains(code), "{refused:?}");
    }
    let gone = world.ask(&host, who, &Method::DELETE, &one, "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    for target in [one.clone(), format!("{one}/content")] {
        assert_eq!(world.get(&host, who, &target).await.status, StatusCode::NOT_FOUND);
    }
    let uso = format!(
        "SELECT (SELECT bytes FROM {0}.arquivo_uso) - (SELECT sum(bytes) FROM {0}.arquivo)",
        side.unidade.names().schema()
    );
    assert_eq!(world.base.number(&format!("SELECT ({uso})::bigint")).await, 0);
    let orphans = format!(
        "SELECT count(*) FROM {0}.arquivo a WHERE NOT EXISTS (SELECT FROM {0}.documento_versao v WHERE v.arquivo_id = a.id)",
        side.unidade.names().schema()
    );
    assert_eq!(world.base.number(&orphans).await, 0, "what was refused is gone at once");
}

/// Over REST they come in parts, each once, in the order of their folders and names.
#[tokio::test]
async fn a_program_reads_the_documentos_in_parts() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let path = format!("/api/v1/empresas/{}/documentos", side.ids["empresa"]);
    for pasta in ["", "", "Á", "Á", "b", "Contratos"] {
        let sent = world.post(&host, who, &path, &format!("multipart arquivo=@igual.csv&pasta={pasta}")).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
    }
    let read = async |query: &str| -> serde_json::Value {
        let answer = world.get(&host, who, &format!("{path}{query}")).await;
        serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
    };
    let whole = read("").await;
    let total = whole["total"].as_u64().unwrap();
    assert!(total > 6 && whole.get("next_cursor").is_none(), "{whole}");
    let ids = |part: &serde_json::Value| -> Vec<String> {
        part["items"].as_array().unwrap().iter().map(|one| one["id"].to_string()).collect()
    };
    let (mut seen, mut part) = (Vec::new(), read("?limit=2").await);
    loop {
        assert_eq!(part["total"], total);
        seen.extend(ids(&part));
        let Some(next) = part["next_cursor"].as_str() else { break };
        part = read(&format!("?limit=2&cursor={next}")).await;
    }
    assert_eq!(seen, ids(&whole));
    for wrong in ["?cursor=00", "?limit=0", "?limit=201"] {
        assert_eq!(world.get(&host, who, &format!("{path}{wrong}")).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}
