//! The pairs of empresas that may be one, over REST.

use std::collections::HashMap;

use axum::{Json as Answer, http::StatusCode};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;
use web::{
    Access, Ctx, Error, Query, Route,
    api::{self, List},
};

use super::{
    Motivo, Par,
    sql::{self, Lado},
};
use crate::empresa::{EmpresaId, Reach, VER};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/duplicadas")]
pub struct ApiDuplicadas;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(list, Access::Needs(VER))]
}

/// Two empresas that may be one and the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParJson {
    /// Both; which of them stays is chosen with a mescla.
    pub empresas: Vec<LadoJson>,
    /// 0 to 100: the higher, the surer.
    pub score: i16,
    /// Whether the first eight characters of both CNPJs are the same.
    pub raiz: bool,
    /// Likeness of the names, 0 to 100.
    pub nome: i16,
    pub email: bool,
    pub telefone: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LadoJson {
    #[schema(value_type = Uuid)]
    pub id: EmpresaId,
    pub cnpj: String,
    pub nome: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
}

impl From<&Lado> for LadoJson {
    fn from(lado: &Lado) -> Self {
        Self { id: lado.id, cnpj: lado.cnpj.clone(), nome: lado.nome.clone(), cidade: lado.cidade.clone(), uf: lado.uf.clone() }
    }
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// What they were found by: `nome`, `raiz`, `contato`; anything when left out.
    pub motivo: Option<String>,
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// Where a part of the list ended.
pub(super) type After = (i16, Uuid, Uuid);

/// The pairs that the last search found, the surest first, without those of which somebody said that they are two.
#[utoipa::path(get, path = "/api/v1/empresas/duplicadas", tag = "mesclas", params(ListQuery), responses((status = 200, body = List<ParJson>)))]
async fn list(_: ApiDuplicadas, mut ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Answer<List<ParJson>>, Error> {
    let bad = || Error::status(StatusCode::BAD_REQUEST, "query");
    let motivo = query.motivo.as_deref().map(|code| Motivo::ALL.into_iter().find(|one| one.code() == code).ok_or_else(bad));
    let motivo = motivo.transpose()?;
    let (after, limit): (Option<After>, u32) = api::part(query.cursor.as_deref(), query.limit)?;
    let ctx = &mut *ctx;
    let reach = Reach::of(&ctx.actor, &VER)?;
    let (pairs, total) = sql::pairs_after(&mut ctx.tx, reach, motivo, after, i64::from(limit) + 1).await?;
    let (pairs, next) = api::cut(pairs, limit, |par| (par.score, par.first.uuid(), par.last.uuid()));
    let ids: Vec<Uuid> = pairs.iter().flat_map(|par| [par.first.uuid(), par.last.uuid()]).collect();
    let sides: HashMap<EmpresaId, Lado> = sql::sides(&mut ctx.tx, &ids).await?.into_iter().map(|lado| (lado.id, lado)).collect();
    let item = |par: &Par| {
        let both = [sides.get(&par.first)?, sides.get(&par.last)?];
        Some(ParJson {
            empresas: both.map(LadoJson::from).into(),
            score: par.score,
            raiz: par.raiz,
            nome: par.nome,
            email: par.email,
            telefone: par.telefone,
        })
    };
    Ok(Answer(List { items: pairs.iter().filter_map(item).collect(), next_cursor: next, total }))
}

#[derive(OpenApi)]
#[openapi(paths(list), components(schemas(ParJson, LadoJson, List<ParJson>)))]
struct Doc;

/// The OpenAPI document of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
