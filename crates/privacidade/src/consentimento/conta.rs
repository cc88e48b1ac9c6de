//! What somebody who is signed in allows: on their page of privacidade, each with its text and one button.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use web::{
    Access, Ctx, FormBody, Route,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{ConsentimentoError, FinalidadeId, Posicao, dar_da_conta, publico::paragraphs, retirar_da_conta};
use crate::pedido::publico::ContaPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/privacidade/consentimentos/{finalidade}", rejection(web::BadPath))]
struct MeuPath {
    finalidade: FinalidadeId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(choose, Access::SignedIn)
            .ids(&["finalidade"])
            .sample("/conta/privacidade/consentimentos/{finalidade}", "resposta=dado&versao=1"),
    ]
}

/// One as printed.
pub(crate) struct Meu {
    pub action: String,
    pub titulo: String,
    pub texto: Vec<String>,
    pub versao: i32,
    /// Since when they allow it.
    pub desde: Option<DateTime<Utc>>,
    /// Words that they agreed to, where those of now are others.
    pub antes: Option<Vec<String>>,
    /// They have to be asked anew.
    pub renovar: bool,
    pub retirado_at: Option<DateTime<Utc>>,
    /// A yes is possible.
    pub open: bool,
}

impl Meu {
    pub(crate) fn new(posicao: Posicao) -> Self {
        let Posicao { finalidade, dado, retirado_at } = posicao;
        let earlier = dado.as_ref().filter(|one| one.versao < finalidade.versao);
        Self {
            action: MeuPath { finalidade: finalidade.id }.to_string(),
            texto: paragraphs(&finalidade.texto),
            versao: finalidade.versao,
            antes: earlier.map(|one| paragraphs(&one.texto)),
            renovar: earlier.is_some_and(|one| !one.vale),
            desde: dado.as_ref().map(|one| one.at),
            retirado_at: retirado_at.filter(|_| dado.is_none()),
            open: finalidade.encerrado_at.is_none(),
            titulo: finalidade.titulo,
        }
    }

    /// Word, tone and icon of how it stands.
    pub(crate) fn status(&self, frame: &Frame) -> (&'static str, &'static str, &'static str) {
        let (key, tone, icon) = match self.desde {
            Some(_) if self.renovar => ("meu-consentimento-renovar", "warn", "exclamation-triangle-fill"),
            Some(_) => ("meu-consentimento-sim", "ok", "check-circle-fill"),
            None => ("meu-consentimento-nao", "quiet", "x-circle-fill"),
        };
        (frame.t(key), tone, icon)
    }
}

async fn choose(path: MeuPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let shown = form.raw("versao").parse().unwrap_or_default();
    let (done, toast) = if form.has("resposta", "dado") {
        (dar_da_conta(&mut ctx.tx, &ctx.actor, path.finalidade, shown).await, "toast-consentimento-dado")
    } else {
        (retirar_da_conta(&mut ctx.tx, &ctx.actor, path.finalidade).await, "toast-consentimento-retirado")
    };
    match done {
        Ok(()) => Ok(redirect(ContaPath::PATH, Some((Tone::Success, toast)))),
        // The words are others by now, or it is over: the page shows how it is.
        Err(ConsentimentoError::Rule(_)) => Ok(redirect(ContaPath::PATH, Some((Tone::Warning, "toast-consentimento-mudou")))),
        Err(error) => Err(error.into()),
    }
}
