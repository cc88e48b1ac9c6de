//! Measures the product beside its floors. `bin/bench` builds both and runs this.

mod bare;
mod export;
mod import;
mod large;
mod load;
mod logins;
mod machine;
mod overheard;
mod pg;
mod pgbench;
mod process;
mod provision;
mod relacionamento;
mod report;
mod requests;
mod scale;
mod seed;
mod stage;
mod start;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use kernel::Clock;

use report::Section;
use stage::Stage;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// A page of 25 empresas with two filters
    List,
    /// The search box
    Search,
    /// The page of one empresa
    Record,
    /// A hundred empresas as JSON
    Json,
    /// Cold start and idle memory of a process
    Start,
    /// Making a unidade
    Provision,
    /// Migrating 100 unidades
    Fleet,
    /// A spreadsheet into the register
    Import,
    /// Lists as XLSX, CSV and PDF
    Export,
    /// 200 people signing in at once
    Logins,
    /// Lists and searches of 100 000 empresas
    Large,
    /// Visitas, demandas and the agenda of three years
    Relacionamento,
    /// 1 to 1000 unidades; takes half an hour and only runs when named
    Scale,
}

/// Measures SRI beside its floors and writes docs/performance.md.
#[derive(Debug, Parser)]
#[command(name = "bin/bench")]
struct Arguments {
    /// What to measure; everything but `scale` when nothing is named
    names: Vec<Name>,
    /// Rounds of every measurement; figures are their medians
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds that requests are sent for by one connection; twice as long by 16
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,
    /// Do not touch docs/performance.md
    #[arg(long)]
    no_write: bool,
    /// The product's binary
    #[arg(long, env = "SRI_BIN", hide_env_values = true)]
    sri: PathBuf,
}

/// How thoroughly.
struct Plan {
    rounds: usize,
    time: Duration,
}

impl Arguments {
    fn wants(&self, name: Name) -> bool {
        self.names.contains(&name) || (self.names.is_empty() && name != Name::Scale)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    ensure!(arguments.sri.exists(), "{} does not exist; bin/bench builds it", arguments.sri.display());
    let plan = Plan { rounds: arguments.rounds.max(1), time: Duration::from_secs_f64(arguments.seconds.max(0.1)) };
    // Asked now: afterwards the load is the measurements' own.
    let today = Clock::system().now().format("%Y-%m-%d");
    let occasion = format!("{today} on {}, load average before the run {:.1}", machine::description(), machine::load_average());
    println!("{occasion}\n");
    let bench = Bench { arguments, plan, occasion };
    bench.provisioning().await?;
    bench.start().await?;
    bench.requests().await?;
    bench.logins().await?;
    bench.large().await?;
    bench.relacionamento().await?;
    bench.import().await?;
    bench.scale().await
}

/// One run: each of its parts measures on a stage of its own what the arguments name.
struct Bench {
    arguments: Arguments,
    plan: Plan,
    occasion: String,
}

impl Bench {
    fn wants(&self, name: Name) -> bool {
        self.arguments.wants(name)
    }

    async fn stage(&self) -> Result<Stage> {
        Stage::build(self.arguments.sri.clone()).await
    }

    fn show(&self, section: &Section) -> Result<()> {
        println!("{}", section.markdown(&self.occasion));
        if self.arguments.no_write {
            return Ok(());
        }
        section.keep(&root()?.join("docs/performance.md"), &self.occasion)
    }

    async fn provisioning(&self) -> Result<()> {
        if !self.wants(Name::Provision) && !self.wants(Name::Fleet) {
            return Ok(());
        }
        let stage = self.stage().await?;
        if self.wants(Name::Provision) {
            self.show(&provision::measure(&self.plan, &stage).await?)?;
        }
        if self.wants(Name::Fleet) {
            stage.durable(false).await?;
            let places = stage.unidades(0, 100).await?;
            stage.durable(true).await?;
            let ids: Vec<_> = places.iter().map(|place| place.unidade.id).collect();
            let mut row = provision::fleet(&self.plan, &stage, &ids, 0.5).await?;
            row.peers = "Django 6.4 s, Flask 1.1 s";
            self.show(&provision::fleet_section(vec![row]))?;
        }
        Ok(())
    }

