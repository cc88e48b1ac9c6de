//! Proves that the catalogues are complete: every key that templates and sources name exists in both languages with the same
//! variables, and every key of the catalogues is named somewhere.
//!
//! A test of this crate runs it over the whole repository; `xtask` runs it too.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use fluent_syntax::{ast, parser};
use kernel::Lang;

/// Families whose keys are made at run time from a code: `<family><code>` counts as named where the code itself is quoted.
const BY_CODE: [&str; 1] = ["invalid-"];

/// Families whose codes are made at run time: errors by their kind, permissões and actions of the trail by their codes,
/// whose points and underlines are hyphens here; fields of a dossier.
const BY_KIND: [&str; 6] = ["error-", "permission-", "audit-", "actor-", "module-", "dado-"];

/// Calls whose first text is a key.
const CALLS: [&str; 9] = ["t(", "t_n(", "t_with(", "t_args(", "titled(", "Invalid::new(", "label=", "help=", "key:"];

/// What is wrong, one sentence each; empty when all is well. `root` is the repository.
///
/// # Errors
/// When the sources or catalogues cannot be read.
pub fn check(root: &Path) -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    let catalogues = Lang::ALL.map(|lang| catalogue(root, lang, &mut problems));
    let [pt, en] = catalogues;
    let (pt, en) = (pt?, en?);
    compare("pt-BR", &pt, "en", &en, &mut problems);
    compare("en", &en, "pt-BR", &pt, &mut problems);

    let mut sources = Vec::new();
    read_all(&root.join("templates"), "html", &mut sources)?;
    for entry in fs::read_dir(root.join("crates"))? {
        let krate = entry?.path();
        // This crate's own tests name keys of every kind; it is not a reader of the catalogues.
        let own = krate.file_name().is_some_and(|name| name == "idioma");
        let src = krate.join("src");
        if own {
            read_all(&src.join("time.rs"), "rs", &mut sources)?;
        } else if src.is_dir() {
            read_all(&src, "rs", &mut sources)?;
        }
    }
    let mut quoted = BTreeSet::new();
    for (_, text) in &mut sources {
        // Examples in comments name keys that need not exist.
        *text = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    }
    for (file, text) in &sources {
        quoted.extend(literals(text));
        for (call, key) in named(text) {
            let key = if call == "Invalid::new(" { format!("invalid-{key}") } else { key.to_owned() };
            if !pt.contains_key(&key) {
                problems.push(format!("{file} names {key:?}, which is in no catalogue"));
            }
        }
    }
    for key in pt.keys().filter(|key| !is_named(key, &quoted)) {
        problems.push(format!("{key:?} is in the catalogues and named nowhere"));
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

fn is_named(key: &str, quoted: &BTreeSet<&str>) -> bool {
    let by_code = || BY_CODE.iter().any(|family| key.strip_prefix(family).is_some_and(|code| quoted.contains(code)));
    quoted.contains(key) || by_code() || BY_KIND.iter().any(|family| key.starts_with(family))
}

/// Keys of a language with the variables of each.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn catalogue(root: &Path, lang: Lang, problems: &mut Vec<String>) -> io::Result<Keys> {
    let mut files = Vec::new();
    read_all(&root.join("locales").join(lang.tag()), "ftl", &mut files)?;
    let mut keys = Keys::new();
    for (file, text) in &files {
        let resource = parser::parse(text.as_str()).unwrap_or_else(|(resource, mistakes)| {
            problems.extend(mistakes.iter().map(|mistake| format!("{file}: {mistake}")));
            resource
        });
        for entry in &resource.body {
            let ast::Entry::Message(message) = entry else { continue };
            let mut variables = BTreeSet::new();
            if let Some(pattern) = &message.value {
                in_pattern(pattern, &mut variables);
            }
            if keys.insert(message.id.name.to_owned(), variables).is_some() {
                problems.push(format!("{file} repeats {:?}", message.id.name));
            }
        }
    }
    Ok(keys)
}

