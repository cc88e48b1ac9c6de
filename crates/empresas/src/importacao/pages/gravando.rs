//! One that a job is writing: how far it has come, until it is over; calling it off. And a file to be read once more.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Ctx, Error, Route,
    frame::{Frame, Tone},
    redirect,
};

use super::{ImportacaoShow, open};
use crate::{
    andamento,
    importacao::{
        IMPORTAR, ImportacaoId, State, TOPIC, cancelar,
        fila::PROGRESS,
        reler,
        sql::{self, gravar::Andamento},
    },
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/events", rejection(web::BadPath))]
pub(super) struct ImportacaoEvents {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/cancelar", rejection(web::BadPath))]
pub(super) struct ImportacaoCancel {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/ler", rejection(web::BadPath))]
pub(super) struct ImportacaoRead {
    pub id: ImportacaoId,
}

pub(super) fn routes() -> Vec<Route> {
    let one = |route: Route| route.ids(&["importacao"]);
    vec![
        one(Route::get(events, Access::Needs(IMPORTAR))).sample("/empresas/importacoes/{importacao}/events", ""),
        one(Route::post(cancel, Access::Needs(IMPORTAR))).sample("/empresas/importacoes/{importacao}/cancelar", "x=1"),
        one(Route::post(read_again, Access::Needs(IMPORTAR))).sample("/empresas/importacoes/{importacao.ilegivel}/ler", "x=1"),
    ]
}

/// How far the writing has come, as its page shows it.
#[derive(Debug)]
pub(super) struct Writing {
    pub done: i64,
    pub total: i64,
    pub text: &'static str,
    pub events: String,
    pub cancel: String,
    /// Somebody called it off, and the job has not heard of it yet.
    pub cancelled: bool,
}

const fn label(andamento: Andamento) -> &'static str {
    if andamento.cancelled { "importacao-cancelling" } else { "importacao-state-gravando" }
}

impl Writing {
    pub(super) fn new(frame: &Frame, id: ImportacaoId, andamento: Andamento) -> Self {
        Self {
            done: andamento.done,
            total: andamento.total.max(1),
            text: frame.t(label(andamento)),
            events: ImportacaoEvents { id }.to_string(),
            cancel: ImportacaoCancel { id }.to_string(),
            cancelled: andamento.cancelled,
        }
    }
}

async fn cancel(path: ImportacaoCancel, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let called_off = cancelar(&mut ctx.tx, &ctx.actor, path.id).await?;
    let toast = if called_off { (Tone::Info, "toast-importacao-cancelada") } else { (Tone::Warning, "toast-importacao-tarde") };
    Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), Some(toast)))
}

async fn read_again(path: ImportacaoRead, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    reler(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), None))
}

async fn events(path: ImportacaoEvents, mut ctx: Ctx) -> Result<Response, Error> {
    let news = ctx.app.live.subscribe(&ctx)?;
    open(&mut ctx, path.id).await?;
    let topics = &[TOPIC, PROGRESS];
    andamento::stream(ctx, news, topics, path.id.uuid(), |tx, _, id| Box::pin(stands(tx, ImportacaoId::new(id)))).await
}

async fn stands(tx: &mut TenantTx, id: ImportacaoId) -> Option<andamento::Andamento> {
    let open = sql::find(tx, id).await.ok()?.is_some_and(|found| found.state == State::Gravando);
    let now = sql::gravar::find(tx, id).await.ok()?.unwrap_or_default();
    Some(andamento::Andamento { done: now.done, total: now.total, label: label(now), open })
}
