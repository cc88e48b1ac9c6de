//! The questions to chaves and their answers. The script of a page takes the one to the browser and puts the other into a form.

use std::sync::Arc;

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::TimeDelta;
use kernel::{ErrorKind, Fault, Lang};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{Access, App, Ctx, FormBody, Page, Route, coming_back, cookies, forms::FormState, frame::Tone, local_path, redirect};

use super::{ChaveError, ChaveId, NomeChave, ask_anybody, ask_fator, ask_new, cookie, enter, keep, prove, remove, rename};
use crate::{
    aparelho::Aparelhos,
    entrar::{
        address_class,
        pages::{EntrarPath, InicioPath, arrived, signed_in},
        tentativa::{self, Limit},
    },
    fator::pages::SegurancaPath,
    passo::{
        self, ConfirmarError,
        pages::{ConfirmarPath, ReservaPage},
    },
    segredo::Segredo,
    senha::Senha,
    sessao::SessaoId,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/chaves")]
pub struct ChavesPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/chaves/desafio")]
pub struct NovaChavePath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/chaves/{id}")]
pub struct ChavePath {
    pub id: ChaveId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/chaves/{id}/retirar")]
pub struct RetirarChavePath {
    pub id: ChaveId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/chave")]
pub struct EntrarChavePath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/chave/desafio")]
pub struct DesafioPath;

const BODY_LIMIT: usize = 32 * 1024;
/// Questions to nobody in particular, of one address.
const QUESTIONS: Limit = Limit { failures: 100, window: TimeDelta::minutes(15) };

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(ask_for_new, Access::SignedIn).sample("/conta/chaves/desafio", "senha_atual={usuario.senha}"),
        Route::post(keep_new, Access::SignedIn).body_limit(BODY_LIMIT).sample("/conta/chaves", "nome=Celular&resposta=x"),
        Route::post(change_name, Access::SignedIn).ids(&["chave"]).sample("/conta/chaves/{chave}", "nome=Celular+novo"),
        Route::post(take_away, Access::SignedIn)
            .ids(&["chave"])
            .sample("/conta/chaves/{chave}/retirar", "senha_atual={usuario.senha}"),
        Route::post(ask_any, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/chave/desafio", "para=entrada"),
        Route::post(come_in, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/chave", "resposta=x"),
    ]
}

/// The canonical address of the unidade, to which chaves belong.
fn origin(app: &App, unidade: &tenancy::Unidade) -> Result<String, Fault> {
    Ok(crate::links(app)?.unidade(unidade, "/").as_str().to_owned())
}

fn question((question, secret): (Value, Segredo)) -> Response {
    let mut response = Json(question).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookies::desafio(&secret.reveal()));
    response
}

/// In a sentence, for the script to show.
fn refused(lang: Lang, error: &ChaveError) -> Response {
    let text = match error.fields().first() {
        Some(field) => idioma::invalid(lang, &field.invalid).into_owned(),
        None => {
            idioma::find(lang, &format!("error-{}", error.code())).unwrap_or_else(|| idioma::t(lang, "error-chave")).to_owned()
        }
    };
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "problem": text }))).into_response()
}

fn typed(form: &FormState) -> Senha {
    // As typed: the form would trim it.
    Senha::typed(form.all("senha_atual").first().map_or("", String::as_str))
}

async fn ask_for_new(_: NovaChavePath, ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let form = FormState::from_body(&body).secret("senha_atual");
    let sessao = ctx.session.map(SessaoId::new).ok_or_else(|| Fault::because("a person without a sessão"))?;
    let (lang, actor, origin) = (ctx.lang, ctx.actor.clone(), origin(&ctx.app, &ctx.unidade)?);
    let (tenants, unidade) = (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade));
    ctx.release().await?;
    match ask_new(&tenants, &unidade, &origin, &actor, (sessao, typed(&form))).await {
        Ok(asked) => Ok(question(asked)),
        Err(ChaveError::Fault(fault)) => Err(fault.into()),
        Err(error) => Ok(refused(lang, &error)),
    }
}

