//! `/configuracoes/usuarios/{id}/recuperacao`: a link for somebody whose e-mail does not work.

use askama::Template;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use web::{Access, Ctx, Page, Route, filters, frame::Frame};

use super::{Entregue, entregar};
use crate::usuario::{
    self, GERIR, UsuarioId,
    ficha::{UsuarioPath, below},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/recuperacao", rejection(web::BadPath))]
pub struct EntregarPath {
    pub id: UsuarioId,
}

pub(crate) fn routes() -> Vec<Route> {
    let path = "/configuracoes/usuarios/{usuario.outro}/recuperacao";
    vec![
        Route::get(ask, Access::Needs(GERIR)).ids(&["usuario"]).sample(path, ""),
        Route::post(make, Access::Needs(GERIR)).ids(&["usuario"]).sample(path, ""),
    ]
}

#[derive(Template)]
#[template(path = "acesso/entregar.html")]
pub(crate) struct EntregarPage {
    frame: Frame,
    nome: String,
    action: String,
    cancel: String,
    /// Just made: shown this once.
    made: Option<(String, DateTime<Utc>)>,
}

impl EntregarPage {
    fn new(frame: Frame, id: UsuarioId, nome: String, made: Option<Entregue>) -> Self {
        let cancel = UsuarioPath { id }.to_string();
        Self {
            frame: below(frame).crumb(nome.clone(), cancel.clone()).titled("senha-link-title"),
            nome,
            action: EntregarPath { id }.to_string(),
            cancel,
            made: made.map(|made| (made.link, made.expires_at)),
        }
    }

    #[cfg(test)]
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let id = UsuarioId::new(kernel::Clock::system().uuid());
        let made = Entregue { link: format!("https://alfa.sri.example/recuperar/{}", "x".repeat(43)), expires_at: frame.now };
        vec![
            Self::new(frame.clone(), id, "<b>Costa</b>".into(), None),
            Self::new(frame.clone(), id, "Maximiliano ".repeat(10), Some(made)),
        ]
    }
}

async fn ask(path: EntregarPath, mut ctx: Ctx) -> web::Result<Page<EntregarPage>> {
    let ctx = &mut *ctx;
    let usuario = usuario::reachable(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(Page(EntregarPage::new(ctx.frame(), path.id, usuario.nome, None)))
}

/// Answers with the page itself, not with a redirect: the link must not be kept anywhere to be shown.
async fn make(path: EntregarPath, mut ctx: Ctx) -> web::Result<Page<EntregarPage>> {
    let ctx = &mut *ctx;
    let links = crate::links(&ctx.app)?;
    let made = entregar(&mut ctx.tx, &ctx.actor, &links, path.id).await?;
    let usuario = usuario::reachable(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(Page(EntregarPage::new(ctx.frame(), path.id, usuario.nome, Some(made))))
}
