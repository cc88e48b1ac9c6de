//! The activities of CNAE 2.3 as the IBGE orders them, read once per process from `ref`: public data, the same for every
//! unidade.

pub mod pages;
mod sql;

use std::{collections::HashMap, sync::Arc};

use kernel::{Fault, fold};
use tenancy::TenantTx;
use tokio::sync::OnceCell;

/// How much of the economy an atividade is; told by the length of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nivel {
    Secao,
    Divisao,
    Grupo,
    Classe,
    Subclasse,
}

impl Nivel {
    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Secao => "cnae-secao",
            Self::Divisao => "cnae-divisao",
            Self::Grupo => "cnae-grupo",
            Self::Classe => "cnae-classe",
            Self::Subclasse => "cnae-subclasse",
        }
    }
}

/// A seção, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atividade {
    /// A letter, or two, three, five or seven digits.
    pub codigo: Box<str>,
    pub pai: Option<Box<str>>,
    pub nome: Box<str>,
    busca: Box<str>,
}

impl Atividade {
    #[must_use]
    pub fn new(codigo: &str, pai: Option<&str>, nome: &str) -> Self {
        Self { codigo: codigo.into(), pai: pai.map(Into::into), nome: nome.into(), busca: fold(nome).into() }
    }

    #[must_use]
    pub const fn nivel(&self) -> Nivel {
        match self.codigo.len() {
            0 | 1 => Nivel::Secao,
            2 => Nivel::Divisao,
            3 | 4 => Nivel::Grupo,
            5 | 6 => Nivel::Classe,
            _ => Nivel::Subclasse,
        }
    }

    /// The code as the IBGE writes it: `C`, `25`, `25.1`, `25.11-0`, `2511-0/00`.
    #[must_use]
    pub fn written(&self) -> String {
        match (self.codigo.split_at_checked(2), self.nivel()) {
            (Some((divisao, grupo)), Nivel::Grupo) => format!("{divisao}.{grupo}"),
            (Some((divisao, rest)), Nivel::Classe) => {
                let (classe, digit) = rest.split_at(2);
                format!("{divisao}.{classe}-{digit}")
            }
            (Some(_), Nivel::Subclasse) => {
                let (classe, rest) = self.codigo.split_at(4);
                let (digit, subclasse) = rest.split_at(1);
                format!("{classe}-{digit}/{subclasse}")
            }
            _ => self.codigo.to_string(),
        }
    }
}

/// All of them, in the order of the IBGE.
#[derive(Debug, Default)]
pub struct Atividades {
    all: Vec<Atividade>,
    by_codigo: HashMap<Box<str>, usize>,
}

static ALL: OnceCell<Arc<Atividades>> = OnceCell::const_new();

impl Atividades {
    /// Those of `ref`, from memory after the first time.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn load(tx: &mut TenantTx) -> Result<Arc<Self>, Fault> {
        ALL.get_or_try_init(async || Ok(Arc::new(sql::list(tx).await?.into_iter().collect()))).await.cloned()
    }

    /// By its code, as it is stored.
    #[must_use]
    pub fn get(&self, codigo: &str) -> Option<&Atividade> {
        self.by_codigo.get(codigo).map(|i| &self.all[*i])
    }

    /// By its code however somebody writes it: `25.11-0`, `c`.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<&Atividade> {
        let codigo: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        self.get(&codigo)
    }

    /// What an atividade is a part of, the seção first and itself last.
    #[must_use]
    pub fn path(&self, codigo: &str) -> Vec<&Atividade> {
        let mut path: Vec<_> = std::iter::successors(self.get(codigo), |atividade| self.get(atividade.pai.as_deref()?)).collect();
        path.reverse();
        path
    }

    /// The parts of an atividade; of nothing, the seções.
    pub fn parts<'a>(&'a self, codigo: Option<&'a str>) -> impl Iterator<Item = &'a Atividade> {
        self.all.iter().filter(move |atividade| atividade.pai.as_deref() == codigo)
    }

    /// Beginnings of the codes that belong to an atividade: its own, or the divisões of a seção.
    #[must_use]
    pub fn prefixes(&self, atividade: &Atividade) -> Vec<String> {
        match atividade.nivel() {
            Nivel::Secao => self.parts(Some(&atividade.codigo)).map(|divisao| divisao.codigo.to_string()).collect(),
            _ => vec![atividade.codigo.to_string()],
        }
    }

    /// Subclasses whose code begins with what was typed, or that have all its words in their name or in that of their
    /// classe; at most `limit`.
    #[must_use]
    pub fn find(&self, text: &str, limit: usize) -> Vec<&Atividade> {
        let folded = fold(text);
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let code = words.iter().all(|word| word.bytes().all(|b| b.is_ascii_digit()));
        let has = |atividade: &Atividade| {
            if code {
                return atividade.codigo.starts_with(digits.as_str());
            }
            let classe = atividade.pai.as_deref().and_then(|pai| self.get(pai));
            words.iter().all(|word| atividade.busca.contains(word) || classe.is_some_and(|classe| classe.busca.contains(word)))
        };
        let subclasses = self.all.iter().filter(|atividade| atividade.nivel() == Nivel::Subclasse);
        subclasses.filter(|atividade| has(atividade)).take(limit).collect()
    }
}

