//! `/configuracoes/privacidade/finalidades`: what the unidade asks people to allow, who did, and one consentimento with its proof.

pub(crate) mod finalidade;
pub(crate) mod form;
pub(crate) mod show;
pub(crate) mod texto;

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use kernel::{ErrorKind, Kind, Lang};
use serde::Deserialize;
use web::{
    Access, CtxInner, Route,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
    titular::Titular,
};

use super::{ConsentimentoError, ConsentimentoId, Finalidade, FinalidadeId, GERIR, Situacao, find_finalidade};
use crate::titular::{self, TitularRef};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades")]
pub(crate) struct FinalidadesPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/nova")]
struct NovaPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}", rejection(web::BadPath))]
pub(crate) struct FinalidadePath {
    pub finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/texto", rejection(web::BadPath))]
struct TextoPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/anotar", rejection(web::BadPath))]
struct AnotarPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/pedir", rejection(web::BadPath))]
struct PedirPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/exportar.xlsx", rejection(web::BadPath))]
struct XlsxPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/exportar.csv", rejection(web::BadPath))]
struct CsvPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/exportar.pdf", rejection(web::BadPath))]
struct PdfPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/consentimentos/{consentimento}", rejection(web::BadPath))]
pub(crate) struct ConsentimentoPath {
    pub consentimento: ConsentimentoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/consentimentos/{consentimento}/prova.pdf", rejection(web::BadPath))]
struct ProvaPath {
    consentimento: ConsentimentoId,
}

/// Longest texts of a form, with room for what a browser makes of them.
const BODY_LIMIT: usize = 64 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &str = "/configuracoes/privacidade/finalidades/{finalidade}";
    const CONSENTIMENTO: &str = "/configuracoes/privacidade/consentimentos/{consentimento}";
    const NOTED: &str = "nome=Rita+Reis&email=rita%40fora.example&dado_at=2026-11-20T09%3A00&evidencia=Ficha+assinada";
    let needs = || Access::Needs(GERIR);
    let ids: &'static [&'static str] = &["finalidade"];
    let consentimento: &'static [&'static str] = &["consentimento"];
    vec![
        Route::get(finalidade::list, needs()),
        Route::get(texto::new, needs()),
        Route::post(texto::create, needs())
            .body_limit(BODY_LIMIT)
            .sample("/configuracoes/privacidade/finalidades", "titulo=Eventos&texto=Convidar+para+eventos."),
        Route::get(finalidade::show, needs()).ids(ids).sample(ONE, ""),
        Route::post(finalidade::step, needs()).ids(ids).sample(ONE, "passo=encerrar"),
        Route::get(texto::rewrite, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/texto", ""),
        Route::post(texto::save, needs()).ids(ids).body_limit(BODY_LIMIT).sample(
            "/configuracoes/privacidade/finalidades/{finalidade}/texto",
            "versao=1&titulo=Boletim&texto=Outras+palavras.&renovar=sim",
        ),
        Route::get(form::note_form, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/anotar", ""),
        Route::post(form::note, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/anotar", NOTED),
        Route::get(form::ask_form, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/pedir", ""),
        Route::post(form::ask, needs())
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/pedir", "nome=Rita+Reis&email=rita%40fora.example"),
        Route::get(finalidade::as_xlsx, needs())
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/exportar.xlsx", ""),
        Route::get(finalidade::as_csv, needs())
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/exportar.csv", ""),
        Route::get(finalidade::as_pdf, needs())
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/exportar.pdf", ""),
        Route::get(show::one, needs()).ids(consentimento).sample(CONSENTIMENTO, ""),
        Route::post(show::take_back, needs()).ids(consentimento).sample(CONSENTIMENTO, "evidencia=Pediu+por+telefone"),
        Route::get(show::proof, needs())
            .audited()
            .ids(consentimento)
            .sample("/configuracoes/privacidade/consentimentos/{consentimento}/prova.pdf", ""),
    ]
}

/// Word, tone and icon of how one stands.
pub(crate) fn status(frame: &Frame, situacao: Situacao) -> (&'static str, &'static str, &'static str) {
    let (tone, icon) = match situacao {
        Situacao::Vale => ("ok", "check-circle-fill"),
        Situacao::Anterior => ("info", "clock-history"),
        Situacao::Superado => ("warn", "exclamation-triangle-fill"),
        Situacao::Substituido => ("quiet", "layers"),
        Situacao::Retirado => ("quiet", "x-circle-fill"),
    };
    (frame.t(situacao.label()), tone, icon)
}

/// A path that remembers for whom it is followed.
fn with_titular(path: &str, titular: Option<&TitularRef>) -> String {
    titular.map_or_else(|| path.to_owned(), |titular| format!("{path}?titular={titular}"))
}

/// Where the register begins for one person.
pub(crate) fn of_titular(titular: &TitularRef) -> String {
    with_titular(FinalidadesPath::PATH, Some(titular))
}

#[derive(Debug, Deserialize)]
struct Asked {
    titular: Option<TitularRef>,
    #[serde(default)]
    quais: String,
    #[serde(default)]
    q: String,
}

/// Whom an address names; nothing for one who is not there.
async fn known(ctx: &mut CtxInner, which: Option<&TitularRef>) -> web::Result<Option<Titular>> {
    match which {
        Some(which) => Ok(titular::get(&mut ctx.tx, &ctx.app.modules, which).await?),
        None => Ok(None),
    }
}

/// The form again where a rule was broken; everything else is an error of the request.
fn again(form: &mut FormState, lang: Lang, error: ConsentimentoError) -> web::Result<StatusCode> {
    match error {
        ConsentimentoError::Rule(_) => {
            form.refuse(lang, &error);
            Ok(if error.kind() == Kind::Conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY })
        }
        other => Err(other.into()),
    }
}

fn back(path: &impl ToString, toast: &'static str) -> Response {
    redirect(&path.to_string(), Some((Tone::Success, toast)))
}

async fn found(ctx: &mut CtxInner, id: FinalidadeId) -> web::Result<Finalidade> {
    find_finalidade(&mut ctx.tx, id).await?.ok_or_else(web::Error::not_found)
}
