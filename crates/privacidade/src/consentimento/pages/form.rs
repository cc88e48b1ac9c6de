//! A form about one person: to note what they gave, or to ask them.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Fault;
use messaging::Links;
use web::{Ctx, FormBody, Page, Query, filters, forms::FormState, frame::Frame, titular::Titular};

use super::{AnotarPath, Asked, ConsentimentoPath, FinalidadePath, FinalidadesPath, PedirPath, again, back, found, known};
use crate::{
    below,
    consentimento::{Anotar, Evidencia, Finalidade, anotar, pedir, publico::paragraphs},
    instante::Local,
    titular::TitularRef,
};

#[derive(Template)]
#[template(path = "privacidade/consentimento_form.html")]
pub(crate) struct ConsentimentoFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    texto: Vec<String>,
    /// Of whom there is a record; name and e-mail are typed otherwise.
    titular: Option<Titular>,
    /// It was given in another way and is noted.
    noted: bool,
    sub: &'static str,
}

impl ConsentimentoFormPage {
    pub(crate) fn new(frame: Frame, form: FormState, of: &Finalidade, titular: Option<Titular>, noted: bool) -> Self {
        let label = frame.t("finalidades-title");
        let cancel = FinalidadePath { finalidade: of.id }.to_string();
        let frame = below(frame).crumb(label, FinalidadesPath::PATH).crumb(of.titulo.clone(), cancel.clone());
        let (action, key, sub) = if noted {
            (AnotarPath { finalidade: of.id }.to_string(), "consentimento-anotar", "consentimento-anotar-sub")
        } else {
            (PedirPath { finalidade: of.id }.to_string(), "consentimento-pedir", "consentimento-pedir-sub")
        };
        let sub = frame.t(sub);
        Self { frame: frame.titled(key), form, action, cancel, texto: paragraphs(&of.texto), titular, noted, sub }
    }
}

pub(super) async fn note_form(
    path: AnotarPath,
    mut ctx: Ctx,
    Query(asked): Query<Asked>,
) -> web::Result<Page<ConsentimentoFormPage>> {
    let ctx = &mut *ctx;
    let (of, titular) = (found(ctx, path.finalidade).await?, known(ctx, asked.titular.as_ref()).await?);
    let form = FormState::new().with("dado_at", Local::typed(ctx.now, ctx.fuso()));
    Ok(Page(ConsentimentoFormPage::new(ctx.frame(), form, &of, titular, true)))
}

pub(super) async fn ask_form(
    path: PedirPath,
    mut ctx: Ctx,
    Query(asked): Query<Asked>,
) -> web::Result<Page<ConsentimentoFormPage>> {
    let ctx = &mut *ctx;
    let (of, titular) = (found(ctx, path.finalidade).await?, known(ctx, asked.titular.as_ref()).await?);
    Ok(Page(ConsentimentoFormPage::new(ctx.frame(), FormState::new(), &of, titular, false)))
}

/// Whom a form means: a record, or name and e-mail.
#[derive(Debug, Clone)]
struct Pessoa {
    titular: Option<TitularRef>,
    nome: Option<kernel::Texto<120>>,
    email: Option<kernel::Email>,
}

fn pessoa(form: &mut FormState) -> Option<Pessoa> {
    if let Ok(titular) = form.raw("titular").parse::<TitularRef>() {
        return Some(Pessoa { titular: Some(titular), nome: None, email: None });
    }
    let (nome, email) = (form.required("nome"), form.required("email"));
    Some(Pessoa { titular: None, nome: Some(nome?), email: Some(email?) })
}

pub(super) async fn note(path: AnotarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let of = found(ctx, path.finalidade).await?;
    let (pessoa, evidencia) = (pessoa(&mut form), form.required::<Evidencia>("evidencia"));
    let dado_at = form.required::<Local>("dado_at").and_then(|local| local.at(ctx.fuso()));
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let titular = pessoa.as_ref().and_then(|one| one.titular.clone());
    if let (Some(Pessoa { titular, nome, email }), Some(evidencia), Some(dado_at)) = (pessoa, evidencia, dado_at) {
        let cmd = Anotar { titular, nome, email, dado_at, evidencia };
        match anotar(&mut ctx.tx, &ctx.actor, &ctx.app.modules, of.id, &cmd).await {
            Ok(consentimento) => return Ok(back(&ConsentimentoPath { consentimento }, "toast-consentimento-anotado")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    } else if form.is_ok() {
        form.fail("dado_at", kernel::Invalid::new("instante"));
    }
    let titular = known(ctx, titular.as_ref()).await?;
    Ok((status, Page(ConsentimentoFormPage::new(ctx.frame(), form, &of, titular, true))).into_response())
}

pub(super) async fn ask(path: PedirPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let of = found(ctx, path.finalidade).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let pessoa = pessoa(&mut form);
    if let Some(Pessoa { titular, nome, email }) = &pessoa {
        let links = Links::new(ctx.app.config.base.as_str(), "console").map_err(|e| Fault::new("base address", e))?;
        let house = (&*ctx.app.modules, &links);
        match pedir(&mut ctx.tx, &ctx.actor, house, of.id, titular.as_ref(), (nome.as_ref(), email.as_ref())).await {
            Ok(()) => return Ok(back(&FinalidadePath { finalidade: of.id }, "toast-consentimento-pedido")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    let titular = known(ctx, pessoa.and_then(|one| one.titular).as_ref()).await?;
    Ok((status, Page(ConsentimentoFormPage::new(ctx.frame(), form, &of, titular, false))).into_response())
}
