//! Which days a page of the calendar shows. Weeks begin on Sunday, as on every calendar on a wall in Brazil.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use kernel::Lang;
use serde::Deserialize;

/// How the days are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vista {
    /// A month in its weeks (S0-6.6).
    Mes,
    /// A week by the hour (S0-6.7).
    Semana,
    /// What is to come, one after the other (S0-6.8).
    Lista,
}

impl Vista {
    pub const ALL: [Self; 3] = [Self::Mes, Self::Semana, Self::Lista];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mes => "mes",
            Self::Semana => "semana",
            Self::Lista => "lista",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mes => "agenda-mes",
            Self::Semana => "agenda-semana",
            Self::Lista => "agenda-lista",
        }
    }
}

impl fmt::Display for Vista {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The days that the list looks ahead.
const AHEAD: Days = Days::new(30);

/// Days around or from one that somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periodo {
    pub vista: Vista,
    dia: NaiveDate,
}

impl Periodo {
    /// `None` for a day that no calendar of ours goes to.
    #[must_use]
    pub fn new(vista: Vista, dia: NaiveDate) -> Option<Self> {
        (1900..=2199).contains(&dia.year()).then_some(Self { vista, dia })
    }

    #[must_use]
    pub const fn dia(self) -> NaiveDate {
        self.dia
    }

    /// The first day that is shown, and the one after the last. A month is shown in whole weeks.
    #[must_use]
    pub fn days(self) -> (NaiveDate, NaiveDate) {
        match self.vista {
            Vista::Mes => {
                let first = first_of_month(self.dia);
                let next = later(first, Months::new(1));
                (sunday(first), sunday(next + Days::new(6)))
            }
            Vista::Semana => (sunday(self.dia), sunday(self.dia) + Days::new(7)),
            Vista::Lista => (self.dia, self.dia + AHEAD),
        }
    }

    /// Whether a day is only shown because its week is.
    #[must_use]
    pub fn is_beside(self, day: NaiveDate) -> bool {
        self.vista == Vista::Mes && first_of_month(day) != first_of_month(self.dia)
    }

    #[must_use]
    pub fn before(self) -> Option<Self> {
        let dia = match self.vista {
            Vista::Mes => first_of_month(self.dia).checked_sub_months(Months::new(1))?,
            Vista::Semana => self.dia - Days::new(7),
            Vista::Lista => self.dia - AHEAD,
        };
        Self::new(self.vista, dia)
    }

    #[must_use]
    pub fn next(self) -> Option<Self> {
        let dia = match self.vista {
            Vista::Mes => later(first_of_month(self.dia), Months::new(1)),
            Vista::Semana => self.dia + Days::new(7),
            Vista::Lista => self.dia + AHEAD,
        };
        Self::new(self.vista, dia)
    }

    /// What stands above it: `novembro de 2026`, `22/11/2026 – 28/11/2026`.
    #[must_use]
    pub fn title(self, lang: Lang) -> String {
        let (first, until) = self.days();
        match self.vista {
            Vista::Mes => idioma::month(lang, self.dia),
            _ => format!("{} – {}", idioma::date(lang, first), idioma::date(lang, until - Days::new(1))),
        }
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.day0()))
}

fn sunday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_sunday()))
}

fn later(day: NaiveDate, months: Months) -> NaiveDate {
    day.checked_add_months(months).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_vista_shows_its_days_and_goes_to_those_beside() {
        for (vista, data, first, until, before, next) in [
            // Began on a Sunday: nothing of October, five days of December.
            (Vista::Mes, "2026-11-23", "2026-11-01", "2026-12-06", "2026-10-01", "2026-12-01"),
            // 28 days that are four whole weeks.
            (Vista::Mes, "2026-02-28", "2026-02-01", "2026-03-01", "2026-01-01", "2026-03-01"),
            // Six weeks.
            (Vista::Mes, "2026-08-31", "2026-07-26", "2026-09-06", "2026-07-01", "2026-09-01"),
            (Vista::Semana, "2026-11-22", "2026-11-22", "2026-11-29", "2026-11-15", "2026-11-29"),
            (Vista::Semana, "2026-11-28", "2026-11-22", "2026-11-29", "2026-11-21", "2026-12-05"),
            (Vista::Lista, "2026-11-23", "2026-11-23", "2026-12-23", "2026-10-24", "2026-12-23"),
        ] {
            let periodo = Periodo::new(vista, day(data)).unwrap();
            assert_eq!(periodo.days(), (day(first), day(until)), "{vista:?} {data}");
            assert_eq!(periodo.before().unwrap().dia(), day(before), "{vista:?} {data}");
            assert_eq!(periodo.next().unwrap().dia(), day(next), "{vista:?} {data}");
        }
    }

    #[test]
    fn the_calendar_ends_somewhere() {
        assert_eq!(Periodo::new(Vista::Mes, day("1899-12-31")), None);
        assert_eq!(Periodo::new(Vista::Mes, NaiveDate::MAX), None);
        assert_eq!(Periodo::new(Vista::Mes, day("1900-01-31")).unwrap().before(), None);
        assert_eq!(Periodo::new(Vista::Lista, day("2199-12-31")).unwrap().next(), None);
    }

    #[test]
    fn days_of_other_months_stand_beside_theirs() {
        let november = Periodo::new(Vista::Mes, day("2026-11-23")).unwrap();
        assert!(november.is_beside(day("2026-12-01")) && !november.is_beside(day("2026-11-01")));
        assert!(!Periodo::new(Vista::Semana, day("2026-11-30")).unwrap().is_beside(day("2026-12-01")));
        assert_eq!(november.title(Lang::PtBr), "novembro de 2026");
        let week = Periodo::new(Vista::Semana, day("2026-11-23")).unwrap();
        assert_eq!(week.title(Lang::PtBr), "22/11/2026 – 28/11/2026");
        assert_eq!(week.title(Lang::En), "22 Nov 2026 – 28 Nov 2026");
    }
}
