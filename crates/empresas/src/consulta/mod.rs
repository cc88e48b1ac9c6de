//! What is known outside about a CNPJ or a CEP, for forms to be filled and for the situação cadastral.
//!
//! The rules it protects: a provider is asked no more often than it allows, over all processes and unidades, and the unidades take
//! turns; what was once answered is not asked again for a month; no transaction is open while somebody outside is asked; nobody
//! outside can stop or overwrite what a person types.

pub mod api;
mod config;
mod dados;
mod fila;
mod fora;
pub(crate) mod pages;
pub(crate) mod preencher;
mod provedor;
pub mod situacao;
mod sql;
mod vez;

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use jobs::{Handler, Outcome, PlatformJob};
use kernel::{Cep, Cnpj, Fault, Lang};
use moka::future::Cache;
use tenancy::{Platform, PlatformTx, UnidadeId};
use tokio::time::Instant;

pub use config::{ConsultaConfig, List, Site};
pub use dados::{Consultado, DadosCnpj, Endereco, SituacaoCadastral};
pub use fila::{Lugar, Urgency};
pub use provedor::Provedor;

use fila::{AtenderFila, Booked, Fila, Heard, TOPIC, Turn};
use fora::{Failure, Outside, Reply};
use provedor::Said;

/// Answers younger than this are not asked for again.
pub const FRESH: TimeDelta = TimeDelta::days(30);
/// A CNPJ that was not there may be founded tomorrow.
const ABSENT_FRESH: TimeDelta = TimeDelta::days(1);
/// Another process may hear news that this one remembers otherwise.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Too little to ask anybody.
const SHORT: Duration = Duration::from_millis(100);

/// The house's way to the providers, for one process. Cheap to clone.
#[derive(Clone)]
pub struct Consultas(Arc<Inner>);

struct Inner {
    config: ConsultaConfig,
    outside: Outside,
    platform: Platform,
    known: Cache<Cnpj, Arc<Consultado>>,
    ceps: Cache<Cep, Option<Arc<Endereco>>>,
}

/// What a question comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Resposta {
    /// Also that there is no such CNPJ.
    Known(Arc<Consultado>),
    /// It waits in the queue.
    Waiting(Lugar),
    /// Nobody answers now; what was said long ago, if anything was.
    Unavailable(Option<Arc<Consultado>>),
}

/// What a CEP comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum CepResposta {
    Found(Arc<Endereco>),
    NotFound,
    Unavailable,
}

