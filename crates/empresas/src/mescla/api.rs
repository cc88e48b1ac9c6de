//! One empresa made of two over REST, and two made of it again: the same commands, JSON in and out.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{
    Access, Ctx, Error, Json, Route,
    api::{self, Created},
};

use super::{CAMPOS, Desfeita, Escolhas, Lado, Mescla, MesclaId, Mesclar, desfazer, find, mesclar, pages::attached};
use crate::empresa::{Campo, EXCLUIR, EmpresaId, VER};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/mesclas", rejection(web::BadPath))]
pub struct ApiEmpresaMesclas {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/mesclas/{id}", rejection(web::BadPath))]
pub struct ApiMescla {
    pub id: MesclaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/mesclas/{id}/desfazer", rejection(web::BadPath))]
pub struct ApiMesclaDesfazer {
    pub id: MesclaId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(create, Access::Needs(EXCLUIR)).ids(&["empresa"]).sample(
            "/api/v1/empresas/{empresa}/mesclas",
            r#"{"sai":"{empresa.outra}","version":1,"version_sai":1,"escolhas":{"nome":"fica"}}"#,
        ),
        Route::get(get, Access::Needs(VER)).ids(&["mescla"]).sample("/api/v1/mesclas/{mescla}", ""),
        Route::post(undo, Access::Needs(EXCLUIR)).ids(&["mescla"]).sample("/api/v1/mesclas/{mescla}/desfazer", ""),
    ]
}

/// The empresa of the path stays and takes in the other, which goes into the lixeira.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MesclaInput {
    /// Id of the one that goes.
    #[schema(value_type = Uuid)]
    pub sai: EmpresaId,
    /// Version of the one that stays, as it was read.
    pub version: i32,
    /// Version of the one that goes, as it was read.
    pub version_sai: i32,
    /// Whose value a field has afterwards, by the names of the fields of an empresa: `fica`, `sai`; for `observacoes` also
    /// `ambas`, one text below the other. A field that is not named keeps the value of the one that stays, or takes the other's
    /// where that one says nothing. `municipio` decides about `uf` too.
    #[serde(default)]
    pub escolhas: BTreeMap<String, String>,
}

impl MesclaInput {
    fn escolhas(&self) -> Result<Escolhas, Error> {
        let (mut chosen, mut errors) = (Escolhas::new(), Vec::new());
        for (key, code) in &self.escolhas {
            let campo = Campo::by_key(key).filter(|campo| CAMPOS.iter().any(|(known, _)| known == campo));
            let lado = Lado::from_code(code);
            match (campo, lado) {
                (None, _) => errors.push(Invalid::new("campo-unknown").at("escolhas")),
                (Some(campo), Some(lado)) if lado != Lado::Ambas || campo == Campo::Observacoes => {
                    chosen.insert(campo, lado);
                }
                (Some(campo), _) => errors.push(Invalid::new("choice").at(campo.key())),
            }
        }
        if errors.is_empty() { Ok(chosen) } else { Err(Error::invalid(errors)) }
    }
}

/// One empresa made of two.
#[derive(Debug, Serialize, ToSchema)]
pub struct MesclaJson {
    #[schema(value_type = Uuid)]
    pub id: MesclaId,
    /// The one that stayed.
    #[schema(value_type = Uuid)]
    pub fica: EmpresaId,
    /// The one that went.
    #[schema(value_type = Uuid)]
    pub sai: EmpresaId,
    /// Fields of the one that stayed that have another value by it.
    pub campos: Vec<&'static str>,
    /// How much came along, by its kind.
    pub moved: BTreeMap<String, usize>,
    /// Who did it.
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
    /// Until when it can be undone.
    pub undoable_until: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
    /// What the undo left as it was, once it is undone.
    pub kept: Option<KeptJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KeptJson {
    /// Fields that were changed after the mescla.
    pub campos: Vec<String>,
    /// By kind, how many went back, and how many are gone or hang elsewhere by now.
    pub back: BTreeMap<String, u64>,
    pub stayed: BTreeMap<String, u64>,
}

impl From<&Desfeita> for KeptJson {
    fn from(kept: &Desfeita) -> Self {
        Self { campos: kept.campos.clone(), back: kept.back.clone(), stayed: kept.stayed.clone() }
    }
}

impl From<&Mescla> for MesclaJson {
    fn from(mescla: &Mescla) -> Self {
        Self {
            id: mescla.id,
            fica: mescla.empresa_id,
            sai: mescla.mesclada_id,
            campos: mescla.campos().into_iter().map(Campo::key).collect(),
            moved: mescla.moved.iter().map(|(kind, ids)| (kind.clone(), ids.len())).collect(),
            actor_nome: mescla.actor_nome.clone(),
            created_at: mescla.created_at,
            undoable_until: mescla.until(),
            undone_at: mescla.undone_at,
            kept: mescla.kept.as_ref().map(KeptJson::from),
        }
    }
}

/// 1 as it was done, 2 when it is undone: it changes no further.
fn version(mescla: &Mescla) -> i32 {
    if mescla.undone_at.is_some() { 2 } else { 1 }
}

/// Makes one empresa of two. With `Idempotency-Key` a repeated request changes nothing and hears the first answer.
#[utoipa::path(post, path = "/api/v1/empresas/{id}/mesclas", tag = "mesclas", request_body = MesclaInput,
    params(("id" = Uuid, Path, description = "the one that stays"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MesclaJson), (status = 404), (status = 409, description = "one of the two was changed meanwhile"),
        (status = 422)))]
