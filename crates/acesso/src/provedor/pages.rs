//! `/configuracoes/provedores`.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::TimeDelta;
use kernel::{Fault, Invalid};
use messaging::{Failure, Mailer, Why};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};
use web::{
    Access, App, Ctx, Error, FormBody, Page, Query, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    AlterarProvedor, ClientId, CriarProvedor, Emissor, GERIR, MOST, NomeProvedor, Provedor, ProvedorError, ProvedorId, Tipo,
    alterar, criar, entrar_pages::VoltaPath, excluir, sql,
};
use crate::configuracoes;

/// Trials within [`WINDOW`]: nobody knocks at strangers' doors again and again through the product.
const TRIES: i64 = 10;
const WINDOW: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/provedores")]
pub(crate) struct ProvedoresPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/provedores/novo")]
pub(crate) struct NovoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/provedores/{id}", rejection(web::BadPath))]
pub(crate) struct ProvedorPath {
    pub id: ProvedorId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/provedores/{id}/teste", rejection(web::BadPath))]
pub(crate) struct TestePath {
    pub id: ProvedorId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/provedores/{id}/excluir", rejection(web::BadPath))]
pub(crate) struct ExcluirPath {
    pub id: ProvedorId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::Needs(GERIR)),
        Route::get(new, Access::Needs(GERIR)),
        Route::post(create, Access::Needs(GERIR))
            .sample("/configuracoes/provedores/novo", "tipo=google&nome=Google&client_id=sri&segredo=s3cret"),
        Route::get(show, Access::Needs(GERIR)).ids(&["provedor"]).sample("/configuracoes/provedores/{provedor}", ""),
        Route::post(save, Access::Needs(GERIR))
            .ids(&["provedor"])
            .sample("/configuracoes/provedores/{provedor}", "version=1&ativo=sim&nome=Casa&client_id=sri"),
        Route::post(test, Access::Needs(GERIR)).ids(&["provedor"]).sample("/configuracoes/provedores/{provedor}/teste", ""),
        Route::post(remove, Access::Needs(GERIR)).ids(&["provedor"]).sample("/configuracoes/provedores/{provedor}/excluir", ""),
    ]
}

/// Where provedores send browsers back to; each of them wants to know it.
pub(super) fn volta(app: &App, unidade: &tenancy::Unidade) -> Result<String, Fault> {
    Ok(crate::links(app)?.unidade(unidade, VoltaPath::PATH).as_str().to_owned())
}

const fn kind(tipo: Tipo) -> &'static str {
    match tipo {
        Tipo::Oidc => "provedor-oidc",
        Tipo::Google => "provedor-google",
        Tipo::Microsoft => "provedor-microsoft",
        Tipo::Github => "provedor-github",
    }
}

/// How one is told about in the list.
struct Row {
    href: String,
    icon: &'static str,
    nome: String,
    emissor: String,
    ativo: bool,
    people: String,
}

/// A kind that can be added.
struct Kind {
    href: String,
    icon: &'static str,
    label: &'static str,
}

#[derive(Template)]
#[template(path = "acesso/provedores.html")]
pub(crate) struct ProvedoresPage {
    frame: Frame,
    rows: Vec<Row>,
    /// Empty when there are as many as there may be.
    kinds: Vec<Kind>,
}

impl ProvedoresPage {
    fn new(frame: Frame, all: Vec<(Provedor, i64)>) -> Self {
        let frame = configuracoes::below(frame).titled("provedores-title");
        let free = all.len() < MOST;
        let kinds = Tipo::ALL.into_iter().filter(|_| free).map(|tipo| Kind {
            href: format!("{}?tipo={}", NovoPath::PATH, tipo.code()),
            icon: tipo.icon(),
            label: frame.t(kind(tipo)),
        });
        let kinds = kinds.collect();
        let rows = all.into_iter().map(|(provedor, people)| Row {
            href: ProvedorPath { id: provedor.id }.to_string(),
            icon: provedor.tipo.icon(),
            emissor: provedor.emissor.to_string(),
            ativo: provedor.ativo,
            people: frame.t_n("provedor-people", people),
            nome: provedor.nome,
        });
        Self { rows: rows.collect(), kinds, frame }
    }
}

/// How a trial went, in the reader's words.
struct Told {
    good: bool,
    text: &'static str,
    /// What the provedor itself said.
    answer: String,
}

impl Told {
    fn of(frame: &Frame, outcome: Result<(), Failure>) -> Self {
        match outcome {
            Ok(()) => Self { good: true, text: frame.t("provedor-trial-good"), answer: String::new() },
            Err(failure) => Self { good: false, text: frame.t(words(failure.why)), answer: failure.answer },
        }
    }
}

const fn words(why: Why) -> &'static str {
    match why {
        Why::Unresolved => "gateway-why-unresolved",
        Why::Internal => "provedor-why-internal",
        Why::Unreachable => "gateway-why-unreachable",
        Why::Tls => "gateway-why-tls",
        Why::Slow => "gateway-why-slow",
        Why::Login | Why::Refused | Why::Deferred | Why::Broken => "provedor-why-refused",
    }
}

