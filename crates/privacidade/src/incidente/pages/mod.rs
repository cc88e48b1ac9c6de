//! `/configuracoes/privacidade/incidentes`.

pub(crate) mod carta;
pub(crate) mod form;
pub(crate) mod show;
mod situacao;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{ErrorKind, Invalid};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Page, Route, filters,
    forms::{Choice, FormState},
    frame::Frame,
    pecas::Tab,
};

pub(super) use situacao::{Situacao, names};

use super::{GERIR, Incidente, IncidenteError, IncidenteId, file, find, prazo, sql};
use crate::{Aba, below, instante::Local};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes")]
pub(crate) struct IncidentesPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/novo")]
struct NovoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/exportar.xlsx")]
struct ExportPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}", rejection(web::BadPath))]
pub(crate) struct IncidentePath {
    pub incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/editar", rejection(web::BadPath))]
struct EditarPath {
    incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/passos", rejection(web::BadPath))]
struct PassosPath {
    incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/carta", rejection(web::BadPath))]
struct CartaPath {
    incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/incidente.pdf", rejection(web::BadPath))]
struct PdfPath {
    incidente: IncidenteId,
}

/// Longest texts of a form, with room for what a browser makes of them.
const BODY_LIMIT: usize = 256 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    const FORM: &str = "titulo=Notebook&descricao=Furtado&conhecido_at=2026-11-20T09%3A00&dados=contato";
    const SAVE: &str = "version=1&titulo=Notebook&descricao=Furtado&conhecido_at=2026-11-20T09%3A00&dados=contato";
    const ONE: &str = "/configuracoes/privacidade/incidentes/{incidente}";
    let needs = || Access::Needs(GERIR);
    let ids: &'static [&'static str] = &["incidente"];
    vec![
        Route::get(list, needs()),
        Route::get(export, needs()).audited(),
        Route::get(form::new, needs()),
        Route::post(form::create, needs()).body_limit(BODY_LIMIT).sample("/configuracoes/privacidade/incidentes", FORM),
        Route::get(show::show, needs()).ids(ids).sample(ONE, ""),
        Route::get(form::edit, needs()).ids(ids).sample("/configuracoes/privacidade/incidentes/{incidente}/editar", ""),
        Route::post(form::save, needs()).ids(ids).body_limit(BODY_LIMIT).sample(ONE, SAVE),
        Route::post(show::step, needs())
            .ids(ids)
            .sample("/configuracoes/privacidade/incidentes/{incidente}/passos", "passo=nota&texto=Senhas+trocadas"),
        Route::get(carta::letter, needs()).ids(ids).sample("/configuracoes/privacidade/incidentes/{incidente}/carta", ""),
        Route::post(carta::send, needs()).ids(ids).body_limit(BODY_LIMIT).sample(
            "/configuracoes/privacidade/incidentes/{incidente}/carta",
            "passo=prever&assunto=Aviso&texto=Houve+um+erro&publico=contatos",
        ),
        Route::get(show::pdf, needs())
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/incidentes/{incidente}/incidente.pdf", ""),
    ]
}

struct Linha {
    href: String,
    titulo: String,
    protocolo: String,
    conhecido_at: DateTime<Utc>,
    situacao: Situacao,
}

#[derive(Template)]
#[template(path = "privacidade/incidentes.html")]
pub(crate) struct IncidentesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Linha>,
}

impl IncidentesPage {
    pub(crate) fn new(frame: Frame, all: &[Incidente], zone: chrono_tz::Tz) -> Self {
        let frame = below(frame).titled("incidentes-title");
        let row = |one: &Incidente| Linha {
            href: IncidentePath { incidente: one.id }.to_string(),
            titulo: one.titulo.clone(),
            protocolo: one.protocolo.clone(),
            conhecido_at: one.conhecido_at,
            situacao: Situacao::new(&frame, one, &prazo(one.conhecido_at, zone)),
        };
        Self { tabs: Aba::Incidentes.tabs(&frame), rows: all.iter().map(row).collect(), frame }
    }
}

/// Of which nobody has had more.
const SHOWN: i64 = 500;

async fn list(_: IncidentesPath, mut ctx: Ctx) -> web::Result<Page<IncidentesPage>> {
    let ctx = &mut *ctx;
    let all = sql::list(&mut ctx.tx, SHOWN).await?;
    Ok(Page(IncidentesPage::new(ctx.frame(), &all, ctx.unidade.fuso)))
}

async fn export(_: ExportPath, mut ctx: Ctx) -> web::Result<Response> {
    let all = sql::list(&mut ctx.tx, i64::MAX).await?;
    file::xlsx(&mut ctx, &all).await
}

fn choices(frame: &Frame, all: &[(&'static str, &'static str)]) -> Vec<Choice> {
    all.iter().map(|(code, key)| Choice::new(*code, frame.t(key))).collect()
}

/// An instant that was typed.
fn instant(form: &mut FormState, field: &str, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
    let typed: Local = form.required(field)?;
    let at = typed.at(zone);
    if at.is_none() {
        form.fail(field, Invalid::new("instante"));
    }
    at
}

/// The form again where a rule was broken; everything else is an error of the request.
fn again(form: &mut FormState, lang: kernel::Lang, error: IncidenteError) -> web::Result<StatusCode> {
    match error {
        IncidenteError::Rule(_) => {
            form.refuse(lang, &error);
            let changed = matches!(error.kind(), kernel::Kind::Conflict);
            Ok(if changed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY })
        }
        other => Err(other.into()),
    }
}

async fn found(ctx: &mut CtxInner, id: IncidenteId) -> web::Result<Incidente> {
    find(&mut ctx.tx, id).await?.ok_or_else(web::Error::not_found)
}
