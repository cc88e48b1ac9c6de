//! What a migration may say.

use super::{
    Stream, definitions,
    lexer::{Kind, Token, statements, tokens},
    table::{Column, elements, parenthesised, qualified, skip},
};
use crate::finding::Finding;

/// Schemas a tenant migration may name. `pg_catalog` is no object of ours, and bodies of functions are safer with it.
const OPEN_SCHEMAS: &[&str] = &["ext", "ref", "pg_catalog"];
/// Where the platform's objects live.
const OWN_SCHEMAS: &[&str] = &["platform", "ref", "ext"];

/// Words that no migration says, each with the reason.
const REFUSED: &[(&[&str], &str)] = &[
    (&["domain"], "no domains: sqlx keeps a type's number per connection, and the next unidade's has another; text + CHECK"),
    (&["deferrable"], "no deferrable constraints: a broken one is reported at COMMIT, without its name"),
    (&["concurrently"], "a migration is one transaction; CONCURRENTLY cannot run in it"),
    (&["serial", "bigserial", "smallserial"], "identity inline (GENERATED ALWAYS AS IDENTITY), or a UUID made by the program"),
    (&["varchar", "char", "character"], "text, with a CHECK if its length is limited"),
    (&["money", "json", "timestamp"], "numeric(14, 2), jsonb, timestamptz"),
    (&["merge"], "INSERT … ON CONFLICT instead of MERGE"),
    (&["begin", "commit", "rollback", "savepoint"], "the migrator opens and ends the transaction"),
];

/// Words that a tenant migration does not say either.
const REFUSED_TENANT: &[(&[&str], &str)] = &[
    (&["grant", "revoke"], "the migrator grants, from a list, after every migration"),
    (&["extension", "role", "owner"], "walls and extensions are made by tenancy, once per placement database"),
    (&["notify", "listen"], "NOTIFY is a statement of the command, never of a trigger or a migration"),
    (
        &["pg_notify", "nextval", "set_config"],
        "no trigger or function in a unidade's schema notifies, draws numbers or changes settings",
    ),
];

const VOLATILE: &[&str] = &["random", "gen_random_uuid", "uuid_generate_v4", "clock_timestamp", "nextval"];

pub(crate) fn check(stream: Stream, path: &str, text: &str) -> Vec<Finding> {
    let mut rules = Rules { stream, path, findings: Vec::new() };
    rules.text(text, 0, Rules::statement);
    rules.findings
}

/// Sample rows obey what every query obeys; they make nothing.
pub(crate) fn check_sample(stream: Stream, path: &str, text: &str) -> Vec<Finding> {
    let mut rules = Rules { stream, path, findings: Vec::new() };
    rules.text(text, 0, |rules, statement| {
        rules.stars(statement);
        rules.schemas(statement);
    });
    rules.findings
}

/// The places of `*` standing for all columns: `SELECT *`, `RETURNING *`, `e.*`, `a, *`.
pub(crate) fn stars(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens.windows(2).enumerate().filter_map(|(at, pair)| {
        let before_selects =
            pair[0].is_any(&["select", "all", "distinct", "returning"]) || pair[0].is_symbol(',') || pair[0].is_symbol('.');
        // OPERATOR(pg_catalog.*) multiplies.
        let operator = tokens[..at].iter().rev().take(3).any(|token| token.is("operator"));
        (pair[1].is_symbol('*') && before_selects && !operator).then_some(&pair[1])
    })
}

/// The schemas named in a statement, with the lines: what stands before a dot and is neither table nor alias, which appear
/// without a dot behind them somewhere in the same statement.
pub(crate) fn schemas(statement: &[Token]) -> impl Iterator<Item = (&str, usize)> {
    let dot = |at: usize| statement.get(at).is_some_and(|token| token.is_symbol('.'));
    let bound = move |name: &str| {
        matches!(name, "new" | "old" | "excluded")
            || statement.iter().enumerate().any(|(at, token)| {
                let qualifies = dot(at + 1);
                let column = at > 0 && dot(at - 1) && !follows_table_keyword(statement, at.saturating_sub(2));
                token.name() == Some(name) && !qualifies && !column
            })
    };
    statement.iter().enumerate().filter_map(move |(at, token)| {
        let name = token.name()?;
        let first = dot(at + 1) && !(at > 0 && dot(at - 1));
        (first && !bound(name)).then_some((name, token.line))
    })
}

