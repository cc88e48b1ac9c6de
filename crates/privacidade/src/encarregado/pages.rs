//! `/configuracoes/privacidade/encarregado`.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    pecas::Tab,
    redirect,
};

use super::{Encarregado, find, nomear};
use crate::{Aba, below, pedido::ATENDER};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/encarregado")]
pub(crate) struct EncarregadoPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(ATENDER)),
        Route::post(save, Access::Needs(ATENDER))
            .sample("/configuracoes/privacidade/encarregado", "nome=Lia&email=encarregada%40senai.example"),
    ]
}

#[derive(Template)]
#[template(path = "privacidade/encarregado.html")]
pub(crate) struct EncarregadoPage {
    frame: Frame,
    tabs: Vec<Tab>,
    form: FormState,
    named: bool,
}

impl EncarregadoPage {
    pub(crate) fn new(frame: Frame, form: FormState, named: bool) -> Self {
        let frame = below(frame).titled("encarregado-title");
        Self { tabs: Aba::Encarregado.tabs(&frame), form, named, frame }
    }
}

async fn show(_: EncarregadoPath, mut ctx: Ctx) -> web::Result<Page<EncarregadoPage>> {
    let named = find(&mut ctx.tx).await?;
    let form = named.as_ref().map_or_else(FormState::new, |one| {
        FormState::new().with("nome", &one.nome).with("email", &one.email).with_some("telefone", one.telefone.as_ref())
    });
    Ok(Page(EncarregadoPage::new(ctx.frame(), form, named.is_some())))
}

async fn save(_: EncarregadoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (nome, email, telefone) = (form.required("nome"), form.required("email"), form.optional("telefone"));
    if let (Some(nome), Some(email), Some(telefone)) = (nome, email, telefone) {
        nomear(&mut ctx.tx, &ctx.actor, &Encarregado { nome, email, telefone }).await?;
        return Ok(redirect(EncarregadoPath::PATH, Some((Tone::Success, "toast-encarregado-nomeado"))));
    }
    let named = find(&mut ctx.tx).await?.is_some();
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(EncarregadoPage::new(ctx.frame(), form, named))).into_response())
}
