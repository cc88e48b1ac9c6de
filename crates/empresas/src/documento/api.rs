//! Documentos over REST.

use axum::{
    Json as Answer,
    extract::Multipart,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use documentos::documento::{self, Documento, DocumentoId, Pasta, excluir::excluir, lista};
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;
use web::{
    Access, Ctx, Error, Query, Route,
    api::{self, Created, List},
};

use super::{
    ENVIAR, EXCLUIR, VER, dono,
    pages::{
        content::{answer, versao},
        upload::{self, Desk, Sent},
    },
};
use crate::empresa::EmpresaId;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/documentos", rejection(web::BadPath))]
pub struct ApiDocumentos {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/documentos/{documento}", rejection(web::BadPath))]
pub struct ApiDocumento {
    pub id: EmpresaId,
    pub documento: DocumentoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/documentos/{documento}/content", rejection(web::BadPath))]
pub struct ApiDocumentoContent {
    pub id: EmpresaId,
    pub documento: DocumentoId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["empresa", "documento"];
    vec![
        Route::get(list, Access::Needs(VER)).ids(&["empresa"]).sample("/api/v1/empresas/{empresa}/documentos", ""),
        Route::post(create, Access::Needs(ENVIAR))
            .ids(&["empresa"])
            .streams(upload::BODY_LIMIT)
            .sample("/api/v1/empresas/{empresa}/documentos", "multipart arquivo=@contrato.csv&pasta=Contratos"),
        Route::get(get, Access::Needs(VER)).ids(ONE).sample("/api/v1/empresas/{empresa}/documentos/{documento}", ""),
        Route::get(content, Access::Needs(VER)).ids(ONE).sample("/api/v1/empresas/{empresa}/documentos/{documento}/content", ""),
        Route::delete(delete, Access::Needs(EXCLUIR)).ids(ONE).sample("/api/v1/empresas/{empresa}/documentos/{documento}", ""),
    ]
}

/// A documento with its newest file.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentoJson {
    #[schema(value_type = Uuid)]
    pub id: DocumentoId,
    pub nome: String,
    /// Empty at the top.
    pub pasta: String,
    /// Media type of the file.
    #[serde(rename = "type")]
    pub mime: &'static str,
    pub bytes: i64,
    /// Of the file, hexadecimal.
    pub sha256: String,
    /// 1 for the first file, one more with every file that took its place.
    pub versao: i32,
    /// Who sent the file.
    pub sent_by: String,
    pub sent_at: DateTime<Utc>,
    /// Also the ETag.
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<&Documento> for DocumentoJson {
    fn from(documento: &Documento) -> Self {
        let versao = &documento.versao;
        Self {
            id: documento.id,
            nome: documento.nome.to_string(),
            pasta: documento.pasta.to_string(),
            mime: versao.kind.mime(),
            bytes: versao.bytes,
            sha256: hex::encode(&versao.sha256),
            versao: versao.number,
            sent_by: versao.actor_nome.clone(),
            sent_at: versao.created_at,
            version: documento.version,
            created_at: documento.created_at,
            updated_at: documento.updated_at,
        }
    }
}

/// What a multipart body holds.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body for OpenAPI; it is read piece by piece")]
struct DocumentoUpload {
    /// The file, with its name.
    #[schema(value_type = String, format = Binary)]
    arquivo: Vec<u8>,
    /// Where it lies; the top when left out.
    pasta: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// Documentos of an empresa by pasta and name.
#[utoipa::path(get, path = "/api/v1/empresas/{id}/documentos", tag = "documentos", params(("id" = Uuid, Path), ListQuery),
    responses((status = 200, body = List<DocumentoJson>), (status = 404)))]
async fn list(path: ApiDocumentos, mut ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Answer<List<DocumentoJson>>, Error> {
    let (after, limit): (Option<(String, String, Uuid)>, u32) = api::part(query.cursor.as_deref(), query.limit)?;
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &VER).await?;
    let (found, total) = lista::list_after(&mut ctx.tx, dono, after.as_ref(), i64::from(limit) + 1).await?;
    let (found, next_cursor) =
        api::cut(found, limit, |one: &Documento| (one.pasta.to_string(), one.nome.to_string(), one.id.uuid()));
    Ok(Answer(List { items: found.iter().map(DocumentoJson::from).collect(), next_cursor, total }))
}

/// Keeps a file as a new documento.
#[utoipa::path(post, path = "/api/v1/empresas/{id}/documentos", tag = "documentos", params(("id" = Uuid, Path)),
    request_body(content = DocumentoUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = DocumentoJson), (status = 404), (status = 413, description = "larger than one file may be"),
        (status = 422, description = "not a file that is taken, or not what its name says"), (status = 507, description = "no room left")))]
