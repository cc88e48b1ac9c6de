use std::{error::Error as StdError, fmt};

/// What a caller can do about an error; `web` maps it to a status once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Unknown, or not visible to this actor: both look the same.
    NotFound,
    /// Known and visible, but the actor may not do this.
    Denied,
    /// The input breaks a rule; see the field errors.
    Invalid,
    /// The state moved on: version, uniqueness, a step already taken.
    Conflict,
    /// Something we depend on does not answer; trying again later may work.
    Unavailable,
    /// A defect or an accident of ours.
    Fault,
}

/// Every error of a command tells its kind and the stable code a client may program against.
pub trait ErrorKind: StdError {
    fn kind(&self) -> Kind;

    /// Stable, kebab-case; the key of the message in the catalogue (`error-<code>`).
    fn code(&self) -> &'static str;

    /// The fields at fault, for [`Kind::Invalid`] and conflicts of one field.
    fn fields(&self) -> Vec<FieldError> {
        Vec::new()
    }

    /// The permission that is missing, for [`Kind::Denied`].
    fn missing(&self) -> Option<&crate::Permission> {
        None
    }
}

/// A value that breaks a rule: the rule's code is the key of its message (`invalid-<code>`), `args` fill the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid value: {code}")]
pub struct Invalid {
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Invalid {
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    #[must_use]
    pub fn at(self, field: &'static str) -> FieldError {
        FieldError { field, invalid: self }
    }
}

impl From<crate::InvalidCnpj> for Invalid {
    fn from(fault: crate::InvalidCnpj) -> Self {
        Self::new(match fault {
            crate::InvalidCnpj::Length => "cnpj-length",
            crate::InvalidCnpj::Character => "cnpj-character",
            crate::InvalidCnpj::CheckDigits => "cnpj-check-digits",
        })
    }
}

/// A rule broken by one field of an input; `field` is the name used in the form and in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    pub invalid: Invalid,
}

/// The actor lacks a permission; carried to the page that explains it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("permission {permission} is missing")]
pub struct Denied {
    pub permission: crate::Permission,
}

/// Anything unexpected, with its whole source chain. Logged once, where it is answered; a person sees an incident number.
#[derive(Debug)]
pub struct Fault {
    context: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
    unavailable: bool,
}

impl Fault {
    #[must_use]
    pub fn new(context: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { context, source: Some(source.into()), unavailable: false }
    }

    /// A broken invariant with no error behind it.
    #[must_use]
    pub const fn because(context: &'static str) -> Self {
        Self { context, source: None, unavailable: false }
    }

    /// Marks the fault as an outage of something we depend on: answered 503 with Retry-After instead of 500.
    #[must_use]
    pub const fn unavailable(mut self) -> Self {
        self.unavailable = true;
        self
    }

    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        self.unavailable
    }
}

impl fmt::Display for Fault {
    /// The whole chain on one line. Many errors print their cause with themselves; it is not said twice.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.context.to_owned();
        let mut source = self.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            if !said.contains(&text) {
                said.push_str(": ");
                said.push_str(&text);
            }
            source = cause.source();
        }
        f.write_str(&said)
    }
}

impl StdError for Fault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl ErrorKind for Fault {
    fn kind(&self) -> Kind {
        if self.unavailable { Kind::Unavailable } else { Kind::Fault }
    }

    fn code(&self) -> &'static str {
        if self.unavailable { "unavailable" } else { "fault" }
    }
}

impl ErrorKind for Denied {
    fn kind(&self) -> Kind {
        Kind::Denied
    }

    fn code(&self) -> &'static str {
        "denied"
    }

    fn missing(&self) -> Option<&crate::Permission> {
        Some(&self.permission)
    }
}

impl ErrorKind for Invalid {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        self.code
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use sqlx::Error;

    use super::{ErrorKind, Fault, Kind};

    /// Whether the database does not answer rather than refuse.
    fn is_outage(error: &Error) -> bool {
        match error {
            Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => true,
            // 57P01…57P03: going down or starting; 53xxx: out of connections, memory or disk; 57014: out of time;
            // 55P03: a lock that did not come.
            Error::Database(db) => {
                db.code().is_some_and(|c| c.starts_with("57P") || c.starts_with("53") || c == "57014" || c == "55P03")
            }
            _ => false,
        }
    }

    impl From<Error> for Fault {
        fn from(error: Error) -> Self {
            let outage = is_outage(&error);
            let fault = Self::new("database", error);
            if outage { fault.unavailable() } else { fault }
        }
    }

    impl ErrorKind for Error {
        fn kind(&self) -> Kind {
            if is_outage(self) { Kind::Unavailable } else { Kind::Fault }
        }

        fn code(&self) -> &'static str {
            if is_outage(self) { "unavailable" } else { "fault" }
        }
    }
}
