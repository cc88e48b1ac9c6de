//! Of one comunicado: who read it, other words for it, and its end.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::NaiveDate;
use serde::Deserialize;
use web::{
    Access, Ctx, Error, FormBody, Page, Result, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    list::{ListState, Pager},
    pecas::Tab,
    redirect,
};

use super::{
    Alterar, Comunicado, ComunicadoId, Dias, GERIR, Leitor, Situacao, alterar, encerrar,
    pages::{BODY_LIMIT, ComunicadosPath, again, days, dias, para, situacao, state},
    publicar::today,
    sql,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/comunicados/{id}/leitores", rejection(web::BadPath))]
pub struct LeitoresPath {
    pub id: ComunicadoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/comunicados/{id}/editar", rejection(web::BadPath))]
pub struct EditarPath {
    pub id: ComunicadoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/comunicados/{id}/encerrar", rejection(web::BadPath))]
pub struct EncerrarPath {
    pub id: ComunicadoId,
}

/// Filter of the page of readers.
const FILTER: &str = "mostrar";
const READ: &str = "lidos";
const UNREAD: &str = "nao-lidos";
pub(crate) fn routes() -> Vec<Route> {
    let needs = || Access::Needs(GERIR);
    let ids: &'static [&'static str] = &["comunicado"];
    vec![
        Route::get(readers, needs()).ids(ids).sample("/comunicados/{comunicado}/leitores", ""),
        Route::get(edit, needs()).ids(ids).sample("/comunicados/{comunicado}/editar", ""),
        Route::post(save, needs())
            .ids(ids)
            .body_limit(BODY_LIMIT)
            .sample("/comunicados/{comunicado}/editar", "version=1&titulo=Obra&texto=Hoje"),
        Route::post(end, needs()).ids(ids).sample("/comunicados/{comunicado}/encerrar", ""),
    ]
}

#[derive(Template)]
#[template(path = "acesso/comunicado_leitores.html")]
struct LeitoresPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    tabs: Vec<Tab>,
    rows: Vec<Leitor>,
    texto: String,
    autor: String,
    at: String,
    para: String,
    dias: Option<String>,
    situacao: (&'static str, &'static str, &'static str),
    told: bool,
    mailed: bool,
    edit: Option<String>,
    end: Option<String>,
}

impl LeitoresPage {
    fn new(
        frame: Frame,
        list: ListState,
        one: &Comunicado,
        today: NaiveDate,
        (all, read): (i64, i64),
        found: Vec<Leitor>,
    ) -> Self {
        let label = frame.t("comunicados-title");
        let frame = frame.crumb(label, ComunicadosPath::PATH).title(one.titulo.clone());
        let (only_read, only_unread) = (list.has(FILTER, READ), list.has(FILTER, UNREAD));
        let tab = |key, value| Tab::new(frame.t(key), format!("{}?{FILTER}={value}", list.path()));
        let tabs = vec![
            Tab::new(frame.t("comunicado-leitores-todos"), list.path()).count(all).active(!only_read && !only_unread),
            tab("comunicado-leitores-lidos", READ).count(read).active(only_read),
            tab("comunicado-leitores-nao-lidos", UNREAD).count(all - read).active(only_unread),
        ];
        let total = if only_read {
            read
        } else if only_unread {
            all - read
        } else {
            all
        };
        let situacao_now = one.situacao(today);
        let shown = matches!(situacao_now, Situacao::Agendado | Situacao::Mostrado);
        Self {
            pager: Pager::new(list.page, total),
            tabs,
            rows: found,
            texto: one.texto.clone(),
            autor: one.autor_nome.clone(),
            at: frame.datetime(one.created_at),
            para: para(&frame, one),
            dias: dias(&frame, one),
            situacao: situacao(&frame, situacao_now),
            told: one.told,
            mailed: one.mailed,
            edit: (situacao_now != Situacao::Encerrado).then(|| EditarPath { id: one.id }.to_string()),
            end: shown.then(|| EncerrarPath { id: one.id }.to_string()),
            list,
            frame,
        }
    }
}

async fn readers(path: LeitoresPath, mut ctx: Ctx) -> Result<Page<LeitoresPage>> {
    let ctx = &mut *ctx;
    let one = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let list = state(path.to_string(), ctx);
    let read = match list.filter(FILTER) {
        Some(READ) => Some(true),
        Some(UNREAD) => Some(false),
        _ => None,
    };
    let counts = sql::leituras(&mut ctx.tx, path.id).await?;
    let found = sql::leitores(&mut ctx.tx, path.id, read, list.page.limit(), list.page.offset()).await?;
    let today = today(&ctx.tx);
    Ok(Page(LeitoresPage::new(ctx.frame(), list, &one, today, counts, found)))
}

#[derive(Template)]
#[template(path = "acesso/comunicado_edit.html")]
struct ComunicadoEditPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    /// It is shown, on days that can be other ones.
    shown: bool,
}

impl ComunicadoEditPage {
    fn new(frame: Frame, form: FormState, one: &Comunicado) -> Self {
        let (label, cancel) = (frame.t("comunicados-title"), LeitoresPath { id: one.id }.to_string());
        let frame = frame.crumb(label, ComunicadosPath::PATH).crumb(one.titulo.clone(), cancel.clone()).titled("comunicado-edit");
        Self { action: EditarPath { id: one.id }.to_string(), cancel, shown: one.dias.is_some(), form, frame }
    }
}

fn filled(one: &Comunicado) -> FormState {
    FormState::new()
        .with("version", one.version)
        .with("titulo", &one.titulo)
        .with("texto", &one.texto)
        .with_some("data_inicio", one.dias.map(Dias::inicio))
        .with_some("data_fim", one.dias.map(Dias::fim))
}

async fn edit(path: EditarPath, mut ctx: Ctx) -> Result<Page<ComunicadoEditPage>> {
    let ctx = &mut *ctx;
    let one = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    Ok(Page(ComunicadoEditPage::new(ctx.frame(), filled(&one), &one)))
}

async fn save(path: EditarPath, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let one = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let mut form = FormState::from_body(&body);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let version = form.raw("version").parse().unwrap_or_default();
    let (titulo, texto) = (form.required("titulo"), form.required("texto"));
    let dias = if one.dias.is_some() && !form.raw("data_fim").is_empty() { days(&mut form) } else { None };
    if let (Some(titulo), Some(texto), true) = (titulo, texto, form.is_ok()) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, Alterar { titulo, texto, dias, version }).await {
            Ok(()) => return Ok(redirect(&LeitoresPath { id: path.id }.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    Ok((status, Page(ComunicadoEditPage::new(ctx.frame(), form, &one))).into_response())
}

async fn end(path: EncerrarPath, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    encerrar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&LeitoresPath { id: path.id }.to_string(), Some((Tone::Success, "toast-comunicado-encerrado"))))
}

#[cfg(test)]
pub(crate) fn samples(frame: &Frame) -> Vec<Box<dyn askama::DynTemplate>> {
    use super::{ComunicadoError, ComunicadoRule, pages::sample};

    let today = frame.now.date_naive();
    let (shown, told) = (sample(frame, Dias::new(today, today).ok(), false), sample(frame, None, true));
    let list = |query: &str| ListState::read("/comunicados", query, &[], web::list::Sort::down("at"));
    let leitor = |read_at| Leitor {
        id: crate::usuario::UsuarioId::new(uuid::Uuid::nil()),
        nome: "Ana <b>Costa</b>".to_owned(),
        perfil: "Leitor".to_owned(),
        read_at,
    };
    let two = vec![leitor(None), leitor(Some(frame.now))];
    let mut refused = filled(&shown);
    refused.refuse(frame.lang, &ComunicadoError::Rule(ComunicadoRule::Encerrado));
    vec![
        Box::new(LeitoresPage::new(frame.clone(), list(""), &shown, today, (2, 1), two)),
        Box::new(LeitoresPage::new(frame.clone(), list("mostrar=lidos"), &told, today, (2, 0), Vec::new())),
        Box::new(ComunicadoEditPage::new(frame.clone(), refused, &shown)),
        Box::new(ComunicadoEditPage::new(frame.clone(), filled(&told), &told)),
    ]
}
