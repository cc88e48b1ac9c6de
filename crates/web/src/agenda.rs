//! What stands in the calendar: each module publishes layers of what has a day or hours ([`crate::Module::calendar`]), and what
//! all of them know of some days is merged by time. A layer knows the reach of its reader, and moves by its module's own command:
//! rules, notices, trail and conflicts are that command's.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use kernel::{Actor, Lang, Permission};
use tenancy::{TenantTx, Unidade};
use uuid::Uuid;

use crate::{Error, Module, Result};

/// One kind of what stands in the calendar.
#[derive(Debug)]
pub struct Layer {
    /// In the address and in that of its events: `visita`.
    pub name: &'static str,
    /// Key of its name.
    pub label: &'static str,
    /// A name in `assets/icons.txt`.
    pub icon: &'static str,
    /// Without it nothing of this layer is told, nor that it is there.
    pub permission: Permission,
    /// How its events can stand; the calendar offers each as a filter.
    pub situacoes: &'static [Standing],
    pub events: Events,
    /// Puts one to another time; none where nothing of the layer can be moved.
    pub shift: Option<Shift>,
    /// Where one more is planned, and who may: the calendar leads there from an empty hour with `?em=2026-11-23T14:00`.
    pub plan: Option<(&'static str, Permission)>,
}

/// How an event of a layer can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub code: &'static str,
    /// Key of its name.
    pub label: &'static str,
    pub tone: &'static str,
    /// Whether it is shown where nobody asked for it, and takes the time of whoever it is for: what was called off does not.
    pub usual: bool,
}

/// Tells the events of some days that the actor may see, the earliest first, at most [`Asked::limit`].
pub type Events = for<'a> fn(tx: &'a mut TenantTx, actor: &'a Actor, asked: &'a Asked) -> BoxFuture<'a, Result<Vec<Event>>>;

/// Puts an event to another time by the module's own command, if it is still as it was seen. Answers its new version.
pub type Shift = for<'a> fn(tx: &'a mut TenantTx, actor: &'a Actor, moved: Moved) -> BoxFuture<'a, Result<i32>>;

/// What a layer is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Days as they are in `zone`: from this one on…
    pub from: NaiveDate,
    /// …and before this one.
    pub until: NaiveDate,
    pub zone: Tz,
    pub lang: Lang,
    pub now: DateTime<Utc>,
    /// Those who are to be there or to do it. What is empty does not narrow.
    pub pessoas: Vec<Uuid>,
    /// Codes of the layer's own [`Layer::situacoes`].
    pub situacoes: Vec<&'static str>,
    pub limit: i64,
}

impl Asked {
    /// The instants at which the days begin and are over.
    #[must_use]
    pub fn instants(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (idioma::day_begins(self.zone, self.from), idioma::day_begins(self.zone, self.until))
    }

    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }
}

/// When something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Hours {
        begin: DateTime<Utc>,
        end: DateTime<Utc>,
    },
    Day(NaiveDate),
    /// From one day to another, both included.
    Days {
        first: NaiveDate,
        last: NaiveDate,
    },
}

impl When {
    /// Where it stands among others: what has a day alone comes before the hours of that day.
    #[must_use]
    pub fn begins(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Hours { begin, .. } => begin,
            Self::Day(first) | Self::Days { first, .. } => idioma::day_begins(zone, first),
        }
    }

    /// The day, of what has no hours.
    ///
    /// # Errors
    /// 400 for anything else: no page of ours asks for that.
    pub fn day(self) -> Result<NaiveDate> {
        match self {
            Self::Day(day) => Ok(day),
            _ => Err(Error::status(StatusCode::BAD_REQUEST, "body")),
        }
    }

    /// The instants from which and until which it goes on.
    #[must_use]
    pub fn span(self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        let after = |day: NaiveDate| idioma::day_begins(zone, day.succ_opt().unwrap_or(day));
        match self {
            Self::Hours { begin, end } => (begin, end),
            Self::Day(last) | Self::Days { last, .. } => (self.begins(zone), after(last)),
        }
    }

    /// The days that it touches, the first and the last. What ends at midnight does not touch the day that begins then.
    #[must_use]
    pub fn days(self, zone: Tz) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Hours { begin, end } => {
                let last = (end - TimeDelta::nanoseconds(1)).max(begin);
                (begin.with_timezone(&zone).date_naive(), last.with_timezone(&zone).date_naive())
            }
            Self::Day(day) => (day, day),
            Self::Days { first, last } => (first, last),
        }
    }
}

/// Something that stands in the calendar, in the words of who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: Uuid,
    pub title: String,
    /// What it is about, or for whom.
    pub sub: String,
    /// Where one goes; empty where nobody goes anywhere.
    pub local: String,
    pub when: When,
    /// Where it can be looked at; empty where there is no more to see.
    pub href: String,
    pub responsavel_id: Option<Uuid>,
    pub responsavel: String,
    /// Code of one of [`Layer::situacoes`].
    pub situacao: &'static str,
    /// Whether whoever it is for can be nowhere else meanwhile.
    pub busy: bool,
    /// Whether somebody should have done something about it by now.
    pub late: bool,
    /// Whether this reader may put it to another time.
    pub movable: bool,
    /// Counts up from 1 with every change.
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

/// An event, where it is to be, and as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub id: Uuid,
    pub version: i32,
    pub when: When,
}

