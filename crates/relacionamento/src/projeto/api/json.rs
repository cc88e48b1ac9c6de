//! What programs send and are sent.

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Invalid, Reais};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::Error;

use crate::{
    demanda::DemandaId,
    json::parsed,
    projeto::{Dados, Projeto, ProjetoId},
};

/// What an empresa contracted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjetoJson {
    #[schema(value_type = Uuid)]
    pub id: ProjetoId,
    /// What it was made of.
    #[schema(value_type = Uuid)]
    pub demanda: DemandaId,
    #[schema(value_type = Uuid)]
    pub empresa: EmpresaId,
    pub empresa_nome: String,
    pub titulo: String,
    /// Reais with two decimals.
    #[schema(value_type = Option<String>)]
    pub valor: Option<Reais>,
    pub data_inicio: NaiveDate,
    pub data_fim: Option<NaiveDate>,
    pub responsavel: Option<Uuid>,
    pub responsavel_nome: Option<String>,
    /// `em_execucao`, `concluido`, `cancelado`.
    pub situacao: String,
    pub concluido_at: Option<DateTime<Utc>>,
    pub motivo: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Also the ETag; send it as `If-Match` with a change.
    pub version: i32,
}

impl From<&Projeto> for ProjetoJson {
    fn from(projeto: &Projeto) -> Self {
        Self {
            id: projeto.id,
            demanda: projeto.demanda_id,
            empresa: projeto.empresa_id,
            empresa_nome: projeto.empresa_nome.clone(),
            titulo: projeto.titulo.clone(),
            valor: projeto.valor,
            data_inicio: projeto.data_inicio,
            data_fim: projeto.data_fim,
            responsavel: projeto.responsavel_id,
            responsavel_nome: projeto.responsavel_nome.clone(),
            situacao: projeto.situacao.code().to_owned(),
            concluido_at: projeto.concluido_at,
            motivo: projeto.motivo.clone(),
            created_at: projeto.created_at,
            updated_at: projeto.updated_at,
            version: projeto.version,
        }
    }
}

/// What is agreed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProjetoInput {
    /// Required.
    pub titulo: Option<String>,
    /// Reais with two decimals: `1234.50`.
    #[schema(value_type = Option<String>)]
    pub valor: Option<Reais>,
    /// An active usuario.
    pub responsavel: Option<Uuid>,
    /// Required.
    pub data_inicio: Option<NaiveDate>,
    /// Not before the beginning.
    pub data_fim: Option<NaiveDate>,
}

impl ProjetoInput {
    pub(super) fn dados(&self) -> Result<Dados, Error> {
        let mut errors = Vec::new();
        let titulo = parsed(&mut errors, "titulo", self.titulo.as_deref().unwrap_or_default());
        if self.data_inicio.is_none() {
            errors.push(Invalid::new("required").at("data_inicio"));
        }
        match (titulo, self.data_inicio) {
            (Some(titulo), Some(data_inicio)) if errors.is_empty() => {
                Ok(Dados { titulo, valor: self.valor, responsavel: self.responsavel, data_inicio, data_fim: self.data_fim })
            }
            _ => Err(Error::invalid(errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_field_is_named() {
        let error = ProjetoInput { titulo: Some(" ".into()), ..ProjetoInput::default() }.dados().unwrap_err();
        let named: Vec<_> = error.fields().iter().map(|field| field.field).collect();
        assert_eq!(named, ["titulo", "data_inicio"]);
    }
}
