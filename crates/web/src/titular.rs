//! Os titulares: people of whom the unidade keeps something (LGPD art. 18). Modules declare which people they know
//! ([`crate::Module::titulares`]) and what they keep of anybody, wherever it lies ([`crate::Module::acervos`]): the dossier and the
//! erasure of a person walk these declarations, so that a module that comes later is in both by being declared.

use futures::future::BoxFuture;
use kernel::{Actor, Fault, Telefone};
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

/// One kind of people that a module knows.
#[derive(Debug, Clone, Copy)]
pub struct Titulares {
    /// Its code in addresses and receipts: `contato`. Never changed.
    pub kind: &'static str,
    /// Key of what one of them is called.
    pub label: &'static str,
    /// Those whose nome, e-mail or telefone has the text; at most `limit`.
    pub find: Find,
    /// One of them; `None` when there is none, or none any more.
    pub get: Get,
    /// Refuses when this person must stay, or this actor may not decide about them.
    pub guard: Guard,
}

pub type Find = for<'a> fn(&'a mut TenantTx, &'a str, i64) -> BoxFuture<'a, Result<Vec<Titular>, Fault>>;
pub type Get = for<'a, 'g> fn(&'a mut Ground<'g>, Uuid) -> BoxFuture<'a, Result<Option<Titular>, Fault>>;
pub type Guard = for<'a> fn(&'a mut TenantTx, &'a Actor, Uuid) -> BoxFuture<'a, crate::Result<()>>;
pub type Reunir = for<'a, 'g> fn(&'a mut Ground<'g>, &'a Alvo) -> BoxFuture<'a, Result<Vec<Value>, Fault>>;
pub type Apagar = for<'a, 'g> fn(&'a mut Ground<'g>, &'a Alvo) -> BoxFuture<'a, Result<Efeito, Fault>>;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titular {
    pub kind: &'static str,
    pub id: Uuid,
    pub nome: String,
    pub email: Option<String>,
    /// E.164.
    pub telefone: Option<String>,
    /// What tells them from others of their name: the empresa, the perfil.
    pub sub: String,
}

impl Titular {
    /// Their number as people write it.
    #[must_use]
    pub fn telefone(&self) -> Option<String> {
        self.telefone.as_deref().map(|text| text.parse::<Telefone>().map_or_else(|_| text.to_owned(), |one| one.to_string()))
    }
}

/// What one place keeps of people.
#[derive(Debug, Clone, Copy)]
pub struct Acervo {
    /// Under which receipts count it. Never changed.
    pub name: &'static str,
    /// Key of what it is called.
    pub label: &'static str,
    /// Key of why something of it stays after an erasure.
    pub guarda: Option<&'static str>,
    /// What it has of a person, an object for each record.
    pub reunir: Reunir,
    /// Lets go of it. Harmless when done twice.
    pub apagar: Apagar,
}

/// What an erasure did in one place, in records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Efeito {
    /// Gone.
    pub apagados: i64,
    /// There still, and of nobody any more.
    pub anonimizados: i64,
    /// As they were; [`Acervo::guarda`] says why.
    pub mantidos: i64,
}

impl Efeito {
    #[must_use]
    pub const fn is_nothing(self) -> bool {
        self.apagados == 0 && self.anonimizados == 0 && self.mantidos == 0
    }

    #[must_use]
    pub fn apagados(rows: u64) -> Self {
        Self { apagados: i64::try_from(rows).unwrap_or(i64::MAX), ..Self::default() }
    }

    #[must_use]
    pub fn anonimizados(rows: u64) -> Self {
        Self { anonimizados: i64::try_from(rows).unwrap_or(i64::MAX), ..Self::default() }
    }
}

impl std::ops::Add for Efeito {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            apagados: self.apagados + other.apagados,
            anonimizados: self.anonimizados + other.anonimizados,
            mantidos: self.mantidos + other.mantidos,
        }
    }
}

/// What stands where somebody's name or address stood.
pub const TARJA: &str = "[apagado]";

