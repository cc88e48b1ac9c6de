//! The log of importações.

use askama::Template;
use axum::response::{Response, sse::Event};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use futures::stream;
use serde::Deserialize;
use web::{
    Access, Ctx, Error, Page, Route, filters,
    frame::Frame,
    list::{ListState, Pager, Sort},
    live::{self, News},
};

use super::{ImportacaoShow, Importacoes, desfazer::ImportacaoUndo, linha::sentence};
use crate::importacao::{Counts, IMPORTAR, Importacao, State, TOPIC, permitted, sql};

/// Tells a page that shows importações waiting for their turn that one of them has come further.
#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/events")]
pub struct ImportacoesEvents;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(events, Access::Needs(IMPORTAR))]
}

async fn events(_: ImportacoesEvents, ctx: Ctx) -> Result<Response, Error> {
    permitted(&ctx.actor)?;
    let news = ctx.app.live.subscribe(&ctx)?;
    ctx.release().await?;
    // Resync: some may have been missed, and the page reads again.
    let told = stream::unfold(Some(news), |news| async {
        let mut news = news?;
        loop {
            match news.next().await? {
                News::Told(told) if told.topic != TOPIC => {}
                _ => return Some((Event::default().event("end").data("-"), None)),
            }
        }
    });
    Ok(live::stream(told))
}

#[derive(Template)]
#[template(path = "empresas/importacao/list.html")]
pub struct ImportacaoListPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<LogView>,
    /// Files that are still to be read, and those that a job is writing.
    reading: usize,
    writing: usize,
    /// The first that waits for this person, and how many of theirs are unfinished.
    next: Option<(String, String, i64)>,
}

#[derive(Debug)]
struct LogView {
    href: String,
    file_name: String,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
    actor_nome: String,
    created_at: DateTime<Utc>,
    counts: Counts,
    /// Why it could not be read.
    problem: Option<String>,
    /// The page that undoes it.
    undo: Option<String>,
}

impl LogView {
    fn new(frame: &Frame, importacao: Importacao) -> Self {
        let (state, tone, icon) = match importacao.state {
            State::Fila => ("importacao-state-fila", "quiet", "clock-history"),
            State::Ilegivel => ("importacao-state-ilegivel", "danger", "x-circle-fill"),
            State::Colunas => ("importacao-state-colunas", "info", "info-circle-fill"),
            State::Previa => ("importacao-state-previa", "info", "eye-fill"),
            State::Gravando => ("importacao-state-gravando", "info", "clock-history"),
            State::Concluida => ("importacao-state-concluida", "ok", "check-circle-fill"),
            State::Descartada => ("importacao-state-descartada", "quiet", "x-circle-fill"),
            State::Desfeita => ("importacao-state-desfeita", "warn", "arrow-counterclockwise"),
        };
        let can_be_undone = importacao.can_be_undone(frame.now);
        Self {
            problem: importacao.problem.as_ref().map(|problem| sentence(frame, problem)),
            undo: can_be_undone.then(|| ImportacaoUndo { id: importacao.id }.to_string()),
            href: ImportacaoShow { id: importacao.id }.to_string(),
            file_name: importacao.file_name,
            state: frame.t(state),
            tone,
            icon,
            actor_nome: importacao.actor_nome,
            created_at: importacao.created_at,
            counts: importacao.counts,
        }
    }
}

pub(super) async fn list(_: Importacoes, mut ctx: Ctx) -> Result<Page<ImportacaoListPage>, Error> {
    permitted(&ctx.actor)?;
    let list = ListState::read("/empresas/importacoes", crate::empresa::pages::list::query(&ctx), &[], Sort::down("created_at"));
    let (importacoes, total) = sql::list(&mut ctx.tx, list.page).await?;
    let next = {
        let ctx = &mut *ctx;
        sql::unfinished(&mut ctx.tx, &ctx.actor).await?
    };
    let frame = ctx.frame().titled("importacoes-title");
    let empresas = frame.t("empresas-title");
    let frame = frame.crumb(empresas, "/empresas");
    Ok(Page(ImportacaoListPage {
        pager: Pager::new(list.page, total),
        list,
        reading: importacoes.iter().filter(|importacao| importacao.state == State::Fila).count(),
        writing: importacoes.iter().filter(|importacao| importacao.state == State::Gravando).count(),
        next: next
            .filter(|(first, _)| !matches!(first.state, State::Fila | State::Gravando))
            .map(|(first, n)| (ImportacaoShow { id: first.id }.to_string(), first.file_name, n)),
        rows: importacoes.into_iter().map(|importacao| LogView::new(&frame, importacao)).collect(),
        frame,
    }))
}
