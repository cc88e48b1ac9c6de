//! One that a job is writing: how far it has come, until it is over; calling it off. And a file to be read once more.

use axum::response::{Response, sse::Event};
use axum_extra::routing::TypedPath;
use futures::stream;
use serde::Deserialize;
use tenancy::{Tenants, Unidade};
use web::{
    Access, Ctx, Error, Route,
    frame::{Frame, Tone},
    live::{self, News, Subscription},
    redirect,
};

use super::{ImportacaoShow, open};
use crate::importacao::{
    IMPORTAR, ImportacaoId, State, TOPIC, cancelar,
    fila::PROGRESS,
    reler,
    sql::{self, gravar::Andamento},
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

impl Writing {
    pub(super) fn new(frame: &Frame, id: ImportacaoId, andamento: Andamento) -> Self {
        Self {
            done: andamento.done,
            total: andamento.total.max(1),
            text: frame.t(if andamento.cancelled { "importacao-cancelling" } else { "importacao-state-gravando" }),
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
    let watcher = Watcher {
        tenants: ctx.app.tenants.clone(),
        unidade: std::sync::Arc::clone(&ctx.unidade),
        id: path.id,
        frame: ctx.frame(),
        news,
        told: None,
        over: false,
    };
    ctx.release().await?;
    Ok(live::stream(stream::unfold(watcher, |mut watcher| async { watcher.next().await.map(|event| (event, watcher)) })))
}

/// `progress` as often as there is some, then one `end`.
struct Watcher {
    tenants: Tenants,
    unidade: std::sync::Arc<Unidade>,
    id: ImportacaoId,
    frame: Frame,
    news: Subscription,
    told: Option<Andamento>,
    over: bool,
}

impl Watcher {
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        loop {
            let id = self.id;
            let found = self.tenants.read(&self.unidade, async |tx| {
                let importacao = sql::find(tx, id).await?.filter(|found| found.state == State::Gravando);
                let andamento = sql::gravar::find(tx, id).await?;
                Ok::<_, kernel::Fault>(importacao.map(|_| andamento.unwrap_or_default()))
            });
            let Ok(found) = found.await else {
                // The browser comes back and is told what is wrong.
                return None;
            };
            let Some(andamento) = found else {
                self.over = true;
                return Some(Event::default().event("end").data("-"));
            };
            if self.told != Some(andamento) {
                self.told = Some(andamento);
                let view = Writing::new(&self.frame, id, andamento);
                let said = serde_json::json!({ "done": view.done, "total": view.total, "text": view.text });
                return Some(Event::default().event("progress").data(said.to_string()));
            }
            let id = id.to_string();
            while let News::Told(told) = self.news.next().await? {
                if (told.topic == TOPIC || told.topic == PROGRESS) && told.id == id {
                    break;
                }
            }
        }
    }
}
