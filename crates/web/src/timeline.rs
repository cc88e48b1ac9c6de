//! What happened to a record, whoever did it: each module tells what it knows of it ([`crate::Module::timeline`]), and the
//! moments of all are merged by time, newest first, a part at a time.

use std::{collections::BTreeSet, fmt::Write as _};

use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use kernel::{Actor, Cursor, Permission};
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{Result, ctx::Inner, frame::Frame};

/// What a module tells of one kind of record.
#[derive(Debug)]
pub struct Timeline {
    /// As in the audit trail: `empresa`.
    pub entity: &'static str,
    /// What it has to tell; the page offers each as a filter.
    pub kinds: &'static [Kind],
    pub tell: Tell,
}

/// A kind of moments.
#[derive(Debug)]
pub struct Kind {
    /// In the address; one kind may be told of by several modules.
    pub code: &'static str,
    /// Key of its name.
    pub label: &'static str,
    /// A name in `assets/icons.txt`.
    pub icon: &'static str,
    /// Without it nothing of this kind is told.
    pub permission: Permission,
}

/// Tells the newest moments of a record that its reader may see, at most [`Asked::limit`], newest first. The record itself is
/// the reader's: the page has looked.
pub type Tell =
    for<'a> fn(tx: &'a mut TenantTx, actor: &'a Actor, frame: &'a Frame, asked: &'a Asked) -> BoxFuture<'a, Result<Vec<Moment>>>;

/// What a [`Tell`] is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub record: Uuid,
    /// Codes of the kinds that are wanted and allowed.
    pub kinds: Vec<&'static str>,
    /// Only what is older.
    pub before: Option<Point>,
    pub limit: i64,
}

impl Asked {
    #[must_use]
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.contains(&kind)
    }
}

/// When, and which of those that happened at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Point {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

/// Something that happened, in the reader's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub point: Point,
    /// Code of its [`Kind`].
    pub kind: &'static str,
    pub title: String,
    pub who: String,
    /// Where it can be looked at.
    pub href: Option<String>,
    pub changed: Vec<Changed>,
}

/// A field before and after; an empty side is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// What the address asks for: `?tipo=contato&tipo=documento&antes=…`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TimelineQuery {
    pub tipo: Vec<String>,
    pub antes: Option<String>,
}

/// Moments of one part.
pub const PART: usize = 30;

/// A part of a timeline as `pecas/timeline.html` prints it.
#[derive(Debug, Clone)]
pub struct Told {
    pub days: Vec<Day>,
    pub filters: Vec<Filter>,
    /// Address of the part before this one in time.
    pub more: Option<String>,
    /// Address of the newest part, when this is another.
    pub newest: Option<String>,
}

/// A day in the unidade's zone with its moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// ISO; the script joins a day that two parts share.
    pub key: String,
    pub heading: String,
    pub items: Vec<Item>,
}

/// A moment as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub icon: &'static str,
    /// For readers that do not see the icon.
    pub kind: &'static str,
    pub title: String,
    pub href: Option<String>,
    pub who: String,
    pub time: String,
    pub changed: Vec<Changed>,
}

/// A kind as something to choose; `href` switches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub label: &'static str,
    pub icon: &'static str,
    pub href: String,
    pub on: bool,
}

/// The part of a record's timeline that the address asks for.
///
/// # Errors
/// Those of the modules.
pub async fn told(ctx: &mut Inner, frame: &Frame, entity: &str, record: Uuid, query: &TimelineQuery) -> Result<Told> {
    let before = query.antes.as_deref().and_then(|text| Cursor::<Point>::decode(text).ok()).map(|cursor| cursor.0);
    let kinds = kinds(ctx, entity);
    let chosen: Vec<&'static str> =
        kinds.iter().map(|kind| kind.code).filter(|code| query.tipo.iter().any(|wanted| wanted == code)).collect();
    let (moments, more) = merged(ctx, frame, entity, record, &kinds, &chosen, before, PART).await?;
    let path = frame.path.split(['?', '#']).next().unwrap_or_default();
    let older = moments.last().filter(|_| more).map(|last| address(path, &chosen, Some(Cursor(last.point))));
    Ok(Told {
        days: days(frame, &kinds, moments),
        filters: filters(frame, path, &kinds, &chosen),
        more: older,
        newest: before.map(|_| address(path, &chosen, None)),
    })
}

