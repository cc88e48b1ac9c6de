//! `/notificacoes` and the bell's panel. Opening one is a POST, since it marks it as read.

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use messaging::{
    NoticeKind,
    notificacao::{self, Filtro, Notificacao, NotificacaoId},
};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    local_path,
    pecas::Tab,
    redirect,
};

use super::events::events;
use crate::comunicado;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/notificacoes")]
pub struct Notificacoes;

/// What the bell opens.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/notificacoes/painel")]
pub struct Painel;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/notificacoes/events")]
pub struct NotificacaoEvents;

/// All of them, or those about one page.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/notificacoes/lidas")]
pub struct Lidas;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/notificacoes/{id}/abrir", rejection(web::BadPath))]
pub struct Abrir {
    pub id: NotificacaoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/notificacoes/{id}/lida", rejection(web::BadPath))]
pub struct Lida {
    pub id: NotificacaoId,
}

/// Rows of the panel.
const SHOWN: i64 = 8;
/// Filters of the page.
const FILTER: &str = "mostrar";
const UNREAD: &str = "nao-lidas";
const TIPO: &str = "tipo";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn),
        Route::get(panel, Access::SignedIn),
        Route::get(events, Access::SignedIn),
        Route::post(read_all, Access::SignedIn).sample("/notificacoes/lidas", "volta=%2Fnotificacoes"),
        Route::post(open, Access::SignedIn).ids(&["notificacao"]).sample("/notificacoes/{notificacao}/abrir", ""),
        Route::post(read, Access::SignedIn)
            .ids(&["notificacao"])
            .sample("/notificacoes/{notificacao}/lida", "volta=%2Fnotificacoes"),
    ]
}

/// A notificação as it is printed.
#[derive(Debug, Clone)]
pub struct Row {
    pub text: String,
    pub at: DateTime<Utc>,
    pub unread: bool,
    pub open: String,
    pub read: String,
}

impl Row {
    fn new(frame: &Frame, one: &Notificacao) -> Self {
        Self {
            text: one.text(frame.lang),
            at: one.created_at,
            unread: one.read_at.is_none(),
            open: Abrir { id: one.id }.to_string(),
            read: Lida { id: one.id }.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "acesso/notificacoes.html")]
pub(crate) struct NotificacoesPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    tabs: Vec<Tab>,
    tipos: Vec<Choice>,
    rows: Vec<Row>,
    unread: i64,
    /// Something narrows them besides the tab.
    searched: bool,
}

impl NotificacoesPage {
    fn new(frame: Frame, list: ListState, kinds: &[&NoticeKind], (all, unread): (i64, i64), found: &[Notificacao]) -> Self {
        let frame = frame.titled("notificacoes-title");
        let narrowed = list.has(FILTER, UNREAD);
        let tabs = vec![
            Tab::new(frame.t("notificacoes-all"), list.without_all(FILTER)).count(all).active(!narrowed),
            Tab::new(frame.t("notificacoes-unread"), list.with(FILTER, UNREAD)).count(unread).active(narrowed),
        ];
        let mut tipos: Vec<Choice> = kinds.iter().map(|kind| Choice::new(kind.code, frame.t(kind.label))).collect();
        tipos.sort_by_key(|tipo| kernel::fold(&tipo.label));
        Self {
            searched: !list.search().is_empty() || list.filter(TIPO).is_some(),
            tipos,
            pager: Pager::new(list.page, if narrowed { unread } else { all }),
            rows: found.iter().map(|one| Row::new(&frame, one)).collect(),
            tabs,
            unread,
            list,
            frame,
        }
    }
}

#[derive(Template)]
#[template(path = "acesso/notificacoes_painel.html")]
struct PainelPage {
    frame: Frame,
    rows: Vec<Row>,
}

fn filtro(list: &ListState) -> Filtro {
    Filtro {
        unread: list.has(FILTER, UNREAD),
        kinds: list.all(TIPO).map(str::to_owned).collect(),
        busca: list.search().to_owned(),
    }
}

/// Programs are told nothing on a panel.
pub(super) fn person(ctx: &CtxInner) -> Result<Uuid> {
    ctx.actor.usuario().ok_or_else(Error::not_found)
}

