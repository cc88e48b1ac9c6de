//! From one host to the other. The unidade that is entered begins: it leaves a secret with the browser and sends it to the other
//! one, which vouches for its sessão by a passagem that works for that browser alone. So a link made by somebody else signs nobody
//! in as them, and one that is read on its way opens nothing elsewhere.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Fault;
use serde::Deserialize;
use tenancy::{Status, Unidade};
use web::{
    Access, App, Ctx, CtxInner, Page, Query, Route, cookies, filters,
    frame::{Frame, Tone},
    redirect,
};

use super::{Chegou, Ida, pages::UnidadesPath, vincular_pages::ProporPath};
use crate::{
    aparelho::Aparelhos,
    convite::pages::LinkOverPage,
    entrar::pages::{InicioPath, arrived},
    provedor::entrar_pages::AdiantePage,
    segredo::Segredo,
    sessao::SessaoId,
};

/// The first step towards entering.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unidades/chegar")]
pub(crate) struct ChegarPath;

/// The first step towards a link.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unidades/ligar")]
pub(crate) struct LigarPath;

/// Where the other unidade is asked who is there.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unidades/ir")]
pub(crate) struct IrPath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/unidades/entrar/{token}")]
pub(crate) struct PassagemPath {
    pub token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(arrive, Access::Public).sample("/unidades/chegar?de={vizinha}", ""),
        Route::get(arrive_to_link, Access::SignedIn).sample("/unidades/ligar?de={vizinha}", ""),
        Route::get(go, Access::SignedIn).sample("/unidades/ir?para={vizinha}&estado={navegador}", ""),
        Route::get(show, Access::Public).ids(&["passagem"]).sample("/unidades/entrar/{passagem.entrar}", ""),
        Route::post(enter, Access::Public).ids(&["passagem"]).sample("/unidades/entrar/{passagem.entrar}", ""),
    ]
}

#[derive(Template)]
#[template(path = "acesso/unidades_entrar.html")]
pub(crate) struct PassagemPage {
    frame: Frame,
    action: String,
}

/// The unidade at the other end, which is open and another than this.
pub(super) async fn other(app: &App, here: &Unidade, slug: &str) -> Result<Option<Arc<Unidade>>, Fault> {
    Ok(app.registry.by_slug(slug).await?.filter(|there| there.status == Status::Active && there.id != here.id))
}

#[derive(Debug, Default, Deserialize)]
struct De {
    #[serde(default)]
    de: String,
}

async fn arrive(_: ChegarPath, ctx: Ctx, Query(from): Query<De>) -> web::Result<Response> {
    let Some((_, href, cookie)) = asking(&ctx, &from.de, IrPath::PATH).await? else {
        return Ok(LinkOverPage::answer(ctx.frame()));
    };
    Ok(with(redirect(&href, None), cookie))
}

async fn arrive_to_link(_: LigarPath, ctx: Ctx, Query(from): Query<De>) -> web::Result<Response> {
    let asking = asking(&ctx, &from.de, ProporPath::PATH).await?;
    let Some((de, href, cookie)) = asking else { return Ok(LinkOverPage::answer(ctx.frame())) };
    Ok(with(onwards(ctx.frame(), &de, href)?, cookie))
}

/// The way to the other unidade, which is asked who is there, and the secret that stays with this browser.
async fn asking(ctx: &CtxInner, de: &str, path: &str) -> Result<Option<(Arc<Unidade>, String, HeaderValue)>, Fault> {
    // Only of this house.
    let Some(de) = other(&ctx.app, &ctx.unidade, de).await? else { return Ok(None) };
    let secret = Segredo::draw();
    let (origin, para) = (ctx.app.config.origin_of(&de.slug), ctx.unidade.slug.as_str());
    let href = format!("{origin}{path}?para={para}&estado={}", hex::encode(secret.hash()));
    Ok(Some((de, href, cookies::passagem(&secret.reveal()))))
}

