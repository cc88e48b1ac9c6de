use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A phone number in E.164 (`+5547999990000`). A number without country code is taken as Brazilian.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Telefone(String);

impl Telefone {
    /// E.164 with the leading `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Telefone {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let invalid = || Invalid::new("telefone-invalid");
        let text = s.trim();
        if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | ' ')) {
            return Err(invalid());
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if let Some(abroad) = text.strip_prefix('+')
            && !abroad.trim_start().starts_with("55")
        {
            let plausible = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
            return if plausible { Ok(Self(format!("+{digits}"))) } else { Err(invalid()) };
        }
        let national = if text.starts_with('+') || matches!(digits.len(), 12 | 13) && digits.starts_with("55") {
            &digits[2..]
        } else {
            digits.strip_prefix('0').unwrap_or(&digits)
        };
        // DDD 11–99 without a zero, then 8 digits, or 9 beginning with 9 (Anatel, Resolução 749/2022).
        let ddd_ok = national.len() >= 2 && !national[..2].contains('0');
        let rest_ok = match national.len() {
            10 => matches!(national.as_bytes()[2], b'2'..=b'9'),
            11 => national.as_bytes()[2] == b'9',
            _ => false,
        };
        if ddd_ok && rest_ok { Ok(Self(format!("+55{national}"))) } else { Err(invalid()) }
    }
}

impl TryFrom<String> for Telefone {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Telefone> for String {
    fn from(telefone: Telefone) -> Self {
        telefone.0
    }
}
impl fmt::Display for Telefone {
    /// `(47) 99999-0000` for Brazilian numbers, E.164 for others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.strip_prefix("+55") {
            Some(n) if n.len() == 11 => write!(f, "({}) {}-{}", &n[..2], &n[2..7], &n[7..]),
            Some(n) if n.len() == 10 => write!(f, "({}) {}-{}", &n[..2], &n[2..6], &n[6..]),
            _ => f.write_str(&self.0),
        }
    }
}
impl fmt::Debug for Telefone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("telefone")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brazilian_forms_become_e164() {
        for (typed, stored) in [
            ("(47) 99999-0000", "+5547999990000"),
            ("47 3433-0000", "+554734330000"),
            ("+55 47 3433 0000", "+554734330000"),
            ("5547999990000", "+5547999990000"),
            ("047 3433-0000", "+554734330000"),
            ("+1 212 555 0100", "+12125550100"),
        ] {
            assert_eq!(typed.parse::<Telefone>().unwrap().as_str(), stored, "{typed}");
        }
    }

    #[test]
    fn shown_as_people_write_it() {
        assert_eq!("4734330000".parse::<Telefone>().unwrap().to_string(), "(47) 3433-0000");
    }

    #[test]
    fn wrong_ones_are_refused() {
        for wrong in ["", "123", "(00) 99999-0000", "(47) 89999-0000", "=cmd|' /C calc'!A0", "47 9999-000a", "+55", "+5"] {
            assert!(wrong.parse::<Telefone>().is_err(), "{wrong}");
        }
    }
}
