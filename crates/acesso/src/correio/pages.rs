//! `/configuracoes/email`.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Email;
use messaging::{
    Failure, Mailer, Why,
    correio::{self, Correio, Host, PORTS, Protecao},
};
use secrecy::SecretString;
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Ctx, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    AlterarCorreio, AlterarCorreioError, GERIR, NovoServidor, alterar, restaurar_padrao,
    testar::{self, Teste},
};
use crate::configuracoes::{self, ConfiguracoesPath};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/email")]
pub struct CorreioPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/email/teste")]
pub(crate) struct TestePath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/email/padrao")]
pub(crate) struct PadraoPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(GERIR)),
        Route::post(save, Access::Needs(GERIR)).sample("/configuracoes/email", "version=0&ativo=nao&servidor=padrao"),
        Route::post(reset, Access::Needs(GERIR)).sample("/configuracoes/email/padrao", ""),
        Route::post(test, Access::Needs(GERIR)).sample("/configuracoes/email/teste", ""),
    ]
}

/// How a trial went, in the reader's words.
struct Told {
    good: bool,
    text: String,
    /// What the server itself said.
    answer: String,
}

#[derive(Template)]
#[template(path = "acesso/correio.html")]
pub(crate) struct CorreioPage {
    frame: Frame,
    form: FormState,
    on: Vec<Choice>,
    servers: Vec<Choice>,
    ports: Vec<Choice>,
    protections: Vec<Choice>,
    /// A password is kept for the server that is shown.
    kept: bool,
    /// Something was set that can be put back.
    own: bool,
    told: Option<Told>,
}

fn words(failure: &Failure) -> &'static str {
    match failure.why {
        Why::Unresolved => "correio-why-unresolved",
        Why::Internal => "correio-why-internal",
        Why::Unreachable => "correio-why-unreachable",
        Why::Tls => "correio-why-tls",
        Why::Login => "correio-why-conta",
        Why::Refused => "correio-why-refused",
        Why::Deferred => "correio-why-deferred",
        Why::Slow => "correio-why-slow",
        Why::Broken => "correio-why-broken",
    }
}

impl CorreioPage {
    fn new(frame: Frame, form: Option<FormState>, correio: &Correio, teste: Option<Teste>) -> Self {
        let frame = configuracoes::below(frame).titled("correio-title");
        let said = |good, text: String, answer| Told { good, text, answer };
        let told = teste.map(|teste| match teste {
            Teste::Entregue(to) => said(true, frame.t_with("correio-sent", &[("email", to.into())]), String::new()),
            Teste::Falhou(failure) => said(false, frame.t(words(&failure)).to_owned(), failure.answer),
            Teste::Desligado => said(false, frame.t("correio-off").to_owned(), String::new()),
            Teste::Demais => said(false, frame.t("correio-too-often").to_owned(), String::new()),
        });
        let choice = |value: &str, label| Choice::new(value, frame.t(label));
        let protection = |one: Protecao| {
            let label = match one {
                Protecao::Imediato => "correio-tls-imediato",
                Protecao::Starttls => "correio-tls-starttls",
                Protecao::Nenhum => "correio-tls-nenhum",
            };
            choice(one.code(), label)
        };
        Self {
            on: vec![choice("sim", "correio-on"), choice("nao", "correio-off-choice")],
            servers: vec![choice("padrao", "correio-standard"), choice("proprio", "correio-own")],
            ports: PORTS.map(|port| Choice::new(port.to_string(), port.to_string())).into(),
            protections: Protecao::ALL.map(protection).into(),
            kept: correio.servidor.as_ref().is_some_and(|servidor| servidor.senha.is_some()),
            own: correio.version > 0,
            form: form.unwrap_or_else(|| filled(correio)),
            told,
            frame,
        }
    }
}

fn filled(correio: &Correio) -> FormState {
    let form = FormState::new()
        .secret("senha")
        .with("version", correio.version)
        .with("ativo", if correio.ativo { "sim" } else { "nao" })
        .with("servidor", if correio.servidor.is_some() { "proprio" } else { "padrao" });
    match &correio.servidor {
        None => form.with("port", PORTS[0]).with("protecao", Protecao::Imediato.code()),
        Some(servidor) => form
            .with("host", servidor.host.as_str())
            .with("port", servidor.port)
            .with("protecao", servidor.protecao.code())
            .with_some("conta", servidor.conta.as_ref())
            .with("remetente", servidor.remetente.as_str()),
    }
}

async fn show(_: CorreioPath, mut ctx: Ctx) -> web::Result<Page<CorreioPage>> {
    let ctx = &mut *ctx;
    let correio = correio::find(&mut ctx.tx).await?;
    Ok(Page(CorreioPage::new(ctx.frame(), None, &correio, None)))
}

