use askama::Template;
use axum::{
    extract::Multipart,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use serde::Deserialize;
use web::{
    Access, Ctx, Error, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{remover, sql, trocar};
use crate::{
    imagem::{self, Imagem, Uso},
    usuario::{self, GERIR, UsuarioId, ficha::UsuarioPath, pages::ContaPath},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/foto")]
pub struct MinhaFotoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/foto/remover")]
pub struct RemoverMinhaFotoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/foto/remover", rejection(web::BadPath))]
pub struct RemoverFotoPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/fotos/{hash}")]
pub struct FotoPath {
    pub hash: String,
}

/// Where the picture with this hash is seen.
pub(crate) fn address(hash: Option<String>) -> Option<String> {
    hash.map(|hash| FotoPath { hash }.to_string())
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn),
        Route::post(save, Access::SignedIn)
            .body_limit(Uso::FOTO.max_upload + imagem::ROUND)
            .sample("/conta/foto", "multipart foto=@fachada.png"),
        Route::post(remove, Access::SignedIn),
        Route::post(remove_of, Access::Needs(GERIR))
            .ids(&["usuario.outro"])
            .sample("/configuracoes/usuarios/{usuario.outro}/foto/remover", ""),
        Route::get(picture, Access::SignedIn).ids(&["foto"]).sample("/fotos/{foto}", ""),
    ]
}

#[derive(Template)]
#[template(path = "acesso/foto.html")]
pub(crate) struct FotoPage {
    frame: Frame,
    form: FormState,
}

impl FotoPage {
    fn new(frame: Frame, form: FormState) -> Self {
        let title = frame.t("conta-title");
        Self { frame: frame.crumb(title, ContaPath::PATH).titled("foto-title"), form }
    }
}

async fn show(_: MinhaFotoPath, ctx: Ctx) -> Page<FotoPage> {
    Page(FotoPage::new(ctx.frame(), FormState::new()))
}

async fn save(_: MinhaFotoPath, ctx: Ctx, body: Multipart) -> web::Result<Response> {
    let frame = ctx.frame();
    let (tenants, unidade, actor) = (ctx.app.tenants.clone(), ctx.unidade.clone(), ctx.actor.clone());
    // Reading a file and drawing it anew takes its time.
    ctx.release().await?;
    let (mut form, file) = imagem::form(body, "foto").await?;
    let drawn = match file {
        Some(file) => imagem::draw(Imagem::foto, file).await?,
        None => Err(Invalid::new("required")),
    };
    match drawn {
        Ok(foto) => {
            tenants.write(&unidade, async |tx: &mut tenancy::TenantTx| trocar(tx, &actor, &foto).await).await?;
            Ok(redirect(ContaPath::PATH, Some((Tone::Success, "toast-foto"))))
        }
        Err(invalid) => {
            form.fail("foto", invalid);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(FotoPage::new(frame, form))).into_response())
        }
    }
}

async fn remove(_: RemoverMinhaFotoPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let own = usuario::of(&ctx.actor).ok_or_else(Error::not_found)?;
    remover(&mut ctx.tx, &ctx.actor, own).await?;
    Ok(redirect(ContaPath::PATH, Some((Tone::Success, "toast-foto-removed"))))
}

async fn remove_of(path: RemoverFotoPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    remover(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&UsuarioPath { id: path.id }.to_string(), Some((Tone::Success, "toast-foto-removed"))))
}

/// A picture by the hash of its bytes, for the people of the unidade: the address never changes its meaning, so the browser
/// may keep it, and nothing between it and us.
async fn picture(path: FotoPath, mut ctx: Ctx) -> web::Result<Response> {
    let bytes = sql::find(&mut ctx.tx, &path.hash).await?.ok_or_else(Error::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
impl FotoPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let mut refused = FormState::new();
        refused.fail("foto", Invalid::new("imagem-large").with("max", Uso::FOTO.megabytes()));
        let mut seen = frame.clone();
        seen.user = seen.user.map(|user| user.foto(Some("/fotos/0".into())));
        vec![Self::new(frame, refused), Self::new(seen, FormState::new())]
    }
}
