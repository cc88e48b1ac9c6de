//! `/agenda`: what the modules know of some days, as one page of days; the script draws the month and the week from it.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Ctx, CtxInner, Error, Page, Result,
    agenda::{Asked, Event, Layer, Wanted, When, layers, told},
    filters,
    forms::Choice,
    frame::Frame,
    list::{Chip, ListState, Sort},
    redirect,
};

use crate::{
    mover::AgendaMover,
    periodo::{Periodo, Vista},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/agenda")]
pub struct Agenda;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/agenda/{vista}/{data}", rejection(web::BadPath))]
pub struct AgendaVista {
    pub vista: Vista,
    pub data: NaiveDate,
}

/// More than anybody reads in a month; past it the page says so.
const LIMIT: i64 = 2000;
const CAMADA: &str = "camada";
const SITUACAO: &str = "situacao";
const RESPONSAVEL: &str = "responsavel";

/// The month that is, with the filters of an old bookmark.
pub(crate) async fn open(_: Agenda, ctx: Ctx) -> Response {
    let today = ctx.now.with_timezone(&ctx.fuso()).date_naive();
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    let list = ListState::read(Agenda::PATH, query, &[], Sort::up("inicio"));
    redirect(&list.link_at(&AgendaVista { vista: Vista::Mes, data: today }.to_string()), None)
}

pub(crate) async fn show(path: AgendaVista, mut ctx: Ctx) -> Result<Page<AgendaPage>> {
    let ctx = &mut *ctx;
    let periodo = Periodo::new(path.vista, path.data).ok_or_else(Error::not_found)?;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    let list = ListState::read(path.to_string(), query, &[], Sort::up("inicio"));
    let offered: Vec<&Layer> = layers(&ctx.app.modules, &ctx.unidade, &ctx.actor).collect();
    let (events, more) = narrowed(ctx, periodo, &list, &offered).await?;
    let mut choices = Choices::new(&ctx.frame(), &offered);
    let pessoas = acesso::usuario::ativas(&mut ctx.tx).await?;
    choices.responsaveis = pessoas.into_iter().map(|(id, nome)| Choice::new(id.to_string(), nome)).collect();
    let plan = offered.iter().find_map(|layer| layer.plan.as_ref().filter(|(_, needs)| ctx.actor.may(needs)));
    let page = AgendaPage::new(ctx.frame(), periodo, list, choices, &events);
    Ok(Page(AgendaPage {
        more,
        plan: plan.map_or("", |(path, _)| path),
        eu: ctx.actor.usuario().map(|id| id.to_string()).unwrap_or_default(),
        ..page
    }))
}

/// The events of the days that are shown and pass the filters of the address. Values that mean nothing narrow nothing.
async fn narrowed(
    ctx: &mut CtxInner,
    periodo: Periodo,
    list: &ListState,
    offered: &[&'static Layer],
) -> Result<(Vec<(&'static Layer, Event)>, bool)> {
    let (from, until) = periodo.days();
    let asked = Asked {
        from,
        until,
        zone: ctx.fuso(),
        lang: ctx.lang,
        now: ctx.now,
        pessoas: list.all(RESPONSAVEL).filter_map(|id| id.parse().ok()).take(100).collect(),
        situacoes: Vec::new(),
        limit: LIMIT,
    };
    let (mut events, more) = told(&mut ctx.tx, &ctx.actor, &wanted(offered, list), &asked).await?;
    let words = kernel::fold(list.search());
    if !words.trim().is_empty() {
        events.retain(|(_, event)| {
            let text = kernel::fold(&format!("{} {} {} {}", event.title, event.sub, event.local, event.responsavel));
            words.split_whitespace().all(|word| text.contains(word))
        });
    }
    Ok((events, more))
}

/// Which layers the filters leave, and what of them: as they usually are, unless situações were chosen.
fn wanted(offered: &[&'static Layer], list: &ListState) -> Vec<Wanted> {
    let some = offered.iter().any(|layer| list.has(CAMADA, layer.name));
    let named = |layer: &&&'static Layer| !some || list.has(CAMADA, layer.name);
    let chosen = |layer: &'static Layer| {
        let codes = layer.situacoes.iter().map(|one| one.code);
        codes.filter(|code| list.has(SITUACAO, &format!("{}.{code}", layer.name))).collect::<Vec<_>>()
    };
    let any = offered.iter().any(|layer| !chosen(layer).is_empty());
    let each = |layer: &&'static Layer| {
        if !any {
            return Some(Wanted::usual(layer));
        }
        let situacoes = chosen(layer);
        (!situacoes.is_empty()).then_some(Wanted { layer, situacoes })
    };
    offered.iter().filter(named).filter_map(each).collect()
}

/// Events at which somebody would have to be in two places.
fn clashes(events: &[(&'static Layer, Event)], zone: Tz) -> HashSet<Uuid> {
    let busy = |event: &&(&'static Layer, Event)| event.1.busy;
    let mut all: Vec<_> = events
        .iter()
        .filter(busy)
        .filter_map(|(_, event)| Some((event.responsavel_id?, event.when.span(zone), event.id)))
        .collect();
    all.sort_unstable();
    let mut found = HashSet::new();
    // Of each person, the one of those before that goes on the longest.
    let mut last: Option<(Uuid, DateTime<Utc>, Uuid)> = None;
    for (pessoa, (begin, end), id) in all {
        match &mut last {
            Some((same, until, other)) if *same == pessoa => {
                if begin < *until {
                    found.extend([id, *other]);
                }
                if end > *until {
                    (*until, *other) = (end, id);
                }
            }
            _ => last = Some((pessoa, end, id)),
        }
    }
    found
}

/// What the filters offer.
#[derive(Debug, Clone, Default)]
struct Choices {
    camadas: Vec<Choice>,
    situacoes: Vec<Choice>,
    responsaveis: Vec<Choice>,
}

impl Choices {
    fn new(frame: &Frame, offered: &[&Layer]) -> Self {
        let situacao = |layer: &&Layer| {
            let label = frame.t(layer.label);
            let each = |one: &web::agenda::Standing| {
                Choice::new(format!("{}.{}", layer.name, one.code), format!("{label}: {}", frame.t(one.label)))
            };
            // Where there is but one, there is nothing to choose.
            layer.situacoes.iter().filter(|_| layer.situacoes.len() > 1).map(each).collect::<Vec<_>>()
        };
        Self {
            camadas: offered.iter().map(|layer| Choice::new(layer.name, frame.t(layer.label))).collect(),
            situacoes: offered.iter().flat_map(situacao).collect(),
            responsaveis: Vec::new(),
        }
    }
}

/// An event as printed.
#[derive(Debug)]
struct Item {
    /// Layer and id, as they stand in the address.
    chave: String,
    icon: &'static str,
    camada: &'static str,
    title: String,
    sub: String,
    local: String,
    /// `14:00–15:30`; empty for what has a day alone.
    hora: String,
    href: String,
    tone: &'static str,
    situacao: &'static str,
    responsavel: String,
    /// Where it is moved to another time by whoever may.
    mover: Option<String>,
    version: i32,
    /// As a clock on the reader's wall shows them; days alone where it has no hours, the last one not included.
    begin: String,
    end: String,
    late: bool,
    clash: bool,
}

impl Item {
    fn new(frame: &Frame, layer: &Layer, event: &Event, clash: bool) -> Self {
        let zone = frame.zone;
        let standing = layer.situacoes.iter().find(|one| one.code == event.situacao);
        let wall = |at: DateTime<Utc>| {
            let at = at.with_timezone(&zone).naive_local();
            format!("{}T{}", at.date(), at.time())
        };
        let (first, last) = event.when.days(zone);
        let (hora, begin, end) = match event.when {
            When::Hours { begin, end } => {
                let hora = format!("{}–{}", idioma::time_of_day(zone, begin), idioma::time_of_day(zone, end));
                (hora, wall(begin), wall(end))
            }
            When::Day(_) | When::Days { .. } => (String::new(), first.to_string(), (last + Days::new(1)).to_string()),
        };
        Self {
            chave: format!("{}/{}", layer.name, event.id),
            icon: layer.icon,
            camada: frame.t(layer.label),
            title: event.title.clone(),
            sub: event.sub.clone(),
            local: event.local.clone(),
            hora,
            href: event.href.clone(),
            tone: if event.late { "danger" } else { standing.map_or("quiet", |one| one.tone) },
            situacao: standing.map_or("", |one| frame.t(one.label)),
            responsavel: event.responsavel.clone(),
            mover: event.movable.then(|| AgendaMover { camada: layer.name.to_owned(), id: event.id }.to_string()),
            version: event.version,
            begin,
            end,
            late: event.late,
            clash,
        }
    }
}

/// A day, and what stands in it.
#[derive(Debug)]
struct Dia {
    data: String,
    name: String,
    today: bool,
    items: Vec<Arc<Item>>,
}

/// Another way to see the same days.
#[derive(Debug)]
struct Way {
    label: &'static str,
    href: String,
    active: bool,
}

#[derive(Template)]
#[template(path = "agenda/agenda.html")]
pub struct AgendaPage {
    frame: Frame,
    list: ListState,
    choices: Choices,
    chips: Vec<Chip>,
    title: String,
    vista: Vista,
    data: NaiveDate,
    /// As the clock on the reader's wall shows it.
    now: String,
    before: Option<String>,
    next: Option<String>,
    back: String,
    ways: Vec<Way>,
    dias: Vec<Dia>,
    total: usize,
    /// There is more than is shown.
    more: bool,
    /// Where one more is planned; empty for whoever may not.
    plan: &'static str,
    /// The reader, for the filter that leaves what is theirs; empty for nobody in particular.
    eu: String,
}

impl AgendaPage {
    fn new(frame: Frame, periodo: Periodo, list: ListState, choices: Choices, events: &[(&'static Layer, Event)]) -> Self {
        let frame = frame.titled("agenda-title");
        let now = frame.now.with_timezone(&frame.zone);
        let today = now.date_naive();
        let at = |periodo: Periodo| list.link_at(&AgendaVista { vista: periodo.vista, data: periodo.dia() }.to_string());
        let way = |vista: Vista| Way {
            label: frame.t(vista.label()),
            href: Periodo::new(vista, periodo.dia()).map_or_else(String::new, at),
            active: vista == periodo.vista,
        };
        Self {
            chips: chips(&frame, &list, &choices),
            title: periodo.title(frame.lang),
            vista: periodo.vista,
            data: periodo.dia(),
            now: now.format("%Y-%m-%dT%H:%M:%S").to_string(),
            before: periodo.before().map(at),
            next: periodo.next().map(at),
            back: Periodo::new(periodo.vista, today).map_or_else(String::new, at),
            ways: Vista::ALL.map(way).into(),
            dias: dias(&frame, periodo, today, events),
            total: events.len(),
            more: false,
            plan: "",
            eu: String::new(),
            choices,
            list,
            frame,
        }
    }

    /// For the test that renders every page: nothing, a month, a week that is too full, the longest words.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let page = |vista: Vista, n: usize, long: bool, query: &str| {
            let periodo = Periodo::new(vista, today)?;
            let events: Vec<_> = (0..n).map(|i| (&crate::samples::LAYER, crate::samples::event(i, long, frame.now))).collect();
            let list = ListState::read(AgendaVista { vista, data: today }.to_string(), query, &[], Sort::up("inicio"));
            let choices = Choices {
                responsaveis: vec![Choice::new(Uuid::nil().to_string(), "Marina <b>Aurora</b>")],
                ..Choices::new(frame, &[&crate::samples::LAYER])
            };
            let page = Self::new(frame.clone(), periodo, list, choices, &events);
            Some(Self { more: n > 50, plan: "/visitas/nova", eu: Uuid::nil().to_string(), ..page })
        };
        [
            ("empty", page(Vista::Mes, 0, false, "")),
            ("nothing found", page(Vista::Semana, 0, false, "q=xyz&camada=visita")),
            ("month", page(Vista::Mes, 40, false, "")),
            ("full week", page(Vista::Semana, 60, false, "situacao=visita.planejada")),
            ("longest", page(Vista::Lista, 3, true, "")),
        ]
        .into_iter()
        .filter_map(|(name, page)| Some((name, page?)))
        .collect()
    }
}

/// The filters in force that are not seen on their menus: none but the search.
fn chips(frame: &Frame, list: &ListState, choices: &Choices) -> Vec<Chip> {
    let known = |id: &str| choices.responsaveis.iter().any(|choice| choice.value == id);
    // Somebody who is not active any more stands on no menu.
    let gone = list.all(RESPONSAVEL).any(|id| !known(id));
    gone.then(|| list.chip(RESPONSAVEL, frame.t("agenda-responsavel"), |_| frame.t("agenda-outra-pessoa").to_owned()))
        .flatten()
        .into_iter()
        .collect()
}

/// The days that have something, and today.
fn dias(frame: &Frame, periodo: Periodo, today: NaiveDate, events: &[(&'static Layer, Event)]) -> Vec<Dia> {
    let (from, until) = periodo.days();
    let clashing = clashes(events, frame.zone);
    let mut printed: BTreeMap<NaiveDate, Vec<Arc<Item>>> = BTreeMap::from([(today, Vec::new())]);
    for (layer, event) in events {
        let item = Arc::new(Item::new(frame, layer, event, clashing.contains(&event.id)));
        let (first, last) = event.when.days(frame.zone);
        for day in first.max(from).iter_days().take_while(|day| *day <= last && *day < until) {
            printed.entry(day).or_default().push(Arc::clone(&item));
        }
    }
    let day = |(day, items): (NaiveDate, Vec<Arc<Item>>)| Dia {
        data: day.to_string(),
        name: format!("{}, {}", idioma::weekday(frame.lang, day), idioma::date_long(frame.lang, day)),
        today: day == today,
        items,
    };
    printed.into_iter().filter(|(day, _)| (from..until).contains(day)).map(day).collect()
}
