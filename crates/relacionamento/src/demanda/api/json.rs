//! What programs send and are sent.

use chrono::{DateTime, NaiveDate, Utc};
use empresas::{contato::ContatoId, empresa::EmpresaId};
use kernel::{Invalid, Reais};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::Error;

use crate::{
    demanda::{Dados, Demanda, DemandaId},
    etapa::{Etapa, EtapaId},
    json::{PessoaJson, parsed},
    setor::SetorId,
    tipo::TipoId,
};

/// What an empresa asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemandaJson {
    #[schema(value_type = Uuid)]
    pub id: DemandaId,
    #[schema(value_type = Uuid)]
    pub empresa: EmpresaId,
    pub empresa_nome: String,
    pub titulo: String,
    pub descricao: String,
    #[schema(value_type = Uuid)]
    pub tipo: TipoId,
    pub tipo_nome: String,
    #[schema(value_type = Option<Uuid>)]
    pub setor: Option<SetorId>,
    pub setor_nome: Option<String>,
    #[schema(value_type = Uuid)]
    pub etapa: EtapaId,
    pub etapa_nome: String,
    /// `nova`, `em_andamento`, `concluida`, `cancelada`: what the etapa is, whatever the unidade calls it.
    pub situacao: String,
    /// Reais with two decimals.
    #[schema(value_type = Option<String>)]
    pub valor_estimado: Option<Reais>,
    /// The usuario; null for nobody yet, and where a spreadsheet named somebody who is nobody here.
    pub responsavel: Option<Uuid>,
    pub responsavel_nome: Option<String>,
    /// Who of the empresa asked.
    pub contato: Option<PessoaJson>,
    pub data_prazo: Option<NaiveDate>,
    /// When somebody first did something about it.
    pub iniciada_at: Option<DateTime<Utc>>,
    pub concluida_at: Option<DateTime<Utc>>,
    pub motivo: Option<String>,
    /// What it became.
    pub projeto: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Also the ETag; send it as `If-Match` with a change.
    pub version: i32,
}

impl From<&Demanda> for DemandaJson {
    fn from(demanda: &Demanda) -> Self {
        Self {
            id: demanda.id,
            empresa: demanda.empresa_id,
            empresa_nome: demanda.empresa_nome.clone(),
            titulo: demanda.titulo.clone(),
            descricao: demanda.descricao.clone(),
            tipo: demanda.tipo_id,
            tipo_nome: demanda.tipo.clone(),
            setor: demanda.setor_id,
            setor_nome: demanda.setor.clone(),
            etapa: demanda.etapa_id,
            etapa_nome: demanda.etapa.clone(),
            situacao: demanda.situacao.code().to_owned(),
            valor_estimado: demanda.valor_estimado,
            responsavel: demanda.responsavel_id,
            responsavel_nome: demanda.responsavel_nome.clone(),
            contato: demanda.contato.as_ref().map(PessoaJson::from),
            data_prazo: demanda.data_prazo,
            iniciada_at: demanda.iniciada_at,
            concluida_at: demanda.concluida_at,
            motivo: demanda.motivo.clone(),
            projeto: demanda.projeto,
            created_at: demanda.created_at,
            updated_at: demanda.updated_at,
            version: demanda.version,
        }
    }
}

/// What is written down. `empresa` says who asks and cannot be changed later.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DemandaInput {
    /// Required to register one.
    #[schema(value_type = Option<Uuid>)]
    pub empresa: Option<EmpresaId>,
    /// Required.
    pub titulo: Option<String>,
    /// Required.
    pub descricao: Option<String>,
    /// Required: one of `/api/v1/demandas/tipos`.
    #[schema(value_type = Option<Uuid>)]
    pub tipo: Option<TipoId>,
    #[schema(value_type = Option<Uuid>)]
    pub setor: Option<SetorId>,
    /// An active usuario.
    pub responsavel: Option<Uuid>,
    /// Of the empresa.
    #[schema(value_type = Option<Uuid>)]
    pub contato: Option<ContatoId>,
    /// Reais with two decimals: `1234.50`.
    #[schema(value_type = Option<String>)]
    pub valor_estimado: Option<Reais>,
    /// Null for a new one: as its tipo has it.
    pub data_prazo: Option<NaiveDate>,
}

