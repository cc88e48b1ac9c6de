//! What a statement says about one table: its name and its columns.

use super::lexer::{Kind, Token};

/// A table that is made or altered, with the columns that appear.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Definition<'a> {
    pub(crate) table: &'a str,
    pub(crate) line: usize,
    /// CREATE TABLE, as opposed to ALTER TABLE.
    pub(crate) created: bool,
    pub(crate) columns: Vec<Column<'a>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column<'a> {
    pub(crate) name: &'a str,
    pub(crate) line: usize,
    /// Everything behind the name: type, constraints, default.
    pub(crate) definition: &'a [Token],
}

/// Begins a clause of CREATE TABLE that is no column.
const CLAUSES: &[&str] = &["constraint", "primary", "unique", "check", "foreign", "exclude", "like"];

/// The table of a CREATE TABLE or ALTER TABLE with its new or renamed columns; `None` for other statements.
pub(crate) fn definitions(statement: &[Token]) -> Option<Definition<'_>> {
    let created = statement.first()?.is("create");
    let at = statement.iter().take(4).position(|token| token.is("table"))?;
    if !created && !statement.first()?.is("alter") {
        return None;
    }
    let mut rest = statement.get(at + 1..)?;
    rest = skip(rest, &["if", "not", "exists", "only"]);
    let line = rest.first()?.line;
    let (table, rest) = qualified(rest)?;
    let columns = if created {
        let inside = parenthesised(rest).map_or(&[][..], |(inside, _)| inside);
        elements(inside).filter_map(column).filter(|column| !CLAUSES.contains(&column.name)).collect()
    } else {
        elements(rest).filter_map(altered).collect()
    };
    Some(Definition { table, line, created, columns })
}

/// The last part of a name that may be qualified, and what follows it.
pub(crate) fn qualified(tokens: &[Token]) -> Option<(&str, &[Token])> {
    match tokens {
        [_, dot, name, rest @ ..] if dot.is_symbol('.') => Some((name.name()?, rest)),
        [name, rest @ ..] => Some((name.name()?, rest)),
        [] => None,
    }
}

pub(crate) fn skip<'a>(mut tokens: &'a [Token], words: &[&str]) -> &'a [Token] {
    while let Some((first, rest)) = tokens.split_first() {
        if !first.is_any(words) {
            break;
        }
        tokens = rest;
    }
    tokens
}

/// The inside of the parentheses `tokens` begins with, and what follows them.
pub(crate) fn parenthesised(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    if !tokens.first()?.is_symbol('(') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Symbol('(') => depth += 1,
            Kind::Symbol(')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&tokens[1..at], &tokens[at + 1..]));
        }
    }
    None
}

/// The parts between the commas that stand in no parentheses.
pub(crate) fn elements(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0_usize;
    tokens.split(move |token| {
        match token.kind {
            Kind::Symbol('(') => depth += 1,
            Kind::Symbol(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.is_symbol(',')
    })
}

fn column(element: &[Token]) -> Option<Column<'_>> {
    let (first, definition) = element.split_first()?;
    Some(Column { name: first.name()?, line: first.line, definition })
}

/// `ADD [COLUMN] name …` or `RENAME [COLUMN] name TO new`.
fn altered(element: &[Token]) -> Option<Column<'_>> {
    let (first, rest) = element.split_first()?;
    if first.is("add") {
        let column = column(skip(rest, &["column", "if", "not", "exists"]))?;
        (!CLAUSES.contains(&column.name)).then_some(column)
    } else if first.is("rename") && !rest.first()?.is_any(&["constraint", "to"]) {
        let to = rest.iter().position(|token| token.is("to"))?;
        column(rest.get(to + 1..)?)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::lexer::{statements, tokens};

    /// The table and its columns, with blanks between; empty if the statement defines none.
    fn names(sql: &str) -> String {
        let tokens = tokens(sql).unwrap();
        let definition = statements(&tokens).next().and_then(definitions);
        let names = definition
            .into_iter()
            .flat_map(|it| std::iter::once(it.table).chain(it.columns.into_iter().map(|column| column.name)));
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_of_created_and_altered_tables_are_found() {
        let sql = "CREATE TABLE IF NOT EXISTS ref.municipio (codigo int, nome numeric(14, 2) CHECK (nome > f(1, 2)), \
                   CONSTRAINT a CHECK (x), PRIMARY KEY (codigo, nome));";
        assert_eq!(names(sql), "municipio codigo nome");
        let sql = "ALTER TABLE ONLY empresa ADD COLUMN IF NOT EXISTS porte text, ADD CONSTRAINT c CHECK (true), ADD ie text, \
                   RENAME COLUMN a TO fone, DROP COLUMN b";
        assert_eq!(names(sql), "empresa porte ie fone");
        assert_eq!(names("CREATE INDEX a ON b (c)"), "");
        assert_eq!(names("COMMENT ON TABLE a IS 'b'"), "");
        assert_eq!(names("CREATE UNLOGGED TABLE a (b int)"), "a b");
    }
}
