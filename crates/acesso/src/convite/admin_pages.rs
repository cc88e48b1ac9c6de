//! `/configuracoes/convites/{id}`: what can be done with a convite that nobody used yet.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, Page, Route,
    frame::{Frame, Tone},
    redirect,
};

use super::{Convite, ConviteId, entregar, reenviar, revogar, sql};
use crate::{
    entrega::{EntregarPage, Entregue},
    usuario::{GERIR, admin_pages::UsuariosPath, ficha::below},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/convites/{id}/revogar", rejection(web::BadPath))]
pub(crate) struct RevogarConvitePath {
    pub id: ConviteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/convites/{id}/reenviar", rejection(web::BadPath))]
pub(crate) struct ReenviarConvitePath {
    pub id: ConviteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/convites/{id}/link", rejection(web::BadPath))]
pub(crate) struct EntregarConvitePath {
    pub id: ConviteId,
}

pub(crate) fn routes() -> Vec<Route> {
    let link = "/configuracoes/convites/{convite.id}/link";
    vec![
        Route::post(revoke, Access::Needs(GERIR)).ids(&["convite"]).sample("/configuracoes/convites/{convite.id}/revogar", ""),
        Route::post(again, Access::Needs(GERIR)).ids(&["convite"]).sample("/configuracoes/convites/{convite.id}/reenviar", ""),
        Route::get(ask, Access::Needs(GERIR)).ids(&["convite"]).sample(link, ""),
        Route::post(make, Access::Needs(GERIR)).ids(&["convite"]).sample(link, ""),
    ]
}

async fn revoke(path: RevogarConvitePath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    revogar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(UsuariosPath::PATH, Some((Tone::Success, "toast-invitation-revoked"))))
}

async fn again(path: ReenviarConvitePath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let links = crate::links(&ctx.app)?;
    reenviar(&mut ctx.tx, &ctx.actor, &links, path.id).await?;
    Ok(redirect(UsuariosPath::PATH, Some((Tone::Success, "toast-invited"))))
}

fn page(frame: Frame, convite: Convite, made: Option<Entregue>) -> EntregarPage {
    EntregarPage {
        question: frame.t_with("convite-link-question", &[("nome", convite.nome.as_str().into())]),
        told: frame.t("convite-link-told"),
        action: EntregarConvitePath { id: convite.id }.to_string(),
        back: (frame.t("convite-link-back"), UsuariosPath::PATH.to_owned()),
        frame: below(frame).titled("convite-link-title"),
        nome: convite.nome,
        made,
    }
}

async fn ask(path: EntregarConvitePath, mut ctx: Ctx) -> web::Result<Page<EntregarPage>> {
    let ctx = &mut *ctx;
    let convite = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(web::Error::not_found)?;
    Ok(Page(page(ctx.frame(), convite, None)))
}

/// Answers with the page itself, not with a redirect: the link must not be kept anywhere to be shown.
async fn make(path: EntregarConvitePath, mut ctx: Ctx) -> web::Result<Page<EntregarPage>> {
    let ctx = &mut *ctx;
    let links = crate::links(&ctx.app)?;
    let made = entregar(&mut ctx.tx, &ctx.actor, &links, path.id).await?;
    let convite = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(web::Error::not_found)?;
    Ok(Page(page(ctx.frame(), convite, Some(made))))
}

#[cfg(test)]
pub(crate) fn samples(frame: &Frame) -> Vec<EntregarPage> {
    let clock = kernel::Clock::system();
    let convite = |nome: &str| Convite {
        id: ConviteId::new(clock.uuid()),
        nome: nome.into(),
        email: "diego@senai.example".into(),
        perfil_id: crate::perfil::PerfilId::new(clock.uuid()),
        perfil: "Atendente".into(),
        created_at: frame.now,
        expires_at: frame.now,
    };
    let made = Entregue { link: format!("https://alfa.sri.example/convite/{}", "x".repeat(43)), expires_at: frame.now };
    vec![page(frame.clone(), convite("<b>Costa</b>"), None), page(frame.clone(), convite(&"Maximiliano ".repeat(10)), Some(made))]
}
