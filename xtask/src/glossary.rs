//! Every word of a name that the customer could read back to us is a term of `docs/glossario.md`, or plainly technical.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};

use crate::{
    finding::Finding,
    repo::{Repo, Source},
    sql::{self, TENANT, lexer},
};

const GLOSSARY: &str = "docs/glossario.md";
/// Heading of the list of words that need no explanation, each in backticks.
const TECHNICAL: &str = "## Technical words";

/// The words a name may be made of.
#[derive(Debug, Default)]
struct Words {
    allowed: BTreeSet<String>,
    /// Word not to be used, and the term that replaces it.
    replaced: BTreeMap<String, String>,
}

pub(crate) fn check(repo: &Repo) -> Result<Vec<Finding>> {
    let glossary = repo.source(GLOSSARY)?.with_context(|| format!("{GLOSSARY} is missing"))?;
    let (words, mut findings) = parse(&glossary);

    for owner in repo.folders("crates")? {
        findings.extend(words.judge(&format!("crates/{owner}"), 0, &owner));
        for folder in repo.folders(&format!("crates/{owner}/src"))? {
            findings.extend(words.judge(&format!("crates/{owner}/src/{folder}"), 0, &folder));
        }
    }
    for source in repo.sources(TENANT, &[".sql"])?.iter().filter(|source| !source.path.contains("/samples/")) {
        for (line, name) in names_in_sql(&source.text) {
            findings.extend(words.judge(&source.path, line, &name));
        }
    }
    for source in repo.sources("crates", &[".rs"])?.iter().filter(|source| !source.path.contains("/tests/")) {
        for (line, segment) in typed_paths(source)? {
            findings.extend(words.judge(&source.path, line, &segment));
        }
    }
    Ok(findings)
}

/// Reads the tables of terms (columns: term, meaning, plural, owner, replaces) and the list of technical words.
fn parse(glossary: &Source) -> (Words, Vec<Finding>) {
    let (mut words, mut findings) = (Words::default(), Vec::new());
    let (mut technical, mut previous) = (false, String::new());
    for (line, text) in (1..).zip(glossary.text.lines()) {
        if text.starts_with("## ") {
            (technical, previous) = (text == TECHNICAL, String::new());
        } else if technical {
            words.allowed.extend(text.split('`').skip(1).step_by(2).map(fold));
        } else if let Some([term, meaning, plural, owner, replaces]) = row(text) {
            let key = fold(term);
            if meaning.is_empty() || owner.is_empty() {
                findings.push(Finding::error(GLOSSARY, line, format!("{term}: a term has a meaning and an owner")));
            }
            if key <= previous {
                findings.push(Finding::error(GLOSSARY, line, format!("{term}: rows are sorted, each term once")));
            }
            words.allowed.extend(split(&key).chain(split(&fold(plural))).map(str::to_owned));
            for replaced in replaces.split(',').map(fold).filter(|word| !word.is_empty()) {
                words.replaced.insert(replaced, term.to_owned());
            }
            previous = key;
        }
    }
    // A word may be right in one place and replaced in another (cliente): then it is allowed.
    words.replaced.retain(|word, _| !words.allowed.contains(word));
    (words, findings)
}

/// The five cells of a row, without backticks; `None` for headings, rules and other text.
fn row(line: &str) -> Option<[&str; 5]> {
    let cells: Vec<&str> =
        line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
    let cells: [&str; 5] = cells.try_into().ok()?;
    (cells[0] != "Term" && !cells[0].starts_with('-')).then_some(cells)
}

/// Lower case without accents, as identifiers are.
fn fold(word: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        c => c,
    };
    word.trim().to_lowercase().chars().map(plain).collect()
}