#[derive(Template)]
#[template(path = "acesso/provedor_form.html")]
pub(crate) struct ProvedorFormPage {
    frame: Frame,
    form: FormState,
    tipo: Tipo,
    kind: &'static str,
    /// What the other side is told to send browsers back to.
    volta: String,
    /// Of one that is kept.
    own: Option<Own>,
    told: Option<Told>,
}

/// What the page shows of one that is kept.
struct Own {
    action: String,
    test: String,
    remove: String,
    emissor: String,
    segredo: bool,
}

impl ProvedorFormPage {
    fn new(frame: Frame, tipo: Tipo, volta: String, form: FormState) -> Self {
        let frame = below(frame).titled("provedor-new-title");
        Self { kind: frame.t(kind(tipo)), frame, form, tipo, volta, own: None, told: None }
    }

    fn of(frame: Frame, provedor: &Provedor, volta: String, form: Option<FormState>, told: Option<Told>) -> Self {
        let filled = || {
            FormState::new()
                .secret("segredo")
                .with("version", provedor.version)
                .with("nome", &provedor.nome)
                .with("client_id", &provedor.client_id)
                .with_some("confia_email", provedor.confia_email.then_some("sim"))
                .with_some("ativo", provedor.ativo.then_some("sim"))
        };
        let id = provedor.id;
        let own = Own {
            action: ProvedorPath { id }.to_string(),
            test: TestePath { id }.to_string(),
            remove: ExcluirPath { id }.to_string(),
            emissor: provedor.emissor.to_string(),
            segredo: provedor.segredo.is_some(),
        };
        let frame = below(frame).title(provedor.nome.clone());
        Self {
            form: form.unwrap_or_else(filled),
            tipo: provedor.tipo,
            kind: frame.t(kind(provedor.tipo)),
            volta,
            own: Some(own),
            told,
            frame,
        }
    }

    const fn where_to(&self) -> &'static str {
        match self.tipo {
            Tipo::Google => "provedor-google-where",
            Tipo::Microsoft => "provedor-microsoft-where",
            Tipo::Github => "provedor-github-where",
            Tipo::Oidc => "provedor-oidc-where",
        }
    }
}

fn below(frame: Frame) -> Frame {
    let frame = configuracoes::below(frame);
    let label = frame.t("provedores-title");
    frame.crumb(label, ProvedoresPath::PATH)
}

#[derive(Debug, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    tipo: String,
}

async fn list(_: ProvedoresPath, mut ctx: Ctx) -> web::Result<Page<ProvedoresPage>> {
    let ctx = &mut *ctx;
    let all = sql::list(&mut ctx.tx).await?;
    Ok(Page(ProvedoresPage::new(ctx.frame(), all)))
}

async fn new(_: NovoPath, ctx: Ctx, Query(chosen): Query<Chosen>) -> web::Result<Page<ProvedorFormPage>> {
    let tipo = chosen.tipo.parse().unwrap_or(Tipo::Oidc);
    let volta = volta(&ctx.app, &ctx.unidade)?;
    Ok(Page(ProvedorFormPage::new(ctx.frame(), tipo, volta, FormState::new().secret("segredo"))))
}

/// As typed: the form would trim it. `None`: nothing was typed.
fn segredo(form: &FormState) -> Option<SecretString> {
    form.all("segredo").first().filter(|typed| !typed.is_empty()).map(|typed| SecretString::from(typed.clone()))
}

