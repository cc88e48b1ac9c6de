//! The 5 570 municípios, read once per process from `ref`: public data, the same for every unidade.

mod sql;

use std::{collections::HashMap, sync::Arc};

use kernel::{Fault, Uf, fold};
use tenancy::TenantTx;
use tokio::sync::OnceCell;

/// A município by its code of IBGE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipio {
    pub codigo: i32,
    pub nome: Arc<str>,
    pub uf: Uf,
}

/// All of them, found by code or by name.
#[derive(Debug, Default)]
pub struct Municipios {
    by_codigo: HashMap<i32, Municipio>,
    /// Folded name; a few names exist in several UFs.
    by_nome: HashMap<String, Vec<i32>>,
}

static ALL: OnceCell<Arc<Municipios>> = OnceCell::const_new();

impl Municipios {
    /// Those of `ref`, from memory after the first time.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn load(tx: &mut TenantTx) -> Result<Arc<Self>, Fault> {
        ALL.get_or_try_init(async || {
            let municipios = sql::list(tx).await?;
            Ok(Arc::new(municipios.into_iter().collect()))
        })
        .await
        .cloned()
    }

    #[must_use]
    pub fn by_codigo(&self, codigo: i32) -> Option<&Municipio> {
        self.by_codigo.get(&codigo)
    }

    /// By name, in any case and with or without accents. Without `uf` only a name that exists once in the nation is found.
    #[must_use]
    pub fn by_nome(&self, nome: &str, uf: Option<Uf>) -> Option<&Municipio> {
        let mut found = self
            .by_nome
            .get(&fold_nome(nome))?
            .iter()
            .filter_map(|codigo| self.by_codigo.get(codigo))
            .filter(|municipio| uf.is_none_or(|uf| municipio.uf == uf));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// Apostrophes and hyphens are written in many ways: `Olho-d'Água`, `Olho d´água`.
fn fold_nome(nome: &str) -> String {
    fold(nome).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl FromIterator<Municipio> for Municipios {
    fn from_iter<I: IntoIterator<Item = Municipio>>(iter: I) -> Self {
        let mut all = Self::default();
        for municipio in iter {
            all.by_nome.entry(fold_nome(&municipio.nome)).or_default().push(municipio.codigo);
            all.by_codigo.insert(municipio.codigo, municipio);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_two_states_needs_the_state() {
        let all: Municipios = [
            (4202602, "Bom Jesus", "SC"),
            (4302303, "Bom Jesus", "RS"),
            (4209102, "Joinville", "SC"),
            (2705804, "Olho d'Água Grande", "AL"),
        ]
        .map(|(codigo, nome, uf)| Municipio { codigo, nome: nome.into(), uf: uf.parse().unwrap() })
        .into_iter()
        .collect();
        assert_eq!(all.by_nome("BOM JESUS", None), None);
        assert_eq!(all.by_nome("bom jesus", Some("RS".parse().unwrap())).unwrap().codigo, 4302303);
        assert_eq!(all.by_nome(" joinville ", None).unwrap().codigo, 4209102);
        assert_eq!(all.by_nome("Joinville", Some("RS".parse().unwrap())), None);
        assert_eq!(all.by_nome("Olho-d´agua grande", None).unwrap().codigo, 2705804);
    }
}
