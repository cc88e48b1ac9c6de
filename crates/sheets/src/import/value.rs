//! Raw cells as values, the way Brazilians write them. What cannot be read for certain is refused, never guessed.

use std::{borrow::Cow, str::FromStr as _};

use chrono::{Datelike, NaiveDate};
use kernel::{Invalid, Reais};
use rust_decimal::Decimal;

use crate::read::Raw;

/// The cell as text, trimmed: what the person sees in the spreadsheet, as near as can be told.
#[must_use]
pub fn cell_text(cell: Raw<'_>) -> Cow<'_, str> {
    match cell {
        Raw::Empty | Raw::Covered => "".into(),
        Raw::Text(text) | Raw::Formula(text) | Raw::Error(text) => text.trim().into(),
        Raw::Number(number) => number_text(number).into(),
        Raw::Date(date) if date.time() == chrono::NaiveTime::MIN => date.format("%d/%m/%Y").to_string().into(),
        Raw::Date(date) => date.format("%d/%m/%Y %H:%M").to_string().into(),
        Raw::Bool(value) => (if value { "sim" } else { "não" }).into(),
    }
}

/// A number as it was typed: `9716024000116`, not `9.716024000116E12`; `1085`, not `1085.0`; with a decimal point.
#[must_use]
pub fn number_text(number: f64) -> String {
    // Display of f64 never uses an exponent and writes the shortest digits that read back the same.
    number.to_string()
}

/// The text of a CNPJ. A number lost its leading zeros in Excel: they are put back. Whether the check digits hold is for
/// [`kernel::Cnpj`] to say.
#[must_use]
pub fn cnpj_text(cell: Raw<'_>) -> Cow<'_, str> {
    match cell {
        Raw::Number(number) if (0.0..1e14).contains(&number) && number.fract() == 0.0 => format!("{number:0>14}").into(),
        // The same loss, in a CSV.
        Raw::Text(text) if (11..14).contains(&text.trim().len()) && text.trim().bytes().all(|b| b.is_ascii_digit()) => {
            format!("{:0>14}", text.trim()).into()
        }
        other => cell_text(other),
    }
}

/// Days before or after are typing errors.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2199;

/// A day: a date cell, `dd/mm/aaaa` (also with `-` or `.`, and with two digits for the year, which Excel splits at 30), or
/// ISO `aaaa-mm-dd` with or without a time. `None` for an empty cell.
///
/// # Errors
/// `date-impossible` for a day no calendar has, `date-invalid` for anything else. A bare number is refused: nobody can tell
/// a year from Excel's count of days.
pub fn date(cell: Raw<'_>) -> Result<Option<NaiveDate>, Invalid> {
    match cell {
        Raw::Empty | Raw::Covered => Ok(None),
        Raw::Date(date) if YEARS.contains(&date.year()) => Ok(Some(date.date())),
        Raw::Date(_) => Err(Invalid::new("date-impossible")),
        Raw::Text(text) if text.trim().is_empty() => Ok(None),
        Raw::Text(text) => day(text.trim()).map(Some),
        _ => Err(Invalid::new("date-invalid")),
    }
}

fn day(text: &str) -> Result<NaiveDate, Invalid> {
    let invalid = || Invalid::new("date-invalid");
    // A time behind the day is of no interest.
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [a, b, c] = parts[..] else { return Err(invalid()) };
    if ![a, b, c].iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(invalid());
    }
    let (year, month, day) = match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) => (a, b, c),
        (1..=2, 1..=2, 2 | 4) => (c, b, a),
        _ => return Err(invalid()),
    };
    let number = |part: &str| part.parse::<u32>().map_err(|_| invalid());
    let mut full = number(year)?;
    if year.len() == 2 {
        full += if full < 30 { 2000 } else { 1900 };
    }
    let full = i32::try_from(full).map_err(|_| invalid())?;
    NaiveDate::from_ymd_opt(full, number(month)?, number(day)?)
        .filter(|_| YEARS.contains(&full))
        .ok_or(Invalid::new("date-impossible"))
}

/// A number: a number cell, or text with decimal comma (`1.234,5`) or point (`1,234.5`), read as [`Reais`] reads it but
/// with any number of decimals. `None` for an empty cell.
///
/// # Errors
/// `number-invalid`.
pub fn decimal(cell: Raw<'_>) -> Result<Option<Decimal>, Invalid> {
    let invalid = || Invalid::new("number-invalid");
    match cell {
        Raw::Empty | Raw::Covered => Ok(None),
        // The 15 digits that Excel keeps of its shortest text, so that 0.1 + 0.2 is 0.3; `Decimal::from_f64` leaves a remainder
        // to some amounts (4225785.23).
        Raw::Number(number) => {
            let read = Decimal::from_str(&number_text(number)).ok().and_then(|number| number.round_sf(15));
            read.map(|number| Some(number.normalize())).ok_or_else(invalid)
        }
        Raw::Text(text) if text.trim().is_empty() => Ok(None),
        Raw::Text(text) => plain(text.trim()).and_then(|text| Decimal::from_str_exact(&text).ok()).map(Some).ok_or_else(invalid),
        _ => Err(invalid()),
    }
}

