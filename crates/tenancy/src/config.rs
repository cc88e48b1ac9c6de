use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};

use crate::seal::MasterKey;

/// Name of a PostgreSQL database that holds unidades. The first one configured is the central one: it also holds the
/// register and the console.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Placement(Arc<str>);

impl Placement {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("no database is configured: set DATABASE_URL")]
    NoPlacement,
    #[error("placement name {0:?}: use 1 to 30 lower-case letters, digits and hyphens")]
    PlacementName(String),
    #[error("placement {0} is named twice")]
    PlacementTwice(Placement),
    #[error("placement {placement}: the database URL cannot be read: {reason}")]
    Url { placement: Placement, reason: String },
    #[error("the secret key must be 64 hexadecimal digits (32 bytes): set SRI_SECRET_KEY")]
    SecretKey,
}

impl FromStr for Placement {
    type Err = ConfigError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=30).contains(&s.len()) && s.bytes().all(allowed) {
            Ok(Self(s.into()))
        } else {
            Err(ConfigError::PlacementName(s.to_owned()))
        }
    }
}

impl TryFrom<String> for Placement {
    type Error = ConfigError;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Placement> for String {
    fn from(placement: Placement) -> Self {
        placement.as_str().to_owned()
    }
}

/// How to reach one placement database. The URL's user is its administrator; the product's own roles share host, port,
/// database and TLS settings with it.
#[derive(Clone)]
pub struct PlacementConfig {
    pub name: Placement,
    admin: PgConnectOptions,
}

impl PlacementConfig {
    /// # Errors
    /// [`ConfigError::Url`] for text that is no PostgreSQL URL.
    pub fn parse(name: Placement, url: &str) -> Result<Self, ConfigError> {
        match PgConnectOptions::from_str(url) {
            Ok(admin) => Ok(Self { name, admin: admin.disable_statement_logging() }),
            Err(error) => Err(ConfigError::Url { placement: name, reason: error.to_string() }),
        }
    }

    /// Name of the database, quoted for SQL.
    pub(crate) fn database_identifier(&self) -> String {
        let name = self.admin.get_database().unwrap_or_else(|| self.admin.get_username());
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    pub(crate) fn admin(&self) -> PgConnectOptions {
        self.admin.clone().application_name("sri admin")
    }

    /// Options of one of the product's login roles; its password follows from the master key.
    pub(crate) fn login(&self, role: LoginRole, key: &MasterKey) -> PgConnectOptions {
        self.as_role(role.name(), &key.login_password(role.name()))
    }

    pub(crate) fn as_role(&self, role: &str, password: &str) -> PgConnectOptions {
        self.admin
            .clone()
            .username(role)
            .password(password)
            .application_name(role)
            // More than the distinct statements of the product: a miss costs two more trips.
            .statement_cache_capacity(600)
    }
}

impl fmt::Debug for PlacementConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {}:{}/{}",
            self.name,
            self.admin.get_host(),
            self.admin.get_port(),
            self.admin.get_database().unwrap_or_default()
        )
    }
}

/// Login roles of the product in every placement database (architecture 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginRole {
    /// Requests and jobs of unidades: alone it can read nothing.
    Runtime,
    /// Register, console, queue, `ref`.
    Platform,
    /// Makes schemas and roles, migrates.
    Migrator,
    /// Reads schemas for backups.
    Backup,
}

impl LoginRole {
    pub(crate) const ALL: [Self; 4] = [Self::Runtime, Self::Platform, Self::Migrator, Self::Backup];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Runtime => "sri_runtime",
            Self::Platform => "sri_platform",
            Self::Migrator => "sri_migrator",
            Self::Backup => "sri_backup",
        }
    }
}

/// Bounds of the shared pool of one process for one placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLimits {
    /// Connections at most.
    pub connections: u32,
    /// Connections that work at the same moment; the others rest, each warm for the unidades it has served.
    pub at_once: u32,
    /// Connections one unidade may hold at once, so that a heavy one leaves some for the others.
    pub per_unidade: u32,
    /// Distinct unidades a connection serves before it is closed: a backend keeps up to 1.4 MB for each for ever.
    pub distinct_unidades: usize,
    pub max_lifetime: Duration,
    /// How long a request waits for a connection before it is answered 503.
    pub acquire_timeout: Duration,
}

impl PoolLimits {
    /// A third of the connections work at the same moment: among the others a unidade nearly always finds one that knows it, which
    /// is worth more than the work that three times as many could do at once (decision 0002).
    #[must_use]
    pub fn of(connections: u32) -> Self {
        let at_once = connections.div_ceil(3).max(2).min(connections.max(1));
        Self {
            connections: connections.max(1),
            at_once,
            per_unidade: (at_once * 3 / 4).clamp(at_once.min(2), at_once),
            distinct_unidades: 150,
            max_lifetime: Duration::from_mins(20),
            acquire_timeout: Duration::from_secs(5),
        }
    }
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self::of(24)
    }
}

/// Everything the tenancy layer needs to know.
#[derive(Debug, Clone)]
pub struct TenancyConfig {
    pub placements: Vec<PlacementConfig>,
    pub master_key: MasterKey,
    pub pool: PoolLimits,
    /// Connections of the platform's own pool, per placement.
    pub platform_connections: u32,
    /// Ready-made schemas to keep per placement.
    pub spares: u32,
}

impl TenancyConfig {
    /// `central` is the `DATABASE_URL`; `others` are further placements by name.
    ///
    /// # Errors
    /// The first fault found.
    pub fn new(central: &str, others: &BTreeMap<String, String>, master_key: MasterKey) -> Result<Self, ConfigError> {
        if central.is_empty() {
            return Err(ConfigError::NoPlacement);
        }
        let mut placements = vec![PlacementConfig::parse("principal".parse()?, central)?];
        for (name, url) in others {
            let name: Placement = name.parse()?;
            if placements.iter().any(|p| p.name == name) {
                return Err(ConfigError::PlacementTwice(name));
            }
            placements.push(PlacementConfig::parse(name, url)?);
        }
        Ok(Self { placements, master_key, pool: PoolLimits::default(), platform_connections: 4, spares: 2 })
    }

    /// The placement with the register and the console.
    #[must_use]
    pub fn central(&self) -> &PlacementConfig {
        &self.placements[0]
    }

    #[must_use]
    pub fn placement(&self, name: &Placement) -> Option<&PlacementConfig> {
        self.placements.iter().find(|p| p.name == *name)
    }
}
