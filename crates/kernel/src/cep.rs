use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// Brazilian postal code: eight digits, stored without mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cep([u8; 8]);

impl Cep {
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Cep {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let digits: Vec<u8> = s.trim().bytes().filter(|b| !matches!(b, b'.' | b'-' | b' ')).collect();
        match <[u8; 8]>::try_from(digits) {
            Ok(all) if all.iter().all(u8::is_ascii_digit) && all != *b"00000000" => Ok(Self(all)),
            _ => Err(Invalid::new("cep-invalid")),
        }
    }
}

impl TryFrom<String> for Cep {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Cep> for String {
    fn from(cep: Cep) -> Self {
        cep.as_str().to_owned()
    }
}
impl fmt::Display for Cep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", &self.as_str()[..5], &self.as_str()[5..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_with_or_without_mask() {
        assert_eq!("89.201-100".parse::<Cep>().unwrap().to_string(), "89201-100");
        for wrong in ["", "8920110", "892011000", "8920110a", "00000-000"] {
            assert!(wrong.parse::<Cep>().is_err(), "{wrong}");
        }
    }
}
