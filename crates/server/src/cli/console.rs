use clap::Subcommand;
use kernel::Email;
use plataforma::convidar_admin;
use tenancy::PlatformTx;

use super::operator::{Operator, value};

#[derive(Subcommand)]
pub(super) enum Console {
    /// Print a link by which somebody becomes an admin of the platform; it works once, for a day
    AdminLink {
        #[arg(value_parser = value::<Email>)]
        email: Email,
    },
}

impl Console {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let operator = Operator::new()?;
        let Self::AdminLink { email } = self;
        let key = &operator.settings.tenancy.master_key;
        let convite =
            operator.platform().write(async |tx: &mut PlatformTx| convidar_admin(tx, key, &operator.actor, &email).await).await?;
        println!("{}{}", operator.house.app.config.origin("console"), convite.path);
        Ok(())
    }
}