/// A layer, and how its events are to stand: codes of [`Layer::situacoes`], all of them where there is none.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub layer: &'static Layer,
    pub situacoes: Vec<&'static str>,
}

impl Wanted {
    /// As the layer is shown where nobody asks for anything else.
    #[must_use]
    pub fn usual(layer: &'static Layer) -> Self {
        Self { layer, situacoes: layer.situacoes.iter().filter(|one| one.usual).map(|one| one.code).collect() }
    }
}

/// The layers that somebody may see in a unidade, in the order of the modules.
pub fn layers<'a>(modules: &'a [Module], unidade: &'a Unidade, actor: &'a Actor) -> impl Iterator<Item = &'static Layer> + 'a {
    let declared = modules.iter().filter(|module| module.core || unidade.has_module(module.name));
    declared.flat_map(|module| module.calendar).filter(|layer| actor.may(&layer.permission))
}

/// What stands in some layers, by time, and whether there is more than was asked for. Layers that the actor may not see tell
/// nothing.
///
/// # Errors
/// Those of the layers.
pub async fn told(
    tx: &mut TenantTx,
    actor: &Actor,
    wanted: &[Wanted],
    asked: &Asked,
) -> Result<(Vec<(&'static Layer, Event)>, bool)> {
    let mut all = Vec::new();
    for Wanted { layer, situacoes } in wanted.iter().filter(|one| actor.may(&one.layer.permission)) {
        // One more than is shown tells whether there is more.
        let each = Asked { situacoes: situacoes.clone(), limit: asked.limit.saturating_add(1), ..asked.clone() };
        let events = (layer.events)(tx, actor, &each).await?;
        all.extend(events.into_iter().map(|event| (*layer, event)));
    }
    Ok(earliest_first(all, asked.zone, usize::try_from(asked.limit).unwrap_or(usize::MAX)))
}

fn earliest_first<L>(mut all: Vec<(L, Event)>, zone: Tz, limit: usize) -> (Vec<(L, Event)>, bool) {
    all.sort_by_cached_key(|(_, event)| (event.when.begins(zone), event.id));
    let more = all.len() > limit;
    all.truncate(limit);
    (all, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = chrono_tz::America::Sao_Paulo;

    fn event(id: u128, when: When) -> Event {
        Event {
            id: Uuid::from_u128(id),
            title: id.to_string(),
            sub: String::new(),
            local: String::new(),
            when,
            href: "/".to_owned(),
            responsavel_id: None,
            responsavel: String::new(),
            situacao: "aberta",
            busy: false,
            late: false,
            movable: false,
            version: 1,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn hours(begin: &str) -> When {
        let begin = begin.parse().unwrap();
        When::Hours { begin, end: begin + TimeDelta::hours(1) }
    }

    #[test]
    fn what_all_layers_tell_comes_by_time_and_the_day_before_its_hours() {
        let day = When::Day("2026-11-25".parse().unwrap());
        // 23:30 of the day before, in the zone of the reader.
        let all = vec![
            ("visita", event(1, hours("2026-11-25T12:00:00Z"))),
            ("visita", event(2, hours("2026-11-25T02:30:00Z"))),
            ("tarefa", event(3, day)),
        ];
        let titles = |limit| {
            let (some, more) = earliest_first(all.clone(), ZONE, limit);
            (some.into_iter().map(|(_, event)| event.title).collect::<Vec<_>>(), more)
        };
        assert_eq!(titles(3), (vec!["2".to_owned(), "3".to_owned(), "1".to_owned()], false));
        assert_eq!(titles(2), (vec!["2".to_owned(), "3".to_owned()], true));
    }

    #[test]
    fn what_goes_on_until_midnight_touches_one_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let hours = |begin: &str, end: &str| When::Hours { begin: begin.parse().unwrap(), end: end.parse().unwrap() };
        let one = (day("2026-11-24"), day("2026-11-24"));
        assert_eq!(hours("2026-11-25T02:00:00Z", "2026-11-25T03:00:00Z").days(ZONE), one);
        assert_eq!(hours("2026-11-25T02:00:00Z", "2026-11-25T03:00:01Z").days(ZONE), (one.0, day("2026-11-25")));
        assert_eq!(hours("2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z").days(ZONE), one);
        let days = When::Days { first: day("2026-11-24"), last: day("2026-12-01") };
        assert_eq!(days.days(ZONE), (one.0, day("2026-12-01")));
        assert_eq!(days.begins(ZONE), When::Day(one.0).begins(ZONE));
    }

    #[test]
    fn days_are_the_readers_and_one_begins_late_where_the_clocks_leapt() {
        let asked = Asked {
            from: "2018-11-04".parse().unwrap(),
            until: "2018-11-05".parse().unwrap(),
            zone: ZONE,
            lang: Lang::PtBr,
            now: "2018-11-05T01:59:00Z".parse().unwrap(),
            pessoas: Vec::new(),
            situacoes: Vec::new(),
            limit: 10,
        };
        let (begin, end) = asked.instants();
        // Midnight did not come: the day began at one, and had 23 hours.
        assert_eq!((begin.to_rfc3339().as_str(), (end - begin).num_hours()), ("2018-11-04T03:00:00+00:00", 23));
        assert_eq!(asked.today(), asked.from);
    }
}
