use acesso::{NovaSenha, Segredo, Senha};
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Texto;
use serde::Deserialize;
use web::{Access, Error, FormBody, Page, Result, Route, filters, forms::FormState, frame::Frame, redirect};

use super::{
    aceitar::{self, Aceitar},
    entrar, sessao, totp,
};
use crate::ConsoleCtx;

#[derive(TypedPath, Deserialize)]
#[typed_path("/")]
pub(crate) struct Home;

#[derive(TypedPath, Deserialize)]
#[typed_path("/entrar")]
pub(crate) struct EntrarPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/entrar/codigo")]
pub(crate) struct CodigoPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/sair")]
pub(crate) struct SairPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/convite/{token}")]
pub(crate) struct ConvitePath {
    token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(home, Access::SignedIn),
        Route::get(show_entrar, Access::Public),
        Route::post(post_entrar, Access::Public).sample("/entrar", "email=ninguem@senai.example&senha=errada"),
        Route::get(show_codigo, Access::Public),
        Route::post(post_codigo, Access::Public).sample("/entrar/codigo", "codigo=000000"),
        Route::post(post_sair, Access::SignedIn),
        Route::get(show_convite, Access::Public).ids(&["admin_convite"]).sample("/convite/{admin_convite}", ""),
        Route::post(post_convite, Access::Public).ids(&["admin_convite"]).sample("/convite/{admin_convite}", "nome=Ana"),
    ]
}

/// A page of the bare frame with one form.
#[derive(Template)]
#[template(path = "plataforma/entrar.html")]
struct EntrarPage {
    frame: Frame,
    form: FormState,
}

#[derive(Template)]
#[template(path = "plataforma/codigo.html")]
struct CodigoPage {
    frame: Frame,
    form: FormState,
}

#[derive(Template)]
#[template(path = "plataforma/convite.html")]
struct ConvitePage {
    frame: Frame,
    form: FormState,
    action: String,
    email: String,
    /// PNG as base64.
    qr: String,
    /// The secret as text, for who cannot scan.
    secret: String,
}

async fn home(_: Home, _ctx: ConsoleCtx) -> Response {
    redirect("/unidades", None)
}

async fn show_entrar(_: EntrarPath, ctx: ConsoleCtx) -> Response {
    Page(EntrarPage { frame: ctx.frame().titled("console-sign-in"), form: FormState::new() }).into_response()
}

async fn post_entrar(_: EntrarPath, ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let mut form = FormState::from_body(&body).secret("senha");
    let (frame, lang, meta) = (ctx.frame().titled("console-sign-in"), ctx.lang, ctx.actor.meta.clone());
    let (email, senha) = (form.raw("email").to_owned(), Senha::typed(form.raw("senha")));
    // Hashing takes a while; no connection waits for it.
    let app = ctx.release().await?;
    match entrar::senha(&app.platform, &meta, &email, senha).await {
        Ok(segredo) => Ok(with_cookie("/entrar/codigo", sessao::set_cookie(&segredo))),
        Err(entrar::EntrarError::Fault(fault)) => Err(fault.into()),
        Err(refused) => {
            form.refuse(lang, &refused);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(EntrarPage { frame, form })).into_response())
        }
    }
}

async fn show_codigo(_: CodigoPath, ctx: ConsoleCtx) -> Response {
    match &ctx.sessao {
        Some(sessao) if !sessao.complete => {
            Page(CodigoPage { frame: ctx.frame().titled("console-code"), form: FormState::new() }).into_response()
        }
        Some(_) => redirect("/unidades", None),
        None => redirect("/entrar", None),
    }
}

async fn post_codigo(_: CodigoPath, ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let mut form = FormState::from_body(&body).secret("codigo");
    let Some(half) = ctx.sessao.clone().filter(|s| !s.complete) else {
        return Ok(redirect("/entrar", None));
    };
    let (frame, lang, meta) = (ctx.frame().titled("console-code"), ctx.lang, ctx.actor.meta.clone());
    let code = form.raw("codigo").to_owned();
    let app = ctx.release().await?;
    match entrar::codigo(&app.platform, &meta, &half, &code).await {
        Ok(segredo) => Ok(with_cookie("/unidades", sessao::set_cookie(&segredo))),
        Err(entrar::EntrarError::Fault(fault)) => Err(fault.into()),
        Err(refused) => {
            form.refuse(lang, &refused);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(CodigoPage { frame, form })).into_response())
        }
    }
}

async fn post_sair(_: SairPath, mut ctx: ConsoleCtx) -> Result<Response> {
    if let Some(sessao) = ctx.sessao.clone() {
        let actor = ctx.actor.clone();
        entrar::sair(&mut ctx.tx, &actor, &sessao).await?;
    }
    Ok(with_cookie("/entrar", sessao::no_cookie()))
}

async fn show_convite(ConvitePath { token }: ConvitePath, mut ctx: ConsoleCtx) -> Result<Response> {
    let segredo: Segredo = token.parse().map_err(|_| link_gone())?;
    let key = ctx.app.platform.config().master_key.clone();
    let convite = aceitar::find(&mut ctx.tx, &key, &segredo).await?.ok_or_else(link_gone)?;
    Ok(Page(convite_page(ctx.frame(), FormState::new(), &token, &convite)?).into_response())
}

async fn post_convite(ConvitePath { token }: ConvitePath, mut ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let mut form = FormState::from_body(&body).secret("senha").secret("codigo");
    let segredo: Segredo = token.parse().map_err(|_| link_gone())?;
    let key = ctx.app.platform.config().master_key.clone();
    let convite = aceitar::find(&mut ctx.tx, &key, &segredo).await?.ok_or_else(link_gone)?;
    let nome = form.required::<Texto<120>>("nome");
    let senha = match NovaSenha::choose(Senha::typed(form.raw("senha")), &[form.raw("nome"), &convite.email]) {
        Ok(senha) => Some(senha),
        Err(invalid) => {
            form.fail("senha", invalid);
            None
        }
    };
    let (frame, lang, meta) = (ctx.frame(), ctx.lang, ctx.actor.meta.clone());
    let codigo = form.raw("codigo").to_owned();
    let app = ctx.release().await?;
    if let (Some(nome), Some(senha)) = (nome, senha) {
        match aceitar::aceitar(&app.platform, &meta, Aceitar { segredo, nome, senha, codigo }).await {
            Ok(segredo) => return Ok(with_cookie("/unidades", sessao::set_cookie(&segredo))),
            Err(aceitar::AceitarError::Fault(fault)) => return Err(fault.into()),
            Err(aceitar::AceitarError::LinkGone) => return Err(link_gone()),
            Err(refused) => form.refuse(lang, &refused),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(convite_page(frame, form, &token, &convite)?)).into_response())
}

fn convite_page(frame: Frame, form: FormState, token: &str, convite: &aceitar::Convite) -> Result<ConvitePage> {
    let code = totp::build(&convite.totp_secret, &convite.email)?;
    Ok(ConvitePage {
        frame: frame.titled("console-invite"),
        form,
        action: format!("/convite/{token}"),
        email: convite.email.clone(),
        qr: totp::picture(&code)?,
        secret: totp::text(&convite.totp_secret),
    })
}

fn link_gone() -> Error {
    Error::status(StatusCode::NOT_FOUND, "link-gone")
}

fn with_cookie(to: &str, cookie: HeaderValue) -> Response {
    let mut response = redirect(to, None);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