/// `1.234.567,89` and its relatives as `1234567.89`.
fn plain(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        return None;
    }
    let (dots, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let last = digits.rfind(['.', ',']);
    let decimal = match (dots, commas) {
        (0, 0) => None,
        // One mark of each kind, or many of one and one of the other: the last one is the decimal.
        (1.., 1) if digits.rfind(',') > digits.rfind('.') => last,
        (1, 1..) if digits.rfind('.') > digits.rfind(',') => last,
        (0, 1) => last,
        // A lone point with three digits behind it is a thousands mark, as Brazilians write it.
        (1, 0) if last.is_some_and(|at| digits.len() - at != 4) => last,
        (_, 0) | (0, _) => None,
        _ => return None,
    };
    let (integer, fraction) = decimal.map_or((digits, ""), |at| (&digits[..at], &digits[at + 1..]));
    if decimal.is_some() && fraction.is_empty() {
        return None;
    }
    let mut groups = integer.split(['.', ',']);
    let first = groups.next()?;
    if integer.len() > first.len() && (first.len() > 3 || groups.any(|group| group.len() != 3)) {
        return None;
    }
    let integer = integer.replace(['.', ','], "");
    Some(if fraction.is_empty() { format!("{sign}{integer}") } else { format!("{sign}{integer}.{fraction}") })
}

/// A whole number; `1.085` is one thousand and eighty-five. `None` for an empty cell.
///
/// # Errors
/// `integer-invalid` for anything with a fraction or outside `i64`.
pub fn integer(cell: Raw<'_>) -> Result<Option<i64>, Invalid> {
    let invalid = || Invalid::new("integer-invalid");
    let Some(number) = decimal(cell).map_err(|_| invalid())? else { return Ok(None) };
    if number.fract().is_zero() { i64::try_from(number).map(Some).map_err(|_| invalid()) } else { Err(invalid()) }
}

/// An amount in reais. `None` for an empty cell.
///
/// # Errors
/// Those of [`Reais`].
pub fn reais(cell: Raw<'_>) -> Result<Option<Reais>, Invalid> {
    match cell {
        Raw::Text(text) if !text.trim().is_empty() => text.parse().map(Some),
        other => decimal(other).map_err(|_| Invalid::new("reais-invalid"))?.map(Reais::try_from).transpose(),
    }
}

