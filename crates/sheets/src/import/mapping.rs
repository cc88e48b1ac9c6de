//! Which column of the file is which field.

use serde::Serialize;

use crate::read::fold_label;

/// A field that a file may bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name of the field in forms and JSON.
    pub key: &'static str,
    /// As the screen and our own exports call it.
    pub label: String,
    /// What others call it, in any case and with any accents.
    pub synonyms: &'static [&'static str],
    pub required: bool,
}

/// A first mapping, to be confirmed by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guess {
    /// By column of the file: the field it brings.
    pub columns: Vec<Option<&'static str>>,
    /// Named columns that are no field of ours, counted from 0.
    pub unmapped: Vec<usize>,
    /// Fields claimed by more than one column. The first one got it.
    pub repeated: Vec<Repeated>,
    /// Required fields that no column brings.
    pub missing: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repeated {
    pub key: &'static str,
    pub columns: Vec<usize>,
}

impl Guess {
    /// Whether nothing is left for the person to decide.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.repeated.is_empty() && self.missing.is_empty()
    }

    /// The column of a field, counted from 0.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(key))
    }
}

/// Shorter names are too common to be looked for within others: `uf`, `cep`.
const SHORTEST_WITHIN: usize = 4;

/// Matches headers with fields: first those that say a field's name exactly, then those that contain it (`CNPJ da empresa`),
/// the longest name first. A header that could be two fields equally well is left to the person.
#[must_use]
pub fn guess(headers: &[String], specs: &[ColumnSpec]) -> Guess {
    let folded: Vec<String> = headers.iter().map(|header| fold_label(header)).collect();
    let names: Vec<(&'static str, Vec<String>)> = specs
        .iter()
        .map(|spec| {
            let all = [spec.key, &spec.label].into_iter().chain(spec.synonyms.iter().copied());
            (spec.key, all.map(fold_label).filter(|name| !name.is_empty()).collect())
        })
        .collect();

    let mut guess = Guess { columns: vec![None; headers.len()], unmapped: Vec::new(), repeated: Vec::new(), missing: Vec::new() };
    for exact in [true, false] {
        for (column, header) in folded.iter().enumerate() {
            if header.is_empty() || guess.columns[column].is_some() || guess.repeated.iter().any(|r| r.columns.contains(&column))
            {
                continue;
            }
            let Some(key) = best(header, &names, exact) else { continue };
            match guess.column(key) {
                None => guess.columns[column] = Some(key),
                // Only an equal claim is a doubt: `Telefone` beside `Telefone do contato` is none.
                Some(first) if exact => match guess.repeated.iter_mut().find(|repeated| repeated.key == key) {
                    Some(repeated) => repeated.columns.push(column),
                    None => guess.repeated.push(Repeated { key, columns: vec![first, column] }),
                },
                Some(_) => {}
            }
        }
    }
    guess.unmapped = (0..headers.len())
        .filter(|column| {
            !folded[*column].is_empty()
                && guess.columns[*column].is_none()
                && !guess.repeated.iter().any(|repeated| repeated.columns.contains(column))
        })
        .collect();
    guess.missing = specs.iter().filter(|spec| spec.required && guess.column(spec.key).is_none()).map(|spec| spec.key).collect();
    guess
}

/// The one field whose name fits this header best.
fn best(header: &str, names: &[(&'static str, Vec<String>)], exact: bool) -> Option<&'static str> {
    let fit = |name: &String| {
        let fits = if exact { header == name } else { name.len() >= SHORTEST_WITHIN && header.contains(name.as_str()) };
        if fits { name.len() } else { 0 }
    };
    let mut found: (usize, Option<&'static str>) = (0, None);
    for (key, names) in names {
        let length = names.iter().map(fit).max().unwrap_or(0);
        if length > found.0 {
            found = (length, Some(key));
        } else if length == found.0 && length > 0 {
            found.1 = None;
        }
    }
    found.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn specs() -> Vec<ColumnSpec> {
        let spec = |key, label: &str, synonyms, required| ColumnSpec { key, label: label.into(), synonyms, required };
        vec![
            spec("cnpj", "CNPJ", &["CNPJ/MF"], true),
            spec("razao_social", "Razão social", &["empresa", "nome empresarial"], true),
            spec("email", "E-mail", &["correio eletrônico"], false),
            spec("telefone", "Telefone", &["fone", "celular"], false),
            spec("uf", "UF", &["estado"], false),
        ]
    }

    fn columns(headers: &[&str]) -> Guess {
        guess(&headers.iter().map(|header| (*header).to_owned()).collect::<Vec<_>>(), &specs())
    }

    #[test]
    fn headers_are_known_in_any_case_and_punctuation() {
        let guess = columns(&[" cnpj ", "RAZAO_SOCIAL", "e mail", "FONE:", "Estado", "", "Cor"]);
        assert_eq!(guess.columns, [Some("cnpj"), Some("razao_social"), Some("email"), Some("telefone"), Some("uf"), None, None]);
        assert_eq!(guess.unmapped, [6]);
        assert!(guess.is_certain());
    }

    #[test]
    fn a_header_that_contains_a_name_is_taken_unless_another_says_it_exactly() {
        let guess = columns(&["CNPJ da empresa (matriz)", "Nome empresarial completo", "Telefone do contato", "Telefone"]);
        // "empresa" is in the first one too, and longer: the person must look.
        assert_eq!(guess.columns, [Some("razao_social"), None, None, Some("telefone")]);
        assert_eq!(guess.missing, ["cnpj"]);
        assert!(!guess.is_certain());
    }

    #[test]
    fn two_columns_for_one_field_are_reported_and_the_first_is_taken() {
        let guess = columns(&["CNPJ", "Razão Social", "Celular", "Telefone", "Fone"]);
        assert_eq!(guess.column("telefone"), Some(2));
        assert_eq!(guess.repeated, [Repeated { key: "telefone", columns: vec![2, 3, 4] }]);
        assert_eq!(guess.unmapped, [] as [usize; 0]);
    }
}
