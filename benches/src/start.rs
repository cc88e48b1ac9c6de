//! How long a process takes to be ready, and what it weighs then.

use anyhow::Result;

use crate::{
    Plan, machine, median,
    process::Sri,
    report::{Goal, Row, Section},
    stage::Stage,
};

pub(crate) async fn measure(plan: &Plan, stage: &Stage) -> Result<Section> {
    let (mut times, mut weights) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds.max(5) {
        let sri = stage.serve().await?;
        times.push(sri.ready_after.as_secs_f64());
        weights.push(machine::pss(sri.pid)? as f64 / f64::from(1 << 20));
        sri.stop().await?;
    }
    let (time, weight) = (median(&times), median(&weights));
    let rows = vec![
        Row {
            work: "`sri serve`, start of the program to ready".to_owned(),
            sri: format!("{:.0} ms", time * 1000.0),
            goal: Some(Goal::AtMost { value: time, limit: 0.1, unit: "s" }),
            peers: "Django 0.34 s, Flask 0.66 s, Odoo 1.35 s",
            ahead: Some(0.34 / time),
            ..Row::default()
        },
        Row {
            work: "`sri serve`, idle memory (PSS)".to_owned(),
            sri: format!("{weight:.1} MiB"),
            goal: Some(Goal::AtMost { value: weight, limit: 40.0, unit: "MiB" }),
            peers: "Django 110 MiB, Flask 207 MiB, Odoo 224 MiB",
            ahead: Some(110.0 / weight),
            ..Row::default()
        },
    ];
    Ok(Section {
        name: "start",
        title: "Start",
        method: "A process on a database that is up to date; ready is what `/pronto` says: it hears the register's changes and reaches the database.".to_owned(),
        rows,
    })
}

/// Start with as many unidades as the stage has.
pub(crate) async fn row(stage: &Stage, unidades: usize) -> Result<(Row, Sri)> {
    let sri = stage.serve().await?;
    let time = sri.ready_after.as_secs_f64();
    let row = Row {
        work: format!("start to ready with {unidades} unidades"),
        sri: format!("{:.0} ms", time * 1000.0),
        goal: Some(Goal::AtMost { value: time, limit: 1.0, unit: "s" }),
        ..Row::default()
    };
    Ok((row, sri))
}
