//! Pages and JSON under load, beside pgbench with the same statements.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use kernel::Actor;
use server::demo::empresa::Empresa;

use crate::{
    Plan, load, machine, median,
    overheard::{self, Listening},
    pgbench::{self, Replay},
    process::Sri,
    report::{Goal, Row, Section},
    stage::{Place, Stage},
};

/// Connections under load, as in the goals.
const CONNECTIONS: usize = 16;
/// Every request comes in so many variants of filter or words.
const VARIANTS: u64 = 4;

/// A kind of request.
pub(crate) struct Work {
    pub name: &'static str,
    title: &'static str,
    path: fn(u64, &Known) -> String,
    /// Bears a token instead of a session.
    json: bool,
    /// At 16 connections, in requests a second.
    best_peer: f64,
    peers: &'static str,
}

/// What the paths need to know of a unidade.
pub(crate) struct Known {
    pub place: Place,
    pub token: String,
    /// Ids of some empresas.
    pub ids: Vec<String>,
}

pub(crate) const WORKS: [Work; 4] = [
    Work {
        name: "list",
        title: "list, 25 rows by name, exact count, 2 filters",
        path: |n, _| {
            let uf = ["SC", "PR", "RS", "SP"][(n % VARIANTS) as usize];
            format!("/empresas?situacao=ativo&uf={uf}")
        },
        json: false,
        best_peer: 278.0,
        peers: "Django 221, Flask 278, Odoo 98",
    },
    Work {
        name: "search",
        title: "search, substring of the names or CNPJ prefix, state filter",
        path: |n, _| match n % VARIANTS {
            0 => "/empresas?q=metalurgica&uf=SC".to_owned(),
            1 => "/empresas?q=aurora+texti&uf=SC".to_owned(),
            2 => "/empresas?q=horizonte&uf=PR".to_owned(),
            _ => format!("/empresas?q={}&uf=SC", cnpj_prefix()),
        },
        json: false,
        best_peer: 330.0,
        peers: "Django 316, Flask 330, Odoo 88",
    },
    Work {
        name: "record",
        title: "record page",
        path: |n, known| format!("/empresas/{}", known.ids[(n % VARIANTS) as usize]),
        json: false,
        best_peer: 492.0,
        peers: "Django 392, Flask 492, Odoo 193",
    },
    Work {
        name: "json",
        title: "JSON list, 100 whole rows, exact count",
        path: |n, _| {
            let uf = ["SC", "PR", "RS", "SP"][(n % VARIANTS) as usize];
            format!("/api/v1/empresas?limit=100&uf={uf}")
        },
        json: true,
        best_peer: 229.0,
        peers: "Django 223, Flask 229, Odoo 81",
    },
];

/// What somebody types who looks for a CNPJ that every unidade has.
fn cnpj_prefix() -> String {
    Empresa::new(17).cnpj().map(|cnpj| cnpj.as_str()[..5].to_owned()).unwrap_or_default()
}

impl Place {
    /// The host's name and port under which the unidade is served.
    pub(crate) fn host(&self, port: u16) -> String {
        format!("{}.localhost:{port}", self.unidade.slug)
    }

    /// A GET by the person who is signed in.
    pub(crate) fn get(&self, port: u16, path: &str) -> hyper::http::request::Builder {
        Request::get(path).header("Host", self.host(port)).header("Cookie", format!("__Host-sessao={}", self.cookie))
    }
}

impl Work {
    fn request(&self, known: &Known, port: u16, n: u64) -> Request<Full<Bytes>> {
        let path = (self.path)(n, known);
        let request = if self.json {
            Request::get(path)
                .header("Host", format!("api.localhost:{port}"))
                .header("Authorization", format!("Bearer {}", known.token))
        } else {
            known.place.get(port, &path).header("Accept", "text/html")
        };
        #[expect(clippy::expect_used, reason = "the parts are literals of this file")]
        request.body(Full::default()).expect("the request is well formed")
    }

    /// Goes round the unidades, and through the variants as it comes by again.
    pub(crate) fn script(&'static self, known: &Arc<Vec<Known>>, port: u16) -> load::Script {
        let known = Arc::clone(known);
        Arc::new(move |n| {
            let count = known.len() as u64;
            #[expect(clippy::cast_possible_truncation, reason = "less than a length")]
            let which = (n % count) as usize;
            self.request(&known[which], port, n / count)
        })
    }
}

/// Learns what the requests need.
pub(crate) async fn know(stage: &Stage, places: &[Place]) -> Result<Vec<Known>> {
    let mut superuser = stage.server.connect().await?;
    let mut known = Vec::new();
    for place in places {
        let schema = place.unidade.names().schema();
        let ids = superuser
            .text(format!("SELECT string_agg(id::text, ' ') FROM (SELECT id FROM {schema}.empresa ORDER BY id LIMIT 4) first"))
            .await?;
        let token = stage
            .tenants
            .write(&place.unidade, async |tx| {
                let cmd = acesso::token::CriarToken {
                    nome: "bench".parse().map_err(|_| kernel::Fault::because("no name"))?,
                    permissoes: vec!["empresas.empresa.ver".to_owned()],
                    days: 1,
                    servico: None,
                    limite: acesso::token::Limite::default(),
                };
                acesso::token::criar_token(tx, &Actor::sistema(), &stage.key, cmd).await
            })
            .await
            .context("making a token")?;
        // As fast as it goes: how the limit counts is measured with it, and it is never reached.
        superuser.text(format!("UPDATE {schema}.token_api SET limite = 1000000000 RETURNING 'set'")).await?;
        known.push(Known { place: place.clone(), token: token.text, ids: ids.split(' ').map(str::to_owned).collect() });
    }
    superuser.close().await?;
    Ok(known)
}

