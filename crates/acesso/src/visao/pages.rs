//! Keeping and forgetting; the visões themselves stand in their list's filter bar.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Module, Result, Route, forms::FormState, frame::Tone, list::ListState, redirect,
};

use super::{Guardar, Preferida, VisaoError, VisaoId, VisaoNome, excluir, guardar, preferir};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/visoes")]
pub struct Visoes;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/visoes/{id}/excluir", rejection(web::BadPath))]
pub struct VisaoExcluir {
    pub id: VisaoId,
}

/// The visão that the list opens with, or not any more.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/visoes/{id}/padrao", rejection(web::BadPath))]
pub struct VisaoPadrao {
    pub id: VisaoId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(prefer, Access::SignedIn).ids(&["visao"]).sample("/visoes/{visao}/padrao", ""),
        Route::post(keep, Access::SignedIn).sample("/visoes", "lista=%2Fempresas&consulta=uf%3DSC&nome=Santa+Catarina"),
        Route::post(forget, Access::SignedIn).ids(&["visao"]).sample("/visoes/{visao}/excluir", ""),
    ]
}

async fn keep(_: Visoes, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let lista = named_list(ctx, &form)?;
    let consulta = ListState::query_of(form.raw("consulta"));
    let address = format!("{lista}?{consulta}");
    let Ok(nome) = form.raw("nome").parse::<VisaoNome>() else {
        return Ok(redirect(&address, Some((Tone::Danger, "toast-visao-nome"))));
    };
    let cmd = Guardar { lista: lista.to_owned(), nome, consulta, compartilhada: !form.raw("compartilhada").is_empty() };
    match guardar(&mut ctx.tx, &ctx.actor, &cmd).await {
        Ok(_) => Ok(redirect(&address, Some((Tone::Success, "toast-visao-guardada")))),
        Err(VisaoError::TooMany) => Ok(redirect(&address, Some((Tone::Danger, "toast-visao-too-many")))),
        Err(error) => Err(error.into()),
    }
}

async fn forget(path: VisaoExcluir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let lista = excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&lista, Some((Tone::Success, "toast-visao-excluida"))))
}

async fn prefer(path: VisaoPadrao, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let Preferida { lista, padrao } = preferir(&mut ctx.tx, &ctx.actor, path.id).await?;
    let toast = if padrao { "toast-visao-padrao" } else { "toast-visao-sem-padrao" };
    Ok(redirect(&lista, Some((Tone::Success, toast))))
}

/// The list that a form names: one that this person's navigation leads to; anything else would be a way to send others
/// elsewhere.
pub(crate) fn named_list(ctx: &CtxInner, form: &FormState) -> Result<&'static str> {
    let on = |module: &&Module| module.core || ctx.unidade.has_module(module.name);
    let lists = ctx.app.modules.iter().filter(on).flat_map(|module| module.nav).filter(|nav| ctx.actor.may(&nav.permission));
    let lista = lists.map(|nav| nav.href).find(|href| *href == form.raw("lista"));
    lista.ok_or_else(|| Error::status(StatusCode::BAD_REQUEST, "body"))
}
