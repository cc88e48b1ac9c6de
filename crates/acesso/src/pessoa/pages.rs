//! `/conta/unidades`: the unidades of a person, from which they go from one to the other, link one more, or take one out.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Fault, Invalid};
use serde::Deserialize;
use tenancy::{Slug, Status, Unidade, pessoa::Conta};
use uuid::Uuid;
use web::{
    Access, App, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Minha,
    entrar_pages::{ChegarPath, LigarPath},
};
use crate::{entrar::pages::InicioPath, provedor::entrar_pages::AdiantePage, sessao::SessaoId, usuario::pages::ContaPath};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/unidades")]
pub(crate) struct UnidadesPath;

/// What the account menu of every page shows of them.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/unidades/painel")]
pub(crate) struct PainelPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn),
        Route::get(panel, Access::SignedIn),
        Route::post(act, Access::SignedIn).sample("/conta/unidades", "passo=vincular&endereco={vizinha}"),
    ]
}

pub(crate) struct Row {
    nome: String,
    codigo: String,
    conta: Uuid,
    current: bool,
    leads: bool,
    href: String,
}

/// Whoever is signed in as somebody of the unidade: not support, not a program.
struct Own {
    conta: Option<Conta>,
    sessao: SessaoId,
}

impl Own {
    async fn of(ctx: &mut CtxInner) -> Result<Option<Self>, Fault> {
        let Some(sessao) = ctx.session.map(SessaoId::new) else { return Ok(None) };
        Ok(Some(Self { conta: super::conta(&mut ctx.tx, &ctx.actor).await?, sessao }))
    }

    /// Asks other unidades: to be called when no transaction of this one is open any more.
    async fn rows(&self, app: &App, here: &Unidade) -> Result<Vec<Row>, Fault> {
        let Some(conta) = &self.conta else { return Ok(Vec::new()) };
        let row = |minha: Minha| Row {
            href: way(app, &minha.unidade.slug, ChegarPath::PATH, here),
            nome: minha.unidade.nome.clone(),
            codigo: minha.unidade.codigo.clone(),
            conta: minha.conta.id,
            current: minha.current,
            leads: minha.leads,
        };
        Ok(super::minhas(app, conta, self.sessao).await?.into_iter().map(row).collect())
    }
}

/// To a path of another unidade that is told where one comes from.
pub(super) fn way(app: &App, to: &Slug, path: &str, here: &Unidade) -> String {
    format!("{}{path}?de={}", app.config.origin_of(to), here.slug.as_str())
}

#[derive(Template)]
#[template(path = "acesso/unidades.html")]
pub(crate) struct UnidadesPage {
    frame: Frame,
    rows: Vec<Row>,
    form: FormState,
}

impl UnidadesPage {
    fn new(frame: Frame, rows: Vec<Row>, form: FormState) -> Self {
        let label = frame.t("conta-title");
        Self { frame: frame.crumb(label, ContaPath::PATH).titled("unidades-title"), rows, form }
    }
}

/// A part of a page.
#[derive(Template)]
#[template(path = "acesso/unidades_painel.html")]
pub(crate) struct PainelPage {
    frame: Frame,
    rows: Vec<Row>,
}

async fn show(_: UnidadesPath, mut ctx: Ctx) -> web::Result<Response> {
    let Some(own) = Own::of(&mut ctx).await? else { return Ok(redirect(InicioPath::PATH, None)) };
    let (frame, app, unidade) = (ctx.frame(), ctx.app.clone(), Arc::clone(&ctx.unidade));
    ctx.release().await?;
    let rows = own.rows(&app, &unidade).await?;
    Ok(Page(UnidadesPage::new(frame, rows, FormState::new())).into_response())
}

async fn panel(_: PainelPath, mut ctx: Ctx) -> web::Result<Response> {
    let Some(own) = Own::of(&mut ctx).await? else { return Ok(redirect(InicioPath::PATH, None)) };
    let (frame, app, unidade) = (ctx.frame(), ctx.app.clone(), Arc::clone(&ctx.unidade));
    ctx.release().await?;
    let rows = own.rows(&app, &unidade).await?;
    Ok(Page(PainelPage { frame, rows }).into_response())
}

