use kernel::{Denied, ErrorKind, Fault, FieldError, Invalid, Kind};

/// Why nothing was done with a documento.
#[derive(Debug, thiserror::Error)]
pub enum DocumentoError {
    /// Unknown, of another record, or in (or not in) the lixeira.
    #[error("documento not found")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("the documento was changed meanwhile")]
    Conflict,
    #[error("the name cannot be used")]
    Nome(Invalid),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for DocumentoError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Conflict => Kind::Conflict,
            Self::Nome(_) => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Nome(_) => "invalid",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Nome(invalid) => vec![invalid.clone().at("nome")],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}
