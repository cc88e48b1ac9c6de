//! One empresa made of two that were the same, and two made of it again.
//!
//! The rules it protects: both are locked, in the order of their ids, and are the versions that the person saw; each field of the
//! one that stays is what the person chose; everything that hung on the other hangs on it from then on, whatever module it is
//! of ([`web::attached::Attached`]); the other lies in the lixeira and its address leads here; for 30 days all of it can be
//! undone exactly, and what has changed since stays and is named.

mod anexos;
pub mod api;
mod desfazer;
mod fazer;
pub mod pages;
mod sql;

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Cnpj, Entity, Fault, Id};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tenancy::TenantTx;
use uuid::Uuid;

pub use anexos::ANEXOS;
pub use desfazer::{DesfazerError, desfazer};
pub use fazer::{Mesclar, MesclarError, mesclar, preview};
pub(crate) use sql::{close_older, is_open};

use crate::empresa::{Cadastro, Campo, Empresa, EmpresaId, Observacoes, Reach, VER, lista::ListaError};

#[derive(Debug)]
pub enum MesclaEntity {}
impl Entity for MesclaEntity {
    const NAME: &'static str = "mescla";
}
pub type MesclaId = Id<MesclaEntity>;

/// How long a mescla can be undone.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// A field that one of the two can give to the one that stays, with the columns that hold it. What the system sets is its own.
pub(crate) const CAMPOS: [(Campo, &[&str]); 24] = [
    (Campo::Cnpj, &["cnpj", "situacao_cadastral", "data_situacao_cadastral", "situacao_cadastral_at"]),
    (Campo::Nome, &["nome"]),
    (Campo::NomeFantasia, &["nome_fantasia"]),
    (Campo::InscricaoEstadual, &["inscricao_estadual"]),
    (Campo::Cnae, &["cnae"]),
    (Campo::Segmento, &["segmento_id"]),
    (Campo::Porte, &["porte"]),
    (Campo::Situacao, &["situacao"]),
    (Campo::Responsavel, &["responsavel_id", "responsavel_nome"]),
    (Campo::ContatoNome, &["contato_nome"]),
    (Campo::ContatoCargo, &["contato_cargo"]),
    (Campo::Telefone, &["telefone"]),
    (Campo::Email, &["email"]),
    (Campo::Site, &["site"]),
    (Campo::Cep, &["cep"]),
    (Campo::Logradouro, &["logradouro"]),
    (Campo::Numero, &["numero"]),
    (Campo::Complemento, &["complemento"]),
    (Campo::Bairro, &["bairro"]),
    // With its UF: neither means anything with the other's.
    (Campo::Municipio, &["municipio_id", "cidade", "uf"]),
    (Campo::DataFundacao, &["data_fundacao"]),
    (Campo::Faturamento, &["faturamento"]),
    (Campo::Funcionarios, &["funcionarios"]),
    (Campo::Observacoes, &["observacoes"]),
];

/// Whose value a field has afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lado {
    /// Of the one that stays.
    Fica,
    /// Of the one that goes.
    Sai,
    /// One text below the other; of the observações only.
    Ambas,
}

impl Lado {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fica => "fica",
            Self::Sai => "sai",
            Self::Ambas => "ambas",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Fica, Self::Sai, Self::Ambas].into_iter().find(|lado| lado.code() == code)
    }
}

/// What the person chose; a field without a choice is as [`default_lado`] has it.
pub type Escolhas = BTreeMap<Campo, Lado>;

/// A field as a person compares it: the município with its UF.
#[must_use]
pub(crate) fn text(cadastro: &Cadastro, campo: Campo) -> String {
    match campo {
        Campo::Municipio => {
            let both = [cadastro.text(Campo::Municipio), cadastro.text(Campo::Uf)];
            both.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
        campo => cadastro.text(campo),
    }
}

/// What the one that stays says, unless it says nothing.
#[must_use]
pub(crate) fn default_lado(fica: &Cadastro, sai: &Cadastro, campo: Campo) -> Lado {
    if text(fica, campo).is_empty() && !text(sai, campo).is_empty() { Lado::Sai } else { Lado::Fica }
}

/// The observações of both, when there is room for them.
pub(crate) fn together(fica: &Cadastro, sai: &Cadastro) -> Option<Observacoes> {
    let (one, other) = (fica.observacoes.as_ref()?, sai.observacoes.as_ref()?);
    format!("{}\n\n{}", one.as_str(), other.as_str()).parse().ok()
}

/// A mescla as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Mescla {
    pub id: MesclaId,
    pub empresa_id: EmpresaId,
    pub mesclada_id: EmpresaId,
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
    pub(crate) before: Map<String, Value>,
    pub(crate) after: Map<String, Value>,
    pub moved: BTreeMap<String, Vec<Uuid>>,
    pub undone_at: Option<DateTime<Utc>>,
    pub undone_actor_nome: Option<String>,
    pub kept: Option<Desfeita>,
}

