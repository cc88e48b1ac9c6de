use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast;
use kernel::{Invalid, Lang};

/// An argument of a message: text, or a number that chooses the plural and is written with the language's grouping.
pub type Arg<'a> = FluentValue<'a>;

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Messages without variables, already formatted: most of a page costs a hash and no allocation.
    plain: HashMap<String, String>,
}

static PT_BR: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(Lang::PtBr));
static EN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(Lang::En));

fn catalogue(lang: Lang) -> &'static Catalogue {
    match lang {
        Lang::PtBr => &PT_BR,
        Lang::En => &EN,
    }
}

/// Parses both catalogues now instead of at the first request.
pub fn warm() {
    LazyLock::force(&PT_BR);
    LazyLock::force(&EN);
}

impl Catalogue {
    fn load(lang: Lang) -> Self {
        let (sources, format): (_, fn(&FluentValue<'_>, &_) -> Option<String>) = match lang {
            Lang::PtBr => (crate::sources::PT_BR, |value, _| written(Lang::PtBr, value)),
            Lang::En => (crate::sources::EN, |value, _| written(Lang::En, value)),
        };
        let mut bundle = FluentBundle::new_concurrent(lang.tag().parse().into_iter().collect());
        // Isolation marks (U+2068/2069) around arguments would end up in CSV files, e-mails and people's clipboards.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(format));
        let mut keys = Vec::new();
        for (file, text) in sources {
            // What parses is kept even when a neighbour does not: `check` reports both kinds of mistake by file.
            let (resource, mistakes) = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) => (resource, 0),
                Err((resource, mistakes)) => (resource, mistakes.len()),
            };
            debug_assert_eq!(mistakes, 0, "locales/{}/{file} does not parse", lang.tag());
            keys.extend(resource.entries().filter_map(|entry| match entry {
                ast::Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            }));
            let added = bundle.add_resource(resource);
            debug_assert!(added.is_ok(), "locales/{}/{file} repeats a key: {added:?}", lang.tag());
        }
        let mut plain = HashMap::with_capacity(keys.len());
        for key in keys {
            let mut errors = Vec::new();
            if let Some(pattern) = bundle.get_message(&key).and_then(|message| message.value()) {
                let text = bundle.format_pattern(pattern, None, &mut errors);
                if errors.is_empty() {
                    let text = text.into_owned();
                    plain.insert(key, text);
                }
            }
        }
        Self { bundle, plain }
    }
}

/// Whole numbers get the language's thousands mark, so `{ $n }` reads "10.248".
fn written(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers within ±2^53 pass the test before")]
    (number.value.fract() == 0.0 && number.value.abs() < 9_007_199_254_740_992.0)
        .then(|| crate::grouped(lang, number.value as i64))
}

/// The text of a key without variables.
///
/// A key that is missing is a defect that [`crate::check`] finds at build time; a release build shows the key itself.
#[must_use]
pub fn t(lang: Lang, key: &str) -> &'static str {
    let found = catalogue(lang).plain.get(key);
    debug_assert!(found.is_some(), "the catalogue of {} has no plain message {key:?}", lang.tag());
    // A hole in the text is seen and reported; a panic would take the page away.
    found.map_or("…", String::as_str)
}

/// The text of a key with its variables filled in.
#[must_use]
pub fn t_args<'a>(lang: Lang, key: &str, args: impl IntoIterator<Item = (&'static str, Arg<'a>)>) -> String {
    let found = format(lang, key, args);
    debug_assert!(found.is_some(), "the catalogue of {} has no message {key:?}", lang.tag());
    found.unwrap_or_else(|| key.to_owned())
}

/// As [`t`], for keys made at run time (`error-<code>`): `None` when there is no such message, or it has variables.
#[must_use]
pub fn find(lang: Lang, key: &str) -> Option<&'static str> {
    catalogue(lang).plain.get(key).map(String::as_str)
}

/// What is wrong with a value, as a sentence for the person who typed it: the message `invalid-<code>`.
#[must_use]
pub fn invalid(lang: Lang, invalid: &Invalid) -> Cow<'static, str> {
    let key = format!("invalid-{}", invalid.code);
    if let Some(text) = find(lang, &key) {
        return Cow::Borrowed(text);
    }
    // Numbers arrive as text; as numbers they choose the plural and get their grouping.
    let args = invalid
        .args
        .iter()
        .map(|(name, value)| (*name, value.parse::<i64>().map_or_else(|_| Arg::from(value.as_str()), Arg::from)));
    Cow::Owned(t_args(lang, &key, args))
}

/// The sentence of a key and variables that were kept; `None` when this release has no such sentence, or it wants others.
/// A variable `n`, or one whose name begins with `n_`, is a whole number.
#[must_use]
pub fn told<'a>(lang: Lang, key: &str, args: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let bundle = &catalogue(lang).bundle;
    let pattern = bundle.get_message(key)?.value()?;
    let mut given = FluentArgs::new();
    for (name, value) in args {
        let number = (name == "n" || name.starts_with("n_")).then(|| value.parse::<i64>().ok()).flatten();
        given.set(name, number.map_or_else(|| Arg::from(value), Arg::from));
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

fn format<'a>(lang: Lang, key: &str, args: impl IntoIterator<Item = (&'static str, Arg<'a>)>) -> Option<String> {
    let bundle = &catalogue(lang).bundle;
    let pattern = bundle.get_message(key)?.value()?;
    let mut given: FluentArgs<'a> = FluentArgs::new();
    for (name, value) in args {
        given.set(name as &str, value);
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned();
    debug_assert!(errors.is_empty(), "message {key:?} in {}: {errors:?}", lang.tag());
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_choose_the_plural_and_are_grouped() {
        assert_eq!(t_args(Lang::PtBr, "list-total", [("n", 1.into())]), "1 registro");
        assert_eq!(t_args(Lang::PtBr, "list-total", [("n", 10_248.into())]), "10.248 registros");
        assert_eq!(t_args(Lang::En, "list-total", [("n", 10_248.into())]), "10,248 records");
    }

    #[test]
    fn arguments_carry_no_invisible_marks() {
        let text = t_args(Lang::PtBr, "page-range", [("from", 1.into()), ("to", 25.into()), ("n", 6912.into())]);
        assert_eq!(text, "1–25 de 6.912");
    }

    #[test]
    fn a_broken_rule_is_a_sentence_in_both_languages() {
        let long = Invalid::new("texto-too-long").with("max", 1200);
        assert_eq!(invalid(Lang::PtBr, &long), "Use no máximo 1.200 caracteres.");
        assert_eq!(invalid(Lang::En, &long), "Use at most 1,200 characters.");
        assert_eq!(invalid(Lang::En, &Invalid::new("cpf-invalid")), "This CPF does not exist: check the digits.");
    }

    #[test]
    fn a_key_made_at_run_time_may_be_absent() {
        assert_eq!(find(Lang::PtBr, "error-there-is-no-such-error"), None);
        assert!(find(Lang::PtBr, "error-denied").is_some());
    }
}
