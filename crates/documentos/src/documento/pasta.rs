use std::{fmt, str::FromStr};

use kernel::Invalid;
use unicode_normalization::UnicodeNormalization;

/// Name of a folder, one level deep, at most 60 characters on one line; empty is the top.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pasta(String);

impl Pasta {
    pub const MAX: usize = 60;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_top(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Pasta {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text: String = text.trim().nfc().collect();
        if text.chars().count() > Self::MAX {
            return Err(Invalid::new("texto-too-long").with("max", Self::MAX));
        }
        // Invisible ones turn the direction of the text or make two names look alike.
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        if text.chars().any(hidden) {
            return Err(Invalid::new("texto-control"));
        }
        if text.contains(['/', '\\']) {
            return Err(Invalid::new("pasta-level"));
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Pasta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasta_is_one_level_on_one_line() {
        assert_eq!("  Relato\u{301}rios 2026 ".parse::<Pasta>().unwrap().as_str(), "Relatórios 2026");
        assert!("".parse::<Pasta>().unwrap().is_top());
        for (text, code) in [
            ("a/b", "pasta-level"),
            ("..\\x", "pasta-level"),
            ("a\u{202e}b", "texto-control"),
            ("a\nb", "texto-control"),
            ("a\0", "texto-control"),
        ] {
            assert_eq!(text.parse::<Pasta>().unwrap_err().code, code, "{text:?}");
        }
        assert!("ç".repeat(60).parse::<Pasta>().is_ok());
        assert_eq!("ç".repeat(61).parse::<Pasta>().unwrap_err().code, "texto-too-long");
    }
}
