//! Lists as files, beside the writer alone.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{StatusCode, header};
use server::demo::empresa::Empresa;

use crate::{
    Plan, bare, load,
    machine::PeakWatch,
    median,
    process::Sri,
    report::{Goal, Row, Section},
    stage::{Place, Stage},
};

/// A format, and what a unidade's rows of it cost elsewhere.
struct Work {
    extension: &'static str,
    rows: u64,
    peers: &'static str,
    /// Seconds.
    best_peer: Option<f64>,
}

const WORKS: [Work; 5] = [
    Work { extension: "xlsx", rows: 10_000, peers: "Django 2.0 s, Flask 3.7 s, Odoo 1.7 s", best_peer: Some(1.7) },
    Work { extension: "xlsx", rows: 100_000, peers: "Django 17.6 s in 207 MiB, Flask 29.1 s in 1718 MiB", best_peer: Some(17.6) },
    Work { extension: "csv", rows: 10_000, peers: "", best_peer: None },
    Work { extension: "csv", rows: 100_000, peers: "", best_peer: None },
    Work { extension: "pdf", rows: 1_000, peers: "Django 0.37 s, Flask 0.40 s, Odoo 1.65 s", best_peer: Some(0.37) },
];

/// Measures with unidades that hold as many empresas as their number says.
pub(crate) async fn measure(plan: &Plan, stage: &Stage, sri: &Sri, places: &[(u64, Place)]) -> Result<Section> {
    let mut client = load::Client::connect(sri.port).await?;
    let worker = stage.work().await?;
    let mut rows = Vec::new();
    for work in &WORKS {
        let (_, place) = places.iter().find(|(count, _)| *count == work.rows).context("no unidade of this size")?;
        let (mut times, mut floors, mut peaks, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for _ in 0..plan.rounds {
            let watch = PeakWatch::over(if work.rows >= 100_000 { worker.pid } else { sri.pid });
            let began = Instant::now();
            bytes = file(&mut client, place, sri.port, &format!("/empresas/exportar.{}", work.extension)).await?;
            times.push(began.elapsed().as_secs_f64());
            peaks.push(watch.peak() as f64 / f64::from(1 << 20));
            drop(watch);
            floors.push(floor(stage, place, work).await?);
        }
        let (time, peak) = (median(&times), median(&peaks));
        let ratios: Vec<f64> = times.iter().zip(&floors).map(|(sri, floor)| sri / floor).collect();
        rows.push(Row {
            work: format!("{} of {} empresas", work.extension.to_uppercase(), work.rows),
            sri: format!("{time:.2} s, {peak:.0} MiB at most, {:.1} MB", bytes as f64 / 1e6),
            floor: format!("{:.2} s", median(&floors)),
            ratio: Some(median(&ratios)),
            goal: Some(Goal::RatioAtMost(2.0)),
            peers: work.peers,
            ahead: work.best_peer.map(|peer| peer / time),
        });
        if work.rows == 100_000 {
            rows.push(Row {
                work: format!("its memory ({})", work.extension.to_uppercase()),
                sri: format!("{peak:.0} MiB"),
                goal: Some(Goal::AtMost { value: peak, limit: 100.0, unit: "MiB" }),
                ..Row::default()
            });
        }
    }
    worker.stop().await?;
    Ok(Section {
        name: "export",
        title: "Export",
        method: "The whole list through the page's link until the last byte, all columns (PDF: 9), with the resident memory of the process at its largest: 100 000 rows \
                 are written by a job of `sri worker`, asked for every 20 ms and fetched when it is done, fewer by `sri serve` at once. \
                 Floors: rust_xlsxwriter in constant memory with 24 columns of rows that are in memory; COPY of the same columns; printpdf with 9 columns in the faces that the product embeds, already parsed."
            .to_owned(),
        rows,
    })
}

/// Bytes of a file: at once, or as soon as the job that makes it is done.
async fn file(client: &mut load::Client, place: &Place, port: u16, path: &str) -> Result<u64> {
    let mut path = path.to_owned();
    let began = Instant::now();
    loop {
        let response = client.send(place.get(port, &path).body(Full::<Bytes>::default())?).await?;
        let status = response.status();
        let made = response
            .headers()
            .get(header::LOCATION)
            .map(|made| made.to_str().map(|made| format!("{made}/arquivo")))
            .transpose()?;
        let mut body = response.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            bytes += frame?.data_ref().map_or(0, |chunk| chunk.len() as u64);
        }
        match (status, made) {
            (StatusCode::OK, _) => return Ok(bytes),
            (StatusCode::SEE_OTHER, Some(made)) => path = made,
            (StatusCode::NOT_FOUND, _) => {
                ensure!(began.elapsed() < Duration::from_secs(60), "{path} is not made after a minute");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            _ => anyhow::bail!("{path} was answered {status}"),
        }
    }
}

async fn floor(stage: &Stage, place: &Place, work: &Work) -> Result<f64> {
    let path = stage.folder.path().join(format!("bare.{}", work.extension));
    if work.extension == "csv" {
        let mut superuser = stage.server.connect().await?;
        let schema = place.unidade.names().schema();
        let statement = format!(
            "COPY (SELECT e.cnpj, e.nome, e.nome_fantasia, e.inscricao_estadual, e.cnae, s.nome, e.porte, e.situacao, e.email, e.telefone, e.site, e.cep, e.logradouro, \
             e.numero, e.complemento, e.bairro, e.cidade, e.uf, e.municipio_id, e.contato_nome, e.contato_cargo, coalesce(u.nome, e.responsavel_nome), e.data_fundacao, \
             e.faturamento, e.funcionarios, e.observacoes, e.data_cadastro, \
             (SELECT string_agg(t.nome, '; ' ORDER BY t.busca) FROM {schema}.empresa_etiqueta x JOIN {schema}.etiqueta t ON t.id = x.etiqueta_id WHERE x.empresa_id = e.id) \
             FROM {schema}.empresa e LEFT JOIN {schema}.segmento s ON s.id = e.segmento_id LEFT JOIN {schema}.usuario u ON u.id = e.responsavel_id \
             WHERE e.deleted_at IS NULL ORDER BY e.ordem, e.id) TO STDOUT (FORMAT csv, HEADER, DELIMITER ';')"
        );
        let began = Instant::now();
        superuser.copy_out(&statement).await?;
        let time = began.elapsed().as_secs_f64();
        superuser.close().await?;
        return Ok(time);
    }
    let count = work.rows;
    if work.extension == "pdf" {
        let rows: Vec<_> = (0..count).map(|number| bare::pdf_row(&Empresa::new(number))).collect::<Result<_>>()?;
        let faces = bare::faces()?;
        return timed(move || bare::write_pdf(&path, &rows, &faces)).await;
    }
    let rows: Vec<_> = (0..count).map(|number| bare::cells(&Empresa::new(number))).collect();
    timed(move || bare::write_xlsx(&path, rows.into_iter())).await
}

/// Seconds of work on a thread of its own.
pub(crate) async fn timed(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<f64> {
    tokio::task::spawn_blocking(move || {
        let began = Instant::now();
        work()?;
        Ok(began.elapsed().as_secs_f64())
    })
    .await?
}
