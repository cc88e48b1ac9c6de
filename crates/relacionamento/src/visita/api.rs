//! Visitas over REST: the same commands, JSON in and out.

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

use json::{HorarioInput, RelatoInput, VisitaInput, VisitaJson, horario};
use query::ListQuery;

use super::{
    ALTERAR, EXCLUIR, REGISTRAR, VER, Visita, VisitaId,
    alterar::{alterar, remarcar},
    desfecho,
    excluir::{excluir, restaurar},
    lista::{self, After},
    planejar::planejar,
};
use crate::json::{MotivoInput, PessoaJson, parsed};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/visitas")]
pub struct ApiVisitas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/visitas/{id}", rejection(web::BadPath))]
pub struct ApiVisita {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/visitas/{id}/remarcar", rejection(web::BadPath))]
pub struct ApiRemarcar {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/visitas/{id}/realizar", rejection(web::BadPath))]
pub struct ApiRealizar {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/visitas/{id}/cancelar", rejection(web::BadPath))]
pub struct ApiCancelar {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/visitas/{id}/reabrir", rejection(web::BadPath))]
pub struct ApiReabrir {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/visitas/{id}/restaurar", rejection(web::BadPath))]
pub struct ApiRestore {
    pub id: VisitaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["visita"];
    const WHOLE: &str = r#"{"empresa":"{empresa}","responsavel":"{usuario.outro}","inicio_at":"2026-12-01T12:00:00Z","fim_at":"2026-12-01T14:00:00Z","objetivo":"Conhecer"}"#;
    let needs = |permission: &kernel::Permission| Access::Needs(permission.clone());
    vec![
        Route::get(list, needs(&VER)).sample("/api/v1/visitas?situacao=planejada", ""),
        Route::post(create, needs(&REGISTRAR)).ids(&["empresa"]).sample("/api/v1/visitas", WHOLE),
        Route::get(get, needs(&VER)).ids(ONE).sample("/api/v1/visitas/{visita}", ""),
        Route::put(put, needs(&ALTERAR)).ids(ONE).sample("/api/v1/visitas/{visita}", WHOLE),
        Route::patch(patch, needs(&ALTERAR)).ids(ONE).sample("/api/v1/visitas/{visita}", r#"{"local":"Portaria 2"}"#),
        Route::delete(delete, needs(&EXCLUIR)).ids(ONE).sample("/api/v1/visitas/{visita}", ""),
        Route::post(move_to, needs(&ALTERAR)).ids(ONE).sample(
            "/api/v1/visitas/{visita}/remarcar",
            r#"{"inicio_at":"2026-12-02T12:00:00Z","fim_at":"2026-12-02T14:00:00Z"}"#,
        ),
        Route::post(realizar, needs(&ALTERAR))
            .ids(ONE)
            .sample("/api/v1/visitas/{visita.passada}/realizar", r#"{"resumo":"Conversa"}"#),
        Route::post(cancelar, needs(&ALTERAR)).ids(ONE).sample("/api/v1/visitas/{visita}/cancelar", r#"{"motivo":"Pediram"}"#),
        Route::post(reabrir, needs(&ALTERAR)).ids(ONE).sample("/api/v1/visitas/{visita.cancelada}/reabrir", ""),
        Route::post(restore, needs(&EXCLUIR)).ids(&["visita_excluida"]).sample("/api/v1/visitas/{visita_excluida}/restaurar", ""),
    ]
}

async fn found(ctx: &mut CtxInner, id: VisitaId) -> Result<Visita, Error> {
    lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)
}

async fn answer(ctx: &mut CtxInner, id: VisitaId) -> Result<Response, Error> {
    let visita = written(ctx, id).await?;
    Ok(api::versioned(StatusCode::OK, visita.version, &VisitaJson::from(&visita)))
}

/// Whoever may change need not be allowed to see; what they wrote they are told.
async fn written(ctx: &mut CtxInner, id: VisitaId) -> Result<Visita, Error> {
    Ok(super::planejar::written(&mut ctx.tx, id).await?)
}

/// Visitas, the latest first, in parts.
#[utoipa::path(get, path = "/api/v1/visitas", tag = "visitas", params(ListQuery), responses((status = 200, body = List<VisitaJson>), (status = 422)))]
async fn list(_: ApiVisitas, mut ctx: Ctx, Query(asked): Query<ListQuery>) -> Result<Answer<List<VisitaJson>>, Error> {
    let ctx = &mut *ctx;
    let (after, limit) = api::part::<After>(asked.cursor.as_deref(), asked.limit)?;
    let filtro = asked.filtro()?;
    // One more tells whether there is a next part.
    let (rows, total) = lista::list_after(&mut ctx.tx, &ctx.actor, &filtro, after.as_ref(), i64::from(limit) + 1).await?;
    let (rows, next_cursor) = api::cut(rows, limit, |last| (last.horario.inicio_at, last.id.uuid()));
    Ok(Answer(List { items: rows.iter().map(VisitaJson::from).collect(), next_cursor, total }))
}

/// One visita, with its version as ETag.
#[utoipa::path(get, path = "/api/v1/visitas/{id}", tag = "visitas", params(("id" = Uuid, Path)),
    responses((status = 200, body = VisitaJson), (status = 404)))]
async fn get(path: ApiVisita, mut ctx: Ctx) -> Result<Response, Error> {
    let visita = found(&mut ctx, path.id).await?;
    Ok(api::versioned(StatusCode::OK, visita.version, &VisitaJson::from(&visita)))
}

/// Plans a visita. With `Idempotency-Key` a repeated request changes nothing and hears the first answer.
#[utoipa::path(post, path = "/api/v1/visitas", tag = "visitas", request_body = VisitaInput,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = VisitaJson), (status = 422)))]
async fn create(_: ApiVisitas, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<VisitaInput>) -> Result<Created, Error> {
    api::once(&mut ctx, &headers, &input, async |ctx: &mut Ctx| {
        let ctx = &mut **ctx;
        let plano = input.plano()?;
        let empresa = input.empresa.ok_or_else(|| Error::invalid(vec![Invalid::new("required").at("empresa")]))?;
        let id = planejar(&mut ctx.tx, &ctx.actor, empresa, &plano).await?;
        let visita = written(ctx, id).await?;
        let body = serde_json::to_value(VisitaJson::from(&visita)).unwrap_or_default();
        Ok(Created { status: StatusCode::CREATED, version: visita.version, body, location: ApiVisita { id }.to_string() })
    })
    .await
}

/// Replaces what is planned, if it is still the version of `If-Match`.
#[utoipa::path(put, path = "/api/v1/visitas/{id}", tag = "visitas", request_body = VisitaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = VisitaJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn put(path: ApiVisita, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<VisitaInput>) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    write(&mut ctx, path.id, seen, &input).await
}

/// Changes the fields that are named, if it is still the version of `If-Match`; null opens a field.
#[utoipa::path(patch, path = "/api/v1/visitas/{id}", tag = "visitas", request_body = VisitaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = VisitaJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn patch(
    path: ApiVisita,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(fields): Json<Map<String, Value>>,
) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    let input = api::patched(VisitaInput::of(&found(&mut ctx, path.id).await?), fields)?;
    write(&mut ctx, path.id, seen, &input).await
}

async fn write(ctx: &mut CtxInner, id: VisitaId, seen: i32, input: &VisitaInput) -> Result<Response, Error> {
    let visita = found(ctx, id).await?;
    if input.empresa.is_some_and(|empresa| empresa != visita.empresa_id) {
        return Err(Error::invalid(vec![Invalid::new("visita-empresa").at("empresa")]));
    }
    alterar(&mut ctx.tx, &ctx.actor, id, seen, &input.plano()?).await?;
    answer(ctx, id).await
}

/// Puts a visita into the lixeira; with `If-Match`, only that version.
#[utoipa::path(delete, path = "/api/v1/visitas/{id}", tag = "visitas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)), responses((status = 204), (status = 404), (status = 409)))]
async fn delete(path: ApiVisita, mut ctx: Ctx, headers: HeaderMap) -> Result<StatusCode, Error> {
    let seen = if headers.contains_key(header::IF_MATCH) { Some(api::if_match(&headers)?) } else { None };
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The version that a step is taken from: that of `If-Match`, or what it is now.
async fn seen(ctx: &mut CtxInner, headers: &HeaderMap, id: VisitaId) -> Result<i32, Error> {
    if headers.contains_key(header::IF_MATCH) { api::if_match(headers) } else { Ok(found(ctx, id).await?.version) }
}

/// Puts a planejada visita to another time.
#[utoipa::path(post, path = "/api/v1/visitas/{id}/remarcar", tag = "visitas", request_body = HorarioInput,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = VisitaJson), (status = 404), (status = 409), (status = 422)))]
async fn move_to(
    path: ApiRemarcar,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(input): Json<HorarioInput>,
) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    let mut errors = Vec::new();
    let horario = horario(&mut errors, Some(input.inicio_at), Some(input.fim_at)).ok_or_else(|| Error::invalid(errors))?;
    remarcar(&mut ctx.tx, &ctx.actor, path.id, seen, horario).await?;
    answer(ctx, path.id).await
}

/// Notes what came of a visita that has begun, or mends what was noted.
#[utoipa::path(post, path = "/api/v1/visitas/{id}/realizar", tag = "visitas", request_body = RelatoInput,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = VisitaJson), (status = 404), (status = 409), (status = 422)))]
async fn realizar(
    path: ApiRealizar,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(input): Json<RelatoInput>,
) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    desfecho::realizar(&mut ctx.tx, &ctx.actor, path.id, seen, &input.relato()?).await?;
    answer(ctx, path.id).await
}

/// Calls a planejada visita off.
#[utoipa::path(post, path = "/api/v1/visitas/{id}/cancelar", tag = "visitas", request_body = MotivoInput,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = VisitaJson), (status = 404), (status = 409), (status = 422)))]
async fn cancelar(
    path: ApiCancelar,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(input): Json<MotivoInput>,
) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    let mut errors = Vec::new();
    let motivo = parsed(&mut errors, "motivo", &input.motivo).ok_or_else(|| Error::invalid(errors))?;
    desfecho::cancelar(&mut ctx.tx, &ctx.actor, path.id, seen, &motivo).await?;
    answer(ctx, path.id).await
}

/// Plans one again that was told of or called off.
#[utoipa::path(post, path = "/api/v1/visitas/{id}/reabrir", tag = "visitas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = VisitaJson), (status = 404), (status = 409)))]
async fn reabrir(path: ApiReabrir, mut ctx: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    desfecho::reabrir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    answer(ctx, path.id).await
}

/// Takes a visita out of the lixeira.
#[utoipa::path(post, path = "/api/v1/visitas/{id}/restaurar", tag = "visitas", params(("id" = Uuid, Path)),
    responses((status = 200, body = VisitaJson), (status = 404)))]
async fn restore(path: ApiRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    answer(ctx, path.id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, get, create, put, patch, delete, move_to, realizar, cancelar, reabrir, restore),
    components(schemas(VisitaJson, VisitaInput, PessoaJson, HorarioInput, RelatoInput, MotivoInput, List<VisitaJson>)),
    tags((name = "visitas", description = "When somebody of the unidade goes to an empresa"))
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
