use askama::Template;
use axum::{
    extract::RawQuery,
    http::StatusCode,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use axum_extra::routing::TypedPath;
use futures::stream;
use idioma::t;
use kernel::{Fault, Lang};
use serde::Deserialize;
use serde_json::json;
use tenancy::{PlatformTx, ProvisionError, Provisioning, Status, Step, UnidadeId};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use web::{
    Access, App, Error, FormBody, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Cor, Frame, Tema, Tone},
    list::{Direction, ListState, Pager, Sort},
    redirect,
};

use super::{Resumo, bytes, nova, sql, sql::TrailRow};
use crate::{ConsoleCtx, auditoria::action, provisionar, provisionar_de_novo};

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades")]
pub(crate) struct UnidadesPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/nova")]
pub(crate) struct NovaPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}")]
pub(crate) struct UnidadePath {
    pub id: UnidadeId,
}

/// Steps of a provisioning as they happen (server-sent events).
#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}/andamento")]
pub(crate) struct AndamentoPath {
    id: UnidadeId,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}/tentar")]
pub(crate) struct TentarPath {
    id: UnidadeId,
}

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get(list, Access::SignedIn),
        Route::get(show_nova, Access::SignedIn),
        Route::post(post_nova, Access::SignedIn).sample(
            "/unidades",
            "codigo=9.77&nome=SENAI+Nova&slug=nova-amostra&cidade=Joinville&uf=SC&admin_nome=Ana&admin_email=ana@senai.example",
        ),
        Route::get(show, Access::SignedIn).ids(&["unidade"]).sample("/unidades/{unidade}", ""),
        Route::get(andamento, Access::SignedIn).ids(&["unidade"]).sample("/unidades/{unidade}/andamento", ""),
        Route::post(tentar, Access::SignedIn).ids(&["unidade"]).sample("/unidades/{unidade}/tentar", ""),
    ];
    routes.extend(super::ciclo::routes());
    routes
}

#[derive(Template)]
#[template(path = "plataforma/unidades.html")]
struct UnidadesPage {
    frame: Frame,
    list: ListState,
    statuses: Vec<Choice>,
    pager: Pager,
    rows: Vec<Resumo>,
}

#[derive(Template)]
#[template(path = "plataforma/nova.html")]
struct NovaPage {
    frame: Frame,
    form: FormState,
    ufs: Vec<Choice>,
    modules: Vec<Choice>,
    /// What follows the slug in the address.
    suffix: String,
}

