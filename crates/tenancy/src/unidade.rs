use std::{fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::{Entity, Id, Invalid, Lang};
use serde::{Deserialize, Serialize};

use crate::{Names, config::Placement};

#[derive(Debug)]
pub enum UnidadeEntity {}
impl Entity for UnidadeEntity {
    const NAME: &'static str = "unidade";
}
pub type UnidadeId = Id<UnidadeEntity>;

/// The label of a unidade's host: lower-case letters, digits and hyphens, 1 to 63, neither first nor last a hyphen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSlug {
    #[error("a slug has 1 to 63 lower-case letters, digits and hyphens, and starts and ends with a letter or digit")]
    Grammar,
    #[error("this name is reserved")]
    Reserved,
}

/// Hosts of the platform itself, now or one day; never a unidade's.
const RESERVED: [&str; 21] = [
    "www",
    "api",
    "console",
    "mail",
    "smtp",
    "imap",
    "static",
    "assets",
    "cdn",
    "admin",
    "app",
    "auth",
    "login",
    "status",
    "docs",
    "help",
    "files",
    "metrics",
    "ns1",
    "ns2",
    "localhost",
];

impl Slug {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `label` may be a host label at all; reserved ones included.
    #[must_use]
    pub fn is_label(label: &str) -> bool {
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.starts_with("xn--")
    }
}

impl FromStr for Slug {
    type Err = InvalidSlug;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        if !Self::is_label(s) {
            return Err(InvalidSlug::Grammar);
        }
        if RESERVED.contains(&s) {
            return Err(InvalidSlug::Reserved);
        }
        Ok(Self(s.to_owned()))
    }
}

impl TryFrom<String> for Slug {
    type Error = InvalidSlug;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}
impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl From<InvalidSlug> for Invalid {
    fn from(fault: InvalidSlug) -> Self {
        Self::new(match fault {
            InvalidSlug::Grammar => "slug-grammar",
            InvalidSlug::Reserved => "slug-reserved",
        })
    }
}

/// Where a unidade stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Provisioning,
    Active,
    /// Switched off by the platform; its people are told so, its data stay.
    Suspended,
    /// Closed for a while: a failed migration, or an operator's word.
    Maintenance,
    Migrating,
    /// On its way to another placement, in the seconds in which nothing may be written.
    Moving,
    /// Schema kept, nobody enters.
    Archived,
    /// Schema gone; the row stays so that the slug is never given again.
    Deleted,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Provisioning,
        Self::Active,
        Self::Suspended,
        Self::Maintenance,
        Self::Migrating,
        Self::Moving,
        Self::Archived,
        Self::Deleted,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Maintenance => "maintenance",
            Self::Migrating => "migrating",
            Self::Moving => "moving",
            Self::Archived => "archived",
            Self::Deleted => "deleted",
        }
    }

    /// Whether people and programs of the unidade are served.
    #[must_use]
    pub const fn is_served(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether a unidade may go from here to `next` (P-7). `Moving` and `Migrating` go back to where they came from;
    /// what is deleted stays deleted.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use Status as S;
        match self {
            S::Provisioning => matches!(next, S::Active | S::Maintenance | S::Deleted),
            S::Active => matches!(next, S::Suspended | S::Maintenance | S::Migrating | S::Moving | S::Archived),
            S::Suspended => matches!(next, S::Active | S::Maintenance | S::Moving | S::Archived | S::Deleted),
            S::Maintenance => matches!(next, S::Active | S::Suspended | S::Moving | S::Archived),
            S::Migrating => matches!(next, S::Active | S::Maintenance),
            S::Moving => matches!(next, S::Active | S::Suspended | S::Maintenance | S::Archived),
            S::Archived => matches!(next, S::Active | S::Maintenance | S::Moving | S::Deleted),
            S::Deleted => false,
        }
    }

    /// Whether its host is known to the outside at all.
    #[must_use]
    pub const fn is_visible(self) -> bool {
        !matches!(self, Self::Provisioning | Self::Archived | Self::Deleted)
    }
}

impl FromStr for Status {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.code() == s).ok_or_else(|| Invalid::new("status-unknown"))
    }
}

/// The brand of a unidade (S1-11.1, S1-11.2) and what its people see until they choose. Colours are `#RRGGBB`; `None` is SENAI's own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tema {
    pub primaria: Option<String>,
    pub destaque: Option<String>,
    /// Hash of the logo's bytes, part of its URL.
    pub logo: Option<String>,
    /// `claro` or `escuro`; else what each device says.
    pub aparencia: Option<String>,
    /// Tag of a language; else what each browser asks for.
    pub idioma: Option<String>,
}

impl Tema {
    /// The language of whoever chose none, where the unidade says one that this version speaks.
    #[must_use]
    pub fn lang(&self) -> Option<Lang> {
        self.idioma.as_deref()?.parse().ok()
    }
}

/// A row of the register, as every process keeps it in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unidade {
    pub id: UnidadeId,
    pub slug: Slug,
    /// The SENAI's own number of the unit, e.g. `1.03`.
    pub codigo: String,
    pub nome: String,
    pub placement: Placement,
    pub status: Status,
    pub status_reason: Option<String>,
    pub schema_version: i64,
    /// Modules that are switched on.
    pub modules: Arc<[String]>,
    pub municipio_id: Option<i32>,
    /// IANA zone in which its people read times.
    pub fuso: chrono_tz::Tz,
    pub tema: Tema,
    pub custom_domain: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl Unidade {
    #[must_use]
    pub fn names(&self) -> Names {
        Names::of(self.id)
    }

    /// In which language somebody is written to whose own choice is kept as `chosen`.
    #[must_use]
    pub fn lang(&self, chosen: Option<&str>) -> Lang {
        chosen.and_then(|tag| tag.parse().ok()).or_else(|| self.tema.lang()).unwrap_or_default()
    }

    #[must_use]
    pub fn has_module(&self, name: &str) -> bool {
        self.modules.iter().any(|module| module == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unidade_goes_only_where_its_status_lets_it() {
        // One line per status, in the order of `ALL`: to provisioning, active, suspended, maintenance, migrating, moving,
        // archived, deleted.
        let table = [
            (Status::Provisioning, ".x.x...x"),
            (Status::Active, "..xxxxx."),
            (Status::Suspended, ".x.x.xxx"),
            (Status::Maintenance, ".xx..xx."),
            (Status::Migrating, ".x.x...."),
            (Status::Moving, ".xxx..x."),
            (Status::Archived, ".x.x.x.x"),
            (Status::Deleted, "........"),
        ];
        assert_eq!(table.map(|(from, _)| from), Status::ALL);
        for (from, line) in table {
            let may: String = Status::ALL.into_iter().map(|to| if from.may_become(to) { 'x' } else { '.' }).collect();
            assert_eq!(may, line, "{from:?}");
        }
    }

    #[test]
    fn slugs_follow_a_closed_grammar() {
        for good in ["a", "senai-joinville", "103", "a1-b2"] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a.b", "a_b", "ç", "xn--abc", "a b", &"a".repeat(64)] {
            assert_eq!(bad.parse::<Slug>(), Err(InvalidSlug::Grammar), "{bad}");
        }
        assert_eq!("console".parse::<Slug>(), Err(InvalidSlug::Reserved));
    }
}
