//! The SQL in Rust: checked macros of sqlx, all of a module's in its `sql.rs`.

use anyhow::Result;
use proc_macro2::{TokenStream, TokenTree};

use super::{
    lexer::{Token, tokens},
    migration::{schemas, stars},
};
use crate::{finding::Finding, repo::Source};

const MACROS: &[&str] = &["query", "query_as", "query_scalar", "query_file", "query_file_as", "query_file_scalar"];

/// Their SQL is the platform's: it runs on the `search_path` of no unidade, and says so by qualifying.
const PLATFORM: &[&str] = &["tenancy", "jobs", "plataforma", "testkit", "server", "messaging"];

/// Of a module, and yet the platform's: one cache and one queue for the whole nation, read and written through its gate.
const PLATFORM_FILES: &[&str] = &["crates/empresas/src/consulta/sql.rs"];

/// Crates of modules: their SQL stands in `sql.rs`, so that all of it can be read at once.
const MODULES: &[&str] = &[
    "acesso",
    "empresas",
    "relacionamento",
    "agendamentos",
    "bi",
    "pendencias",
    "rpa",
    "agenda",
    "painel",
    "plataforma",
    "privacidade",
];

/// What Citus runs elsewhere when it stands in one query with tables of a unidade.
const ALONE: &[&str] =
    &["pg_notify", "pg_advisory_lock", "pg_advisory_xact_lock", "pg_try_advisory_lock", "pg_try_advisory_xact_lock"];

pub(crate) fn check(source: &Source) -> Result<Vec<Finding>> {
    let stream: TokenStream = source.text.parse().map_err(|error| anyhow::anyhow!("{}: {error}", source.path))?;
    let mut queries = Vec::new();
    collect(stream, &mut queries);
    Ok(queries.iter().flat_map(|query| judge(source, query)).collect())
}

struct Query {
    unchecked: bool,
    line: usize,
    sql: String,
}

/// Every `query…!("…")`, also inside of other macros, where a syntax tree shows nothing.
fn collect(stream: TokenStream, queries: &mut Vec<Query>) {
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => collect(group.stream(), queries),
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let checked = name.strip_suffix("_unchecked").unwrap_or(&name);
                let is_bang = |next: &TokenTree| matches!(next, TokenTree::Punct(bang) if bang.as_char() == '!');
                if MACROS.contains(&checked)
                    && tokens.next_if(is_bang).is_some()
                    && let Some(TokenTree::Group(arguments)) = tokens.peek()
                {
                    let sql = text(arguments.stream());
                    queries.push(Query { unchecked: checked != name, line: ident.span().start().line, sql });
                }
            }
            _ => {}
        }
    }
}

/// The SQL among the arguments of such a macro: its first string, or several joined by `+`.
fn text(arguments: TokenStream) -> String {
    let mut text = String::new();
    for token in arguments {
        match token {
            TokenTree::Literal(literal) => {
                if let Ok(syn::Lit::Str(part)) = syn::parse_str::<syn::Lit>(&literal.to_string()) {
                    text += &part.value();
                }
            }
            TokenTree::Punct(comma) if comma.as_char() == ',' && !text.is_empty() => break,
            _ => {}
        }
    }
    text
}

fn judge(source: &Source, query: &Query) -> Vec<Finding> {
    let owner = source.path.strip_prefix("crates/").and_then(|path| path.split('/').next()).unwrap_or_default();
    let in_tests = source.path.contains("/tests/");
    let mut messages = Vec::new();
    if query.unchecked {
        messages.push("an unchecked query is checked by nobody: use the macro without _unchecked".to_owned());
    }
    let in_sql_rs = source.path.ends_with("/sql.rs") || source.path.contains("/sql/");
    if MODULES.contains(&owner) && !in_sql_rs && !in_tests {
        messages.push("the SQL of a module stands in its sql.rs".to_owned());
    }
    match tokens(&query.sql) {
        Err(unclosed) => messages.push(unclosed.to_string()),
        Ok(tokens) => {
            if stars(&tokens).next().is_some() {
                messages.push(
                    "name the columns: `*` breaks prepared statements when unidades are at different migrations".to_owned(),
                );
            }
            if !PLATFORM.contains(&owner) && !PLATFORM_FILES.contains(&source.path.as_str()) {
                messages.extend(tenant(&tokens));
            }
        }
    }
    messages.into_iter().map(|message| Finding::error(&source.path, query.line, message)).collect()
}

