use std::borrow::Cow;

use chrono::NaiveDate;
use kernel::{Invalid, Reais};

/// A field that people fill in: in the form, in JSON and in spreadsheets by the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Campo {
    Cnpj,
    Nome,
    NomeFantasia,
    InscricaoEstadual,
    Cnae,
    Segmento,
    Porte,
    Situacao,
    Email,
    Telefone,
    Site,
    Cep,
    Logradouro,
    Numero,
    Complemento,
    Bairro,
    Municipio,
    Uf,
    /// The município by its code of IBGE; wins over its name.
    MunicipioId,
    ContatoNome,
    ContatoCargo,
    Responsavel,
    DataFundacao,
    Faturamento,
    Funcionarios,
    Observacoes,
    /// When the empresa came into the register: set by the system, changed by administradores only (S0-3.14).
    DataCadastro,
}

impl Campo {
    /// In the order of the form and of exported columns.
    pub const ALL: [Self; 27] = [
        Self::Cnpj,
        Self::Nome,
        Self::NomeFantasia,
        Self::InscricaoEstadual,
        Self::Cnae,
        Self::Segmento,
        Self::Porte,
        Self::Situacao,
        Self::Email,
        Self::Telefone,
        Self::Site,
        Self::Cep,
        Self::Logradouro,
        Self::Numero,
        Self::Complemento,
        Self::Bairro,
        Self::Municipio,
        Self::Uf,
        Self::MunicipioId,
        Self::ContatoNome,
        Self::ContatoCargo,
        Self::Responsavel,
        Self::DataFundacao,
        Self::Faturamento,
        Self::Funcionarios,
        Self::Observacoes,
        Self::DataCadastro,
    ];

    /// Name in forms, JSON, errors and the audit trail.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Cnpj => "cnpj",
            Self::Nome => "nome",
            Self::NomeFantasia => "nome_fantasia",
            Self::InscricaoEstadual => "inscricao_estadual",
            Self::Cnae => "cnae",
            Self::Segmento => "segmento",
            Self::Porte => "porte",
            Self::Situacao => "situacao",
            Self::Email => "email",
            Self::Telefone => "telefone",
            Self::Site => "site",
            Self::Cep => "cep",
            Self::Logradouro => "logradouro",
            Self::Numero => "numero",
            Self::Complemento => "complemento",
            Self::Bairro => "bairro",
            Self::Municipio => "municipio",
            Self::Uf => "uf",
            Self::MunicipioId => "municipio_id",
            Self::ContatoNome => "contato_nome",
            Self::ContatoCargo => "contato_cargo",
            Self::Responsavel => "responsavel",
            Self::DataFundacao => "data_fundacao",
            Self::Faturamento => "faturamento",
            Self::Funcionarios => "funcionarios",
            Self::Observacoes => "observacoes",
            Self::DataCadastro => "data_cadastro",
        }
    }

    /// Key of its label in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cnpj => "empresa-cnpj",
            Self::Nome => "empresa-nome",
            Self::NomeFantasia => "empresa-nome-fantasia",
            Self::InscricaoEstadual => "empresa-inscricao-estadual",
            Self::Cnae => "empresa-cnae",
            Self::Segmento => "empresa-segmento",
            Self::Porte => "empresa-porte",
            Self::Situacao => "empresa-situacao",
            Self::Email => "empresa-email",
            Self::Telefone => "empresa-telefone",
            Self::Site => "empresa-site",
            Self::Cep => "empresa-cep",
            Self::Logradouro => "empresa-logradouro",
            Self::Numero => "empresa-numero",
            Self::Complemento => "empresa-complemento",
            Self::Bairro => "empresa-bairro",
            Self::Municipio => "empresa-municipio",
            Self::Uf => "empresa-uf",
            Self::MunicipioId => "empresa-municipio-id",
            Self::ContatoNome => "empresa-contato-nome",
            Self::ContatoCargo => "empresa-contato-cargo",
            Self::Responsavel => "empresa-responsavel",
            Self::DataFundacao => "empresa-data-fundacao",
            Self::Faturamento => "empresa-faturamento",
            Self::Funcionarios => "empresa-funcionarios",
            Self::Observacoes => "empresa-observacoes",
            Self::DataCadastro => "empresa-data-cadastro",
        }
    }

    #[must_use]
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|campo| campo.key() == key)
    }
}

/// What a form, a JSON body or a cell says about one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<'a> {
    Empty,
    Text(Cow<'a, str>),
    Day(NaiveDate),
    Reais(Reais),
    Integer(i64),
    /// Unreadable already where it came from: a formula, an impossible day.
    Wrong(Invalid),
}

impl<'a> Input<'a> {
    /// A blank text is no input.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        if text.trim().is_empty() { Self::Empty } else { Self::Text(Cow::Borrowed(text.trim())) }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

impl From<Option<&str>> for Input<'static> {
    fn from(text: Option<&str>) -> Self {
        text.map(str::trim).filter(|text| !text.is_empty()).map_or(Self::Empty, |text| Self::Text(Cow::Owned(text.to_owned())))
    }
}
