//! Days on which the unidade does not work beside the national holidays: a prazo counted in dias úteis leaps over them.
//!
//! The rules it protects: a day stands on the list once, and a national one not at all; a prazo that was set stays as it is.

pub(crate) mod agenda;
pub mod gravar;
pub mod pages;
pub(crate) mod sql;

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{Datelike, NaiveDate};
use kernel::{Fault, Feriado, Lang, Permission, Refusal, Rule, Texto, Told, is_dia_util};
use serde::Serialize;
use tenancy::TenantTx;

pub type FeriadoNome = Texto<80>;

pub const GERIR: Permission = Permission::new("relacionamento.feriado.gerir");

/// Name of a feriado in the trail.
pub(crate) const ENTITY: &str = "feriado";

/// Years that somebody may plan or look up; the law that is counted by here is not much older.
pub const ANOS: RangeInclusive<i32> = 2000..=2099;

/// A day of the unidade's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub data: NaiveDate,
    pub nome: FeriadoNome,
}

/// Why a day is not put on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeriadoRule {
    #[error("the day is on the list")]
    Taken,
    #[error("the day is a national holiday")]
    Nacional,
    #[error("the day is too far away")]
    Ano,
}

impl Rule for FeriadoRule {
    fn told(&self) -> Told {
        match self {
            Self::Taken => Told::conflict("feriado-taken").at("data"),
            Self::Nacional => Told::invalid("feriado-nacional").at("data"),
            Self::Ano => Told::invalid("feriado-ano").at("data"),
        }
    }
}

pub type FeriadoError = Refusal<FeriadoRule>;

/// Whether a day may stand on the list.
fn judge(dia: NaiveDate) -> Result<(), FeriadoRule> {
    if !ANOS.contains(&dia.year()) {
        return Err(FeriadoRule::Ano);
    }
    if Feriado::of(dia).is_some() { Err(FeriadoRule::Nacional) } else { Ok(()) }
}

/// Key of the name of a national holiday.
#[must_use]
pub const fn label(feriado: Feriado) -> &'static str {
    match feriado {
        Feriado::ConfraternizacaoUniversal => "feriado-confraternizacao-universal",
        Feriado::SextaFeiraSanta => "feriado-sexta-feira-santa",
        Feriado::Tiradentes => "feriado-tiradentes",
        Feriado::DiaDoTrabalho => "feriado-dia-do-trabalho",
        Feriado::Independencia => "feriado-independencia",
        Feriado::NossaSenhoraAparecida => "feriado-nossa-senhora-aparecida",
        Feriado::Finados => "feriado-finados",
        Feriado::ProclamacaoDaRepublica => "feriado-proclamacao-da-republica",
        Feriado::ConscienciaNegra => "feriado-consciencia-negra",
        Feriado::Natal => "feriado-natal",
    }
}

/// The national holidays of a year, in their order.
fn nacionais(ano: i32) -> impl Iterator<Item = (NaiveDate, Feriado)> {
    let first = NaiveDate::from_ymd_opt(ano, 1, 1);
    let days = first.into_iter().flat_map(move |first| first.iter_days().take_while(move |day| day.year() == ano));
    days.filter_map(|day| Some((day, Feriado::of(day)?)))
}

/// The feriados from one day to another, both included, by day: the nation's under the names of `lang`, and the unidade's own.
///
/// # Errors
/// A fault of the database.
pub async fn during(tx: &mut TenantTx, lang: Lang, first: NaiveDate, last: NaiveDate) -> Result<Vec<(NaiveDate, String)>, Fault> {
    let mut all = sql::between(tx, first, last).await?;
    let days = first.iter_days().take_while(|day| *day <= last);
    all.extend(days.filter_map(|day| Some((day, idioma::t(lang, label(Feriado::of(day)?)).to_owned()))));
    all.sort_by_key(|(day, _)| *day);
    Ok(all)
}

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

    #[test]
    fn a_day_stands_once_and_in_a_year_that_people_mean() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(judge(day("2026-03-09")), Ok(()));
        // Sexta-feira Santa moves with Easter.
        for nacional in ["2026-12-25", "2026-04-03", "2027-03-26"] {
            assert_eq!(judge(day(nacional)), Err(FeriadoRule::Nacional), "{nacional}");
        }
        for far in ["0206-03-09", "1999-12-31", "2100-01-02"] {
            assert_eq!(judge(day(far)), Err(FeriadoRule::Ano), "{far}");
        }
    }

    #[test]
    fn a_year_has_its_national_holidays_in_order() {
        assert_eq!((nacionais(2023).count(), nacionais(2026).count()), (9, 10));
        let names: Vec<_> = nacionais(2026).map(|(day, feriado)| (day.to_string(), label(feriado))).collect();
        assert_eq!(names[1], ("2026-04-03".to_owned(), "feriado-sexta-feira-santa"));
        assert!(names.is_sorted());
    }
}
