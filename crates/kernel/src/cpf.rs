use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// Cadastro de Pessoas Físicas: nine digits and two check digits, stored without mask.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cpf([u8; 11]);

impl Cpf {
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Modulus 11 with weights 2, 3, 4… from the right.
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().rev().zip(2..).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    match sum % 11 {
        0 | 1 => b'0',
        rest => b'0' + u8::try_from(11 - rest).unwrap_or_default(),
    }
}

impl FromStr for Cpf {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let digits: Vec<u8> = s.trim().bytes().filter(|b| !matches!(b, b'.' | b'-' | b' ')).collect();
        let all: [u8; 11] = digits.try_into().map_err(|_| Invalid::new("cpf-length"))?;
        let valid = all.iter().all(u8::is_ascii_digit)
            && all.iter().any(|d| *d != all[0])
            && check_digit(&all[..9]) == all[9]
            && check_digit(&all[..10]) == all[10];
        if valid { Ok(Self(all)) } else { Err(Invalid::new("cpf-invalid")) }
    }
}

impl TryFrom<String> for Cpf {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Cpf> for String {
    fn from(cpf: Cpf) -> Self {
        cpf.as_str().to_owned()
    }
}
impl fmt::Display for Cpf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.as_str();
        write!(f, "{}.{}.{}-{}", &s[..3], &s[3..6], &s[6..9], &s[9..])
    }
}
impl fmt::Debug for Cpf {
    /// Personal data: never printed whole, not even in a debug log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "***.***.***-{}", &self.as_str()[9..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_decide() {
        assert_eq!("529.982.247-25".parse::<Cpf>().unwrap().to_string(), "529.982.247-25");
        for wrong in ["529.982.247-26", "111.111.111-11", "5299822472", "", "52998224725x"] {
            assert!(wrong.parse::<Cpf>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn debug_hides_the_person() {
        let cpf: Cpf = "529.982.247-25".parse().unwrap();
        assert_eq!(format!("{cpf:?}"), "***.***.***-25");
    }
}