fn compare(name: &str, keys: &Keys, other_name: &str, other: &Keys, problems: &mut Vec<String>) {
    for (key, variables) in keys {
        match other.get(key) {
            None => problems.push(format!("{key:?} is in {name} but not in {other_name}")),
            // Told once, from the first language's side.
            Some(theirs) if theirs != variables && name < other_name => {
                problems.push(format!("{key:?} has the variables {variables:?} in {name} and {theirs:?} in {other_name}"));
            }
            Some(_) => {}
        }
    }
}

fn in_pattern(pattern: &ast::Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            in_expression(expression, found);
        }
    }
}

fn in_expression(expression: &ast::Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => in_inline(inline, found),
        ast::Expression::Select { selector, variants } => {
            in_inline(selector, found);
            for variant in variants {
                in_pattern(&variant.value, found);
            }
        }
    }
}

fn in_inline(inline: &ast::InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => in_expression(expression, found),
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                in_inline(argument, found);
            }
        }
        _ => {}
    }
}

/// Adds `path` itself or every file below it that ends in `extension`.
fn read_all(path: &Path, extension: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            read_all(&entry?.path(), extension, files)?;
        }
    } else if path.extension().is_some_and(|e| e == extension) {
        files.push((path.display().to_string(), fs::read_to_string(path)?));
    }
    Ok(())
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Every quoted text that could be a key or a code.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    // Between any two quotes: the odd text between two literals is not shaped like a key.
    text.split('"').filter(|literal| is_key(literal))
}

/// Keys given directly to one of [`CALLS`].
fn named(text: &str) -> impl Iterator<Item = (&'static str, &str)> {
    CALLS.into_iter().flat_map(move |call| {
        text.match_indices(call).filter_map(move |(at, _)| {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                return None;
            }
            let rest = text[at + call.len()..].trim_start();
            // A language or a field may come first: `t(lang, "key")`.
            let rest = match rest.split_once(',') {
                Some((first, rest)) if !first.contains(['"', ')', '(']) => rest.trim_start(),
                _ => rest,
            };
            let literal = rest.strip_prefix('"')?.split('"').next()?;
            (is_key(literal) && (literal.contains('-') || call == "Invalid::new(")).then_some((call, literal))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogues_are_complete_and_every_key_is_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let problems = check(&root).unwrap();
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }

    fn repository(pt: &str, en: &str, template: &str) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [("locales/pt-BR/a.ftl", pt), ("locales/en/a.ftl", en), ("templates/a.html", template)] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir(root.path().join("crates")).unwrap();
        check(root.path()).unwrap().into_iter().map(|p| p.replace(&root.path().display().to_string(), "")).collect()
    }

    #[test]
    fn each_kind_of_mistake_is_found() {
        let used = r#"{{ frame.t("a-b") }}"#;
        assert_eq!(repository("a-b = x", "a-b = y", used), [""; 0]);
        assert_eq!(repository("a-b = x", "", used), [r#""a-b" is in pt-BR but not in en"#]);
        assert_eq!(repository("a-b = x", "a-b = y", ""), [r#""a-b" is in the catalogues and named nowhere"#]);
        assert_eq!(
            repository("a-b = x", "a-b = y", r#"{{ frame.t("a-b") }}{{ frame.t_n("a-c", n) }}"#),
            [r#"/templates/a.html names "a-c", which is in no catalogue"#]
        );
        assert_eq!(
            repository("a-b =\n    { $n ->\n       *[other] { $m }\n    }\n", "a-b = { $n }", used),
            [r#""a-b" has the variables {"n"} in en and {"m", "n"} in pt-BR"#]
        );
        assert_eq!(repository("a-b = x\na-b = z", "a-b = y", used), [r#"/locales/pt-BR/a.ftl repeats "a-b""#]);
        assert_eq!(repository("a-b = {", "a-b = y", used).len(), 3, "it does not parse, is missing, and is named");
    }
}
