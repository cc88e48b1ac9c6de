use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use kernel::Lang;

use crate::{t, t_args};

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10", "month-11",
    "month-12",
];

/// `22/11/2026`, or `22 Nov 2026` in English, where 11/12 could be two days.
#[must_use]
pub fn date(lang: Lang, day: NaiveDate) -> String {
    match lang {
        Lang::PtBr => format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year()),
        Lang::En => {
            let month = month_name(lang, day);
            format!("{} {} {:04}", day.day(), month.get(..3).unwrap_or(month), day.year())
        }
    }
}

/// `22 de novembro de 2026`, `22 November 2026`.
#[must_use]
pub fn date_long(lang: Lang, day: NaiveDate) -> String {
    let month = month_name(lang, day);
    match lang {
        Lang::PtBr => format!("{} de {month} de {:04}", day.day(), day.year()),
        Lang::En => format!("{} {month} {:04}", day.day(), day.year()),
    }
}

/// `novembro de 2026`, `November 2026`.
#[must_use]
pub fn month(lang: Lang, day: NaiveDate) -> String {
    let month = month_name(lang, day);
    match lang {
        Lang::PtBr => format!("{month} de {:04}", day.year()),
        Lang::En => format!("{month} {:04}", day.year()),
    }
}

fn month_name(lang: Lang, day: NaiveDate) -> &'static str {
    t(lang, MONTHS[day.month0() as usize])
}

/// `segunda-feira`, `Monday`.
#[must_use]
pub fn weekday(lang: Lang, day: NaiveDate) -> &'static str {
    const DIAS: [&str; 7] = ["dia-segunda", "dia-terca", "dia-quarta", "dia-quinta", "dia-sexta", "dia-sabado", "dia-domingo"];
    t(lang, DIAS[day.weekday().num_days_from_monday() as usize])
}

/// The instant as the clock on the unidade's wall shows it: `22/11/2026 14:05`.
#[must_use]
pub fn datetime(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&zone);
    let separator = if lang == Lang::En { ", " } else { " " };
    format!("{}{separator}{}", date(lang, local.date_naive()), time_of_day(zone, at))
}

/// `14:05` on the unidade's wall.
#[must_use]
pub fn time_of_day(zone: Tz, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The instant that a clock on a wall in `zone` means: the first of two where clocks go back, none where they leap over it.
#[must_use]
pub fn instant(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    zone.from_local_datetime(&wall).earliest().map(|at| at.to_utc())
}

/// The first instant of a day. Where clocks leap over midnight, an hour later.
#[must_use]
pub fn day_begins(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    instant(zone, midnight).or_else(|| instant(zone, midnight + TimeDelta::hours(1))).unwrap_or_else(|| midnight.and_utc())
}

/// How long ago, or in how long: `agora mesmo`, `há 3 dias`, `em 2 horas`. Days are days of the calendar in `zone`: yesterday
/// evening is "ontem" in the morning, not "há 10 horas".
#[must_use]
pub fn relative(lang: Lang, zone: Tz, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let past = at <= now;
    let seconds = (now - at).num_seconds().unsigned_abs();
    let day = |instant: DateTime<Utc>| instant.with_timezone(&zone).date_naive();
    let days = (day(now) - day(at)).num_days().unsigned_abs();
    let (unit, n) = match (seconds, days) {
        (0..60, _) => return t(lang, "time-now").to_owned(),
        (60..3600, _) => ("minutes", seconds / 60),
        (_, 0) => ("hours", seconds / 3600),
        (_, 1) => return t(lang, if past { "time-yesterday" } else { "time-tomorrow" }).to_owned(),
        (_, 2..60) => ("days", days),
        (_, 60..730) => ("months", days / 30),
        _ => ("years", days / 365),
    };
    let key = match (unit, past) {
        ("minutes", true) => "time-minutes-ago",
        ("hours", true) => "time-hours-ago",
        ("days", true) => "time-days-ago",
        ("months", true) => "time-months-ago",
        (_, true) => "time-years-ago",
        ("minutes", false) => "time-in-minutes",
        ("hours", false) => "time-in-hours",
        ("days", false) => "time-in-days",
        ("months", false) => "time-in-months",
        (_, false) => "time-in-years",
    };
    t_args(lang, key, [("n", n.into())])
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    const JOINVILLE: Tz = chrono_tz::America::Sao_Paulo;

    fn at(text: &str) -> DateTime<Utc> {
        JOINVILLE.from_local_datetime(&text.parse().unwrap()).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn dates_follow_the_language_and_the_zone() {
        let late = "2026-11-23T02:05:00Z".parse().unwrap();
        assert_eq!(datetime(Lang::PtBr, JOINVILLE, late), "22/11/2026 23:05");
        assert_eq!(datetime(Lang::En, JOINVILLE, late), "22 Nov 2026, 23:05");
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(date_long(Lang::PtBr, day), "1 de março de 2026");
        assert_eq!(date_long(Lang::En, day), "1 March 2026");
        assert_eq!((month(Lang::PtBr, day), month(Lang::En, day)), ("março de 2026".to_owned(), "March 2026".to_owned()));
        assert_eq!((weekday(Lang::PtBr, day), weekday(Lang::En, day)), ("domingo", "Sunday"));
    }

    /// In 2018 the clocks of Joinville went from midnight to one, and in 2019 from midnight back to eleven.
    #[test]
    fn a_clock_on_a_wall_means_one_instant_or_none() {
        let wall = |text: &str| instant(JOINVILLE, text.parse().unwrap()).map(|at| at.to_rfc3339());
        assert_eq!(wall("2026-11-22T10:30:00").unwrap(), "2026-11-22T13:30:00+00:00");
        assert_eq!(wall("2018-11-04T00:30:00"), None);
        assert_eq!(wall("2019-02-16T23:30:00").unwrap(), "2019-02-17T01:30:00+00:00", "the first of two");
        let begins = |year, month, day| day_begins(JOINVILLE, NaiveDate::from_ymd_opt(year, month, day).unwrap()).to_rfc3339();
        assert_eq!(begins(2026, 11, 22), "2026-11-22T03:00:00+00:00");
        assert_eq!(begins(2018, 11, 4), "2018-11-04T03:00:00+00:00");
    }

    #[test]
    fn relative_time_speaks_like_a_person() {
        let now = at("2026-11-22T08:00:00");
        for (then, pt, en) in [
            ("2026-11-22T07:59:30", "agora mesmo", "just now"),
            ("2026-11-22T07:59:00", "há 1 minuto", "1 minute ago"),
            ("2026-11-22T07:15:00", "há 45 minutos", "45 minutes ago"),
            ("2026-11-22T01:00:00", "há 7 horas", "7 hours ago"),
            ("2026-11-21T22:00:00", "ontem", "yesterday"),
            ("2026-11-19T23:59:00", "há 3 dias", "3 days ago"),
            ("2026-02-01T08:00:00", "há 9 meses", "9 months ago"),
            ("2023-11-01T08:00:00", "há 3 anos", "3 years ago"),
            ("2026-11-22T10:30:00", "em 2 horas", "in 2 hours"),
            ("2026-11-23T07:00:00", "amanhã", "tomorrow"),
            ("2026-11-26T07:00:00", "em 4 dias", "in 4 days"),
        ] {
            assert_eq!(relative(Lang::PtBr, JOINVILLE, at(then), now), pt, "{then}");
            assert_eq!(relative(Lang::En, JOINVILLE, at(then), now), en, "{then}");
        }
    }
}
