//! What a finalidade is called, and in which words it is asked for.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use web::{Ctx, FormBody, Page, filters, forms::FormState, frame::Frame};

use super::{FinalidadePath, FinalidadesPath, NovaPath, TextoPath, again, back, found};
use crate::{
    below,
    consentimento::{FinalidadeId, Palavras, criar, nova_versao},
};

#[derive(Template)]
#[template(path = "privacidade/finalidade_form.html")]
pub(crate) struct FinalidadeFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    /// The text that is shown now, where another is written.
    versao: Option<i32>,
}

impl FinalidadeFormPage {
    pub(crate) fn new(frame: Frame, form: FormState, of: Option<(FinalidadeId, i32)>) -> Self {
        let label = frame.t("finalidades-title");
        let frame = below(frame).crumb(label, FinalidadesPath::PATH);
        let (action, cancel, key) = match of {
            Some((finalidade, _)) => {
                (TextoPath { finalidade }.to_string(), FinalidadePath { finalidade }.to_string(), "finalidade-nova-versao")
            }
            None => (FinalidadesPath::PATH.to_owned(), FinalidadesPath::PATH.to_owned(), "finalidade-new"),
        };
        Self { frame: frame.titled(key), form, action, cancel, versao: of.map(|(_, versao)| versao) }
    }
}

pub(super) async fn new(_: NovaPath, ctx: Ctx) -> Page<FinalidadeFormPage> {
    Page(FinalidadeFormPage::new(ctx.frame(), FormState::new(), None))
}

fn palavras(form: &mut FormState) -> Option<Palavras> {
    let (titulo, texto) = (form.required("titulo"), form.required("texto"));
    Some(Palavras { titulo: titulo?, texto: texto?, renovar: form.has("renovar", "sim") })
}

pub(super) async fn create(_: FinalidadesPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(palavras) = palavras(&mut form) {
        let finalidade = criar(&mut ctx.tx, &ctx.actor, &palavras).await?;
        return Ok(back(&FinalidadePath { finalidade }, "toast-finalidade-criada"));
    }
    let page = FinalidadeFormPage::new(ctx.frame(), form, None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

pub(super) async fn rewrite(path: TextoPath, mut ctx: Ctx) -> web::Result<Page<FinalidadeFormPage>> {
    let one = found(&mut ctx, path.finalidade).await?;
    let form = FormState::new().with("titulo", &one.titulo).with("texto", &one.texto);
    Ok(Page(FinalidadeFormPage::new(ctx.frame(), form, Some((one.id, one.versao)))))
}

pub(super) async fn save(path: TextoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let one = found(ctx, path.finalidade).await?;
    let seen = form.raw("versao").parse().unwrap_or_default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(palavras) = palavras(&mut form) {
        match nova_versao(&mut ctx.tx, &ctx.actor, one.id, seen, &palavras).await {
            Ok(_) => return Ok(back(&FinalidadePath { finalidade: one.id }, "toast-finalidade-versao")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    Ok((status, Page(FinalidadeFormPage::new(ctx.frame(), form, Some((one.id, one.versao))))).into_response())
}
