//! Days on which the unidade does not work beside the national holidays: a prazo counted in dias úteis leaps over them.

pub(crate) mod sql;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{Permission, Texto, is_dia_util};

pub type FeriadoNome = Texto<80>;

pub const GERIR: Permission = Permission::new("relacionamento.feriado.gerir");

/// The `n`th day on which the unidade works after `day`, which itself does not count.
#[must_use]
pub fn dias_uteis_after(day: NaiveDate, n: u32, feriados: &BTreeSet<NaiveDate>) -> NaiveDate {
    let works = |day: &NaiveDate| is_dia_util(*day) && !feriados.contains(day);
    day.iter_days().skip(1).filter(works).take(n as usize).last().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prazo_leaps_over_weekends_holidays_and_days_of_the_unidade() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let own: BTreeSet<_> = [day("2026-03-09"), day("2026-03-14")].into();
        for (from, n, to) in [
            ("2026-03-06", 1, "2026-03-10"),
            ("2026-03-08", 2, "2026-03-11"),
            // A feriado on a Saturday moves nothing.
            ("2026-03-13", 1, "2026-03-16"),
            ("2026-04-02", 1, "2026-04-06"),
            ("2026-03-06", 0, "2026-03-06"),
        ] {
            assert_eq!(dias_uteis_after(day(from), n, &own), day(to), "{from} + {n}");
        }
    }
}
