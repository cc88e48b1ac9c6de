//! The calendar as programs read it: RFC 5545, hours in UTC, days as days.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Days, TimeDelta, Utc};
use icalendar::{Calendar, Component, EventLike};
use kernel::Fault;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use web::{
    Ctx, CtxInner, Error, Result,
    agenda::{Asked, Event, Layer, Wanted, When, layers, told},
};

use super::{Alcance, reader};

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/agenda/calendarios/{arquivo}", rejection(web::BadPath))]
pub(crate) struct AgendaCalendario {
    /// The secret, and `.ics` for programs that look at the name.
    pub arquivo: String,
}

/// A quarter back and a year ahead: what people look at on a telephone.
const PAST: Days = Days::new(92);
const AHEAD: Days = Days::new(366);
/// More is no calendar any more.
const LIMIT: i64 = 5000;
/// How often a program should ask again.
const TTL: TimeDelta = TimeDelta::minutes(30);

pub(crate) async fn show(path: AgendaCalendario, headers: HeaderMap, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let segredo = path.arquivo.strip_suffix(".ics").and_then(|text| text.parse().ok()).ok_or_else(Error::not_found)?;
    let (actor, alcance) = reader(&mut ctx.tx, &segredo).await?.ok_or_else(Error::not_found)?;
    if !actor.may(&crate::VER) {
        return Err(Error::not_found());
    }
    ctx.actor = actor;
    let text = text(ctx, alcance).await?;
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let tag = HeaderValue::try_from(tag).map_err(|error| Fault::new("a tag of a calendar", error))?;
    let common = [(header::ETAG, tag), (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    if unchanged {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let kind = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"agenda.ics\"")),
    ];
    Ok((common, kind, text).into_response())
}

/// What the reader would see on the page, as one file.
async fn text(ctx: &mut CtxInner, alcance: Alcance) -> Result<String> {
    let zone = ctx.fuso();
    let today = ctx.now.with_timezone(&zone).date_naive();
    let asked = Asked {
        from: today - PAST,
        until: today + AHEAD,
        zone,
        lang: ctx.lang,
        now: ctx.now,
        pessoas: if alcance == Alcance::Minha { ctx.actor.usuario().into_iter().collect() } else { Vec::new() },
        situacoes: Vec::new(),
        limit: LIMIT,
    };
    let wanted: Vec<_> = layers(&ctx.app.modules, &ctx.unidade, &ctx.actor).map(Wanted::usual).collect();
    let (events, _) = told(&mut ctx.tx, &ctx.actor, &wanted, &asked).await?;
    let links = ctx.app.config.links()?;
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", "-//SRI//Agenda//PT"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.name(&format!("{} · {}", idioma::t(ctx.lang, "agenda-title"), ctx.unidade.nome)).timezone(zone).ttl(&TTL);
    // What concerns nobody in particular, as feriados, stands on every calendar anyway.
    let anybodys = |(layer, event): &&(&Layer, Event)| event.responsavel_id.is_some() || layer.shift.is_some();
    for (layer, event) in events.iter().filter(anybodys) {
        let url = (!event.href.is_empty()).then(|| links.unidade(&ctx.unidade, &event.href).as_str().to_owned());
        let uid = links.uid(&ctx.unidade, layer.name, event.id);
        calendar.push(component(event, &uid, url.as_deref(), idioma::t(ctx.lang, layer.label)));
    }
    Ok(calendar.to_string())
}

/// One event. The version counts up from 1 with every change: its SEQUENCE from 0.
fn component(event: &Event, uid: &str, url: Option<&str>, kind: &str) -> icalendar::Event {
    let mut one = icalendar::Event::new();
    one.uid(uid).summary(&event.title);
    one.sequence(u32::try_from(event.version.saturating_sub(1)).unwrap_or_default());
    one.timestamp(event.updated_at.max(DateTime::<Utc>::UNIX_EPOCH)).last_modified(event.updated_at);
    let about: Vec<_> =
        [kind, &event.sub, &event.responsavel, url.unwrap_or_default()].into_iter().filter(|text| !text.is_empty()).collect();
    one.description(&about.join("\n"));
    if !event.local.is_empty() {
        one.location(&event.local);
    }
    if let Some(url) = url {
        one.url(url);
    }
    match event.when {
        When::Hours { begin, end } => one.starts(begin).ends(end),
        When::Day(day) => one.starts(day).ends(day + Days::new(1)).append_property(("TRANSP", "TRANSPARENT")),
        When::Days { first, last } => one.starts(first).ends(last + Days::new(1)).append_property(("TRANSP", "TRANSPARENT")),
    };
    one.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(event: &Event) -> String {
        let one = component(event, "visita-1@joinville.sri.example", Some("https://joinville.sri.example/visitas/1"), "Visita");
        let mut calendar = Calendar::new();
        calendar.push(one);
        calendar.to_string().replace("\r\n ", "")
    }

    #[test]
    fn an_event_is_told_by_the_letter_of_the_standard() {
        let now = "2026-11-23T17:00:00Z".parse().unwrap();
        let event = Event {
            title: "Aurora; Norte, Ltda".to_owned(),
            sub: "Diagnóstico\nda linha".to_owned(),
            local: "Rua A, 1".to_owned(),
            version: 3,
            ..crate::samples::event(2, false, now)
        };
        let text = written(&event);
        for line in [
            "UID:visita-1@joinville.sri.example\r\n",
            "SUMMARY:Aurora\\; Norte\\, Ltda\r\n",
            "DTSTART:20261123T180000Z\r\n",
            "DTEND:20261123T184500Z\r\n",
            "DTSTAMP:20261123T170000Z\r\n",
            "LAST-MODIFIED:20261123T170000Z\r\n",
            "SEQUENCE:2\r\n",
            "LOCATION:Rua A\\, 1\r\n",
            "URL:https://joinville.sri.example/visitas/1\r\n",
        ] {
            assert!(text.contains(line), "{line:?} in {text}");
        }
        assert!(text.contains("DESCRIPTION:Visita\\nDiagnóstico\\nda linha"), "{text}");
    }

    #[test]
    fn a_day_is_a_day_in_every_zone_and_takes_nobodys_time() {
        let event =
            Event { when: When::Day("2026-11-30".parse().unwrap()), ..crate::samples::event(0, false, DateTime::UNIX_EPOCH) };
        let text = written(&event);
        for line in ["DTSTART;VALUE=DATE:20261130\r\n", "DTEND;VALUE=DATE:20261201\r\n", "TRANSP:TRANSPARENT\r\n"] {
            assert!(text.contains(line), "{line:?} in {text}");
        }
    }
}
