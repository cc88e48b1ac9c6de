use std::{fmt, str::FromStr};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Invalid;

/// An amount in reais with exactly two decimals, as in `numeric(14,2)`; a string with two decimals in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reais(Decimal);

/// `numeric(14,2)` holds twelve digits before the comma.
const LIMIT: i64 = 1_000_000_000_000;

impl Reais {
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Reais {
    type Error = Invalid;

    /// # Errors
    /// `reais-decimals` for a fraction of a centavo, `reais-range` outside `numeric(14,2)`.
    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        let mut value = value.normalize();
        if value.scale() > 2 {
            return Err(Invalid::new("reais-decimals"));
        }
        if value.abs() >= Decimal::from(LIMIT) {
            return Err(Invalid::new("reais-range"));
        }
        value.rescale(2);
        Ok(Self(value))
    }
}

impl FromStr for Reais {
    type Err = Invalid;

    /// Reads `1.234.567,89`, `R$ 1.234,5`, `1234.56` and `1234`. A lone `.` or `,` with three digits behind it is a
    /// thousands mark, as Brazilians write it.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let invalid = || Invalid::new("reais-invalid");
        let text: String = s.trim().trim_start_matches("R$").chars().filter(|c| !c.is_whitespace()).collect();
        if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')) {
            return Err(invalid());
        }
        let (dot, comma) = (text.rfind('.'), text.rfind(','));
        let plain = match (dot, comma) {
            (Some(d), Some(c)) if c > d => thousands(&text, '.').ok_or_else(invalid)?.replacen(',', ".", 1),
            (Some(_), Some(_)) => thousands(&text, ',').ok_or_else(invalid)?,
            (None, Some(_)) => text.replacen(',', ".", 1),
            (Some(d), None) if text.matches('.').count() > 1 || text.len() - d == 4 => {
                thousands(&text, '.').ok_or_else(invalid)?
            }
            _ => text,
        };
        Decimal::from_str_exact(&plain).map_err(|_| invalid()).and_then(Self::try_from)
    }
}

/// Removes thousands marks; `None` when one of them does not stand before three digits.
fn thousands(text: &str, mark: char) -> Option<String> {
    let integer = text.split(if mark == '.' { ',' } else { '.' }).next()?;
    let mut groups = integer.trim_start_matches('-').split(mark);
    let first = groups.next()?;
    let whole = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    whole.then(|| text.replace(mark, ""))
}

impl TryFrom<String> for Reais {
    type Error = Invalid;

    /// JSON form: digits, a point, two decimals.
    fn try_from(s: String) -> Result<Self, Self::Error> {
        Decimal::from_str_exact(s.trim()).map_err(|_| Invalid::new("reais-invalid")).and_then(Self::try_from)
    }
}
impl From<Reais> for String {
    fn from(reais: Reais) -> Self {
        reais.0.to_string()
    }
}
impl fmt::Display for Reais {
    /// `R$ 1.234.567,89`, the same in both languages: it is the currency's own notation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.abs().to_string();
        let (integer, cents) = text.split_once('.').unwrap_or((&text, "00"));
        if self.0.is_sign_negative() && !self.0.is_zero() {
            f.write_str("-")?;
        }
        f.write_str("R$ ")?;
        for (i, digit) in integer.chars().enumerate() {
            if i > 0 && (integer.len() - i).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ",{cents}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn read_as_people_type_it() {
        for (typed, json) in [
            ("1.234.567,89", "1234567.89"),
            ("R$ 1.234,5", "1234.50"),
            ("1234.56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1.234", "1234.00"),
            ("64214.65", "64214.65"),
            ("0", "0.00"),
            ("-12,30", "-12.30"),
        ] {
            assert_eq!(String::from(typed.parse::<Reais>().unwrap()), json, "{typed}");
        }
    }

    #[test]
    fn refused() {
        for wrong in ["", "abc", "1,2,3", "1.23.456,00", "0,001", "1000000000000,00", "1-2", "--1"] {
            assert!(wrong.parse::<Reais>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn shown_and_read_again_is_the_same(cents in -99_999_999_999_999i64..=99_999_999_999_999) {
            let reais = Reais::try_from(Decimal::new(cents, 2)).unwrap();
            let shown = reais.to_string().replace("R$ ", "");
            prop_assert_eq!(shown.parse::<Reais>().unwrap(), reais);
        }
    }
}
