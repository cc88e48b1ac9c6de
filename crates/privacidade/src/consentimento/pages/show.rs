//! One consentimento with its proof, and its end.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use web::{Ctx, CtxInner, FormBody, Page, filters, forms::FormState, frame::Frame};

use super::{ConsentimentoPath, FinalidadePath, FinalidadesPath, ProvaPath, again, back, status};
use crate::{
    VER, below,
    consentimento::{Consentimento, ConsentimentoId, Evidencia, file, find, publico::paragraphs, retirar_um, sql},
    titular::pages::DossiePath,
};

#[derive(Template)]
#[template(path = "privacidade/consentimento.html")]
pub(crate) struct ConsentimentoPage {
    frame: Frame,
    form: FormState,
    path: String,
    protocolo: String,
    status: (&'static str, &'static str, &'static str),
    fatos: Vec<(&'static str, String)>,
    texto: Vec<String>,
    /// Nothing was taken back yet.
    standing: bool,
    /// Where everything of the person stands, for whoever may see it.
    dossie: Option<String>,
}

impl ConsentimentoPage {
    pub(crate) fn new(frame: Frame, form: FormState, one: &Consentimento, texto: &str, ver: bool) -> Self {
        let label = frame.t("finalidades-title");
        let of = FinalidadePath { finalidade: one.finalidade }.to_string();
        let frame = below(frame).crumb(label, FinalidadesPath::PATH).crumb(one.titulo.clone(), of).title(one.nome.clone());
        Self {
            path: ConsentimentoPath { consentimento: one.id }.to_string(),
            protocolo: one.protocolo.clone(),
            status: status(&frame, one.situacao),
            fatos: file::fatos(&frame, one),
            texto: paragraphs(texto),
            standing: one.retirado.is_none(),
            dossie: one.titular.clone().filter(|_| ver).map(|titular| DossiePath { titular }.to_string()),
            form,
            frame,
        }
    }
}

async fn load_one(ctx: &mut CtxInner, id: ConsentimentoId, form: FormState) -> web::Result<ConsentimentoPage> {
    let one = find(&mut ctx.tx, id).await?.ok_or_else(web::Error::not_found)?;
    let texto = sql::texto(&mut ctx.tx, one.finalidade, one.versao).await?;
    Ok(ConsentimentoPage::new(ctx.frame(), form, &one, &texto, ctx.actor.may(&VER)))
}

pub(super) async fn one(path: ConsentimentoPath, mut ctx: Ctx) -> web::Result<Page<ConsentimentoPage>> {
    Ok(Page(load_one(&mut ctx, path.consentimento, FormState::new()).await?))
}

pub(super) async fn take_back(path: ConsentimentoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(evidencia) = form.required::<Evidencia>("evidencia") {
        match retirar_um(&mut ctx.tx, &ctx.actor, path.consentimento, &evidencia).await {
            Ok(()) => return Ok(back(&path, "toast-consentimento-retirado")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    Ok((status, Page(load_one(ctx, path.consentimento, form).await?)).into_response())
}

pub(super) async fn proof(path: ProvaPath, mut ctx: Ctx) -> web::Result<Response> {
    let one = find(&mut ctx.tx, path.consentimento).await?.ok_or_else(web::Error::not_found)?;
    let texto = sql::texto(&mut ctx.tx, one.finalidade, one.versao).await?;
    file::proof(&mut ctx, &one, &texto).await
}
