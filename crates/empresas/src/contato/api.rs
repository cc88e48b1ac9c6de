//! The contatos of an empresa over REST: the same commands, JSON in and out.

use axum::{
    Json as Answer,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use axum_extra::routing::TypedPath;
use kernel::{FieldError, Invalid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{OpenApi, ToSchema};
use web::{
    Access, Ctx, Error, Json, Route,
    api::{self, Created, List},
};

use super::{Contato, ContatoId, Dados, Papel, alterar, excluir, registrar, restaurar, sql};
use crate::empresa::{ALTERAR, EmpresaId, VER, lista};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/contatos", rejection(web::BadPath))]
pub struct ApiContatos {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/contatos/{contato}", rejection(web::BadPath))]
pub struct ApiContato {
    pub id: EmpresaId,
    pub contato: ContatoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/api/v1/empresas/{id}/contatos/{contato}/restaurar", rejection(web::BadPath))]
pub struct ApiContatoRestore {
    pub id: EmpresaId,
    pub contato: ContatoId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["empresa", "contato"];
    const WHOLE: &str = r#"{"nome":"Sueli Ramos","papel":"rh"}"#;
    vec![
        Route::get(list, Access::Needs(VER)).ids(&["empresa"]).sample("/api/v1/empresas/{empresa}/contatos", ""),
        Route::post(create, Access::Needs(ALTERAR)).ids(&["empresa"]).sample("/api/v1/empresas/{empresa}/contatos", WHOLE),
        Route::get(get, Access::Needs(VER)).ids(ONE).sample("/api/v1/empresas/{empresa}/contatos/{contato}", ""),
        Route::put(put, Access::Needs(ALTERAR)).ids(ONE).sample("/api/v1/empresas/{empresa}/contatos/{contato}", WHOLE),
        Route::patch(patch, Access::Needs(ALTERAR))
            .ids(ONE)
            .sample("/api/v1/empresas/{empresa}/contatos/{contato}", r#"{"cargo":"Diretora"}"#),
        Route::delete(delete, Access::Needs(ALTERAR)).ids(ONE).sample("/api/v1/empresas/{empresa}/contatos/{contato}", ""),
        Route::post(restore, Access::Needs(ALTERAR))
            .ids(ONE)
            .sample("/api/v1/empresas/{empresa}/contatos/{contato.excluido}/restaurar", ""),
    ]
}

/// Somebody at an empresa.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContatoJson {
    #[schema(value_type = Uuid)]
    pub id: ContatoId,
    pub nome: String,
    pub cargo: Option<String>,
    /// What the unidade talks to them about: `direcao`, `rh`, `producao`, `manutencao`, `qualidade`, `seguranca`, `compras`,
    /// `financeiro`, `outro`.
    pub papel: Option<String>,
    pub email: Option<String>,
    /// E.164.
    pub telefone: Option<String>,
    pub observacoes: Option<String>,
    /// Also the ETag; send it as `If-Match` with a change.
    pub version: i32,
}

impl From<&Contato> for ContatoJson {
    fn from(contato: &Contato) -> Self {
        let dados = &contato.dados;
        Self {
            id: contato.id,
            nome: dados.nome.to_string(),
            cargo: dados.cargo.as_ref().map(ToString::to_string),
            papel: dados.papel.map(|papel| papel.code().to_owned()),
            email: dados.email.as_ref().map(ToString::to_string),
            telefone: dados.telefone.as_ref().map(|telefone| telefone.as_str().to_owned()),
            observacoes: dados.observacoes.as_ref().map(ToString::to_string),
            version: contato.version,
        }
    }
}

/// What is written: every field that is left out or null is open. Wrong values are answered field by field.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContatoInput {
    /// Required.
    pub nome: Option<String>,
    pub cargo: Option<String>,
    pub papel: Option<String>,
    pub email: Option<String>,
    pub telefone: Option<String>,
    pub observacoes: Option<String>,
}

impl ContatoInput {
    fn dados(&self) -> Result<Dados, Error> {
        let mut errors = Vec::new();
        let papel = match filled(self.papel.as_deref()) {
            None => None,
            Some(code) => {
                let papel = Papel::from_code(code);
                if papel.is_none() {
                    errors.push(Invalid::new("choice").at("papel"));
                }
                papel
            }
        };
        let nome = parsed(&mut errors, "nome", self.nome.as_deref());
        if filled(self.nome.as_deref()).is_none() {
            errors.push(Invalid::new("required").at("nome"));
        }
        let cargo = parsed(&mut errors, "cargo", self.cargo.as_deref());
        let email = parsed(&mut errors, "email", self.email.as_deref());
        let telefone = parsed(&mut errors, "telefone", self.telefone.as_deref());
        let observacoes = parsed(&mut errors, "observacoes", self.observacoes.as_deref());
        match nome {
            Some(nome) if errors.is_empty() => Ok(Dados { nome, cargo, papel, email, telefone, observacoes }),
            _ => Err(Error::invalid(errors)),
        }
    }

    /// As somebody is known, for a change of some fields.
    fn of(contato: &Contato) -> Self {
        let ContatoJson { nome, cargo, papel, email, telefone, observacoes, .. } = ContatoJson::from(contato);
        Self { nome: Some(nome), cargo, papel, email, telefone, observacoes }
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn parsed<T: std::str::FromStr>(errors: &mut Vec<FieldError>, field: &'static str, text: Option<&str>) -> Option<T>
where
    T::Err: Into<Invalid>,
{
    match filled(text)?.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            errors.push(T::Err::into(error).at(field));
            None
        }
    }
}

/// Somebody at an empresa that the actor sees.
async fn found(ctx: &mut Ctx, path: ApiContato) -> Result<Contato, Error> {
    let ctx = &mut **ctx;
    lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    made(ctx, path).await
}

/// Whoever may change need not be allowed to see; what they made they are told.
async fn made(ctx: &mut web::CtxInner, path: ApiContato) -> Result<Contato, Error> {
    sql::find(&mut ctx.tx, path.id, path.contato).await?.ok_or_else(Error::not_found)
}

/// All contatos of an empresa by name, in one part.
#[utoipa::path(get, path = "/api/v1/empresas/{id}/contatos", tag = "contatos", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<ContatoJson>), (status = 404)))]
async fn list(path: ApiContatos, mut ctx: Ctx) -> Result<Answer<List<ContatoJson>>, Error> {
    let ctx = &mut *ctx;
    lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let items: Vec<_> = sql::list(&mut ctx.tx, path.id).await?.iter().map(ContatoJson::from).collect();
    let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
    Ok(Answer(List { items, next_cursor: None, total }))
}

/// One contato, with its version as ETag.
#[utoipa::path(get, path = "/api/v1/empresas/{id}/contatos/{contato}", tag = "contatos",
    params(("id" = Uuid, Path), ("contato" = Uuid, Path)), responses((status = 200, body = ContatoJson), (status = 404)))]
async fn get(path: ApiContato, mut ctx: Ctx) -> Result<Response, Error> {
    let contato = found(&mut ctx, path).await?;
    Ok(api::versioned(StatusCode::OK, contato.version, &ContatoJson::from(&contato)))
}

/// Adds somebody. With `Idempotency-Key` a repeated request changes nothing and hears the first answer.
#[utoipa::path(post, path = "/api/v1/empresas/{id}/contatos", tag = "contatos", request_body = ContatoInput,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ContatoJson), (status = 404), (status = 409, description = "the empresa has 100 contatos already"), (status = 422)))]
async fn create(path: ApiContatos, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<ContatoInput>) -> Result<Created, Error> {
    // Which empresa it is for is part of what is asked: a key used for another one is another request.
    api::once(&mut ctx, &headers, &(path.id, &input), async |ctx: &mut Ctx| {
        let ctx = &mut **ctx;
        let contato = registrar(&mut ctx.tx, &ctx.actor, path.id, &input.dados()?).await?;
        let path = ApiContato { id: path.id, contato };
        let made = made(ctx, path).await?;
        let body = serde_json::to_value(ContatoJson::from(&made)).unwrap_or_default();
        Ok(Created { status: StatusCode::CREATED, version: made.version, body, location: path.to_string() })
    })
    .await
}

/// Replaces what is known of a contato, if it is still the version of `If-Match`.
#[utoipa::path(put, path = "/api/v1/empresas/{id}/contatos/{contato}", tag = "contatos", request_body = ContatoInput,
    params(("id" = Uuid, Path), ("contato" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ContatoJson), (status = 404), (status = 409, description = "changed meanwhile; `errors` names the fields"), (status = 422), (status = 428)))]
