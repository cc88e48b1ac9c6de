//! Values that only empresas have.

use std::{fmt, str::FromStr};

use kernel::Invalid;
use serde::{Deserialize, Serialize};

/// Classification of the economic activity: seven digits, shown as `2511-0/00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cnae([u8; 7]);

impl Cnae {
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Cnae {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let digits: Vec<u8> = s.bytes().filter(|b| !matches!(b, b'.' | b'-' | b'/' | b' ')).collect();
        match <[u8; 7]>::try_from(digits) {
            Ok(all) if all.iter().all(u8::is_ascii_digit) => Ok(Self(all)),
            _ => Err(Invalid::new("cnae-invalid")),
        }
    }
}
impl TryFrom<String> for Cnae {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Cnae> for String {
    fn from(cnae: Cnae) -> Self {
        cnae.as_str().to_owned()
    }
}
impl fmt::Display for Cnae {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.as_str();
        write!(f, "{}-{}/{}", &s[..4], &s[4..5], &s[5..])
    }
}

/// A web address: http or https only, so that a link made of it can do nothing but open a page. At most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Site(String);

impl Site {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Site {
    type Err = Invalid;

    /// `aurora.ind.br` is taken as `https://aurora.ind.br`.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let typed = s.trim();
        let lower = typed.to_ascii_lowercase();
        let (scheme, rest) = match lower.split_once("://") {
            Some((scheme @ ("http" | "https"), _)) => (scheme, &typed[scheme.len() + 3..]),
            Some(_) => return Err(Invalid::new("site-invalid")),
            None => ("https", typed),
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let name = host.split(':').next().unwrap_or_default();
        let plausible = name.contains('.')
            && name.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
            && host.strip_prefix(name).is_some_and(|port| port.is_empty() || port[1..].parse::<u16>().is_ok())
            && rest.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\'));
        let site = format!("{scheme}://{rest}");
        if plausible && site.chars().count() <= 200 { Ok(Self(site)) } else { Err(Invalid::new("site-invalid")) }
    }
}
impl TryFrom<String> for Site {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Site> for String {
    fn from(site: Site) -> Self {
        site.0
    }
}
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Size by law (Lei Complementar 123/2006 for the first three).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Porte {
    Mei,
    Me,
    Epp,
    Medio,
    Grande,
}

impl Porte {
    pub const ALL: [Self; 5] = [Self::Mei, Self::Me, Self::Epp, Self::Medio, Self::Grande];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mei => "mei",
            Self::Me => "me",
            Self::Epp => "epp",
            Self::Medio => "medio",
            Self::Grande => "grande",
        }
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mei => "porte-mei",
            Self::Me => "porte-me",
            Self::Epp => "porte-epp",
            Self::Medio => "porte-medio",
            Self::Grande => "porte-grande",
        }
    }
}

impl FromStr for Porte {
    type Err = Invalid;

    /// Codes, and what spreadsheets say, ours in English among them.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match kernel::fold(s.trim()).as_str() {
            "mei" | "microempreendedor individual" => Ok(Self::Mei),
            "me" | "micro" | "microempresa" | "micro empresa" => Ok(Self::Me),
            "epp" | "pequeno" | "pequena" | "empresa de pequeno porte" => Ok(Self::Epp),
            "medio" | "media" | "medio porte" | "medium" => Ok(Self::Medio),
            "grande" | "grande porte" | "large" => Ok(Self::Grande),
            _ => Err(Invalid::new("porte-unknown")),
        }
    }
}

/// Where the relationship stands (S0-3.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Situacao {
    Ativo,
    Inativo,
    Prospect,
    Estrategico,
}

impl Situacao {
    pub const ALL: [Self; 4] = [Self::Ativo, Self::Inativo, Self::Prospect, Self::Estrategico];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ativo => "ativo",
            Self::Inativo => "inativo",
            Self::Prospect => "prospect",
            Self::Estrategico => "estrategico",
        }
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ativo => "situacao-ativo",
            Self::Inativo => "situacao-inativo",
            Self::Prospect => "situacao-prospect",
            Self::Estrategico => "situacao-estrategico",
        }
    }

    /// Tone of its chip, as in `templates/pecas/bits.html`.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Ativo => "ok",
            Self::Inativo => "quiet",
            Self::Prospect => "info",
            Self::Estrategico => "warn",
        }
    }

    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Ativo => "check-circle-fill",
            Self::Inativo => "pause-circle-fill",
            Self::Prospect => "eye-fill",
            Self::Estrategico => "star-fill",
        }
    }
}

impl FromStr for Situacao {
    type Err = Invalid;

    /// As [`Porte`]'s.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match kernel::fold(s.trim()).as_str() {
            "ativo" | "ativa" | "cliente" | "active" => Ok(Self::Ativo),
            "inativo" | "inativa" | "inactive" => Ok(Self::Inativo),
            "prospect" | "prospecto" | "prospeccao" => Ok(Self::Prospect),
            "estrategico" | "estrategica" | "strategic" => Ok(Self::Estrategico),
            _ => Err(Invalid::new("situacao-unknown")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cnae_has_seven_digits() {
        assert_eq!("25.11-0/00".parse::<Cnae>().unwrap().to_string(), "2511-0/00");
        for wrong in ["", "2511-0", "2511-0/0a", "25110000"] {
            assert!(wrong.parse::<Cnae>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_site_can_only_be_a_page() {
        assert_eq!("aurora.ind.br/contato".parse::<Site>().unwrap().as_str(), "https://aurora.ind.br/contato");
        assert_eq!("HTTP://Aurora.ind.br:8080".parse::<Site>().unwrap().as_str(), "http://Aurora.ind.br:8080");
        for wrong in [
            "",
            "aurora",
            "javascript:alert(1)",
            "javascript://x.y/%0aalert(1)",
            "ftp://a.b",
            "a b.c",
            "https://a..b",
            "a.b/\"><x",
            "a.b:x",
            "data:text/html,a.b",
        ] {
            assert!(wrong.parse::<Site>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_spreadsheets_say_is_understood() {
        assert_eq!("Média".parse::<Porte>(), Ok(Porte::Medio));
        assert_eq!(" ESTRATÉGICA ".parse::<Situacao>(), Ok(Situacao::Estrategico));
        for porte in Porte::ALL {
            assert_eq!(porte.code().parse::<Porte>(), Ok(porte));
        }
        for situacao in Situacao::ALL {
            assert_eq!(situacao.code().parse::<Situacao>(), Ok(situacao));
        }
    }
}
