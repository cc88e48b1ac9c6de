//! Making a unidade and migrating many, beside psql sending the same DDL.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tenancy::{FleetOptions, Migrations, Provisioning, UnidadeId, migrate_fleet};

use crate::{
    Plan, median,
    overheard::Listening,
    report::{Goal, Row, Section},
    stage::Stage,
};

/// Numbers of the unidades made here begin with it.
const FIRST: usize = 2000;

pub(crate) async fn measure(plan: &Plan, stage: &Stage) -> Result<Section> {
    let rounds = plan.rounds.max(5);
    // Heard once: the message that makes a schema, with the id of the unidade in its names.
    let mut listening = Listening::start(&stage.server).await?;
    let heard_id = stage.request(FIRST).await?;
    stage.finish(heard_id).await?;
    let heard = listening.heard().await?;
    listening.stop().await?;
    let message = heard
        .into_iter()
        .map(|statement| statement.sql)
        .find(|sql| sql.contains("CREATE SCHEMA"))
        .context("no schema was made")?;

    let (mut scratch, mut spare, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        let number = FIRST + 10 * round;
        scratch.push(timed(stage, number).await?);

        let new = UnidadeId::new(stage.clock.uuid());
        let sql = message.replace(&hex_of(heard_id), &hex_of(new));
        let began = Instant::now();
        stage.server.psql(&sql).await?;
        floor.push(began.elapsed().as_secs_f64());

        Provisioning::make_spare(&stage.platform, stage.platform.central()).await?;
        spare.push(timed(stage, number + 1).await?);
    }
    let ratios: Vec<f64> = scratch.iter().zip(&floor).map(|(sri, floor)| sri / floor).collect();
    let tables = Migrations::tenant().tables().len();
    let ms = |seconds: f64| format!("{:.0} ms", seconds * 1000.0);
    let rows = vec![
        Row {
            work: format!("a unidade from nothing, {tables} tables"),
            sri: ms(median(&scratch)),
            floor: ms(median(&floor)),
            ratio: Some(median(&ratios)),
            goal: Some(Goal::RatioAtMost(1.5)),
            peers: "Django 0.75 s, Flask 0.83 s, Odoo 0.32 s (template)",
            ahead: Some(0.32 / median(&scratch)),
        },
        Row {
            work: "a unidade from a spare schema".to_owned(),
            sri: ms(median(&spare)),
            goal: Some(Goal::AtMost { value: median(&spare), limit: 0.1, unit: "s" }),
            ..Row::default()
        },
    ];
    Ok(Section {
        name: "provision",
        title: "Provisioning",
        method: "From the entry in the register to a unidade that is open, without the invitation. \
                 Floor: psql sending the very message that makes the schema, overheard from the product."
            .to_owned(),
        rows,
    })
}

fn hex_of(id: UnidadeId) -> String {
    id.uuid().simple().to_string()
}

async fn timed(stage: &Stage, number: usize) -> Result<f64> {
    let began = Instant::now();
    let id = stage.request(number).await?;
    stage.finish(id).await?;
    Ok(began.elapsed().as_secs_f64())
}

/// What a release might bring: two columns and an index.
fn changes(name: &str, round: usize) -> String {
    format!(
        "ALTER TABLE empresa ADD COLUMN {name}{round} text, ADD COLUMN {name}{round}_n integer; CREATE INDEX empresa_{name}{round}_idx ON empresa ({name}{round});"
    )
}

fn stream(rounds: usize) -> Migrations {
    // Later than any version that is a date.
    (1..=rounds)
        .zip(30_000_000_000_001..)
        .fold(Migrations::tenant().clone(), |stream, (round, version)| stream.with(version, "bench", &changes("bench", round)))
}

/// Migrates the unidades of the stage, which are `count`, round after round.
pub(crate) async fn fleet(plan: &Plan, stage: &Stage, ids: &[UnidadeId], limit: f64) -> Result<Row> {
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for round in 1..=plan.rounds {
        let stream = stream(round);
        let options = FleetOptions { only: Some(ids.to_vec()), ..FleetOptions::default() };
        let began = Instant::now();
        let report = migrate_fleet(&stage.platform, &stream, &options, |_| {}).await?;
        times.push(began.elapsed().as_secs_f64());
        ensure!(report.is_complete() && report.migrated.len() == ids.len(), "the fleet is not migrated: {report:?}");

        let began = Instant::now();
        same_by_psql(stage, ids, round).await?;
        floors.push(began.elapsed().as_secs_f64());
    }
    let ratios: Vec<f64> = times.iter().zip(&floors).map(|(sri, floor)| sri / floor).collect();
    let time = median(&times);
    Ok(Row {
        work: format!("{} unidades: 2 columns, 1 index, 4 at a time", ids.len()),
        sri: format!("{time:.2} s"),
        floor: format!("{:.2} s", median(&floors)),
        ratio: Some(median(&ratios)),
        goal: Some(Goal::AtMost { value: time, limit, unit: "s" }),
        ..Row::default()
    })
}

/// Four psql, each with a quarter of the unidades, one transaction each.
async fn same_by_psql(stage: &Stage, ids: &[UnidadeId], round: usize) -> Result<()> {
    let sql = changes("floor", round);
    let quarter = ids.len().div_ceil(4);
    let work = ids.chunks(quarter).enumerate().map(|(index, ids)| {
        let mut script = String::new();
        for id in ids {
            let hex = hex_of(*id);
            script.push_str(&format!("BEGIN; SET LOCAL ROLE o_{hex}; SET LOCAL search_path = t_{hex}, pg_temp; {sql} COMMIT;\n"));
        }
        let path = stage.folder.path().join(format!("fleet-{index}.sql"));
        async move {
            std::fs::write(&path, script)?;
            let status = stage.server.tool("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(&path).status().await?;
            ensure!(status.success(), "psql failed");
            Ok::<_, anyhow::Error>(())
        }
    });
    futures::future::try_join_all(work).await.map(drop)
}

pub(crate) fn fleet_section(rows: Vec<Row>) -> Section {
    Section {
        name: "fleet",
        title: "Migrating all unidades",
        method: "Each schema in a transaction of its own, its version kept with it and in the register. \
                 Floor: four psql with the same DDL, a transaction for each schema, no versions, no grants, no register."
            .to_owned(),
        rows,
    }
}
