use std::sync::Arc;

use files::Files;
use ipnet::IpNet;
use kernel::{Clock, Fault};
use messaging::Links;
use tenancy::{Platform, Registry, Slug, Tenants};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{Identity, Module, live::Live};

/// How the outside reaches this process. Links are made from it, never from a request.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Scheme, host and port under which the unidades' labels hang, e.g. `https://sri.senai.example` or
    /// `http://localhost:8080`.
    pub base: Url,
    /// Peers whose `X-Forwarded-For` names the client.
    pub trusted_proxies: Vec<IpNet>,
    /// Development: `/_pecas` is mounted.
    pub dev: bool,
}

impl WebConfig {
    /// Host of the base, without port.
    #[must_use]
    pub fn base_host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// Origin of a label under the base: `https://<label>.sri.senai.example`.
    #[must_use]
    pub fn origin(&self, label: &str) -> String {
        let port = self.base.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{label}.{}{port}", self.base.scheme(), self.base_host())
    }

    /// The same address for the letters that leave the house.
    ///
    /// # Errors
    /// A fault for a base that is no bare address with a host name; the configuration refuses those at the start.
    pub fn links(&self) -> Result<Links, Fault> {
        Links::new(self.base.as_str(), "console").map_err(|e| Fault::new("base address", e))
    }

    /// Canonical origin of a unidade.
    #[must_use]
    pub fn origin_of(&self, slug: &Slug) -> String {
        self.origin(slug.as_str())
    }
}

/// What every handler of a process shares. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub config: WebConfig,
    pub tenants: Tenants,
    pub platform: Platform,
    pub registry: Registry,
    pub identity: Box<dyn Identity>,
    pub modules: Vec<Module>,
    pub clock: Clock,
    /// Contents of documents.
    pub files: Files,
    /// Fires when the process begins to stop: streams end then, so that browsers come back to another process.
    pub stopping: CancellationToken,
    pub live: Live,
    /// What modules work with besides the database, one value of each type; `server` puts them in.
    pub values: http::Extensions,
}

impl App {
    #[must_use]
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// A value that `server` handed in.
    ///
    /// # Errors
    /// A fault when it did not.
    pub fn value<T: Clone + Send + Sync + 'static>(&self) -> Result<&T, Fault> {
        self.values.get().ok_or_else(|| Fault::because("a module was composed without what it works with"))
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
