use anyhow::bail;
use clap::Args;
use relacionamento::demonstracao::Tamanho;
use tenancy::Slug;

use super::operator::Operator;
use crate::demo;

#[derive(Args)]
pub(crate) struct Demo {
    /// A unidade without visitas and demandas; empresas that it has stay, and are visited
    slug: Slug,
    /// Empresas to make up where there are none
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=200_000))]
    empresas: u64,
    /// Visitas to make up
    #[arg(long, default_value_t = 30_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    visitas: u32,
    /// Demandas to make up
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    demandas: u32,
    /// Months that it goes back
    #[arg(long, default_value_t = 36, value_parser = clap::value_parser!(u32).range(1..=120))]
    meses: u32,
    /// Another number makes up another past
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    semente: u32,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let operator = Operator::new()?;
        let unidade = operator.unidade(&self.slug).await?;
        if !unidade.status.is_served() {
            bail!("{} is {}: nothing is written in it", self.slug, unidade.status.code());
        }
        let Self { visitas, demandas, meses, semente, .. } = self;
        let tamanho = Tamanho { visitas, demandas, meses, semente };
        let (empresas, feito) = demo::past(&operator.house, &unidade, &operator.actor, self.empresas, &tamanho).await?;
        println!(
            "{}: {empresas} empresas, {} visitas, {} demandas, {} projetos, {} tarefas over {meses} months",
            self.slug, feito.visitas, feito.demandas, feito.projetos, feito.tarefas
        );
        Ok(())
    }
}