/// Whose data it is about, and how they are known in texts.
#[derive(Debug, Clone)]
pub struct Alvo {
    pub titular: Titular,
    /// Whether their full name alone tells that a text speaks of them. Somebody else may bear it.
    pub por_nome: bool,
    /// A regular expression of PostgreSQL, for `~*` and `regexp_replace(…, 'gi')`, that finds them in any text.
    pub pattern: String,
}

/// Finds nothing.
const NEVER: &str = "a^";

impl Alvo {
    #[must_use]
    pub fn new(titular: Titular, por_nome: bool) -> Self {
        let mut terms: Vec<String> = Vec::new();
        if let Some(email) = &titular.email {
            terms.push(whole(&literal(email)));
        }
        if let Some(telefone) = &titular.telefone {
            terms.extend(telephone(telefone));
        }
        if por_nome {
            terms.extend(full_name(&titular.nome));
        }
        let pattern = if terms.is_empty() { NEVER.to_owned() } else { format!("(?:{})", terms.join("|")) };
        Self { titular, por_nome, pattern }
    }

    /// The name as it is compared, where it says something: of two words at least.
    #[must_use]
    pub fn nome(&self) -> String {
        kernel::fold(&self.titular.nome)
    }
}

/// Not in the middle of a longer word. In the text of a JSON value a line break is a letter behind a backslash.
const BEGINS: &str = r"(?:(?<!\w)|(?<=\\[nrt]))";
const ENDS: &str = r"(?!\w)";

/// A text as itself in a regular expression: user input is never a pattern (V1.2.9).
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        match c {
            // As it stands in JSON, too.
            '"' | '\\' => pattern.extend([r"\\?\", if c == '"' { "\"" } else { "\\" }]),
            c if c.is_alphanumeric() => pattern.push(c),
            c => pattern.extend(['\\', c]),
        }
    }
    pattern
}

fn whole(pattern: &str) -> String {
    format!("{BEGINS}{pattern}{ENDS}")
}

/// A number however it is written: `(47) 99999-0000`, `+5547999990000`, `047 99999-0000`; not in the middle of a longer number.
fn telephone(e164: &str) -> Option<String> {
    let digits: String = e164.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("55").unwrap_or(&digits);
    if national.len() < 8 {
        return None;
    }
    let spaced: Vec<String> = national.chars().map(String::from).collect();
    Some(format!("(?<!\\d)(?:\\+?55[ .()-]*|0)?\\(?0?{}(?!\\d)", spaced.join("[ .()-]*")))
}

/// A name of one word is no name of one person.
fn full_name(nome: &str) -> Option<String> {
    let words: Vec<String> = nome.split_whitespace().map(literal).collect();
    (words.len() > 1).then(|| whole(&words.join("\\s+")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titular(nome: &str, email: Option<&str>, telefone: Option<&str>) -> Titular {
        let own = |text: &str| text.to_owned();
        Titular {
            kind: "contato",
            id: Uuid::nil(),
            nome: own(nome),
            email: email.map(own),
            telefone: telefone.map(own),
            sub: String::new(),
        }
    }

    #[test]
    fn what_people_typed_is_never_a_pattern() {
        let alvo = Alvo::new(titular("A.* (B)", Some("a+b.c@x.example"), None), true);
        assert_eq!(alvo.pattern, format!(r"(?:{BEGINS}a\+b\.c\@x\.example{ENDS}|{BEGINS}A\.\*\s+\(B\){ENDS})"));
        assert_eq!(literal(r#"a"b\c"#), r#"a\\?\"b\\?\\c"#);
    }

    #[test]
    fn a_telephone_is_found_however_it_is_written() {
        let alvo = Alvo::new(titular("Ana", None, Some("+554733330000")), false);
        assert!(alvo.pattern.starts_with(r"(?:(?<!\d)(?:\+?55[ .()-]*|0)?\(?0?4[ .()-]*7[ .()-]*3"), "{}", alvo.pattern);
        assert!(alvo.pattern.ends_with(r"0(?!\d))"), "no part of a longer number: {}", alvo.pattern);
    }

    #[test]
    fn nobody_is_found_by_a_first_name_or_by_nothing() {
        assert_eq!(Alvo::new(titular("Ana", None, None), true).pattern, NEVER);
        assert_eq!(Alvo::new(titular("Ana Lima", None, None), false).pattern, NEVER);
    }
}