/// A refusal leads back too: the question was used up by it, and that stays.
async fn keep_new(_: ChavesPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let back = |tone, toast| redirect(SegurancaPath::PATH, Some((tone, toast)));
    let mut form = FormState::from_body(&body);
    let (Some(secret), Some(nome)) = (cookie(&headers), form.required::<NomeChave>("nome")) else {
        return Ok(back(Tone::Warning, "toast-chave-refused"));
    };
    let sessao = ctx.session.map(SessaoId::new).ok_or_else(|| Fault::because("a person without a sessão"))?;
    let (key, origin) = (ctx.app.platform.config().master_key.clone(), origin(&ctx.app, &ctx.unidade)?);
    match keep(&mut ctx.tx, &key, &origin, (&ctx.actor, sessao), &secret, (nome, form.raw("resposta"))).await {
        Ok(codes) if codes.is_empty() => Ok(back(Tone::Success, "toast-chave-kept")),
        Ok(codes) => Ok(Page(ReservaPage::new(ctx.frame(), codes, SegurancaPath::PATH)).into_response()),
        Err(ChaveError::Refused) => Ok(back(Tone::Warning, "toast-chave-refused")),
        Err(error) => Err(error.into()),
    }
}

async fn change_name(path: ChavePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let toast = match form.required::<NomeChave>("nome") {
        Some(nome) => {
            rename(&mut ctx.tx, &ctx.actor, path.id, nome).await?;
            (Tone::Success, "toast-saved")
        }
        None => (Tone::Warning, "toast-chave-nome"),
    };
    Ok(redirect(SegurancaPath::PATH, Some(toast)))
}

async fn take_away(path: RetirarChavePath, ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let form = FormState::from_body(&body).secret("senha_atual");
    let sessao = ctx.session.map(SessaoId::new).ok_or_else(|| Fault::because("a person without a sessão"))?;
    let (tenants, unidade, actor) = (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.actor.clone());
    ctx.release().await?;
    let toast = match remove(&tenants, &unidade, &actor, (sessao, typed(&form)), path.id).await {
        Ok(()) => (Tone::Success, "toast-chave-removed"),
        Err(ChaveError::Prova(_)) => (Tone::Warning, "toast-prova"),
        Err(ChaveError::LastFator) => (Tone::Warning, "toast-chave-last"),
        Err(error) => return Err(error.into()),
    };
    Ok(redirect(SegurancaPath::PATH, Some(toast)))
}

/// As the second factor of whoever has a passo, else to enter by a chave alone.
async fn ask_any(_: DesafioPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let origin = origin(&ctx.app, &ctx.unidade)?;
    let asked_by = format!("desafio:{}", address_class(ctx.meta().ip));
    if !tentativa::within(&mut ctx.tx, &asked_by, QUESTIONS).await? {
        return Ok(StatusCode::TOO_MANY_REQUESTS.into_response());
    }
    if FormState::from_body(&body).raw("para") == "fator" {
        let passo = match passo::cookie(&headers) {
            Some(secret) => passo::find(&mut ctx.tx, &secret).await?,
            None => None,
        };
        let asked = match passo {
            Some(passo) => ask_fator(&mut ctx.tx, &origin, &passo).await?,
            None => None,
        };
        return Ok(asked.map_or_else(|| refused(ctx.lang, &ChaveError::Refused), question));
    }
    Ok(question(ask_anybody(&mut ctx.tx, &origin).await?))
}

async fn come_in(_: EntrarChavePath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let back = local_path(form.raw("voltar")).unwrap_or(InicioPath::PATH);
    let (origin, meta) = (origin(&ctx.app, &ctx.unidade)?, ctx.meta().clone());
    let (previous, aparelhos) = (ctx.session.map(SessaoId::new), Aparelhos::of(&headers));
    let not = |path: &str| redirect(&coming_back(path, back), Some((Tone::Warning, "toast-chave-refused")));
    let Some(secret) = cookie(&headers) else {
        return Ok(redirect(EntrarPath::PATH, Some((Tone::Warning, "toast-chave-refused"))));
    };
    if form.raw("para") == "fator" {
        let Some(passo) = (match passo::cookie(&headers) {
            Some(secret) => {
                // Of two answers at once the second waits here and finds the passo over.
                passo::lock(&mut ctx.tx, &secret).await?;
                passo::find(&mut ctx.tx, &secret).await?
            }
            None => None,
        }) else {
            return Ok(not(EntrarPath::PATH));
        };
        if !prove(&mut ctx.tx, &origin, &secret, &passo, form.raw("resposta")).await? {
            return Ok(not(&format!("{}?via=chave", ConfirmarPath::PATH)));
        }
        return match passo::finish(&mut ctx.tx, passo, &meta, previous, aparelhos, form.has("confiar", "sim")).await {
            Ok(nova) => Ok(signed_in(back, nova)),
            Err(ConfirmarError::Fault(fault)) => Err(fault.into()),
            Err(_) => Ok(not(EntrarPath::PATH)),
        };
    }
    Ok(match enter(&mut ctx.tx, &origin, &secret, form.raw("resposta"), &meta, (previous, aparelhos)).await? {
        Some(entrou) => arrived(back, entrou),
        None => not(EntrarPath::PATH),
    })
}
