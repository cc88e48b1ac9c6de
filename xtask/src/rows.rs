//! Which rows of the requirements a test or a journey names, and which none does yet.

use std::{collections::BTreeSet, fmt::Write as _};

use anyhow::{Context, Result};

use crate::repo::Repo;

const LIST: &str = "docs/requirements-rows.txt";

/// Informational: a row is shown by a test that names it in its text, e.g. `S0-3.19`.
pub(crate) fn report(repo: &Repo) -> Result<String> {
    let list = repo.source(LIST)?.with_context(|| format!("{LIST} is missing"))?;
    let mut named = BTreeSet::new();
    for source in repo.sources("crates", &[".rs"])? {
        named.extend(ids(tests_of(&source.path, &source.text)).map(str::to_owned));
    }
    for source in repo.sources("e2e", &[".ts"])? {
        named.extend(ids(&source.text).map(str::to_owned));
    }
    Ok(compare(&list.text, &named))
}

/// The part of a Rust file that is test: all of it below `tests/`, else from the first `#[cfg(test)]` on.
fn tests_of<'a>(path: &str, text: &'a str) -> &'a str {
    if path.contains("/tests/") {
        return text;
    }
    text.find("#[cfg(test)]").and_then(|at| text.get(at..)).unwrap_or_default()
}

/// Everything in `text` that looks like the id of a row: `P-1`, `S0-3.12a`, `U-16`.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).map(|word| word.trim_end_matches('.')).filter(
        |word| word.split_once('-').is_some_and(|(group, _)| matches!(group, "P" | "U" | "S0" | "S1" | "S2" | "S3" | "S4")),
    )
}

fn compare(list: &str, named: &BTreeSet<String>) -> String {
    let mut report = String::new();
    let (mut rows, mut missing) = (0, 0);
    for (id, text) in list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" | ")) {
        rows += 1;
        if !named.contains(id) {
            missing += 1;
            let _ = writeln!(report, "{id} | {text}");
        }
    }
    let _ = writeln!(report, "xtask rows: {} of {rows} rows are named by a test, {missing} are not", rows - missing);
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_prose() {
        let text = "// P-5, S0-3.12a and S0-3.22. Not S0-, X-1 or UTF-8.";
        assert_eq!(ids(text).collect::<Vec<_>>(), ["P-5", "S0-3.12a", "S0-3.22", "S0-"]);
    }

    #[test]
    fn only_tests_count() {
        assert_eq!(tests_of("crates/x/src/a.rs", "// P-1\n#[cfg(test)]\n// P-2"), "#[cfg(test)]\n// P-2");
        assert_eq!(tests_of("crates/x/src/a.rs", "// P-1"), "");
        assert_eq!(tests_of("crates/x/tests/a.rs", "// P-1"), "// P-1");
    }

    #[test]
    fn rows_without_a_test_are_listed() {
        let named = BTreeSet::from(["P-1".to_owned()]);
        assert_eq!(
            compare("# head\nP-1 | One\nP-10 | Ten\n", &named),
            "P-10 | Ten\nxtask rows: 1 of 2 rows are named by a test, 1 are not\n"
        );
    }
}
