//! What a person typed into a form, what was wrong with it, and the value types made of it.
//!
//! A submit is read once into a [`FormState`]; the handler asks it for values and either calls the command or shows the page
//! again: everything typed is still there and each mistake stands by its field.
//!
//! ```ignore
//! let mut form = FormState::typed(pairs).secret("senha");
//! let email = form.required::<Email>("email");
//! let cargo = form.optional::<Texto<80>>("cargo");
//! let (Some(email), Some(cargo)) = (email, cargo) else { return page(form) };
//! ```

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::NaiveDate;
use kernel::{ErrorKind, FieldError, Invalid, Lang};
use sheets::{import::date, read::Raw};

use crate::frame::Frame;

/// A day, as `<input type="date">` sends it or as people here write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dia(pub NaiveDate);

impl FromStr for Dia {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        date(Raw::Text(text))?.map(Self).ok_or_else(|| Invalid::new("required"))
    }
}

/// Values by field and mistakes by field. A field may have several values (check boxes).
#[derive(Clone, Default)]
pub struct FormState {
    values: BTreeMap<String, Vec<String>>,
    secrets: Vec<&'static str>,
    mistakes: Vec<(String, Invalid)>,
    problems: Vec<String>,
}

impl FormState {
    /// An empty form.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A form as it was sent.
    #[must_use]
    pub fn typed<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut form = Self::new();
        for (name, value) in pairs {
            form.values.entry(name.into()).or_default().push(value.into());
        }
        form
    }

    /// A form as it was sent, from its `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Self {
        // PostgreSQL's text holds no NUL, and nobody types one.
        Self::typed(url::form_urlencoded::parse(body).map(|(name, value)| (name, value.replace('\0', ""))))
    }

    /// Marks a field whose value is read but never printed again (passwords, codes).
    #[must_use]
    pub fn secret(mut self, field: &'static str) -> Self {
        self.secrets.push(field);
        self
    }

    /// Fills a field before the form is first shown.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl fmt::Display) -> Self {
        self.values.entry(field.to_owned()).or_default().push(value.to_string());
        self
    }

    /// Empties a field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.values.remove(field);
        self
    }

    /// As [`FormState::with`], leaving the field empty for `None`.
    #[must_use]
    pub fn with_some(self, field: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }
}

/// Reading values: each call notes the mistake by its field and answers `None`.
impl FormState {
    /// What was typed, trimmed; empty when the field was not sent. Secrets included: for parsing, not for printing.
    #[must_use]
    pub fn raw(&self, field: &str) -> &str {
        self.values.get(field).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// A value that must be there; an empty field is the mistake `required`.
    pub fn required<T: FromStr>(&mut self, field: &str) -> Option<T>
    where
        T::Err: Into<Invalid>,
    {
        if self.raw(field).is_empty() {
            self.fail(field, Invalid::new("required"));
            return None;
        }
        self.parse(field)
    }

    /// A value that may be left empty: `Some(None)` then, `None` only for a mistake.
    pub fn optional<T: FromStr>(&mut self, field: &str) -> Option<Option<T>>
    where
        T::Err: Into<Invalid>,
    {
        if self.raw(field).is_empty() { Some(None) } else { self.parse(field).map(Some) }
    }

    /// One of the values a select or radio group offers, by its code.
    pub fn choice<T>(&mut self, field: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let raw = self.raw(field);
        let chosen = parse(raw);
        if chosen.is_none() {
            let code = if raw.is_empty() { "required" } else { "choice" };
            self.fail(field, Invalid::new(code));
        }
        chosen
    }

    /// As [`FormState::choice`], of a select that may be left open: `Some(None)` then, `None` only for a mistake.
    pub fn choice_or_none<T>(&mut self, field: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
        if self.raw(field).is_empty() { Some(None) } else { self.choice(field, parse).map(Some) }
    }

    /// Every value of a repeated field.
    #[must_use]
    pub fn all(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    fn parse<T: FromStr>(&mut self, field: &str) -> Option<T>
    where
        T::Err: Into<Invalid>,
    {
        match self.raw(field).parse() {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fail(field, T::Err::into(fault));
                None
            }
        }
    }
}

/// Noting mistakes.
impl FormState {
    /// Notes a broken rule by its field. The first mistake of a field is the one shown.
    pub fn fail(&mut self, field: &str, invalid: Invalid) {
        self.mistakes.push((field.to_owned(), invalid));
    }