async fn act(_: UnidadesPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let form = FormState::from_body(&body);
    let Some(own) = Own::of(&mut ctx).await? else { return Ok(redirect(InicioPath::PATH, None)) };
    if form.raw("passo") == "desvincular" {
        return unlink(ctx, own, &form).await;
    }
    begin(ctx, own, form).await
}

async fn unlink(ctx: Ctx, own: Own, form: &FormState) -> web::Result<Response> {
    let (app, actor) = (ctx.app.clone(), ctx.actor.clone());
    ctx.release().await?;
    let done = match (&own.conta, form.raw("conta").parse::<Uuid>()) {
        (Some(conta), Ok(id)) => super::desvincular(&app, &actor, conta, id).await?,
        _ => false,
    };
    let toast = if done { (Tone::Success, "toast-unidade-desvinculada") } else { (Tone::Warning, "toast-unidade-over") };
    Ok(redirect(UnidadesPath::PATH, Some(toast)))
}

/// The unidade at an address as people have it: its name before the first dot, its host, any page of it.
async fn typed(app: &App, text: &str) -> Result<Option<Arc<Unidade>>, Fault> {
    let text = text.trim().to_lowercase();
    let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let base = app.config.base_host();
    let label = host.strip_suffix(base).and_then(|label| label.strip_suffix('.')).unwrap_or(host);
    let found = if label.contains('.') { app.registry.by_domain(label).await? } else { app.registry.by_slug(label).await? };
    Ok(found.filter(|unidade| unidade.status == Status::Active))
}

/// Leads to the other unidade, where a link begins: it is the one that is entered by it.
async fn begin(ctx: Ctx, own: Own, mut form: FormState) -> web::Result<Response> {
    let (frame, app, unidade) = (ctx.frame(), ctx.app.clone(), Arc::clone(&ctx.unidade));
    ctx.release().await?;
    let para = typed(&app, form.raw("endereco")).await?;
    if let Some(para) = para.as_ref().filter(|para| para.id != unidade.id) {
        let sub = frame.t_with("unidades-adiante", &[("unidade", para.nome.as_str().into())]);
        return Ok(AdiantePage::answer(frame, way(&app, &para.slug, LigarPath::PATH, &unidade), sub)?);
    }
    let code = match (form.raw("endereco").is_empty(), para.is_some()) {
        (true, _) => "required",
        (_, true) => "unidade-propria",
        (_, false) => "unidade-unknown",
    };
    form.fail("endereco", Invalid::new(code));
    let rows = own.rows(&app, &unidade).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(UnidadesPage::new(frame, rows, form))).into_response())
}

#[cfg(test)]
impl Row {
    fn samples() -> Vec<Self> {
        let row = |nome: &str, current, leads| Self {
            nome: nome.to_owned(),
            codigo: "2.07".to_owned(),
            conta: Uuid::nil(),
            current,
            leads,
            href: "https://blumenau.sri.example/unidades/chegar?de=joinville".to_owned(),
        };
        let longest = "<b>senai</b> Instituto de Tecnologia em Metalmecânica ".repeat(3);
        vec![row("SENAI Joinville", true, true), row("SENAI Blumenau", false, true), row(&longest, false, false)]
    }
}

#[cfg(test)]
impl UnidadesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let mut wrong = FormState::new().with("endereco", "<script>alert(1)</script>");
        wrong.fail("endereco", Invalid::new("unidade-unknown"));
        let page = |rows, form| Self::new(frame.clone(), rows, form);
        vec![page(Vec::new(), FormState::new()), page(Row::samples(), FormState::new()), page(Vec::new(), wrong)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_names_what_there_is_and_where_it_leads() {
        for frame in Frame::samples() {
            let empty = PainelPage { frame: frame.clone(), rows: Vec::new() }.render().unwrap();
            assert_eq!(empty.trim(), "");
            let menu = PainelPage { frame, rows: Row::samples() }.render().unwrap();
            assert_eq!(menu.matches("class=\"menu-item\"").count(), 3);
            assert_eq!(menu.matches("/unidades/chegar").count(), 2, "one is here already");
            assert!(!menu.contains("<b>senai"), "what people type is text");
        }
    }
}
