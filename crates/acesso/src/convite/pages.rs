use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use serde::Deserialize;
use web::{Access, Ctx, FormBody, Page, Route, filters, forms::FormState, frame::Frame};

use super::{AceitarError, Convite, aceitar};
use crate::{
    aparelho::Aparelhos,
    entrar::pages::{InicioPath, arrived},
    segredo::Segredo,
    senha::Senha,
    sessao::SessaoId,
};

const BODY_LIMIT: usize = 32 * 1024;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/convite/{token}")]
pub struct ConvitePath {
    pub token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(form, Access::Public).ids(&["convite"]).sample("/convite/{convite}", ""),
        Route::post(post, Access::Public)
            .ids(&["convite"])
            .body_limit(BODY_LIMIT)
            .sample("/convite/{convite}", "senha=cavalo-bateria-grampo&senha2=cavalo-bateria-grampo"),
    ]
}

#[derive(Template)]
#[template(path = "acesso/convite.html")]
pub(crate) struct ConvitePage {
    frame: Frame,
    form: FormState,
    action: String,
    nome: String,
    email: String,
    perfil: String,
}

impl ConvitePage {
    fn new(frame: Frame, form: FormState, path: &ConvitePath, convite: Convite) -> Self {
        let Convite { nome, email, perfil, .. } = convite;
        Self { frame: frame.titled("convite-title"), form, action: path.to_string(), nome, email, perfil }
    }
}

/// A one-time link that does not work: unknown, used, replaced or expired look the same.
#[derive(Template)]
#[template(path = "acesso/link_over.html")]
pub struct LinkOverPage {
    frame: Frame,
}

impl LinkOverPage {
    pub(crate) fn new(frame: Frame) -> Self {
        Self { frame: frame.titled("link-over-title") }
    }

    /// With 404.
    #[must_use]
    pub fn answer(frame: Frame) -> Response {
        (StatusCode::NOT_FOUND, Page(Self::new(frame))).into_response()
    }
}

/// Shows the convite and changes nothing: mail scanners open links too.
async fn form(path: ConvitePath, mut ctx: Ctx) -> web::Result<Response> {
    let convite = match path.token.parse::<Segredo>() {
        Ok(token) => super::find_open(&mut ctx.tx, &token).await?,
        Err(_) => None,
    };
    Ok(match convite {
        Some(convite) => Page(ConvitePage::new(ctx.frame(), FormState::new(), &path, convite)).into_response(),
        None => LinkOverPage::answer(ctx.frame()),
    })
}

async fn post(path: ConvitePath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let frame = ctx.frame();
    let Ok(token) = path.token.parse::<Segredo>() else { return Ok(LinkOverPage::answer(frame)) };
    let Some(convite) = super::find_open(&mut ctx.tx, &token).await? else { return Ok(LinkOverPage::answer(frame)) };
    let mut form = FormState::from_body(&body).secret("senha").secret("senha2");
    let typed = |field: &str| form.all(field).first().cloned().unwrap_or_default();
    let (senha, again) = (typed("senha"), typed("senha2"));
    let refused = |form| {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ConvitePage::new(frame.clone(), form, &path, convite))).into_response())
    };
    if senha.is_empty() {
        form.fail("senha", Invalid::new("required"));
        return refused(form);
    }
    if senha != again {
        form.fail("senha2", Invalid::new("senha-differs"));
        return refused(form);
    }
    let (tenants, unidade, meta) = (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.meta().clone());
    let came = (ctx.session.map(SessaoId::new), Aparelhos::of(&headers));
    ctx.release().await?;
    match aceitar(&tenants, &unidade, &meta, &token, Senha::typed(&senha), came).await {
        Ok(entrou) => Ok(arrived(InicioPath::PATH, entrou)),
        Err(AceitarError::NotFound) => Ok(LinkOverPage::answer(frame)),
        Err(AceitarError::Fault(fault)) => Err(fault.into()),
        Err(error) => {
            form.refuse(frame.lang, &error);
            refused(form)
        }
    }
}

#[cfg(test)]
impl ConvitePage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let clock = kernel::Clock::system();
        let path = ConvitePath { token: Segredo::draw().reveal() };
        let convite = || Convite {
            id: super::ConviteId::new(clock.uuid()),
            nome: "Diego <script>alert(1)</script> Prado".into(),
            email: "diego.prado@senai.example".into(),
            perfil_id: crate::perfil::PerfilId::new(clock.uuid()),
            perfil: "Atendente".into(),
            created_at: frame.now,
            expires_at: frame.now,
        };
        let mut weak = FormState::new().secret("senha").secret("senha2");
        weak.refuse(frame.lang, &AceitarError::Senha(Invalid::new("senha-short").with("min", 12)));
        let mut differs = FormState::new();
        differs.fail("senha2", Invalid::new("senha-differs"));
        let mut taken = FormState::new();
        taken.refuse(frame.lang, &AceitarError::EmailTaken);
        [FormState::new(), weak, differs, taken].map(|form| Self::new(frame.clone(), form, &path, convite())).into()
    }
}
