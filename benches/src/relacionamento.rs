//! A unidade with three years behind it: what its coordenadores and técnicos open all day.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use tokio::process::Command;

use crate::{
    Plan, load, median,
    process::Sri,
    report::{Goal, Row, Section},
    stage::{Place, Stage},
};

/// A kind of page, and what is promised of it.
struct Work {
    title: &'static str,
    paths: Vec<String>,
    limit: Option<f64>,
}

/// Has the product make up its past, as an operator does. Answers the seconds it took.
pub(crate) async fn fill(stage: &Stage, place: &Place) -> Result<f64> {
    let mut sri = Command::new(&stage.sri);
    sri.args(["demo", place.unidade.slug.as_str()]).envs(stage.environment()).env("SRI_BASE_URL", "http://localhost");
    let began = std::time::Instant::now();
    let output = sri.output().await.context("starting sri demo")?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(output.status.success(), "sri demo: {}", String::from_utf8_lossy(&output.stderr));
    let schema = place.unidade.names().schema();
    let mut superuser = stage.server.connect().await?;
    for table in ["empresa", "visita", "demanda", "demanda_passagem", "projeto", "tarefa", "usuario"] {
        superuser.run(format!("VACUUM ANALYZE {schema}.{table}")).await?;
    }
    superuser.close().await?;
    Ok(seconds)
}

fn paths(all: &[&str]) -> Vec<String> {
    all.iter().map(|path| (*path).to_owned()).collect()
}

async fn works(stage: &Stage, place: &Place) -> Result<Vec<Work>> {
    let schema = place.unidade.names().schema();
    let mut superuser = stage.server.connect().await?;
    // Those with the most to show.
    let ids = superuser
        .text(format!(
            "SELECT string_agg(empresa_id::text, ',') FROM (SELECT empresa_id FROM {schema}.visita GROUP BY empresa_id ORDER BY count(*) DESC LIMIT 40) AS most"
        ))
        .await?;
    let month = superuser.text("SELECT to_char(now(), 'YYYY-MM')".to_owned()).await?;
    superuser.close().await?;
    let each = |tab: &str| ids.split(',').map(|id| format!("/empresas/{id}{tab}")).collect::<Vec<_>>();
    let days = |vista: &str| vec![format!("/agenda/{vista}/{month}-15"), format!("/agenda/{vista}/{month}-03")];
    Ok(vec![
        Work {
            title: "list of empresas",
            paths: paths(&["/empresas", "/empresas?pagina=40", "/empresas?ordem=cidade", "/empresas?uf=SC&situacao=ativo"]),
            limit: Some(8.0),
        },
        Work {
            title: "list of visitas",
            paths: paths(&[
                "/visitas",
                "/visitas?pagina=90",
                "/visitas?situacao=planejada",
                "/visitas?ordem=empresa",
                "/visitas?q=proposta",
            ]),
            limit: Some(8.0),
        },
        Work {
            title: "list of demandas",
            paths: paths(&[
                "/demandas",
                "/demandas?pagina=90",
                "/demandas?situacao=nova",
                "/demandas?ordem=-valor",
                "/demandas?q=solda",
            ]),
            limit: Some(8.0),
        },
        Work { title: "page of an empresa", paths: each(""), limit: Some(6.0) },
        Work { title: "its visitas and its demandas", paths: [each("/visitas"), each("/demandas")].concat(), limit: None },
        Work { title: "month of the agenda, everybody's", paths: days("mes"), limit: Some(15.0) },
        Work { title: "week of the agenda", paths: days("semana"), limit: None },
        Work { title: "board of demandas", paths: paths(&["/demandas/quadro"]), limit: None },
    ])
}

fn script(place: &Place, port: u16, paths: Vec<String>) -> load::Script {
    let place = place.clone();
    Arc::new(move |n| -> Request<Full<Bytes>> {
        #[expect(clippy::cast_possible_truncation, reason = "less than a length")]
        let path = &paths[(n % paths.len() as u64) as usize];
        #[expect(clippy::expect_used, reason = "the parts are of this file")]
        place.get(port, path).header("Accept", "text/html").body(Full::default()).expect("the request is well formed")
    })
}

/// Measures with a unidade that [`fill`] has filled.
pub(crate) async fn measure(plan: &Plan, stage: &Stage, sri: &Sri, place: &Place, filled: f64) -> Result<Section> {
    let mut rows = vec![Row {
        work: "`sri demo`: 10 000 empresas, 30 000 visitas, 20 000 demandas".to_owned(),
        sri: format!("{filled:.1} s"),
        ..Row::default()
    }];
    let works = works(stage, place).await?;
    for work in &works {
        let script = script(place, sri.port, work.paths.clone());
        load::run(sri.port, &script, 1, plan.time).await?;
        let mut middles = Vec::new();
        for _ in 0..plan.rounds {
            middles.push(load::run(sri.port, &script, 1, plan.time).await?.quantile(0.5));
        }
        let value = median(&middles);
        rows.push(Row {
            work: work.title.to_owned(),
            sri: format!("p50 {value:.1} ms"),
            goal: work.limit.map(|limit| Goal::AtMost { value, limit, unit: "ms" }),
            ..Row::default()
        });
    }
    // Everything that has a goal, in turn: first by one, then by 64 at once.
    let mixed: Vec<String> =
        works.iter().filter(|work| work.limit.is_some()).flat_map(|work| work.paths.iter().take(4).cloned()).collect();
    let script = script(place, sri.port, mixed);
    let (mut alone, mut crowded, mut pace) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        alone.push(load::run(sri.port, &script, 1, plan.time).await?.quantile(0.5));
        let outcome = load::run(sri.port, &script, 64, plan.time * 2).await?;
        crowded.push(outcome.quantile(0.99));
        pace.push(outcome.per_second());
    }
    let value = median(&crowded) / median(&alone);
    rows.push(Row {
        work: "all of these by 64 connections, none refused".to_owned(),
        sri: format!("p99 {:.0} ms, {:.0} a second; alone p50 {:.1} ms", median(&crowded), median(&pace), median(&alone)),
        goal: Some(Goal::AtMost { value, limit: 20.0, unit: "× p50 alone" }),
        ..Row::default()
    });
    Ok(Section {
        name: "relacionamento",
        title: "Three years of relationship",
        method: "One unidade with 10 000 empresas, 30 000 visitas and 20 000 demandas of 14 técnicos, read by its administrador; one request after the other over \
                 one connection, each row round several addresses; the pages of empresas are those with the most visitas."
            .to_owned(),
        rows,
    })
}
