//! `/configuracoes/auditoria`: who did what, when, from where (S0-2.17 to S0-2.21). Rows are written by every command of
//! every module and can only be read here.

mod sql;

use askama::Template;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::{ActorKind, Permission};
use serde::Deserialize;
use serde_json::Value;
use web::{
    Access, Ctx, Page, Route, filters,
    forms::Choice,
    frame::Frame,
    list::{ListState, Pager, Sort},
};

pub use sql::{Filtro, Linha, list, of_record};

use crate::configuracoes;

/// May read the trail of the whole unidade.
pub const VER: Permission = Permission::new("acesso.auditoria.ver");

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/auditoria")]
pub struct AuditoriaPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::Needs(VER))]
}

/// One changed field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// A row of the trail as a page prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub at: DateTime<Utc>,
    pub actor: String,
    /// In the words of the catalogue.
    pub action: String,
    pub ip: String,
    pub fields: Vec<Field>,
    pub user_agent: String,
    pub request_id: String,
}

impl Row {
    #[must_use]
    pub fn new(frame: &Frame, linha: Linha) -> Self {
        let nobody = || frame.t("audit-nobody").to_owned();
        Self {
            at: linha.at,
            actor: if linha.actor_nome.is_empty() { nobody() } else { linha.actor_nome },
            action: word(frame, &linha.action),
            ip: linha.ip.map_or_else(|| "—".to_owned(), |ip| ip.to_string()),
            fields: fields(linha.before.as_ref(), linha.after.as_ref()),
            user_agent: linha.user_agent.unwrap_or_default(),
            request_id: linha.request_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}

/// The catalogue's words for an action, or its code where a module has none.
#[must_use]
pub fn word(frame: &Frame, action: &str) -> String {
    of_family(frame, "audit-", action)
}

fn of_family(frame: &Frame, family: &str, code: &str) -> String {
    idioma::find(frame.lang, &format!("{family}{}", code.replace(['.', '_'], "-"))).map_or_else(|| code.to_owned(), str::to_owned)
}

/// Both sides of every field that either names, in the order in which they were written.
fn fields(before: Option<&Value>, after: Option<&Value>) -> Vec<Field> {
    let side = |value: Option<&Value>, name: &str| match value.and_then(|v| v.get(name)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let names = |value: Option<&Value>| {
        value.and_then(Value::as_object).map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut all = names(before);
    all.extend(names(after).into_iter().filter(|name| before.is_none_or(|b| b.get(name).is_none())));
    all.into_iter().map(|name| Field { before: side(before, &name), after: side(after, &name), name }).collect()
}

#[derive(Template)]
#[template(path = "acesso/auditoria.html")]
pub(crate) struct AuditoriaPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    total: String,
}

const KINDS: [ActorKind; 5] =
    [ActorKind::Usuario, ActorKind::Token, ActorKind::Sistema, ActorKind::Plataforma, ActorKind::Anonimo];

impl AuditoriaPage {
    fn new(frame: Frame, list: ListState, linhas: Vec<Linha>, total: i64) -> Self {
        let frame = configuracoes::below(frame).titled("auditoria-title");
        let kinds: Vec<Choice> =
            KINDS.iter().map(|kind| Choice::new(kind.code(), of_family(&frame, "actor-", kind.code()))).collect();
        Self {
            pager: Pager::new(list.page, total),
            rows: linhas.into_iter().map(|linha| Row::new(&frame, linha)).collect(),
            total: frame.t_n("list-total", total),
            kinds,
            list,
            frame,
        }
    }
}

/// Midnight of a day in the unidade's zone; where the clocks skip it, the first instant after.
fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(chrono::NaiveTime::MIN);
    zone.from_local_datetime(&local)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest())
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

async fn show(_: AuditoriaPath, mut ctx: Ctx) -> web::Result<Page<AuditoriaPage>> {
    let ctx = &mut *ctx;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query).to_owned();
    let list = ListState::read(AuditoriaPath::PATH, &query, &[], Sort::down("at"));
    let day = |name: &str| list.filter(name).and_then(|text| text.parse::<NaiveDate>().ok());
    let zone = ctx.fuso();
    let filtro = Filtro {
        busca: list.search(),
        kinds: list.all("quem").map(str::to_owned).collect(),
        from: day("de").map(|day| midnight(day, zone)),
        until: day("ate").and_then(|day| day.checked_add_days(Days::new(1))).map(|day| midnight(day, zone)),
    };
    let (linhas, total) = sql::list(&mut ctx.tx, &filtro, list.page).await?;
    Ok(Page(AuditoriaPage::new(ctx.frame(), list, linhas, total)))
}

#[cfg(test)]
impl AuditoriaPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        use serde_json::json;

        let clock = kernel::Clock::system();
        let linha = |action: &str, before: Option<Value>, after: Option<Value>| Linha {
            id: clock.uuid(),
            at: frame.now,
            actor_nome: if before.is_some() { "Marina <b>Costa</b>".into() } else { String::new() },
            ip: "203.0.113.7".parse().ok(),
            user_agent: Some("<script>alert(1)</script>".into()),
            request_id: Some(clock.uuid()),
            action: action.into(),
            entity: "usuario".into(),
            before,
            after,
        };
        let many = vec![
            linha("acesso.entrou", None, None),
            linha("usuario.alterado", Some(json!({ "nome": "A", "uf": null })), Some(json!({ "nome": "<b>senai", "x": [1, 2] }))),
            linha("modulo.que_ninguem_conhece", None, Some(json!("texto"))),
        ];
        let list = |query| ListState::read(AuditoriaPath::PATH, query, &[], Sort::down("at"));
        vec![
            Self::new(frame.clone(), list(""), many, 3),
            Self::new(frame.clone(), list("q=x&de=2026-11-01&ate=ontem&quem=token&quem=nada"), vec![], 0),
            Self::new(frame, list(""), vec![], 0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_day_begins_where_the_unidade_is() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(midnight(day, chrono_tz::America::Sao_Paulo).to_rfc3339(), "2026-11-22T03:00:00+00:00");
        // In 2018 the clocks went from midnight to one.
        let skipped = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        assert_eq!(midnight(skipped, chrono_tz::America::Sao_Paulo).to_rfc3339(), "2018-11-04T03:00:00+00:00");
    }

    #[test]
    fn every_changed_field_is_shown_once_with_both_sides() {
        let shown = fields(Some(&json!({ "a": "1", "b": null })), Some(&json!({ "a": "2", "c": true })));
        let shown: Vec<_> = shown.iter().map(|f| (f.name.as_str(), f.before.as_str(), f.after.as_str())).collect();
        assert_eq!(shown, [("a", "1", "2"), ("b", "", ""), ("c", "", "true")]);
        assert!(fields(None, None).is_empty());
    }
}
