//! `/conta/unidades`: the unidades of a person, and the steps between two hosts.
//!
//! The unidade that is entered begins (`/unidades/chegar`): it leaves a secret with the browser and sends it to the other one
//! (`/unidades/provar`), which vouches for its sessão by a passagem that works for that browser alone. So a link made by somebody
//! else signs nobody in as them.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Fault, Invalid};
use serde::Deserialize;
use tenancy::{
    PlatformTx, Slug, Status,
    pessoa::{self, Conta, Fim, Origem},
};
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Query, Route, coming_back, cookies, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::Minha;
use crate::{
    aparelho::Aparelhos,
    convite::pages::LinkOverPage,
    entrar::pages::{EntrarPath, InicioPath, arrived},
    segredo::Segredo,
    sessao::SessaoId,
    usuario,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/unidades")]
pub struct UnidadesPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unidades/chegar")]
pub struct ChegarPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unidades/provar")]
pub struct ProvarPath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/unidades/entrar/{token}")]
pub struct PassagemPath {
    pub token: String,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/unidades/vincular/{token}")]
pub struct VincularPath {
    pub token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::SignedIn),
        Route::post(act, Access::SignedIn).sample("/conta/unidades", "passo=vincular&endereco=outra"),
        Route::get(arrive, Access::Public).sample("/unidades/chegar?de=alfa&fim=entrar", ""),
        Route::get(vouch, Access::SignedIn).sample("/unidades/provar?para=alfa&fim=entrar&estado=x", ""),
        Route::get(enter, Access::Public).ids(&["passagem"]).sample("/unidades/entrar/{passagem}", ""),
        Route::get(show, Access::SignedIn).ids(&["passagem"]).sample("/unidades/vincular/{passagem}", ""),
        Route::post(link, Access::SignedIn).ids(&["passagem"]).sample("/unidades/vincular/{passagem}", ""),
    ]
}

struct Row {
    minha: Minha,
    /// Where one click leads.
    href: String,
}

#[derive(Template)]
#[template(path = "acesso/unidades.html")]
pub(crate) struct UnidadesPage {
    frame: Frame,
    rows: Vec<Row>,
    form: FormState,
}

#[derive(Template)]
#[template(path = "acesso/unidades_vincular.html")]
pub(crate) struct VincularPage {
    frame: Frame,
    action: String,
    unidade: String,
    email: String,
}

#[derive(Template)]
#[template(path = "acesso/unidades_ir.html")]
struct IrPage {
    frame: Frame,
    href: String,
}

const fn word(fim: Fim) -> &'static str {
    match fim {
        Fim::Entrar => "entrar",
        Fim::Vincular => "vincular",
    }
}

fn fim(word: &str) -> Fim {
    if word == "vincular" { Fim::Vincular } else { Fim::Entrar }
}

/// The first step, at the unidade that is entered.
fn begin(ctx: &CtxInner, para: &Slug, to: Fim) -> String {
    let de = &ctx.unidade.slug;
    format!("{}{}?de={}&fim={}", ctx.app.config.origin_of(para), ChegarPath::PATH, de.as_str(), word(to))
}

async fn own(ctx: &mut CtxInner) -> Result<Option<Conta>, Fault> {
    let Some(own) = usuario::of(&ctx.actor) else { return Ok(None) };
    let id = super::own(&mut ctx.tx, own).await?;
    Ok(id.map(|id| Conta { id, unidade: ctx.unidade.id, usuario: own.uuid() }))
}

async fn page(ctx: &mut CtxInner, form: FormState) -> web::Result<UnidadesPage> {
    let minhas = match own(ctx).await? {
        Some(own) => super::minhas(&ctx.app, &own).await?,
        None => Vec::new(),
    };
    let rows = minhas.into_iter().map(|minha| Row { href: begin(ctx, &minha.unidade.slug, Fim::Entrar), minha }).collect();
    Ok(UnidadesPage { frame: ctx.frame().titled("unidades-title"), rows, form })
}

