//! Configuration from the environment (S0-17.6), read once at start: every problem is listed, not only the first.

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf, time::Duration};

use empresas::consulta::{ConsultaConfig, List};
use files::{Clamd, ClamdAddress, FilesConfig, Place, S3};
use ipnet::IpNet;
use messaging::MailConfig;
use tenancy::{MasterKey, PoolLimits, TenancyConfig};
use url::Url;
use web::{MapTiles, WebConfig};

/// Everything the program reads from its environment.
#[derive(Debug, Clone)]
pub struct Settings {
    pub tenancy: TenancyConfig,
    pub web: WebConfig,
    pub mail: MailConfig,
    /// Whether a unidade's own mail server may stand in the inner network.
    pub mail_internal: bool,
    /// Who is asked about CNPJs and CEPs.
    pub consulta: ConsultaConfig,
    /// What maps are made of; none, no maps.
    pub map: Option<MapTiles>,
    /// Public listener.
    pub listen: SocketAddr,
    /// Health and metrics; never public.
    pub ops_listen: SocketAddr,
    pub backup_dir: PathBuf,
    pub files: FilesConfig,
    pub log: LogSettings,
    /// Jobs one worker process runs at once.
    pub worker_concurrency: usize,
    /// Walls that a hosted PostgreSQL refuses and the operator accepts, by name.
    pub accepted_walls: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// As in `RUST_LOG`.
    pub filter: String,
    pub json: bool,
}

/// A variable that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub variable: &'static str,
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.reason)
    }
}

/// One problem a line, for the person at the terminal.
#[must_use]
pub fn listed(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    format!("the configuration cannot be used:\n  {}", lines.join("\n  "))
}

/// A variable of the environment, as `sri config check` and docs/operations.md list it.
pub struct Variable {
    pub name: &'static str,
    pub meaning: &'static str,
    pub default: Option<&'static str>,
    pub secret: bool,
}

