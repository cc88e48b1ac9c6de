use std::{fmt, str::FromStr};

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::Invalid;

/// A zone that a person may choose: those of Brazil, and a few where its people work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fuso(Tz);

/// Each with the places that people know it by, from east to west.
const OFFERED: [(Tz, &str); 16] = [
    (Tz::Europe__Lisbon, "Lisboa"),
    (Tz::UTC, "UTC"),
    (Tz::America__Noronha, "Fernando de Noronha"),
    (Tz::America__Sao_Paulo, "Brasília, São Paulo"),
    (Tz::America__Bahia, "Salvador"),
    (Tz::America__Maceio, "Maceió"),
    (Tz::America__Recife, "Recife"),
    (Tz::America__Fortaleza, "Fortaleza"),
    (Tz::America__Belem, "Belém"),
    (Tz::America__Campo_Grande, "Campo Grande"),
    (Tz::America__Cuiaba, "Cuiabá"),
    (Tz::America__Porto_Velho, "Porto Velho"),
    (Tz::America__Boa_Vista, "Boa Vista"),
    (Tz::America__Manaus, "Manaus"),
    (Tz::America__Rio_Branco, "Rio Branco"),
    (Tz::America__New_York, "New York"),
];

impl Fuso {
    /// All of them: name, and label with the hours that lie between it and UTC at `now`.
    pub fn offered(now: DateTime<Utc>) -> impl Iterator<Item = (&'static str, String)> {
        OFFERED.iter().map(move |(zone, place)| (zone.name(), label(*zone, place, now)))
    }

    /// As it is offered, or by its bare name.
    #[must_use]
    pub fn label(zone: Tz, now: DateTime<Utc>) -> String {
        let place = OFFERED.iter().find(|(offered, _)| *offered == zone).map_or(zone.name(), |(_, place)| place);
        label(zone, place, now)
    }

    #[must_use]
    pub const fn zone(self) -> Tz {
        self.0
    }
}

fn label(zone: Tz, place: &str, now: DateTime<Utc>) -> String {
    let minutes = zone.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc() / 60;
    let sign = if minutes < 0 { '−' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => format!("{place} (UTC)"),
        (hours, 0) => format!("{place} (UTC{sign}{hours})"),
        (hours, rest) => format!("{place} (UTC{sign}{hours}:{rest:02})"),
    }
}

impl FromStr for Fuso {
    type Err = Invalid;

    fn from_str(name: &str) -> Result<Self, Invalid> {
        let found = OFFERED.iter().find(|(zone, _)| zone.name() == name);
        found.map(|(zone, _)| Self(*zone)).ok_or_else(|| Invalid::new("choice"))
    }
}

impl fmt::Display for Fuso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_offered_may_be_chosen() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        for (name, label) in Fuso::offered(now) {
            assert_eq!(name.parse::<Fuso>().unwrap().to_string(), name);
            assert!(label.contains("(UTC"), "{label}");
        }
        assert_eq!(Fuso::label(Tz::America__Manaus, now), "Manaus (UTC−4)");
        assert_eq!(Fuso::label(Tz::Asia__Kolkata, now), "Asia/Kolkata (UTC+5:30)");
        for bad in ["", "Asia/Kolkata", "america/manaus", "../etc/passwd"] {
            assert!(bad.parse::<Fuso>().is_err(), "{bad}");
        }
    }
}