fn split(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

impl Words {
    fn judge(&self, path: &str, line: usize, name: &str) -> Vec<Finding> {
        // A name of the world may be listed whole: user_agent, where `user` alone would be usuario.
        let unknown = split(name).filter(|word| !self.allowed.contains(name) && !self.allowed.contains(*word));
        unknown
            .map(|word| {
                let message = match self.replaced.get(word) {
                    Some(term) => format!("{name}: {GLOSSARY} says {term}, not {word}"),
                    None => format!("{name}: {word} is no word of {GLOSSARY}; give it a row, or list it there as technical"),
                };
                Finding::error(path, line, message)
            })
            .collect()
    }
}

/// Names of tables and columns, with their lines. What cannot be read is the business of the `sql` check.
fn names_in_sql(text: &str) -> Vec<(usize, String)> {
    let tokens = lexer::tokens(text).unwrap_or_default();
    let definitions = lexer::statements(&tokens).filter_map(sql::definitions);
    definitions
        .flat_map(|definition| {
            let table = definition.created.then(|| (definition.line, definition.table.to_owned()));
            let columns = definition.columns.into_iter().map(|column| (column.line, column.name.to_owned()));
            table.into_iter().chain(columns).collect::<Vec<_>>()
        })
        .collect()
}

/// The fixed segments of every `#[typed_path("…")]`, with their lines.
fn typed_paths(source: &Source) -> Result<Vec<(usize, String)>> {
    let stream: TokenStream = source.text.parse().map_err(|error| anyhow::anyhow!("{}: {error}", source.path))?;
    let mut found = Vec::new();
    collect(stream, &mut found);
    Ok(found)
}

fn collect(stream: TokenStream, found: &mut Vec<(usize, String)>) {
    let mut after_name = false;
    for token in stream {
        let TokenTree::Group(group) = token else {
            after_name = matches!(&token, TokenTree::Ident(ident) if ident == "typed_path");
            continue;
        };
        if after_name {
            if let Some(TokenTree::Literal(literal)) = group.stream().into_iter().next() {
                let text = literal.to_string();
                let segments =
                    text.trim_matches('"').split('/').filter(|segment| !segment.is_empty() && !segment.starts_with('{'));
                found.extend(segments.map(|segment| (literal.span().start().line, segment.to_owned())));
            }
        } else {
            collect(group.stream(), found);
        }
        after_name = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Glossary
| Term | Meaning | Plural | Owner | Replaces |
|---|---|---|---|---|
| cliente | Somebody booked | clientes | agendamentos | |
| empresa | An industry we serve | empresas | empresas | company, cliente |
| razão social | Registered name | razões sociais | empresas | corporate |

## Technical words
At least `id`, `at` and `created`; `company_limited`.
";

    fn words() -> Words {
        let (words, findings) = parse(&Source { path: GLOSSARY.to_owned(), text: TEXT.to_owned() });
        assert_eq!(findings, []);
        words
    }

    fn messages(name: &str) -> Vec<String> {
        words().judge("x", 0, name).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn terms_their_plurals_and_technical_words_pass() {
        for name in ["empresa", "empresas", "razao_social", "empresa_id", "created_at", "cliente", "company_limited"] {
            assert_eq!(messages(name), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn unknown_and_replaced_words_are_refused() {
        assert_eq!(messages("company_id"), ["company_id: docs/glossario.md says empresa, not company"]);
        assert_eq!(
            messages("filial"),
            ["filial: filial is no word of docs/glossario.md; give it a row, or list it there as technical"]
        );
        assert_eq!(messages("filial_matriz").len(), 2);
    }

    #[test]
    fn rows_are_complete_and_sorted() {
        let text = "| b | x | | a | |\n| a | x | | a | |\n| c | | | a | |\n";
        let (_, findings) = parse(&Source { path: GLOSSARY.to_owned(), text: text.to_owned() });
        let messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
        assert_eq!(messages, ["a: rows are sorted, each term once", "c: a term has a meaning and an owner"]);
    }

    #[test]
    fn names_come_from_tables_and_paths() {
        let sql = "CREATE TABLE filial (\n id uuid, CONSTRAINT x CHECK (true));\nALTER TABLE b ADD porte text; CREATE INDEX c ON d (e);";
        let names: Vec<_> = names_in_sql(sql);
        assert_eq!(names, [(1, "filial".to_owned()), (2, "id".to_owned()), (3, "porte".to_owned())]);

        let text =
            "#[derive(TypedPath)]\n#[typed_path(\"/empresas/{id}/contatos-novos\", rejection(Gone))]\nstruct A;".to_owned();
        let source = Source { path: "crates/empresas/src/empresa/pages.rs".to_owned(), text };
        assert_eq!(typed_paths(&source).unwrap(), [(2, "empresas".to_owned()), (2, "contatos-novos".to_owned())]);
    }
}
