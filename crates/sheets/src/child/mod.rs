//! Parsing in a process of its own, so that a hostile file can exhaust or crash that one only. The parent starts the
//! program again with a hidden subcommand ([`Parser`]); the child bounds itself, parses and streams rows back ([`run`]).

mod parser;
mod run;
mod wire;

pub use parser::{PARSE_SHEET, Parser, Rows, parse_with};
pub use run::run;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::read::{Choice, Limits};

/// What the parent asks, as one JSON value on standard input: the path would be seen by others among the arguments.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    path: PathBuf,
    limits: Limits,
    task: Task,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Task {
    Inspect,
    Rows(Choice),
}