/// Of a person with an account here: not of support, not of a program.
async fn list(_: UnidadesPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    if ctx.session.is_none() {
        return Ok(redirect(InicioPath::PATH, None));
    }
    Ok(Page(page(ctx, FormState::new()).await?).into_response())
}

async fn act(_: UnidadesPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = FormState::from_body(&body);
    if ctx.session.is_none() {
        return Ok(redirect(InicioPath::PATH, None));
    }
    if form.raw("passo") == "desvincular" {
        let own = own(&mut ctx).await?;
        let (app, actor) = (ctx.app.clone(), ctx.actor.clone());
        ctx.release().await?;
        let done = match (own, form.raw("conta").parse::<Uuid>()) {
            (Some(own), Ok(id)) => super::desvincular(&app, &actor, &own, id).await?,
            _ => false,
        };
        let toast = if done { (Tone::Success, "toast-unidade-unlinked") } else { (Tone::Warning, "toast-unidade-over") };
        return Ok(redirect(UnidadesPath::PATH, Some(toast)));
    }
    let ctx = &mut *ctx;
    // Whether there is such a unidade is not said here: its host answers as it answers anybody.
    let typed = form.raw("endereco").trim().to_lowercase();
    let label = typed.trim_start_matches("https://").split(['.', '/']).next().unwrap_or_default().to_owned();
    let Ok(para) = label.parse::<Slug>() else {
        form.fail("endereco", Invalid::new("unidade-endereco"));
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, Page(page(ctx, form).await?)).into_response());
    };
    let href = begin(ctx, &para, Fim::Vincular);
    let on = HeaderValue::try_from(format!("0; url={href}")).map_err(|e| Fault::new("the way to a unidade", e))?;
    let frame = ctx.frame().titled("unidades-title");
    Ok(([(header::REFRESH, on)], Page(IrPage { frame, href })).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct From {
    #[serde(default)]
    de: String,
    #[serde(default)]
    fim: String,
}

/// Leaves a secret with this browser and asks the other unidade who is there.
async fn arrive(_: ChegarPath, ctx: Ctx, Query(from): Query<From>) -> web::Result<Response> {
    let Ok(de) = from.de.parse::<Slug>() else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let to = fim(&from.fim);
    if to == Fim::Vincular && !ctx.actor.is_signed_in() {
        let here = format!("{}?de={}&fim={}", ChegarPath::PATH, de.as_str(), word(to));
        return Ok(redirect(&coming_back(EntrarPath::PATH, &here), None));
    }
    // Only to a unidade of this house.
    let Some(de) = ctx.app.registry.by_slug(de.as_str()).await?.filter(|u| u.status == Status::Active && u.id != ctx.unidade.id)
    else {
        return Ok(LinkOverPage::answer(ctx.frame()));
    };
    let secret = Segredo::draw();
    let state: String = secret.hash().iter().map(|byte| format!("{byte:02x}")).collect();
    let (origin, para) = (ctx.app.config.origin_of(&de.slug), ctx.unidade.slug.as_str());
    let href = format!("{origin}{}?para={para}&fim={}&estado={state}", ProvarPath::PATH, word(to));
    let mut response = redirect(&href, None);
    response.headers_mut().append(header::SET_COOKIE, cookies::passagem(&secret.reveal()));
    Ok(response)
}

#[derive(Debug, Default, Deserialize)]
struct To {
    #[serde(default)]
    para: String,
    #[serde(default)]
    fim: String,
    #[serde(default)]
    estado: String,
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Vouches for this sessão to the browser that the other unidade sent.
async fn vouch(_: ProvarPath, mut ctx: Ctx, Query(to): Query<To>) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let over = |toast| Ok(redirect(UnidadesPath::PATH, Some((Tone::Warning, toast))));
    let (Some(own), Some(sessao)) = (usuario::of(&ctx.actor), ctx.session) else { return over("toast-unidade-over") };
    let Some(navegador) = unhex(&to.estado) else { return over("toast-unidade-over") };
    let para = ctx.app.registry.by_slug(&to.para).await?.filter(|u| u.status == Status::Active && u.id != ctx.unidade.id);
    let Some(para) = para else { return over("toast-unidade-over") };
    if super::vouches(&mut ctx.tx, own, SessaoId::new(sessao)).await?.is_none() {
        return over("toast-unidade-senha");
    }
    let (token, fim) = (Segredo::draw(), fim(&to.fim));
    let origem = Origem { unidade: ctx.unidade.id, usuario: own.uuid(), sessao };
    let keys = (token.hash(), navegador);
    ctx.app.platform.write(async |tx: &mut PlatformTx| pessoa::abrir_passagem(tx, (origem, para.id), fim, keys).await).await?;
    let token = token.reveal();
    let path = match fim {
        Fim::Entrar => PassagemPath { token }.to_string(),
        Fim::Vincular => VincularPath { token }.to_string(),
    };
    Ok(redirect(&format!("{}{path}", ctx.app.config.origin_of(&para.slug)), None))
}

/// The secret that this browser was left with, and the passagem it brings.
fn keys(headers: &HeaderMap, token: &str) -> Option<(Segredo, Segredo)> {
    Some((token.parse().ok()?, cookies::get(headers, cookies::PASSAGEM_COOKIE)?.parse().ok()?))
}

fn done(mut response: Response) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookies::no_passagem());
    response
}

