use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick};

use crate::Invalid;

/// Free text as a person typed it: NFC, trimmed, not empty, at most `MAX` characters, no control characters but line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Texto<const MAX: usize>(String);

impl<const MAX: usize> Texto<MAX> {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An empty or blank text is `None`, for fields that may stay open.
    ///
    /// # Errors
    /// As [`str::parse`].
    pub fn optional(s: &str) -> Result<Option<Self>, Invalid> {
        if s.trim().is_empty() { Ok(None) } else { s.parse().map(Some) }
    }
}

impl<const MAX: usize> FromStr for Texto<MAX> {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let text = nfc(s);
        if text.is_empty() {
            return Err(Invalid::new("texto-empty"));
        }
        if text.chars().count() > MAX {
            return Err(Invalid::new("texto-too-long").with("max", MAX));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(Invalid::new("texto-control"));
        }
        Ok(Self(text))
    }
}

impl<const MAX: usize> TryFrom<String> for Texto<MAX> {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl<const MAX: usize> From<Texto<MAX>> for String {
    fn from(texto: Texto<MAX>) -> Self {
        texto.0
    }
}
impl<const MAX: usize> fmt::Display for Texto<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Composed form (NFC), trimmed, with `\r\n` as `\n`: how every free text is stored.
#[must_use]
pub fn nfc(text: &str) -> String {
    let text = text.trim();
    // Nearly every text is composed already; making it again letter by letter costs more than all else that is done with it.
    let composed = |text: &str| match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    };
    if text.contains('\r') { composed(&text.replace("\r\n", "\n")) } else { composed(text) }
}

/// Lower case without accents, as `ext.sem_acento` does in PostgreSQL: for comparing what people typed.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed_trimmed_and_bounded() {
        assert_eq!("  Meta\u{301}lica\r\nS.A. ".parse::<Texto<20>>().unwrap().as_str(), "Metálica\nS.A.");
        assert!("   ".parse::<Texto<20>>().is_err());
        assert!("a\0b".parse::<Texto<20>>().is_err());
        assert!("ççççç".parse::<Texto<5>>().is_ok());
        assert!("çççççç".parse::<Texto<5>>().is_err());
    }

    #[test]
    fn folding_forgets_accents_and_case() {
        assert_eq!(fold("Metalúrgica AÇÃO"), "metalurgica acao");
    }
}