/// What was typed, or its mistakes noted by their fields.
fn read(form: &mut FormState) -> Option<AlterarCorreio> {
    let ativo = form.choice("ativo", |text| ["nao", "sim"].iter().position(|one| *one == text).map(|at| at == 1));
    let own = form.choice("servidor", |text| ["padrao", "proprio"].iter().position(|one| *one == text).map(|at| at == 1));
    let version = form.raw("version").parse().unwrap_or_default();
    let servidor = if own? {
        let (host, remetente) = (form.required::<Host>("host"), form.required::<Email>("remetente"));
        let port = form.choice("port", |text| text.parse::<u16>().ok());
        let protecao = form.choice("protecao", |text| text.parse::<Protecao>().ok());
        let conta = Some(form.raw("conta").to_owned()).filter(|conta| !conta.is_empty());
        // As typed: the form would trim it.
        let senha = form.all("senha").first().filter(|senha| !senha.is_empty()).map(|senha| SecretString::from(senha.clone()));
        Some(NovoServidor { host: host?, port: port?, protecao: protecao?, conta, senha, remetente: remetente? })
    } else {
        None
    };
    Some(AlterarCorreio { ativo: ativo?, servidor, version })
}

async fn save(_: CorreioPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body).secret("senha");
    if let Some(cmd) = read(&mut form) {
        let key = ctx.app.platform.config().master_key.clone();
        match alterar(&mut ctx.tx, &key, &ctx.actor, cmd).await {
            Ok(()) => return Ok(redirect(CorreioPath::PATH, Some((Tone::Success, "toast-saved")))),
            Err(refused @ AlterarCorreioError::Rule(_)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let correio = correio::find(&mut ctx.tx).await?;
    let page = CorreioPage::new(ctx.frame(), Some(form), &correio, None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn reset(_: PadraoPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    restaurar_padrao(&mut ctx.tx, &ctx.actor).await?;
    Ok(redirect(CorreioPath::PATH, Some((Tone::Success, "toast-correio-padrao"))))
}

/// The page again, with what the server said.
async fn test(_: TestePath, mut ctx: Ctx) -> web::Result<Response> {
    let prepared = {
        let ctx = &mut *ctx;
        testar::prepare(&mut ctx.tx, &ctx.actor, ctx.lang).await?
    };
    let (frame, app, actor, unidade) = (ctx.frame(), ctx.app.clone(), ctx.actor.clone(), Arc::clone(&ctx.unidade));
    ctx.release().await?;
    let teste = match prepared {
        Ok(wanted) => testar::run(app.value::<Mailer>()?, &app.tenants, &unidade, &actor, wanted).await?,
        Err(known) => known,
    };
    let correio = app.tenants.read(&unidade, async |tx: &mut TenantTx| correio::find(tx).await).await?;
    Ok(Page(CorreioPage::new(frame, None, &correio, Some(teste))).into_response())
}

#[cfg(test)]
impl CorreioPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use messaging::correio::Servidor;

        use super::CorreioRule;

        let none = Correio { id: uuid::Uuid::nil(), ativo: true, servidor: None, version: 0 };
        let servidor = Servidor {
            host: "mail.senai.example".parse().unwrap(),
            port: 587,
            protecao: Protecao::Starttls,
            conta: Some("<b>senai</b>".into()),
            senha: Some(tenancy::Sealed(vec![0; 40])),
            remetente: "sri@senai.example".parse().unwrap(),
        };
        let own = Correio { ativo: false, servidor: Some(servidor), version: 3, ..none.clone() };
        let mut refused =
            FormState::from_body(b"servidor=proprio&senha=secret-of-mine&conta=<script>alert(1)</script>").secret("senha");
        refused.refuse(frame.lang, &AlterarCorreioError::Rule(CorreioRule::NoPassword));
        refused.refuse(frame.lang, &AlterarCorreioError::Rule(CorreioRule::ClearPassword));
        refused.refuse(frame.lang, &AlterarCorreioError::Rule(CorreioRule::Changed));
        let failed = Teste::Falhou(Failure { why: Why::Login, answer: "535 5.7.8 <script>alert(1)</script>".into() });
        vec![
            Self::new(frame.clone(), None, &none, None),
            Self::new(frame.clone(), None, &own, Some(failed)),
            Self::new(frame.clone(), None, &none, Some(Teste::Entregue("ana@senai.example".into()))),
            Self::new(frame.clone(), None, &own, Some(Teste::Desligado)),
            Self::new(frame.clone(), Some(refused), &own, Some(Teste::Demais)),
        ]
    }
}
