//! Support access from the console: ask a unidade, withdraw, come over, give back (decision 0017).

use std::sync::Arc;

use acesso::{Segredo, suporte as unidade_side};
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use jobs::{Handler, Outcome, Payload, PlatformJob};
use kernel::{Actor, Fault, Invalid};
use serde::{Deserialize, Serialize};
use tenancy::{
    PlatformTx, TenantTx, Unidade, UnidadeId, passagem,
    suporte::{self, Fim, MINUTOS, Suporte},
};
use web::{
    Access, Error, FormBody, Page, Result, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use crate::{ConsoleCtx, unidade::pages};

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}/suporte")]
pub(crate) struct SuportePath {
    id: UnidadeId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(act, Access::SignedIn)
            .ids(&["unidade"])
            .sample("/unidades/{unidade}/suporte", "passo=pedir&motivo_suporte=Amostra&minutos=60"),
    ]
}

async fn act(SuportePath { id }: SuportePath, mut ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let mut form = FormState::from_body(&body);
    let unidade = ctx.app.registry.by_id(id).await?.ok_or_else(Error::not_found)?;
    match form.raw("passo") {
        "entrar" => return come_over(&mut ctx, &unidade).await,
        "retirar" => return end(&mut ctx, &unidade, Fim::Retirado).await,
        "encerrar" => return end(&mut ctx, &unidade, Fim::Encerrado).await,
        _ => {}
    }
    let motivo = form.required::<suporte::Motivo>("motivo_suporte");
    let minutos = form.choice("minutos", |text| text.parse().ok().filter(|n| MINUTOS.contains(n)));
    let (Some(motivo), Some(minutos)) = (motivo, minutos) else { return again(&mut ctx, id, form).await };
    let actor = ctx.actor.clone();
    let Some(asked) = suporte::pedir(&mut ctx.tx, &actor, id, (&motivo, minutos, form.has("escrita", "sim"))).await? else {
        form.fail("motivo_suporte", Invalid::new("suporte-open"));
        return again(&mut ctx, id, form).await;
    };
    let links = ctx.app.config.links()?;
    tell(&ctx, &unidade, async |tx: &mut TenantTx| {
        unidade_side::trail_of_admin(tx, &actor, "suporte.pedido", &asked).await?;
        unidade_side::announce(tx, &links, &asked).await
    })
    .await?;
    Ok(done(id, Tone::Success, "toast-suporte-asked"))
}

/// The unidade's part, committed before the console's: it must never lack a line that the platform has.
async fn tell(
    ctx: &crate::ctx::Inner,
    unidade: &Arc<Unidade>,
    work: impl AsyncFnOnce(&mut TenantTx) -> std::result::Result<(), Fault>,
) -> std::result::Result<(), Fault> {
    ctx.app.tenants.record(unidade, work).await
}

/// Leads on to the unidade by itself.
#[derive(Template)]
#[template(path = "plataforma/passagem.html")]
struct PassagemPage {
    frame: Frame,
    href: String,
    unidade: String,
}

/// A secret for the way over; the unidade's host asks once more before it is used.
async fn come_over(ctx: &mut ConsoleCtx, unidade: &Unidade) -> Result<Response> {
    let (Some(sessao), Some(admin)) = (ctx.sessao.as_ref().map(|s| s.id), ctx.actor.id) else { return Err(Error::not_found()) };
    let secret = Segredo::draw();
    if !passagem::open_suporte(&mut ctx.tx, unidade.id, (admin, sessao), secret.hash()).await? {
        return Ok(done(unidade.id, Tone::Warning, "toast-suporte-over"));
    }
    let path = acesso::suporte::pages::PassagemPath { token: secret.reveal() };
    let href = format!("{}{path}", ctx.app.config.origin_of(&unidade.slug));
    // The content security policy lets no form lead to another host, not even by a redirection: the page leads on.
    let on = HeaderValue::try_from(format!("0; url={href}")).map_err(|e| Fault::new("the way to a unidade", e))?;
    let frame = ctx.frame().titled("suporte-entrar-title");
    let page = Page(PassagemPage { frame, href, unidade: unidade.nome.clone() });
    Ok(([(header::REFRESH, on)], page).into_response())
}

async fn end(ctx: &mut ConsoleCtx, unidade: &Arc<Unidade>, fim: Fim) -> Result<Response> {
    let actor = ctx.actor.clone();
    let Some(open) = open(ctx, unidade.id).await? else { return Ok(done(unidade.id, Tone::Warning, "toast-suporte-over")) };
    let Some(ended) = suporte::encerrar(&mut ctx.tx, &actor, unidade.id, open.id, fim).await? else {
        return Ok(done(unidade.id, Tone::Warning, "toast-suporte-over"));
    };
    tell(ctx, unidade, async |tx: &mut TenantTx| unidade_side::trail_of_admin(tx, &actor, fim.action(), &ended).await).await?;
    Ok(done(unidade.id, Tone::Success, "toast-suporte-ended"))
}

/// What the admin of this request has open in a unidade.
pub(crate) async fn open(ctx: &mut ConsoleCtx, id: UnidadeId) -> std::result::Result<Option<Suporte>, Fault> {
    match ctx.actor.id {
        Some(admin) => suporte::open_of(&mut ctx.tx, id, admin).await,
        None => Ok(None),
    }
}

fn done(id: UnidadeId, tone: Tone, toast: &'static str) -> Response {
    redirect(&pages::UnidadePath { id }.to_string(), Some((tone, toast)))
}

async fn again(ctx: &mut ConsoleCtx, id: UnidadeId, form: FormState) -> Result<Response> {
    let mut response = pages::unidade_page(ctx, id, form).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Ends what has run out and writes it into the unidades' trails.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EndSuporte {}

impl Payload for EndSuporte {
    const NAME: &'static str = "plataforma.suporte";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::platform(|job: PlatformJob, _: EndSuporte| async move {
        job.write(async |tx: &mut PlatformTx| suporte::vencer(tx).await).await?;
        let untold = job.write(async |tx: &mut PlatformTx| suporte::untold(tx).await).await?;
        for one in untold {
            // Of one that cannot be reached now it is written at the next turn.
            if let Err(fault) = write_down(&job, &one).await {
                tracing::warn!(%fault, "the end of a support access could not be told to its unidade");
            }
        }
        Ok(Outcome::Done)
    })]
}

async fn write_down(job: &PlatformJob, one: &Suporte) -> std::result::Result<(), Fault> {
    let action = if one.situacao == "vencido" { "suporte.vencido" } else { "suporte.encerrado" };
    let unidade = job.registry.by_id(one.unidade_id).await?.filter(|unidade| unidade.status != tenancy::Status::Deleted);
    if let Some(unidade) = unidade {
        let sistema = Actor::sistema();
        job.tenants.record(&unidade, async |tx: &mut TenantTx| unidade_side::trail(tx, &sistema, action, one).await).await?;
    }
    job.write(async |tx: &mut PlatformTx| suporte::told(tx, one.id).await).await
}
