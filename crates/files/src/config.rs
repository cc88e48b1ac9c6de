use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use tenancy::Parametro;

use crate::Clamd;

/// The section `files` of the configuration.
#[derive(Debug, Clone)]
pub struct FilesConfig {
    pub place: Place,
    /// Bytes of one file at most.
    pub max_bytes: u64,
    /// Bytes of all files of one unidade at most.
    pub quota: u64,
    /// Asks about every file, where there is one.
    pub clamd: Option<Clamd>,
}

/// Where contents lie.
#[derive(Debug, Clone)]
pub enum Place {
    /// Made when it is missing. Several processes share it; several machines need a shared one.
    Folder(PathBuf),
    S3(S3),
}

/// A bucket that exists, at Amazon or at whoever speaks the same protocol.
#[derive(Debug, Clone)]
pub struct S3 {
    pub bucket: String,
    pub region: String,
    /// Scheme, host and port; Amazon's own when left out.
    pub endpoint: Option<String>,
    pub key_id: String,
    pub secret: SecretString,
}

impl FilesConfig {
    /// 16 MB, as the customer asks for (S1-1.12, D-13).
    pub const DEFAULT_MAX_BYTES: u64 = 16 << 20;
    /// Above it the routes' own bounds would have to grow.
    pub const LARGEST_MAX_BYTES: u64 = 100 << 20;
    pub const DEFAULT_QUOTA: u64 = 10 << 30;

    /// What a unidade may set for itself, megabytes of one file and gigabytes of all of them: as the installation gives them
    /// where it sets nothing, and never more.
    #[must_use]
    pub fn parametros(&self) -> [Parametro; 2] {
        let of = |nome, bytes: u64, unit: u32| {
            let most = i64::try_from(bytes >> unit).unwrap_or(i64::MAX).max(1);
            Parametro { nome, default: most, min: 1, max: most }
        };
        [of("arquivo_max_mb", self.max_bytes, 20), of("arquivo_cota_gb", self.quota, 30)]
    }

    /// In a folder, with the defaults.
    #[must_use]
    pub const fn folder(folder: PathBuf) -> Self {
        Self { place: Place::Folder(folder), max_bytes: Self::DEFAULT_MAX_BYTES, quota: Self::DEFAULT_QUOTA, clamd: None }
    }
}

/// How long the store may take for one request.
pub(crate) const S3_TIMEOUT: Duration = Duration::from_secs(30);
