//! When letters that can wait may reach somebody.
//!
//! The rule it protects: one function decides it, when a letter is written and again before each attempt to send it; what cannot wait
//! never asks it.

use chrono::{DateTime, Days, LocalResult, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::{Fault, Invalid};
use tenancy::TenantTx;
use uuid::Uuid;

use super::sql;

/// Hours in which somebody wants no letters, as the clocks show them where they are; over midnight when they end earlier than they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silencio {
    inicio: NaiveTime,
    fim: NaiveTime,
}

impl Silencio {
    /// # Errors
    /// Hours that end when they begin: it could be none or all of them.
    pub fn new(inicio: NaiveTime, fim: NaiveTime) -> Result<Self, Invalid> {
        if inicio == fim { Err(Invalid::new("silencio-empty")) } else { Ok(Self { inicio, fim }) }
    }

    #[must_use]
    pub const fn inicio(self) -> NaiveTime {
        self.inicio
    }

    #[must_use]
    pub const fn fim(self) -> NaiveTime {
        self.fim
    }

    fn covers(self, at: NaiveTime) -> bool {
        if self.inicio < self.fim { (self.inicio..self.fim).contains(&at) } else { at >= self.inicio || at < self.fim }
    }

    /// When it ends, if `now` lies in it.
    #[must_use]
    pub fn until(self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        self.covers(now.with_timezone(&zone).time()).then(|| next(now, zone, self.fim))
    }
}

/// What somebody said about the hours of their letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Horario {
    silencio: Option<Silencio>,
    /// The hour of the one letter a day that takes the place of many.
    resumo: Option<u8>,
}

/// When a letter that can wait goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaves {
    Now,
    At(DateTime<Utc>),
    /// With others, in one letter of then.
    Gathered(DateTime<Utc>),
}

impl Horario {
    /// # Errors
    /// An hour of the resumo that is none, or lies in the silêncio.
    pub fn new(silencio: Option<Silencio>, resumo: Option<u8>) -> Result<Self, Invalid> {
        let at =
            resumo.map(|hora| NaiveTime::from_hms_opt(hora.into(), 0, 0).ok_or_else(|| Invalid::new("choice"))).transpose()?;
        if silencio.zip(at).is_some_and(|(silencio, at)| silencio.covers(at)) {
            return Err(Invalid::new("resumo-silencio"));
        }
        Ok(Self { silencio, resumo })
    }

    #[must_use]
    pub const fn silencio(self) -> Option<Silencio> {
        self.silencio
    }

    #[must_use]
    pub const fn resumo(self) -> Option<u8> {
        self.resumo
    }

    /// As it was kept.
    pub(crate) fn stored(inicio: Option<NaiveTime>, fim: Option<NaiveTime>, resumo: Option<u8>) -> Self {
        Self { silencio: inicio.zip(fim).and_then(|(inicio, fim)| Silencio::new(inicio, fim).ok()), resumo }
    }

    pub(crate) fn leaves(self, now: DateTime<Utc>, zone: Tz) -> Leaves {
        if let Some(at) = self.resumo.and_then(|hora| NaiveTime::from_hms_opt(hora.into(), 0, 0)) {
            return Leaves::Gathered(next(now, zone, at));
        }
        self.silencio.and_then(|silencio| silencio.until(now, zone)).map_or(Leaves::Now, Leaves::At)
    }
}

impl Leaves {
    /// Until when it is held back.
    pub(crate) const fn until(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Now => None,
            Self::At(at) | Self::Gathered(at) => Some(at),
        }
    }
}

/// The first instant after `now` at which the clocks of `zone` show `time`. On a day on which they leap over it, the minute they leap
/// to; on one on which they show it twice, whichever comes first.
fn next(now: DateTime<Utc>, zone: Tz, time: NaiveTime) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let days = (0..3).filter_map(|n| today.checked_add_days(Days::new(n)));
    days.flat_map(|day| instants(day.and_time(time), zone)).find(|at| *at > now).unwrap_or(now)
}

/// When the clocks of `zone` show `local`, earliest first.
fn instants(local: NaiveDateTime, zone: Tz) -> Vec<DateTime<Utc>> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => vec![at.to_utc()],
        LocalResult::Ambiguous(first, second) => vec![first.to_utc(), second.to_utc()],
        LocalResult::None => {
            let later = (1..=24 * 60).filter_map(|n| local.checked_add_signed(TimeDelta::minutes(n)));
            later.filter_map(|local| zone.from_local_datetime(&local).earliest()).map(|at| at.to_utc()).take(1).collect()
        }
    }
}

/// That of a usuario.
///
/// # Errors
/// A fault of the database.
pub async fn of(tx: &mut TenantTx, usuario: Uuid) -> Result<Horario, Fault> {
    sql::horario(tx, usuario).await
}

