//! The companies outside that know about CNPJs and CEPs, and the JSON they speak.
//!
//! The rule it protects: what they say is somebody else's text. A field that is no valid value is left out, and an answer that is
//! not about what was asked is a failure.

mod brasilapi;
mod receitaws;
mod viacep;

use std::str::FromStr;

use chrono::{DateTime, Utc};
use kernel::{Cep, Cnpj, Texto};
use serde::Deserialize;

use super::dados::{DadosCnpj, Endereco};

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provedor {
    ReceitaWs,
    BrasilApi,
    ViaCep,
}

/// What an answer says, when it can be understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said<T> {
    Found(T),
    NotFound,
}

/// The provider speaks nonsense, or of something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer cannot be understood")]
pub(super) struct Garbage;

impl Provedor {
    pub const ALL: [Self; 3] = [Self::ReceitaWs, Self::BrasilApi, Self::ViaCep];

    /// Its name in the settings and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReceitaWs => "receitaws",
            Self::BrasilApi => "brasilapi",
            Self::ViaCep => "viacep",
        }
    }

    /// Its name as people know it.
    #[must_use]
    pub const fn nome(self) -> &'static str {
        match self {
            Self::ReceitaWs => "ReceitaWS",
            Self::BrasilApi => "BrasilAPI",
            Self::ViaCep => "ViaCEP",
        }
    }

    #[must_use]
    pub const fn knows_cnpj(self) -> bool {
        matches!(self, Self::ReceitaWs | Self::BrasilApi)
    }

    #[must_use]
    pub const fn knows_cep(self) -> bool {
        matches!(self, Self::BrasilApi | Self::ViaCep)
    }

    /// Requests a minute, where the operator says nothing: what the free ReceitaWS allows, and what is polite elsewhere.
    #[must_use]
    pub const fn default_limit(self) -> u16 {
        match self {
            Self::ReceitaWs => 3,
            Self::BrasilApi | Self::ViaCep => 30,
        }
    }

    /// Path of a CNPJ below the configured address. Only its fourteen letters and digits come into it.
    pub(super) fn cnpj_path(self, cnpj: Cnpj) -> String {
        match self {
            Self::BrasilApi => format!("cnpj/v1/{}", cnpj.as_str()),
            _ => format!("cnpj/{}", cnpj.as_str()),
        }
    }

    /// Path of a CEP below the configured address.
    pub(super) fn cep_path(self, cep: Cep) -> String {
        match self {
            Self::BrasilApi => format!("cep/v1/{}", cep.as_str()),
            _ => format!("{}/json/", cep.as_str()),
        }
    }

    /// Data of a CNPJ, and as of when they are where the provider says it.
    pub(super) fn read_cnpj(
        self,
        cnpj: Cnpj,
        status: u16,
        body: &[u8],
    ) -> Result<(Said<DadosCnpj>, Option<DateTime<Utc>>), Garbage> {
        match self {
            Self::ReceitaWs => receitaws::read(cnpj, status, body),
            Self::BrasilApi => brasilapi::read_cnpj(cnpj, status, body).map(|said| (said, None)),
            Self::ViaCep => Err(Garbage),
        }
    }

    pub(super) fn read_cep(self, cep: Cep, status: u16, body: &[u8]) -> Result<Said<Endereco>, Garbage> {
        match self {
            Self::BrasilApi => brasilapi::read_cep(cep, status, body),
            Self::ViaCep => viacep::read(cep, status, body),
            Self::ReceitaWs => Err(Garbage),
        }
    }
}

impl FromStr for Provedor {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|provedor| provedor.code() == s).ok_or_else(|| format!("no such provider: {s:?}"))
    }
}

/// A text or a number: the providers are not of one mind, and not always of their own.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Loose {
    Text(String),
    Number(serde_json::Number),
    #[default]
    Nothing,
    Other(serde::de::IgnoredAny),
}

impl Loose {
    fn text(&self) -> Option<String> {
        let text = match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Nothing | Self::Other(_) => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The value, when it is one.
    fn value<T: FromStr>(&self) -> Option<T> {
        self.text()?.parse().ok()
    }

    /// A number that lost the zeros before it.
    fn padded<T: FromStr>(&self, width: usize) -> Option<T> {
        format!("{:0>width$}", self.text()?).parse().ok()
    }

    /// Cut to what the register holds.
    fn cut<const MAX: usize>(&self) -> Option<Texto<MAX>> {
        self.text()?.chars().take(MAX).collect::<String>().parse().ok()
    }
}

/// `R` and `DAS FLORES` are told apart by one provider and not by the other.
fn joined(kind: &Loose, name: &Loose) -> Loose {
    match (kind.text(), name.text()) {
        (Some(kind), Some(name)) => Loose::Text(format!("{kind} {name}")),
        (None, Some(name)) => Loose::Text(name),
        _ => Loose::Nothing,
    }
}

/// Several numbers come in one field: `(11) 3661-1500 / (11) 3662-1500`.
fn first_telefone(text: &Loose) -> Option<kernel::Telefone> {
    text.text()?.split(['/', ';', ',']).find_map(|one| one.trim().parse().ok())
}
