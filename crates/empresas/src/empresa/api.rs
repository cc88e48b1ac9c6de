//! The register over REST: the same commands, JSON in and out.

mod json;
mod query;

use axum::{
    Json as Answer,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::OpenApi;
use web::{
    Access, Ctx, Error, Json, Query, Route,
    api::{self, Created, List},
};

use super::{
    ALTERAR, EXCLUIR, Empresa, EmpresaId, Known, REGISTRAR, VER,
    alterar::alterar,
    check,
    excluir::excluir,
    lista::{self, After},
    registrar::registrar,
    restaurar::restaurar,
};
use crate::{etiqueta, mescla};

pub use json::{EmpresaInput, EmpresaJson};
pub use query::ListQuery;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas")]
pub struct ApiEmpresas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}", rejection(web::BadPath))]
pub struct ApiEmpresa {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/restaurar", rejection(web::BadPath))]
pub struct ApiEmpresaRestore {
    pub id: EmpresaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const NEW: &str = r#"{"cnpj":"11.222.333/0001-81","nome":"Tecelagem Serra","situacao":"prospect"}"#;
    const WHOLE: &str = r#"{"cnpj":"12.ABC.345/01DE-35","nome":"Metalúrgica Aurora","situacao":"ativo"}"#;
    vec![
        Route::get(list, Access::Needs(VER)),
        Route::post(create, Access::Needs(REGISTRAR)).sample("/api/v1/empresas", NEW),
        Route::get(get, Access::Needs(VER)).ids(&["empresa"]).sample("/api/v1/empresas/{empresa}", ""),
        Route::put(put, Access::Needs(ALTERAR)).ids(&["empresa"]).sample("/api/v1/empresas/{empresa}", WHOLE),
        Route::patch(patch, Access::Needs(ALTERAR))
            .ids(&["empresa"])
            .sample("/api/v1/empresas/{empresa}", r#"{"numero":"12-B"}"#),
        Route::delete(delete, Access::Needs(EXCLUIR)).ids(&["empresa"]).sample("/api/v1/empresas/{empresa}", ""),
        Route::post(restore, Access::Needs(EXCLUIR))
            .ids(&["empresa_excluida"])
            .sample("/api/v1/empresas/{empresa_excluida}/restaurar", ""),
    ]
}

/// One as it is answered, with its etiquetas.
async fn json(ctx: &mut Ctx, empresa: &Empresa) -> Result<EmpresaJson, Error> {
    let etiquetas = etiqueta::of_empresas(&mut ctx.tx, &[empresa.id]).await?;
    Ok(EmpresaJson::from(empresa).tagged(etiquetas.get(&empresa.id)))
}

/// Empresas in the order of their names.
#[utoipa::path(get, path = "/api/v1/empresas", tag = "empresas", params(ListQuery), responses((status = 200, body = List<EmpresaJson>)))]
async fn list(_: ApiEmpresas, mut ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Answer<List<EmpresaJson>>, Error> {
    let (after, limit): (Option<After>, u32) = api::part(query.cursor.as_deref(), query.limit)?;
    let filtro = query.filtro()?;
    let ctx = &mut *ctx;
    let part = lista::list_after(&mut ctx.tx, &ctx.actor, &filtro, after.as_ref(), limit).await?;
    let ids: Vec<EmpresaId> = part.empresas.iter().map(|empresa| empresa.id).collect();
    let etiquetas = etiqueta::of_empresas(&mut ctx.tx, &ids).await?;
    let item = |empresa: &Empresa| EmpresaJson::from(empresa).tagged(etiquetas.get(&empresa.id));
    Ok(Answer(List {
        items: part.empresas.iter().map(item).collect(),
        next_cursor: part.next.map(|next| next.encode()),
        total: part.total,
    }))
}

/// One empresa, with its version as ETag.
#[utoipa::path(get, path = "/api/v1/empresas/{id}", tag = "empresas", params(("id" = Uuid, Path)),
    responses((status = 200, body = EmpresaJson), (status = 307, description = "merged into another; `Location` names it"), (status = 404)))]
async fn get(path: ApiEmpresa, mut ctx: Ctx) -> Result<Response, Error> {
    let empresa = match read(&mut ctx, path.id).await {
        Ok(empresa) => empresa,
        Err(error) => return elsewhere(&mut ctx, path.id, error).await,
    };
    Ok(api::versioned(StatusCode::OK, empresa.version, &json(&mut ctx, &empresa).await?))
}

/// One that is part of another by now: to that one, for as long as it is.
async fn elsewhere(ctx: &mut Ctx, id: EmpresaId, error: Error) -> Result<Response, Error> {
    let ctx = &mut **ctx;
    match mescla::leads_to(&mut ctx.tx, &ctx.actor, id).await? {
        Some(id) if error.status_code() == StatusCode::NOT_FOUND => {
            Ok((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, ApiEmpresa { id }.to_string())]).into_response())
        }
        _ => Err(error),
    }
}

async fn read(ctx: &mut Ctx, id: EmpresaId) -> Result<Empresa, Error> {
    let ctx = &mut **ctx;
    lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)
}

