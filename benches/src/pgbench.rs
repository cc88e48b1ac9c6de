//! The floor of a request: pgbench sends what the product sent, with nothing around it.

use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::{
    overheard::{self, Statement},
    pg::Server,
};

/// Scripts of one unidade, ready to be replayed. Each pgbench keeps to one unidade, because it prepares statements before
/// it runs them: its plans are always warm, which is more than any program that serves many unidades can have.
pub(crate) struct Replay {
    schema: String,
    scripts: Vec<PathBuf>,
    variables: Vec<String>,
}

impl Replay {
    pub(crate) fn new(folder: &std::path::Path, name: &str, schema: &str, transactions: &[Vec<Statement>]) -> Result<Self> {
        let (mut scripts, mut variables) = (Vec::new(), Vec::new());
        for (number, transaction) in transactions.iter().enumerate() {
            let (script, needs) = overheard::script(transaction, &format!("v{number}"));
            let path = folder.join(format!("{name}-{schema}-{number}.sql"));
            std::fs::write(&path, script)?;
            scripts.push(path);
            variables.extend(needs);
        }
        Ok(Self { schema: schema.to_owned(), scripts, variables })
    }

    fn command(&self, server: &Server, connections: usize, seconds: u64) -> Command {
        let mut command = server.tool("pgbench");
        command.env("PGOPTIONS", format!("-c search_path={},pg_temp", self.schema));
        command.args(["-n", "-M", "prepared", "-c", &connections.to_string(), "-T", &seconds.to_string()]);
        command.args(self.scripts.iter().flat_map(|path| ["-f".into(), path.clone().into_os_string()]));
        command.args(self.variables.iter().flat_map(|variable| ["-D", variable]));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}

/// Transactions a second of all `replays` at once, with `connections` spread over them.
pub(crate) async fn run(server: &Server, replays: &[Replay], connections: usize, time: Duration) -> Result<f64> {
    let share = |index: usize| connections / replays.len() + usize::from(index < connections % replays.len());
    let shares: Vec<usize> = (0..replays.len()).map(share).collect();
    let running: Vec<_> = replays
        .iter()
        .zip(&shares)
        .filter(|(_, share)| **share > 0)
        .map(|(replay, share)| replay.command(server, *share, time.as_secs().max(1)).spawn().context("starting pgbench"))
        .collect::<Result<_>>()?;
    let mut total = 0.0;
    for child in running {
        let output = child.wait_with_output().await?;
        let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "pgbench: {complained}");
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
        total += tps.with_context(|| format!("pgbench told no tps: {said}{complained}"))?;
    }
    Ok(total)
}
