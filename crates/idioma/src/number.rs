use kernel::Lang;
use rust_decimal::Decimal;

/// Thousands mark and decimal mark. Two languages need no CLDR tables: this is all of it that they use.
const fn marks(lang: Lang) -> (char, char) {
    match lang {
        Lang::PtBr => ('.', ','),
        Lang::En => (',', '.'),
    }
}

/// A whole number with its thousands marked: `10.248` or `10,248`.
#[must_use]
pub fn grouped(lang: Lang, number: i64) -> String {
    let mut out = String::with_capacity(24);
    push_signed(&mut out, lang, number.is_negative(), &number.unsigned_abs().to_string());
    out
}

/// A decimal with its own number of places: `1.234,5` or `1,234.5`.
#[must_use]
pub fn decimal(lang: Lang, number: Decimal) -> String {
    let plain = number.abs().to_string();
    let (integer, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len() + 8);
    push_signed(&mut out, lang, number.is_sign_negative() && !number.is_zero(), integer);
    if !fraction.is_empty() {
        out.push(marks(lang).1);
        out.push_str(fraction);
    }
    out
}

/// A share of one with one decimal at most: `37,5 %` or `37.5%`.
#[must_use]
pub fn percent(lang: Lang, share: Decimal) -> String {
    let number = decimal(lang, (share * Decimal::ONE_HUNDRED).round_dp(1).normalize());
    match lang {
        Lang::PtBr => number + "\u{a0}%",
        Lang::En => number + "%",
    }
}

fn push_signed(out: &mut String, lang: Lang, negative: bool, digits: &str) {
    if negative {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(marks(lang).0);
        }
        out.push(digit);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn written_as_people_write_them() {
        for (number, pt, en) in [
            (Decimal::new(0, 0), "0", "0"),
            (Decimal::new(-0, 2), "0,00", "0.00"),
            (Decimal::new(123_456_789, 2), "1.234.567,89", "1,234,567.89"),
            (Decimal::new(-999, 0), "-999", "-999"),
            (Decimal::new(-1000, 0), "-1.000", "-1,000"),
        ] {
            assert_eq!((decimal(Lang::PtBr, number).as_str(), decimal(Lang::En, number).as_str()), (pt, en));
        }
        assert_eq!(percent(Lang::PtBr, Decimal::new(375, 3)), "37,5\u{a0}%");
        assert_eq!(percent(Lang::En, Decimal::new(5, 1)), "50%");
        assert_eq!(grouped(Lang::PtBr, i64::MIN), "-9.223.372.036.854.775.808");
    }

    proptest! {
        #[test]
        fn the_marks_are_all_that_is_added(number: i64) {
            for lang in Lang::ALL {
                let plain: String = grouped(lang, number).chars().filter(|c| *c != marks(lang).0).collect();
                prop_assert_eq!(plain, number.to_string());
            }
        }
    }
}