/// All variables, in the order in which an operator meets them.
pub const VARIABLES: [Variable; 34] = [
    Variable {
        name: "DATABASE_URL",
        meaning: "PostgreSQL of the central placement; sri migrate needs its administrator in it",
        default: None,
        secret: true,
    },
    Variable {
        name: "SRI_SECRET_KEY",
        meaning: "64 hexadecimal digits; all other secrets follow from it",
        default: None,
        secret: true,
    },
    Variable {
        name: "SRI_BASE_URL",
        meaning: "scheme, host and port under which the unidades' names hang",
        default: Some("http://localhost:8080"),
        secret: false,
    },
    Variable {
        name: "PORT",
        meaning: "port of the public listener on all addresses; SRI_LISTEN wins",
        default: Some("8080"),
        secret: false,
    },
    Variable { name: "SRI_LISTEN", meaning: "address and port of the public listener", default: None, secret: false },
    Variable {
        name: "SRI_OPS_LISTEN",
        meaning: "address and port of health and metrics; keep it private",
        default: Some("127.0.0.1:9090"),
        secret: false,
    },
    Variable {
        name: "SRI_TRUSTED_PROXIES",
        meaning: "networks whose X-Forwarded-For is believed, separated by commas",
        default: Some(""),
        secret: false,
    },
    Variable {
        name: "SRI_PLACEMENTS",
        meaning: "further placements: name=url, separated by spaces",
        default: Some(""),
        secret: true,
    },
    Variable {
        name: "SRI_MAIL_URL",
        meaning: "smtp://, smtps:// or smtp+starttls:// server, or file:/directory",
        default: None,
        secret: true,
    },
    Variable {
        name: "SRI_MAIL_FROM",
        meaning: "address of the sender of the product's e-mails",
        default: Some("sri@localhost.localdomain"),
        secret: false,
    },
    Variable {
        name: "SRI_MAIL_INTERNAL",
        meaning: "on: a unidade's own mail server may stand in the inner network; off: only on the internet",
        default: Some("off"),
        secret: false,
    },
    Variable {
        name: "SRI_CNPJ_PROVIDERS",
        meaning: "who is asked about a CNPJ, in order: name=url of receitaws and brasilapi, separated by spaces, or off",
        default: Some("receitaws=https://receitaws.com.br/v1 brasilapi=https://brasilapi.com.br/api"),
        secret: false,
    },
    Variable {
        name: "SRI_CEP_PROVIDERS",
        meaning: "who is asked about a CEP, in order: name=url of viacep and brasilapi, separated by spaces, or off",
        default: Some("viacep=https://viacep.com.br/ws brasilapi=https://brasilapi.com.br/api"),
        secret: false,
    },
    Variable {
        name: "SRI_PROVIDER_TOKENS",
        meaning: "bearer tokens of paid tariffs: name=token, separated by spaces",
        default: Some(""),
        secret: true,
    },
    Variable {
        name: "SRI_PROVIDER_LIMITS",
        meaning: "requests a minute over all processes: name=number, separated by spaces; receitaws=3 and brasilapi=30 unless told",
        default: Some(""),
        secret: false,
    },
    Variable {
        name: "SRI_PROVIDER_TIMEOUT",
        meaning: "seconds for a question, over all providers",
        default: Some("3"),
        secret: false,
    },
    Variable {
        name: "SRI_MAP_TILES",
        meaning: "address of the tiles of maps, with {z}, {x} and {y}, or off; browsers load them from there",
        default: Some("https://tile.openstreetmap.org/{z}/{x}/{y}.png"),
        secret: false,
    },
    Variable {
        name: "SRI_MAP_CREDIT",
        meaning: "who made those tiles, as it must stand below a map, and the address where they say more",
        default: Some("© OpenStreetMap https://www.openstreetmap.org/copyright"),
        secret: false,
    },
    Variable { name: "SRI_BACKUP_DIR", meaning: "directory of the unidades' backups", default: Some("backups"), secret: false },
    Variable {
        name: "SRI_FILES_DIR",
        meaning: "directory of the documents, where no bucket is named",
        default: Some("files"),
        secret: false,
    },
    Variable {
        name: "SRI_FILES_S3_BUCKET",
        meaning: "bucket that holds the documents instead; it must exist",
        default: Some(""),
        secret: false,
    },
    Variable {
        name: "SRI_FILES_S3_ENDPOINT",
        meaning: "scheme, host and port of a server that speaks S3; Amazon's own when left out",
        default: Some(""),
        secret: false,
    },
    Variable { name: "SRI_FILES_S3_REGION", meaning: "region of the bucket", default: Some("us-east-1"), secret: false },
    Variable { name: "SRI_FILES_S3_KEY_ID", meaning: "access key of the bucket", default: Some(""), secret: false },
    Variable { name: "SRI_FILES_S3_SECRET", meaning: "secret of that access key", default: Some(""), secret: true },
    Variable {
        name: "SRI_FILES_MAX_MB",
        meaning: "megabytes of one document at most, 1 to 100",
        default: Some("16"),
        secret: false,
    },
    Variable {
        name: "SRI_FILES_QUOTA_MB",
        meaning: "megabytes of all documents of one unidade at most",
        default: Some("10240"),
        secret: false,
    },
    Variable {
        name: "SRI_FILES_CLAMD",
        meaning: "virus scanner asked about every document: tcp://address:port or unix:/path",
        default: Some(""),
        secret: false,
    },
    Variable {
        name: "SRI_FILES_CLAMD_REQUIRED",
        meaning: "yes refuses documents while the scanner does not answer, no takes them unseen",
        default: Some("yes"),
        secret: false,
    },
    Variable {
        name: "SRI_POOL_CONNECTIONS",
        meaning: "connections of one process to one placement, for the unidades; half of them work at once",
        default: Some("24"),
        secret: false,
    },
    Variable { name: "SRI_SPARES", meaning: "ready-made schemas to keep per placement", default: Some("2"), secret: false },
    Variable {
        name: "SRI_WORKER_CONCURRENCY",
        meaning: "jobs one worker process runs at once",
        default: Some("4"),
        secret: false,
    },
    Variable {
        name: "SRI_LOG",
        meaning: "what is logged, as in RUST_LOG; SRI_LOG_FORMAT=text for people",
        default: Some("info"),
        secret: false,
    },
    Variable {
        name: "SRI_ACCEPT_WALLS",
        meaning: "missing walls the operator accepts, by the names `sri doctor` prints",
        default: Some(""),
        secret: false,
    },
];

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// Every variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, Vec<Problem>> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// As [`Settings::from_env`], from any source.
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn read(source: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader { source: &source, problems: Vec::new() };
        let key = reader.parse("SRI_SECRET_KEY", |text| text.parse::<MasterKey>().map_err(|e| e.to_string()));
        let central = reader.text("DATABASE_URL");
        let placements = reader.parse("SRI_PLACEMENTS", placements);
        let tenancy = match (key, central, placements) {
            (Some(key), Some(central), Some(others)) => match TenancyConfig::new(&central, &others, key) {
                Ok(config) => Some(config),
                Err(error) => {
                    reader.problem("DATABASE_URL", error.to_string());
                    None
                }
            },
            _ => None,
        };
        let base = reader.parse("SRI_BASE_URL", base_url);
        let listen = match reader.given("SRI_LISTEN") {
            Some(_) => reader.parse("SRI_LISTEN", parsed),
            None => reader.parse("PORT", parsed::<u16>).map(|port| SocketAddr::from(([0, 0, 0, 0], port))),
        };
        let ops_listen = reader.parse("SRI_OPS_LISTEN", parsed);
        let trusted_proxies = reader.parse("SRI_TRUSTED_PROXIES", networks);
        let (mail_url, mail_from) = (reader.text("SRI_MAIL_URL"), reader.text("SRI_MAIL_FROM"));
        let mail = match (mail_url, mail_from) {
            (Some(url), Some(from)) => match MailConfig::new(&url, &from) {
                Ok(mail) => Some(mail),
                Err(error) => {
                    reader.problem("SRI_MAIL_URL", error.to_string());
                    None
                }
            },
            _ => None,
        };
        let internal = reader.parse("SRI_MAIL_INTERNAL", |text| match text {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err("on or off".to_owned()),
        });
        let consulta = consulta(&mut reader);
        let credit = reader.text("SRI_MAP_CREDIT").unwrap_or_default();
        let map = reader.parse("SRI_MAP_TILES", |text| MapTiles::read(text, &credit));
        let connections = reader.parse("SRI_POOL_CONNECTIONS", parsed::<u32>);
        let spares = reader.parse("SRI_SPARES", parsed::<u32>);
        let concurrency = reader.parse("SRI_WORKER_CONCURRENCY", parsed::<usize>);
        let backup_dir = reader.text("SRI_BACKUP_DIR").map(PathBuf::from);
        let files = reader.files();
        let filter = reader.text("SRI_LOG");
        let walls = reader.text("SRI_ACCEPT_WALLS");
        let json = source("SRI_LOG_FORMAT").as_deref() != Some("text");
        let dev = source("SRI_DEV").as_deref() == Some("1");

        let problems = std::mem::take(&mut reader.problems);
        let read = || {
            let mut tenancy = tenancy?;
            tenancy.pool = PoolLimits::of(connections?);
            tenancy.spares = spares?;
            Some(Self {
                tenancy,
                web: WebConfig { base: base?, trusted_proxies: trusted_proxies?, dev },
                mail: mail?,
                mail_internal: internal? || dev,
                consulta: consulta?,
                map: map?,
                listen: listen?,
                ops_listen: ops_listen?,
                backup_dir: backup_dir?,
                files: files?,
                log: LogSettings { filter: filter?, json },
                worker_concurrency: concurrency?.max(1),
                accepted_walls: walls?.split([',', ' ']).filter(|w| !w.is_empty()).map(str::to_owned).collect(),
            })
        };
        match read() {
            Some(settings) if problems.is_empty() => Ok(settings),
            _ => Err(problems),
        }
    }
}

