//! The register over REST: the same commands, JSON in and out.

use axum::{
    Json as Answer,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Cursor;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;
use web::{
    Access, Ctx, Error, Json, Query, Route,
    api::{self, Created, DEFAULT_LIMIT, List, MAX_LIMIT},
};

use crate::{
    etiqueta::{self, Etiqueta, EtiquetaNome},
    mescla,
};

use super::{
    ALTERAR, Campo, EXCLUIR, Empresa, EmpresaId, Input, Known, Porte, REGISTRAR, SegmentoRef, Situacao, VER,
    alterar::alterar,
    check,
    excluir::excluir,
    lista::{self, After, Filtro},
    registrar::registrar,
    restaurar::restaurar,
};

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

/// An empresa as the register has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmpresaJson {
    #[schema(value_type = Uuid)]
    pub id: EmpresaId,
    /// 14 characters without mask; the first twelve may be letters.
    #[schema(example = "12ABC34501DE35")]
    pub cnpj: String,
    /// Razão social.
    pub nome: String,
    pub nome_fantasia: Option<String>,
    pub inscricao_estadual: Option<String>,
    /// Seven digits, `2511-0/00`.
    pub cnae: Option<String>,
    pub segmento: Option<Named>,
    pub porte: Option<Porte>,
    pub situacao: Option<Situacao>,
    pub email: Option<String>,
    /// E.164.
    pub telefone: Option<String>,
    pub site: Option<String>,
    /// Eight digits.
    pub cep: Option<String>,
    pub logradouro: Option<String>,
    pub numero: Option<String>,
    pub bairro: Option<String>,
    pub municipio: Option<MunicipioJson>,
    pub uf: Option<String>,
    pub contato_nome: Option<String>,
    pub contato_cargo: Option<String>,
    /// Without an id it is a name that a spreadsheet brought.
    pub responsavel: Option<NamedOrNot>,
    pub data_fundacao: Option<NaiveDate>,
    /// Reais with two decimals.
    #[schema(example = "1234.50")]
    pub faturamento: Option<String>,
    pub funcionarios: Option<i32>,
    pub observacoes: Option<String>,
    pub data_cadastro: Option<NaiveDate>,
    /// By name.
    pub etiquetas: Vec<Named>,
    /// Also the ETag; send it as `If-Match` with a change.
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    pub id: Uuid,
    pub nome: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NamedOrNot {
    pub id: Option<Uuid>,
    pub nome: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MunicipioJson {
    /// Code of IBGE.
    pub id: i32,
    pub nome: String,
}

impl From<&Empresa> for EmpresaJson {
    fn from(empresa: &Empresa) -> Self {
        let c = &empresa.cadastro;
        let text = |campo: Campo| Some(c.text(campo)).filter(|text| !text.is_empty());
        Self {
            id: empresa.id,
            cnpj: c.cnpj.as_str().to_owned(),
            nome: c.nome.to_string(),
            nome_fantasia: text(Campo::NomeFantasia),
            inscricao_estadual: text(Campo::InscricaoEstadual),
            cnae: text(Campo::Cnae),
            segmento: c
                .segmento
                .as_ref()
                .and_then(|segmento| Some(Named { id: segmento.id()?.uuid(), nome: segmento.nome().to_owned() })),
            porte: c.porte,
            situacao: c.situacao,
            email: text(Campo::Email),
            telefone: c.telefone.as_ref().map(|telefone| telefone.as_str().to_owned()),
            site: text(Campo::Site),
            cep: c.cep.as_ref().map(|cep| cep.as_str().to_owned()),
            logradouro: text(Campo::Logradouro),
            numero: text(Campo::Numero),
            bairro: text(Campo::Bairro),
            municipio: c
                .municipio
                .as_ref()
                .map(|municipio| MunicipioJson { id: municipio.codigo, nome: municipio.nome.to_string() }),
            uf: text(Campo::Uf),
            contato_nome: text(Campo::ContatoNome),
            contato_cargo: text(Campo::ContatoCargo),
            responsavel: c
                .responsavel
                .as_ref()
                .map(|responsavel| NamedOrNot { id: responsavel.id(), nome: responsavel.nome().to_owned() }),
            data_fundacao: c.data_fundacao,
            faturamento: c.faturamento.map(String::from),
            funcionarios: c.funcionarios,
            observacoes: text(Campo::Observacoes),
            data_cadastro: c.data_cadastro,
            etiquetas: Vec::new(),
            version: empresa.version,
            created_at: empresa.created_at,
            updated_at: empresa.updated_at,
        }
    }
}

impl EmpresaJson {
    fn tagged(mut self, etiquetas: Option<&Vec<Etiqueta>>) -> Self {
        let named = |etiqueta: &Etiqueta| Named { id: etiqueta.id.uuid(), nome: etiqueta.nome.clone() };
        self.etiquetas = etiquetas.into_iter().flatten().map(named).collect();
        self
    }
}

/// One as it is answered, with its etiquetas.
async fn json(ctx: &mut Ctx, empresa: &Empresa) -> Result<EmpresaJson, Error> {
    let etiquetas = etiqueta::of_empresas(&mut ctx.tx, &[empresa.id]).await?;
    Ok(EmpresaJson::from(empresa).tagged(etiquetas.get(&empresa.id)))
}

/// What is written: every field that is left out or null is open. Wrong values are answered field by field.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EmpresaInput {
    /// With or without mask; required.
    #[schema(example = "12.ABC.345/01DE-35")]
    pub cnpj: Option<String>,
    /// Razão social; required.
    pub nome: Option<String>,
    pub nome_fantasia: Option<String>,
    pub inscricao_estadual: Option<String>,
    pub cnae: Option<String>,
    /// Id or name of one of the unidade's segmentos.
    pub segmento: Option<String>,
    /// `mei`, `me`, `epp`, `medio`, `grande`.
    pub porte: Option<String>,
    /// `ativo`, `inativo`, `prospect`, `estrategico`; required.
    pub situacao: Option<String>,
    pub email: Option<String>,
    pub telefone: Option<String>,
    pub site: Option<String>,
    pub cep: Option<String>,
    pub logradouro: Option<String>,
    pub numero: Option<String>,
    pub bairro: Option<String>,
    /// Name; with `uf` where several municípios are called so.
    pub municipio: Option<String>,
    pub uf: Option<String>,
    /// Code of IBGE; wins over the name.
    pub municipio_id: Option<i32>,
    pub contato_nome: Option<String>,
    pub contato_cargo: Option<String>,
    /// Id or name of an active usuario.
    pub responsavel: Option<String>,
    /// ISO day.
    pub data_fundacao: Option<String>,
    /// Reais with two decimals: `1234.50`.
    pub faturamento: Option<String>,
    pub funcionarios: Option<i64>,
    pub observacoes: Option<String>,
    /// ISO day; administradores only.
    pub data_cadastro: Option<String>,
    /// Names; left out or null, they stay as they are. One that the unidade's list does not have is added to it, where the token may do that.
    pub etiquetas: Option<Vec<String>>,
}

impl EmpresaInput {
    fn input(&self, campo: Campo) -> Input<'_> {
        let text = |text: &Option<String>| Input::from(text.as_deref());
        match campo {
            Campo::Cnpj => text(&self.cnpj),
            Campo::Nome => text(&self.nome),
            Campo::NomeFantasia => text(&self.nome_fantasia),
            Campo::InscricaoEstadual => text(&self.inscricao_estadual),
            Campo::Cnae => text(&self.cnae),
            Campo::Segmento => text(&self.segmento),
            Campo::Porte => text(&self.porte),
            Campo::Situacao => text(&self.situacao),
            Campo::Email => text(&self.email),
            Campo::Telefone => text(&self.telefone),
            Campo::Site => text(&self.site),
            Campo::Cep => text(&self.cep),
            Campo::Logradouro => text(&self.logradouro),
            Campo::Numero => text(&self.numero),
            Campo::Bairro => text(&self.bairro),
            Campo::Municipio => text(&self.municipio),
            Campo::Uf => text(&self.uf),
            Campo::MunicipioId => self.municipio_id.map_or(Input::Empty, |codigo| Input::Integer(codigo.into())),
            Campo::ContatoNome => text(&self.contato_nome),
            Campo::ContatoCargo => text(&self.contato_cargo),
            Campo::Responsavel => text(&self.responsavel),
            Campo::DataFundacao => text(&self.data_fundacao),
            Campo::DataCadastro => text(&self.data_cadastro),
            // One notation here: a point and two decimals, never a guess at thousands.
            Campo::Faturamento => match self.faturamento.clone().map(kernel::Reais::try_from) {
                None => Input::Empty,
                Some(Ok(reais)) => Input::Reais(reais),
                Some(Err(invalid)) => Input::Wrong(invalid),
            },
            Campo::Funcionarios => self.funcionarios.map_or(Input::Empty, Input::Integer),
            Campo::Observacoes => text(&self.observacoes),
        }
    }

    /// As it stands in the register, for a change of some fields.
    fn of(empresa: &Empresa) -> Self {
        let c = &empresa.cadastro;
        let text = |campo: Campo| Some(c.text(campo)).filter(|text| !text.is_empty());
        Self {
            cnpj: text(Campo::Cnpj),
            nome: text(Campo::Nome),
            nome_fantasia: text(Campo::NomeFantasia),
            inscricao_estadual: text(Campo::InscricaoEstadual),
            cnae: text(Campo::Cnae),
            segmento: c.segmento.as_ref().and_then(SegmentoRef::id).map(|id| id.to_string()),
            porte: text(Campo::Porte),
            situacao: text(Campo::Situacao),
            email: text(Campo::Email),
            telefone: c.telefone.as_ref().map(|telefone| telefone.as_str().to_owned()),
            site: text(Campo::Site),
            cep: text(Campo::Cep),
            logradouro: text(Campo::Logradouro),
            numero: text(Campo::Numero),
            bairro: text(Campo::Bairro),
            municipio: text(Campo::Municipio),
            uf: text(Campo::Uf),
            municipio_id: c.municipio.as_ref().map(|municipio| municipio.codigo),
            contato_nome: text(Campo::ContatoNome),
            contato_cargo: text(Campo::ContatoCargo),
            responsavel: c
                .responsavel
                .as_ref()
                .map(|responsavel| responsavel.id().map_or_else(|| responsavel.nome().to_owned(), |id| id.to_string())),
            data_fundacao: text(Campo::DataFundacao),
            faturamento: text(Campo::Faturamento),
            funcionarios: c.funcionarios.map(i64::from),
            observacoes: text(Campo::Observacoes),
            data_cadastro: text(Campo::DataCadastro),
            etiquetas: None,
        }
    }

    /// Makes the etiquetas those that are named, when any are.
    async fn tag(&self, ctx: &mut Ctx, id: EmpresaId) -> Result<(), Error> {
        let Some(nomes) = &self.etiquetas else { return Ok(()) };
        let invalid = |e: kernel::Invalid| Error::invalid(vec![e.at("etiquetas")]);
        let nomes: Vec<EtiquetaNome> =
            nomes.iter().map(|nome| nome.parse::<EtiquetaNome>().map_err(invalid)).collect::<Result<_, _>>()?;
        let ctx = &mut **ctx;
        Ok(etiqueta::set(&mut ctx.tx, &ctx.actor, id, &nomes).await?)
    }

    /// Lays the fields that `patch` names over these. A município by name replaces one by code, and the other way round.
    fn patched(self, patch: Map<String, Value>) -> Result<Self, Error> {
        let shape = |_| Error::status(StatusCode::UNPROCESSABLE_ENTITY, "json-shape");
        let Value::Object(mut fields) = serde_json::to_value(self).map_err(shape)? else { unreachable!("a struct is an object") };
        if patch.contains_key("municipio") && !patch.contains_key("municipio_id") {
            fields.insert("municipio_id".to_owned(), Value::Null);
        }
        if patch.contains_key("municipio_id") && !patch.contains_key("uf") {
            fields.insert("uf".to_owned(), Value::Null);
        }
        fields.extend(patch);
        serde_json::from_value(Value::Object(fields)).map_err(shape)
    }
}

