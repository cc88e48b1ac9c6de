//! What the tenancy layer promises, on real PostgreSQL.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking and run SQL of their own: attacks are not checked macros"
)]

mod at_once;
mod backup;
mod crash;
mod fleet;
mod isolation;
mod lifecycle;
mod moving;
mod registry;
mod replaced;
mod trail;
mod walls;

#[path = "../support/mod.rs"]
mod support;