/// One round's figures of one work.
#[derive(Default)]
struct Round {
    alone: Vec<f64>,
    alone_p50: Vec<f64>,
    loaded: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    app_ms: Vec<f64>,
    database_ms: Vec<f64>,
    floor: Vec<f64>,
}

pub(crate) async fn measure(
    plan: &Plan,
    stage: &Stage,
    sri: &Sri,
    known: Arc<Vec<Known>>,
    works: &[&'static Work],
) -> Result<Section> {
    let mut replays = Vec::new();
    for work in works {
        replays.push(overhear(stage, sri, &known, work).await?);
    }
    let postmaster = stage.postmaster().await?;
    let mut rounds: Vec<Round> = works.iter().map(|_| Round::default()).collect();
    for _ in 0..plan.rounds {
        for ((work, round), (_, replays)) in works.iter().zip(&mut rounds).zip(&replays) {
            let script = work.script(&known, sri.port);
            let alone = load::run(sri.port, &script, 1, plan.time).await?;
            round.alone.push(alone.per_second());
            round.alone_p50.push(alone.quantile(0.5));

            let before = (machine::cpu_seconds(sri.pid), machine::cpu_seconds(postmaster));
            let loaded = load::run(sri.port, &script, CONNECTIONS, plan.time * 2).await?;
            let used = |pid, before| (machine::cpu_seconds(pid) - before) * 1000.0 / loaded.count() as f64;
            round.app_ms.push(used(sri.pid, before.0));
            round.database_ms.push(used(postmaster, before.1));
            round.loaded.push(loaded.per_second());
            round.p50.push(loaded.quantile(0.5));
            round.p99.push(loaded.quantile(0.99));

            round.floor.push(pgbench::run(&stage.server, replays, CONNECTIONS, plan.time * 2).await?);
        }
    }
    let rows =
        works.iter().zip(rounds).zip(&replays).map(|((work, round), (statements, _))| row(work, round, *statements)).collect();
    Ok(Section {
        name: "requests",
        title: "Requests",
        method: format!(
            "Requests a second at {CONNECTIONS} keep-alive connections, going round {} unidades of 10 000 empresas each, with latencies, and \
             processor milliseconds per request of the product and of the database. \
             Floor: transactions a second of pgbench at {CONNECTIONS} connections with the statements, parameters and transactions that the product was heard to send; \
             each of its connections keeps to one unidade, so its plans are always warm.",
            known.len()
        ),
        rows,
    })
}

fn row(work: &Work, round: Round, statements: usize) -> Row {
    let ratios: Vec<f64> = round.loaded.iter().zip(&round.floor).map(|(sri, floor)| sri / floor).collect();
    let loaded = median(&round.loaded);
    Row {
        work: work.title.to_owned(),
        sri: format!(
            "{loaded:.0}/s, p50 {:.1} ms, p99 {:.1} ms, [{:.2} + {:.2} ms]; alone {:.0}/s, p50 {:.2} ms",
            median(&round.p50),
            median(&round.p99),
            median(&round.app_ms),
            median(&round.database_ms),
            median(&round.alone),
            median(&round.alone_p50),
        ),
        floor: format!("{:.0}/s, {statements} messages", median(&round.floor)),
        ratio: Some(median(&ratios)),
        goal: Some(Goal::RatioAtLeast(0.5)),
        peers: work.peers,
        ahead: Some(loaded / work.best_peer),
    }
}

/// Listens to one request of each variant in each unidade. Answers how many messages a request sends, and the scripts.
async fn overhear(stage: &Stage, sri: &Sri, known: &[Known], work: &Work) -> Result<(usize, Vec<Replay>)> {
    let mut client = load::Client::connect(sri.port).await?;
    // Warm, and whatever is noted once a minute is noted.
    for one in known {
        for variant in 0..VARIANTS {
            client.fetch(work.request(one, sri.port, variant)).await?;
        }
    }
    let mut listening = Listening::start(&stage.server).await?;
    let (mut replays, mut messages) = (Vec::new(), 0);
    for one in known {
        let mut transactions = Vec::new();
        for variant in 0..VARIANTS {
            listening.heard().await?;
            client.fetch(work.request(one, sri.port, variant)).await?;
            let heard = overheard::transactions(&listening.heard().await?);
            ensure!(!heard.is_empty(), "the product said nothing to the database for {}", work.name);
            let all = heard.concat();
            messages = all.len();
            transactions.push(all);
        }
        let schema = one.place.unidade.names().schema();
        replays.push(Replay::new(stage.folder.path(), work.name, &schema, &transactions)?);
    }
    listening.stop().await?;
    Ok((messages, replays))
}