async fn create(_: NovoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body).secret("segredo");
    let tipo = form.raw("tipo").parse().unwrap_or(Tipo::Oidc);
    let nome = form.required::<NomeProvedor>("nome");
    let client_id = form.required::<ClientId>("client_id");
    let emissor = Emissor::of(tipo, form.raw("emissor"));
    if let Err(invalid) = &emissor {
        let missing = form.raw("emissor").trim().is_empty();
        form.fail("emissor", if missing { Invalid::new("required") } else { invalid.clone() });
    }
    if let (Some(nome), Some(client_id), Ok(emissor)) = (nome, client_id, emissor) {
        let (segredo, confia_email) = (segredo(&form), form.has("confia_email", "sim"));
        let internal = ctx.app.value::<Mailer>()?.allows_internal();
        let key = ctx.app.platform.config().master_key.clone();
        let cmd = CriarProvedor { tipo, nome, emissor, client_id, segredo, confia_email, internal };
        match criar(&mut ctx.tx, &key, &ctx.actor, cmd).await {
            Ok(id) => return Ok(redirect(&ProvedorPath { id }.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(refused @ ProvedorError::Rule(_)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let page = ProvedorFormPage::new(ctx.frame(), tipo, volta(&ctx.app, &ctx.unidade)?, form);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn show(path: ProvedorPath, mut ctx: Ctx) -> web::Result<Page<ProvedorFormPage>> {
    let ctx = &mut *ctx;
    let provedor = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let volta = volta(&ctx.app, &ctx.unidade)?;
    Ok(Page(ProvedorFormPage::of(ctx.frame(), &provedor, volta, None, None)))
}

async fn save(path: ProvedorPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body).secret("segredo");
    let nome = form.required::<NomeProvedor>("nome");
    let client_id = form.required::<ClientId>("client_id");
    if let (Some(nome), Some(client_id)) = (nome, client_id) {
        let key = ctx.app.platform.config().master_key.clone();
        let cmd = AlterarProvedor {
            id: path.id,
            nome,
            client_id,
            segredo: segredo(&form),
            confia_email: form.has("confia_email", "sim"),
            ativo: form.has("ativo", "sim"),
            version: form.raw("version").parse().unwrap_or_default(),
        };
        match alterar(&mut ctx.tx, &key, &ctx.actor, cmd).await {
            Ok(()) => return Ok(redirect(&path.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(refused @ ProvedorError::Rule(_)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let provedor = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let page = ProvedorFormPage::of(ctx.frame(), &provedor, volta(&ctx.app, &ctx.unidade)?, Some(form), None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn remove(path: ExcluirPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(ProvedoresPath::PATH, Some((Tone::Success, "toast-provedor-excluido"))))
}

/// The page again, with what the provedor said.
async fn test(path: TestePath, mut ctx: Ctx) -> web::Result<Response> {
    let (provedor, tried) = {
        let ctx = &mut *ctx;
        let provedor = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
        let since = ctx.tx.clock().now() - WINDOW;
        (provedor, sql::tried(&mut ctx.tx, since).await?)
    };
    let (frame, app, actor, unidade) = (ctx.frame(), ctx.app.clone(), ctx.actor.clone(), Arc::clone(&ctx.unidade));
    let volta = volta(&app, &unidade)?;
    ctx.release().await?;
    if tried >= TRIES {
        let told = Told { good: false, text: frame.t("gateway-too-often"), answer: String::new() };
        return Ok(Page(ProvedorFormPage::of(frame, &provedor, volta, None, Some(told))).into_response());
    }
    let outcome = provedor.provar(&volta, app.value::<Mailer>()?.allows_internal()).await;
    let said =
        json!({ "provedor": provedor.nome, "respondeu": outcome.is_ok(), "resposta": outcome.as_ref().err().map(|f| &f.answer) });
    let change = Change { before: None, after: Some(said) };
    let entry = Entry { action: "provedor.testado", entity: "provedor", entity_id: Some(provedor.id.uuid()), change };
    app.tenants.record(&unidade, async |tx: &mut TenantTx| tx.audit(&actor, entry).await).await?;
    let told = Told::of(&frame, outcome);
    Ok(Page(ProvedorFormPage::of(frame, &provedor, volta, None, Some(told))).into_response())
}

#[cfg(test)]
pub(crate) mod samples {
    use super::{super::ProvedorRule, *};

    fn provedor(tipo: Tipo, nome: &str, ativo: bool) -> Provedor {
        Provedor {
            id: ProvedorId::new(uuid::Uuid::nil()),
            tipo,
            nome: nome.into(),
            emissor: Emissor("https://login.fiesc.example/<b>Costa</b>".into()),
            client_id: "sri".into(),
            segredo: ativo.then(|| tenancy::Sealed(vec![0; 40])),
            confia_email: ativo,
            ativo,
            version: 3,
        }
    }

    pub(crate) fn list(frame: &Frame) -> Vec<ProvedoresPage> {
        let many = ["FIESC", "<script>alert(1)</script>", &"Maximiliano ".repeat(3), "a", "b"];
        let many = (0..).zip(many).map(|(n, nome)| (provedor(Tipo::ALL[usize::from(n % 4 == 1)], nome, n != 1), n));
        vec![ProvedoresPage::new(frame.clone(), Vec::new()), ProvedoresPage::new(frame.clone(), many.collect())]
    }

    pub(crate) fn form(frame: &Frame) -> Vec<ProvedorFormPage> {
        use ProvedorRule::{Changed, Internal, NoSegredo, NomeTaken, Segredo, TooMany};

        let volta = || "https://joinville.sri.example/entrar/provedor/volta".to_owned();
        let mut refused =
            FormState::from_body(b"nome=%3Cscript%3Ealert(1)%3C/script%3E&segredo=secret-of-mine").secret("segredo");
        for rule in [TooMany, NomeTaken, Internal, NoSegredo, Segredo, Changed] {
            refused.refuse(frame.lang, &ProvedorError::Rule(rule));
        }
        let failed = Failure { why: Why::Refused, answer: "404 <script>alert(1)</script>".into() };
        let mut pages: Vec<_> =
            Tipo::ALL.map(|tipo| ProvedorFormPage::new(frame.clone(), tipo, volta(), FormState::new())).into();
        pages.push(ProvedorFormPage::new(frame.clone(), Tipo::Oidc, volta(), refused.clone()));
        for told in [Ok(()), Err(failed)] {
            let told = Some(Told::of(frame, told));
            pages.push(ProvedorFormPage::of(frame.clone(), &provedor(Tipo::Oidc, "<b>Costa</b>", true), volta(), None, told));
        }
        let off = provedor(Tipo::Github, "GitHub", false);
        pages.push(ProvedorFormPage::of(frame.clone(), &off, volta(), Some(refused), None));
        pages
    }
}