async fn put(path: ApiContato, mut ctx: Ctx, headers: HeaderMap, Json(input): Json<ContatoInput>) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    write(&mut ctx, path, seen, &input).await
}

/// Changes the fields that are named, if it is still the version of `If-Match`; null opens a field.
#[utoipa::path(patch, path = "/api/v1/empresas/{id}/contatos/{contato}", tag = "contatos", request_body = ContatoInput,
    params(("id" = Uuid, Path), ("contato" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ContatoJson), (status = 404), (status = 409), (status = 422), (status = 428)))]
async fn patch(
    path: ApiContato,
    mut ctx: Ctx,
    headers: HeaderMap,
    Json(fields): Json<Map<String, Value>>,
) -> Result<Response, Error> {
    let seen = api::if_match(&headers)?;
    let input = api::patched(ContatoInput::of(&found(&mut ctx, path).await?), fields)?;
    write(&mut ctx, path, seen, &input).await
}

async fn write(ctx: &mut Ctx, path: ApiContato, seen: i32, input: &ContatoInput) -> Result<Response, Error> {
    let ctx = &mut **ctx;
    alterar(&mut ctx.tx, &ctx.actor, (path.id, path.contato), seen, &input.dados()?).await?;
    let contato = made(ctx, path).await?;
    Ok(api::versioned(StatusCode::OK, contato.version, &ContatoJson::from(&contato)))
}

