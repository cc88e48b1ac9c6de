//! Who am I, for programs.

use axum::Json;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use tenancy::UnidadeId;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;
use web::{Access, Ctx, Route};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/eu")]
pub(crate) struct EuPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(eu, Access::SignedIn)]
}

/// Whoever brought the credential of this request, and where it counts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Eu {
    /// `usuario` for a person, `token` for a program.
    #[schema(example = "token")]
    tipo: &'static str,
    id: Option<Uuid>,
    #[schema(example = "Integração ERP")]
    nome: String,
    unidade: EuUnidade,
    /// Codes of what it may do, of the modules that are switched on.
    permissoes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EuUnidade {
    #[schema(value_type = Uuid)]
    id: UnidadeId,
    #[schema(example = "1.03")]
    codigo: String,
    #[schema(example = "SENAI Joinville")]
    nome: String,
}

#[utoipa::path(
    get,
    path = "/api/v1/eu",
    tag = "acesso",
    summary = "Quem sou eu",
    responses(
        (status = 200, description = "A pessoa ou o programa por trás da credencial", body = Eu),
        (status = 401, description = "Sem credencial válida"),
    ),
)]
async fn eu(_: EuPath, ctx: Ctx) -> Json<Eu> {
    let on = ctx.app.modules.iter().filter(|module| module.core || ctx.unidade.has_module(module.name));
    let held =
        on.flat_map(|module| module.permissions).map(|info| &info.permission).filter(|permission| ctx.actor.may(permission));
    Json(Eu {
        tipo: ctx.actor.kind.code(),
        id: ctx.actor.id,
        nome: ctx.actor.nome.clone(),
        unidade: EuUnidade { id: ctx.unidade.id, codigo: ctx.unidade.codigo.clone(), nome: ctx.unidade.nome.clone() },
        permissoes: held.map(|permission| permission.code().to_owned()).collect(),
    })
}

#[derive(OpenApi)]
#[openapi(paths(eu), components(schemas(Eu, EuUnidade)))]
struct Document;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
