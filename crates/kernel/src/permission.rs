use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// One thing a person may do: `modulo.entidade.acao`, a typed constant of the module that owns it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(Cow<'static, str>);

impl Permission {
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// On which records a permission holds; ordered from the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Records the actor is responsible for.
    Proprias,
    /// Records of empresas linked to the actor.
    Vinculadas,
    /// Every record of the unidade.
    Todas,
}

impl Scope {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proprias => "proprias",
            Self::Vinculadas => "vinculadas",
            Self::Todas => "todas",
        }
    }
}

/// What an actor holds: each permission with its widest scope, or everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    everything: bool,
    held: BTreeMap<String, Scope>,
}

impl Grants {
    /// All permissions of all modules on every record: the perfil Administrador and the platform's own jobs.
    #[must_use]
    pub const fn everything() -> Self {
        Self { everything: true, held: BTreeMap::new() }
    }

    /// Adds a permission; a wider scope wins over a narrower one.
    pub fn add(&mut self, code: impl Into<String>, scope: Scope) {
        let held = self.held.entry(code.into()).or_insert(scope);
        *held = (*held).max(scope);
    }

    #[must_use]
    pub fn scope(&self, permission: &Permission) -> Option<Scope> {
        if self.everything { Some(Scope::Todas) } else { self.held.get(permission.code()).copied() }
    }

    /// Whether a permission is held at least so widely, by its code.
    #[must_use]
    pub fn holds(&self, code: &str, scope: Scope) -> bool {
        self.everything || self.held.get(code).is_some_and(|own| *own >= scope)
    }

    /// Whether all that `other` allows is allowed here too: nobody gives away more than they hold.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let held = |(code, scope): (&String, &Scope)| self.held.get(code).is_some_and(|own| own >= scope);
        self.everything || (!other.everything && other.held.iter().all(held))
    }
}

impl FromIterator<(String, Scope)> for Grants {
    fn from_iter<I: IntoIterator<Item = (String, Scope)>>(iter: I) -> Self {
        let mut grants = Self::default();
        for (code, scope) in iter {
            grants.add(code, scope);
        }
        grants
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_scope_wins() {
        let ver = Permission::new("empresas.empresa.ver");
        let mut grants = Grants::default();
        assert_eq!(grants.scope(&ver), None);
        grants.add(ver.code(), Scope::Todas);
        grants.add(ver.code(), Scope::Proprias);
        assert_eq!(grants.scope(&ver), Some(Scope::Todas));
        assert_eq!(Grants::everything().scope(&ver), Some(Scope::Todas));
    }

    #[test]
    fn nobody_gives_more_than_they_hold() {
        let grants = |held: &[(&str, Scope)]| held.iter().map(|(code, scope)| ((*code).to_owned(), *scope)).collect::<Grants>();
        let giver = grants(&[("a.b.ver", Scope::Todas), ("a.b.editar", Scope::Proprias)]);
        assert!(giver.covers(&Grants::default()));
        assert!(giver.covers(&grants(&[("a.b.ver", Scope::Vinculadas)])));
        assert!(!giver.covers(&grants(&[("a.b.editar", Scope::Todas)])));
        assert!(!giver.covers(&grants(&[("a.b.excluir", Scope::Proprias)])));
        assert!(!giver.covers(&Grants::everything()));
        assert!(Grants::everything().covers(&Grants::everything()) && Grants::everything().covers(&giver));
    }
}