impl DemandaInput {
    pub(super) fn dados(&self) -> Result<Dados, Error> {
        let mut errors = Vec::new();
        let titulo = parsed(&mut errors, "titulo", self.titulo.as_deref().unwrap_or_default());
        let descricao = parsed(&mut errors, "descricao", self.descricao.as_deref().unwrap_or_default());
        if self.tipo.is_none() {
            errors.push(Invalid::new("required").at("tipo"));
        }
        match (titulo, descricao, self.tipo) {
            (Some(titulo), Some(descricao), Some(tipo)) if errors.is_empty() => Ok(Dados {
                titulo,
                descricao,
                tipo,
                setor: self.setor,
                responsavel: self.responsavel,
                contato: self.contato,
                valor_estimado: self.valor_estimado,
                data_prazo: self.data_prazo,
            }),
            _ => Err(Error::invalid(errors)),
        }
    }

    /// As it is written down, for a change of some fields.
    pub(super) fn of(demanda: &Demanda) -> Self {
        Self {
            empresa: Some(demanda.empresa_id),
            titulo: Some(demanda.titulo.clone()),
            descricao: Some(demanda.descricao.clone()),
            tipo: Some(demanda.tipo_id),
            setor: demanda.setor_id,
            responsavel: demanda.responsavel_id,
            contato: demanda.contato.as_ref().map(|pessoa| ContatoId::new(pessoa.id)),
            valor_estimado: demanda.valor_estimado,
            data_prazo: demanda.data_prazo,
        }
    }
}

/// Where it is put; one that calls it off takes a motivo.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EtapaInput {
    /// One of `/api/v1/demandas/etapas`.
    #[schema(value_type = Uuid)]
    pub etapa: EtapaId,
    #[serde(default)]
    pub motivo: Option<String>,
}

/// What the unidade calls where a demanda stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct EtapaJson {
    #[schema(value_type = Uuid)]
    pub id: EtapaId,
    pub nome: String,
    /// `nova`, `em_andamento`, `concluida`, `cancelada`.
    pub situacao: String,
    pub cor: String,
    /// Into which a demanda comes when nothing else is said.
    pub padrao: bool,
}

impl From<&Etapa> for EtapaJson {
    fn from(etapa: &Etapa) -> Self {
        Self {
            id: etapa.id,
            nome: etapa.nome.clone(),
            situacao: etapa.situacao.code().to_owned(),
            cor: etapa.cor.code().to_owned(),
            padrao: etapa.padrao,
        }
    }
}

/// What a demanda may be about, and who answers for it within the unidade.
#[derive(Debug, Serialize, ToSchema)]
pub struct NomeJson {
    pub id: Uuid,
    pub nome: String,
    /// Of a tipo: dias úteis in which one is to be concluded.
    pub prazo_dias: Option<u32>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};
    use web::api;

    use super::*;
    use crate::demanda::{Situacao, samples};

    #[test]
    fn each_wrong_field_is_named() {
        let input = DemandaInput { titulo: Some("x".repeat(201)), descricao: Some(" ".into()), ..DemandaInput::default() };
        let error = input.dados().unwrap_err();
        let mut named: Vec<_> = error.fields().iter().map(|field| field.field).collect();
        named.sort_unstable();
        assert_eq!(named, ["descricao", "tipo", "titulo"]);
    }

    #[test]
    fn a_patch_changes_what_it_names_and_null_opens() {
        let demanda = samples::demanda(Situacao::Nova, true, false, DateTime::UNIX_EPOCH);
        let patch: Map<String, Value> = serde_json::from_str(r#"{"setor":null,"valor_estimado":"10.5"}"#).unwrap();
        let dados = api::patched(DemandaInput::of(&demanda), patch).unwrap().dados().unwrap();
        assert_eq!((dados.setor, dados.valor_estimado), (None, "10,50".parse().ok()));
        assert_eq!((dados.titulo.as_str(), dados.data_prazo), (demanda.titulo.as_str(), demanda.data_prazo));
        for wrong in [r#"{"valor_estimado":10}"#, r#"{"valor_estimado":"1,5"}"#, r#"{"situacao":"concluida"}"#] {
            assert!(serde_json::from_str::<DemandaInput>(wrong).is_err(), "{wrong}");
        }
    }
}
