//! The platform's own trail (P-12), newest first.

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
    let like = format!("%{}%", list.search().replace(['\\', '%', '_'], ""));
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT a.at, a.actor_nome, host(a.ip) AS ip, a.action, u.slug AS "slug?", a.detail
           FROM platform.auditoria a LEFT JOIN platform.unidade u ON u.id = a.unidade_id
           WHERE a.action ILIKE $1 OR a.actor_nome ILIKE $1 OR u.slug ILIKE $1
           ORDER BY a.at DESC, a.id DESC LIMIT $2 OFFSET $3"#,
        like,
        list.page.limit(),
        list.page.offset(),
    )
    .fetch_all(ctx.tx.db())
    .await?;
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM platform.auditoria a LEFT JOIN platform.unidade u ON u.id = a.unidade_id
           WHERE a.action ILIKE $1 OR a.actor_nome ILIKE $1 OR u.slug ILIKE $1"#,
        like,
    )
    .fetch_one(ctx.tx.db())
    .await?;
    let pager = Pager::new(list.page, total);
    Ok(Page(AuditoriaPage { frame: ctx.frame().titled("console-auditoria"), list, pager, rows }).into_response())
}