    /// Notes a problem of the whole form, as a sentence in the person's language.
    pub fn fail_form(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    /// Takes over the mistakes a command found; one without a field becomes a problem of the form.
    pub fn refuse(&mut self, lang: Lang, error: &impl ErrorKind) {
        let fields = error.fields();
        if fields.is_empty() {
            let text = idioma::find(lang, &format!("error-{}", error.code())).unwrap_or_else(|| idioma::t(lang, "error-invalid"));
            self.fail_form(text);
        }
        self.mistakes.extend(fields.into_iter().map(|FieldError { field, invalid }| (field.to_owned(), invalid)));
    }

    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.mistakes.is_empty() && self.problems.is_empty()
    }
}

/// Printing: what the form pieces ask.
impl FormState {
    /// What to print into the field: never a secret.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        if self.secrets.contains(&field) {
            return "";
        }
        self.values.get(field).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Whether a check box, radio or option with this value is on.
    #[must_use]
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.all(field).iter().any(|v| v == value)
    }

    #[must_use]
    pub fn failed(&self, field: &str) -> bool {
        self.mistakes.iter().any(|(f, _)| f == field)
    }

    /// What is wrong with the field, as a sentence.
    #[must_use]
    pub fn mistake(&self, frame: &Frame, field: &str) -> Option<String> {
        let (_, invalid) = self.mistakes.iter().find(|(f, _)| f == field)?;
        Some(idioma::invalid(frame.lang, invalid).into_owned())
    }

    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// How many fields need another look.
    #[must_use]
    pub fn mistakes(&self) -> usize {
        let mut fields: Vec<_> = self.mistakes.iter().map(|(field, _)| field).collect();
        fields.sort_unstable();
        fields.dedup();
        fields.len()
    }
}

impl fmt::Debug for FormState {
    /// Field names and mistakes only: what people type does not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormState")
            .field("fields", &self.values.keys())
            .field("mistakes", &self.mistakes.iter().map(|(field, invalid)| (field, invalid.code)).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// An entry of a select or radio group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Cnpj, Email, Texto};

    use super::*;
    use crate::frame::Preferences;

    #[test]
    fn typed_values_survive_and_secrets_do_not() {
        let mut form = FormState::from_body("email=ana%40&senha=hunter2&cnpj=&uf=SC&uf=RS".as_bytes()).secret("senha");
        assert_eq!(form.required::<Email>("email"), None);
        assert_eq!(form.optional::<Cnpj>("cnpj"), Some(None));
        assert_eq!((form.value("email"), form.value("senha"), form.raw("senha")), ("ana@", "", "hunter2"));
        assert!(form.has("uf", "RS") && !form.has("uf", "PR"));
        assert!(!format!("{form:?}").contains("hunter2"));
    }

    #[test]
    fn each_mistake_is_a_sentence_by_its_field() {
        let mut form = FormState::from_body(b"cnpj=12.345&nome=+");
        assert_eq!(form.required::<Cnpj>("cnpj"), None);
        assert_eq!(form.required::<Texto<120>>("nome"), None);
        assert_eq!(form.choice("status", |code| (code == "ativo").then_some(1)), None);
        assert_eq!(form.mistakes(), 3);
        let [pt, en] = Lang::ALL.map(|lang| Frame::sample_in(Preferences { lang, ..Preferences::default() }));
        assert_eq!(form.mistake(&pt, "nome").as_deref(), Some("Preencha este campo."));
        assert_eq!(
            form.mistake(&en, "cnpj").as_deref(),
            Some("A CNPJ has 14 characters: letters, digits and the two check digits.")
        );
        assert_eq!(form.mistake(&en, "email"), None);
    }

    #[test]
    fn a_command_s_refusal_without_a_field_is_told_above_the_form() {
        let mut form = FormState::new();
        form.refuse(Lang::PtBr, &kernel::Denied { permission: kernel::Permission::new("a.b.c") });
        assert_eq!(form.problems(), ["Você não tem permissão para fazer isso."]);
        assert!(!form.is_ok());
    }
}