async fn create(path: ApiDocumentos, ctx: Ctx, body: Multipart) -> Result<Created, Error> {
    let desk = Desk::open(ctx, path.id).await?;
    let (sent, arquivo) = Sent::read(&desk, body).await?.single(&desk).await?;
    let pasta = match sent.pasta.parse::<Pasta>() {
        Ok(pasta) => pasta,
        Err(invalid) => {
            documentos::arquivo::descartar(&desk.app.files, &desk.app.tenants, &desk.unidade, &arquivo).await;
            return Err(Error::invalid(vec![invalid.at("pasta")]));
        }
    };
    let id = upload::keep(&desk, path.id, &pasta, &arquivo).await?;
    // Whoever may send need not be allowed to see; what they made they are told.
    let made = desk
        .app
        .tenants
        .read(&desk.unidade, async |tx: &mut TenantTx| {
            let dono = dono(tx, &desk.actor, path.id, &ENVIAR).await?;
            lista::find(tx, dono, id).await?.ok_or(documento::DocumentoError::NotFound)
        })
        .await?;
    let body = serde_json::to_value(DocumentoJson::from(&made)).unwrap_or_default();
    let location = ApiDocumento { id: path.id, documento: id }.to_string();
    Ok(Created { status: StatusCode::CREATED, version: made.version, body, location })
}

async fn found(ctx: &mut Ctx, id: EmpresaId, documento: DocumentoId) -> Result<Documento, Error> {
    let ctx = &mut **ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, id, &VER).await?;
    lista::find(&mut ctx.tx, dono, documento).await?.ok_or_else(Error::not_found)
}

/// One documento, with its version as ETag.
#[utoipa::path(get, path = "/api/v1/empresas/{id}/documentos/{documento}", tag = "documentos",
    params(("id" = Uuid, Path), ("documento" = Uuid, Path)), responses((status = 200, body = DocumentoJson), (status = 404)))]
async fn get(path: ApiDocumento, mut ctx: Ctx) -> Result<Response, Error> {
    let documento = found(&mut ctx, path.id, path.documento).await?;
    Ok(api::versioned(StatusCode::OK, documento.version, &DocumentoJson::from(&documento)))
}

/// The newest file itself.
#[utoipa::path(get, path = "/api/v1/empresas/{id}/documentos/{documento}/content", tag = "documentos",
    params(("id" = Uuid, Path), ("documento" = Uuid, Path)),
    responses((status = 200, description = "the file, as it was sent", content_type = "application/octet-stream"), (status = 404)))]
async fn content(path: ApiDocumentoContent, mut ctx: Ctx) -> Result<Response, Error> {
    let number = found(&mut ctx, path.id, path.documento).await?.versao.number;
    let (nome, file) = versao(&mut ctx, path.id, path.documento, number, true).await?;
    answer(ctx, &nome, &file, false).await
}

/// Puts a documento into the lixeira, where it stays for 30 days.
#[utoipa::path(delete, path = "/api/v1/empresas/{id}/documentos/{documento}", tag = "documentos",
    params(("id" = Uuid, Path), ("documento" = Uuid, Path)), responses((status = 204), (status = 404)))]
async fn delete(path: ApiDocumento, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &EXCLUIR).await?;
    excluir(&mut ctx.tx, &ctx.actor, dono, path.documento).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(OpenApi)]
#[openapi(
    paths(list, create, get, content, delete),
    components(schemas(DocumentoJson, DocumentoUpload, List<DocumentoJson>)),
    tags((name = "documentos", description = "Files kept with an empresa"))
)]
struct Doc;

/// The OpenAPI document of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_openapi_document_is_reviewed() {
        insta::assert_json_snapshot!(super::openapi());
    }
}
