//! O correio of a unidade: whether it sends e-mail at all, and through a server of its own or the installation's.
//!
//! The rules it protects: a password is kept sealed, is never shown and goes to no server but the one it was given for; what a
//! unidade names as its server is asked about once, looked at, and dialled at the very address that was looked at, so that
//! nobody reaches the inner network through the product (threat 19).

mod sql;

use std::str::FromStr;

use kernel::{Email, Invalid};
use secrecy::SecretString;
use tenancy::{MasterKey, Sealed};
use uuid::Uuid;

pub use sql::{find, remove, save};

use crate::config::{Smtp, Tls};

/// Ports on which mail servers listen: nobody goes looking for others through the product.
pub const PORTS: [u16; 4] = [465, 587, 2525, 25];

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protecao {
    Imediato,
    Starttls,
    Nenhum,
}

impl Protecao {
    pub const ALL: [Self; 3] = [Self::Imediato, Self::Starttls, Self::Nenhum];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Imediato => "imediato",
            Self::Starttls => "starttls",
            Self::Nenhum => "nenhum",
        }
    }

    const fn tls(self) -> Tls {
        match self {
            Self::Imediato => Tls::Immediate,
            Self::Starttls => Tls::Upgraded,
            Self::Nenhum => Tls::None,
        }
    }
}

impl FromStr for Protecao {
    type Err = Invalid;

    fn from_str(code: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|one| one.code() == code).ok_or_else(|| Invalid::new("choice"))
    }
}

/// Name or address of a mail server, and nothing else: no scheme, no port, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Host {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let host = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let is_name = host.len() <= 253 && host.split('.').all(label);
        if is_name || host.parse::<std::net::IpAddr>().is_ok() { Ok(Self(host)) } else { Err(Invalid::new("correio-host")) }
    }
}

/// A server of the unidade's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Servidor {
    pub host: Host,
    pub port: u16,
    pub protecao: Protecao,
    pub conta: Option<String>,
    /// With a conta only.
    pub senha: Option<Sealed>,
    pub remetente: Email,
}

impl Servidor {
    /// Whether a password that was given for `other` may be used here.
    #[must_use]
    pub fn is_same_place(&self, other: &Self) -> bool {
        (&self.host, self.port, self.protecao, &self.conta) == (&other.host, other.port, other.protecao, &other.conta)
    }
}

/// How a unidade sends e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correio {
    pub id: Uuid,
    /// Off: people hear of things in the panel alone.
    pub ativo: bool,
    /// `None`: the installation's.
    pub servidor: Option<Servidor>,
    /// 0 for one that was never set.
    pub version: i32,
}

impl Correio {
    /// What a password is sealed for.
    #[must_use]
    pub fn purpose(id: Uuid) -> String {
        format!("correio:{id}")
    }

    /// The server as it is dialled, its password open.
    ///
    /// # Errors
    /// A fault when the password was sealed with another key.
    pub(crate) fn smtp(&self, servidor: &Servidor, key: &MasterKey) -> Result<Smtp, kernel::Fault> {
        let credentials = match (&servidor.conta, &servidor.senha) {
            (Some(conta), Some(sealed)) => {
                let opened = key.open(&Self::purpose(self.id), sealed)?;
                let senha = String::from_utf8(opened).map_err(|e| kernel::Fault::new("password of a mail server", e))?;
                Some((conta.clone(), SecretString::from(senha)))
            }
            _ => None,
        };
        Ok(Smtp { host: servidor.host.0.clone(), port: servidor.port, tls: servidor.protecao.tls(), credentials })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_nothing_else() {
        for (typed, host) in
            [(" Mail.SENAI.example. ", "mail.senai.example"), ("203.0.113.7", "203.0.113.7"), ("2001:db8::1", "2001:db8::1")]
        {
            assert_eq!(typed.parse::<Host>().unwrap().as_str(), host);
        }
        for typed in
            ["", " ", "a b", "http://a", "a:25", "a/b", "a@b", "-a", "a..b", "a\r\nb", "[::1]", "á.example", &"a".repeat(64)]
        {
            assert!(typed.parse::<Host>().is_err(), "{typed:?}");
        }
    }
}
