//! A spreadsheet on its way into the register, beside the reader and COPY alone.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use empresas::empresa::Campo;
use http_body_util::Full;
use hyper::{Request, StatusCode, header};
use server::demo::empresa::Empresa;

use crate::{
    Plan, bare,
    export::timed,
    load,
    machine::PeakWatch,
    median,
    process::Sri,
    report::{Goal, Row, Section},
    seed,
    stage::{Place, Stage},
};

const SIZES: [u64; 2] = [10_000, 100_000];

pub(crate) async fn measure(plan: &Plan, stage: &Stage, sri: &Sri, place: &Place) -> Result<Section> {
    let mut rows = Vec::new();
    for count in SIZES {
        let path = stage.folder.path().join(format!("{count}.xlsx"));
        bare::write_xlsx(&path, (0..count).map(|number| bare::cells(&Empresa::new(number))))?;
        let (mut times, mut floors, mut reads, mut peaks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..plan.rounds {
            let watch = PeakWatch::over(sri.pid);
            let began = Instant::now();
            import(sri, place, &path).await?;
            times.push(began.elapsed().as_secs_f64());
            peaks.push(watch.peak() as f64 / f64::from(1 << 20));
            drop(watch);
            let stored = rows_of(stage, place).await?;
            ensure!(stored == count, "{count} rows were imported, {stored} are in the register");
            empty(stage, place).await?;

            let read = {
                let path = path.clone();
                timed(move || bare::read_xlsx(&path).map(drop)).await?
            };
            let copied = seed::copy(&stage.server, &place.unidade, count).await?;
            reads.push(read);
            floors.push(read + copied);
            empty(stage, place).await?;
        }
        let (time, peak) = (median(&times), median(&peaks));
        let ratios: Vec<f64> = times.iter().zip(&floors).map(|(sri, floor)| sri / floor).collect();
        let (peers, best) = if count == 10_000 {
            ("Django 3.0 s, Flask 3.2 s, Odoo 39.7 s", 3.0)
        } else {
            ("Django 27.6 s in 402 MiB, Flask 26.7 s in 852 MiB", 26.7)
        };
        let size = std::fs::metadata(&path)?.len() as f64 / 1e6;
        rows.push(Row {
            work: format!("XLSX of {count} rows × 24 columns, {size:.1} MB"),
            sri: format!("{time:.2} s"),
            floor: format!("{:.2} s, {:.2} of them reading", median(&floors), median(&reads)),
            ratio: Some(median(&ratios)),
            goal: Some(Goal::RatioAtMost(3.0)),
            peers,
            ahead: Some(best / time),
        });
        rows.push(Row {
            work: "its memory".to_owned(),
            sri: format!("{peak:.0} MiB"),
            goal: Some(Goal::AtMost { value: peak, limit: 150.0, unit: "MiB" }),
            ..Row::default()
        });
    }
    Ok(Section {
        name: "import",
        title: "Import",
        method: "Through the pages: upload, columns as guessed, preview with every row judged, confirmation; until the last answer, into an empty register. \
                 Memory is what `sri serve` and the process that parses hold together at most. \
                 Floor: calamine reading every cell once, then COPY of the ready rows into the same table with its indexes."
            .to_owned(),
        rows,
    })
}

/// Walks through the wizard.
async fn import(sri: &Sri, place: &Place, path: &Path) -> Result<()> {
    const BOUNDARY: &str = "sri-bench-7f3a";
    const FORM: &str = "application/x-www-form-urlencoded";
    let mut client = load::Client::connect(sri.port).await?;
    let file = std::fs::read(path)?;
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"arquivo\"; filename=\"empresas.xlsx\"\r\n\
         Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\r\n\r\n"
    );
    let body = [head.as_bytes(), &file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let columns =
        post(&mut client, sri, place, "/empresas/importar", &format!("multipart/form-data; boundary={BOUNDARY}"), body).await?;
    client.fetch(place.get(sri.port, &columns).header(header::ACCEPT, "text/html").body(Full::default())?).await?;

    let headings: Vec<String> = bare::HEADINGS.map(str::to_owned).into();
    let mapping = empresas::importacao::guess(&headings);
    let mut form = "planilha=0&mode=ambos".to_owned();
    for campo in mapping.columns() {
        form.push_str("&coluna=");
        form.push_str(campo.map_or("", Campo::key));
    }
    let preview = post(&mut client, sri, place, &columns, FORM, form.into_bytes()).await?;
    let page = client.fetch(place.get(sri.port, &preview).header(header::ACCEPT, "text/html").body(Full::default())?).await?;
    let page = String::from_utf8_lossy(&page);
    let (_, rest) = page.split_once("name=\"versao\" value=\"").context("the preview names no version")?;
    let version = rest.split('"').next().unwrap_or_default();
    let result =
        post(&mut client, sri, place, &format!("{preview}/confirmar"), FORM, format!("versao={version}").into_bytes()).await?;
    // A large one is written by a worker; its page hears when that is done.
    loop {
        let page = client.fetch(place.get(sri.port, &result).header(header::ACCEPT, "text/html").body(Full::default())?).await?;
        if !String::from_utf8_lossy(&page).contains("data-progress=") {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Sends a form as a browser does; answers the page that it leads to.
async fn post(client: &mut load::Client, sri: &Sri, place: &Place, path: &str, kind: &str, body: Vec<u8>) -> Result<String> {
    use http_body_util::BodyExt;

    let request = Request::post(path)
        .header(header::HOST, place.host(sri.port))
        .header(header::ORIGIN, format!("http://{}", place.host(sri.port)))
        .header("Sec-Fetch-Site", "same-origin")
        .header(header::COOKIE, format!("__Host-sessao={}", place.cookie))
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, kind)
        .body(Full::<Bytes>::from(body))?;
    let response = client.send(request).await?;
    let (status, location) = (response.status(), response.headers().get(header::LOCATION).cloned());
    let answer = response.into_body().collect().await?.to_bytes();
    ensure!(status == StatusCode::SEE_OTHER, "POST {path} was answered {status}: {}", String::from_utf8_lossy(&answer));
    Ok(location.context("a redirect without a target")?.to_str()?.to_owned())
}

async fn rows_of(stage: &Stage, place: &Place) -> Result<u64> {
    let mut superuser = stage.server.connect().await?;
    let count = superuser.text(format!("SELECT count(*)::text FROM {}.empresa", place.unidade.names().schema())).await?;
    superuser.close().await?;
    Ok(count.parse()?)
}

async fn empty(stage: &Stage, place: &Place) -> Result<()> {
    let mut superuser = stage.server.connect().await?;
    superuser
        .run(format!("TRUNCATE {schema}.empresa, {schema}.importacao CASCADE", schema = place.unidade.names().schema()))
        .await?;
    superuser.close().await
}
