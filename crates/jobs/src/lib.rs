//! Durable work: jobs that are enqueued in the transaction of the change that causes them, the workers that run them, and
//! the schedules that enqueue by the clock. Each placement carries its own queue (`platform.job`, decision 0010).
//!
//! The rules it protects: a job exists exactly when its change was committed; the unidade of a job is the one whose role
//! was in force when it was enqueued, and the handler can reach no other; two workers never hold one job; no unidade takes
//! the workers from the others.

mod backoff;
mod dead;
mod enqueue;
mod handler;
mod moving;
mod place;
mod rests;
mod run;
mod schedule;
mod sql;
mod worker;

pub use dead::{DeadJob, dead_jobs, discard_dead, revive};
pub use enqueue::{Enqueue, JobId, Payload, enqueue, enqueue_all, enqueue_platform};
pub use handler::{Attempt, Handler, Outcome, PlatformJob, TenantJob};
pub use moving::MoveQueue;
pub use run::Gates;
pub use schedule::Schedule;
pub use worker::{Limits, Ticker, Worker};