impl FromIterator<Atividade> for Atividades {
    fn from_iter<I: IntoIterator<Item = Atividade>>(iter: I) -> Self {
        let mut all: Vec<_> = iter.into_iter().collect();
        all.sort_by(|a, b| a.codigo.cmp(&b.codigo));
        let by_codigo = all.iter().enumerate().map(|(i, atividade)| (atividade.codigo.clone(), i)).collect();
        Self { all, by_codigo }
    }
}

#[cfg(test)]
pub(crate) fn samples() -> Atividades {
    [
        ("C", None, "Indústrias de transformação"),
        ("25", Some("C"), "Fabricação de produtos de metal, exceto máquinas e equipamentos"),
        ("251", Some("25"), "Fabricação de estruturas metálicas e obras de caldeiraria pesada"),
        ("25110", Some("251"), "Fabricação de estruturas metálicas"),
        ("2511000", Some("25110"), "Fabricação de estruturas metálicas"),
        ("25993", Some("25"), "Fabricação de produtos de metal não especificados anteriormente"),
        ("2599399", Some("25993"), "Fabricação de outros produtos de metal"),
    ]
    .map(|(codigo, pai, nome)| Atividade::new(codigo, pai, nome))
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_as_the_ibge_writes_them() {
        let all = samples();
        let written: Vec<_> = all.path("2511000").into_iter().map(Atividade::written).collect();
        assert_eq!(written, ["C", "25", "25.1", "25.11-0", "2511-0/00"]);
        assert_eq!(all.read("25.11-0").unwrap().nome, all.get("25110").unwrap().nome);
        assert_eq!(all.read("c").unwrap().nivel(), Nivel::Secao);
        assert!(all.read("9999-9/99").is_none() && all.read("").is_none());
    }

    #[test]
    fn a_subclasse_is_found_by_words_in_any_order_and_by_the_beginning_of_its_code() {
        let all = samples();
        let found = |text: &str| all.find(text, 10).into_iter().map(|atividade| atividade.codigo.to_string()).collect::<Vec<_>>();
        assert_eq!(found("METALICAS estrutura"), ["2511000"]);
        assert_eq!(found("especificados outros"), ["2599399"], "the words of its classe count");
        assert_eq!(found("25.11"), ["2511000"]);
        assert_eq!(found("25"), ["2511000", "2599399"]);
        assert_eq!(found(" - "), [""; 0]);
        assert_eq!(all.find("25", 1).len(), 1);
    }

    #[test]
    fn a_secao_begins_with_its_divisoes() {
        let all = samples();
        assert_eq!(all.prefixes(all.get("C").unwrap()), ["25"]);
        assert_eq!(all.prefixes(all.get("251").unwrap()), ["251"]);
        assert_eq!(all.parts(None).count(), 1);
    }
}
