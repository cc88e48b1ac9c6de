//! What a program asks the list for.

use axum::http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;
use web::Error;

use crate::empresa::lista::Filtro;

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
    pub(super) fn filtro(&self) -> Result<Filtro, Error> {
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