impl Consultas {
    /// Opens nothing yet.
    #[must_use]
    pub fn new(config: ConsultaConfig, platform: Platform) -> Self {
        let known = Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build();
        let ceps = Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(24 * 3600)).build();
        Self(Arc::new(Inner { config, outside: Outside::new(), platform, known, ceps }))
    }

    /// What was said about a CNPJ the last time, however long ago. Asks nobody outside.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn known(&self, cnpj: Cnpj) -> Result<Option<Arc<Consultado>>, Fault> {
        if let Some(known) = self.0.known.get(&cnpj).await {
            return Ok(Some(known));
        }
        self.stored(cnpj).await
    }

    async fn stored(&self, cnpj: Cnpj) -> Result<Option<Arc<Consultado>>, Fault> {
        let stored = self.0.platform.write(async |tx: &mut PlatformTx| sql::stored(tx, cnpj).await).await?;
        let Some(stored) = stored.map(Arc::new) else { return Ok(None) };
        self.0.known.insert(cnpj, Arc::clone(&stored)).await;
        Ok(Some(stored))
    }

    /// Questions a minute that the first provider allows; 0 when there is nobody to ask.
    #[must_use]
    pub fn per_minute(&self) -> u16 {
        self.0.config.cnpj.first().map_or(0, |site| site.limit)
    }

    /// What is known about a CNPJ, not older than `age`. Takes at most the configured time; may leave a question in the queue,
    /// whose answer is told as live news and found by asking again.
    ///
    /// # Errors
    /// A fault of the database; never for what goes wrong outside.
    pub async fn cnpj(&self, unidade: UnidadeId, cnpj: Cnpj, age: TimeDelta, urgency: Urgency) -> Result<Resposta, Fault> {
        let mut known = self.known(cnpj).await?;
        let now = self.now();
        let fresh =
            |known: &&Arc<Consultado>| now - known.asked_at < if known.dados.is_some() { age } else { age.min(ABSENT_FRESH) };
        if known.as_ref().is_some_and(|known| !fresh(&known)) {
            // Another process may have asked since.
            known = self.stored(cnpj).await?;
        }
        if let Some(known) = known.as_ref().filter(fresh) {
            return Ok(Resposta::Known(Arc::clone(known)));
        }
        let sites = &self.0.config.cnpj;
        if sites.is_empty() {
            return Ok(Resposta::Unavailable(known));
        }
        let request = async |tx: &mut PlatformTx| Fila::lock(tx, sites).await?.request(unidade, cnpj, urgency).await;
        match self.0.platform.write(request).await? {
            Turn::Ask { id, provedor } => match self.ask(id, cnpj, provedor).await? {
                Resposta::Unavailable(_) => Ok(Resposta::Unavailable(known)),
                other => Ok(other),
            },
            Turn::Wait(lugar) => Ok(Resposta::Waiting(lugar)),
            Turn::Nobody => Ok(Resposta::Unavailable(known)),
        }
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.platform.clock().now()
    }

    /// Where a unidade's question stands; `None` when it waits no more: answered, failed, or never asked.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn place(&self, unidade: UnidadeId, cnpj: Cnpj) -> Result<Option<Lugar>, Fault> {
        let sites = &self.0.config.cnpj;
        self.0.platform.write(async |tx: &mut PlatformTx| Fila::lock(tx, sites).await?.place(unidade, cnpj).await).await
    }

    /// Asks for those who wait, until nobody may be asked. Answers how many questions had their turn.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn serve(&self) -> Result<usize, Fault> {
        let sites = &self.0.config.cnpj;
        let mut served = 0;
        loop {
            let next = self.0.platform.write(async |tx: &mut PlatformTx| Fila::lock(tx, sites).await?.take().await).await?;
            let Some((id, cnpj, provedor)) = next else { return Ok(served) };
            self.ask(id, cnpj, provedor).await?;
            served += 1;
        }
    }

    /// Asks the provider whose turn was taken, and others in its stead.
    async fn ask(&self, id: i64, cnpj: Cnpj, first: usize) -> Result<Resposta, Fault> {
        let sites = &self.0.config.cnpj;
        let deadline = Instant::now() + self.0.config.timeout;
        let mut asked = first;
        loop {
            let site = &sites[asked];
            let left = deadline.saturating_duration_since(Instant::now());
            // Something is left for another, should this one be slow.
            let within = if asked + 1 < sites.len() { left * 2 / 3 } else { left };
            let heard = self.hear(site, cnpj, within).await;
            let book = async |tx: &mut PlatformTx| Fila::lock(tx, sites).await?.book(id, cnpj, asked, &heard).await;
            match (self.0.platform.write(book).await?, heard) {
                (Booked::Answered, Heard::Answer(consultado)) => {
                    let consultado = Arc::new(*consultado);
                    self.0.known.insert(cnpj, Arc::clone(&consultado)).await;
                    return Ok(Resposta::Known(consultado));
                }
                (Booked::Instead(other), _) => asked = other,
                (Booked::Wait(lugar), _) => return Ok(Resposta::Waiting(lugar)),
                _ => return Ok(Resposta::Unavailable(None)),
            }
        }
    }

    async fn hear(&self, site: &Site, cnpj: Cnpj, within: Duration) -> Heard {
        let reply = self.0.outside.get(site, &site.provedor.cnpj_path(cnpj), within.max(SHORT)).await;
        let failure = match reply {
            Ok(Reply::Limited(after)) => {
                tracing::info!(provedor = site.provedor.code(), seconds = after.as_secs(), "A provider wants to be left alone.");
                return Heard::Limited(after);
            }
            Ok(Reply::Body(status, body)) => match site.provedor.read_cnpj(cnpj, status, &body) {
                Ok((said, dated_at)) => {
                    let asked_at = self.now();
                    let dados = match said {
                        Said::Found(dados) => Some(dados),
                        Said::NotFound => None,
                    };
                    let dated_at = dated_at.unwrap_or(asked_at).min(asked_at);
                    let provedor = site.provedor.code().to_owned();
                    return Heard::Answer(Box::new(Consultado { dados, provedor, asked_at, dated_at }));
                }
                Err(_) => Failure::Garbage,
            },
            Err(failure) => failure,
        };
        tracing::warn!(provedor = site.provedor.code(), %failure, "A provider did not answer a question about a CNPJ.");
        Heard::Failed
    }

    /// Where a CEP is. Providers in order, within the configured time; answers are remembered for a day.
    pub async fn cep(&self, cep: Cep) -> CepResposta {
        if let Some(known) = self.0.ceps.get(&cep).await {
            return known.map_or(CepResposta::NotFound, CepResposta::Found);
        }
        let sites = &self.0.config.cep;
        let deadline = Instant::now() + self.0.config.timeout;
        for (i, site) in sites.iter().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            let within = if i + 1 < sites.len() { left / 2 } else { left };
            let reply = self.0.outside.get(site, &site.provedor.cep_path(cep), within.max(SHORT)).await;
            let said = match reply {
                Ok(Reply::Body(status, body)) => site.provedor.read_cep(cep, status, &body).map_err(|_| Failure::Garbage),
                Ok(Reply::Limited(_)) => Err(Failure::Status(429)),
                Err(failure) => Err(failure),
            };
            match said {
                Ok(said) => {
                    let found = match said {
                        Said::Found(endereco) => Some(Arc::new(endereco)),
                        Said::NotFound => None,
                    };
                    self.0.ceps.insert(cep, found.clone()).await;
                    return found.map_or(CepResposta::NotFound, CepResposta::Found);
                }
                Err(failure) => {
                    tracing::warn!(provedor = site.provedor.code(), %failure, "A provider did not answer a question about a CEP.");
                }
            }
        }
        CepResposta::Unavailable
    }

    /// The jobs behind it, for the worker.
    #[must_use]
    pub fn handlers(&self) -> Vec<Handler> {
        let consultas = self.clone();
        let serve = move |_: PlatformJob, AtenderFila {}: AtenderFila| {
            let consultas = consultas.clone();
            async move {
                consultas.serve().await?;
                Ok(Outcome::Done)
            }
        };
        let consultas = self.clone();
        let mut handlers = vec![
            Handler::platform(serve),
            Handler::tenant(move |job, wish| situacao::anotar_later(consultas.clone(), job, wish)),
        ];
        handlers.extend(crate::reconsulta::handlers(self));
        handlers
    }
}

/// Where a question stands, in words.
pub(crate) fn waiting(lang: Lang, lugar: Lugar, now: DateTime<Utc>) -> String {
    if lugar.place == 0 {
        return idioma::t(lang, "consulta-asking").to_owned();
    }
    // Nobody counts the seconds of a minute.
    let seconds = ((lugar.at - now).num_seconds().max(1) + 4) / 5 * 5;
    idioma::t_args(lang, "consulta-waiting", [("lugar", lugar.place.into()), ("segundos", seconds.into())])
}

impl fmt::Debug for Consultas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Consultas").field(&self.0.config).finish()
    }
}
