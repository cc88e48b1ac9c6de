//! The way out of the house: one GET to a configured address, bounded in time and size, following nobody elsewhere.

use std::time::Duration;

use reqwest::{Client, StatusCode, header, redirect};
use secrecy::ExposeSecret;

use super::config::Site;

/// The largest real answer (a company with hundreds of partners) is a tenth of it.
const BODY_MAX: usize = 1024 * 1024;
/// Retry-After is believed within these bounds.
const RETRY_MIN: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_secs(3600);
/// Where a 429 does not say how long: the providers count by the minute.
const RETRY_UNSAID: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Debug)]
pub(super) enum Reply {
    /// 2xx, or 400 and 404 whose meaning the provider's reader knows.
    Body(u16, Vec<u8>),
    /// Too many: not before so long has passed.
    Limited(Duration),
}

/// No answer that could be read: for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("no answer: {0}")]
    Unreachable(String),
    #[error("no answer within {0:?}")]
    Slow(Duration),
    #[error("status {0}")]
    Status(u16),
    #[error("more than {BODY_MAX} bytes")]
    Huge,
    #[error("the answer cannot be understood")]
    Garbage,
}

/// `None`: no TLS can be set up, so nobody can be asked.
#[derive(Debug, Clone)]
pub(super) struct Outside(Option<Client>);

impl Outside {
    pub(super) fn new() -> Self {
        let client = Client::builder()
            // An answer that sends elsewhere is no answer: nobody but the operator says whom the house talks to.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("SRI/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(2))
            .pool_max_idle_per_host(2)
            .build();
        Self(client.map_err(|error| tracing::error!(%error, "No provider of CNPJs and CEPs can be asked.")).ok())
    }

    /// Asks for `path` below the site's address.
    pub(super) async fn get(&self, site: &Site, path: &str, within: Duration) -> Result<Reply, Failure> {
        tokio::time::timeout(within, self.ask(site, path)).await.unwrap_or(Err(Failure::Slow(within)))
    }

    async fn ask(&self, site: &Site, path: &str) -> Result<Reply, Failure> {
        let unreachable = |e: reqwest::Error| Failure::Unreachable(e.without_url().to_string());
        let url = site.base.join(path).map_err(|e| Failure::Unreachable(e.to_string()))?;
        let client = self.0.as_ref().ok_or_else(|| Failure::Unreachable("no TLS".to_owned()))?;
        let mut request = client.get(url).header(header::ACCEPT, "application/json");
        if let Some(token) = &site.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Ok(Reply::Limited(retry_after(&response)));
        }
        if !(status.is_success() || matches!(status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST)) {
            return Err(Failure::Status(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > BODY_MAX {
                return Err(Failure::Huge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply::Body(status.as_u16(), body))
    }
}

/// Seconds only: none of the providers sends a date.
fn retry_after(response: &reqwest::Response) -> Duration {
    let said = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    said.map_or(RETRY_UNSAID, |seconds| Duration::from_secs(seconds).clamp(RETRY_MIN, RETRY_MAX))
}
