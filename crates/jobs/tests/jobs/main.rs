//! The queue against a real PostgreSQL.

mod enqueue;
mod outcome;
mod schedule;
mod worker;
