//! `/recuperar`: asking for a link, and `/recuperar/{token}`, where it leads.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Email, Invalid};
use serde::Deserialize;
use web::{Access, Ctx, FormBody, Page, Route, filters, forms::FormState, frame::Frame};

use super::{Aberta, PedirRecuperacaoError, RecuperarError, pedir, recuperar};
use crate::{
    aparelho::Aparelhos,
    convite::pages::LinkOverPage,
    entrar::pages::{InicioPath, arrived},
    segredo::Segredo,
    senha::Senha,
    sessao::SessaoId,
};

const BODY_LIMIT: usize = 32 * 1024;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/recuperar")]
pub struct PedirPath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/recuperar/{token}")]
pub struct RecuperacaoPath {
    pub token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(form, Access::Public),
        Route::post(ask, Access::Public).body_limit(BODY_LIMIT).sample("/recuperar", "email={usuario.email}"),
        Route::get(choose, Access::Public).ids(&["recuperacao"]).sample("/recuperar/{recuperacao}", ""),
        Route::post(set, Access::Public)
            .ids(&["recuperacao"])
            .body_limit(BODY_LIMIT)
            .sample("/recuperar/{recuperacao}", "senha=cavalo-bateria-grampo&senha2=cavalo-bateria-grampo"),
    ]
}

#[derive(Template)]
#[template(path = "acesso/pedir.html")]
pub(crate) struct PedirPage {
    frame: Frame,
    form: FormState,
    /// It was asked for; whether a letter goes out is not said.
    asked: bool,
}

impl PedirPage {
    fn new(frame: Frame, form: FormState, asked: bool) -> Self {
        Self { frame: frame.titled("recuperacao-title"), form, asked }
    }
}

async fn form(_: PedirPath, ctx: Ctx) -> Page<PedirPage> {
    Page(PedirPage::new(ctx.frame(), FormState::new(), false))
}

async fn ask(_: PedirPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(email) = form.required::<Email>("email") {
        let (meta, base) = (ctx.meta().clone(), ctx.app.config.base.to_string());
        match pedir(&mut ctx.tx, &meta, &base, email).await {
            Ok(()) => return Ok(Page(PedirPage::new(ctx.frame(), FormState::new(), true)).into_response()),
            Err(PedirRecuperacaoError::Fault(fault)) => return Err(fault.into()),
            Err(refused) => {
                status = StatusCode::TOO_MANY_REQUESTS;
                form.refuse(ctx.lang, &refused);
            }
        }
    }
    Ok((status, Page(PedirPage::new(ctx.frame(), form, false))).into_response())
}

#[derive(Template)]
#[template(path = "acesso/recuperar.html")]
pub(crate) struct RecuperarPage {
    frame: Frame,
    form: FormState,
    action: String,
    email: String,
}

impl RecuperarPage {
    fn new(frame: Frame, form: FormState, path: &RecuperacaoPath, aberta: Aberta) -> Self {
        Self { frame: frame.titled("recuperar-title"), form, action: path.to_string(), email: aberta.email }
    }
}

/// Shows the form and changes nothing: mail scanners open links too.
async fn choose(path: RecuperacaoPath, mut ctx: Ctx) -> web::Result<Response> {
    let aberta = match path.token.parse::<Segredo>() {
        Ok(token) => super::find_open(&mut ctx.tx, &token).await?,
        Err(_) => None,
    };
    Ok(match aberta {
        Some(aberta) => Page(RecuperarPage::new(ctx.frame(), FormState::new(), &path, aberta)).into_response(),
        None => LinkOverPage::answer(ctx.frame()),
    })
}

async fn set(path: RecuperacaoPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let frame = ctx.frame();
    let Ok(token) = path.token.parse::<Segredo>() else { return Ok(LinkOverPage::answer(frame)) };
    let Some(aberta) = super::find_open(&mut ctx.tx, &token).await? else { return Ok(LinkOverPage::answer(frame)) };
    let mut form = FormState::from_body(&body).secret("senha").secret("senha2");
    // As typed: the form would trim it.
    let typed = |field: &str| form.all(field).first().cloned().unwrap_or_default();
    let (senha, again) = (typed("senha"), typed("senha2"));
    if senha != again {
        form.fail("senha2", Invalid::new("senha-differs"));
    }
    if form.is_ok() {
        let (tenants, unidade, meta) = (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.meta().clone());
        let came = (ctx.session.map(SessaoId::new), Aparelhos::of(&headers));
        ctx.release().await?;
        match recuperar(&tenants, &unidade, &meta, &token, Senha::typed(&senha), came).await {
            Ok(entrou) => return Ok(arrived(InicioPath::PATH, entrou)),
            Err(RecuperarError::NotFound) => return Ok(LinkOverPage::answer(frame)),
            Err(RecuperarError::Fault(fault)) => return Err(fault.into()),
            Err(refused) => form.refuse(frame.lang, &refused),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(RecuperarPage::new(frame, form, &path, aberta))).into_response())
}

#[cfg(test)]
impl PedirPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let mut wrong = FormState::new().with("email", "\"ana\"@<b>senai</b>.example");
        wrong.fail("email", Invalid::new("required"));
        let mut wait = FormState::new().with("email", "a@b.example");
        wait.refuse(frame.lang, &PedirRecuperacaoError::TooMany);
        vec![
            Self::new(frame.clone(), FormState::new(), false),
            Self::new(frame.clone(), wrong, false),
            Self::new(frame.clone(), wait, false),
            Self::new(frame.clone(), FormState::new(), true),
        ]
    }
}

#[cfg(test)]
impl RecuperarPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let path = RecuperacaoPath { token: Segredo::draw().reveal() };
        let aberta = || Aberta { nome: "Marina".into(), email: "marina.costa@senai.example".into() };
        let mut weak = FormState::new().secret("senha").secret("senha2");
        weak.refuse(frame.lang, &RecuperarError::Senha(Invalid::new("senha-short").with("min", 12)));
        [FormState::new(), weak].map(|form| Self::new(frame.clone(), form, &path, aberta())).into()
    }
}
