//! What an admin does to a unidade: name, domain, colours and modules, suspend, reactivate, close, archive, delete, back up.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use kernel::{Invalid, Texto};
use serde::Deserialize;
use serde_json::json;
use tenancy::{
    Tema, UnidadeId,
    lifecycle::{self, LifecycleError, Step, UnidadePatch},
};
use web::{
    Access, Domain, Error, FormBody, Result, Route,
    forms::FormState,
    frame::{Cor, Tone},
    redirect,
};

use super::{backup, pages};
use crate::ConsoleCtx;

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}/dados")]
pub(super) struct DadosPath {
    id: UnidadeId,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}/situacao")]
pub(super) struct SituacaoPath {
    id: UnidadeId,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}/excluir")]
pub(super) struct ExcluirPath {
    id: UnidadeId,
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/unidades/{id}/backup")]
pub(super) struct BackupPath {
    id: UnidadeId,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post(dados, Access::SignedIn)
            .ids(&["unidade"])
            .sample("/unidades/{unidade}/dados", "nome=SENAI+Amostra&cores=padrao&version={version}"),
        Route::post(situacao, Access::SignedIn)
            .ids(&["unidade"])
            .sample("/unidades/{unidade}/situacao", "passo=suspender&motivo=Amostra"),
        Route::post(excluir, Access::SignedIn).ids(&["unidade"]).sample("/unidades/{unidade}/excluir", "confirmacao={slug}"),
        Route::post(fazer_backup, Access::SignedIn).ids(&["unidade"]).sample("/unidades/{unidade}/backup", ""),
    ]
}

async fn dados(DadosPath { id }: DadosPath, mut ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let mut form = FormState::from_body(&body);
    let nome = form.required::<Texto<120>>("nome");
    let version = form.raw("version").parse::<i32>().ok();
    let modules = ctx.app.modules.iter().filter(|m| !m.core && form.has("modules", m.name)).map(|m| m.name.to_owned()).collect();
    let domain = form.optional::<Domain>("custom_domain");
    if let Some(Some(domain)) = &domain {
        if domain.is_below(ctx.app.config.base_host()) {
            form.fail("custom_domain", Invalid::new("domain-own"));
        } else if ctx.app.registry.by_domain(domain.as_str()).await?.is_some_and(|holder| holder.id != id) {
            form.fail("custom_domain", Invalid::new("taken"));
        }
    }
    let cores = match form.choice("cores", |code| matches!(code, "padrao" | "proprias").then_some(code == "proprias")) {
        Some(true) => form.required::<Cor>("primaria").zip(form.required::<Cor>("destaque")).map(Some),
        Some(false) => Some(None),
        None => None,
    };
    let (true, Some(nome), Some(version), Some(domain), Some(cores)) = (form.is_ok(), nome, version, domain, cores) else {
        return again(&mut ctx, id, form).await;
    };
    let before = super::sql::find(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
    let patch = UnidadePatch {
        nome: Some(nome),
        modules: Some(modules),
        tema: Some(Tema {
            primaria: cores.map(|(primaria, _)| primaria.to_string()),
            destaque: cores.map(|(_, destaque)| destaque.to_string()),
            // The rest is the unidade's own to say; the picture lies in its schema.
            ..before.tema.0
        }),
        custom_domain: Some(domain.map(|domain| domain.as_str().to_owned())),
    };
    let actor = ctx.actor.clone();
    match lifecycle::update(&mut ctx.tx, &actor, id, version, &patch).await {
        Ok(_) => Ok(done(id, "toast-unidade-saved")),
        Err(error) => refused(&mut ctx, id, form, error).await,
    }
}

async fn situacao(SituacaoPath { id }: SituacaoPath, mut ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let mut form = FormState::from_body(&body);
    let step = match form.raw("passo") {
        "reativar" => Some(Step::Reactivate),
        "arquivar" => Some(Step::Archive),
        "suspender" => form.required("motivo").map(Step::Suspend),
        "manutencao" => form.required("motivo").map(Step::Maintenance),
        _ => {
            form.fail("passo", Invalid::new("choice"));
            None
        }
    };
    let Some(step) = step else { return again(&mut ctx, id, form).await };
    let actor = ctx.actor.clone();
    match lifecycle::change_status(&mut ctx.tx, &actor, id, &step).await {
        Ok(()) => Ok(done(id, "toast-unidade-status")),
        Err(error) => refused(&mut ctx, id, form, error).await,
    }
}

async fn excluir(ExcluirPath { id }: ExcluirPath, ctx: ConsoleCtx, FormBody(body): FormBody) -> Result<Response> {
    let form = FormState::from_body(&body);
    let (actor, confirmation) = (ctx.actor.clone(), form.raw("confirmacao").to_owned());
    // It drops a schema in another database: the request's own transaction must not wait meanwhile.
    let app = ctx.release().await?;
    match lifecycle::delete(&app.platform, &actor, id, &confirmation).await {
        Ok(()) => Ok(redirect("/unidades", Some((Tone::Success, "toast-unidade-deleted")))),
        Err(error) => Err(answer(error)),
    }
}

async fn fazer_backup(BackupPath { id }: BackupPath, mut ctx: ConsoleCtx) -> Result<Response> {
    if super::sql::find(&mut ctx.tx, id).await?.is_none() {
        return Err(Error::not_found());
    }
    let actor = ctx.actor.clone();
    backup::enqueue(&mut ctx.tx, id).await?;
    ctx.tx.audit(&actor, "unidade.backup", Some(id), json!({})).await?;
    Ok(done(id, "toast-backup-started"))
}

fn done(id: UnidadeId, toast: &'static str) -> Response {
    redirect(&pages::UnidadePath { id }.to_string(), Some((Tone::Success, toast)))
}

/// The page again, with what was typed and what is wrong with it.
async fn again(ctx: &mut ConsoleCtx, id: UnidadeId, form: FormState) -> Result<Response> {
    let mut response = pages::unidade_page(ctx, id, form).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn refused(ctx: &mut ConsoleCtx, id: UnidadeId, mut form: FormState, error: LifecycleError) -> Result<Response> {
    // A domain that was taken this very moment has ended the transaction that the page would be read in.
    if matches!(error, LifecycleError::NotFound | LifecycleError::DomainTaken | LifecycleError::Fault(_)) {
        return Err(answer(error));
    }
    form.refuse(ctx.lang, &Refused(error));
    again(ctx, id, form).await
}

fn answer(error: LifecycleError) -> Error {
    Refused(error).into()
}

/// A refusal of the lifecycle in words of the catalogue.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Refused(LifecycleError);

impl kernel::ErrorKind for Refused {
    fn kind(&self) -> kernel::Kind {
        match &self.0 {
            LifecycleError::NotFound => kernel::Kind::NotFound,
            LifecycleError::Fault(fault) => fault.kind(),
            LifecycleError::Confirmation => kernel::Kind::Invalid,
            _ => kernel::Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match &self.0 {
            LifecycleError::NotFound => "not-found",
            LifecycleError::Transition { .. } => "unidade-transition",
            LifecycleError::Stale => "conflict",
            LifecycleError::DomainTaken => "domain-taken",
            LifecycleError::Confirmation => "confirmation",
            LifecycleError::NoBackup => "no-backup",
            LifecycleError::Busy => "unidade-busy",
            LifecycleError::Fault(fault) => fault.code(),
        }
    }
}
