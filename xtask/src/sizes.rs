//! Files and functions stay small enough to be read at one sitting.

use std::path::Path;

use anyhow::{Context, Result};
use syn::{
    Attribute, Block, ImplItemFn, Item, ItemFn, ItemMod, Signature,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::{
    finding::Finding,
    repo::{Repo, Source},
};

/// With tests and everything.
const MOST: usize = 700;
/// Without tests.
const COMFORTABLE: usize = 400;
const FUNCTION: usize = 60;

const FOLDERS: &[&str] =
    &["crates", "xtask", "templates", "assets", "e2e", "tenant-migrations", "platform-migrations", "benches", "bin"];
const ENDINGS: &[&str] = &[".rs", ".ts", ".js", ".mjs", ".scss", ".html", ".sql", ".sh"];

pub(crate) fn check(repo: &Repo) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for folder in FOLDERS {
        for source in repo.sources(folder, ENDINGS)? {
            findings.extend(sizes(&source)?);
        }
    }
    Ok(findings)
}

fn sizes(source: &Source) -> Result<Vec<Finding>> {
    let lines = source.text.lines().count();
    let (mut tests, mut functions) = (0, Vec::new());
    let is_test = source.path.contains("/tests/") || source.path.starts_with("e2e/");
    if is_rust(&source.path) && !is_test {
        let file = syn::parse_file(&source.text).with_context(|| source.path.clone())?;
        tests = file.items.iter().map(test_lines).sum();
        let mut long = Functions::default();
        long.visit_file(&file);
        functions = long.0;
    }

    let mut findings = Vec::new();
    if lines > MOST {
        findings.push(Finding::error(&source.path, 0, format!("{lines} lines; at most {MOST}: split it by use case")));
    } else if !is_test && lines - tests > COMFORTABLE {
        let message = format!("{} lines without tests; {COMFORTABLE} are comfortable", lines - tests);
        findings.push(Finding::warning(&source.path, 0, message));
    }
    for (line, name, lines) in functions {
        findings.push(Finding::warning(&source.path, line, format!("fn {name} has {lines} lines; {FUNCTION} are comfortable")));
    }
    Ok(findings)
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

fn test_lines(item: &Item) -> usize {
    match item {
        Item::Mod(module) if is_cfg_test(&module.attrs) => lines_of(module),
        _ => 0,
    }
}

fn is_cfg_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("cfg") && attr.parse_args::<syn::Ident>().is_ok_and(|ident| ident == "test"))
}

fn lines_of(node: &impl Spanned) -> usize {
    let span = node.span();
    span.end().line - span.start().line + 1
}

/// Functions outside of tests that are longer than [`FUNCTION`]: line, name, lines.
#[derive(Default)]
struct Functions(Vec<(usize, String, usize)>);

impl Functions {
    fn look(&mut self, signature: &Signature, block: &Block) {
        // Without attributes and documentation: those may be as long as they need.
        let start = signature.span().start().line;
        let lines = block.span().end().line - start + 1;
        if lines > FUNCTION {
            self.0.push((start, signature.ident.to_string(), lines));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_cfg_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.look(&function.sig, &function.block);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.look(&function.sig, &function.block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: String) -> Vec<String> {
        sizes(&Source { path: path.to_owned(), text }).unwrap().into_iter().map(|finding| finding.to_string()).collect()
    }

    fn statements(n: usize) -> String {
        "    work();\n".repeat(n)
    }

    #[test]
    fn small_files_and_functions_pass() {
        let text = format!("//! Fine.\n\nfn short() {{\n{}}}\n", statements(58));
        assert_eq!(messages("crates/x/src/lib.rs", text), Vec::<String>::new());
    }

    #[test]
    fn a_file_of_more_than_700_lines_fails() {
        assert_eq!(
            messages("assets/src/a.ts", "a\n".repeat(700)),
            ["assets/src/a.ts: warning: 700 lines without tests; 400 are comfortable"]
        );
        assert_eq!(
            messages("assets/src/a.ts", "a\n".repeat(701)),
            ["assets/src/a.ts: error: 701 lines; at most 700: split it by use case"]
        );
        assert_eq!(messages("e2e/a.spec.ts", "a\n".repeat(701)).len(), 1);
    }

    #[test]
    fn tests_do_not_count_towards_the_comfortable_size() {
        let code = "const A: u8 = 1;\n".repeat(399);
        let tests = format!("#[cfg(test)]\nmod tests {{\n    fn long() {{\n{}    }}\n}}\n", statements(100));
        assert_eq!(messages("crates/x/src/lib.rs", format!("{code}{tests}")), Vec::<String>::new());
        assert_eq!(
            messages("crates/x/src/lib.rs", format!("{code}const A: u8 = 1;\nconst A: u8 = 1;\n{tests}")),
            ["crates/x/src/lib.rs: warning: 401 lines without tests; 400 are comfortable"]
        );
    }

    #[test]
    fn a_long_function_is_pointed_out() {
        let text = format!("impl A {{\n    /// Doc.\n    fn long() {{\n{}    }}\n}}\n", statements(59));
        assert_eq!(
            messages("crates/x/src/lib.rs", text),
            ["crates/x/src/lib.rs:3: warning: fn long has 61 lines; 60 are comfortable"]
        );
    }
}
