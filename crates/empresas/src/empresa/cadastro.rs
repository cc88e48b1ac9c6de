use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Cep, Cnpj, Email, Reais, Telefone, Texto, Uf};
use uuid::Uuid;

use super::{
    campo::Campo,
    values::{Cnae, Porte, Site, Situacao},
};
use crate::{
    municipio::Municipio,
    segmento::{SegmentoId, SegmentoNome},
};

pub type Nome = Texto<200>;
pub type Observacoes = Texto<4000>;

/// Everything people say about an empresa, valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Cadastro {
    pub cnpj: Cnpj,
    /// Razão social.
    pub nome: Nome,
    pub nome_fantasia: Option<Nome>,
    pub inscricao_estadual: Option<Texto<30>>,
    pub cnae: Option<Cnae>,
    pub segmento: Option<SegmentoRef>,
    pub porte: Option<Porte>,
    /// `None` only where a spreadsheet leaves it open: kept on an update, ativo otherwise.
    pub situacao: Option<Situacao>,
    pub email: Option<Email>,
    pub telefone: Option<Telefone>,
    pub site: Option<Site>,
    pub cep: Option<Cep>,
    pub logradouro: Option<Texto<200>>,
    pub numero: Option<Texto<20>>,
    /// Floor, hall, gate.
    pub complemento: Option<Texto<100>>,
    pub bairro: Option<Texto<100>>,
    pub municipio: Option<Municipio>,
    /// The município's, or what is known without one.
    pub uf: Option<Uf>,
    pub contato_nome: Option<Texto<120>>,
    pub contato_cargo: Option<Texto<80>>,
    pub responsavel: Option<Responsavel>,
    pub data_fundacao: Option<NaiveDate>,
    pub faturamento: Option<Reais>,
    pub funcionarios: Option<i32>,
    pub observacoes: Option<Observacoes>,
    /// `None`: left to the system.
    pub data_cadastro: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentoRef {
    Known {
        id: SegmentoId,
        nome: String,
    },
    /// Brought by a spreadsheet, to be made with it.
    New(SegmentoNome),
}

impl SegmentoRef {
    #[must_use]
    pub const fn id(&self) -> Option<SegmentoId> {
        match self {
            Self::Known { id, .. } => Some(*id),
            Self::New(_) => None,
        }
    }

    #[must_use]
    pub fn nome(&self) -> &str {
        match self {
            Self::Known { nome, .. } => nome,
            Self::New(nome) => nome.as_str(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Responsavel {
    Usuario {
        id: Uuid,
        nome: String,
    },
    /// A name that is nobody's here.
    Nome(Texto<120>),
}

impl Responsavel {
    #[must_use]
    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::Usuario { id, .. } => Some(*id),
            Self::Nome(_) => None,
        }
    }

    #[must_use]
    pub fn nome(&self) -> &str {
        match self {
            Self::Usuario { nome, .. } => nome,
            Self::Nome(nome) => nome.as_str(),
        }
    }
}

impl Cadastro {
    /// A field as a person would type it into the form; empty when it is open. Segmento and responsável by their names.
    #[must_use]
    pub fn text(&self, campo: Campo) -> String {
        fn shown<T: ToString>(value: Option<&T>) -> String {
            value.map(T::to_string).unwrap_or_default()
        }
        match campo {
            Campo::Cnpj => self.cnpj.to_string(),
            Campo::Nome => self.nome.to_string(),
            Campo::NomeFantasia => shown(self.nome_fantasia.as_ref()),
            Campo::InscricaoEstadual => shown(self.inscricao_estadual.as_ref()),
            Campo::Cnae => shown(self.cnae.as_ref()),
            Campo::Segmento => self.segmento.as_ref().map(|segmento| segmento.nome().to_owned()).unwrap_or_default(),
            Campo::Porte => self.porte.map(Porte::code).unwrap_or_default().to_owned(),
            Campo::Situacao => self.situacao.map(Situacao::code).unwrap_or_default().to_owned(),
            Campo::Email => shown(self.email.as_ref()),
            Campo::Telefone => shown(self.telefone.as_ref()),
            Campo::Site => shown(self.site.as_ref()),
            Campo::Cep => shown(self.cep.as_ref()),
            Campo::Logradouro => shown(self.logradouro.as_ref()),
            Campo::Numero => shown(self.numero.as_ref()),
            Campo::Complemento => shown(self.complemento.as_ref()),
            Campo::Bairro => shown(self.bairro.as_ref()),
            Campo::Municipio => self.municipio.as_ref().map(|municipio| municipio.nome.to_string()).unwrap_or_default(),
            Campo::Uf => shown(self.uf.as_ref()),
            Campo::MunicipioId => self.municipio.as_ref().map(|municipio| municipio.codigo.to_string()).unwrap_or_default(),
            Campo::ContatoNome => shown(self.contato_nome.as_ref()),
            Campo::ContatoCargo => shown(self.contato_cargo.as_ref()),
            Campo::Responsavel => self.responsavel.as_ref().map(|responsavel| responsavel.nome().to_owned()).unwrap_or_default(),
            Campo::DataFundacao => shown(self.data_fundacao.as_ref()),
            Campo::Faturamento => self.faturamento.map(String::from).unwrap_or_default(),
            Campo::Funcionarios => shown(self.funcionarios.as_ref()),
            Campo::Observacoes => shown(self.observacoes.as_ref()),
            Campo::DataCadastro => shown(self.data_cadastro.as_ref()),
        }
    }

    /// All fields that say something, for the audit trail. The município stands there by its name.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<&'static str, String> {
        let said =
            Campo::ALL.into_iter().filter(|campo| *campo != Campo::MunicipioId).map(|campo| (campo.key(), self.text(campo)));
        said.filter(|(_, text)| !text.is_empty()).collect()
    }
}
