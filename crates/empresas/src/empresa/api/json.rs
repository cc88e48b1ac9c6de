//! An empresa in JSON: what is answered, and what is written.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Ctx, Error, api};

use crate::{
    empresa::{Campo, Empresa, EmpresaId, Input, Porte, SegmentoRef, Situacao},
    etiqueta::{self, Etiqueta, EtiquetaNome},
};

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
    /// Floor, hall, gate.
    pub complemento: Option<String>,
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
            complemento: text(Campo::Complemento),
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
    pub(super) fn tagged(mut self, etiquetas: Option<&Vec<Etiqueta>>) -> Self {
        let named = |etiqueta: &Etiqueta| Named { id: etiqueta.id.uuid(), nome: etiqueta.nome.clone() };
        self.etiquetas = etiquetas.into_iter().flatten().map(named).collect();
        self
    }
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
    /// Floor, hall, gate.
    pub complemento: Option<String>,
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
    pub(super) fn input(&self, campo: Campo) -> Input<'_> {
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
            Campo::Complemento => text(&self.complemento),
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
    pub(super) fn of(empresa: &Empresa) -> Self {
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
            complemento: text(Campo::Complemento),
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
    pub(super) async fn tag(&self, ctx: &mut Ctx, id: EmpresaId) -> Result<(), Error> {
        let Some(nomes) = &self.etiquetas else { return Ok(()) };
        let invalid = |e: kernel::Invalid| Error::invalid(vec![e.at("etiquetas")]);
        let nomes: Vec<EtiquetaNome> =
            nomes.iter().map(|nome| nome.parse::<EtiquetaNome>().map_err(invalid)).collect::<Result<_, _>>()?;
        let ctx = &mut **ctx;
        Ok(etiqueta::set(&mut ctx.tx, &ctx.actor, id, &nomes).await?)
    }

    /// Lays the fields that `patch` names over these. A município by name replaces one by code, and the other way round.
    pub(super) fn patched(self, mut patch: Map<String, Value>) -> Result<Self, Error> {
        let names = |patch: &Map<String, Value>, field: &str| patch.contains_key(field);
        if names(&patch, "municipio_id") && !names(&patch, "uf") {
            patch.insert("uf".to_owned(), Value::Null);
        }
        if names(&patch, "municipio") && !names(&patch, "municipio_id") {
            patch.insert("municipio_id".to_owned(), Value::Null);
        }
        api::patched(self, patch)
    }
}
