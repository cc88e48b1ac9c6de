//! Demandas over REST: the same commands, JSON in and out.

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

use json::{DemandaInput, DemandaJson, EtapaInput, EtapaJson, NomeJson};
use query::ListQuery;

use super::{
    ALTERAR, Demanda, DemandaId, EXCLUIR, Motivo, REGISTRAR, VER,
    alterar::alterar,
    excluir::{excluir, restaurar},
    lista::{self, After},
    mover as steps,
    registrar::registrar,
};
use crate::{
    etapa,
    json::{PessoaJson, optional},
    setor, tipo,
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas")]
pub struct ApiDemandas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/etapas")]
pub struct ApiEtapas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/tipos")]
pub struct ApiTipos;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/setores")]
pub struct ApiSetores;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/{id}", rejection(web::BadPath))]
pub struct ApiDemanda {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/{id}/mover", rejection(web::BadPath))]
pub struct ApiMover {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/{id}/reabrir", rejection(web::BadPath))]
pub struct ApiReabrir {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/demandas/{id}/restaurar", rejection(web::BadPath))]
pub struct ApiRestore {
    pub id: DemandaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["demanda"];
    const WHOLE: &str =
        r#"{"empresa":"{empresa}","titulo":"Curso","descricao":"Para doze","tipo":"{demanda_tipo}","valor_estimado":"1234.50"}"#;
    let needs = |permission: &kernel::Permission| Access::Needs(permission.clone());
    vec![
        Route::get(list, needs(&VER)).sample("/api/v1/demandas?situacao=nova", ""),
        Route::post(create, needs(&REGISTRAR)).ids(&["empresa"]).sample("/api/v1/demandas", WHOLE),
        Route::get(etapas, needs(&VER)),
        Route::get(tipos, needs(&VER)),
        Route::get(setores, needs(&VER)),
        Route::get(get, needs(&VER)).ids(ONE).sample("/api/v1/demandas/{demanda}", ""),
        Route::put(put, needs(&ALTERAR)).ids(ONE).sample("/api/v1/demandas/{demanda}", WHOLE),
        Route::patch(patch, needs(&ALTERAR)).ids(ONE).sample("/api/v1/demandas/{demanda}", r#"{"titulo":"Outro"}"#),
        Route::delete(delete, needs(&EXCLUIR)).ids(ONE).sample("/api/v1/demandas/{demanda}", ""),
        Route::post(mover, needs(&ALTERAR))
            .ids(ONE)
            .sample("/api/v1/demandas/{demanda}/mover", r#"{"etapa":"{etapa.andamento}"}"#),
        Route::post(reabrir, needs(&ALTERAR)).ids(ONE).sample("/api/v1/demandas/{demanda.cancelada}/reabrir", ""),
        Route::post(restore, needs(&EXCLUIR))
            .ids(&["demanda_excluida"])
            .sample("/api/v1/demandas/{demanda_excluida}/restaurar", ""),
    ]
}

async fn found(ctx: &mut CtxInner, id: DemandaId) -> Result<Demanda, Error> {
    lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)
}

/// Whoever may change need not be allowed to see; what they wrote they are told.
async fn written(ctx: &mut CtxInner, id: DemandaId) -> Result<Demanda, Error> {
    Ok(super::registrar::written(&mut ctx.tx, id).await?)
}

async fn answer(ctx: &mut CtxInner, id: DemandaId) -> Result<Response, Error> {
    let demanda = written(ctx, id).await?;
    Ok(api::versioned(StatusCode::OK, demanda.version, &DemandaJson::from(&demanda)))
}

/// Demandas, the latest first, in parts.
#[utoipa::path(get, path = "/api/v1/demandas", tag = "demandas", params(ListQuery), responses((status = 200, body = List<DemandaJson>), (status = 422)))]
async fn list(_: ApiDemandas, mut ctx: Ctx, Query(asked): Query<ListQuery>) -> Result<Answer<List<DemandaJson>>, Error> {
    let ctx = &mut *ctx;
    let (after, limit) = api::part::<After>(asked.cursor.as_deref(), asked.limit)?;
    let filtro = asked.filtro()?;
    // One more tells whether there is a next part.
    let (rows, total) = lista::list_after(&mut ctx.tx, &ctx.actor, &filtro, after.as_ref(), i64::from(limit) + 1).await?;
    let (rows, next_cursor) = api::cut(rows, limit, |last| (last.created_at, last.id.uuid()));
    Ok(Answer(List { items: rows.iter().map(DemandaJson::from).collect(), next_cursor, total }))
}

/// What the unidade calls where a demanda stands, as a demanda passes through them.
#[utoipa::path(get, path = "/api/v1/demandas/etapas", tag = "demandas", responses((status = 200, body = Vec<EtapaJson>)))]
async fn etapas(_: ApiEtapas, mut ctx: Ctx) -> Result<Answer<Vec<EtapaJson>>, Error> {
    let all = etapa::sql::list(&mut ctx.tx).await?;
    Ok(Answer(all.iter().map(EtapaJson::from).collect()))
}

/// What a demanda may be about, by name.
#[utoipa::path(get, path = "/api/v1/demandas/tipos", tag = "demandas", responses((status = 200, body = Vec<NomeJson>)))]
async fn tipos(_: ApiTipos, mut ctx: Ctx) -> Result<Answer<Vec<NomeJson>>, Error> {
    let all = tipo::sql::list(&mut ctx.tx).await?.into_iter();
    Ok(Answer(all.map(|tipo| NomeJson { id: tipo.id.uuid(), nome: tipo.nome, prazo_dias: tipo.prazo_dias }).collect()))
}

/// Who answers for a demanda within the unidade, by name.
#[utoipa::path(get, path = "/api/v1/demandas/setores", tag = "demandas", responses((status = 200, body = Vec<NomeJson>)))]
async fn setores(_: ApiSetores, mut ctx: Ctx) -> Result<Answer<Vec<NomeJson>>, Error> {
    let all = setor::sql::list(&mut ctx.tx).await?.into_iter();
    Ok(Answer(all.map(|setor| NomeJson { id: setor.id.uuid(), nome: setor.nome, prazo_dias: None }).collect()))
}

/// One demanda, with its version as ETag.
#[utoipa::path(get, path = "/api/v1/demandas/{id}", tag = "demandas", params(("id" = Uuid, Path)),
    responses((status = 200, body = DemandaJson), (status = 404)))]
async fn get(path: ApiDemanda, mut ctx: Ctx) -> Result<Response, Error> {
    let demanda = found(&mut ctx, path.id).await?;
    Ok(api::versioned(StatusCode::OK, demanda.version, &DemandaJson::from(&demanda)))
}

/// Registers a demanda. With `Idempotency-Key` a repeated request changes nothing and hears the first answer.
#[utoipa::path(post, path = "/api/v1/demandas", tag = "demandas", request_body = DemandaInput,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = DemandaJson), (status = 422)))]
async fn create(_: ApiDemandas, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<DemandaInput>) -> Result<Created, Error> {
    api::once(&mut ctx, &headers, &input, async |ctx: &mut Ctx| {
        let ctx = &mut **ctx;
        let dados = input.dados()?;
        let empresa = input.empresa.ok_or_else(|| Error::invalid(vec![Invalid::new("required").at("empresa")]))?;
        let id = registrar(&mut ctx.tx, &ctx.actor, empresa, &dados).await?;
        let demanda = written(ctx, id).await?;
        let body = serde_json::to_value(DemandaJson::from(&demanda)).unwrap_or_default();
        Ok(Created { status: StatusCode::CREATED, version: demanda.version, body, location: ApiDemanda { id }.to_string() })
    })
    .await
}

/// Replaces what is written down, if it is still the version of `If-Match`.
#[utoipa::path(put, path = "/api/v1/demandas/{id}", tag = "demandas", request_body = DemandaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = DemandaJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn put(path: ApiDemanda, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<DemandaInput>) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    write(&mut ctx, path.id, seen, &input).await
}

/// Changes the fields that are named, if it is still the version of `If-Match`; null opens a field.
#[utoipa::path(patch, path = "/api/v1/demandas/{id}", tag = "demandas", request_body = DemandaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = DemandaJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn patch(
    path: ApiDemanda,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(fields): Json<Map<String, Value>>,
) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    let input = api::patched(DemandaInput::of(&found(&mut ctx, path.id).await?), fields)?;
    write(&mut ctx, path.id, seen, &input).await
}

