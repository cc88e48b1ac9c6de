use acesso::{
    entrada::{Entrada, EntradaError, one_time_entry},
    usuario::Nome,
};
use anyhow::{anyhow, bail};
use chrono::TimeDelta;
use clap::Args;
use kernel::Email;
use tenancy::{Slug, TenantTx};

use crate::cli::operator::{Operator, value};

#[derive(Args)]
pub(crate) struct AdminLink {
    slug: Slug,
    /// Of an administrador; of somebody new when nobody has it
    #[arg(value_parser = value::<Email>)]
    email: Email,
    /// Name of somebody new
    #[arg(long, value_parser = value::<Nome>, default_value = "Administração")]
    nome: Nome,
    /// Hours the link may lie before it is used
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=24))]
    hours: i64,
}

impl AdminLink {
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let unidade = operator.unidade(&self.slug).await?;
        if !unidade.status.is_served() {
            bail!("{} is {}: nobody can enter it", self.slug, unidade.status.code());
        }
        let links = operator.house.app.config.links()?;
        let wanted = Entrada { nome: self.nome, email: self.email.clone(), valid: TimeDelta::hours(self.hours) };
        let made = operator
            .house
            .gates
            .tenants
            .write(&unidade, async |tx: &mut TenantTx| one_time_entry(tx, &operator.actor, &links, wanted).await)
            .await;
        let link = made.map_err(|error| match error {
            EntradaError::NotAdministrador => {
                anyhow!("{} is deactivated in {}, or no administrador there", self.email.as_str(), self.slug)
            }
            EntradaError::Fault(fault) => fault.into(),
        })?;
        println!("{}", link.as_str());
        Ok(())
    }
}
