use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use kernel::{Fault, fold};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Responsavel, sql};
use crate::{
    cnae::Atividades,
    etiqueta::Etiqueta,
    municipio::Municipios,
    segmento::{Segmento, SegmentoId},
};

/// A person who may be responsável.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pessoa {
    pub id: Uuid,
    pub nome: String,
}

/// What [`super::check`] must know to tell names from nonsense.
#[derive(Debug, Clone)]
pub struct Known {
    pub municipios: Arc<Municipios>,
    pub atividades: Arc<Atividades>,
    pub segmentos: Vec<Segmento>,
    pub etiquetas: Vec<Etiqueta>,
    /// Active usuarios by name.
    pub pessoas: Vec<Pessoa>,
    /// Names of those who are no longer active: empresas may still be theirs.
    pub(crate) former: HashMap<Uuid, String>,
    /// Today in the unidade's zone.
    pub today: NaiveDate,
    segmento_by_nome: HashMap<String, usize>,
    pessoa_by_nome: HashMap<String, Option<usize>>,
    /// A spreadsheet may bring segmentos to be made and names of nobody here.
    pub(crate) open: bool,
    /// Who is responsável now: stays eligible, though no longer active or never a usuario.
    pub(crate) kept: Option<Responsavel>,
}

impl Known {
    #[must_use]
    pub fn new(municipios: Arc<Municipios>, segmentos: Vec<Segmento>, pessoas: Vec<Pessoa>, today: NaiveDate) -> Self {
        let segmento_by_nome = segmentos.iter().enumerate().map(|(i, segmento)| (fold(&segmento.nome), i)).collect();
        let mut pessoa_by_nome = HashMap::with_capacity(pessoas.len());
        for (i, pessoa) in pessoas.iter().enumerate() {
            // Two people of one name: the name says nobody.
            pessoa_by_nome.entry(fold(&pessoa.nome)).and_modify(|found| *found = None).or_insert(Some(i));
        }
        Self {
            municipios,
            atividades: Arc::default(),
            segmentos,
            etiquetas: Vec::new(),
            pessoas,
            former: HashMap::new(),
            today,
            segmento_by_nome,
            pessoa_by_nome,
            open: false,
            kept: None,
        }
    }

    /// Of the unidade.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn load(tx: &mut TenantTx) -> Result<Self, Fault> {
        let municipios = Municipios::load(tx).await?;
        let atividades = Atividades::load(tx).await?;
        let sql::Lists { segmentos, etiquetas, pessoas, former } = sql::lists(tx).await?;
        let today = tx.clock().now().with_timezone(&tx.unidade().fuso).date_naive();
        Ok(Self { atividades, etiquetas, former, ..Self::new(municipios, segmentos, pessoas, today) })
    }

    /// For a spreadsheet: segmentos may be new, and a responsável may be a mere name.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// For an empresa as it stands: who is its responsável may remain so.
    #[must_use]
    pub fn keeping(mut self, responsavel: Option<Responsavel>) -> Self {
        self.kept = responsavel;
        self
    }

    pub(crate) fn segmento(&self, text: &str) -> Option<&Segmento> {
        match text.parse::<SegmentoId>() {
            Ok(id) => self.segmento_by_id(id),
            Err(_) => self.segmento_by_nome.get(&fold(text)).map(|i| &self.segmentos[*i]),
        }
    }

    pub(super) fn segmento_by_id(&self, id: SegmentoId) -> Option<&Segmento> {
        self.segmentos.iter().find(|segmento| segmento.id == id)
    }

    /// Of a usuario, active or not.
    pub(super) fn usuario_nome(&self, id: Uuid) -> Option<&str> {
        let active = self.pessoas.iter().find(|pessoa| pessoa.id == id).map(|pessoa| &pessoa.nome);
        active.or_else(|| self.former.get(&id)).map(String::as_str)
    }

    pub(crate) fn responsavel(&self, text: &str) -> Option<Responsavel> {
        let id = text.parse::<Uuid>();
        let pessoa = match &id {
            Ok(id) => self.pessoas.iter().find(|pessoa| pessoa.id == *id),
            Err(_) => self.pessoa_by_nome.get(&fold(text)).copied().flatten().map(|i| &self.pessoas[i]),
        };
        if let Some(pessoa) = pessoa {
            return Some(Responsavel::Usuario { id: pessoa.id, nome: pessoa.nome.clone() });
        }
        let is_kept = |kept: &&Responsavel| id.as_ref().map_or(kept.nome() == text, |id| kept.id() == Some(*id));
        self.kept.as_ref().filter(is_kept).cloned()
    }
}