async fn create(
    path: ApiEmpresaMesclas,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(input): Json<MesclaInput>,
) -> Result<Created, Error> {
    // Which one stays is part of what is asked: a key used for another one is another request.
    api::once(&mut ctx, &headers, &(path.id, &input), async |ctx: &mut Ctx| {
        let ctx = &mut **ctx;
        let escolhas = input.escolhas()?;
        let cmd = Mesclar { fica: path.id, sai: input.sai, versions: [input.version, input.version_sai], escolhas };
        let attached = attached(ctx);
        let id = mesclar(&mut ctx.tx, &ctx.actor, &attached, &cmd).await?;
        let (mescla, _) = find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
        let body = serde_json::to_value(MesclaJson::from(&mescla)).unwrap_or_default();
        Ok(Created { status: StatusCode::CREATED, version: version(&mescla), body, location: ApiMescla { id }.to_string() })
    })
    .await
}

/// A mescla of an empresa that may be seen.
#[utoipa::path(get, path = "/api/v1/mesclas/{id}", tag = "mesclas", params(("id" = Uuid, Path)),
    responses((status = 200, body = MesclaJson), (status = 404)))]
async fn get(path: ApiMescla, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let (mescla, _) = find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    Ok(api::versioned(StatusCode::OK, version(&mescla), &MesclaJson::from(&mescla)))
}

/// Makes two of one again; what was changed since stays and is named. Undone already, it answers what came of that.
#[utoipa::path(post, path = "/api/v1/mesclas/{id}/desfazer", tag = "mesclas", params(("id" = Uuid, Path)),
    responses((status = 200, body = MesclaJson), (status = 404),
        (status = 409, description = "too old, the one that stayed is in the lixeira, or a CNPJ was registered again")))]
async fn undo(path: ApiMesclaDesfazer, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let attached = attached(ctx);
    let mescla = desfazer(&mut ctx.tx, &ctx.actor, &attached, path.id).await?;
    Ok(api::versioned(StatusCode::OK, version(&mescla), &MesclaJson::from(&mescla)))
}

#[derive(OpenApi)]
#[openapi(
    paths(create, get, undo),
    components(schemas(MesclaJson, MesclaInput, KeptJson)),
    tags((name = "mesclas", description = "Empresas registered twice: the pairs, one made of two, and the way back"))
)]
struct Doc;

/// The OpenAPI document of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Doc::openapi();
    document.merge(crate::duplicada::api::openapi());
    document
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn chosen(pairs: &[(&str, &str)]) -> Result<Escolhas, Error> {
        let escolhas = pairs.iter().map(|(key, code)| ((*key).to_owned(), (*code).to_owned())).collect();
        MesclaInput { sai: EmpresaId::new(Uuid::nil()), version: 1, version_sai: 1, escolhas }.escolhas()
    }

    #[test]
    fn a_choice_is_about_a_field_that_can_be_chosen() {
        let both = chosen(&[("nome", "sai"), ("observacoes", "ambas")]).unwrap();
        assert_eq!(both.into_iter().collect::<Vec<_>>(), [(Campo::Nome, Lado::Sai), (Campo::Observacoes, Lado::Ambas)]);
        for wrong in [("uf", "sai"), ("data_cadastro", "sai"), ("x", "sai"), ("nome", "ambas"), ("nome", "outra"), ("nome", "")] {
            assert!(chosen(&[wrong]).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_openapi_document_is_reviewed() {
        insta::assert_json_snapshot!(openapi());
    }
}