/// Takes a contato off an empresa; with `If-Match`, only that version.
#[utoipa::path(delete, path = "/api/v1/empresas/{id}/contatos/{contato}", tag = "contatos",
    params(("id" = Uuid, Path), ("contato" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204), (status = 404), (status = 409)))]
async fn delete(path: ApiContato, mut ctx: Ctx, headers: HeaderMap) -> Result<StatusCode, Error> {
    let seen = if headers.contains_key(header::IF_MATCH) { Some(api::if_match(&headers)?) } else { None };
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id, path.contato, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings back a contato that was taken off.
#[utoipa::path(post, path = "/api/v1/empresas/{id}/contatos/{contato}/restaurar", tag = "contatos",
    params(("id" = Uuid, Path), ("contato" = Uuid, Path)), responses((status = 200, body = ContatoJson), (status = 404)))]
async fn restore(path: ApiContatoRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id, path.contato).await?;
    let contato = made(ctx, ApiContato { id: path.id, contato: path.contato }).await?;
    Ok(api::versioned(StatusCode::OK, contato.version, &ContatoJson::from(&contato)))
}

#[derive(OpenApi)]
#[openapi(
    paths(list, get, create, put, patch, delete, restore),
    components(schemas(ContatoJson, ContatoInput, List<ContatoJson>)),
    tags((name = "contatos", description = "The people at an empresa"))
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
    fn a_patch_changes_what_it_names_and_null_opens() {
        let contatos = crate::contato::samples(EmpresaId::new(uuid::Uuid::nil()), 1);
        let patch: Map<String, Value> = serde_json::from_str(r#"{"cargo":"Diretora","email":null}"#).unwrap();
        let input = api::patched(ContatoInput::of(&contatos[0]), patch).unwrap();
        let dados = input.dados().unwrap();
        assert_eq!(dados.cargo.unwrap().as_str(), "Diretora");
        assert_eq!((dados.email, dados.telefone), (None, contatos[0].dados.telefone.clone()));
        let unknown: Map<String, Value> = serde_json::from_str(r#"{"id":"x"}"#).unwrap();
        assert!(api::patched(ContatoInput::default(), unknown).is_err());
    }

    #[test]
    fn each_wrong_field_is_named() {
        let text = |text: &str| Some(text.to_owned());
        let input = ContatoInput {
            nome: text(" "),
            papel: text("rei"),
            email: text("x"),
            telefone: text("1"),
            ..ContatoInput::default()
        };
        let error = input.dados().unwrap_err();
        let mut named: Vec<_> = error.fields().iter().map(|field| (field.field, field.invalid.code)).collect();
        named.sort_unstable();
        assert_eq!(
            named,
            [("email", "email-invalid"), ("nome", "required"), ("papel", "choice"), ("telefone", "telefone-invalid")]
        );
    }

    #[test]
    fn the_openapi_document_is_reviewed() {
        insta::assert_json_snapshot!(openapi());
    }
}
