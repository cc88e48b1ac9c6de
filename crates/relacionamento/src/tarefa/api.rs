//! Tarefas over REST: the same commands, JSON in and out.

pub mod json;
pub mod query;

use axum::{
    Json as Answer,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::OpenApi;
use web::{
    Access, Ctx, CtxInner, Error, Json, Query, Route,
    api::{self, Created, List},
};

use json::{SobreJson, TarefaInput, TarefaJson};
use query::ListQuery;

use super::{
    GERIR, Tarefa, TarefaId, VER,
    gravar::{self, alterar, criar, excluir, hold, restaurar},
    lista::{self, After},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/tarefas")]
pub struct ApiTarefas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/tarefas/{id}", rejection(web::BadPath))]
pub struct ApiTarefa {
    pub id: TarefaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/tarefas/{id}/concluir", rejection(web::BadPath))]
pub struct ApiConcluir {
    pub id: TarefaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/tarefas/{id}/reabrir", rejection(web::BadPath))]
pub struct ApiReabrir {
    pub id: TarefaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/tarefas/{id}/restaurar", rejection(web::BadPath))]
pub struct ApiRestore {
    pub id: TarefaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["tarefa"];
    const WHOLE: &str = r#"{"sobre":{"tipo":"empresa","id":"{empresa}"},"titulo":"Ligar","responsavel":"{usuario.outro}","data_prazo":"2026-12-01"}"#;
    const PUT: &str = r#"{"titulo":"Ligar","responsavel":"{usuario.outro}"}"#;
    let sees = || Access::Needs(VER);
    let keeps = || Access::Needs(GERIR);
    vec![
        Route::get(list, sees()).sample("/api/v1/tarefas?concluida=false&vence_antes=2026-12-31", ""),
        Route::post(create, keeps()).ids(&["empresa"]).sample("/api/v1/tarefas", WHOLE),
        Route::get(get, sees()).ids(ONE).sample("/api/v1/tarefas/{tarefa}", ""),
        Route::put(put, keeps()).ids(ONE).sample("/api/v1/tarefas/{tarefa}", PUT),
        Route::patch(patch, keeps()).ids(ONE).sample("/api/v1/tarefas/{tarefa}", r#"{"data_prazo":"2026-12-03"}"#),
        Route::delete(delete, keeps()).ids(ONE).sample("/api/v1/tarefas/{tarefa}", ""),
        Route::post(concluir, keeps()).ids(ONE).sample("/api/v1/tarefas/{tarefa}/concluir", ""),
        Route::post(reabrir, keeps()).ids(ONE).sample("/api/v1/tarefas/{tarefa.concluida}/reabrir", ""),
        Route::post(restore, keeps()).ids(&["tarefa_excluida"]).sample("/api/v1/tarefas/{tarefa_excluida}/restaurar", ""),
    ]
}

async fn found(ctx: &mut CtxInner, id: TarefaId) -> Result<Tarefa, Error> {
    lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)
}

async fn answer(ctx: &mut CtxInner, id: TarefaId) -> Result<Response, Error> {
    let tarefa = gravar::written(&mut ctx.tx, id).await?;
    Ok(api::versioned(StatusCode::OK, tarefa.version, &TarefaJson::from(&tarefa)))
}

/// Where a step says from which version it is taken, it is taken from no other.
async fn expected(ctx: &mut CtxInner, headers: &HeaderMap, id: TarefaId) -> Result<(), Error> {
    if headers.contains_key(header::IF_MATCH) {
        hold(&mut ctx.tx, &ctx.actor, id, api::if_match(headers)?).await?;
    }
    Ok(())
}

/// Tarefas, the latest first, in parts.
#[utoipa::path(get, path = "/api/v1/tarefas", tag = "tarefas", params(ListQuery), responses((status = 200, body = List<TarefaJson>), (status = 422)))]
async fn list(_: ApiTarefas, mut ctx: Ctx, Query(asked): Query<ListQuery>) -> Result<Answer<List<TarefaJson>>, Error> {
    let ctx = &mut *ctx;
    let (after, limit) = api::part::<After>(asked.cursor.as_deref(), asked.limit)?;
    let filtro = asked.filtro()?;
    // One more tells whether there is a next part.
    let (rows, total) = lista::list_after(&mut ctx.tx, &ctx.actor, &filtro, after.as_ref(), i64::from(limit) + 1).await?;
    let (rows, next_cursor) = api::cut(rows, limit, |last| (last.created_at, last.id.uuid()));
    Ok(Answer(List { items: rows.iter().map(TarefaJson::from).collect(), next_cursor, total }))
}

/// One tarefa, with its version as ETag.
#[utoipa::path(get, path = "/api/v1/tarefas/{id}", tag = "tarefas", params(("id" = Uuid, Path)),
    responses((status = 200, body = TarefaJson), (status = 404)))]
async fn get(path: ApiTarefa, mut ctx: Ctx) -> Result<Response, Error> {
    let tarefa = found(&mut ctx, path.id).await?;
    Ok(api::versioned(StatusCode::OK, tarefa.version, &TarefaJson::from(&tarefa)))
}

/// Writes down what somebody is to do. With `Idempotency-Key` a repeated request changes nothing and hears the first answer.
#[utoipa::path(post, path = "/api/v1/tarefas", tag = "tarefas", request_body = TarefaInput,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TarefaJson), (status = 404), (status = 422)))]
async fn create(_: ApiTarefas, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<TarefaInput>) -> Result<Created, Error> {
    api::once(&mut ctx, &headers, &input, async |ctx: &mut Ctx| {
        let ctx = &mut **ctx;
        let (sobre, dados) = input.read()?;
        let id = criar(&mut ctx.tx, &ctx.actor, sobre, &dados).await?;
        let tarefa = gravar::written(&mut ctx.tx, id).await?;
        let body = serde_json::to_value(TarefaJson::from(&tarefa)).unwrap_or_default();
        Ok(Created { status: StatusCode::CREATED, version: tarefa.version, body, location: ApiTarefa { id }.to_string() })
    })
    .await
}

/// Replaces what is to be done, if it is still the version of `If-Match`.
#[utoipa::path(put, path = "/api/v1/tarefas/{id}", tag = "tarefas", request_body = TarefaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = TarefaJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn put(path: ApiTarefa, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<TarefaInput>) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    write(&mut ctx, path.id, seen, &input).await
}

/// Changes the fields that are named, if it is still the version of `If-Match`; null opens a field.
#[utoipa::path(patch, path = "/api/v1/tarefas/{id}", tag = "tarefas", request_body = TarefaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = TarefaJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn patch(
    path: ApiTarefa,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(fields): Json<Map<String, Value>>,
) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    let input = api::patched(TarefaInput::of(&found(&mut ctx, path.id).await?), fields)?;
    write(&mut ctx, path.id, seen, &input).await
}

