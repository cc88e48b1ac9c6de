use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{Access, Ctx, Page, Route, filters, frame::Frame};

use super::Aberta;
use crate::{
    convite::pages::LinkOverPage,
    entrar::pages::{InicioPath, signed_in},
    segredo::Segredo,
};

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/entrar/{token}")]
pub struct EntradaPath {
    pub token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Public).ids(&["entrada"]).sample("/entrar/{entrada}", ""),
        Route::post(enter, Access::Public).ids(&["entrada"]).sample("/entrar/{entrada}", ""),
    ]
}

#[derive(Template)]
#[template(path = "acesso/entrada.html")]
pub(crate) struct EntradaPage {
    frame: Frame,
    action: String,
    aberta: Aberta,
}

impl EntradaPage {
    fn new(frame: Frame, path: &EntradaPath, aberta: Aberta) -> Self {
        Self { frame: frame.titled("entrada-title"), action: path.to_string(), aberta }
    }
}

/// A button, because a GET changes nothing: previews and scanners may open the link.
async fn show(path: EntradaPath, mut ctx: Ctx) -> web::Result<Response> {
    let aberta = match path.token.parse::<Segredo>() {
        Ok(token) => super::find_open(&mut ctx.tx, &token).await?,
        Err(_) => None,
    };
    Ok(match aberta {
        Some(aberta) => Page(EntradaPage::new(ctx.frame(), &path, aberta)).into_response(),
        None => LinkOverPage::answer(ctx.frame()),
    })
}

async fn enter(path: EntradaPath, mut ctx: Ctx) -> web::Result<Response> {
    let Ok(token) = path.token.parse::<Segredo>() else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let ctx = &mut *ctx;
    let meta = ctx.actor.meta.clone();
    Ok(match super::use_link(&mut ctx.tx, &meta, &token).await? {
        Some(nova) => signed_in(InicioPath::PATH, nova),
        None => LinkOverPage::answer(ctx.frame()),
    })
}

#[cfg(test)]
impl EntradaPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let path = EntradaPath { token: Segredo::draw().reveal() };
        let aberta =
            Aberta { nome: "Marina <b>Costa</b>".into(), email: "marina.costa@senai.example".into(), expires_at: frame.now };
        vec![Self::new(frame, &path, aberta)]
    }
}