async fn enter(path: PassagemPath, ctx: Ctx, headers: HeaderMap) -> web::Result<Response> {
    let frame = ctx.frame();
    let Some((token, navegador)) = keys(&headers, &path.token) else { return Ok(LinkOverPage::answer(frame)) };
    let came = (ctx.session.map(SessaoId::new), Aparelhos::of(&headers));
    let (app, unidade, meta) = (ctx.app.clone(), Arc::clone(&ctx.unidade), ctx.meta().clone());
    ctx.release().await?;
    Ok(match super::entrar(&app, &unidade, &meta, (&token, &navegador), came).await? {
        Some(entrou) => done(arrived(InicioPath::PATH, entrou)),
        None => LinkOverPage::answer(frame),
    })
}

async fn show(path: VincularPath, ctx: Ctx, headers: HeaderMap) -> web::Result<Response> {
    let frame = ctx.frame();
    let Some((token, navegador)) = keys(&headers, &path.token) else { return Ok(LinkOverPage::answer(frame)) };
    let found = super::candidato(&ctx.app, &ctx.unidade, (&token, &navegador)).await?;
    let Some((de, there)) = found else { return Ok(LinkOverPage::answer(frame)) };
    let frame = frame.titled("unidades-vincular-title");
    let email = super::masked(&there.email);
    Ok(Page(VincularPage { frame, action: path.to_string(), unidade: de.nome.clone(), email }).into_response())
}

async fn link(path: VincularPath, ctx: Ctx, headers: HeaderMap) -> web::Result<Response> {
    let Some((token, navegador)) = keys(&headers, &path.token) else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let Some(sessao) = ctx.session.map(SessaoId::new) else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let (app, unidade, actor) = (ctx.app.clone(), Arc::clone(&ctx.unidade), ctx.actor.clone());
    // It may hold the row of the usuario, which is written by a transaction of its own.
    ctx.release().await?;
    let linked = super::vincular(&app, &unidade, (&actor, sessao), (&token, &navegador)).await?;
    let toast = if linked.is_some() { (Tone::Success, "toast-unidade-linked") } else { (Tone::Warning, "toast-unidade-over") };
    Ok(done(redirect(UnidadesPath::PATH, Some(toast))))
}

#[cfg(test)]
impl UnidadesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let mut wrong = FormState::new().with("endereco", "<script>alert(1)</script>");
        wrong.fail("endereco", Invalid::new("unidade-endereco"));
        [FormState::new(), wrong]
            .map(|form| Self { frame: frame.clone().titled("unidades-title"), rows: Vec::new(), form })
            .into()
    }
}

#[cfg(test)]
impl VincularPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let frame = frame.clone().titled("unidades-vincular-title");
        vec![Self {
            frame,
            action: "/unidades/vincular/x".into(),
            unidade: "<b>senai</b>".into(),
            email: "a•••@x.example".into(),
        }]
    }
}
