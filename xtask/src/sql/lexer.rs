//! Cuts SQL into tokens as PostgreSQL does (4.1 of its manual), so that no rule is fooled by a comment, a string or a body.
//!
//! No parser crate: those we looked at know neither all of our DDL nor the inside of PL/pgSQL, and a rule that cannot read a
//! statement is no rule.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name, folded to lower case as the server does.
    Word(String),
    /// A name in double quotes, as written.
    Quoted(String),
    /// A string in single quotes, without them.
    Text(String),
    /// The inside of `$$ … $$`: the body of a function or of DO.
    Body(String),
    Number,
    /// `$1`.
    Parameter,
    Symbol(char),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Counted from 1.
    pub(crate) line: usize,
}

impl Token {
    /// A word is compared in lower case; a quoted name never is a keyword.
    pub(crate) fn is(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own == word)
    }

    pub(crate) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(crate) fn is_symbol(&self, symbol: char) -> bool {
        self.kind == Kind::Symbol(symbol)
    }

    /// The token as a name of a table, column, schema, …
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(name) | Kind::Quoted(name) => Some(name),
            _ => None,
        }
    }
}

/// What cannot be cut: something is opened and never closed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unclosed {
    what: &'static str,
    pub(crate) line: usize,
}

impl fmt::Display for Unclosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this {} is never closed", self.what)
    }
}

pub(crate) fn tokens(sql: &str) -> Result<Vec<Token>, Unclosed> {
    let mut lexer = Lexer { rest: sql, line: 1 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// The statements of a text, without their semicolons; empty ones are left out.
pub(crate) fn statements(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens.split(|token| token.is_symbol(';')).filter(|statement| !statement.is_empty())
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Result<Option<Token>, Unclosed> {
        self.skip_blank()?;
        let line = self.line;
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        let kind = match first {
            '\'' => Kind::Text(self.quoted('\'', false)?),
            '"' => Kind::Quoted(self.quoted('"', false)?),
            '$' => self.dollar()?,
            '0'..='9' => {
                self.take_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
                Kind::Number
            }
            c if c.is_alphabetic() || c == '_' => {
                let word = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '$').to_lowercase();
                if self.rest.starts_with('\'') && matches!(word.as_str(), "e" | "b" | "x" | "n") {
                    Kind::Text(self.quoted('\'', word == "e")?)
                } else {
                    Kind::Word(word)
                }
            }
            c => {
                self.take(c.len_utf8());
                Kind::Symbol(c)
            }
        };
        Ok(Some(Token { kind, line }))
    }

    fn skip_blank(&mut self) -> Result<(), Unclosed> {
        loop {
            self.take_while(char::is_whitespace);
            if self.rest.starts_with("--") {
                self.take_while(|c| c != '\n');
            } else if self.rest.starts_with("/*") {
                self.comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// `/* … */`, which may be nested.
    fn comment(&mut self) -> Result<(), Unclosed> {
        let (line, mut depth) = (self.line, 0);
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
                if depth == 0 {
                    return Ok(());
                }
            } else {
                let next = self.rest.chars().next().ok_or(Unclosed { what: "comment", line })?;
                self.take(next.len_utf8());
            }
        }
    }

    /// From the quote to its partner; a doubled quote stands for itself.
    fn quoted(&mut self, quote: char, backslashes: bool) -> Result<String, Unclosed> {
        let line = self.line;
        let mut text = String::new();
        self.take(1);
        loop {
            let next = self.rest.chars().next().ok_or(Unclosed { what: "quote", line })?;
            self.take(next.len_utf8());
            if backslashes && next == '\\' {
                let escaped = self.rest.chars().next().ok_or(Unclosed { what: "quote", line })?;
                self.take(escaped.len_utf8());
                text.push(escaped);
            } else if next != quote {
                text.push(next);
            } else if self.rest.starts_with(quote) {
                self.take(1);
                text.push(quote);
            } else {
                return Ok(text);
            }
        }
    }

    /// `$1`, or `$tag$ … $tag$`.
    fn dollar(&mut self) -> Result<Kind, Unclosed> {
        let line = self.line;
        self.take(1);
        let tag = self.take_while(|c| c.is_alphanumeric() || c == '_').to_owned();
        if !self.rest.starts_with('$') {
            return Ok(Kind::Parameter);
        }
        self.take(1);
        let end = format!("${tag}$");
        let length = self.rest.find(&end).ok_or(Unclosed { what: "body", line })?;
        let body = self.take(length).to_owned();
        self.take(end.len());
        Ok(Kind::Body(body))
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(sql: &str) -> Vec<String> {
        let render = |token: Token| match token.kind {
            Kind::Word(word) => word,
            Kind::Quoted(name) => format!("\"{name}\""),
            Kind::Text(text) => format!("'{text}'"),
            Kind::Body(body) => format!("$${body}$$"),
            Kind::Number => "0".to_owned(),
            Kind::Parameter => "$".to_owned(),
            Kind::Symbol(symbol) => symbol.to_string(),
        };
        tokens(sql).unwrap().into_iter().map(render).collect()
    }

    #[test]
    fn comments_strings_and_bodies_are_one_token_or_none() {
        assert_eq!(
            words("SELECT -- *\n a /* b /* c */ d */, 'it''s; --', \"A b\""),
            ["select", "a", ",", "'it's; --'", ",", "\"A b\""]
        );
        assert_eq!(words("E'a\\'b' x'ff' $1 1.5e3"), ["'a'b'", "'ff'", "$", "0"]);
        assert_eq!(words("AS $f$ a; $$ b $f$;"), ["as", "$$ a; $$ b $$", ";"]);
        assert_eq!(words("x::text <> e.y"), ["x", ":", ":", "text", "<", ">", "e", ".", "y"]);
    }

    #[test]
    fn lines_are_counted_through_everything() {
        let tokens = tokens("a\n/* \n */ 'x\n' $$\n\n$$ b").unwrap();
        assert_eq!(tokens.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 3, 4, 6]);
    }

    #[test]
    fn what_is_never_closed_is_an_error() {
        assert_eq!(tokens("a\n 'b"), Err(Unclosed { what: "quote", line: 2 }));
        assert_eq!(tokens("/* /* */"), Err(Unclosed { what: "comment", line: 1 }));
        assert_eq!(tokens("$x$ $$"), Err(Unclosed { what: "body", line: 1 }));
    }

    #[test]
    fn statements_end_at_semicolons() {
        let tokens = tokens("a; ; b $$;$$;").unwrap();
        assert_eq!(statements(&tokens).map(<[Token]>::len).collect::<Vec<_>>(), [1, 2]);
    }
}
