//! From 1 to 1000 unidades.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tenancy::PoolLimits;

use crate::{
    Plan, load, machine, median,
    overheard::{Listening, Statement},
    provision,
    report::{Goal, Row, Section},
    requests::{self, Known},
    seed,
    stage::Stage,
    start,
};

const COUNTS: [usize; 4] = [1, 10, 100, 1000];
/// Empresas of each unidade.
const ROWS: u64 = 200;
const CONNECTIONS: usize = 16;

pub(crate) async fn measure(plan: &Plan, stage: &Stage) -> Result<Vec<Section>> {
    let most = COUNTS[COUNTS.len() - 1];
    stage.durable(false).await?;
    let places = stage.unidades(0, most).await?;
    for place in &places {
        seed::fill(&stage.server, &place.unidade, ROWS).await?;
    }
    stage.durable(true).await?;

    let ids: Vec<_> = places.iter().map(|place| place.unidade.id).collect();
    let mut fleet = provision::fleet(plan, stage, &ids, 10.0).await?;
    fleet.peers = "four connections: 1.7 s with 55 tables, nothing but DDL";
    let mut sections =
        vec![Section { name: "scale-fleet", title: "Migrating 1000 unidades", ..provision::fleet_section(vec![fleet]) }];

    let (started, sri) = start::row(stage, most).await?;
    let known: Vec<Arc<Vec<Known>>> = COUNTS
        .iter()
        .map(|count| {
            let some = places[..*count].iter().map(|place| Known { place: place.clone(), token: String::new(), ids: Vec::new() });
            Arc::new(some.collect())
        })
        .collect();
    let list = requests::WORKS.iter().find(|work| work.name == "list").context("the list is measured")?;

    let mut rows =
        vec![started, growth(sri.pid, sri.port, [&list.script(&known[2], sri.port), &list.script(&known[3], sri.port)]).await?];
    let mut speeds = vec![Vec::new(); COUNTS.len()];
    let mut times = vec![Vec::new(); COUNTS.len()];
    for _ in 0..plan.rounds {
        for (index, known) in known.iter().enumerate() {
            let script = list.script(known, sri.port);
            // As after some time of work: every unidade is known to as many connections as it comes to be known to.
            load::run(sri.port, &script, CONNECTIONS, plan.time.max(Duration::from_millis(10 * COUNTS[index] as u64))).await?;
            let outcome = load::run(sri.port, &script, CONNECTIONS, plan.time * 2).await?;
            speeds[index].push(outcome.per_second());
            times[index].push(outcome.quantile(0.99));
        }
    }
    for (index, count) in COUNTS.iter().enumerate() {
        let ratios: Vec<f64> = speeds[index].iter().zip(&speeds[1]).map(|(here, ten)| here / ten).collect();
        rows.push(Row {
            work: format!("list, round robin over {count} unidades, 16 connections"),
            sri: format!("{:.0}/s, p99 {:.1} ms", median(&speeds[index]), median(&times[index])),
            floor: format!("{:.0}/s over 10", median(&speeds[1])),
            ratio: Some(median(&ratios)),
            goal: (*count == most).then_some(Goal::RatioAtLeast(0.5)),
            ..Row::default()
        });
    }
    rows.push(cap(stage, sri.port, &list.script(&known[3], sri.port)).await?);
    sri.stop().await?;
    sections.push(Section {
        name: "scale",
        title: "Growth",
        method: format!("{most} unidades with {ROWS} empresas each; the list page with two filters. The floor here is the same over 10 unidades."),
        rows,
    });
    Ok(sections)
}

/// What 900 more unidades weigh. One request after the other: buffers of many at once would weigh more than what is looked for.
async fn growth(pid: u32, port: u16, [hundred, thousand]: [&load::Script; 2]) -> Result<Row> {
    // Long enough that each was asked for several times, and every connection to the database is open.
    load::run(port, hundred, 1, Duration::from_secs(5)).await?;
    let before = machine::pss(pid)? as f64;
    load::run(port, thousand, 1, Duration::from_secs(15)).await?;
    let after = machine::pss(pid)? as f64;
    let each = (after - before) / 900.0 / 1024.0;
    Ok(Row {
        work: "memory of `sri serve` per further unidade (PSS, 100 to 1000)".to_owned(),
        sri: format!("{each:.2} KB ({:.1} MiB in all)", after / f64::from(1 << 20)),
        goal: Some(Goal::AtMost { value: each, limit: 1.0, unit: "KB" }),
        ..Row::default()
    })
}

/// Counts the distinct unidades that each connection served while thousands of requests went round all of them.
async fn cap(stage: &Stage, port: u16, script: &load::Script) -> Result<Row> {
    let mut listening = Listening::start(&stage.server).await?;
    let sent = load::run(port, script, CONNECTIONS, Duration::from_secs(10)).await?;
    let heard = listening.heard().await?;
    listening.stop().await?;
    let mut served: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for Statement { pid, sql, .. } in heard.iter().filter(|statement| statement.user == "sri_runtime") {
        if let Some((_, rest)) = sql.split_once("SET LOCAL ROLE ") {
            served.entry(*pid).or_default().extend(rest.split(';').next().map(str::to_owned));
        }
    }
    ensure!(!served.is_empty(), "no connection was heard");
    let most = served.values().map(BTreeSet::len).max().unwrap_or_default();
    let limits = PoolLimits::default();
    Ok(Row {
        work: format!("distinct unidades of one connection, {} requests over {} connections", sent.count(), served.len()),
        sri: most.to_string(),
        goal: Some(Goal::AtMost { value: most as f64, limit: limits.distinct_unidades as f64, unit: "unidades" }),
        ..Row::default()
    })
}