async fn write(ctx: &mut CtxInner, id: DemandaId, seen: i32, input: &DemandaInput) -> Result<Response, Error> {
    let demanda = found(ctx, id).await?;
    if input.empresa.is_some_and(|empresa| empresa != demanda.empresa_id) {
        return Err(Error::invalid(vec![Invalid::new("demanda-empresa").at("empresa")]));
    }
    alterar(&mut ctx.tx, &ctx.actor, id, seen, &input.dados()?).await?;
    answer(ctx, id).await
}

/// Puts a demanda into the lixeira; with `If-Match`, only that version.
#[utoipa::path(delete, path = "/api/v1/demandas/{id}", tag = "demandas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)), responses((status = 204), (status = 404), (status = 409)))]
async fn delete(path: ApiDemanda, mut ctx: Ctx, headers: HeaderMap) -> Result<StatusCode, Error> {
    let seen = if headers.contains_key(header::IF_MATCH) { Some(api::if_match(&headers)?) } else { None };
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The version that a step is taken from: that of `If-Match`, or what it is now.
async fn seen(ctx: &mut CtxInner, headers: &HeaderMap, id: DemandaId) -> Result<i32, Error> {
    if headers.contains_key(header::IF_MATCH) { api::if_match(headers) } else { Ok(found(ctx, id).await?.version) }
}

/// Puts an open demanda into another etapa: takes it up, concludes it, or with a motivo calls it off.
#[utoipa::path(post, path = "/api/v1/demandas/{id}/mover", tag = "demandas", request_body = EtapaInput,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = DemandaJson), (status = 404), (status = 409), (status = 422)))]
async fn mover(path: ApiMover, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<EtapaInput>) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    let mut errors = Vec::new();
    let motivo: Option<Motivo> = optional(&mut errors, "motivo", input.motivo.as_deref());
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    steps::mover(&mut ctx.tx, &ctx.actor, path.id, seen, input.etapa, motivo.as_ref()).await?;
    answer(ctx, path.id).await
}

/// Opens one again that has ended.
#[utoipa::path(post, path = "/api/v1/demandas/{id}/reabrir", tag = "demandas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = DemandaJson), (status = 404), (status = 409)))]
async fn reabrir(path: ApiReabrir, mut ctx: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = seen(ctx, &headers, path.id).await?;
    steps::reabrir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    answer(ctx, path.id).await
}

/// Takes a demanda out of the lixeira.
#[utoipa::path(post, path = "/api/v1/demandas/{id}/restaurar", tag = "demandas", params(("id" = Uuid, Path)),
    responses((status = 200, body = DemandaJson), (status = 404)))]
async fn restore(path: ApiRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    answer(ctx, path.id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, create, etapas, tipos, setores, get, put, patch, delete, mover, reabrir, restore),
    components(schemas(DemandaJson, DemandaInput, EtapaInput, EtapaJson, NomeJson, PessoaJson, List<DemandaJson>)),
    tags((name = "demandas", description = "What empresas ask of the unidade"))
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
