//! The checks of this repository that no compiler, linter or test makes: `cargo run -p xtask -- check`, or one by name.
//!
//! Each rule is a function from text to findings, so that its tests show it both content and refusing.

mod finding;
mod glossary;
mod levels;
mod repo;
mod rows;
mod sizes;
mod sql;

use std::{fmt::Write as _, process::ExitCode};

use anyhow::{Result, bail};
use finding::{Finding, Severity};
use repo::Repo;

type Check = fn(&Repo) -> Result<Vec<Finding>>;

const CHECKS: &[(&str, &str, Check)] = &[
    ("levels", "floors of the crates, and who may name a connection", levels::check),
    ("sizes", "lines of files and functions", sizes::check),
    ("sql", "migrations and the SQL in Rust", sql::check),
    ("glossary", "Portuguese names are terms of docs/glossario.md", glossary::check),
];

fn main() -> Result<ExitCode> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let repo = Repo::here();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["check"] => run(&repo, CHECKS),
        ["rows"] => {
            print!("{}", rows::report(&repo)?);
            Ok(ExitCode::SUCCESS)
        }
        [name] => match CHECKS.iter().find(|(known, ..)| known == name) {
            Some(check) => run(&repo, std::slice::from_ref(check)),
            None => bail!("no check named {name:?}\n{}", usage()),
        },
        _ => bail!("{}", usage()),
    }
}

fn run(repo: &Repo, checks: &[(&str, &str, Check)]) -> Result<ExitCode> {
    let mut failed = false;
    for (name, _, check) in checks {
        let findings = check(repo)?;
        for finding in &findings {
            println!("{finding}");
        }
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        println!("xtask {name}: {errors} errors, {} warnings", findings.len() - errors);
        failed |= errors > 0;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn usage() -> String {
    let mut usage = String::from("usage: cargo run -p xtask -- <check>\n  check     all of these, as bin/check does\n");
    for (name, about, _) in CHECKS {
        let _ = writeln!(usage, "  {name:<9} {about}");
    }
    usage + "  rows      requirement rows that no test names yet; never fails"
}