fn tenant(tokens: &[Token]) -> Vec<String> {
    let mut messages = Vec::new();
    let functions_of_platform =
        tokens.windows(4).any(|four| four[0].is("platform") && four[1].is_symbol('.') && four[3].is_symbol('('));
    for (schema, _) in schemas(tokens) {
        if !(matches!(schema, "ext" | "ref" | "pg_catalog") || (schema == "platform" && functions_of_platform)) {
            messages.push(format!("{schema}.…: SQL of a unidade names only ext. and ref. with their schema"));
        }
    }
    let calls_out = functions_of_platform || tokens.iter().any(|token| token.is_any(ALONE));
    if calls_out && tokens.iter().any(|token| token.is_any(&["from", "into", "join", "update"])) {
        messages.push("functions of platform, pg_notify and advisory locks are statements of their own".to_owned());
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        check(&source).unwrap().into_iter().map(|finding| format!("{}: {}", finding.line, finding.message)).collect()
    }

    const SQL: &str = "crates/empresas/src/empresa/sql.rs";
    const NOTHING: Vec<String> = Vec::new();

    #[test]
    fn checked_queries_with_named_columns_pass() {
        let text = r##"
            let a = sqlx::query!("SELECT e.id, count(*) AS n FROM empresa e JOIN ref.municipio m ON m.codigo = e.codigo GROUP BY 1");
            let b = sqlx::query_as!(Row, r#"SELECT id AS "id: _" FROM empresa WHERE nome = ext.sem_acento($1)"#, "SELECT * FROM a");
            let c = sqlx::query_scalar!("SELECT platform.enqueue($1)", name);
            query("SELECT * FROM not_the_macro");"##;
        assert_eq!(messages(SQL, text), NOTHING);
        for platform in ["crates/tenancy/src/registry.rs", "crates/empresas/src/consulta/sql.rs"] {
            assert_eq!(messages(platform, "query!(\"SELECT id FROM platform.unidade\")"), NOTHING);
        }
    }

    #[test]
    fn all_columns_at_once_are_refused_wherever_they_hide() {
        let refused = "name the columns: `*` breaks prepared statements when unidades are at different migrations";
        for text in [
            "\nsqlx::query!(\"SELECT * FROM a\")",
            "\nquery_as!(Row, r#\"INSERT INTO a (b) VALUES (1) RETURNING *\"#)",
            "\nquery_scalar!(\"SELECT \" + \"a.* FROM a\")",
            "\ntokio::select! { row = sqlx::query!(\"SELECT * FROM a\").fetch_one(c) => row }",
        ] {
            assert_eq!(messages(SQL, text), [format!("2: {refused}")], "{text}");
        }
    }

    #[test]
    fn sql_of_a_unidade_names_no_schema() {
        let text = "query!(\"SELECT id FROM platform.unidade\"); query!(\"SELECT id FROM t_alfa.empresa\")";
        assert_eq!(messages(SQL, text).len(), 2);
        assert_eq!(
            messages(SQL, "query!(\"SELECT platform.enqueue(id) FROM empresa\")"),
            ["1: functions of platform, pg_notify and advisory locks are statements of their own"]
        );
        assert_eq!(messages(SQL, "query!(\"SELECT pg_notify('a', id::text) FROM empresa\")").len(), 1);
    }

    #[test]
    fn sql_outside_of_sql_rs_and_unchecked_macros_are_refused() {
        let text = "query!(\"SELECT id FROM empresa\")";
        assert_eq!(messages("crates/empresas/src/empresa/pages.rs", text), ["1: the SQL of a module stands in its sql.rs"]);
        assert_eq!(messages("crates/empresas/tests/empresa.rs", text), NOTHING);
        assert_eq!(messages("crates/web/src/session.rs", text), NOTHING);
        assert_eq!(messages(SQL, "sqlx::query_unchecked!(\"SELECT id FROM empresa\")").len(), 1);
    }
}