/// Registers an empresa. With `Idempotency-Key` a repeated request changes nothing and hears the first answer.
#[utoipa::path(post, path = "/api/v1/empresas", tag = "empresas", request_body = EmpresaInput,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = EmpresaJson), (status = 409, description = "the CNPJ is registered already"), (status = 422)))]
async fn create(_: ApiEmpresas, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<EmpresaInput>) -> Result<Created, Error> {
    api::once(&mut ctx, &headers, &input, async |ctx: &mut Ctx| {
        let id = {
            let ctx = &mut **ctx;
            let known = Known::load(&mut ctx.tx).await?;
            let cadastro = check(|campo| input.input(campo), &known).map_err(Error::invalid)?;
            registrar(&mut ctx.tx, &ctx.actor, cadastro).await?
        };
        input.tag(ctx, id).await?;
        let empresa = made(ctx, id).await?;
        let body = serde_json::to_value(json(ctx, &empresa).await?).unwrap_or_default();
        Ok(Created { status: StatusCode::CREATED, version: empresa.version, body, location: ApiEmpresa { id }.to_string() })
    })
    .await
}

/// Whoever may register need not be allowed to see; what they made they are told.
async fn made(ctx: &mut Ctx, id: EmpresaId) -> Result<Empresa, Error> {
    let found = super::sql::find(&mut ctx.tx, id, super::Reach::all()).await?;
    found.ok_or_else(Error::not_found)
}

/// Replaces an empresa, if it is still the version of `If-Match`.
#[utoipa::path(put, path = "/api/v1/empresas/{id}", tag = "empresas", request_body = EmpresaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = EmpresaJson), (status = 404), (status = 409, description = "changed meanwhile; `errors` names the fields"), (status = 422), (status = 428)))]
async fn put(path: ApiEmpresa, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<EmpresaInput>) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    let current = read(&mut ctx, path.id).await?;
    write(&mut ctx, &current, seen, &input).await
}

/// Changes the fields that are named, if it is still the version of `If-Match`; null opens a field.
#[utoipa::path(patch, path = "/api/v1/empresas/{id}", tag = "empresas", request_body = EmpresaInput,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = EmpresaJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn patch(
    path: ApiEmpresa,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(fields): Json<Map<String, Value>>,
) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    let current = read(&mut ctx, path.id).await?;
    let input = EmpresaInput::of(&current).patched(fields)?;
    write(&mut ctx, &current, seen, &input).await
}

async fn write(ctx: &mut Ctx, current: &Empresa, seen: i32, input: &EmpresaInput) -> Result<Response, Error> {
    {
        let ctx = &mut **ctx;
        let known = Known::load(&mut ctx.tx).await?.keeping(current.cadastro.responsavel.clone());
        let cadastro = check(|campo| input.input(campo), &known).map_err(Error::invalid)?;
        alterar(&mut ctx.tx, &ctx.actor, current.id, seen, cadastro).await?;
    }
    input.tag(ctx, current.id).await?;
    let empresa = made(ctx, current.id).await?;
    Ok(api::versioned(StatusCode::OK, empresa.version, &json(ctx, &empresa).await?))
}

/// Puts an empresa into the lixeira; with `If-Match`, only that version.
#[utoipa::path(delete, path = "/api/v1/empresas/{id}", tag = "empresas",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)), responses((status = 204), (status = 404), (status = 409)))]
async fn delete(path: ApiEmpresa, mut ctx: Ctx, headers: HeaderMap) -> Result<StatusCode, Error> {
    let seen = if headers.contains_key(header::IF_MATCH) { Some(api::if_match(&headers)?) } else { None };
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an empresa out of the lixeira.
#[utoipa::path(post, path = "/api/v1/empresas/{id}/restaurar", tag = "empresas", params(("id" = Uuid, Path)),
    responses((status = 200, body = EmpresaJson), (status = 404), (status = 409, description = "the CNPJ was registered again")))]
async fn restore(path: ApiEmpresaRestore, mut ctx: Ctx) -> Result<Response, Error> {
    {
        let ctx = &mut *ctx;
        restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    }
    let empresa = read(&mut ctx, path.id).await?;
    Ok(api::versioned(StatusCode::OK, empresa.version, &json(&mut ctx, &empresa).await?).into_response())
}

#[derive(OpenApi)]
#[openapi(
    paths(list, get, create, put, patch, delete, restore),
    components(schemas(EmpresaJson, EmpresaInput, List<EmpresaJson>)),
    tags((name = "empresas", description = "The company register of the unidade"))
)]
struct Doc;

/// The OpenAPI document of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_patch_changes_what_it_names() {
        let now = DateTime::UNIX_EPOCH;
        let input = EmpresaInput::of(&super::super::samples::empresa(true, false, now));
        let patch: Map<String, Value> = serde_json::from_str(r#"{"numero":"12-B","email":null,"municipio":"Blumenau"}"#).unwrap();
        let patched = input.clone().patched(patch).unwrap();
        assert_eq!((patched.numero.as_deref(), patched.email, patched.municipio_id), (Some("12-B"), None, None));
        assert_eq!(patched.nome, input.nome);
        let unknown: Map<String, Value> = serde_json::from_str(r#"{"id":"x"}"#).unwrap();
        assert!(EmpresaInput::default().patched(unknown).is_err());
    }

    #[test]
    fn the_openapi_document_is_reviewed() {
        insta::assert_json_snapshot!(openapi());
    }
}
