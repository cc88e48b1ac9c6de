//! Comunicados for whom they are: on the page that people come in by, and each on a page of its own, which the bell opens.

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use messaging::notificacao;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Result, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    local_path, redirect,
};

use super::{ComunicadoId, GERIR, Recebido, gerir_pages::LeitoresPath, publicar::today, sql};
use crate::entrar::pages::{InicioPath, work};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/comunicados/{id}", rejection(web::BadPath))]
pub struct ComunicadoPath {
    pub id: ComunicadoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/comunicados/{id}/dispensar", rejection(web::BadPath))]
pub struct DispensarPath {
    pub id: ComunicadoId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn).ids(&["comunicado"]).sample("/comunicados/{comunicado}", ""),
        Route::post(dismiss, Access::SignedIn).ids(&["comunicado"]).sample("/comunicados/{comunicado}/dispensar", ""),
    ]
}

/// The one that a path leads to.
pub(crate) fn at(href: &str) -> Option<ComunicadoId> {
    href.strip_prefix("/comunicados/")?.parse().ok()
}

/// One as it is printed.
struct Cartao {
    titulo: String,
    texto: String,
    autor: String,
    at: DateTime<Utc>,
    /// Where "I have read it" goes, while that is left to say.
    dismiss: Option<String>,
}

impl From<Recebido> for Cartao {
    fn from(one: Recebido) -> Self {
        Self {
            dismiss: (!one.done).then(|| DispensarPath { id: one.id }.to_string()),
            titulo: one.titulo,
            texto: one.texto,
            autor: one.autor_nome,
            at: one.created_at,
        }
    }
}

#[derive(Template)]
#[template(path = "acesso/comunicado_inicio.html")]
struct InicioPage {
    frame: Frame,
    cards: Vec<Cartao>,
    /// Where they work.
    onward: String,
}

impl InicioPage {
    fn new(frame: Frame, found: Vec<Recebido>) -> Self {
        let onward = work(&frame);
        Self { frame: frame.titled("comunicados-inicio"), cards: found.into_iter().map(Cartao::from).collect(), onward }
    }
}

#[derive(Template)]
#[template(path = "acesso/comunicado.html")]
struct ComunicadoPage {
    frame: Frame,
    card: Cartao,
    /// Who read it, for whoever may know.
    readers: Option<String>,
}

impl ComunicadoPage {
    fn new(frame: Frame, one: Recebido, manages: bool) -> Self {
        let readers = manages.then(|| LeitoresPath { id: one.id }.to_string());
        let card = Cartao::from(one);
        Self { frame: frame.title(card.titulo.clone()), card, readers }
    }
}

/// For whoever comes in: those that are shown to them now and that they have not put away, if there are any.
pub(crate) async fn on_arrival(ctx: &mut CtxInner) -> Result<Option<Response>> {
    let Some(usuario) = ctx.actor.usuario() else { return Ok(None) };
    let today = today(&ctx.tx);
    let found = sql::mostrados(&mut ctx.tx, usuario, today).await?;
    Ok((!found.is_empty()).then(|| Page(InicioPage::new(ctx.frame(), found)).into_response()))
}

async fn show(path: ComunicadoPath, mut ctx: Ctx) -> Result<Page<ComunicadoPage>> {
    let ctx = &mut *ctx;
    let usuario = ctx.actor.usuario().ok_or_else(Error::not_found)?;
    let today = today(&ctx.tx);
    let one = sql::received(&mut ctx.tx, usuario, path.id, today).await?.ok_or_else(Error::not_found)?;
    Ok(Page(ComunicadoPage::new(ctx.frame(), one, ctx.actor.may(&GERIR))))
}

async fn dismiss(path: DispensarPath, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let usuario = ctx.actor.usuario().ok_or_else(Error::not_found)?;
    if !sql::dispensar(&mut ctx.tx, usuario, path.id).await? {
        return Err(Error::not_found());
    }
    // The bell has told them, too.
    notificacao::read_all(&mut ctx.tx, usuario, Some(&ComunicadoPath { id: path.id }.to_string())).await?;
    let form = FormState::from_body(&body);
    Ok(redirect(local_path(form.raw("volta")).unwrap_or(InicioPath::PATH), Some((Tone::Success, "toast-comunicado-lido"))))
}

#[cfg(test)]
pub(crate) fn samples(frame: &Frame) -> Vec<Box<dyn askama::DynTemplate>> {
    let one = |n: u128, texto: &str, done| Recebido {
        id: ComunicadoId::new(uuid::Uuid::from_u128(n)),
        titulo: "Manutenção <script>alert(1)</script>".to_owned(),
        texto: texto.to_owned(),
        autor_nome: "Lia <b>Costa</b>".to_owned(),
        created_at: frame.now,
        done,
    };
    let long = "Primeira linha.\n\nSegunda linha. ".repeat(30);
    vec![
        Box::new(InicioPage::new(frame.clone(), vec![one(1, "Às 18 h.", false), one(2, &long, false)])),
        Box::new(ComunicadoPage::new(frame.clone(), one(1, &long, false), true)),
        Box::new(ComunicadoPage::new(frame.clone(), one(1, "Às 18 h.", true), false)),
    ]
}