struct Reader<'a> {
    source: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn given(&self, name: &str) -> Option<String> {
        (self.source)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The variable or its default; a problem when it has neither.
    fn text(&mut self, name: &'static str) -> Option<String> {
        let default = VARIABLES.iter().find(|v| v.name == name).and_then(|v| v.default);
        let text = self.given(name).or_else(|| default.map(str::to_owned));
        if text.is_none() {
            self.problem(name, "is not set".to_owned());
        }
        text
    }

    fn parse<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match parse(&self.text(name)?) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.problem(name, reason);
                None
            }
        }
    }

    fn files(&mut self) -> Option<FilesConfig> {
        const MB: u64 = 1 << 20;
        let folder = self.text("SRI_FILES_DIR").map(PathBuf::from);
        let bucket = self.given("SRI_FILES_S3_BUCKET");
        let place = match bucket {
            None => folder.map(Place::Folder),
            Some(bucket) => self.s3(bucket).map(Place::S3),
        };
        let max = self.parse("SRI_FILES_MAX_MB", |text| {
            parsed(text).and_then(|mb: u64| {
                let fits = (1..=FilesConfig::LARGEST_MAX_BYTES / MB).contains(&mb);
                if fits { Ok(mb * MB) } else { Err("give 1 to 100".to_owned()) }
            })
        });
        let quota = self.parse("SRI_FILES_QUOTA_MB", parsed::<u32>);
        let required = self.parse("SRI_FILES_CLAMD_REQUIRED", |text| match text {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err("write yes or no".to_owned()),
        });
        let clamd = match self.given("SRI_FILES_CLAMD") {
            None => Some(None),
            Some(_) => self
                .parse("SRI_FILES_CLAMD", str::parse::<ClamdAddress>)
                .and_then(|address| Some(Some(Clamd { address, required: required? }))),
        };
        Some(FilesConfig { place: place?, max_bytes: max?, quota: u64::from(quota?) * MB, clamd: clamd? })
    }

    fn s3(&mut self, bucket: String) -> Option<S3> {
        let endpoint = match self.given("SRI_FILES_S3_ENDPOINT") {
            None => Some(None),
            Some(_) => {
                self.parse("SRI_FILES_S3_ENDPOINT", base_url).map(|url| Some(url.as_str().trim_end_matches('/').to_owned()))
            }
        };
        let region = self.text("SRI_FILES_S3_REGION");
        let mut needed = |name: &'static str| {
            let given = self.given(name);
            if given.is_none() {
                self.problem(name, "is not set, but SRI_FILES_S3_BUCKET is".to_owned());
            }
            given
        };
        let (key_id, secret) = (needed("SRI_FILES_S3_KEY_ID"), needed("SRI_FILES_S3_SECRET"));
        Some(S3 { bucket, region: region?, endpoint: endpoint?, key_id: key_id?, secret: secret?.into() })
    }

    fn problem(&mut self, variable: &'static str, reason: String) {
        self.problems.push(Problem { variable, reason });
    }
}

