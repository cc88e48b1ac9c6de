use std::time::Duration;

use anyhow::{anyhow, bail};
use clap::Args;
use kernel::{Email, Texto, Uf};
use plataforma::{municipio, provisionar, provisionar_de_novo};
use tenancy::{NewUnidade, Placement, PlatformTx, ProvisionError, Provisioning, Slug, Step, UnidadeId};
use tokio::time::{Instant, sleep};

use crate::cli::operator::{Operator, value};

#[derive(Args)]
pub(crate) struct Create {
    /// First label of its host: `joinville` in joinville.sri.example. Never changed, never given twice
    slug: Slug,
    /// The SENAI's own number of it, such as 1.03
    #[arg(long, value_parser = value::<Texto<20>>)]
    codigo: Texto<20>,
    /// As its people read it
    #[arg(long, value_parser = value::<Texto<120>>)]
    nome: Texto<120>,
    /// Name of its município; decides its time zone
    #[arg(long, requires = "uf", required_unless_present = "municipio")]
    cidade: Option<String>,
    /// Of the município, such as SC
    #[arg(long, value_parser = value::<Uf>, requires = "cidade")]
    uf: Option<Uf>,
    /// IBGE code of the município, instead of its name
    #[arg(long, value_name = "CODE", conflicts_with_all = ["cidade", "uf"])]
    municipio: Option<i32>,
    /// Name of the first administrador
    #[arg(long, value_parser = value::<Texto<120>>)]
    admin_nome: Texto<120>,
    /// Where the invitation goes
    #[arg(long, value_parser = value::<Email>)]
    admin_email: Email,
    /// Which database holds it; the central one when left out
    #[arg(long)]
    placement: Option<Placement>,
    /// Optional modules to switch on, separated by commas; all when left out
    #[arg(long, value_delimiter = ',')]
    modules: Option<Vec<String>>,
    /// Seconds to wait for the worker; 0 does not wait
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u64,
}

impl Create {
    /// A provisioning of the same slug that was given up is tried again, so the command may be repeated.
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let (slug, wait) = (self.slug.clone(), Duration::from_secs(self.wait));
        let id = match operator.house.gates.registry.by_slug(slug.as_str()).await? {
            Some(half) if half.status == tenancy::Status::Provisioning => {
                operator
                    .platform()
                    .write(async |tx: &mut PlatformTx| provisionar_de_novo(tx, &operator.actor, half.id).await)
                    .await?;
                eprintln!("{slug} is on its way already; its provisioning goes on with what it was first asked for.");
                half.id
            }
            _ => self.register(operator).await?,
        };
        if wait.is_zero() {
            println!("{slug} is registered as {id}; a worker does the rest");
            return Ok(());
        }
        follow(operator, id, &slug, wait).await?;
        println!("{slug} is open at {}", operator.house.app.config.origin_of(&slug));
        Ok(())
    }

    async fn register(self, operator: &Operator) -> anyhow::Result<UnidadeId> {
        let app = &operator.house.app;
        let optional: Vec<&str> = app.modules.iter().filter(|m| !m.core).map(|m| m.name).collect();
        let modules = self.modules.unwrap_or_else(|| optional.iter().map(|&name| name.to_owned()).collect());
        if let Some(unknown) = modules.iter().find(|name| !optional.contains(&name.as_str())) {
            bail!("there is no optional module {unknown:?}; there are: {}", optional.join(", "));
        }
        let mut tx = operator.platform().begin().await?;
        let municipio_id = match (self.municipio, &self.cidade, self.uf) {
            (Some(codigo), ..) => codigo,
            (None, Some(cidade), Some(uf)) => match municipio(&mut tx, cidade, uf.as_str()).await? {
                Some(codigo) => codigo,
                None => bail!("there is no município {cidade:?} in {}", uf.as_str()),
            },
            _ => bail!("name the município by --cidade and --uf, or by --municipio"),
        };
        let new = NewUnidade {
            slug: self.slug.clone(),
            codigo: self.codigo.clone(),
            nome: self.nome,
            placement: self.placement,
            municipio_id: Some(municipio_id),
            modules,
            admin_nome: self.admin_nome,
            admin_email: self.admin_email,
        };
        let id = provisionar(&mut tx, app, &operator.actor, new).await.map_err(|error| match error {
            ProvisionError::SlugTaken => anyhow!("the slug {} is taken, or was once: a slug is never given twice", self.slug),
            ProvisionError::CodigoTaken => anyhow!("the codigo {} is taken by another unidade", self.codigo.as_str()),
            ProvisionError::UnknownPlacement => {
                anyhow!("there is no such placement: see DATABASE_URL (principal) and SRI_PLACEMENTS")
            }
            ProvisionError::UnknownMunicipio => anyhow!("there is no município with the IBGE code {municipio_id}"),
            ProvisionError::Fault(fault) => fault.into(),
        })?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Tells the steps as the worker reaches them.
async fn follow(operator: &Operator, id: UnidadeId, slug: &Slug, wait: Duration) -> anyhow::Result<()> {
    let deadline = Instant::now() + wait;
    let mut told = None;
    loop {
        let found = operator.platform().write(async |tx: &mut PlatformTx| Provisioning::find(tx, id).await).await?;
        let Some(now) = found else { bail!("the provisioning of {slug} was cancelled") };
        if told != Some(now.step) {
            eprintln!("  {}", now.step.code());
            told = Some(now.step);
        }
        match now.step {
            Step::Done => return Ok(()),
            Step::Failed => bail!(
                "the provisioning of {slug} was given up after {} tries: {}. Mend the cause and run the same command again",
                now.attempts,
                now.error.unwrap_or_default()
            ),
            _ if Instant::now() >= deadline => bail!(
                "{slug} is registered, but no worker has finished it in {} s{}. Is `sri worker` running? It goes on by itself; `sri unidade show {slug}` tells how far it is",
                wait.as_secs(),
                now.error.map(|error| format!(" ({error})")).unwrap_or_default()
            ),
            _ => sleep(Duration::from_millis(200)).await,
        }
    }
}
