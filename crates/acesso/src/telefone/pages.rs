//! `/entrar/telefone`: asking for a code, and `/entrar/telefone/codigo`, where it is typed.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{ErrorKind as _, Invalid, Kind, Telefone};
use serde::Deserialize;
use web::{
    Access, Ctx, FormBody, Page, Query, Route, coming_back, cookies, filters,
    forms::FormState,
    frame::{Frame, Tone},
    local_path, redirect,
};

use super::{
    ConfirmarTelefone, ConfirmarTelefoneError, ConfirmarTelefoneRule, PedirCodigoError, PedirCodigoRule, confirmar, pedir,
};
use crate::{
    aparelho::Aparelhos,
    entrar::pages::{EntrarPath, InicioPath, arrived},
    sessao::SessaoId,
};

const BODY_LIMIT: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/telefone")]
pub struct TelefonePath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/telefone/codigo")]
pub struct CodigoPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(form, Access::Public),
        Route::post(ask, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/telefone", "telefone=47999990000"),
        Route::get(code, Access::Public),
        Route::post(enter, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/telefone/codigo", "codigo=000000"),
    ]
}

#[derive(Template)]
#[template(path = "acesso/telefone.html")]
pub(crate) struct TelefonePage {
    frame: Frame,
    form: FormState,
    voltar: String,
    entrar: String,
}

impl TelefonePage {
    fn new(frame: Frame, form: FormState, voltar: &str) -> Self {
        let entrar = coming_back(EntrarPath::PATH, voltar);
        Self { frame: frame.titled("telefone-title"), form, voltar: voltar.to_owned(), entrar }
    }
}

#[derive(Template)]
#[template(path = "acesso/telefone_codigo.html")]
pub(crate) struct CodigoPage {
    frame: Frame,
    form: FormState,
    voltar: String,
    /// Where another code is asked for.
    again: String,
}

impl CodigoPage {
    fn new(frame: Frame, form: FormState, voltar: &str) -> Self {
        let again = coming_back(TelefonePath::PATH, voltar);
        Self { frame: frame.titled("telefone-codigo-title"), form, voltar: voltar.to_owned(), again }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Back {
    #[serde(default)]
    voltar: String,
}

async fn form(_: TelefonePath, mut ctx: Ctx, Query(back): Query<Back>) -> web::Result<Response> {
    let voltar = local_path(&back.voltar).unwrap_or(InicioPath::PATH);
    if ctx.actor.is_signed_in() {
        return Ok(redirect(voltar, None));
    }
    if !super::is_offered(&mut ctx.tx).await? {
        return Ok(redirect(&coming_back(EntrarPath::PATH, voltar), None));
    }
    Ok(Page(TelefonePage::new(ctx.frame(), FormState::new(), voltar)).into_response())
}

async fn ask(_: TelefonePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let voltar = local_path(form.value("voltar")).unwrap_or(InicioPath::PATH).to_owned();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(telefone) = form.required::<Telefone>("telefone") {
        let meta = ctx.meta().clone();
        match pedir(&mut ctx.tx, &meta, &telefone).await {
            Ok(cookie) => {
                let mut response = redirect(&coming_back(CodigoPath::PATH, &voltar), None);
                response.headers_mut().append(header::SET_COOKIE, cookies::telefone(&cookie.reveal()));
                return Ok(response);
            }
            Err(PedirCodigoError::Rule(PedirCodigoRule::NotOffered)) => {
                return Ok(redirect(&coming_back(EntrarPath::PATH, &voltar), None));
            }
            Err(refused @ PedirCodigoError::Rule(_)) => {
                status = StatusCode::TOO_MANY_REQUESTS;
                form.refuse(ctx.lang, &refused);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok((status, Page(TelefonePage::new(ctx.frame(), form, &voltar))).into_response())
}

async fn code(_: CodigoPath, ctx: Ctx, headers: HeaderMap, Query(back): Query<Back>) -> Response {
    let voltar = local_path(&back.voltar).unwrap_or(InicioPath::PATH);
    if ctx.actor.is_signed_in() {
        return redirect(voltar, None);
    }
    if super::cookie(&headers).is_none() {
        return redirect(&coming_back(TelefonePath::PATH, voltar), None);
    }
    Page(CodigoPage::new(ctx.frame(), FormState::new(), voltar)).into_response()
}

async fn enter(_: CodigoPath, ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = FormState::from_body(&body);
    let voltar = local_path(form.value("voltar")).unwrap_or(InicioPath::PATH).to_owned();
    let anew = |toast| {
        let mut response = redirect(&coming_back(TelefonePath::PATH, &voltar), Some((Tone::Warning, toast)));
        response.headers_mut().append(header::SET_COOKIE, cookies::no_telefone());
        response
    };
    let Some(cookie) = super::cookie(&headers) else { return Ok(anew("toast-telefone-over")) };
    let frame = ctx.frame();
    let codigo = form.raw("codigo").to_owned();
    if codigo.trim().is_empty() {
        form.fail("codigo", Invalid::new("required"));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(CodigoPage::new(frame, form, &voltar))).into_response());
    }
    let cmd = ConfirmarTelefone { codigo, previous: ctx.session.map(SessaoId::new), aparelhos: Aparelhos::of(&headers) };
    let (tenants, unidade, meta) = (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.meta().clone());
    ctx.release().await?;
    match confirmar(&tenants, &unidade, &meta, &cookie, cmd).await {
        Ok(entrou) => {
            let mut response = arrived(&voltar, entrou);
            response.headers_mut().append(header::SET_COOKIE, cookies::no_telefone());
            Ok(response)
        }
        Err(ConfirmarTelefoneError::Rule(ConfirmarTelefoneRule::Over)) => Ok(anew("toast-telefone-over")),
        Err(refused @ ConfirmarTelefoneError::Rule(_)) => {
            let busy = refused.kind() == Kind::Unavailable;
            let status = if busy { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
            form.refuse(frame.lang, &refused);
            Ok((status, Page(CodigoPage::new(frame, form, &voltar))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
impl TelefonePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let mut wait = FormState::new().with("telefone", "<script>alert(1)</script>");
        wait.refuse(frame.lang, &PedirCodigoError::Rule(PedirCodigoRule::TooMany));
        [FormState::new(), wait].map(|form| Self::new(frame.clone(), form, "/empresas?q=%22a%22")).into()
    }
}

#[cfg(test)]
impl CodigoPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let mut wrong = FormState::new().with("codigo", "<script>alert(1)</script>");
        wrong.refuse(frame.lang, &ConfirmarTelefoneError::Rule(ConfirmarTelefoneRule::Wrong));
        let mut wait = FormState::new();
        wait.refuse(frame.lang, &ConfirmarTelefoneError::Rule(ConfirmarTelefoneRule::TooMany));
        [FormState::new(), wrong, wait].map(|form| Self::new(frame.clone(), form, "/")).into()
    }
}
