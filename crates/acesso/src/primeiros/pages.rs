use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{Access, Ctx, CtxInner, Error, Page, Result, Route, Step, filters, frame::Frame, redirect};

use super::sql;
use crate::entrar::pages::InicioPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/primeiros-passos")]
pub(crate) struct Primeiros;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/primeiros-passos/dispensar")]
pub(crate) struct Dispensar;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::SignedIn), Route::post(dismiss, Access::SignedIn)]
}

/// A step as printed.
#[derive(Debug, Clone)]
struct Entry {
    title: &'static str,
    text: &'static str,
    icon: &'static str,
    href: &'static str,
    done: bool,
}

#[derive(Template)]
#[template(path = "acesso/primeiros.html")]
pub(crate) struct PrimeirosPage {
    frame: Frame,
    steps: Vec<Entry>,
    done: usize,
}

impl PrimeirosPage {
    fn new(frame: Frame, steps: Vec<Entry>) -> Self {
        let done = steps.iter().filter(|step| step.done).count();
        Self { frame: frame.titled("primeiros-title"), steps, done }
    }
}

async fn steps(ctx: &mut CtxInner) -> Result<Vec<Entry>> {
    let CtxInner { tx, actor, unidade, app, lang, .. } = ctx;
    let on = |module: &&web::Module| module.core || unidade.has_module(module.name);
    let offered = app.modules.iter().filter(on).flat_map(|module| module.steps).filter(|step| actor.may(&step.permission));
    let mut entries = Vec::new();
    for Step { title, text, icon, href, done, .. } in offered {
        let done = done(tx).await?;
        entries.push(Entry { title: idioma::t(*lang, title), text: idioma::t(*lang, text), icon, href, done });
    }
    Ok(entries)
}

/// For whoever comes in: the page, while there is a step left that they may take and they have not dismissed it.
pub(crate) async fn on_arrival(ctx: &mut CtxInner) -> Result<Option<Response>> {
    let Some(usuario) = ctx.actor.usuario() else { return Ok(None) };
    // A step or two of somebody who looks after little else is no reason to stop them.
    if !ctx.actor.may(&crate::usuario::GERIR) || sql::is_dismissed(&mut ctx.tx, usuario).await? {
        return Ok(None);
    }
    let steps = steps(ctx).await?;
    let left = steps.iter().any(|step| !step.done);
    Ok(left.then(|| Page(PrimeirosPage::new(ctx.frame(), steps)).into_response()))
}

async fn show(_: Primeiros, mut ctx: Ctx) -> Result<Page<PrimeirosPage>> {
    let ctx = &mut *ctx;
    let steps = steps(ctx).await?;
    Ok(Page(PrimeirosPage::new(ctx.frame(), steps)))
}

async fn dismiss(_: Dispensar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let usuario = ctx.actor.usuario().ok_or_else(Error::not_found)?;
    sql::dismiss(&mut ctx.tx, usuario).await?;
    Ok(redirect(InicioPath::PATH, None))
}

#[cfg(test)]
impl PrimeirosPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let entry = |done| Entry {
            title: "Traga as <b>senai</b>",
            text: "Com a planilha que você já usa.",
            icon: "upload",
            href: "/empresas/importar",
            done,
        };
        [vec![], vec![entry(false), entry(true)], vec![entry(true)]].map(|steps| Self::new(frame.clone(), steps)).into()
    }
}
