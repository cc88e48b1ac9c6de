//! One's own exportações: how far they are, their files for some days.

use askama::Template;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Actor, Fault, PageRequest};
use serde::Deserialize;
use sheets::Format;
use tenancy::TenantTx;
use uuid::Uuid;
use web::{
    Access, Ctx, Error, Page, Route, filters,
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    redirect,
};

use super::{Exportacao, ExportacaoId, State, TOPIC, cancelar, find, note_taken, owner, repetir, sql};
use crate::{
    andamento::{self, Andamento},
    documento::pages::size,
    empresa::{EXPORTAR, pages::list::query},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportacoes")]
pub(crate) struct Exportacoes;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportacoes/{id}", rejection(web::BadPath))]
pub(crate) struct ExportacaoShow {
    pub id: ExportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportacoes/{id}/events", rejection(web::BadPath))]
pub(crate) struct ExportacaoEvents {
    pub id: ExportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportacoes/{id}/arquivo", rejection(web::BadPath))]
pub(crate) struct ExportacaoFile {
    pub id: ExportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportacoes/{id}/cancelar", rejection(web::BadPath))]
pub(crate) struct ExportacaoCancel {
    pub id: ExportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportacoes/{id}/repetir", rejection(web::BadPath))]
pub(crate) struct ExportacaoAgain {
    pub id: ExportacaoId,
}

pub(crate) fn routes() -> Vec<Route> {
    let one = |route: Route| route.ids(&["exportacao"]);
    vec![
        Route::get(list, Access::Needs(EXPORTAR)),
        one(Route::get(show, Access::Needs(EXPORTAR))).sample("/empresas/exportacoes/{exportacao}", ""),
        one(Route::get(events, Access::Needs(EXPORTAR))).sample("/empresas/exportacoes/{exportacao}/events", ""),
        one(Route::get(file, Access::Needs(EXPORTAR))).sample("/empresas/exportacoes/{exportacao}/arquivo", "").audited(),
        one(Route::post(cancel, Access::Needs(EXPORTAR))).sample("/empresas/exportacoes/{exportacao}/cancelar", "x=1"),
        one(Route::post(again, Access::Needs(EXPORTAR))).sample("/empresas/exportacoes/{exportacao}/repetir", "x=1"),
    ]
}

/// How an exportação is drawn.
#[derive(Debug)]
struct View {
    href: String,
    file_name: String,
    icon: &'static str,
    state: &'static str,
    tone: &'static str,
    state_icon: &'static str,
    done: i64,
    total: i64,
    /// `8,6 MB`.
    size: Option<String>,
    asked: String,
    /// Until when its file is kept, while it is there.
    until: Option<String>,
    download: Option<String>,
    /// Why it failed, in words.
    reason: Option<String>,
    open: bool,
    /// What asks for it once more.
    again: Option<String>,
}

/// Key of its word, its tone and its icon.
const fn looks(state: State) -> (&'static str, &'static str, &'static str) {
    match state {
        State::Fila => ("exportacao-state-fila", "quiet", "clock-history"),
        State::Gerando => ("exportacao-state-gerando", "info", "info-circle-fill"),
        State::Pronta => ("exportacao-state-pronta", "ok", "check-circle-fill"),
        State::Falhou => ("exportacao-state-falhou", "danger", "x-circle-fill"),
        State::Cancelada => ("exportacao-state-cancelada", "quiet", "x-circle-fill"),
        State::Expirada => ("exportacao-state-expirada", "quiet", "clock-history"),
    }
}

impl View {
    fn new(frame: &Frame, exportacao: &Exportacao) -> Self {
        let (state, tone, state_icon) = looks(exportacao.state);
        let reason = |code: &str| match code {
            "forbidden" => frame.t("exportacao-reason-forbidden"),
            "export-too-many-rows" => frame.t("error-export-too-many-rows"),
            _ => frame.t("exportacao-reason-fault"),
        };
        let there = exportacao.file(frame.now).is_some();
        Self {
            href: ExportacaoShow { id: exportacao.id }.to_string(),
            file_name: exportacao.file_name.clone(),
            icon: match exportacao.format {
                Format::Xlsx => "file-earmark-spreadsheet",
                Format::Csv => "filetype-csv",
                Format::Pdf => "file-earmark-pdf",
            },
            state: frame.t(state),
            tone,
            state_icon,
            done: exportacao.done,
            total: exportacao.total.max(1),
            size: exportacao.bytes.map(|bytes| size(frame, bytes)),
            asked: frame.datetime(exportacao.created_at),
            until: exportacao.expires_at.filter(|_| there).map(|at| frame.datetime(at)),
            download: there.then(|| ExportacaoFile { id: exportacao.id }.to_string()),
            reason: exportacao.reason.as_deref().map(|code| reason(code).to_owned()),
            open: exportacao.state.is_open(),
            again: exportacao.can_be_asked_again(frame.now).then(|| ExportacaoAgain { id: exportacao.id }.to_string()),
        }
    }
}

#[derive(Template)]
#[template(path = "empresas/exportacao/list.html")]
pub struct ExportacoesPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<View>,
}

#[derive(Template)]
#[template(path = "empresas/exportacao/show.html")]
pub struct ExportacaoPage {
    frame: Frame,
    view: View,
    /// Its event stream and what gives it up, while it is made.
    events: String,
    cancel: String,
}

fn framed(frame: Frame, title: &str) -> Frame {
    let empresas = frame.t("empresas-title");
    frame.titled(title).crumb(empresas, "/empresas")
}

impl ExportacoesPage {
    fn new(frame: Frame, list: ListState, found: &[Exportacao], total: i64) -> Self {
        let frame = framed(frame, "exportacoes-title");
        let rows = found.iter().map(|exportacao| View::new(&frame, exportacao)).collect();
        Self { pager: Pager::new(list.page, total), list, rows, frame }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let list = |all: &[Exportacao]| {
            let state = ListState::read("/empresas/exportacoes", "", &[], Sort::down("created_at"));
            Self::new(frame.clone(), state, all, i64::try_from(all.len()).unwrap_or_default())
        };
        let all: Vec<Exportacao> = State::ALL.into_iter().map(|state| sample(frame, state)).collect();
        vec![("none", list(&[])), ("every state", list(&all))]
    }
}

impl ExportacaoPage {
    fn new(frame: Frame, exportacao: &Exportacao) -> Self {
        let frame = framed(frame, "exportacao-title");
        let title = frame.t("exportacoes-title");
        let frame = frame.crumb(title, Exportacoes.to_string());
        Self {
            view: View::new(&frame, exportacao),
            events: ExportacaoEvents { id: exportacao.id }.to_string(),
            cancel: ExportacaoCancel { id: exportacao.id }.to_string(),
            frame,
        }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let names = ["queued", "running", "ready", "failed", "cancelled", "expired"];
        names.into_iter().zip(State::ALL).map(|(name, state)| (name, Self::new(frame.clone(), &sample(frame, state)))).collect()
    }
}

fn sample(frame: &Frame, state: State) -> Exportacao {
    Exportacao {
        id: ExportacaoId::new(Uuid::nil()),
        usuario_id: Uuid::nil(),
        format: Format::Xlsx,
        consulta: String::new(),
        lang: frame.lang,
        file_name: "empresas-<b>alfa</b>-2026-11-22.xlsx".to_owned(),
        state,
        done: 1_240,
        total: 100_000,
        bytes: (state == State::Pronta).then_some(9_000_000),
        arquivo_id: (state == State::Pronta).then(|| files::ArquivoId::new(Uuid::nil())),
        reason: (state == State::Falhou).then(|| "fault".to_owned()),
        created_at: frame.now,
        expires_at: (state == State::Pronta).then(|| frame.now + super::KEPT),
    }
}

async fn list(_: Exportacoes, mut ctx: Ctx) -> Result<Page<ExportacoesPage>, Error> {
    let usuario = owner(&ctx.actor)?;
    let list = ListState::read("/empresas/exportacoes", query(&ctx), &[], Sort::down("created_at"));
    let page: PageRequest = list.page;
    let (found, total) = sql::list(&mut ctx.tx, usuario, page).await?;
    Ok(Page(ExportacoesPage::new(ctx.frame(), list, &found, total)))
}

async fn show(path: ExportacaoShow, mut ctx: Ctx) -> Result<Page<ExportacaoPage>, Error> {
    let part = &mut *ctx;
    let exportacao = find(&mut part.tx, &part.actor, path.id).await?;
    Ok(Page(ExportacaoPage::new(ctx.frame(), &exportacao)))
}

async fn cancel(path: ExportacaoCancel, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    cancelar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&ExportacaoShow { id: path.id }.to_string(), Some((Tone::Info, "toast-exportacao-cancelada"))))
}

async fn again(path: ExportacaoAgain, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let id = repetir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&ExportacaoShow { id }.to_string(), None))
}

