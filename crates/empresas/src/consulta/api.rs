//! What is known outside about a CNPJ, over REST.

use axum::{
    Json as Answer,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{ActorKind, Cnpj};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Access, Ctx, Error, Route};

use super::{Consultado, Consultas, DadosCnpj, FRESH, Lugar, Resposta, SituacaoCadastral, Urgency};
use crate::{
    empresa::{CONSULTAR, Porte},
    municipio::Municipios,
};

#[derive(Debug, Clone, Deserialize, TypedPath)]
#[typed_path("/api/v1/cnpjs/{cnpj}", rejection(web::BadPath))]
pub struct ApiCnpj {
    pub cnpj: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(get, Access::Needs(CONSULTAR)).sample("/api/v1/cnpjs/11222333000181", "")]
}

/// What the Receita Federal says about a CNPJ, as a provider tells it; what it does not say is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct CnpjJson {
    /// 14 characters without mask.
    #[schema(example = "12ABC34501DE35")]
    pub cnpj: String,
    /// Razão social.
    pub nome: String,
    pub nome_fantasia: Option<String>,
    /// `ativa`, `suspensa`, `inapta`, `baixada`, `nula`.
    #[schema(value_type = Option<String>)]
    pub situacao: Option<SituacaoCadastral>,
    /// Since when the situação holds.
    pub data_situacao: Option<NaiveDate>,
    pub data_fundacao: Option<NaiveDate>,
    pub cnae: Option<String>,
    pub porte: Option<Porte>,
    pub email: Option<String>,
    /// E.164.
    pub telefone: Option<String>,
    pub endereco: EnderecoJson,
    /// Who said so, and when they were asked.
    pub provedor: String,
    pub asked_at: DateTime<Utc>,
    /// As of when the provider's data are.
    pub dated_at: DateTime<Utc>,
    /// Whether it is older than it should be, for nobody answers now.
    pub stale: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EnderecoJson {
    /// Eight digits.
    pub cep: Option<String>,
    pub logradouro: Option<String>,
    pub numero: Option<String>,
    pub complemento: Option<String>,
    pub bairro: Option<String>,
    /// As the unidade's register would spell it.
    pub municipio: Option<String>,
    /// Its code of IBGE.
    pub municipio_id: Option<i32>,
    pub uf: Option<String>,
}

/// A question that waits its turn behind those of others.
#[derive(Debug, Serialize, ToSchema)]
pub struct EsperaJson {
    /// 1 for the next; 0 when it is being asked just now.
    pub place: i64,
    /// When the answer is expected: ask again then, at the same address.
    pub retry_at: DateTime<Utc>,
}

impl CnpjJson {
    fn new(cnpj: Cnpj, said: &Consultado, dados: &DadosCnpj, municipios: &Municipios, stale: bool) -> Self {
        fn text<T: ToString>(value: Option<&T>) -> Option<String> {
            value.map(T::to_string)
        }
        let endereco = &dados.endereco;
        let municipio = endereco.municipio(municipios);
        Self {
            cnpj: cnpj.as_str().to_owned(),
            nome: dados.nome.to_string(),
            nome_fantasia: text(dados.nome_fantasia.as_ref()),
            situacao: dados.situacao,
            data_situacao: dados.data_situacao,
            data_fundacao: dados.data_fundacao,
            cnae: text(dados.cnae.as_ref()),
            porte: dados.porte,
            email: text(dados.email.as_ref()),
            telefone: dados.telefone.as_ref().map(|telefone| telefone.as_str().to_owned()),
            endereco: EnderecoJson {
                cep: endereco.cep.as_ref().map(|cep| cep.as_str().to_owned()),
                logradouro: text(endereco.logradouro.as_ref()),
                numero: text(endereco.numero.as_ref()),
                complemento: text(endereco.complemento.as_ref()),
                bairro: text(endereco.bairro.as_ref()),
                municipio: municipio.map(|found| found.nome.to_string()).or_else(|| text(endereco.municipio.as_ref())),
                municipio_id: municipio.map(|found| found.codigo),
                uf: municipio.map(|found| found.uf).or(endereco.uf).map(|uf| uf.to_string()),
            },
            provedor: said.provedor.clone(),
            asked_at: said.asked_at,
            dated_at: said.dated_at,
            stale,
        }
    }
}

