//! The house put together from its floors, for one process.

use empresas::consulta::Consultas;
use files::Files;
use kernel::{Clock, Fault};
use tenancy::{Platform, Registry, Tenants};
use tokio_util::sync::CancellationToken;
use web::{App, AppParts, Module, WebConfig, live::Live};

use crate::settings::Settings;

/// Everything a process works with. Cheap to clone.
#[derive(Clone)]
pub struct House {
    pub app: App,
    pub gates: jobs::Gates,
    pub consultas: Consultas,
    pub stopping: CancellationToken,
}

/// The modules of the product, in the order of the navigation.
#[must_use]
pub fn modules() -> Vec<Module> {
    vec![
        acesso::module(),
        empresas::module(),
        relacionamento::module(),
        agenda::module(),
        privacidade::module(),
        web::busca::module(),
        web::lixeira::module(),
    ]
}

impl House {
    /// Opens nothing yet; connections come with the first transactions.
    #[must_use]
    pub fn new(settings: &Settings, clock: Clock) -> Self {
        Self::with_web(settings, settings.web.clone(), clock)
    }

    /// As [`House::new`] with another public address, for tests that serve on a free port.
    #[must_use]
    pub fn with_web(settings: &Settings, config: WebConfig, clock: Clock) -> Self {
        let platform = Platform::new(settings.tenancy.clone(), clock.clone());
        let tenants = Tenants::new(&settings.tenancy, clock.clone());
        let registry = Registry::new(platform.clone());
        let stopping = CancellationToken::new();
        let consultas = Consultas::new(settings.consulta.clone(), platform.clone());
        let mut values = http::Extensions::new();
        values.insert(consultas.clone());
        values.insert(mailer(settings));
        if let Some(map) = settings.map.clone() {
            values.insert(map);
        }
        let app = App::new(AppParts {
            config,
            tenants: tenants.clone(),
            platform: platform.clone(),
            registry: registry.clone(),
            identity: Box::new(acesso::Porteiro::new(settings.tenancy.master_key.clone(), platform.clone())),
            modules: modules(),
            clock,
            files: Files::new(settings.files.clone()),
            stopping: stopping.clone(),
            live: Live::new(stopping.clone()),
            values,
        });
        Self { app, gates: jobs::Gates { tenants, platform, registry }, consultas, stopping }
    }

    /// The public site: every unidade, the API host and the console.
    pub fn router(&self) -> axum::Router {
        web::edge(&self.app, plataforma::router(&self.app))
    }

    /// A worker with the handlers and schedules of all modules and of the platform.
    ///
    /// # Errors
    /// A fault when two of them bear one name.
    pub fn worker(&self, settings: &Settings) -> Result<jobs::Worker, Fault> {
        let mut handlers = messaging::handlers(mailer(settings), self.app.config.links()?);
        let mut schedules = Vec::new();
        handlers.extend(plataforma::handlers(&self.app, &settings.backup_dir));
        handlers.extend(self.consultas.handlers());
        handlers.extend(privacidade::handlers(&self.app.platform));
        schedules.extend(plataforma::schedules()?);
        handlers.extend(documentos::handlers(&self.app.files));
        handlers.extend(empresas::exportacao::handlers(&self.app.files));
        schedules.extend(documentos::schedules()?);
        for module in &self.app.modules {
            handlers.extend((module.jobs)());
            schedules.extend((module.schedules)()?);
        }
        let limits = jobs::Limits { concurrency: settings.worker_concurrency, ..jobs::Limits::default() };
        jobs::Worker::new(self.gates.clone(), handlers, schedules, limits)
    }
}

/// Hands mails over: through the installation's server, or as a unidade says.
fn mailer(settings: &Settings) -> messaging::Mailer {
    messaging::Mailer::new(settings.mail.clone()).for_unidades(settings.tenancy.master_key.clone(), settings.mail_internal)
}
