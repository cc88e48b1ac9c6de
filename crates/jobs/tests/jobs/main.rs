//! The queue against a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod enqueue;
mod house;
mod outcome;
mod schedule;
mod worker;