#[derive(Template)]
#[template(path = "plataforma/unidade.html")]
struct UnidadePage {
    frame: Frame,
    unidade: Resumo,
    origin: String,
    created: String,
    /// Where the steps of a provisioning are told.
    andamento: String,
    /// Of one that is not over: how many steps are done, the key of the present one, the error of one that was given up.
    provisioning: Option<(i64, &'static str, Option<String>)>,
    modules: Vec<(Choice, bool)>,
    form: FormState,
    trail: Vec<TrailRow>,
    /// What this admin has open there.
    suporte: Option<tenancy::suporte::Suporte>,
    minutos: Vec<Choice>,
}

const STATUSES: [Status; 7] = [
    Status::Active,
    Status::Provisioning,
    Status::Suspended,
    Status::Maintenance,
    Status::Moving,
    Status::Archived,
    Status::Deleted,
];

fn status_choices(lang: Lang) -> Vec<Choice> {
    STATUSES.iter().map(|s| Choice::new(s.code(), t(lang, &format!("status-{}", s.code())))).collect()
}

async fn list(_: UnidadesPath, mut ctx: ConsoleCtx, RawQuery(query): RawQuery) -> Result<Response> {
    let list =
        ListState::read("/unidades", &query.unwrap_or_default(), &["codigo"], Sort { key: "codigo", direction: Direction::Up });
    let (rows, total) = sql::list(&mut ctx.tx, list.search(), list.filter("status"), list.page).await?;
    let pager = Pager::new(list.page, total);
    let lang = ctx.lang;
    let frame = ctx.frame().titled("console-unidades");
    Ok(Page(UnidadesPage { frame, list, statuses: status_choices(lang), pager, rows }).into_response())
}

fn nova_page(frame: Frame, form: FormState, app: &App) -> NovaPage {
    let lang = frame.lang;
    NovaPage {
        frame: frame.titled("console-nova").crumb(t(lang, "console-unidades"), "/unidades"),
        form,
        ufs: kernel::Uf::ALL.iter().map(|uf| Choice::new(uf.as_str(), uf.as_str())).collect(),
        modules: module_choices(app, lang),
        suffix: app.config.origin("").split_once("://").map(|(_, rest)| rest.to_owned()).unwrap_or_default(),
    }
}

fn module_choices(app: &App, lang: Lang) -> Vec<Choice> {
    app.modules
        .iter()
        .filter(|m| !m.core)
        .map(|m| Choice::new(m.name, idioma::find(lang, &format!("module-{}", m.name)).unwrap_or(m.name)))
        .collect()
}

async fn show_nova(_: NovaPath, ctx: ConsoleCtx) -> Response {
    Page(nova_page(ctx.frame(), FormState::new(), &ctx.app)).into_response()
}

async fn post_nova(_: UnidadesPath, mut ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let mut form = FormState::from_body(&body);
    let (app, actor, lang) = (ctx.app.clone(), ctx.actor.clone(), ctx.lang);
    if let Some(new) = nova::read(&mut form, &mut ctx.tx, &app.modules).await? {
        match provisionar(&mut ctx.tx, &app, &actor, new).await {
            Ok(id) => return Ok(redirect(&UnidadePath { id }.to_string(), Some((Tone::Success, "toast-unidade-requested")))),
            Err(ProvisionError::Fault(fault)) => return Err(fault.into()),
            Err(refused) => form.refuse(lang, &nova::Refused(refused)),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(nova_page(ctx.frame(), form, &app))).into_response())
}

async fn show(UnidadePath { id }: UnidadePath, mut ctx: ConsoleCtx) -> Result<Response> {
    let page = unidade_page(&mut ctx, id, FormState::new()).await?;
    Ok(page.into_response())
}

/// The page of one unidade, also shown again with the mistakes of one of its forms.
pub(crate) async fn unidade_page(ctx: &mut ConsoleCtx, id: UnidadeId, form: FormState) -> Result<Response> {
    let unidade = sql::find(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
    let provisioning = Provisioning::find(&mut ctx.tx, id).await?.filter(|p| p.step != Step::Done).map(|p| {
        let (done, key) = step_look(p.step);
        (done, key, (p.step == Step::Failed).then(|| p.error.unwrap_or_default()))
    });
    let trail = sql::trail(&mut ctx.tx, id).await?;
    let suporte = crate::suporte::open(ctx, id).await?;
    let minutos = tenancy::suporte::MINUTOS
        .map(|n| Choice::new(n.to_string(), idioma::t_args(ctx.lang, "suporte-minutos", [("n", i64::from(n).into())])))
        .into();
    let lang = ctx.lang;
    let modules = module_choices(&ctx.app, lang)
        .into_iter()
        .map(|choice| {
            let on = unidade.modules.contains(&choice.value);
            (choice, on)
        })
        .collect();
    let origin = ctx.app.config.origin(&unidade.slug);
    // The mistakes of another form leave this one as it is.
    let form = if form.raw("version").is_empty() { filled(form, &unidade) } else { form };
    let frame = ctx.frame().title(unidade.nome.clone()).crumb(t(lang, "console-unidades"), "/unidades");
    let created = frame.datetime(unidade.created_at);
    Ok(Page(UnidadePage {
        frame,
        unidade,
        origin,
        created,
        andamento: AndamentoPath { id }.to_string(),
        provisioning,
        modules,
        form,
        trail,
        suporte,
        minutos,
    })
    .into_response())
}

/// The form of what the platform keeps of a unidade.
fn filled(form: FormState, unidade: &Resumo) -> FormState {
    let (tema, default) = (&unidade.tema.0, Tema::default());
    let own = tema.primaria.is_some() || tema.destaque.is_some();
    let cor = |own: &Option<String>, or: Cor| own.clone().unwrap_or_else(|| or.to_string());
    form.with("nome", &unidade.nome)
        .with("version", unidade.version)
        .with_some("custom_domain", unidade.custom_domain.as_ref())
        .with("cores", if own { "proprias" } else { "padrao" })
        .with("primaria", cor(&tema.primaria, default.primaria))
        .with("destaque", cor(&tema.destaque, default.destaque))
}

/// Tries a provisioning that was given up once more.
async fn tentar(TentarPath { id }: TentarPath, mut ctx: ConsoleCtx) -> Result<Response> {
    Provisioning::find(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
    let actor = ctx.actor.clone();
    provisionar_de_novo(&mut ctx.tx, &actor, id).await?;
    Ok(redirect(&UnidadePath { id }.to_string(), None))
}

/// One `progress` event per step and an `end` when the provisioning is over; also ends when the process stops, and the
/// browser comes back to another one.
async fn andamento(AndamentoPath { id }: AndamentoPath, mut ctx: ConsoleCtx) -> Result<Response> {
    Provisioning::find(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
    let (app, lang) = (ctx.app.clone(), ctx.lang);
    // Subscribed before the first look: no step falls between.
    let changes = app.registry.changes();
    let start = Watch { app, changes, next: Next::Look };
    let events = stream::unfold(Some(start), move |watch| async move {
        let mut watch = watch?;
        match watch.next {
            Next::End => return Some((Ok::<_, Fault>(Event::default().event("end").data(UnidadePath { id }.to_string())), None)),
            Next::Wait => watch.wait_for(id).await?,
            Next::Look => {}
        }
        let provisioning =
            watch.app.platform.write(async |tx: &mut PlatformTx| Provisioning::find(tx, id).await).await.ok()??;
        let (done, key) = step_look(provisioning.step);
        watch.next = if matches!(provisioning.step, Step::Done | Step::Failed) { Next::End } else { Next::Wait };
        let text = json!({ "done": done, "total": STEPS, "text": t(lang, key) });
        Some((Ok(Event::default().event("progress").data(text.to_string())), Some(watch)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// A page that follows one provisioning.
struct Watch {
    app: App,
    changes: Receiver<UnidadeId>,
    next: Next,
}

enum Next {
    Look,
    Wait,
    End,
}

impl Watch {
    /// `None` when the process stops.
    async fn wait_for(&mut self, id: UnidadeId) -> Option<()> {
        loop {
            let told = tokio::select! {
                () = self.app.stopping.cancelled() => return None,
                told = self.changes.recv() => told,
            };
            match told {
                Ok(changed) if changed != id => {}
                Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

const STEPS: i64 = 4;

/// How far a step is, and the key of its name.
pub(crate) const fn step_look(step: Step) -> (i64, &'static str) {
    match step {
        Step::Requested => (1, "step-requested"),
        Step::Schema => (2, "step-schema"),
        Step::Admin => (3, "step-admin"),
        Step::Done => (STEPS, "step-done"),
        Step::Failed => (STEPS, "step-failed"),
    }
}
