//! Spreadsheets through the door: what is refused and leaves nothing, and a row set right on its own page.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

use crate::support::{Answer, Side, Who, World, host};

/// A multipart body with these files, as a browser sends it.
fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in files {
        body.extend_from_slice(
            format!("--limit\r\nContent-Disposition: form-data; name=\"arquivo\"; filename=\"{name}\"\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--limit--\r\n");
    body
}

async fn send(world: &World, side: &Side, body: Vec<u8>) -> Answer {
    let request = Request::post("/empresas/importar")
        .header(header::HOST, host(&side.unidade))
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, &side.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
    world.send(request.body(Body::from(body)).unwrap()).await
}

async fn importacoes(world: &World, side: &Side) -> i64 {
    world.base.number(&format!("SELECT count(*) FROM {}.importacao", side.unidade.names().schema())).await
}

/// A CSV of exactly so many bytes.
fn csv(bytes: usize) -> Vec<u8> {
    let mut text = b"cnpj;nome\n".to_vec();
    while text.len() < bytes {
        let left = bytes - text.len();
        let line = left.min(1_000);
        text.extend(std::iter::repeat_n(b'x', line - 1));
        text.push(b'\n');
    }
    text
}

/// Bad input of the issue: nothing at all, one byte too many, files dressed as others, a body that breaks off, too much together.
#[tokio::test]
async fn what_is_no_planilha_is_told_and_leaves_nothing() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (before, contents) = (importacoes(&world, &side).await, world.contents(&side.unidade).await);
    let limit = 16 << 20;
    let good: &[u8] = b"cnpj;nome\n1;2\n";
    let over = csv(limit + 1);
    for (name, files) in [
        ("nothing", vec![("vazio.csv", &b""[..])]),
        ("one byte too many", vec![("demais.csv", &over[..])]),
        ("a PDF", vec![("planilha.xlsx", b"%PDF-1.7 %%EOF")]),
        ("a program", vec![("planilha.xlsx", b"\x7fELF\x00\x01\x02\x00\x00")]),
        ("half an archive", vec![("planilha.xlsx", b"PK\x03\x04rubbish")]),
        // What stood before the one that is refused is not kept either.
        ("the last of several too large", vec![("a.csv", good), ("b.csv", good), ("demais.csv", &over[..])]),
        ("too many", vec![("a.csv", good); 11]),
    ] {
        let answer = send(&world, &side, form(&files)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {answer:?}");
        assert!(answer.body.contains("aria-invalid") || answer.body.contains("role=\"alert\""), "{name}: told on the page");
    }
    let mut broken = form(&[("cortado.csv", good)]);
    broken.truncate(broken.len() - 12);
    assert_eq!(send(&world, &side, broken).await.status, StatusCode::BAD_REQUEST);
    let full = csv(limit);
    let much = csv(100 << 10);
    let answer = send(&world, &side, form(&[("a.csv", &full), ("b.csv", &full), ("c.csv", &much)])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "more than 32 MB together");
    assert_eq!(importacoes(&world, &side).await, before);
    assert_eq!(world.contents(&side.unidade).await, contents);

    // The limit itself passes, alone and twice together.
    assert_eq!(send(&world, &side, form(&[("cheio.csv", &full)])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(send(&world, &side, form(&[("a.csv", &full), ("b.csv", &full)])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(importacoes(&world, &side).await, before + 3);
}

/// A row is changed by the version that was seen, in the list and on its own page; without one nothing is.
#[tokio::test]
async fn a_row_is_set_right_by_the_version_that_was_seen() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who, schema) = (host(&side.unidade), Who::Cookie(&side.cookie), side.unidade.names().schema());
    let preview = format!("/empresas/importacoes/{}", side.ids["importacao"]);
    let row = format!("{preview}/linhas/2");
    let version =
        async || world.base.number(&format!("SELECT version::bigint FROM {schema}.importacao_linha WHERE number = 2")).await;
    let page = world.ask(&host, who, &Method::GET, &row, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Fiação do Vale") && page.body.contains("name=\"c0\"") && page.body.contains("name=\"c1\""));

    for stale in ["c1=Outro", "versao=&c1=Outro", "versao=x&c1=Outro", "versao=7&c1=Outro", "versao=-1&c1=Outro"] {
        for alone in ["", "&tela=linha"] {
            let answer = world.post(&host, who, &row, &format!("{stale}{alone}")).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{stale}{alone}");
            assert!(answer.body.contains("Outro"), "what was typed is not lost: {stale}{alone}");
            assert_eq!(version().await, 1, "{stale}{alone}");
        }
    }
    for stale in ["escolha=pular", "escolha=pular&versao=9", "vale=sim"] {
        assert_eq!(world.post(&host, who, &row, stale).await.status, StatusCode::SEE_OTHER, "{stale}");
        assert_eq!(version().await, 1, "{stale}");
    }
    let all = world.post(&host, who, &format!("{preview}/escolha"), "escolha=sobrescrever").await;
    assert_eq!(all.status, StatusCode::SEE_OTHER);
    assert_eq!(world.base.number(&format!("SELECT count(*) FROM {schema}.importacao WHERE escolha = 'sobrescrever'")).await, 0);

    // One that still has a problem stays where it is; a good one leads on, and the last of them to the list.
    let bad = world.post(&host, who, &row, "versao=1&tela=linha&c0=123&c1=Outro").await;
    assert_eq!((bad.status, bad.header("location")), (StatusCode::SEE_OTHER, row.as_str()));
    let good = world.post(&host, who, &row, "versao=2&tela=linha&c0=45.723.174/0001-10&c1=Outro").await;
    assert_eq!((good.status, good.header("location")), (StatusCode::SEE_OTHER, format!("{preview}#linha-2").as_str()));
    assert_eq!(world.ask(&host, who, &Method::GET, &format!("{preview}/linhas/99"), "").await.status, StatusCode::NOT_FOUND);
    // Of another unidade there is no such row.
    let beta = world.side(&world.base.beta).await;
    let elsewhere = world.ask(&crate::support::host(&beta.unidade), Who::Cookie(&beta.cookie), &Method::GET, &row, "").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}
