use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// Language of a screen, an e-mail or an error detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    #[serde(rename = "en")]
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::PtBr, Self::En];

    /// BCP 47 tag, as in `<html lang>`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// First language of an `Accept-Language` header that we speak.
    #[must_use]
    pub fn from_accept(header: &str) -> Option<Self> {
        header.split(',').find_map(|entry| {
            let tag = entry.split(';').next()?.trim().to_ascii_lowercase();
            match tag.split('-').next()? {
                "pt" => Some(Self::PtBr),
                "en" => Some(Self::En),
                _ => None,
            }
        })
    }
}

impl FromStr for Lang {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "pt-BR" => Ok(Self::PtBr),
            "en" => Ok(Self::En),
            _ => Err(Invalid::new("lang-unknown")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_asked_in_order() {
        assert_eq!(Lang::from_accept("de-DE,de;q=0.9,en-US;q=0.8,pt;q=0.7"), Some(Lang::En));
        assert_eq!(Lang::from_accept("pt-PT"), Some(Lang::PtBr));
        assert_eq!(Lang::from_accept("*"), None);
    }
}
