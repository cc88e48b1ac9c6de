//! From the list: a page names the exact number and how long it will take, then it begins.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{Access, Ctx, Error, FormBody, Page, Route, frame::Frame, frame::Tone, redirect, selection::Selection};

use super::{begun, nobody};
use crate::{
    consulta::Consultas,
    empresa::{
        CONSULTAR, Known,
        pages::{
            list::{Asked, query},
            lote::{Asking, LotePage, back, which},
        },
    },
    reconsulta::{Nova, ReconsultaError, pedir, preview},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lote/consultar")]
pub(crate) struct LoteConsultar;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(ask, Access::Needs(CONSULTAR)).sample("/empresas/lote/consultar?id={empresa}", ""),
        Route::post(begin, Access::Needs(CONSULTAR)).sample("/empresas/lote/consultar", "id={empresa}&visto=1"),
    ]
}

/// How long so many take when nobody else asks: one of every minute is left to people.
fn hint(frame: &Frame, total: i64, per_minute: u16) -> String {
    let minutes = total / i64::from(per_minute.saturating_sub(1).max(1)) + 1;
    if minutes < 90 {
        frame.t_n("reconsulta-hint-minutos", minutes)
    } else {
        frame.t_n("reconsulta-hint-horas", minutes / 60 + 1)
    }
}

async fn page(ctx: &mut Ctx, selection: &Selection, status: StatusCode) -> Result<Response, Error> {
    let per_minute = ctx.app.value::<Consultas>()?.per_minute();
    let ctx = &mut **ctx;
    let asked = Asked::read(&selection.query);
    let Some(which) = which(selection, &asked) else { return Ok(back(&asked.list, "toast-lote-empty")) };
    let preview = preview(&mut ctx.tx, &ctx.actor, &which).await?;
    if preview.total == 0 {
        return Ok(back(&asked.list, "toast-lote-gone"));
    }
    let known = Known::load(&mut ctx.tx).await?;
    let frame = ctx.frame();
    let asking = Asking {
        path: LoteConsultar::PATH,
        title: "reconsulta-lote-title",
        confirm: "reconsulta-lote-confirm",
        field: None,
        choices: Vec::new(),
        hint: Some(hint(&frame, preview.total, per_minute)),
        danger: false,
    };
    let page = LotePage::asking(frame, asking, selection, &asked.list, &known, preview);
    Ok((status, Page(page)).into_response())
}

fn unavailable(selection: &Selection) -> Response {
    redirect(&Asked::read(&selection.query).list.link(), Some((Tone::Warning, "toast-empresa-consulta-indisponivel")))
}

async fn ask(_: LoteConsultar, mut ctx: Ctx) -> Result<Response, Error> {
    let selection = Selection::read(query(&ctx).as_bytes());
    if nobody(&ctx)?.is_some() {
        return Ok(unavailable(&selection));
    }
    page(&mut ctx, &selection, StatusCode::OK).await
}

async fn begin(_: LoteConsultar, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let selection = Selection::read(&body.0);
    if nobody(&ctx)?.is_some() {
        return Ok(unavailable(&selection));
    }
    let asked = Asked::read(&selection.query);
    let Some(which) = which(&selection, &asked) else { return Ok(back(&asked.list, "toast-lote-empty")) };
    // A body that names no number has confirmed none.
    let seen = selection.expected().unwrap_or_default();
    let consulta = asked.list.place().chars().take(4000).collect();
    let part = &mut *ctx;
    match pedir(&mut part.tx, &part.actor, &Nova { which, seen, consulta }).await {
        Err(ReconsultaError::Empty) => Ok(back(&asked.list, "toast-lote-gone")),
        Err(ReconsultaError::Moved(_)) => page(&mut ctx, &selection, StatusCode::CONFLICT).await,
        // The page says it in its own words.
        Err(ReconsultaError::TooMany(_)) => page(&mut ctx, &selection, StatusCode::UNPROCESSABLE_ENTITY).await,
        done => begun(done),
    }
}
