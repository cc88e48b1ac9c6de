use std::time::Duration;

use kernel::Fault;
use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};

use crate::config::{LoginRole, Placement, TenancyConfig};

/// Something was told on a channel, or may have been while nobody listened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    Told {
        channel: String,
        payload: String,
    },
    /// The connection was lost and is back: whatever was told meanwhile is unknown, read again.
    Resync,
    /// The connection is gone; what is remembered cannot be trusted until [`Signal::Resync`].
    Lost,
}

/// One listening connection of a process to one placement. Needs a direct connection, not a transaction pooler.
pub struct Listener {
    pool: PgPool,
    channels: Vec<&'static str>,
    inner: Option<PgListener>,
}

impl Listener {
    /// # Errors
    /// A fault when the placement is unknown or its database cannot be reached.
    pub async fn connect(config: &TenancyConfig, placement: &Placement, channels: &[&'static str]) -> Result<Self, Fault> {
        let placement = config.placement(placement).ok_or_else(|| Fault::because("this placement is not configured here"))?;
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(placement.login(LoginRole::Platform, &config.master_key).application_name("sri listener"));
        let mut listener = Self { pool, channels: channels.to_vec(), inner: None };
        listener.inner = Some(listener.open().await?);
        Ok(listener)
    }

    async fn open(&self) -> Result<PgListener, Fault> {
        let mut inner = PgListener::connect_with(&self.pool).await?;
        inner.eager_reconnect(false);
        inner.listen_all(self.channels.iter().copied()).await?;
        Ok(inner)
    }

    /// Waits for the next signal; reconnects by itself, for ever.
    pub async fn next(&mut self) -> Signal {
        let Some(inner) = &mut self.inner else {
            loop {
                match self.open().await {
                    Ok(inner) => {
                        self.inner = Some(inner);
                        return Signal::Resync;
                    }
                    Err(_) => tokio::time::sleep(Duration::from_millis(300)).await,
                }
            }
        };
        if let Ok(Some(told)) = inner.try_recv().await {
            Signal::Told { channel: told.channel().to_owned(), payload: told.payload().to_owned() }
        } else {
            self.inner = None;
            Signal::Lost
        }
    }
}
