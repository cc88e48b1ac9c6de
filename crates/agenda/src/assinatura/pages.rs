//! The page on which somebody gets an address and ends it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, Result, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{Alcance, Assinatura, AssinaturaError, AssinaturaId, assinar, ics::AgendaCalendario, list, revogar};
use crate::pagina::Agenda;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/agenda/assinaturas")]
pub struct Assinaturas;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/agenda/assinaturas/{id}/revogar", rejection(web::BadPath))]
pub struct AssinaturaRevogar {
    pub id: AssinaturaId,
}

struct Row {
    alcance: &'static str,
    created_at: DateTime<Utc>,
    last_seen_at: Option<DateTime<Utc>>,
    revogar: String,
}

#[derive(Template)]
#[template(path = "agenda/assinaturas.html")]
pub struct AssinaturasPage {
    frame: Frame,
    form: FormState,
    /// Just given out: shown this once.
    created: Option<String>,
    alcances: Vec<Choice>,
    rows: Vec<Row>,
}

impl AssinaturasPage {
    fn new(frame: Frame, form: FormState, created: Option<String>, all: Vec<Assinatura>) -> Self {
        let agenda = frame.t("agenda-title");
        let frame = frame.titled("assinaturas-title").crumb(agenda, Agenda::PATH);
        let row = |one: Assinatura| Row {
            alcance: frame.t(one.alcance.label()),
            created_at: one.created_at,
            last_seen_at: one.last_seen_at,
            revogar: AssinaturaRevogar { id: one.id }.to_string(),
        };
        Self {
            alcances: Alcance::ALL.map(|one| Choice::new(one.code(), frame.t(one.label()))).into(),
            rows: all.into_iter().map(row).collect(),
            form,
            created,
            frame,
        }
    }

    /// For the test that renders every page: none yet, one just given out, too many.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let one = |i: u128| Assinatura {
            id: AssinaturaId::new(uuid::Uuid::from_u128(i)),
            alcance: if i.is_multiple_of(2) { Alcance::Minha } else { Alcance::Unidade },
            created_at: frame.now,
            last_seen_at: (i > 1).then_some(frame.now),
        };
        let page = |n: u128, created: Option<&str>| {
            let mut form = FormState::new().with("alcance", Alcance::Minha.code());
            if n > 2 {
                form.fail_form("<b>");
            }
            Self::new(frame.clone(), form, created.map(str::to_owned), (0..n).map(one).collect())
        };
        let address = "https://joinville.sri.example/agenda/calendarios/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics";
        vec![("none", page(0, None)), ("created", page(1, Some(address))), ("many", page(20, None))]
    }
}

async fn page(ctx: &mut CtxInner, form: FormState, created: Option<String>) -> Result<AssinaturasPage> {
    // A token and the platform's support have no calendar of their own.
    let usuario = ctx.actor.usuario().ok_or_else(Error::not_found)?;
    let all = list(&mut ctx.tx, usuario).await?;
    Ok(AssinaturasPage::new(ctx.frame(), form, created, all))
}

fn fresh() -> FormState {
    FormState::new().with("alcance", Alcance::Minha.code())
}

pub(crate) async fn show(_: Assinaturas, mut ctx: Ctx) -> Result<Page<AssinaturasPage>> {
    Ok(Page(page(&mut ctx, fresh(), None).await?))
}

/// Answers with the page itself, not with a redirect: the address must not be kept anywhere to be shown.
pub(crate) async fn create(_: Assinaturas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(alcance) = form.choice("alcance", Alcance::from_code) {
        match assinar(&mut ctx.tx, &ctx.actor, alcance).await {
            Ok(segredo) => {
                let path = AgendaCalendario { arquivo: format!("{}.ics", segredo.reveal()) }.to_string();
                let links = ctx.app.config.links()?;
                let created = links.unidade(&ctx.unidade, &path).as_str().to_owned();
                return Ok(Page(page(ctx, fresh(), Some(created)).await?).into_response());
            }
            Err(error @ AssinaturaError::Rule(_)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    let page = page(ctx, form, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

pub(crate) async fn revoke(path: AssinaturaRevogar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    revogar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(Assinaturas::PATH, Some((Tone::Success, "toast-assinatura-revogada"))))
}