impl Mescla {
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.created_at + KEPT
    }

    /// Fields that it changed.
    #[must_use]
    pub fn campos(&self) -> Vec<Campo> {
        let changed = CAMPOS.iter().filter(|(_, columns)| columns.iter().any(|column| self.before.contains_key(*column)));
        changed.map(|(campo, _)| *campo).collect()
    }
}

/// What an undo left as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Desfeita {
    /// Keys of fields that were changed after the mescla.
    pub campos: Vec<String>,
    /// By the name of its kind: how many went back, and how many are gone or hang elsewhere by now.
    pub back: BTreeMap<String, u64>,
    pub stayed: BTreeMap<String, u64>,
}

/// Where an empresa went that is no more: the one it was merged into, or the one that in turn went into; `None` when the actor
/// may not see that.
pub async fn leads_to(tx: &mut TenantTx, actor: &Actor, id: EmpresaId) -> Result<Option<EmpresaId>, ListaError> {
    Ok(sql::leads_to(tx, id, Reach::of(actor, &VER)?).await?)
}

/// One of two that may bear the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quem {
    pub nome: String,
    cnpj: String,
}

impl Quem {
    fn new(nome: String, cnpj: &str) -> Self {
        let cnpj = cnpj.parse().map_or_else(|_| cnpj.to_owned(), |cnpj: Cnpj| cnpj.to_string());
        Self { nome, cnpj }
    }
}

impl fmt::Display for Quem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.nome, self.cnpj)
    }
}

/// A mescla of an empresa that the actor may see, with who the two are.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: MesclaId) -> Result<Option<(Mescla, [Quem; 2])>, ListaError> {
    let Some(mescla) = sql::find(tx, id).await? else { return Ok(None) };
    let reach = Reach::of(actor, &VER)?;
    let nomes = sql::names(tx, mescla.empresa_id, mescla.mesclada_id, reach).await?;
    Ok(nomes.map(|nomes| (mescla, nomes)))
}

/// Mesclas of an empresa that can still be undone, the latest first: id and who the other was.
pub(crate) async fn undoable(tx: &mut TenantTx, id: EmpresaId) -> Result<Vec<(MesclaId, Quem)>, Fault> {
    let since = tx.clock().now() - KEPT;
    sql::undoable(tx, id, since).await
}

/// Both of a mescla.
pub(crate) type Both = Box<[Empresa; 2]>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_takes_what_the_other_says_and_no_other_does() {
        let now = DateTime::UNIX_EPOCH;
        let full = crate::empresa::samples::empresa(true, false, now).cadastro;
        let bare = crate::empresa::samples::empresa(false, false, now).cadastro;
        for (campo, _) in CAMPOS {
            assert_eq!(default_lado(&full, &bare, campo), Lado::Fica, "{campo:?}");
            let wanted = if text(&bare, campo).is_empty() { Lado::Sai } else { Lado::Fica };
            assert_eq!(default_lado(&bare, &full, campo), wanted, "{campo:?}");
        }
        assert!(together(&full, &full).is_some_and(|text| text.as_str().contains("\n\n")));
        let long = crate::empresa::samples::empresa(true, true, now).cadastro;
        assert_eq!(together(&long, &long), None, "no room for both");
    }

    #[test]
    fn every_field_but_what_the_system_sets_can_be_chosen() {
        let own = [Campo::MunicipioId, Campo::Uf, Campo::DataCadastro];
        for campo in Campo::ALL.into_iter().filter(|campo| !own.contains(campo)) {
            assert!(CAMPOS.iter().any(|(known, _)| *known == campo), "{campo:?}");
        }
    }
}