/// What is known about a CNPJ: at once where it was asked within a month or somebody answers now; otherwise 202 with the place in
/// the queue and `Retry-After`, after which the same request is answered. A program waits behind people.
#[utoipa::path(get, path = "/api/v1/cnpjs/{cnpj}", tag = "cnpjs",
    params(("cnpj" = String, Path, description = "14 characters without mask", example = "11222333000181")),
    responses((status = 200, body = CnpjJson), (status = 202, body = EsperaJson, description = "it waits; ask again after `Retry-After`"),
        (status = 404, description = "the Receita Federal knows no such CNPJ"), (status = 422, description = "not a CNPJ"),
        (status = 503, description = "nobody answers now")))]
async fn get(path: ApiCnpj, mut ctx: Ctx) -> Result<Response, Error> {
    let cnpj: Cnpj = path.cnpj.parse().map_err(|e: <Cnpj as std::str::FromStr>::Err| {
        let invalid: kernel::Invalid = e.into();
        Error::invalid(vec![invalid.at("cnpj")])
    })?;
    let municipios = Municipios::load(&mut ctx.tx).await?;
    let (consultas, unidade) = (ctx.app.value::<Consultas>()?.clone(), ctx.unidade.id);
    let urgency = if ctx.actor.kind == ActorKind::Usuario { Urgency::Person } else { Urgency::Background };
    // Somebody outside may take seconds: nothing of ours is held meanwhile.
    ctx.release().await?;
    let (said, stale) = match consultas.cnpj(unidade, cnpj, FRESH, urgency).await? {
        Resposta::Known(said) => (said, false),
        Resposta::Unavailable(Some(said)) if said.dados.is_some() => (said, true),
        // That there was no such CNPJ once says nothing of now.
        Resposta::Unavailable(_) => return Err(Error::status(StatusCode::SERVICE_UNAVAILABLE, "consulta-unavailable")),
        Resposta::Waiting(lugar) => return Ok(waits(lugar, consultas.now())),
    };
    let Some(dados) = &said.dados else { return Err(Error::status(StatusCode::NOT_FOUND, "consulta-absent")) };
    Ok(Answer(CnpjJson::new(cnpj, &said, dados, &municipios, stale)).into_response())
}

fn waits(lugar: Lugar, now: DateTime<Utc>) -> Response {
    // A moment later than its turn: somebody has to be asked and to answer.
    let retry_at = lugar.at.max(now) + TimeDelta::seconds(3);
    let seconds = (retry_at - now).num_seconds().max(1);
    let body = EsperaJson { place: lugar.place, retry_at };
    (StatusCode::ACCEPTED, [(header::RETRY_AFTER, seconds.to_string())], Answer(body)).into_response()
}

#[derive(OpenApi)]
#[openapi(
    paths(get),
    components(schemas(CnpjJson, EnderecoJson, EsperaJson)),
    tags((name = "cnpjs", description = "What is known outside about a CNPJ"))
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

    #[test]
    fn who_waits_is_told_when_to_ask_again() {
        let now = DateTime::UNIX_EPOCH;
        let response = waits(Lugar { place: 2, at: now + TimeDelta::seconds(62) }, now);
        assert_eq!(response.status(), StatusCode::ACCEPTED);
        assert_eq!(response.headers()[header::RETRY_AFTER], "65");
        // Its turn may be over by the clock already.
        let response = waits(Lugar { place: 0, at: now - TimeDelta::seconds(9) }, now);
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
    }
}
