//! Who am I, for programs.

use axum::Json;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::ActorKind;
use serde::{Deserialize, Serialize};
use tenancy::UnidadeId;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;
use web::{Access, Ctx, Route};

use crate::token::{self, TokenId};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/whoami")]
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
    /// What it may do, of the modules that are switched on.
    permissoes: Vec<EuPermissao>,
    /// Of a program.
    token: Option<EuToken>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EuPermissao {
    #[schema(example = "empresas.empresa.ver")]
    permissao: String,
    /// `todas`, `vinculadas` or `proprias`.
    #[schema(example = "todas")]
    escopo: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EuToken {
    expires_at: DateTime<Utc>,
    /// Requests a minute.
    #[schema(example = 600)]
    limite: u32,
    /// The conta de serviço it acts for; none: the person who made it.
    servico: Option<String>,
    /// Key that signed it; a token of an older one than the newest is best made anew.
    #[schema(example = 1)]
    chave: i32,
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
    path = "/api/v1/whoami",
    tag = "acesso",
    summary = "Quem sou eu",
    responses(
        (status = 200, description = "A pessoa ou o programa por trás da credencial", body = Eu),
        (status = 401, description = "Sem credencial válida"),
        (status = 429, description = "Nada mais neste minuto; `Retry-After` diz quando voltar"),
    ),
)]
async fn eu(_: EuPath, mut ctx: Ctx) -> web::Result<Json<Eu>> {
    let ctx = &mut *ctx;
    let token = match (ctx.actor.kind, ctx.actor.id) {
        (ActorKind::Token, Some(id)) => token::find(&mut ctx.tx, TokenId::new(id)).await?,
        _ => None,
    };
    let on = ctx.app.modules.iter().filter(|module| module.core || ctx.unidade.has_module(module.name));
    let held = on.flat_map(|module| module.permissions).filter_map(|info| {
        let escopo = ctx.actor.grants.scope(&info.permission)?;
        Some(EuPermissao { permissao: info.permission.code().to_owned(), escopo: escopo.code() })
    });
    Ok(Json(Eu {
        tipo: ctx.actor.kind.code(),
        id: ctx.actor.id,
        nome: ctx.actor.nome.clone(),
        unidade: EuUnidade { id: ctx.unidade.id, codigo: ctx.unidade.codigo.clone(), nome: ctx.unidade.nome.clone() },
        permissoes: held.collect(),
        token: token.map(|token| EuToken {
            expires_at: token.expires_at,
            limite: token.limite.get(),
            servico: token.servico,
            chave: token.chave.get(),
        }),
    }))
}

#[derive(OpenApi)]
#[openapi(paths(eu), components(schemas(Eu, EuPermissao, EuToken, EuUnidade)))]
struct Document;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
