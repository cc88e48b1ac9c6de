use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Cadastro Nacional da Pessoa Jurídica: 12 characters `[0-9A-Z]` and two check digits (alphanumeric since IN RFB 2.229/2024).
///
/// Stored as 14 upper-case characters without mask; `Display` prints `12.ABC.345/01DE-35`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cnpj([u8; 14]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCnpj {
    #[error("a CNPJ has 14 letters and digits")]
    Length,
    #[error("a CNPJ has letters and digits only, and its last two are digits")]
    Character,
    #[error("the check digits of the CNPJ do not match")]
    CheckDigits,
}

impl Cnpj {
    /// The 14 characters without mask.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Built from ASCII only, so this cannot fall back.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// First eight characters: shared by all branches of one company.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.as_str()[..8]
    }

    /// Letters and digits of `text` in upper case, at most 14: what a person typed of a CNPJ, mask or not.
    #[must_use]
    pub fn fragment(text: &str) -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(14).collect()
    }

    /// Builds a valid CNPJ from its first twelve characters; for samples and tests.
    ///
    /// # Errors
    /// [`InvalidCnpj`] when `base` is not twelve characters `[0-9A-Z]`.
    pub fn from_base(base: &str) -> Result<Self, InvalidCnpj> {
        let base: [u8; 12] = base.as_bytes().try_into().map_err(|_| InvalidCnpj::Length)?;
        if !base.iter().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) {
            return Err(InvalidCnpj::Character);
        }
        let mut all = [0; 14];
        all[..12].copy_from_slice(&base);
        all[12] = check_digit(&all[..12]);
        all[13] = check_digit(&all[..13]);
        Ok(Self(all))
    }
}

/// Modulus 11 with weights 2…9 from the right; a character's value is its ASCII code − 48.
fn check_digit(chars: &[u8]) -> u8 {
    let sum: u32 = chars.iter().rev().zip((2..=9).cycle()).map(|(c, weight)| u32::from(c - b'0') * weight).sum();
    match sum % 11 {
        0 | 1 => b'0',
        // At most 9, so it fits.
        rest => b'0' + u8::try_from(11 - rest).unwrap_or_default(),
    }
}

impl FromStr for Cnpj {
    type Err = InvalidCnpj;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let mut all = [0; 14];
        let mut len = 0;
        for c in s.trim().chars() {
            match c {
                '.' | '/' | '-' | ' ' => {}
                c if c.is_ascii_alphanumeric() => {
                    *all.get_mut(len).ok_or(InvalidCnpj::Length)? = c.to_ascii_uppercase() as u8;
                    len += 1;
                }
                _ => return Err(InvalidCnpj::Character),
            }
        }
        if len != 14 {
            return Err(InvalidCnpj::Length);
        }
        if !all[12..].iter().all(u8::is_ascii_digit) {
            return Err(InvalidCnpj::Character);
        }
        // Fourteen times the same digit passes the sum but was never given to anybody.
        if all.iter().all(|c| *c == all[0]) {
            return Err(InvalidCnpj::CheckDigits);
        }
        if check_digit(&all[..12]) != all[12] || check_digit(&all[..13]) != all[13] {
            return Err(InvalidCnpj::CheckDigits);
        }
        Ok(Self(all))
    }
}

impl TryFrom<String> for Cnpj {
    type Error = InvalidCnpj;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<Cnpj> for String {
    fn from(cnpj: Cnpj) -> Self {
        cnpj.as_str().to_owned()
    }
}

impl fmt::Display for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.as_str();
        write!(f, "{}.{}.{}/{}-{}", &s[..2], &s[2..5], &s[5..8], &s[8..12], &s[12..])
    }
}

impl fmt::Debug for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn vectors_of_receita_federal_hold() {
        for valid in ["12.ABC.345/01DE-35", "19.131.243/0001-97", "AA.AAA.AAA/0001-91", "00.000.000/0001-91"] {
            assert_eq!(valid.parse::<Cnpj>().unwrap().to_string(), valid);
        }
    }

    #[test]
    fn wrong_ones_are_named_by_their_fault() {
        for (text, fault) in [
            ("19.131.243/0001-98", InvalidCnpj::CheckDigits),
            ("12.ABC.345/01DE-3A", InvalidCnpj::Character),
            ("1913124300019", InvalidCnpj::Length),
            ("19.131.243/0001-977", InvalidCnpj::Length),
            ("19.131.243/0001_97", InvalidCnpj::Character),
            ("１9131243000197", InvalidCnpj::Character),
            ("", InvalidCnpj::Length),
            ("00000000000000", InvalidCnpj::CheckDigits),
        ] {
            assert_eq!(text.parse::<Cnpj>(), Err(fault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_base_gives_a_cnpj_that_survives_its_mask(base in "[0-9A-Z]{12}") {
            let cnpj = Cnpj::from_base(&base).unwrap();
            prop_assume!(base.bytes().any(|c| c != base.as_bytes()[0]));
            prop_assert_eq!(cnpj.to_string().to_lowercase().parse::<Cnpj>(), Ok(cnpj));
        }

        #[test]
        fn a_digit_for_its_neighbour_is_noticed(base in "[0-9]{12}", at in 0usize..12) {
            let cnpj = Cnpj::from_base(&base).unwrap();
            let mut text = cnpj.as_str().to_owned().into_bytes();
            // Its neighbour, not any other: 0 and 1 as a rest both give the digit 0, so that a 9 for a 0 may stay unseen.
            text[at] = if text[at] == b'9' { b'8' } else { text[at] + 1 };
            let changed = String::from_utf8(text).unwrap();
            prop_assert!(changed.parse::<Cnpj>().is_err());
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*") {
            let _ = text.parse::<Cnpj>();
        }
    }
}