/// Filters of the list; `situacao`, `uf`, `segmento`, `porte`, `responsavel`, `municipio` and `cnae` may be repeated.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Words of the names, the cidade or the segmento, or a part of the CNPJ.
    pub q: Option<String>,
    pub situacao: Vec<String>,
    pub uf: Vec<String>,
    /// Ids.
    pub segmento: Vec<Uuid>,
    pub porte: Vec<String>,
    /// Ids, or `nenhum`.
    pub responsavel: Vec<String>,
    /// Codes of IBGE.
    pub municipio: Vec<i32>,
    /// Codes of CNAE at any level, each with all that is a part of it: `C`, `25`, `25.1`, `2511-0/00`.
    pub cnae: Vec<String>,
    /// Ids.
    pub etiqueta: Vec<Uuid>,
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

impl ListQuery {
    /// Unlike a page's address, a program's query must make sense.
    fn filtro(&self) -> Result<Filtro, Error> {
        fn all<T: std::str::FromStr>(values: &[String]) -> Result<Vec<T>, Error> {
            values.iter().map(|value| value.parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "query"))).collect()
        }
        let (nobody, persons): (Vec<String>, Vec<String>) = self.responsavel.iter().cloned().partition(|value| value == "nenhum");
        Ok(Filtro {
            busca: self.q.clone().unwrap_or_default().chars().take(200).collect(),
            situacoes: all(&self.situacao)?,
            ufs: all(&self.uf)?,
            segmentos: self.segmento.iter().copied().map(Into::into).collect(),
            portes: all(&self.porte)?,
            responsaveis: all(&persons)?,
            sem_responsavel: !nobody.is_empty(),
            municipios: self.municipio.clone(),
            cnaes: self.cnae.iter().map(|codigo| codigo.as_str().into()).collect(),
            etiquetas: self.etiqueta.iter().copied().map(Into::into).collect(),
        })
    }
}

/// Empresas in the order of their names.
#[utoipa::path(get, path = "/api/v1/empresas", tag = "empresas", params(ListQuery), responses((status = 200, body = List<EmpresaJson>)))]
async fn list(_: ApiEmpresas, mut ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Answer<List<EmpresaJson>>, Error> {
    let bad = |_| Error::status(StatusCode::BAD_REQUEST, "cursor");
    let after: Option<After> = query.cursor.as_deref().map(Cursor::decode).transpose().map_err(bad)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Error::status(StatusCode::BAD_REQUEST, "query"));
    }
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
    let request = serde_json::to_vec(&input).map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    api::once(&mut ctx, &headers, &request, async |ctx: &mut Ctx| {
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
    let found = super::sql::find(&mut ctx.tx, id, super::Reach(None)).await?;
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
    let empresa = made(&mut ctx, path.id).await?;
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
