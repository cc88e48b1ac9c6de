//! The whole product from outside: its command line, its processes, its doors.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli;
mod installation;
