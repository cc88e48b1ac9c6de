//! Dias úteis of the whole nation: what deadlines of the law are counted in.
//!
//! A feriado is a day that a federal law calls one: Leis 662/1949 (as of Lei 10.607/2002), 6.802/1980 and, since 2024,
//! 14.759/2023; and Sexta-feira Santa, which Lei 9.093/1995 (art. 2) leaves to the municípios, all of which keep it, and which the
//! yearly ordinance of the federal administration calls a feriado nacional. That ordinance calls Carnaval, Quarta-feira de Cinzas and Corpus
//! Christi a ponto facultativo: these count as working days here, so that a deadline falls too early rather than too late.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A national holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feriado {
    ConfraternizacaoUniversal,
    SextaFeiraSanta,
    Tiradentes,
    DiaDoTrabalho,
    Independencia,
    NossaSenhoraAparecida,
    Finados,
    ProclamacaoDaRepublica,
    ConscienciaNegra,
    Natal,
}

/// Consciência Negra was one of some states and municípios before.
const CONSCIENCIA_NEGRA_SINCE: i32 = 2024;

impl Feriado {
    /// The holiday of that day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Option<Self> {
        Some(match (day.month(), day.day()) {
            (1, 1) => Self::ConfraternizacaoUniversal,
            (4, 21) => Self::Tiradentes,
            (5, 1) => Self::DiaDoTrabalho,
            (9, 7) => Self::Independencia,
            (10, 12) => Self::NossaSenhoraAparecida,
            (11, 2) => Self::Finados,
            (11, 15) => Self::ProclamacaoDaRepublica,
            (11, 20) if day.year() >= CONSCIENCIA_NEGRA_SINCE => Self::ConscienciaNegra,
            (12, 25) => Self::Natal,
            _ if pascoa(day.year()).and_then(|sunday| sunday.checked_sub_days(Days::new(2))) == Some(day) => {
                Self::SextaFeiraSanta
            }
            _ => return None,
        })
    }
}

/// Easter Sunday of a year of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher.
#[must_use]
#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
pub fn pascoa(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Neither a weekend nor a [`Feriado`].
#[must_use]
pub fn is_dia_util(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && Feriado::of(day).is_none()
}

/// The `n`th dia útil after `day`, which itself does not count. The last day that there is, where time ends before.
#[must_use]
pub fn dias_uteis_after(day: NaiveDate, n: u32) -> NaiveDate {
    day.iter_days().skip(1).filter(|day| is_dia_util(*day)).take(n as usize).last().unwrap_or(day)
}

/// How many dias úteis there are after `from` and up to `to`.
#[must_use]
pub fn dias_uteis_between(from: NaiveDate, to: NaiveDate) -> usize {
    from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| is_dia_util(*day)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_falls_where_the_calendars_have_it() {
        for known in
            ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25"]
        {
            assert_eq!(pascoa(day(known).year()), Some(day(known)));
        }
    }

    #[test]
    fn holidays_are_those_of_the_law() {
        for (date, feriado) in [
            ("2024-03-29", Feriado::SextaFeiraSanta),
            ("2025-04-18", Feriado::SextaFeiraSanta),
            ("2026-04-03", Feriado::SextaFeiraSanta),
            ("2027-03-26", Feriado::SextaFeiraSanta),
            ("2028-04-14", Feriado::SextaFeiraSanta),
            ("2029-03-30", Feriado::SextaFeiraSanta),
            ("2030-04-19", Feriado::SextaFeiraSanta),
            ("2024-11-20", Feriado::ConscienciaNegra),
            ("2026-04-21", Feriado::Tiradentes),
            ("2026-09-07", Feriado::Independencia),
            ("2027-01-01", Feriado::ConfraternizacaoUniversal),
        ] {
            assert_eq!(Feriado::of(day(date)), Some(feriado), "{date}");
        }
        // Consciência Negra before its law; Carnaval, Cinzas and Corpus Christi, which are pontos facultativos.
        for date in ["2023-11-20", "2026-02-16", "2026-02-17", "2026-02-18", "2026-06-04", "2025-03-04", "2024-05-30"] {
            assert_eq!(Feriado::of(day(date)), None, "{date}");
        }
    }

    #[test]
    fn three_working_days_leap_over_what_is_none() {
        for (from, to) in [
            ("2026-11-23", "2026-11-26"),
            // A Friday, a Saturday and a Sunday end alike.
            ("2026-11-27", "2026-12-02"),
            ("2026-11-28", "2026-12-02"),
            ("2026-11-29", "2026-12-02"),
            // Over Sexta-feira Santa, and over the turn of the year.
            ("2026-04-01", "2026-04-07"),
            ("2024-12-30", "2025-01-03"),
            // Two holidays of one week: 15 is a Friday in 2024, 20 a Wednesday.
            ("2024-11-14", "2024-11-21"),
            // Carnaval does not stop the clock.
            ("2026-02-13", "2026-02-18"),
        ] {
            assert_eq!(dias_uteis_after(day(from), 3), day(to), "{from}");
            assert_eq!(dias_uteis_between(day(from), day(to)), 3, "{from}");
        }
        assert_eq!(dias_uteis_after(day("2026-11-28"), 0), day("2026-11-28"));
        assert_eq!(dias_uteis_between(day("2026-11-26"), day("2026-11-23")), 0);
    }

    #[test]
    fn the_end_of_time_is_no_fault() {
        assert!(!is_dia_util(NaiveDate::MAX) || dias_uteis_after(NaiveDate::MAX, 3) == NaiveDate::MAX);
    }
}