/// Yes or no: `sim`/`não`, `s`/`n`, `x`, `verdadeiro`/`falso`, `yes`/`no`, `true`/`false`, 1/0. `None` for an empty cell.
///
/// # Errors
/// `boolean-invalid`.
pub fn boolean(cell: Raw<'_>) -> Result<Option<bool>, Invalid> {
    match cell {
        Raw::Empty | Raw::Covered => return Ok(None),
        Raw::Bool(value) => return Ok(Some(value)),
        _ => {}
    }
    match kernel::fold(&cell_text(cell)).as_str() {
        "" => Ok(None),
        "sim" | "s" | "x" | "verdadeiro" | "yes" | "y" | "true" | "1" => Ok(Some(true)),
        "nao" | "n" | "falso" | "no" | "false" | "0" => Ok(Some(false)),
        _ => Err(Invalid::new("boolean-invalid")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_come_back_as_they_were_typed() {
        for (number, text) in [
            (9_716_024_000_116.0, "9716024000116"),
            (1085.0, "1085"),
            (64_214.65, "64214.65"),
            (1e15, "1000000000000000"),
            (0.000_001, "0.000001"),
            (-3.5, "-3.5"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn a_cnpj_gets_the_zeros_back_that_excel_took() {
        assert_eq!(cnpj_text(Raw::Number(191.0)), "00000000000191");
        assert_eq!(cnpj_text(Raw::Number(9_716_024_000_116.0)), "09716024000116");
        assert_eq!(cnpj_text(Raw::Text("9716024000116")), "09716024000116");
        assert_eq!(cnpj_text(Raw::Text(" 12.ABC.345/01DE-35 ")), "12.ABC.345/01DE-35");
        assert_eq!(cnpj_text(Raw::Number(1.5)), "1.5");
        assert_eq!(cnpj_text(Raw::Number(-1.0)), "-1");
    }

    #[test]
    fn days_are_read_the_brazilian_way_or_the_iso_way() {
        let expected = NaiveDate::from_ymd_opt(2008, 2, 22).unwrap();
        for text in [
            "22/02/2008",
            "22/2/2008",
            "22-02-2008",
            "22.02.2008",
            "2008-02-22",
            "2008/02/22",
            "22/02/08",
            "2008-02-22T10:00:00",
            "22/02/2008 10:00",
        ] {
            assert_eq!(date(Raw::Text(text)), Ok(Some(expected)), "{text}");
        }
        assert_eq!(date(Raw::Date(expected.and_hms_opt(1, 2, 3).unwrap())), Ok(Some(expected)));
        assert_eq!(date(Raw::Text("31/12/99")), Ok(NaiveDate::from_ymd_opt(1999, 12, 31)));
        assert_eq!(date(Raw::Empty), Ok(None));
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for text in ["31/02/2019", "2024-13-01", "00/01/2020", "29/02/2023", "12/31/2020", "01/01/0001"] {
            assert_eq!(date(Raw::Text(text)), Err(Invalid::new("date-impossible")), "{text}");
        }
        for text in ["ontem", "2019", "1/2", "1/2/3/4", "22/02/208", "35088", "+1/02/2020", "22/fev/2008"] {
            assert_eq!(date(Raw::Text(text)), Err(Invalid::new("date-invalid")), "{text}");
        }
        assert!(date(Raw::Number(35_088.0)).is_err());
    }

    #[test]
    fn numbers_are_read_with_either_mark() {
        for (text, value) in [
            ("73401,08", "73401.08"),
            ("1.234.567,89", "1234567.89"),
            ("1,234,567.89", "1234567.89"),
            ("1.085", "1085"),
            ("64214.65", "64214.65"),
            ("-0,5", "-0.5"),
            ("7", "7"),
            ("1,234", "1.234"),
        ] {
            assert_eq!(decimal(Raw::Text(text)), Ok(Some(value.parse().unwrap())), "{text}");
        }
        for text in ["1,2,3", "1.2.3", "1.23.456,00", "1e5", "abc", "1,", ",5", "--1", "1234.567,8", "1,234.567,8"] {
            assert!(decimal(Raw::Text(text)).is_err(), "{text}");
        }
        assert_eq!(decimal(Raw::Number(0.1 + 0.2)), Ok(Some(Decimal::new(3, 1))));
        assert_eq!(reais(Raw::Number(4_225_785.23)).unwrap().unwrap().to_string(), "R$ 4.225.785,23");
        assert_eq!(integer(Raw::Text("1.085")), Ok(Some(1085)));
        assert!(integer(Raw::Number(1.5)).is_err());
        assert_eq!(reais(Raw::Number(231_276.5)).unwrap().unwrap().to_string(), "R$ 231.276,50");
        assert_eq!(reais(Raw::Text("R$ 1.234,5")).unwrap().unwrap().to_string(), "R$ 1.234,50");
        assert_eq!(reais(Raw::Covered), Ok(None));
    }

    #[test]
    fn yes_and_no_in_many_words() {
        for (text, value) in [("Sim", true), ("NÃO", false), ("x", true), ("falso", false), ("1", true)] {
            assert_eq!(boolean(Raw::Text(text)), Ok(Some(value)));
        }
        assert_eq!(boolean(Raw::Number(0.0)), Ok(Some(false)));
        assert!(boolean(Raw::Text("talvez")).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_a_value_or_a_refusal(text in "\\PC{0,30}") {
            let raw = Raw::Text(&text);
            let _ = (date(raw), decimal(raw), integer(raw), reais(raw), boolean(raw), cnpj_text(raw));
        }

        #[test]
        fn a_day_written_is_the_day_read(days in 0i64..120_000) {
            let day = NaiveDate::from_ymd_opt(1800, 1, 1).unwrap() + chrono::TimeDelta::days(days);
            for form in ["%d/%m/%Y", "%Y-%m-%d"] {
                let text = day.format(form).to_string();
                prop_assert_eq!(date(Raw::Text(&text)), Ok(Some(day)));
            }
        }

        #[test]
        fn a_number_written_is_the_number_read(units in -9_999_999_999_999i64..9_999_999_999_999, scale in 0u32..6) {
            let value = Decimal::new(units, scale);
            // Three decimals behind a lone point would be thousands: the comma says what is meant.
            let text = value.to_string().replace('.', ",");
            prop_assert_eq!(decimal(Raw::Text(&text)).unwrap().unwrap(), value);
        }
    }
}
