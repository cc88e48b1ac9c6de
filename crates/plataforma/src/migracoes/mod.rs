//! State of the migrations of every unidade (P-9).

mod sql;

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use tenancy::Migrations;
use web::{Access, Page, Result, Route, filters, frame::Frame};

use crate::ConsoleCtx;

#[derive(TypedPath, Deserialize)]
#[typed_path("/migracoes")]
pub(crate) struct MigracoesPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::SignedIn)]
}

pub(crate) struct Row {
    pub slug: String,
    pub nome: String,
    pub placement: String,
    pub schema_version: i64,
    pub migration_error: Option<String>,
}

#[derive(Template)]
#[template(path = "plataforma/migracoes.html")]
struct MigracoesPage {
    frame: Frame,
    newest: i64,
    /// Those that are behind or failed, first.
    rows: Vec<Row>,
    current: usize,
}

async fn show(_: MigracoesPath, mut ctx: ConsoleCtx) -> Result<Response> {
    let rows = sql::list(&mut ctx.tx).await?;
    let newest = Migrations::tenant().newest();
    let current = rows.iter().filter(|row| row.schema_version == newest).count();
    Ok(Page(MigracoesPage { frame: ctx.frame().titled("console-migracoes"), newest, rows, current }).into_response())
}