/// Keeps it; one that says nothing is kept by forgetting. Letters that wait already keep their hour. False when it was so before.
///
/// # Errors
/// A fault of the database.
pub async fn keep(tx: &mut TenantTx, usuario: Uuid, horario: Horario) -> Result<bool, Fault> {
    if of(tx, usuario).await? == horario {
        return Ok(false);
    }
    sql::keep_horario(tx, usuario, horario).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    fn silencio(inicio: &str, fim: &str) -> Silencio {
        Silencio::new(time(inicio), time(fim)).unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        format!("{text}:00Z").parse().unwrap()
    }

    /// São Paulo leapt from 0:00 to 1:00 on 2018-11-04 and showed 23:00 to 24:00 twice on 2019-02-16; New York leaps at 2:00.
    #[test]
    fn letters_wait_for_the_end_of_the_silence_as_clocks_show_it_there() {
        let (sao_paulo, new_york, manaus) = (Tz::America__Sao_Paulo, Tz::America__New_York, Tz::America__Manaus);
        for (inicio, fim, zone, now, until) in [
            // Over midnight: before it, in it on both days, at its very ends.
            ("22:00", "07:00", sao_paulo, "2026-11-25T00:59", None),
            ("22:00", "07:00", sao_paulo, "2026-11-25T01:00", Some("2026-11-25T10:00")),
            ("22:00", "07:00", sao_paulo, "2026-11-25T09:59", Some("2026-11-25T10:00")),
            ("22:00", "07:00", sao_paulo, "2026-11-25T10:00", None),
            // Where the sun rises later.
            ("22:00", "07:00", manaus, "2026-11-25T10:00", Some("2026-11-25T11:00")),
            // Within a day.
            ("12:00", "13:30", sao_paulo, "2026-11-25T14:59", None),
            ("12:00", "13:30", sao_paulo, "2026-11-25T15:00", Some("2026-11-25T16:30")),
            ("12:00", "13:30", sao_paulo, "2026-11-25T16:30", None),
            // Until midnight, and from it.
            ("18:00", "00:00", sao_paulo, "2026-11-25T23:00", Some("2026-11-26T03:00")),
            ("00:00", "06:00", sao_paulo, "2026-11-26T03:00", Some("2026-11-26T09:00")),
            // A night that is an hour shorter, one that is an hour longer.
            ("22:00", "07:00", sao_paulo, "2018-11-04T01:00", Some("2018-11-04T09:00")),
            ("22:00", "07:00", sao_paulo, "2019-02-17T00:00", Some("2019-02-17T10:00")),
            // It would end at a time that is leapt over: with the leap.
            ("22:00", "00:30", sao_paulo, "2018-11-04T02:59", Some("2018-11-04T03:00")),
            ("23:00", "02:30", new_york, "2026-03-08T05:00", Some("2026-03-08T07:00")),
            // It ends at a time that comes twice: in the first hour at the first, in the second at the second.
            ("22:00", "23:30", sao_paulo, "2019-02-17T01:10", Some("2019-02-17T01:30")),
            ("22:00", "23:30", sao_paulo, "2019-02-17T02:10", Some("2019-02-17T02:30")),
        ] {
            assert_eq!(silencio(inicio, fim).until(utc(now), zone), until.map(utc), "{inicio}–{fim} {zone} at {now}");
        }
    }

    #[test]
    fn what_is_over_is_never_asked_again_at_that_instant() {
        for zone in [Tz::America__Sao_Paulo, Tz::America__New_York, Tz::America__Noronha, Tz::UTC] {
            for day in ["2018-11-04", "2019-02-16", "2026-03-08", "2026-11-01", "2026-11-24"] {
                for quarter in 0..96 {
                    let now = utc(&format!("{day}T00:00")) + TimeDelta::minutes(15 * quarter);
                    for silencio in [silencio("22:00", "07:00"), silencio("23:15", "00:15"), silencio("01:45", "02:15")] {
                        let Some(until) = silencio.until(now, zone) else { continue };
                        assert!(until > now && until - now <= TimeDelta::hours(25), "{zone} {now} {until}");
                        assert_eq!(silencio.until(until, zone), None, "{zone} {now} {until}: nobody waits twice");
                    }
                }
            }
        }
    }

    #[test]
    fn one_letter_a_day_leaves_at_its_hour() {
        let horario = |hora| Horario::new(None, Some(hora)).unwrap();
        for (hora, zone, now, at) in [
            (8, Tz::America__Sao_Paulo, "2026-11-24T10:59", "2026-11-24T11:00"),
            (8, Tz::America__Sao_Paulo, "2026-11-24T11:00", "2026-11-25T11:00"),
            (8, Tz::America__Manaus, "2026-11-24T11:00", "2026-11-24T12:00"),
            (0, Tz::America__Sao_Paulo, "2026-11-24T12:00", "2026-11-25T03:00"),
            // Midnight was leapt over; eleven at night came twice.
            (0, Tz::America__Sao_Paulo, "2018-11-04T02:00", "2018-11-04T03:00"),
            (23, Tz::America__Sao_Paulo, "2019-02-17T00:59", "2019-02-17T01:00"),
        ] {
            assert_eq!(horario(hora).leaves(utc(now), zone), Leaves::Gathered(utc(at)), "{hora} h in {zone} at {now}");
        }
        let both = Horario::new(Some(silencio("22:00", "07:00")), Some(8)).unwrap();
        let night = utc("2026-11-25T02:00");
        assert_eq!(both.leaves(night, Tz::America__Sao_Paulo), Leaves::Gathered(utc("2026-11-25T11:00")));
        assert_eq!(Horario::default().leaves(night, Tz::America__Sao_Paulo), Leaves::Now);
        let held = Horario::new(Some(silencio("22:00", "07:00")), None).unwrap();
        assert_eq!(held.leaves(night, Tz::America__Sao_Paulo), Leaves::At(utc("2026-11-25T10:00")));
    }

    #[test]
    fn hours_that_say_nothing_are_refused() {
        assert_eq!(Silencio::new(time("22:00"), time("22:00")), Err(Invalid::new("silencio-empty")));
        let night = Some(silencio("22:00", "07:00"));
        for hora in [22, 0, 6] {
            assert_eq!(Horario::new(night, Some(hora)), Err(Invalid::new("resumo-silencio")), "{hora}");
        }
        for hora in [21, 7, 12] {
            assert!(Horario::new(night, Some(hora)).is_ok(), "{hora}");
        }
        assert_eq!(Horario::new(None, Some(24)), Err(Invalid::new("choice")));
    }
}
