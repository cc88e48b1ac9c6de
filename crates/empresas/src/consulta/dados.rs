use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Cep, Email, Invalid, Telefone, Texto, Uf};
use serde::{Deserialize, Serialize};

use crate::{
    empresa::{Cnae, Nome, Porte},
    municipio::{Municipio, Municipios},
};

/// What the Receita Federal says about a CNPJ, as a provider tells it. Whatever a provider says wrongly is left out; a name is
/// always there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DadosCnpj {
    /// Razão social.
    pub nome: Nome,
    #[serde(default)]
    pub nome_fantasia: Option<Nome>,
    #[serde(default)]
    pub situacao: Option<SituacaoCadastral>,
    /// Since when the situação holds.
    #[serde(default)]
    pub data_situacao: Option<NaiveDate>,
    #[serde(default)]
    pub data_fundacao: Option<NaiveDate>,
    #[serde(default)]
    pub cnae: Option<Cnae>,
    #[serde(default)]
    pub porte: Option<Porte>,
    #[serde(default)]
    pub email: Option<Email>,
    #[serde(default)]
    pub telefone: Option<Telefone>,
    #[serde(default)]
    pub endereco: Endereco,
}

/// Where something is, as a provider tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Endereco {
    #[serde(default)]
    pub cep: Option<Cep>,
    #[serde(default)]
    pub logradouro: Option<Texto<200>>,
    #[serde(default)]
    pub numero: Option<Texto<20>>,
    /// Floor, hall, gate; of a CNPJ only, for what is known of a CEP is a range of numbers.
    #[serde(default)]
    pub complemento: Option<Texto<100>>,
    #[serde(default)]
    pub bairro: Option<Texto<100>>,
    /// Code of IBGE, where the provider gives it; it wins over the name.
    #[serde(default)]
    pub municipio_codigo: Option<i32>,
    #[serde(default)]
    pub municipio: Option<Texto<120>>,
    #[serde(default)]
    pub uf: Option<Uf>,
}

impl Endereco {
    /// The município of `ref` that is meant, if any is.
    #[must_use]
    pub fn municipio<'m>(&self, municipios: &'m Municipios) -> Option<&'m Municipio> {
        let by_codigo = self.municipio_codigo.and_then(|codigo| municipios.by_codigo(codigo));
        by_codigo.or_else(|| municipios.by_nome(self.municipio.as_ref()?.as_str(), self.uf))
    }
}

/// What was found, and as of when.
#[derive(Debug, Clone, PartialEq)]
pub struct Consultado {
    /// `None`: there is no such CNPJ.
    pub dados: Option<DadosCnpj>,
    /// Name of the provider that said so.
    pub provedor: String,
    pub asked_at: DateTime<Utc>,
    /// As of when the provider's data are.
    pub dated_at: DateTime<Utc>,
}

/// Where a CNPJ stands with the Receita Federal (IN RFB 2.119/2022, art. 37).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SituacaoCadastral {
    Ativa,
    Suspensa,
    Inapta,
    Baixada,
    Nula,
}

impl SituacaoCadastral {
    pub const ALL: [Self; 5] = [Self::Ativa, Self::Suspensa, Self::Inapta, Self::Baixada, Self::Nula];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ativa => "ativa",
            Self::Suspensa => "suspensa",
            Self::Inapta => "inapta",
            Self::Baixada => "baixada",
            Self::Nula => "nula",
        }
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ativa => "receita-ativa",
            Self::Suspensa => "receita-suspensa",
            Self::Inapta => "receita-inapta",
            Self::Baixada => "receita-baixada",
            Self::Nula => "receita-nula",
        }
    }

    /// Tone of its chip, as in `templates/pecas/bits.html`.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Ativa => "ok",
            Self::Suspensa | Self::Inapta => "warn",
            Self::Baixada | Self::Nula => "danger",
        }
    }

    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Ativa => "check-circle-fill",
            Self::Suspensa | Self::Inapta => "exclamation-triangle-fill",
            Self::Baixada | Self::Nula => "x-octagon-fill",
        }
    }
}

impl FromStr for SituacaoCadastral {
    type Err = Invalid;

    /// Its name, or its number at the Receita Federal.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match kernel::fold(s.trim()).as_str() {
            "ativa" | "2" | "02" => Ok(Self::Ativa),
            "suspensa" | "3" | "03" => Ok(Self::Suspensa),
            "inapta" | "4" | "04" => Ok(Self::Inapta),
            "baixada" | "8" | "08" => Ok(Self::Baixada),
            "nula" | "1" | "01" => Ok(Self::Nula),
            _ => Err(Invalid::new("situacao-unknown")),
        }
    }
}
