//! What templates write after `|`. In scope of a page struct by `use web::filters;`.
//!
//! Dates, numbers and plurals follow the language and the zone of the page: they take the frame (`at|datetime(frame)`). Money,
//! CNPJ, CPF, CEP and telephone numbers are written the one Brazilian way in both languages and are the types' own `Display`.

use std::{collections::HashSet, fmt, sync::LazyLock};

use askama::{
    Result, Values,
    filters::{MaybeSafe, Safe},
};
use chrono::{DateTime, NaiveDate, Utc};

use crate::frame::{Count, Frame};

/// An icon of the sprite; decoration, hidden from screen readers: the words stand beside it or in the button's label.
#[derive(Debug, Clone, Copy)]
pub struct Icon<'a>(pub &'a str);

impl fmt::Display for Icon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name that is not in the sprite would be an empty square; any test that renders the page finds it.
        debug_assert!(ICONS.contains(self.0), "assets/icons.txt has no {:?}", self.0);
        write!(f, "<svg class=\"bi\" aria-hidden=\"true\"><use href=\"{}#{}\"/></svg>", assets::url("icons.svg"), self.0)
    }
}

static ICONS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let sprite = assets::get(assets::url("icons.svg").trim_start_matches("/assets/"));
    let text = sprite.and_then(|sprite| std::str::from_utf8(sprite.bytes).ok()).unwrap_or_default();
    text.split("<symbol id=\"").skip(1).filter_map(|symbol| symbol.split('"').next()).collect()
});

/// `{{ "plus-lg"|icon }}`
#[askama::filter_fn]
pub fn icon(name: impl AsRef<str>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(Icon(name.as_ref()).to_string()))
}

/// `{{ "app.css"|asset }}`: the path of a built file.
#[askama::filter_fn]
pub fn asset(name: impl AsRef<str>, _: &dyn Values) -> Result<&'static str> {
    Ok(assets::url(name.as_ref()))
}

/// `{{ visita.data_limite|date(frame) }}`: `22/11/2026`
#[askama::filter_fn]
pub fn date(day: &NaiveDate, _: &dyn Values, frame: &Frame) -> Result<String> {
    Ok(frame.date(*day))
}

/// `{{ visita.inicio_at|datetime(frame) }}`: `22/11/2026 14:05` in the unidade's zone.
#[askama::filter_fn]
pub fn datetime(at: &DateTime<Utc>, _: &dyn Values, frame: &Frame) -> Result<String> {
    Ok(frame.datetime(*at))
}

/// `{{ empresa.contato_at|relative(frame) }}`: a `<time>` that reads "há 3 dias" and carries the instant.
#[askama::filter_fn]
pub fn relative(at: &DateTime<Utc>, _: &dyn Values, frame: &Frame) -> Result<Safe<String>> {
    let machine = at.format("%Y-%m-%dT%H:%M:%SZ");
    Ok(Safe(format!("<time datetime=\"{machine}\" title=\"{}\">{}</time>", frame.datetime(*at), frame.relative(*at))))
}

/// `{{ total|number(frame) }}`: `10.248`
#[askama::filter_fn]
pub fn number(n: impl Count, _: &dyn Values, frame: &Frame) -> Result<String> {
    Ok(frame.number(n))
}

/// An optional value, or a dash: a mark for the eye, which a card on a phone leaves out.
#[askama::filter_fn]
pub fn or_dash<T: fmt::Display>(value: &Option<T>, _: &dyn Values) -> Result<MaybeSafe<String>> {
    Ok(match value {
        Some(value) => MaybeSafe::NeedsEscaping(value.to_string()),
        None => MaybeSafe::Safe(DASH.to_owned()),
    })
}

const DASH: &str = "<span class=\"dash\">—</span>";