async fn show(_: Notificacoes, mut ctx: Ctx) -> Result<Page<NotificacoesPage>> {
    let ctx = &mut *ctx;
    let usuario = person(ctx)?;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query).to_owned();
    let list = ListState::read(Notificacoes::PATH, &query, &[], Sort::down("at"));
    let filtro = filtro(&list);
    let counts = notificacao::count(&mut ctx.tx, usuario, &filtro).await?;
    let found = notificacao::list(&mut ctx.tx, usuario, &filtro, list.page.offset(), list.page.limit()).await?;
    let had = notificacao::kinds(&mut ctx.tx, usuario).await?;
    let kinds = ctx.app.modules.iter().flat_map(|module| module.notices).copied();
    let kinds: Vec<&NoticeKind> = kinds.filter(|kind| had.iter().any(|code| code == kind.code)).collect();
    Ok(Page(NotificacoesPage::new(ctx.frame(), list, &kinds, counts, &found)))
}

async fn panel(_: Painel, mut ctx: Ctx) -> Result<Page<PainelPage>> {
    let ctx = &mut *ctx;
    let usuario = person(ctx)?;
    let found = notificacao::list(&mut ctx.tx, usuario, &Filtro::default(), 0, SHOWN).await?;
    let frame = ctx.frame();
    Ok(Page(PainelPage { rows: found.iter().map(|one| Row::new(&frame, one)).collect(), frame }))
}

async fn open(path: Abrir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let usuario = person(ctx)?;
    let href = notificacao::read(&mut ctx.tx, usuario, path.id).await?.ok_or_else(Error::not_found)?;
    if let Some(comunicado) = comunicado::leitor_pages::at(&href) {
        comunicado::opened(&mut ctx.tx, usuario, comunicado).await?;
    }
    Ok(redirect(local_path(&href).unwrap_or(Notificacoes::PATH), None))
}

async fn read(path: Lida, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let usuario = person(ctx)?;
    notificacao::read(&mut ctx.tx, usuario, path.id).await?.ok_or_else(Error::not_found)?;
    Ok(back(&body, None))
}

async fn read_all(_: Lidas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let usuario = person(ctx)?;
    let about = FormState::from_body(&body).raw("sobre").to_owned();
    let about = Some(about.as_str()).filter(|about| !about.is_empty());
    notificacao::read_all(&mut ctx.tx, usuario, about).await?;
    // A page's own script asks without saying where to come back to, and shows by itself what came of it.
    let by_hand = !FormState::from_body(&body).raw("volta").is_empty();
    Ok(back(&body, by_hand.then_some((Tone::Success, "toast-notificacoes-lidas"))))
}

/// To where the form was sent from.
fn back(body: &[u8], toast: Option<(Tone, &'static str)>) -> Response {
    let form = FormState::from_body(body);
    redirect(local_path(form.raw("volta")).unwrap_or(Notificacoes::PATH), toast)
}

#[cfg(test)]
impl NotificacoesPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let one = |n: u128, key: &str, file: &str, read: bool| Notificacao {
            id: NotificacaoId::new(Uuid::from_u128(n)),
            kind: None,
            key: key.to_owned(),
            args: [("file", file), ("n_created", "480"), ("n_updated", "0"), ("n_refused", "1")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            href: "/empresas".to_owned(),
            created_at: frame.now,
            read_at: read.then_some(frame.now),
        };
        let list = |query: &str| ListState::read(Notificacoes::PATH, query, &[], Sort::down("at"));
        let some = [
            one(1, "importacao-notice", "<b>senai</b>.xlsx", false),
            one(2, "importacao-notice", &"longo ".repeat(20), true),
            one(3, "another-release", "", true),
        ];
        vec![
            Self::new(frame.clone(), list(""), &[], (0, 0), &[]),
            Self::new(frame.clone(), list("mostrar=nao-lidas"), &[], (3, 0), &[]),
            Self::new(frame.clone(), list("q=%22%3Cscript%3Ealert&tipo=acesso.conta"), crate::NOTICES, (0, 0), &[]),
            Self::new(frame, list("por=25"), crate::NOTICES, (90, 1), &some),
        ]
    }
}
