//! What programs send and are sent.

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::Error;

use crate::{
    json::{optional, parsed},
    tarefa::{Dados, Sobre, Tarefa, TarefaId},
};

/// The record that a tarefa is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SobreJson {
    /// `empresa`, `visita`, `demanda`, `projeto`.
    pub tipo: String,
    pub id: Uuid,
}

impl From<Sobre> for SobreJson {
    fn from(sobre: Sobre) -> Self {
        Self { tipo: sobre.entity.to_owned(), id: sobre.id }
    }
}

/// What somebody is to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct TarefaJson {
    #[schema(value_type = Uuid)]
    pub id: TarefaId,
    pub titulo: String,
    pub detalhes: Option<String>,
    pub responsavel: Uuid,
    pub responsavel_nome: String,
    /// Null: it stands by itself.
    pub sobre: Option<SobreJson>,
    /// That of the record.
    #[schema(value_type = Option<Uuid>)]
    pub empresa: Option<EmpresaId>,
    pub empresa_nome: Option<String>,
    pub data_prazo: Option<NaiveDate>,
    /// Null: it is not done.
    pub concluida_at: Option<DateTime<Utc>>,
    /// Null where the product itself wrote it down.
    pub criada_por: Option<Uuid>,
    pub criada_por_nome: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Also the ETag; send it as `If-Match` with a change.
    pub version: i32,
}

impl From<&Tarefa> for TarefaJson {
    fn from(tarefa: &Tarefa) -> Self {
        Self {
            id: tarefa.id,
            titulo: tarefa.titulo.clone(),
            detalhes: tarefa.detalhes.clone(),
            responsavel: tarefa.responsavel_id,
            responsavel_nome: tarefa.responsavel.clone(),
            sobre: tarefa.sobre().map(SobreJson::from),
            empresa: tarefa.empresa_id,
            empresa_nome: tarefa.empresa.clone(),
            data_prazo: tarefa.data_prazo,
            concluida_at: tarefa.concluida_at,
            criada_por: tarefa.criada_por_id,
            criada_por_nome: tarefa.criada_por_nome.clone(),
            created_at: tarefa.created_at,
            updated_at: tarefa.updated_at,
            version: tarefa.version,
        }
    }
}

/// What is to be done. `sobre` says on which record and cannot be changed later.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TarefaInput {
    pub sobre: Option<SobreJson>,
    /// Required.
    pub titulo: Option<String>,
    pub detalhes: Option<String>,
    /// Required: an active usuario.
    pub responsavel: Option<Uuid>,
    pub data_prazo: Option<NaiveDate>,
}

impl TarefaInput {
    pub(super) fn read(&self) -> Result<(Option<Sobre>, Dados), Error> {
        let mut errors = Vec::new();
        let titulo = parsed(&mut errors, "titulo", self.titulo.as_deref().unwrap_or_default());
        let detalhes = optional(&mut errors, "detalhes", self.detalhes.as_deref());
        if self.responsavel.is_none() {
            errors.push(Invalid::new("required").at("responsavel"));
        }
        let sobre = self.sobre.as_ref().map(|sobre| Sobre::of(&sobre.tipo, sobre.id));
        if sobre == Some(None) {
            errors.push(Invalid::new("choice").at("sobre"));
        }
        match (titulo, self.responsavel) {
            (Some(titulo), Some(responsavel)) if errors.is_empty() => {
                Ok((sobre.flatten(), Dados { titulo, detalhes, responsavel, data_prazo: self.data_prazo }))
            }
            _ => Err(Error::invalid(errors)),
        }
    }

    /// As it stands, for a change of some fields.
    pub(super) fn of(tarefa: &Tarefa) -> Self {
        Self {
            sobre: tarefa.sobre().map(SobreJson::from),
            titulo: Some(tarefa.titulo.clone()),
            detalhes: tarefa.detalhes.clone(),
            responsavel: Some(tarefa.responsavel_id),
            data_prazo: tarefa.data_prazo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_field_is_named() {
        let unknown = SobreJson { tipo: "usuario".into(), id: Uuid::nil() };
        let wrong = TarefaInput { sobre: Some(unknown), detalhes: Some("x".repeat(5001)), ..TarefaInput::default() };
        let error = wrong.read().unwrap_err();
        let mut named: Vec<_> = error.fields().iter().map(|field| (field.field, field.invalid.code)).collect();
        named.sort_unstable();
        assert_eq!(named.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["detalhes", "responsavel", "sobre", "titulo"]);
        assert_eq!((named[1].1, named[2].1, named[3].1), ("required", "choice", "required"));
    }
}
