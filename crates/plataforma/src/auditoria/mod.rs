//! The platform's own trail (P-12), newest first.

mod sql;

use askama::Template;
use axum::{
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use web::{
    Access, Page, Result, Route, filters,
    frame::Frame,
    list::{Direction, ListState, Pager, Sort},
};

use crate::ConsoleCtx;

#[derive(TypedPath, Deserialize)]
#[typed_path("/auditoria")]
pub(crate) struct AuditoriaPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(list, Access::SignedIn)]
}

pub(crate) struct Row {
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub ip: Option<String>,
    pub action: String,
    pub slug: Option<String>,
    pub detail: serde_json::Value,
}

impl Row {
    /// Whether the action's name says all there is.
    fn is_bare(&self) -> bool {
        self.detail.as_object().is_some_and(serde_json::Map::is_empty)
    }
}

/// What an action is called on screen; its code for one the catalogue does not know.
pub(crate) fn action<'a>(frame: &Frame, code: &'a str) -> &'a str {
    idioma::find(frame.lang, &format!("audit-{}", code.replace(['.', '_'], "-"))).unwrap_or(code)
}

#[derive(Template)]
#[template(path = "plataforma/auditoria.html")]
struct AuditoriaPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<Row>,
}

async fn list(_: AuditoriaPath, mut ctx: ConsoleCtx, RawQuery(query): RawQuery) -> Result<Response> {
    let list = ListState::read("/auditoria", &query.unwrap_or_default(), &["at"], Sort { key: "at", direction: Direction::Down });
    let (rows, total) = sql::list(&mut ctx.tx, list.search(), list.page).await?;
    let pager = Pager::new(list.page, total);
    Ok(Page(AuditoriaPage { frame: ctx.frame().titled("console-auditoria"), list, pager, rows }).into_response())
}
