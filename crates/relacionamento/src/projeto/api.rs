//! Projetos over REST: the same commands, JSON in and out.

pub mod json;
pub mod query;

use axum::{
    Json as Answer,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use utoipa::OpenApi;
use web::{
    Access, Ctx, CtxInner, Error, Json, Query, Route,
    api::{self, Created, List},
};

use json::{ProjetoInput, ProjetoJson};
use query::ListQuery;

use super::{
    ALTERAR, EXCLUIR, Motivo, Projeto, ProjetoError, ProjetoId, ProjetoRule, VER,
    excluir::{excluir, restaurar},
    gravar::{alterar, converter, encerrar, reabrir as reopen, written},
    lista::{self, After},
};
use crate::{
    demanda::{self, DemandaId},
    json::{MotivoInput, parsed},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/projetos")]
pub struct ApiProjetos;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/projetos/{id}", rejection(web::BadPath))]
pub struct ApiProjeto {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/projetos/{id}/concluir", rejection(web::BadPath))]
pub struct ApiConcluir {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/projetos/{id}/cancelar", rejection(web::BadPath))]
pub struct ApiCancelar {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/projetos/{id}/reabrir", rejection(web::BadPath))]
pub struct ApiReabrir {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/projetos/{id}/restaurar", rejection(web::BadPath))]
pub struct ApiRestore {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/{id}/converter", rejection(web::BadPath))]
pub struct ApiConverter {
    pub id: DemandaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["projeto"];
    const WHOLE: &str = r#"{"titulo":"Curso","valor":"1234.50","data_inicio":"2026-12-01"}"#;
    let needs = |permission: &kernel::Permission| Access::Needs(permission.clone());
    vec![
        Route::get(list, needs(&VER)).sample("/api/v1/projetos?situacao=em_execucao", ""),
        Route::post(convert, needs(&ALTERAR)).ids(&["demanda"]).sample("/api/v1/demandas/{demanda}/converter", WHOLE),
        Route::get(get, needs(&VER)).ids(ONE).sample("/api/v1/projetos/{projeto}", ""),
        Route::put(put, needs(&ALTERAR)).ids(ONE).sample("/api/v1/projetos/{projeto}", WHOLE),
        Route::delete(delete, needs(&EXCLUIR)).ids(ONE).sample("/api/v1/projetos/{projeto}", ""),
        Route::post(concluir, needs(&ALTERAR)).ids(ONE).sample("/api/v1/projetos/{projeto}/concluir", ""),
        Route::post(cancelar, needs(&ALTERAR)).ids(ONE).sample("/api/v1/projetos/{projeto}/cancelar", r#"{"motivo":"Pediram"}"#),
        Route::post(reabrir, needs(&ALTERAR)).ids(ONE).sample("/api/v1/projetos/{projeto.encerrado}/reabrir", ""),
        Route::post(restore, needs(&EXCLUIR))
            .ids(&["projeto_excluido"])
            .sample("/api/v1/projetos/{projeto_excluido}/restaurar", ""),
    ]
}

async fn found(ctx: &mut CtxInner, id: ProjetoId) -> Result<Projeto, Error> {
    lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)
}

async fn answer(ctx: &mut CtxInner, id: ProjetoId) -> Result<Response, Error> {
    let projeto = written(&mut ctx.tx, id).await?;
    Ok(api::versioned(StatusCode::OK, projeto.version, &ProjetoJson::from(&projeto)))
}

/// Projetos, the latest beginning first, in parts.
#[utoipa::path(get, path = "/api/v1/projetos", tag = "projetos", params(ListQuery), responses((status = 200, body = List<ProjetoJson>), (status = 422)))]
async fn list(_: ApiProjetos, mut ctx: Ctx, Query(asked): Query<ListQuery>) -> Result<Answer<List<ProjetoJson>>, Error> {
    let ctx = &mut *ctx;
    let (after, limit) = api::part::<After>(asked.cursor.as_deref(), asked.limit)?;
    let filtro = asked.filtro()?;
    // One more tells whether there is a next part.
    let (rows, total) = lista::list_after(&mut ctx.tx, &ctx.actor, &filtro, after.as_ref(), i64::from(limit) + 1).await?;
    let (rows, next_cursor) = api::cut(rows, limit, |last| (last.data_inicio, last.id.uuid()));
    Ok(Answer(List { items: rows.iter().map(ProjetoJson::from).collect(), next_cursor, total }))
}

/// One projeto, with its version as ETag.
#[utoipa::path(get, path = "/api/v1/projetos/{id}", tag = "projetos", params(("id" = Uuid, Path)),
    responses((status = 200, body = ProjetoJson), (status = 404)))]
async fn get(path: ApiProjeto, mut ctx: Ctx) -> Result<Response, Error> {
    let projeto = found(&mut ctx, path.id).await?;
    Ok(api::versioned(StatusCode::OK, projeto.version, &ProjetoJson::from(&projeto)))
}

/// Makes a demanda a projeto, once. With `Idempotency-Key` a repeated request hears the first answer.
#[utoipa::path(post, path = "/api/v1/demandas/{id}/converter", tag = "projetos", request_body = ProjetoInput,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ProjetoJson), (status = 404), (status = 409), (status = 422)))]
async fn convert(
    path: ApiConverter,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(input): Json<ProjetoInput>,
) -> Result<Created, Error> {
    api::once(&mut ctx, &headers, &input, async |ctx: &mut Ctx| {
        let ctx = &mut **ctx;
        let seen = if headers.contains_key(header::IF_MATCH) {
            api::if_match(&headers)?
        } else {
            demanda::lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?.version
        };
        let id = converter(&mut ctx.tx, &ctx.actor, path.id, seen, &input.dados()?).await?;
        let projeto = written(&mut ctx.tx, id).await?;
        let body = serde_json::to_value(ProjetoJson::from(&projeto)).unwrap_or_default();
        Ok(Created { status: StatusCode::CREATED, version: projeto.version, body, location: ApiProjeto { id }.to_string() })
    })
    .await
}

/// Replaces what is agreed, if it is still the version of `If-Match`.
#[utoipa::path(put, path = "/api/v1/projetos/{id}", tag = "projetos", request_body = ProjetoInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ProjetoJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn put(path: ApiProjeto, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<ProjetoInput>) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    let ctx = &mut *ctx;
    alterar(&mut ctx.tx, &ctx.actor, path.id, seen, &input.dados()?).await?;
    answer(ctx, path.id).await
}

/// Puts a projeto into the lixeira; its demanda stays concluída.
#[utoipa::path(delete, path = "/api/v1/projetos/{id}", tag = "projetos",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)), responses((status = 204), (status = 404), (status = 409)))]
async fn delete(path: ApiProjeto, mut ctx: Ctx, headers: HeaderMap) -> Result<StatusCode, Error> {
    let ctx = &mut *ctx;
    if headers.contains_key(header::IF_MATCH) {
        let (seen, current) = (api::if_match(&headers)?, found(ctx, path.id).await?.version);
        if seen != current {
            return Err(ProjetoError::Rule(ProjetoRule::Changed { current }).into());
        }
    }
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The version that a step is taken from: that of `If-Match`, or what it is now.
async fn seen(ctx: &mut CtxInner, headers: &HeaderMap, id: ProjetoId) -> Result<i32, Error> {
    if headers.contains_key(header::IF_MATCH) { api::if_match(headers) } else { Ok(found(ctx, id).await?.version) }
}

/// It is done.
#[utoipa::path(post, path = "/api/v1/projetos/{id}/concluir", tag = "projetos",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ProjetoJson), (status = 404), (status = 409)))]
async fn concluir(path: ApiConcluir, mut ctx: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    encerrar(&mut ctx.tx, &ctx.actor, path.id, seen, None).await?;
    answer(ctx, path.id).await
}

/// Calls one em execução off.
#[utoipa::path(post, path = "/api/v1/projetos/{id}/cancelar", tag = "projetos", request_body = MotivoInput,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ProjetoJson), (status = 404), (status = 409), (status = 422)))]
async fn cancelar(
    path: ApiCancelar,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(input): Json<MotivoInput>,
) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    let mut errors = Vec::new();
    let motivo: Motivo = parsed(&mut errors, "motivo", &input.motivo).ok_or_else(|| Error::invalid(errors))?;
    encerrar(&mut ctx.tx, &ctx.actor, path.id, seen, Some(&motivo)).await?;
    answer(ctx, path.id).await
}

/// Opens one again that has ended.
#[utoipa::path(post, path = "/api/v1/projetos/{id}/reabrir", tag = "projetos",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ProjetoJson), (status = 404), (status = 409)))]
async fn reabrir(path: ApiReabrir, mut ctx: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    reopen(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    answer(ctx, path.id).await
}

/// Takes a projeto out of the lixeira, if its demanda is still what it was made of.
#[utoipa::path(post, path = "/api/v1/projetos/{id}/restaurar", tag = "projetos", params(("id" = Uuid, Path)),
    responses((status = 200, body = ProjetoJson), (status = 404), (status = 409)))]
async fn restore(path: ApiRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    answer(ctx, path.id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, get, convert, put, delete, concluir, cancelar, reabrir, restore),
    components(schemas(ProjetoJson, ProjetoInput, MotivoInput, List<ProjetoJson>)),
    tags((name = "projetos", description = "What empresas contracted"))
)]
struct Doc;

/// The OpenAPI document of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_openapi_document_is_reviewed() {
        insta::assert_json_snapshot!(openapi());
    }
}
