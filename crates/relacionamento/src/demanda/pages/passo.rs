//! The steps of a demanda: from etapa to etapa, called off, open again.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::Denied;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, filters,
    forms::FormState,
    frame::{Frame, Tone},
    local_path, redirect,
};

use super::{DemandaCancelar, DemandaMover, DemandaReabrir, DemandaShow, Here};
use crate::demanda::{ALTERAR, Demanda, DemandaError, DemandaId, DemandaRule, lista, mover as steps};

/// From the board or from its own page, and back there. A card that stands elsewhere by now is not moved.
pub(crate) async fn mover(path: DemandaMover, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let bad = || Error::status(StatusCode::BAD_REQUEST, "body");
    let seen = form.raw("version").parse().map_err(|_| bad())?;
    let etapa = form.choice("etapa", |id| id.parse().ok()).ok_or_else(bad)?;
    steps::mover(&mut ctx.tx, &ctx.actor, path.id, seen, etapa, None).await?;
    let back = local_path(form.raw("volta")).map_or_else(|| DemandaShow { id: path.id }.to_string(), str::to_owned);
    Ok(redirect(&back, Some((Tone::Success, "toast-demanda-movida"))))
}

pub(crate) async fn reabrir(path: DemandaReabrir, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    steps::reabrir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(redirect(&DemandaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-demanda-reaberta"))))
}

#[derive(Template)]
#[template(path = "relacionamento/demanda/cancelar.html")]
pub struct DemandaCancelarPage {
    frame: Frame,
    form: FormState,
    empresa: String,
    action: String,
    cancel: String,
    version: i32,
}

impl DemandaCancelarPage {
    fn new(frame: Frame, form: FormState, demanda: &Demanda, version: i32) -> Self {
        let demandas = frame.t("demandas-title");
        let show = DemandaShow { id: demanda.id }.to_string();
        Self {
            form,
            empresa: format!("{} · {}", demanda.titulo, demanda.empresa_nome),
            action: DemandaCancelar { id: demanda.id }.to_string(),
            frame: frame.titled("demanda-cancelar").crumb(demandas, "/demandas").crumb(demanda.titulo.clone(), show.clone()),
            cancel: show,
            version,
        }
    }

    /// For the test that renders every page: fresh and refused.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |long: bool| {
            let demanda = crate::demanda::samples::demanda(crate::demanda::Situacao::Nova, true, long, frame.now);
            let mut form = FormState::new().with("motivo", "\"><script>");
            if long {
                form.fail("motivo", kernel::Invalid::new("required"));
            }
            Self::new(frame.clone(), form, &demanda, 3)
        };
        vec![("fresh", page(false)), ("refused", page(true))]
    }
}

/// A demanda that the actor may call off.
async fn found(ctx: &mut CtxInner, id: DemandaId) -> Result<Demanda, Error> {
    let demanda = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    if !Here::load(ctx, &demanda).await?.alterar {
        return Err(Denied { permission: ALTERAR }.into());
    }
    demanda.open().map_err(DemandaError::Rule)?;
    Ok(demanda)
}

pub(crate) async fn cancelar(path: DemandaCancelar, mut ctx: Ctx) -> Result<Page<DemandaCancelarPage>, Error> {
    let ctx = &mut *ctx;
    let demanda = found(ctx, path.id).await?;
    Ok(Page(DemandaCancelarPage::new(ctx.frame(), FormState::new(), &demanda, demanda.version)))
}

pub(crate) async fn save_cancelar(path: DemandaCancelar, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let demanda = found(ctx, path.id).await?;
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(motivo) = form.required("motivo") {
        match steps::encerrar(&mut ctx.tx, &ctx.actor, path.id, seen, Some(&motivo)).await {
            Ok(_) => {
                let to = DemandaShow { id: path.id }.to_string();
                return Ok(redirect(&to, Some((Tone::Success, "toast-demanda-cancelada"))));
            }
            Err(DemandaError::Rule(DemandaRule::Changed(conflict))) => {
                // What was typed stays; saving again means it, unless it has ended.
                (status, seen) = (StatusCode::CONFLICT, conflict.current.version);
                form.fail_form(idioma::t(ctx.lang, "demanda-conflict"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok((status, Page(DemandaCancelarPage::new(ctx.frame(), form, &demanda, seen))).into_response())
}