fn consulta(reader: &mut Reader<'_>) -> Option<ConsultaConfig> {
    let timeout = reader.parse("SRI_PROVIDER_TIMEOUT", |text| match parsed::<u64>(text)? {
        seconds @ 1..=30 => Ok(Duration::from_secs(seconds)),
        _ => Err("1 to 30 seconds".to_owned()),
    });
    let [cnpj, cep, tokens, limits] =
        ["SRI_CNPJ_PROVIDERS", "SRI_CEP_PROVIDERS", "SRI_PROVIDER_TOKENS", "SRI_PROVIDER_LIMITS"].map(|name| reader.text(name));
    match ConsultaConfig::read(&cnpj?, &cep?, &tokens?, &limits?, timeout?) {
        Ok(config) => Some(config),
        Err((list, reason)) => {
            let variable = match list {
                List::Cnpj => "SRI_CNPJ_PROVIDERS",
                List::Cep => "SRI_CEP_PROVIDERS",
                List::Tokens => "SRI_PROVIDER_TOKENS",
                List::Limits => "SRI_PROVIDER_LIMITS",
            };
            reader.problem(variable, reason);
            None
        }
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, String>
where
    T::Err: fmt::Display,
{
    text.parse().map_err(|e: T::Err| format!("{e}: {text:?}"))
}

fn base_url(text: &str) -> Result<Url, String> {
    let url: Url = parsed(text)?;
    let plain =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && url.path() == "/" && url.query().is_none();
    if plain { Ok(url) } else { Err("give scheme, host and perhaps port only, e.g. https://sri.senai.example".to_owned()) }
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    text.split(',')
        .map(str::trim)
        .filter(|net| !net.is_empty())
        .map(|net| net.parse().map_err(|_| format!("not a network: {net:?}")))
        .collect()
}

fn placements(text: &str) -> Result<BTreeMap<String, String>, String> {
    text.split_whitespace()
        .map(|pair| match pair.split_once('=') {
            Some((name, url)) => Ok((name.to_owned(), url.to_owned())),
            None => Err("write name=url, separated by spaces".to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, Vec<Problem>> {
        Settings::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    const MAIL: (&str, &str) = ("SRI_MAIL_URL", "smtp://mail.example");

    #[test]
    fn all_problems_are_told_at_once() {
        let problems =
            read(&[("SRI_BASE_URL", "ftp://x"), ("PORT", "70000"), ("SRI_TRUSTED_PROXIES", "10.0.0.0/33")]).unwrap_err();
        let named: Vec<_> = problems.iter().map(|p| p.variable).collect();
        assert_eq!(named, ["SRI_SECRET_KEY", "DATABASE_URL", "SRI_BASE_URL", "PORT", "SRI_TRUSTED_PROXIES", "SRI_MAIL_URL"]);
    }

    #[test]
    fn three_variables_are_enough() {
        let key = "ab".repeat(32);
        let settings = read(&[("DATABASE_URL", "postgres://u:p@h/d"), ("SRI_SECRET_KEY", &key), MAIL]).unwrap();
        assert_eq!(settings.listen.port(), 8080);
        assert_eq!(settings.tenancy.placements.len(), 1);
    }

    #[test]
    fn documents_lie_in_a_folder_or_a_bucket() {
        let key = "ab".repeat(32);
        let with = |more: &[(&str, &str)]| {
            read(&[&[("DATABASE_URL", "postgres://u:p@h/d"), ("SRI_SECRET_KEY", &key), MAIL], more].concat())
        };
        let files = with(&[]).unwrap().files;
        assert!(matches!(files.place, Place::Folder(folder) if folder.as_os_str() == "files"));
        assert_eq!((files.max_bytes, files.quota), (16 << 20, 10 << 30));
        let bucket = ("SRI_FILES_S3_BUCKET", "sri");
        let named: Vec<_> =
            with(&[bucket, ("SRI_FILES_S3_ENDPOINT", "minio"), ("SRI_FILES_MAX_MB", "101"), ("SRI_FILES_CLAMD", "x")])
                .unwrap_err()
                .into_iter()
                .map(|p| p.variable)
                .collect();
        assert_eq!(
            named,
            ["SRI_FILES_S3_ENDPOINT", "SRI_FILES_S3_KEY_ID", "SRI_FILES_S3_SECRET", "SRI_FILES_MAX_MB", "SRI_FILES_CLAMD"]
        );
        let key_pair = [("SRI_FILES_S3_KEY_ID", "k"), ("SRI_FILES_S3_SECRET", "s")];
        let files = with(&[&key_pair[..], &[bucket, ("SRI_FILES_S3_ENDPOINT", "http://127.0.0.1:9000")]].concat()).unwrap().files;
        assert!(matches!(&files.place, Place::S3(s3) if s3.endpoint.as_deref() == Some("http://127.0.0.1:9000")));
        assert!(!format!("{files:?}").contains("\"s\""), "a secret is not printed");
    }

    #[test]
    fn hosts_give_a_port() {
        let key = "ab".repeat(32);
        let url = "postgres://u:p@h/d";
        let settings = read(&[
            ("DATABASE_URL", url),
            ("SRI_SECRET_KEY", &key),
            MAIL,
            ("PORT", "5000"),
            ("SRI_PLACEMENTS", "sul=postgres://u@s/d"),
        ])
        .unwrap();
        assert_eq!(settings.listen, "0.0.0.0:5000".parse().unwrap());
        assert_eq!(settings.tenancy.placements[1].name.as_str(), "sul");
    }
}
