//! O gateway of a unidade: where messages for telephones go, WhatsApp and SMS alike, as a webhook of n8n or of a provider takes
//! them (S2-7.3, U-20).
//!
//! The rules it protects: its segredo is kept sealed, is never shown and goes to no address but the one it was given for; the
//! address is looked up once, looked at, and dialled at what was looked at (threat 19).

mod send;
mod sql;

use std::str::FromStr;

use kernel::Invalid;
use tenancy::Sealed;
use url::Url;
use uuid::Uuid;

pub(crate) use send::deliver;
pub use sql::{find, remove, save};

use crate::guard;

const LONGEST: usize = 500;

/// An address that takes messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endereco(Url);

impl Endereco {
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Without its path, which often is a secret of its own.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether it may stand in the public Internet: protected, on a port for that.
    #[must_use]
    pub fn is_public(&self) -> bool {
        guard::is_public(&self.0)
    }
}

impl FromStr for Endereco {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid::new("gateway-url");
        let url = Url::parse(text.trim()).map_err(|_| invalid())?;
        let plain = matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
            && url.as_str().len() <= LONGEST;
        if plain { Ok(Self(url)) } else { Err(invalid()) }
    }
}

/// How a unidade reaches telephones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    pub id: Uuid,
    pub endereco: Endereco,
    /// Sent along, so that the other side knows who asks.
    pub segredo: Option<Sealed>,
    /// 0 for one that was never kept.
    pub version: i32,
}

impl Gateway {
    /// What a segredo is sealed for.
    #[must_use]
    pub fn purpose(id: Uuid) -> String {
        format!("gateway:{id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_the_web_and_carries_nobodys_name() {
        for (typed, public) in [
            (" https://n8n.senai.example/webhook/abc ", true),
            ("https://n8n.senai.example:8443/x?token=1", true),
            ("https://n8n.senai.example:5432/x", false),
            ("http://n8n.senai.example/x", false),
            ("http://127.0.0.1:9999/x", false),
        ] {
            assert_eq!(typed.parse::<Endereco>().unwrap().is_public(), public, "{typed}");
        }
        let long = format!("https://a.example/{}", "a".repeat(LONGEST));
        for typed in
            ["", "n8n.example", "ftp://a.example/", "https://", "https://ana:1@a.example/", "https://a.example/#x", &long]
        {
            assert!(typed.parse::<Endereco>().is_err(), "{typed:?}");
        }
        assert_eq!("https://a.example/webhook/s3cret".parse::<Endereco>().unwrap().origin(), "https://a.example");
    }
}
