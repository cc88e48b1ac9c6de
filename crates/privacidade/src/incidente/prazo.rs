//! The clock of three dias úteis.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::{dias_uteis_after, dias_uteis_between};

/// To tell the ANPD and the titulares (arts. 6 and 9).
const DIAS: u32 = 3;

/// Until when an incidente is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prazo {
    /// The last day; all of it counts.
    pub last: NaiveDate,
    known: DateTime<Utc>,
    last_begins: DateTime<Utc>,
    over: DateTime<Utc>,
    zone: Tz,
}

/// The deadline of what was known at that instant: the day of knowledge does not count, the last one does.
#[must_use]
pub fn prazo(known: DateTime<Utc>, zone: Tz) -> Prazo {
    let last = dias_uteis_after(known.with_timezone(&zone).date_naive(), DIAS);
    let last_begins = idioma::day_begins(zone, last);
    let over = idioma::day_begins(zone, last.checked_add_days(Days::new(1)).unwrap_or(last));
    Prazo { last, known, last_begins, over, zone }
}

/// How far the time has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fase {
    Early,
    /// Half of the time is gone.
    Half,
    LastDay,
    Over,
}

impl Fase {
    /// As it is stored with the incidente once it was told.
    pub(crate) const fn code(self) -> i16 {
        match self {
            Self::Early => 0,
            Self::Half => 1,
            Self::LastDay => 2,
            Self::Over => 3,
        }
    }
}

/// How much is left, in words to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resta {
    /// So many dias úteis after today.
    Dias(usize),
    /// It is the last day: so many whole hours, none in the last one.
    Horas(i64),
    /// Over for so many days.
    Venceu(i64),
}

impl Prazo {
    #[must_use]
    pub fn fase(&self, now: DateTime<Utc>) -> Fase {
        if now >= self.over {
            Fase::Over
        } else if now >= self.last_begins {
            Fase::LastDay
        } else if now >= self.known + (self.over - self.known) / 2 {
            Fase::Half
        } else {
            Fase::Early
        }
    }

    #[must_use]
    pub fn resta(&self, now: DateTime<Utc>) -> Resta {
        let today = now.with_timezone(&self.zone).date_naive();
        match self.fase(now) {
            Fase::Over => Resta::Venceu((today - self.last).num_days()),
            Fase::LastDay => Resta::Horas((self.over - now).num_hours()),
            Fase::Half | Fase::Early => Resta::Dias(dias_uteis_between(today, self.last)),
        }
    }

    /// Whether that instant came in time.
    #[must_use]
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        at < self.over
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const ZONE: Tz = chrono_tz::America::Sao_Paulo;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_of_knowledge_is_that_of_the_unidade() {
        // Still Sunday in Joinville when it is Monday in Greenwich: Monday is the first day.
        assert_eq!(prazo(at("2026-11-23T01:00:00Z"), ZONE).last, "2026-11-25".parse().unwrap());
        assert_eq!(prazo(at("2026-11-23T13:00:00Z"), ZONE).last, "2026-11-26".parse().unwrap());
        assert_eq!(prazo(at("2026-11-23T01:00:00Z"), chrono_tz::UTC).last, "2026-11-26".parse().unwrap());
    }

    #[test]
    fn the_last_day_counts_whole() {
        let prazo = prazo(at("2026-11-23T13:00:00Z"), ZONE);
        for (now, fase, resta) in [
            ("2026-11-23T13:00:00Z", Fase::Early, Resta::Dias(3)),
            ("2026-11-25T07:59:59Z", Fase::Early, Resta::Dias(1)),
            ("2026-11-25T08:00:00Z", Fase::Half, Resta::Dias(1)),
            ("2026-11-26T02:59:59Z", Fase::Half, Resta::Dias(1)),
            ("2026-11-26T03:00:00Z", Fase::LastDay, Resta::Horas(24)),
            ("2026-11-27T02:59:59Z", Fase::LastDay, Resta::Horas(0)),
            ("2026-11-27T03:00:00Z", Fase::Over, Resta::Venceu(1)),
        ] {
            assert_eq!((prazo.fase(at(now)), prazo.resta(at(now))), (fase, resta), "{now}");
            assert_eq!(prazo.holds(at(now)), fase != Fase::Over);
        }
    }

    #[test]
    fn half_of_the_time_is_before_the_last_day_whenever_it_was_known() {
        for hours in 0..24 * 400 {
            let known = at("2026-01-01T00:30:00Z") + TimeDelta::hours(hours);
            let prazo = prazo(known, ZONE);
            assert!(prazo.known + (prazo.over - prazo.known) / 2 < prazo.last_begins, "{known}");
        }
    }
}
