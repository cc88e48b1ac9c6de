//! `/configuracoes/mensagens`.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Telefone;
use messaging::{
    Failure, Mailer, Why,
    gateway::{self, Endereco, Gateway},
};
use secrecy::SecretString;
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Ctx, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    AlterarGateway, AlterarGatewayError, GERIR, Segredo, alterar, remover,
    testar::{self, Teste},
};
use crate::configuracoes::{self, ConfiguracoesPath};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/mensagens")]
pub struct GatewayPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/mensagens/remover")]
pub(crate) struct RemoverPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/mensagens/teste")]
pub(crate) struct TestePath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(GERIR)),
        Route::post(save, Access::Needs(GERIR))
            .sample("/configuracoes/mensagens", "version=1&url=https%3A%2F%2Fn8n.senai.example%2Fwebhook%2Fa"),
        Route::post(remove, Access::Needs(GERIR)).sample("/configuracoes/mensagens/remover", ""),
        Route::post(test, Access::Needs(GERIR)).sample("/configuracoes/mensagens/teste", "telefone=47999990000"),
    ]
}

/// How a trial went, in the reader's words.
struct Told {
    good: bool,
    text: String,
    /// What the gateway itself said.
    answer: String,
}

#[derive(Template)]
#[template(path = "acesso/gateway.html")]
pub(crate) struct GatewayPage {
    frame: Frame,
    form: FormState,
    trial: FormState,
    /// There is one.
    own: bool,
    /// A segredo is kept for the address that is shown.
    kept: bool,
    told: Option<Told>,
}

fn words(failure: &Failure) -> &'static str {
    match failure.why {
        Why::Unresolved => "gateway-why-unresolved",
        Why::Internal => "gateway-why-internal",
        Why::Unreachable => "gateway-why-unreachable",
        Why::Tls => "gateway-why-tls",
        Why::Login => "gateway-why-login",
        Why::Refused => "gateway-why-refused",
        Why::Deferred => "gateway-why-deferred",
        Why::Slow => "gateway-why-slow",
        Why::Broken => "gateway-why-broken",
    }
}

impl GatewayPage {
    fn new(frame: Frame, form: Option<FormState>, trial: FormState, gateway: Option<&Gateway>, teste: Option<Teste>) -> Self {
        let frame = configuracoes::below(frame).titled("gateway-title");
        let said = |good, text: String, answer| Told { good, text, answer };
        let told = teste.map(|teste| match teste {
            Teste::Entregue(to) => {
                said(true, frame.t_with("gateway-sent", &[("telefone", to.to_string().into())]), String::new())
            }
            Teste::Falhou(failure) => said(false, frame.t(words(&failure)).to_owned(), failure.answer),
            Teste::Nenhum => said(false, frame.t("gateway-none").to_owned(), String::new()),
            Teste::Demais => said(false, frame.t("gateway-too-often").to_owned(), String::new()),
        });
        Self {
            own: gateway.is_some(),
            kept: gateway.is_some_and(|gateway| gateway.segredo.is_some()),
            form: form.unwrap_or_else(|| filled(gateway)),
            trial,
            told,
            frame,
        }
    }
}

fn filled(gateway: Option<&Gateway>) -> FormState {
    FormState::new()
        .secret("segredo")
        .with("version", gateway.map_or(0, |gateway| gateway.version))
        .with_some("url", gateway.map(|gateway| gateway.endereco.as_str()))
}

async fn show(_: GatewayPath, mut ctx: Ctx) -> web::Result<Page<GatewayPage>> {
    let ctx = &mut *ctx;
    let gateway = gateway::find(&mut ctx.tx).await?;
    Ok(Page(GatewayPage::new(ctx.frame(), None, FormState::new(), gateway.as_ref(), None)))
}

async fn save(_: GatewayPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body).secret("segredo");
    let version = form.raw("version").parse().unwrap_or_default();
    // As typed: the form would trim it.
    let segredo = match form.all("segredo").first().filter(|segredo| !segredo.is_empty()) {
        Some(typed) => Segredo::Novo(SecretString::from(typed.clone())),
        None if form.has("sem-segredo", "sim") => Segredo::Nenhum,
        None => Segredo::Kept,
    };
    if let Some(endereco) = form.required::<Endereco>("url") {
        let internal = ctx.app.value::<Mailer>()?.allows_internal();
        let key = ctx.app.platform.config().master_key.clone();
        let cmd = AlterarGateway { endereco, segredo, version, internal };
        match alterar(&mut ctx.tx, &key, &ctx.actor, cmd).await {
            Ok(()) => return Ok(redirect(GatewayPath::PATH, Some((Tone::Success, "toast-saved")))),
            Err(refused @ AlterarGatewayError::Rule(_)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let gateway = gateway::find(&mut ctx.tx).await?;
    let page = GatewayPage::new(ctx.frame(), Some(form), FormState::new(), gateway.as_ref(), None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn remove(_: RemoverPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    remover(&mut ctx.tx, &ctx.actor).await?;
    Ok(redirect(GatewayPath::PATH, Some((Tone::Success, "toast-gateway-removido"))))
}

/// The page again, with what the gateway said.
async fn test(_: TestePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let mut trial = FormState::from_body(&body);
    let Some(to) = trial.required::<Telefone>("telefone") else {
        let ctx = &mut *ctx;
        let gateway = gateway::find(&mut ctx.tx).await?;
        let page = GatewayPage::new(ctx.frame(), None, trial, gateway.as_ref(), None);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    let prepared = {
        let ctx = &mut *ctx;
        testar::prepare(&mut ctx.tx, &ctx.actor).await?
    };
    let (frame, app, actor, lang, unidade) =
        (ctx.frame(), ctx.app.clone(), ctx.actor.clone(), ctx.lang, Arc::clone(&ctx.unidade));
    ctx.release().await?;
    let teste = match prepared {
        Ok(gateway) => testar::run(app.value::<Mailer>()?, &app.tenants, &unidade, &actor, lang, (gateway, to)).await?,
        Err(known) => known,
    };
    let gateway = app.tenants.read(&unidade, async |tx: &mut TenantTx| gateway::find(tx).await).await?;
    Ok(Page(GatewayPage::new(frame, None, trial, gateway.as_ref(), Some(teste))).into_response())
}

#[cfg(test)]
impl GatewayPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use super::GatewayRule;

        let own = Gateway {
            id: uuid::Uuid::nil(),
            endereco: "https://n8n.senai.example/webhook/a".parse().unwrap(),
            segredo: Some(tenancy::Sealed(vec![0; 40])),
            version: 3,
        };
        let mut refused = FormState::from_body(b"url=%3Cscript%3Ealert(1)%3C/script%3E&segredo=secret-of-mine").secret("segredo");
        for rule in [GatewayRule::Internal, GatewayRule::NoSegredo, GatewayRule::Segredo, GatewayRule::Changed] {
            refused.refuse(frame.lang, &AlterarGatewayError::Rule(rule));
        }
        let failed = Teste::Falhou(Failure { why: Why::Refused, answer: "404 <script>alert(1)</script>".into() });
        vec![
            Self::new(frame.clone(), None, FormState::new(), None, Some(Teste::Nenhum)),
            Self::new(frame.clone(), None, FormState::new(), Some(&own), Some(failed)),
            Self::new(
                frame.clone(),
                None,
                FormState::new(),
                Some(&own),
                Some(Teste::Entregue("+5547999990000".parse().unwrap())),
            ),
            Self::new(frame.clone(), Some(refused), FormState::new(), Some(&own), Some(Teste::Demais)),
        ]
    }
}
