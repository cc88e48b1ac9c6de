use std::error::Error as StdError;

use crate::{Denied, ErrorKind, Fault, FieldError, Invalid, Kind, Permission};

/// Why a command did nothing: what can happen to every command, or a rule of its own. A slice writes down its rules alone.
///
/// ```ignore
/// #[derive(Debug, thiserror::Error)]
/// pub enum VisitaRule {
///     #[error("the visita is dated in the future")]
///     InFuture,
/// }
/// impl Rule for VisitaRule {
///     fn told(&self) -> Told {
///         match self {
///             Self::InFuture => Told::invalid("visita-in-future").at("inicio_at"),
///         }
///     }
/// }
/// pub type VisitaError = Refusal<VisitaRule>;
/// ```
#[derive(Debug, thiserror::Error)]
pub enum Refusal<R: Rule = NoRule> {
    /// Unknown, or not within the actor's reach.
    #[error("not found")]
    NotFound,
    #[error(transparent)]
    Rule(R),
    #[error(transparent)]
    Denied(Denied),
    #[error(transparent)]
    Fault(Fault),
}

/// A rule by which a command may refuse.
pub trait Rule: StdError + 'static {
    fn told(&self) -> Told;

    /// The fields at fault, where they say more than the rule's own code by its one field.
    fn fields(&self) -> Vec<FieldError> {
        let Told { code, field, .. } = self.told();
        field.map(|field| Invalid::new(code).at(field)).into_iter().collect()
    }
}

/// What a caller needs of a rule: said once, it serves the page, the REST document and the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    kind: Kind,
    code: &'static str,
    field: Option<&'static str>,
}

impl Told {
    /// The input breaks the rule. `code` is that of [`ErrorKind::code`].
    #[must_use]
    pub const fn invalid(code: &'static str) -> Self {
        Self { kind: Kind::Invalid, code, field: None }
    }

    /// The state does: it moved on, or something is in the way.
    #[must_use]
    pub const fn conflict(code: &'static str) -> Self {
        Self { kind: Kind::Conflict, code, field: None }
    }

    /// Not now: it may be asked again later.
    #[must_use]
    pub const fn unavailable(code: &'static str) -> Self {
        Self { kind: Kind::Unavailable, code, field: None }
    }

    /// By this field of the input; its message is `invalid-<code>`.
    #[must_use]
    pub const fn at(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }
}

/// Of a command that has no rule of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRule {}

impl Rule for NoRule {
    fn told(&self) -> Told {
        match *self {}
    }
}

impl<R: Rule> Refusal<R> {
    /// The same refusal of a command that calls this one: its rule becomes one of the caller's.
    pub fn map_rule<S: Rule>(self, rule: impl FnOnce(R) -> S) -> Refusal<S> {
        match self {
            Self::NotFound => Refusal::NotFound,
            Self::Rule(own) => Refusal::Rule(rule(own)),
            Self::Denied(denied) => Refusal::Denied(denied),
            Self::Fault(fault) => Refusal::Fault(fault),
        }
    }
}

impl<R: Rule> From<R> for Refusal<R> {
    fn from(rule: R) -> Self {
        Self::Rule(rule)
    }
}

impl<R: Rule> From<Denied> for Refusal<R> {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl<R: Rule> From<Fault> for Refusal<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<R: Rule> ErrorKind for Refusal<R> {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Rule(rule) => rule.told().kind,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Rule(rule) => rule.told().code,
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Rule(rule) => rule.fields(),
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, thiserror::Error)]
    enum Regra {
        #[error("the name is taken")]
        Taken,
        #[error("it is in use")]
        InUse,
    }

    impl Rule for Regra {
        fn told(&self) -> Told {
            match self {
                Self::Taken => Told::invalid("taken").at("nome"),
                Self::InUse => Told::conflict("in-use"),
            }
        }
    }

    const VER: Permission = Permission::new("a.b.ver");

    fn command(step: u8) -> Result<(), Refusal<Regra>> {
        match step {
            0 => Err(Regra::Taken)?,
            1 => Err(Regra::InUse)?,
            2 => Err(Denied { permission: VER })?,
            3 => Err(Fault::because("broken").unavailable())?,
            _ => return Err(Refusal::NotFound),
        }
        Ok(())
    }

    #[test]
    fn each_way_to_refuse_says_what_a_caller_needs() {
        let told = |step| {
            let error = command(step).unwrap_err();
            (
                error.kind(),
                error.code(),
                error.fields().into_iter().map(|f| f.field).collect::<Vec<_>>(),
                error.missing().is_some(),
            )
        };
        assert_eq!(told(0), (Kind::Invalid, "taken", vec!["nome"], false));
        assert_eq!(told(1), (Kind::Conflict, "in-use", vec![], false));
        assert_eq!(told(2), (Kind::Denied, "denied", vec![], true));
        assert_eq!(told(3), (Kind::Unavailable, "unavailable", vec![], false));
        assert_eq!(told(4), (Kind::NotFound, "not-found", vec![], false));
        assert_eq!(command(3).unwrap_err().to_string(), "broken", "the log has the fault's own words");
    }
}