/// The newest few moments, for a page that shows other things too.
///
/// # Errors
/// Those of the modules.
pub async fn newest(ctx: &mut Inner, frame: &Frame, entity: &str, record: Uuid, limit: usize) -> Result<Vec<Day>> {
    let kinds = kinds(ctx, entity);
    let (moments, _) = merged(ctx, frame, entity, record, &kinds, &[], None, limit).await?;
    Ok(days(frame, &kinds, moments))
}

/// Kinds that the actor may be told of, each once.
fn kinds(ctx: &Inner, entity: &str) -> Vec<&'static Kind> {
    let declared = ctx.app.modules.iter().filter(|module| module.core || ctx.unidade.has_module(module.name));
    let told = declared.flat_map(|module| module.timeline).filter(|timeline| timeline.entity == entity);
    let mut seen = BTreeSet::new();
    told.flat_map(|timeline| timeline.kinds).filter(|kind| ctx.actor.may(&kind.permission) && seen.insert(kind.code)).collect()
}

#[expect(clippy::too_many_arguments, reason = "what is asked of every module alike")]
async fn merged(
    ctx: &mut Inner,
    frame: &Frame,
    entity: &str,
    record: Uuid,
    kinds: &[&'static Kind],
    chosen: &[&'static str],
    before: Option<Point>,
    limit: usize,
) -> Result<(Vec<Moment>, bool)> {
    let app = ctx.app.clone();
    let unidade = ctx.unidade.clone();
    let mut moments = Vec::new();
    for module in app.modules.iter().filter(|module| module.core || unidade.has_module(module.name)) {
        for timeline in module.timeline.iter().filter(|timeline| timeline.entity == entity) {
            let wanted =
                |code: &&str| kinds.iter().any(|kind| kind.code == *code) && (chosen.is_empty() || chosen.contains(code));
            let kinds: Vec<&'static str> = timeline.kinds.iter().map(|kind| kind.code).filter(wanted).collect();
            if kinds.is_empty() {
                continue;
            }
            // One more than is shown tells whether there is more.
            let asked = Asked { record, kinds, before, limit: i64::try_from(limit + 1).unwrap_or(i64::MAX) };
            moments.extend((timeline.tell)(&mut ctx.tx, &ctx.actor, frame, &asked).await?);
        }
    }
    Ok(newest_first(moments, limit))
}

fn newest_first(mut moments: Vec<Moment>, limit: usize) -> (Vec<Moment>, bool) {
    moments.sort_by_key(|moment| std::cmp::Reverse(moment.point));
    let more = moments.len() > limit;
    moments.truncate(limit);
    (moments, more)
}

fn days(frame: &Frame, kinds: &[&'static Kind], moments: Vec<Moment>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for moment in moments {
        let day = moment.point.at.with_timezone(&frame.zone).date_naive();
        let key = day.to_string();
        let kind = kinds.iter().find(|kind| kind.code == moment.kind);
        let item = Item {
            icon: kind.map_or("clock-history", |kind| kind.icon),
            kind: kind.map_or("", |kind| frame.t(kind.label)),
            title: moment.title,
            href: moment.href,
            who: moment.who,
            time: idioma::time_of_day(frame.zone, moment.point.at),
            changed: moment.changed,
        };
        match days.last_mut() {
            Some(last) if last.key == key => last.items.push(item),
            _ => days.push(Day { key, heading: heading(frame, day), items: vec![item] }),
        }
    }
    days
}

/// "Hoje", "Ontem", or the day.
fn heading(frame: &Frame, day: NaiveDate) -> String {
    let today = frame.now.with_timezone(&frame.zone).date_naive();
    let long = idioma::date_long(frame.lang, day);
    match (today - day).num_days() {
        0 => format!("{} · {long}", frame.t("timeline-today")),
        1 => format!("{} · {long}", frame.t("timeline-yesterday")),
        _ => long,
    }
}

fn filters(frame: &Frame, path: &str, kinds: &[&'static Kind], chosen: &[&'static str]) -> Vec<Filter> {
    let switched = |kind: &Kind| {
        let mut codes: Vec<&'static str> = chosen.iter().copied().filter(|code| *code != kind.code).collect();
        if codes.len() == chosen.len() {
            codes.push(kind.code);
        }
        address(path, &codes, None)
    };
    let everything =
        Filter { label: frame.t("timeline-all"), icon: "clock-history", href: address(path, &[], None), on: chosen.is_empty() };
    let each = kinds.iter().map(|kind| Filter {
        label: frame.t(kind.label),
        icon: kind.icon,
        href: switched(kind),
        on: chosen.contains(&kind.code),
    });
    std::iter::once(everything).chain(each).collect()
}

fn address(path: &str, kinds: &[&str], before: Option<Cursor<Point>>) -> String {
    let mut address = path.to_owned();
    let before = before.map(|cursor| ("antes", cursor.encode()));
    let pairs = kinds.iter().map(|code| ("tipo", (*code).to_owned())).chain(before);
    for (i, (name, value)) in pairs.enumerate() {
        // Codes and cursors are plain letters and digits.
        let _ = write!(address, "{}{name}={value}", if i == 0 { '?' } else { '&' });
    }
    address
}

impl Told {
    /// For samples of pages: two days, a change of two fields, and more to come.
    #[must_use]
    pub fn sample(frame: &Frame) -> Self {
        static KIND: Kind =
            Kind { code: "cadastro", label: "timeline-all", icon: "pencil", permission: Permission::new("pecas.peca.ver") };
        let moment = |hours: i64, changed: usize| Moment {
            point: Point {
                at: frame.now - chrono::TimeDelta::hours(hours),
                id: Uuid::from_u128(u128::from(hours.unsigned_abs())),
            },
            kind: "cadastro",
            title: "Cadastro alterado <b>Aurora</b>".to_owned(),
            who: "Marina <Costa>".to_owned(),
            href: (changed == 0).then(|| "/empresas".to_owned()),
            changed: (0..changed)
                .map(|n| Changed {
                    label: "Telefone".to_owned(),
                    before: if n == 0 { String::new() } else { "(47) 3433-0000".to_owned() },
                    after: if n == 1 { String::new() } else { "(47) 99999-0001".to_owned() },
                })
                .collect(),
        };
        let kinds = [&KIND];
        Self {
            days: days(frame, &kinds, vec![moment(0, 2), moment(1, 0), moment(60, 3)]),
            filters: filters(frame, "/_pecas", &kinds, &["cadastro"]),
            more: Some("/_pecas?antes=7b".to_owned()),
            newest: None,
        }
    }

    /// Nothing happened, or nothing of what is asked for.
    #[must_use]
    pub fn nothing(frame: &Frame) -> Self {
        Self { days: Vec::new(), filters: filters(frame, "/_pecas", &[], &[]), more: None, newest: Some("/_pecas".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(at: &str, id: u128) -> Moment {
        let point = Point { at: at.parse().unwrap(), id: Uuid::from_u128(id) };
        Moment { point, kind: "cadastro", title: id.to_string(), who: String::new(), href: None, changed: Vec::new() }
    }

    #[test]
    fn moments_of_all_modules_come_newest_first_and_none_twice() {
        let all = vec![
            moment("2026-11-22T12:00:00Z", 1),
            moment("2026-11-22T13:00:00Z", 2),
            moment("2026-11-22T12:00:00Z", 3),
            moment("2026-11-20T12:00:00Z", 4),
        ];
        let (part, more) = newest_first(all.clone(), 2);
        assert_eq!(part.iter().map(|moment| moment.title.as_str()).collect::<Vec<_>>(), ["2", "3"]);
        assert!(more);
        // The cursor is the last one shown: what is older than it is the rest, in the same instant too.
        let rest: Vec<Moment> = all.into_iter().filter(|moment| moment.point < part[1].point).collect();
        let (rest, more) = newest_first(rest, 2);
        assert_eq!(rest.iter().map(|moment| moment.title.as_str()).collect::<Vec<_>>(), ["1", "4"]);
        assert!(!more);
    }

    #[test]
    fn days_are_those_of_the_unidade() {
        let frame = Frame::sample();
        let told = days(&frame, &[], vec![moment("2026-11-22T02:30:00Z", 1), moment("2026-11-22T02:00:00Z", 2)]);
        assert_eq!(told.len(), 1);
        let local = "2026-11-22T02:00:00Z".parse::<DateTime<Utc>>().unwrap().with_timezone(&frame.zone).date_naive();
        assert_eq!(told[0].key, local.to_string());
        assert_eq!(told[0].items.len(), 2);
    }

    #[test]
    fn a_kind_is_switched_on_and_off_by_its_link() {
        static ONE: Kind = Kind { code: "um", label: "timeline-all", icon: "pencil", permission: Permission::new("a.b.c") };
        static TWO: Kind = Kind { code: "dois", label: "timeline-all", icon: "pencil", permission: Permission::new("a.b.c") };
        let offered = filters(&Frame::sample(), "/x", &[&ONE, &TWO], &["um"]);
        let told: Vec<_> = offered.iter().map(|filter| (filter.href.as_str(), filter.on)).collect();
        assert_eq!(told, [("/x", false), ("/x", true), ("/x?tipo=um&tipo=dois", false)]);
    }
}