fn follows_table_keyword(statement: &[Token], at: usize) -> bool {
    at > 0 && statement[at - 1].is_any(&["from", "join", "into", "update", "table", "only"])
}

struct Rules<'a> {
    stream: Stream,
    path: &'a str,
    findings: Vec<Finding>,
}

impl Rules<'_> {
    fn refuse(&mut self, line: usize, message: impl Into<String>) {
        self.findings.push(Finding::error(self.path, line, message));
    }

    /// `offset`: lines before the text, when it is the body of a function.
    fn text(&mut self, text: &str, offset: usize, mut each: impl FnMut(&mut Self, &[Token])) {
        match tokens(text) {
            Ok(mut tokens) => {
                for token in &mut tokens {
                    token.line += offset;
                }
                for statement in statements(&tokens) {
                    each(self, statement);
                }
            }
            Err(unclosed) => self.refuse(unclosed.line + offset, unclosed.to_string()),
        }
    }

    fn statement(&mut self, statement: &[Token]) {
        self.stars(statement);
        self.words(statement);
        self.table(statement);
        self.index(statement);
        self.function(statement);
        if statement.first().is_some_and(|first| first.is("update")) {
            for token in statement.iter().filter(|token| token.is_any(VOLATILE)) {
                self.refuse(token.line, "no volatile function in UPDATE … SET: compute the value in the program");
            }
        }
        match self.stream {
            Stream::Tenant => self.schemas(statement),
            Stream::Platform => self.qualified(statement),
        }
    }

    fn stars(&mut self, statement: &[Token]) {
        for star in stars(statement) {
            self.refuse(star.line, "name the columns: `*` changes its meaning when a column is added");
        }
    }

    fn words(&mut self, statement: &[Token]) {
        let tenant = if self.stream == Stream::Tenant { REFUSED_TENANT } else { &[] };
        for (at, token) in statement.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| statement.get(at));
            let next = statement.get(at + 1);
            // A column may be called as a type is; `char(` and `timestamp NOT NULL` behind a name are types.
            let names_a_column =
                before.is_none_or(|before| before.is_symbol('(') || before.is_symbol(',') || before.is_symbol('.'));
            let negated = token.is("deferrable") && before.is_some_and(|before| before.is("not"));
            if names_a_column && at > 0 || negated {
                continue;
            }
            for (words, reason) in REFUSED.iter().chain(tenant) {
                if token.is_any(words) {
                    self.refuse(token.line, *reason);
                }
            }
            if token.is("type") && before.is_some_and(|before| before.is("create")) && self.stream == Stream::Tenant {
                self.refuse(
                    token.line,
                    "no types in a unidade's schema: sqlx keeps a type's number per connection; text + CHECK",
                );
            }
            if token.is("rename") && next.is_some_and(|next| next.is("constraint")) {
                self.refuse(token.line, "drop and add the constraint instead of renaming it");
            }
            if token.is("set") && next.is_some_and(|next| next.is("storage")) {
                self.refuse(token.line, "SET STORAGE belongs to the operator, not to a migration");
            }
        }
        if statement[0].is("set") || statement[0].is("reset") {
            self.refuse(statement[0].line, "the migrator decides path, role and time limits");
        }
    }

    fn table(&mut self, statement: &[Token]) {
        let Some(definition) = definitions(statement) else { return };
        let has = |first: &str, second: &str| statement.windows(2).any(|pair| pair[0].is(first) && pair[1].is(second));
        if definition.created && !has("primary", "key") && !has("partition", "of") {
            let message = format!("table {} has no primary key: Citus and our export need one", definition.table);
            self.refuse(definition.line, message);
        }
        for column in &definition.columns {
            self.column(column, definition.created);
        }
        for element in constraint_elements(statement) {
            self.constraints(element);
        }
        if !definition.created && has("add", "generated") {
            self.refuse(definition.line, "identity only inside CREATE TABLE");
        }
    }

    fn column(&mut self, column: &Column<'_>, created: bool) {
        let Column { name, line, definition } = column;
        let has = |words: &[&str]| definition.iter().any(|token| token.is_any(words));
        let not_null = definition.windows(2).any(|pair| pair[0].is("not") && pair[1].is("null"));
        if !created && not_null && !has(&["default", "generated"]) {
            self.refuse(
                *line,
                format!(
                    "{name}: NOT NULL without DEFAULT fails on tables with rows; add it nullable, fill it, then SET NOT NULL"
                ),
            );
        }
        if !created && has(&["identity"]) {
            self.refuse(*line, "identity only inside CREATE TABLE");
        }
        if *name == "data" {
            self.refuse(*line, "`data` is a date in Portuguese and anything in English: say which, e.g. data_fundacao, payload");
        }
        let of_type = |name: &str| definition.first().is_some_and(|token| token.is(name));
        if of_type("timestamptz") && *name != "at" && !name.ends_with("_at") && !name.ends_with("_until") {
            self.refuse(*line, format!("{name}: an instant is named …_at, the end of a lease …_until"));
        }
        if of_type("date") && !name.starts_with("data_") {
            self.refuse(*line, format!("{name}: a day is named data_…"));
        }
        if name.chars().any(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) {
            self.refuse(*line, format!("{name}: names are ASCII, in lower case"));
        }
    }

    /// CHECK, UNIQUE, EXCLUDE and foreign keys carry a name, for it is what the program is told when one is broken. A primary
    /// key may go without: `<table>_pkey` is what PostgreSQL calls it anyway.
    fn constraints(&mut self, element: &[Token]) {
        for (at, token) in element.iter().enumerate() {
            let named = at >= 2 && element[at - 2].is("constraint");
            if token.is("constraint") {
                if let Some(name) = element.get(at + 1).and_then(Token::name) {
                    self.constraint_name(name, token.line);
                }
                continue;
            }
            let behind_foreign_key = token.is("references") && element[..at].iter().any(|token| token.is("foreign"));
            let actual = token.is_any(&["check", "unique", "exclude", "foreign", "references"]) && at > 0;
            let leads = token.is_any(&["check", "unique", "exclude", "foreign"]) && at == 0;
            if (actual || leads) && !named && !behind_foreign_key {
                self.refuse(token.line, "name it: CONSTRAINT <table>_<column>_<key|check|fkey> …");
            }
        }
    }

    fn constraint_name(&mut self, name: &str, line: usize) {
        if name.rsplit_once('_').is_some_and(|(_, last)| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())) {
            self.refuse(line, format!("{name}: a name does not end in _<digits>, which Citus appends and we cut off"));
        }
        if name.len() > 63 {
            self.refuse(line, format!("{name}: PostgreSQL cuts names after 63 bytes"));
        }
    }

    fn index(&mut self, statement: &[Token]) {
        let Some(at) = statement.iter().take(3).position(|token| token.is("index")) else { return };
        let rest = skip(&statement[at + 1..], &["concurrently", "if", "not", "exists"]);
        if statement[0].is("create") && rest.first().is_some_and(|token| token.is("on")) {
            self.refuse(statement[0].line, "name the index: <table>_<columns>_idx");
        }
    }

    fn function(&mut self, statement: &[Token]) {
        let definer = statement.windows(2).position(|pair| pair[0].is("security") && pair[1].is("definer"));
        if let Some(at) = definer {
            if self.stream == Stream::Tenant {
                self.refuse(statement[at].line, "no SECURITY DEFINER in a unidade's schema");
            } else if !statement.windows(2).any(|pair| pair[0].is("set") && pair[1].is("search_path")) {
                self.refuse(statement[at].line, "SECURITY DEFINER without SET search_path runs whatever the caller's path holds");
            }
        }
        for token in statement {
            let Kind::Body(body) = &token.kind else { continue };
            self.text(body, token.line - 1, |rules, statement| {
                rules.stars(statement);
                if rules.stream == Stream::Tenant {
                    rules.schemas(statement);
                    let refused = REFUSED_TENANT.iter().flat_map(|(words, reason)| words.iter().map(move |word| (word, reason)));
                    for (word, reason) in refused {
                        for token in statement.iter().filter(|token| token.is(word)) {
                            rules.refuse(token.line, *reason);
                        }
                    }
                    for token in statement.iter().filter(|token| token.is("execute")) {
                        rules.refuse(token.line, "SQL is static text: no EXECUTE in a body");
                    }
                }
            });
        }
    }

    /// Nothing but `ext` and `ref` has a schema in the text: the `search_path` names the unidade's own.
    fn schemas(&mut self, statement: &[Token]) {
        for (schema, line) in schemas(statement) {
            if self.stream == Stream::Tenant && !OPEN_SCHEMAS.contains(&schema) {
                self.refuse(line, format!("{schema}.…: only ext. and ref. are named with their schema"));
            }
        }
    }

    /// Every object the platform's stream touches says where it lives: there the `search_path` holds none of ours.
    fn qualified(&mut self, statement: &[Token]) {
        for (at, token) in statement.iter().enumerate() {
            let rest = &statement[at + 1..];
            let object = match &token.kind {
                Kind::Word(word) => match word.as_str() {
                    "table" | "view" | "sequence" | "function" | "procedure" | "type" if at < 5 => object(statement, at),
                    "references" if statement[0].is_any(&["grant", "revoke"]) => None,
                    "into" | "references" => Some(rest),
                    "update" if at == 0 => Some(rest),
                    "from" if at > 0 && statement[at - 1].is("delete") => Some(rest),
                    "on" if is_index_or_trigger(statement) && at < 12 => Some(skip(rest, &["only"])),
                    _ => None,
                },
                _ => None,
            };
            let Some(object) = object.map(|object| skip(object, &["if", "not", "exists", "only"])) else { continue };
            let Some(schema) = object.first().and_then(Token::name) else { continue };
            let has_schema = object.get(1).is_some_and(|dot| dot.is_symbol('.'));
            if !has_schema || !OWN_SCHEMAS.contains(&schema) {
                let name = qualified(object).map_or(schema, |(name, _)| name);
                self.refuse(token.line, format!("{name}: qualify it with platform., ref. or ext."));
            }
            if token.is("on") {
                break;
            }
        }
    }
}

