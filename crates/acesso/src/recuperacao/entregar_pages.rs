//! `/configuracoes/usuarios/{id}/recuperacao`: a link for somebody whose e-mail does not work.

use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{Access, Ctx, Page, Route, frame::Frame};

use super::entregar;
use crate::{
    entrega::{EntregarPage, Entregue},
    usuario::{
        self, GERIR, UsuarioId,
        ficha::{UsuarioPath, below},
    },
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

fn page(frame: Frame, id: UsuarioId, nome: String, made: Option<Entregue>) -> EntregarPage {
    let back = UsuarioPath { id }.to_string();
    EntregarPage {
        question: frame.t_with("senha-link-question", &[("nome", nome.as_str().into())]),
        told: frame.t("senha-link-told"),
        action: EntregarPath { id }.to_string(),
        back: (frame.t("senha-link-back"), back.clone()),
        frame: below(frame).crumb(nome.clone(), back).titled("senha-link-title"),
        nome,
        made,
    }
}

async fn ask(path: EntregarPath, mut ctx: Ctx) -> web::Result<Page<EntregarPage>> {
    let ctx = &mut *ctx;
    let usuario = usuario::reachable(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(Page(page(ctx.frame(), path.id, usuario.nome, None)))
}

/// Answers with the page itself, not with a redirect: the link must not be kept anywhere to be shown.
async fn make(path: EntregarPath, mut ctx: Ctx) -> web::Result<Page<EntregarPage>> {
    let ctx = &mut *ctx;
    let links = crate::links(&ctx.app)?;
    let made = entregar(&mut ctx.tx, &ctx.actor, &links, path.id).await?;
    let usuario = usuario::reachable(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(Page(page(ctx.frame(), path.id, usuario.nome, Some(made))))
}

#[cfg(test)]
pub(crate) fn samples(frame: &Frame) -> Vec<EntregarPage> {
    let id = UsuarioId::new(kernel::Clock::system().uuid());
    let made = Entregue { link: format!("https://alfa.sri.example/recuperar/{}", "x".repeat(43)), expires_at: frame.now };
    vec![page(frame.clone(), id, "<b>Costa</b>".into(), None), page(frame.clone(), id, "Maximiliano ".repeat(10), Some(made))]
}
