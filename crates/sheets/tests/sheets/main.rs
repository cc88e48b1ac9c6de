//! The crate from outside: real files, hostile files, the child process, the three writers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod child;
mod fixtures;
mod hostile;
mod support;
mod write;