/// What follows `TABLE`, `FUNCTION`, … at `at`, if the statement makes, changes, drops or grants it.
fn object(statement: &[Token], at: usize) -> Option<&[Token]> {
    let verbs = ["create", "alter", "drop", "comment", "grant", "revoke", "lock", "truncate"];
    (statement[0].is_any(&verbs) && !statement[at - 1].is("execute")).then(|| &statement[at + 1..])
}

fn is_index_or_trigger(statement: &[Token]) -> bool {
    statement[0].is("create") && statement.iter().take(4).any(|token| token.is_any(&["index", "trigger", "policy"]))
}

/// The columns and clauses in which constraints can stand: the elements of CREATE TABLE, the actions of ALTER TABLE.
fn constraint_elements(statement: &[Token]) -> Vec<&[Token]> {
    if statement[0].is("alter") {
        return elements(statement).filter(|action| action.iter().any(|token| token.is("add"))).map(after_add).collect();
    }
    let open = statement.iter().position(|token| token.is_symbol('('));
    let inside = open.and_then(|at| parenthesised(&statement[at..])).map_or(&[][..], |(inside, _)| inside);
    elements(inside).collect()
}

fn after_add(action: &[Token]) -> &[Token] {
    let at = action.iter().position(|token| token.is("add")).unwrap_or_default();
    &action[at + 1..]
}

#[cfg(test)]
mod tests;
