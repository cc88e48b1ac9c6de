//! An instant as a form has it: day and hour in somebody's zone.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use kernel::Invalid;

/// What `<input type="datetime-local">` sends.
const FORMAT: &str = "%Y-%m-%dT%H:%M";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local(NaiveDateTime);

impl FromStr for Local {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let seconds = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S");
        NaiveDateTime::parse_from_str(text, FORMAT).or_else(|_| seconds()).map(Self).map_err(|_| Invalid::new("instante"))
    }
}

impl Local {
    /// The instant meant by whoever lives in `zone`: the first of two where clocks go back, none where they leap over it.
    pub(crate) fn at(self, zone: Tz) -> Option<DateTime<Utc>> {
        idioma::instant(zone, self.0)
    }

    pub(crate) fn typed(at: DateTime<Utc>, zone: Tz) -> String {
        at.with_timezone(&zone).format(FORMAT).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_is_read() {
        let zone = chrono_tz::America::Sao_Paulo;
        let at: DateTime<Utc> = "2026-11-23T13:07:00Z".parse().unwrap();
        assert_eq!(Local::typed(at, zone), "2026-11-23T10:07");
        assert_eq!("2026-11-23T10:07".parse::<Local>().unwrap().at(zone), Some(at));
        for bad in ["", "23/11/2026 10:07", "2026-11-23", "2026-13-01T00:00", "9999999-01-01T00:00"] {
            assert!(bad.parse::<Local>().is_err(), "{bad}");
        }
    }
}
