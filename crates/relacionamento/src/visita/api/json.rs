//! What programs send and are sent.

use chrono::{DateTime, Utc};
use empresas::{contato::ContatoId, empresa::EmpresaId};
use kernel::{FieldError, Invalid, Rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::Error;

use crate::{
    json::{PessoaJson, optional, parsed},
    visita::{Horario, Plano, Relato, Visita, VisitaId},
};

/// A visita to an empresa.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitaJson {
    #[schema(value_type = Uuid)]
    pub id: VisitaId,
    #[schema(value_type = Uuid)]
    pub empresa: EmpresaId,
    pub empresa_nome: String,
    /// The usuario; null where a spreadsheet named somebody who is nobody here.
    pub responsavel: Option<Uuid>,
    pub responsavel_nome: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
    pub objetivo: String,
    /// Null: at the address of the empresa.
    pub local: Option<String>,
    /// `planejada`, `realizada`, `cancelada`.
    pub situacao: String,
    pub resumo: Option<String>,
    pub proximos_passos: Option<String>,
    pub motivo: Option<String>,
    /// When somebody said that they are there.
    pub chegada_at: Option<DateTime<Utc>>,
    /// Others of the unidade who go.
    pub colegas: Vec<PessoaJson>,
    /// People of the empresa.
    pub contatos: Vec<PessoaJson>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Also the ETag; send it as `If-Match` with a change.
    pub version: i32,
}

impl From<&Visita> for VisitaJson {
    fn from(visita: &Visita) -> Self {
        Self {
            id: visita.id,
            empresa: visita.empresa_id,
            empresa_nome: visita.empresa_nome.clone(),
            responsavel: visita.responsavel_id,
            responsavel_nome: visita.responsavel_nome.clone(),
            inicio_at: visita.horario.inicio_at,
            fim_at: visita.horario.fim_at,
            objetivo: visita.objetivo.clone(),
            local: visita.local.clone(),
            situacao: visita.situacao.code().to_owned(),
            resumo: visita.resumo.clone(),
            proximos_passos: visita.proximos_passos.clone(),
            motivo: visita.motivo.clone(),
            chegada_at: visita.chegada.map(|chegada| chegada.at),
            colegas: visita.colegas.iter().map(PessoaJson::from).collect(),
            contatos: visita.contatos.iter().map(PessoaJson::from).collect(),
            created_at: visita.created_at,
            updated_at: visita.updated_at,
            version: visita.version,
        }
    }
}

/// What is planned. `empresa` says where it is planned and cannot be changed later.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VisitaInput {
    /// Required to plan one.
    #[schema(value_type = Option<Uuid>)]
    pub empresa: Option<EmpresaId>,
    /// Required: an active usuario.
    pub responsavel: Option<Uuid>,
    /// Required.
    pub inicio_at: Option<DateTime<Utc>>,
    /// Required: within a day of the beginning.
    pub fim_at: Option<DateTime<Utc>>,
    /// Required.
    pub objetivo: Option<String>,
    pub local: Option<String>,
    pub colegas: Vec<Uuid>,
    #[schema(value_type = Vec<Uuid>)]
    pub contatos: Vec<ContatoId>,
}

/// A new time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HorarioInput {
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelatoInput {
    pub resumo: String,
    #[serde(default)]
    pub proximos_passos: Option<String>,
}

pub(super) fn horario(
    errors: &mut Vec<FieldError>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Option<Horario> {
    for (value, field) in [(from, "inicio_at"), (until, "fim_at")] {
        if value.is_none() {
            errors.push(Invalid::new("required").at(field));
        }
    }
    let (from, until) = from.zip(until)?;
    Horario::new(from, until).map_err(|rule| errors.extend(rule.fields())).ok()
}

impl VisitaInput {
    pub(super) fn plano(&self) -> Result<Plano, Error> {
        let mut errors = Vec::new();
        let horario = horario(&mut errors, self.inicio_at, self.fim_at);
        let objetivo = parsed(&mut errors, "objetivo", self.objetivo.as_deref().unwrap_or_default());
        let local = optional(&mut errors, "local", self.local.as_deref());
        if self.responsavel.is_none() {
            errors.push(Invalid::new("required").at("responsavel"));
        }
        match (self.responsavel, horario, objetivo) {
            (Some(responsavel), Some(horario), Some(objetivo)) if errors.is_empty() => {
                let (colegas, contatos) = (self.colegas.clone(), self.contatos.clone());
                Ok(Plano { responsavel, horario, objetivo, local, colegas, contatos })
            }
            _ => Err(Error::invalid(errors)),
        }
    }

    /// As it is planned, for a change of some fields.
    pub(super) fn of(visita: &Visita) -> Self {
        Self {
            empresa: Some(visita.empresa_id),
            responsavel: visita.responsavel_id,
            inicio_at: Some(visita.horario.inicio_at),
            fim_at: Some(visita.horario.fim_at),
            objetivo: Some(visita.objetivo.clone()),
            local: visita.local.clone(),
            colegas: visita.colegas.iter().map(|pessoa| pessoa.id).collect(),
            contatos: visita.contatos.iter().map(|pessoa| ContatoId::new(pessoa.id)).collect(),
        }
    }
}

impl RelatoInput {
    pub(super) fn relato(&self) -> Result<Relato, Error> {
        let mut errors = Vec::new();
        let resumo = parsed(&mut errors, "resumo", &self.resumo);
        let proximos_passos = optional(&mut errors, "proximos_passos", self.proximos_passos.as_deref());
        match resumo {
            Some(resumo) if errors.is_empty() => Ok(Relato { resumo, proximos_passos }),
            _ => Err(Error::invalid(errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};
    use web::api;

    use super::*;
    use crate::visita::Situacao;

    #[test]
    fn each_wrong_field_is_named() {
        let error = VisitaInput::default().plano().unwrap_err();
        let mut named: Vec<_> = error.fields().iter().map(|field| (field.field, field.invalid.code)).collect();
        named.sort_unstable();
        assert_eq!(
            named,
            [("fim_at", "required"), ("inicio_at", "required"), ("objetivo", "required"), ("responsavel", "required")]
        );
        let relato = RelatoInput { resumo: " ".into(), proximos_passos: Some("x".repeat(5001)) };
        assert_eq!(relato.relato().unwrap_err().fields().len(), 2);
    }

    #[test]
    fn a_patch_changes_what_it_names_and_null_opens() {
        let visita = crate::visita::samples::visita(Situacao::Planejada, true, false, DateTime::UNIX_EPOCH);
        let patch: Map<String, Value> = serde_json::from_str(r#"{"local":null,"colegas":[]}"#).unwrap();
        let plano = api::patched(VisitaInput::of(&visita), patch).unwrap().plano().unwrap();
        assert_eq!((plano.local, plano.colegas.len(), plano.contatos.len()), (None, 0, 2));
        assert_eq!(plano.horario, visita.horario);
    }
}