async fn write(ctx: &mut CtxInner, id: TarefaId, seen: i32, input: &TarefaInput) -> Result<Response, Error> {
    let before = found(ctx, id).await?;
    let (sobre, dados) = input.read()?;
    if sobre.is_some() && sobre != before.sobre() {
        return Err(Error::invalid(vec![Invalid::new("tarefa-sobre").at("sobre")]));
    }
    alterar(&mut ctx.tx, &ctx.actor, id, seen, &dados).await?;
    answer(ctx, id).await
}

/// Puts a tarefa into the lixeira; with `If-Match`, only that version.
#[utoipa::path(delete, path = "/api/v1/tarefas/{id}", tag = "tarefas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)), responses((status = 204), (status = 404), (status = 409)))]
async fn delete(path: ApiTarefa, mut ctx: Ctx, headers: HeaderMap) -> Result<StatusCode, Error> {
    let ctx = &mut *ctx;
    expected(ctx, &headers, path.id).await?;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// It is done. Said twice, the first stays.
#[utoipa::path(post, path = "/api/v1/tarefas/{id}/concluir", tag = "tarefas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TarefaJson), (status = 404), (status = 409)))]
async fn concluir(path: ApiConcluir, mut ctx: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    finish(&mut ctx, path.id, &headers, true).await
}

/// It is not done after all.
#[utoipa::path(post, path = "/api/v1/tarefas/{id}/reabrir", tag = "tarefas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TarefaJson), (status = 404), (status = 409)))]
async fn reabrir(path: ApiReabrir, mut ctx: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    finish(&mut ctx, path.id, &headers, false).await
}

async fn finish(ctx: &mut CtxInner, id: TarefaId, headers: &HeaderMap, feita: bool) -> Result<Response, Error> {
    expected(ctx, headers, id).await?;
    gravar::concluir(&mut ctx.tx, &ctx.actor, id, feita).await?;
    answer(ctx, id).await
}

/// Takes a tarefa out of the lixeira.
#[utoipa::path(post, path = "/api/v1/tarefas/{id}/restaurar", tag = "tarefas", params(("id" = Uuid, Path)),
    responses((status = 200, body = TarefaJson), (status = 404)))]
async fn restore(path: ApiRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    answer(ctx, path.id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, get, create, put, patch, delete, concluir, reabrir, restore),
    components(schemas(TarefaJson, TarefaInput, SobreJson, List<TarefaJson>)),
    tags((name = "tarefas", description = "What somebody of the unidade is to do"))
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
