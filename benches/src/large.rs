//! A register of 100 000 empresas, asked by one person.

use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;

use crate::{
    Plan, load, median,
    process::Sri,
    report::{Goal, Row, Section},
    stage::Place,
};

/// A kind of page, with the addresses that are asked in turn and what is promised of it.
struct Work {
    title: &'static str,
    paths: &'static [&'static str],
    share: f64,
    limit: f64,
}

const WORKS: [Work; 4] = [
    Work {
        title: "list: by name, other pages, other orders",
        paths: &["/empresas", "/empresas?pagina=40", "/empresas?ordem=cidade", "/empresas?ordem=-cadastro&por=100"],
        share: 0.5,
        limit: 10.0,
    },
    Work {
        title: "search of three letters",
        paths: &["/empresas?q=tal", "/empresas?q=nor", "/empresas?q=ben", "/empresas?q=ura"],
        share: 0.5,
        limit: 25.0,
    },
    Work {
        title: "filters together, with and without words",
        paths: &[
            "/empresas?situacao=ativo&uf=SC&porte=medio",
            "/empresas?situacao=prospect&situacao=estrategico&porte=me&porte=epp&ordem=-nome",
            "/empresas?municipio=4209102&situacao=ativo&ordem=cidade&por=100",
            "/empresas?uf=SC&uf=PR&porte=grande&q=horizonte",
            "/empresas?responsavel=nenhum&uf=RS&q=textil+serrana",
            "/empresas?cnae=C&situacao=inativo",
            "/empresas?cnae=25&cnae=28&uf=SC&q=usinagem",
        ],
        share: 0.95,
        limit: 60.0,
    },
    Work {
        title: "what the palette asks while somebody types",
        paths: &["/busca?q=aur", "/busca?q=aurora", "/busca?q=metalurgica+norte", "/busca?q=sao+bento"],
        share: 0.5,
        limit: 50.0,
    },
];

/// Measures with the unidade that holds as many empresas.
pub(crate) async fn measure(plan: &Plan, sri: &Sri, place: &Place) -> Result<Section> {
    let mut rows = Vec::new();
    for work in &WORKS {
        let (place, port) = (place.clone(), sri.port);
        let script: load::Script = Arc::new(move |n| {
            #[expect(clippy::cast_possible_truncation, reason = "less than a length")]
            let path = work.paths[(n % work.paths.len() as u64) as usize];
            let accept = if path.starts_with("/busca") { "application/json" } else { "text/html" };
            #[expect(clippy::expect_used, reason = "the parts are literals of this file")]
            place.get(port, path).header("Accept", accept).body(Full::<Bytes>::default()).expect("the request is well formed")
        });
        load::run(sri.port, &script, 1, plan.time).await?;
        let (mut times, mut middles) = (Vec::new(), Vec::new());
        for _ in 0..plan.rounds {
            let outcome = load::run(sri.port, &script, 1, plan.time).await?;
            times.push(outcome.quantile(work.share));
            middles.push(outcome.quantile(0.5));
        }
        let value = median(&times);
        rows.push(Row {
            work: work.title.to_owned(),
            sri: match work.share {
                0.5 => format!("p50 {value:.1} ms"),
                share => format!("p{:.0} {value:.1} ms, p50 {:.1} ms", share * 100.0, median(&middles)),
            },
            goal: Some(Goal::AtMost { value, limit: work.limit, unit: "ms" }),
            ..Row::default()
        });
    }
    Ok(Section {
        name: "large",
        title: "A large register",
        method: "100 000 empresas in one unidade, one request after the other over one connection; each row goes round several addresses.".to_owned(),
        rows,
    })
}
