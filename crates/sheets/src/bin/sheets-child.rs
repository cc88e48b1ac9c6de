//! Stands in for `sri parse-sheet` in tests and measurements of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    sheets::child::run(std::io::stdin().lock(), std::io::stdout().lock())
}