    async fn start(&self) -> Result<()> {
        if !self.wants(Name::Start) {
            return Ok(());
        }
        let stage = self.stage().await?;
        stage.unidades(0, 2).await?;
        self.show(&start::measure(&self.plan, &stage).await?)
    }

    async fn requests(&self) -> Result<()> {
        let names = &self.arguments.names;
        let wanted = |work: &&requests::Work| names.is_empty() || names.iter().any(|name| name.is(work.name));
        let works: Vec<&'static requests::Work> = requests::WORKS.iter().filter(wanted).collect();
        if works.is_empty() {
            return Ok(());
        }
        let stage = self.stage().await?;
        let places = stage.unidades(0, 10).await?;
        for place in &places {
            seed::fill(&stage.server, &place.unidade, 10_000).await.context("filling a unidade")?;
        }
        let known = Arc::new(requests::know(&stage, &places).await?);
        let sri = stage.serve().await?;
        self.show(&requests::measure(&self.plan, &stage, &sri, known, &works).await?)?;
        sri.stop().await?;
        Ok(())
    }

    async fn logins(&self) -> Result<()> {
        if !self.wants(Name::Logins) {
            return Ok(());
        }
        let stage = self.stage().await?;
        let place = stage.unidades(0, 1).await?.remove(0);
        seed::fill(&stage.server, &place.unidade, 10_000).await.context("filling a unidade")?;
        self.show(&logins::measure(&self.plan, &stage, &place).await?)
    }

    async fn large(&self) -> Result<()> {
        if !self.wants(Name::Export) && !self.wants(Name::Large) {
            return Ok(());
        }
        let stage = self.stage().await?;
        let places = stage.unidades(0, 3).await?;
        let places: Vec<(u64, stage::Place)> = [1_000, 10_000, 100_000].into_iter().zip(places).collect();
        for (count, place) in &places {
            seed::fill(&stage.server, &place.unidade, *count).await.context("filling a unidade")?;
        }
        let sri = stage.serve().await?;
        if self.wants(Name::Export) {
            self.show(&export::measure(&self.plan, &stage, &sri, &places).await?)?;
        }
        if self.wants(Name::Large) {
            self.show(&large::measure(&self.plan, &sri, &places[2].1).await?)?;
        }
        sri.stop().await?;
        Ok(())
    }

    async fn relacionamento(&self) -> Result<()> {
        if !self.wants(Name::Relacionamento) {
            return Ok(());
        }
        let stage = self.stage().await?;
        let place = stage.unidades(0, 1).await?.remove(0);
        let filled = relacionamento::fill(&stage, &place).await?;
        let sri = stage.serve().await?;
        self.show(&relacionamento::measure(&self.plan, &stage, &sri, &place, filled).await?)?;
        sri.stop().await?;
        Ok(())
    }

    async fn import(&self) -> Result<()> {
        if !self.wants(Name::Import) {
            return Ok(());
        }
        let stage = self.stage().await?;
        let place = stage.unidades(0, 1).await?.remove(0);
        let sri = stage.serve().await?;
        // Writes the files that are too large for a request.
        let worker = stage.work().await?;
        self.show(&import::measure(&self.plan, &stage, &sri, &place).await?)?;
        worker.stop().await?;
        sri.stop().await?;
        Ok(())
    }

    async fn scale(&self) -> Result<()> {
        if !self.wants(Name::Scale) {
            return Ok(());
        }
        let stage = self.stage().await?;
        for section in scale::measure(&self.plan, &stage).await? {
            self.show(&section)?;
        }
        Ok(())
    }
}

impl Name {
    fn is(self, name: &str) -> bool {
        self.to_possible_value().is_some_and(|value| value.get_name() == name)
    }
}

/// The checkout.
fn root() -> Result<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).context("the benchmark stands in a checkout")
}

/// The middle one, or between the two middle ones.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }
}
