use kernel::{ErrorKind, Fault, Kind};

use crate::{Slug, backup::ArchiveError, provision::ProvisionError};

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("this is the archive of {found}, not of the unidade to be replaced")]
    OtherUnidade { found: Slug },
    #[error("the archive has schema version {archive}, this program knows {program}: use the newer program")]
    TooNew { archive: i64, program: i64 },
    /// The archive was made by migrations whose text is not this program's.
    #[error("migration {0} of the archive is not the one this program has")]
    OtherMigrations(i64),
    #[error("table {0} was not restored as it was")]
    Differs(String),
    #[error("no such unidade")]
    NotFound,
    #[error("the slug is taken, or was once")]
    SlugTaken,
    #[error("the codigo is taken")]
    CodigoTaken,
    #[error("no such placement")]
    UnknownPlacement,
    #[error("somebody is at work on this unidade")]
    Busy,
    /// Somebody still wrote, or read, when [`RestoreOptions::wait`](super::RestoreOptions::wait) was over.
    #[error("somebody still works in this unidade")]
    InUse,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for RestoreError {
    fn kind(&self) -> Kind {
        match self {
            Self::Archive(ArchiveError::Fault(fault)) | Self::Fault(fault) => fault.kind(),
            Self::Archive(_)
            | Self::OtherUnidade { .. }
            | Self::TooNew { .. }
            | Self::OtherMigrations(_)
            | Self::UnknownPlacement => Kind::Invalid,
            Self::NotFound => Kind::NotFound,
            Self::SlugTaken | Self::CodigoTaken | Self::Busy => Kind::Conflict,
            Self::InUse => Kind::Unavailable,
            Self::Differs(_) => Kind::Fault,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Archive(_) => "restore-archive",
            Self::OtherUnidade { .. } => "restore-other-unidade",
            Self::TooNew { .. } => "restore-too-new",
            Self::OtherMigrations(_) => "restore-other-migrations",
            Self::Differs(_) => "restore-differs",
            Self::NotFound => "not-found",
            Self::SlugTaken => "slug-taken",
            Self::CodigoTaken => "codigo-taken",
            Self::UnknownPlacement => "unknown-placement",
            Self::Busy => "unidade-busy",
            Self::InUse => "unidade-in-use",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<sqlx::Error> for RestoreError {
    fn from(error: sqlx::Error) -> Self {
        match ProvisionError::from(error) {
            ProvisionError::SlugTaken => Self::SlugTaken,
            ProvisionError::CodigoTaken => Self::CodigoTaken,
            ProvisionError::Fault(fault) => Self::Fault(fault),
            other => Self::Fault(Fault::new("restoring", other)),
        }
    }
}
