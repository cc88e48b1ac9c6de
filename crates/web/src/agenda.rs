//! What stands in the calendar: each module publishes layers of what has a day or hours ([`crate::Module::calendar`]), and what
//! all of them know of some days is merged by time. A layer knows the reach of its reader, and moves by its module's own command:
//! rules, notices, trail and conflicts are that command's.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use kernel::{Actor, Permission};
use tenancy::{TenantTx, Unidade};
use uuid::Uuid;

use crate::{Module, Result};

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
}

/// How an event of a layer can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub code: &'static str,
    /// Key of its name.
    pub label: &'static str,
    pub tone: &'static str,
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
    pub now: DateTime<Utc>,
    /// Those who are to be there or to do it. What is empty does not narrow.
    pub pessoas: Vec<Uuid>,
    /// Codes of [`Layer::situacoes`].
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
    Hours { begin: DateTime<Utc>, end: DateTime<Utc> },
    Day(NaiveDate),
}

impl When {
    /// Where it stands among others: what has a day alone comes before the hours of that day.
    #[must_use]
    pub fn begins(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Hours { begin, .. } => begin,
            Self::Day(day) => idioma::day_begins(zone, day),
        }
    }
}

/// Something that stands in the calendar, in the words of who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: Uuid,
    pub title: String,
    /// Where, or for whom.
    pub sub: String,
    pub when: When,
    /// Where it can be looked at.
    pub href: String,
    pub responsavel_id: Option<Uuid>,
    pub responsavel: String,
    /// Code of one of [`Layer::situacoes`].
    pub situacao: &'static str,
    /// Whether this reader may put it to another time.
    pub movable: bool,
    pub version: i32,
}

/// An event, where it is to be, and as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub id: Uuid,
    pub version: i32,
    pub when: When,
}

/// More days than a month's page shows.
pub const LONGEST: u64 = 45;

/// The layers that somebody may see in a unidade, in the order of the modules.
pub fn layers<'a>(modules: &'a [Module], unidade: &'a Unidade, actor: &'a Actor) -> impl Iterator<Item = &'static Layer> + 'a {
    let declared = modules.iter().filter(|module| module.core || unidade.has_module(module.name));
    declared.flat_map(|module| module.calendar).filter(|layer| actor.may(&layer.permission))
}

/// What stands in some layers, by time, and whether there is more than was asked for. Days beyond [`LONGEST`] are not told.
///
/// # Errors
/// Those of the layers.
pub async fn told(
    tx: &mut TenantTx,
    actor: &Actor,
    layers: impl IntoIterator<Item = &'static Layer>,
    asked: &Asked,
) -> Result<(Vec<(&'static Layer, Event)>, bool)> {
    let last = asked.from.checked_add_days(Days::new(LONGEST)).unwrap_or(NaiveDate::MAX);
    // One more than is shown tells whether there is more.
    let each = Asked { until: asked.until.min(last), limit: asked.limit.saturating_add(1), ..asked.clone() };
    let mut all = Vec::new();
    for layer in layers {
        // Codes are the layer's own: where others alone were chosen, it is not narrowed away but asked for nothing.
        let situacoes: Vec<_> =
            layer.situacoes.iter().map(|one| one.code).filter(|code| asked.situacoes.contains(code)).collect();
        if !actor.may(&layer.permission) || (situacoes.is_empty() && !asked.situacoes.is_empty()) {
            continue;
        }
        let events = (layer.events)(tx, actor, &Asked { situacoes, ..each.clone() }).await?;
        all.extend(events.into_iter().map(|event| (layer, event)));
    }
    Ok(earliest_first(all, asked.zone, usize::try_from(asked.limit).unwrap_or(usize::MAX)))
}

fn earliest_first<L>(mut all: Vec<(L, Event)>, zone: Tz, limit: usize) -> (Vec<(L, Event)>, bool) {
    all.sort_by_key(|(_, event)| (event.when.begins(zone), event.id));
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
            when,
            href: "/".to_owned(),
            responsavel_id: None,
            responsavel: String::new(),
            situacao: "aberta",
            movable: false,
            version: 1,
        }
    }

    fn hours(begin: &str) -> When {
        let begin = begin.parse().unwrap();
        When::Hours { begin, end: begin + chrono::TimeDelta::hours(1) }
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
    fn days_are_the_readers_and_one_begins_late_where_the_clocks_leapt() {
        let asked = Asked {
            from: "2018-11-04".parse().unwrap(),
            until: "2018-11-05".parse().unwrap(),
            zone: ZONE,
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
