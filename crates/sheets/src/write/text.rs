//! Cells as people read them.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use kernel::Lang;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::{Cell, ColumnKind, Words};

/// Whether a spreadsheet program could take this text for a formula: it begins with `=`, `+`, `-` or `@`, blanks and
/// control characters aside. Phone numbers (`+55 11 …`) and negative numbers are left alone: a sign before digits
/// computes nothing.
#[must_use]
pub fn is_formula_like(text: &str) -> bool {
    // Nearly every text begins like this.
    if text.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric) {
        return false;
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    let mut chars = text.chars();
    match chars.next() {
        Some('=' | '@') => true,
        Some('+' | '-') => {
            let rest = chars.as_str();
            let is_number = rest.contains(|c: char| c.is_ascii_digit())
                && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | ','));
            !rest.is_empty() && !is_number
        }
        _ => false,
    }
}

/// Marks of a language: thousands and decimal.
const fn marks(lang: Lang) -> (char, char) {
    match lang {
        Lang::PtBr => ('.', ','),
        Lang::En => (',', '.'),
    }
}

/// `1.234.567,89` or `1,234,567.89`, with `places` decimals, halves away from zero.
pub(super) fn grouped(value: Decimal, places: u8, lang: Lang) -> String {
    let (thousands, decimal) = marks(lang);
    let mut rounded = value.round_dp_with_strategy(places.into(), RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places.into());
    let digits = rounded.abs().to_string();
    let (integer, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(i, f)| (i, Some(f)));
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if rounded.is_sign_negative() && !rounded.is_zero() {
        text.push('-');
    }
    for (i, digit) in integer.chars().enumerate() {
        if i > 0 && (integer.len() - i).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(decimal);
        text.push_str(fraction);
    }
    text
}

/// Days are written the Brazilian way in Portuguese and the ISO way in English: `03/04` must never be read as March.
pub(super) fn date(value: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::PtBr => format!("{:02}/{:02}/{:04}", value.day(), value.month(), value.year()),
        Lang::En => format!("{:04}-{:02}-{:02}", value.year(), value.month(), value.day()),
    }
}

pub(super) fn date_time(value: NaiveDateTime, lang: Lang) -> String {
    format!("{} {}", date(value.date(), lang), value.format("%H:%M"))
}

/// The cell as printed in the PDF; the column decides how a number looks.
pub(super) fn printed(cell: &Cell, kind: ColumnKind, lang: Lang, words: &Words) -> String {
    let places = match kind {
        ColumnKind::Decimal(places) => places,
        ColumnKind::Reais => 2,
        _ => 0,
    };
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(n) => grouped(Decimal::from(*n), places, lang),
        // In a column of another kind the number keeps the places it has.
        Cell::Decimal(n) if !kind.is_number() => grouped(*n, u8::try_from(n.scale()).unwrap_or(0), lang),
        Cell::Decimal(n) => grouped(*n, places, lang),
        Cell::Reais(n) => grouped(n.decimal(), 2, lang),
        Cell::Date(day) => date(*day, lang),
        Cell::DateTime(instant) => date_time(*instant, lang),
        Cell::Bool(value) => (if *value { &words.yes } else { &words.no }).clone(),
        Cell::Cnpj(cnpj) => cnpj.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_could_compute_is_noticed_and_what_people_write_is_not() {
        for formula in [
            "=1+1",
            "@SUM(1+1)*cmd",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd",
            "\t=1+1",
            " =HYPERLINK(\"x\")",
            "\r@x",
            "-A1",
            "+ SOMA(A1)",
        ] {
            assert!(is_formula_like(formula), "{formula:?}");
        }
        for innocent in ["", "+55 (11) 91234-5678", "+5511912345678", "-12,50", "-1.234,00", "-", "a=b", "1+1", "R$ -3"] {
            assert!(!is_formula_like(innocent), "{innocent:?}");
        }
    }

    #[test]
    fn numbers_are_grouped_in_the_readers_language() {
        for (value, places, pt, en) in [
            ("1234567.891", 2, "1.234.567,89", "1,234,567.89"),
            ("-0.005", 2, "-0,01", "-0.01"),
            ("-0.001", 2, "0,00", "0.00"),
            ("999", 0, "999", "999"),
            ("1000", 0, "1.000", "1,000"),
            ("0.5", 3, "0,500", "0.500"),
        ] {
            let value: Decimal = value.parse().unwrap();
            assert_eq!(grouped(value, places, Lang::PtBr), pt);
            assert_eq!(grouped(value, places, Lang::En), en);
        }
    }
}