/// The file, for the one who asked for it and nobody else.
async fn file(path: ExportacaoFile, mut ctx: Ctx) -> Result<Response, Error> {
    let part = &mut *ctx;
    let exportacao = find(&mut part.tx, &part.actor, path.id).await?;
    let arquivo = exportacao.file(part.now).ok_or_else(Error::not_found)?;
    let shelf = part.app.files.exports(part.unidade.id);
    // A unidade that was restored has the row and not the file: asked for anew, it is made anew.
    let content = shelf.open(arquivo).await?.ok_or_else(Error::not_found)?;
    note_taken(&mut part.tx, &part.actor, &exportacao).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(exportacao.format.content_type()));
    headers.insert(header::CONTENT_LENGTH, content.bytes.into());
    // Our own name of a file: nothing in it needs quoting.
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{}\"", exportacao.file_name));
    headers.insert(header::CONTENT_DISPOSITION, disposition.map_err(|e| Fault::new("name of an exportação", e))?);
    Ok((headers, Body::from_stream(content.stream)).into_response())
}

/// How far it has come, until it is over: `progress`, then one `end`.
async fn events(path: ExportacaoEvents, mut ctx: Ctx) -> Result<Response, Error> {
    let news = ctx.app.live.subscribe(&ctx)?;
    let part = &mut *ctx;
    find(&mut part.tx, &part.actor, path.id).await?;
    andamento::stream(ctx, news, &[TOPIC], path.id.uuid(), |tx, actor, id| Box::pin(stands(tx, actor, id))).await
}

async fn stands(tx: &mut TenantTx, actor: &Actor, id: Uuid) -> Option<Andamento> {
    let exportacao = find(tx, actor, ExportacaoId::new(id)).await.ok()?;
    let Exportacao { done, total, state, .. } = exportacao;
    Some(Andamento { done, total, label: looks(state).0, open: state.is_open() })
}