fn with(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// By a page that leads on by itself: who has just signed in here comes by a form, which may lead to no other host (our content
/// security policy), not by way of a redirect either.
fn onwards(frame: Frame, para: &Unidade, href: String) -> Result<Response, Fault> {
    let sub = frame.t_with("unidades-adiante", &[("unidade", para.nome.as_str().into())]);
    AdiantePage::answer(frame, href, sub)
}

/// Who asks, and for which browser.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Pergunta {
    #[serde(default)]
    pub para: String,
    #[serde(default)]
    pub estado: String,
}

impl Pergunta {
    pub(super) fn navegador(&self) -> Option<[u8; 32]> {
        let mut hash = [0; 32];
        hex::decode_to_slice(&self.estado, &mut hash).ok().map(|()| hash)
    }
}

/// Vouches for this sessão to the browser that the other unidade sent, or leads to that unidade's own door.
async fn go(_: IrPath, mut ctx: Ctx, Query(asked): Query<Pergunta>) -> web::Result<Response> {
    let over = || Ok(redirect(UnidadesPath::PATH, Some((Tone::Warning, "toast-unidade-over"))));
    let own = {
        let ctx = &mut *ctx;
        super::conta(&mut ctx.tx, &ctx.actor).await?
    };
    let (Some(own), Some(sessao)) = (own, ctx.session.map(SessaoId::new)) else { return over() };
    let Some(navegador) = asked.navegador() else { return over() };
    let app = ctx.app.clone();
    let Some(para) = other(&app, &ctx.unidade, &asked.para).await? else { return over() };
    let frame = ctx.frame();
    ctx.release().await?;
    let path = match super::ir(&app, &own, sessao, (&para, navegador)).await? {
        Some(Ida::Passagem(token)) => PassagemPath { token: token.reveal() }.to_string(),
        Some(Ida::Porta) => InicioPath::PATH.to_owned(),
        None => return over(),
    };
    let href = format!("{}{path}", app.config.origin_of(&para.slug));
    Ok(onwards(frame, &para, href)?)
}

/// The passagem that this browser brings, and the secret that it was left with.
pub(super) fn keys(headers: &HeaderMap, token: &str) -> Option<(Segredo, Segredo)> {
    Some((token.parse().ok()?, cookies::get(headers, cookies::PASSAGEM_COOKIE)?.parse().ok()?))
}

/// The secret has done what it was for.
pub(super) fn done(response: Response) -> Response {
    with(response, cookies::no_passagem())
}

/// A button that presses itself: a GET opens nothing, and the browser says where a POST comes from.
async fn show(path: PassagemPath, ctx: Ctx, headers: HeaderMap) -> web::Result<Response> {
    let frame = ctx.frame();
    let Some((token, navegador)) = keys(&headers, &path.token) else { return Ok(LinkOverPage::answer(frame)) };
    if !super::waits(&ctx.app, &ctx.unidade, (&token, &navegador)).await? {
        return Ok(LinkOverPage::answer(frame));
    }
    Ok(Page(PassagemPage { frame: frame.titled("unidades-entrar-title"), action: path.to_string() }).into_response())
}

async fn enter(path: PassagemPath, ctx: Ctx, headers: HeaderMap) -> web::Result<Response> {
    let frame = ctx.frame();
    let Some((token, navegador)) = keys(&headers, &path.token) else { return Ok(LinkOverPage::answer(frame)) };
    let came = (ctx.session.map(SessaoId::new), Aparelhos::of(&headers));
    let (app, unidade, actor) = (ctx.app.clone(), Arc::clone(&ctx.unidade), ctx.actor.clone());
    ctx.release().await?;
    Ok(match super::entrar(&app, &unidade, &actor, (&token, &navegador), came).await? {
        Some(Chegou::Entrou(entrou)) => done(arrived(InicioPath::PATH, entrou)),
        Some(Chegou::Dentro) => done(redirect(InicioPath::PATH, None)),
        None => LinkOverPage::answer(frame),
    })
}

#[cfg(test)]
impl PassagemPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let action = PassagemPath { token: Segredo::draw().reveal() }.to_string();
        vec![Self { frame: frame.clone().titled("unidades-entrar-title"), action }]
    }
}
