//! Cells of a line as values, with what is wrong with each.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use kernel::{Cnpj, Invalid, Reais};
use sheets::{
    import::{self, Line},
    read::Raw,
};

/// A line, read field by field.
pub(super) struct Leitura<'a> {
    line: &'a Line,
    mapping: &'a [String],
    /// By field.
    pub problems: Vec<(&'static str, Invalid)>,
}

#[expect(clippy::option_option, reason = "a problem, nothing there, a value: as forms read their fields")]
impl<'a> Leitura<'a> {
    pub(super) fn new(line: &'a Line, mapping: &'a [String]) -> Self {
        Self { line, mapping, problems: Vec::new() }
    }

    /// What stands there, trimmed; nothing where no column brings it.
    pub(super) fn cell(&self, campo: &str) -> &'a str {
        let column = self.mapping.iter().position(|one| one == campo);
        column.and_then(|column| self.line.cells.get(column)).map_or("", |cell| cell.trim())
    }

    /// What stands there on one line.
    pub(super) fn words(&self, campo: &str) -> String {
        self.cell(campo).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(super) fn fail(&mut self, campo: &'static str, why: Invalid) {
        self.problems.push((campo, why));
    }

    /// The value, unless it is a problem.
    pub(super) fn take<T>(&mut self, campo: &'static str, read: Result<T, Invalid>) -> Option<T> {
        read.map_err(|why| self.fail(campo, why)).ok()
    }

    pub(super) fn required<T: FromStr<Err = Invalid>>(&mut self, campo: &'static str) -> Option<T> {
        let text = self.cell(campo);
        let read = if text.is_empty() { Err(Invalid::new("required")) } else { text.parse() };
        self.take(campo, read)
    }

    /// `None` inside: nothing stands there.
    pub(super) fn optional<T: FromStr<Err = Invalid>>(&mut self, campo: &'static str) -> Option<Option<T>> {
        let text = self.cell(campo);
        let read = if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        self.take(campo, read)
    }

    pub(super) fn cnpj(&mut self, campo: &'static str) -> Option<Option<Cnpj>> {
        let text = import::cnpj_text(Raw::Text(self.cell(campo)));
        let read = if text.is_empty() { Ok(None) } else { text.parse::<Cnpj>().map(Some).map_err(Invalid::from) };
        self.take(campo, read)
    }

    pub(super) fn day(&mut self, campo: &'static str) -> Option<Option<NaiveDate>> {
        self.take(campo, import::date(Raw::Text(self.cell(campo))))
    }

    /// A day that has to be there and is over, or is today.
    pub(super) fn past(&mut self, campo: &'static str, today: NaiveDate) -> Option<NaiveDate> {
        let read = match import::date(Raw::Text(self.cell(campo))) {
            Ok(None) => Err(Invalid::new("required")),
            Ok(Some(day)) if day > today => Err(Invalid::new("historico-futuro")),
            Ok(Some(day)) => Ok(day),
            Err(why) => Err(why),
        };
        self.take(campo, read)
    }

    pub(super) fn reais(&mut self, campo: &'static str) -> Option<Option<Reais>> {
        let read = import::reais(Raw::Text(self.cell(campo)));
        let read = read.and_then(|valor| match valor {
            Some(valor) if valor < Reais::default() => Err(Invalid::new("reais-negative")),
            valor => Ok(valor),
        });
        self.take(campo, read)
    }

    /// The time of day in a cell that may hold a day before it; `None` inside: it holds none.
    pub(super) fn time(&mut self, campo: &'static str) -> Option<Option<NaiveTime>> {
        self.take(campo, time(self.cell(campo)))
    }
}

/// Noon: the same day in every zone of Brazil, and there on each day.
pub(super) fn noon(zone: Tz, day: NaiveDate) -> Option<DateTime<Utc>> {
    idioma::instant(zone, day.and_time(NaiveTime::from_hms_opt(12, 0, 0)?))
}

/// `9:30`, `09:30:00`, `9h`, `9h30`, `9h30min`, behind a day or alone, or the fraction of a day that a spreadsheet program keeps. A day
/// alone has no time.
fn time(text: &str) -> Result<Option<NaiveTime>, Invalid> {
    let invalid = || Invalid::new("historico-hora");
    let Some(last) = text.split([' ', 'T']).rfind(|part| !part.is_empty()) else { return Ok(None) };
    if let Some(fraction) = fraction(last) {
        return Ok(Some(fraction));
    }
    if last.contains(['/', '-', '.']) {
        return Ok(None);
    }
    let clock = last.trim_end_matches("min").trim_end_matches(['h', 'H']);
    let parts: Vec<&str> = clock.split([':', 'h', 'H']).collect();
    if parts.len() > 3
        || !parts.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(invalid());
    }
    // A bare number is no time: it may be anything.
    if parts.len() == 1 && clock == last {
        return Err(invalid());
    }
    let number = |i: usize| parts.get(i).map_or(Ok(0), |part| part.parse::<u32>()).map_err(|_| invalid());
    NaiveTime::from_hms_opt(number(0)?, number(1)?, number(2)?).map(Some).ok_or_else(invalid)
}

/// `0,395833` is half past nine.
fn fraction(text: &str) -> Option<NaiveTime> {
    let of_a_day: f64 = text
        .strip_prefix("0,")
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| format!("0.{digits}").parse().ok())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1440")]
    let minutes = (of_a_day * 1440.0).round() as u32;
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).filter(|time| time.hour() < 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let at = |h, m| Ok(NaiveTime::from_hms_opt(h, m, 0));
        for (text, expected) in [
            ("9:30", at(9, 30)),
            ("09:30:00", at(9, 30)),
            ("22/02/2024 14:05", at(14, 5)),
            ("2024-02-22T14:05:00", at(14, 5)),
            ("31/12/1899 09:30", at(9, 30)),
            ("9h", at(9, 0)),
            ("9h30", at(9, 30)),
            ("9h30min", at(9, 30)),
            ("14H", at(14, 0)),
            ("0,395833333333333", at(9, 30)),
            ("0,999999", Err(())),
            ("22/02/2024", Ok(None)),
            ("2024-02-22", Ok(None)),
            ("", Ok(None)),
            ("25:00", Err(())),
            ("9:60", Err(())),
            ("9", Err(())),
            ("manhã", Err(())),
            ("9:30:00:00", Err(())),
        ] {
            assert_eq!(time(text).map_err(drop), expected, "{text}");
        }
    }

    #[test]
    fn noon_is_of_that_day() {
        let zone = chrono_tz::America::Rio_Branco;
        let day = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        assert_eq!(noon(zone, day).unwrap().with_timezone(&zone).date_naive(), day);
        assert_eq!(noon(chrono_tz::America::Sao_Paulo, day).unwrap().with_timezone(&zone).date_naive(), day);
    }
}
