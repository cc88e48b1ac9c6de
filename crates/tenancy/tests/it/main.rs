//! What the tenancy layer promises, on real PostgreSQL.
#![allow(
    clippy::disallowed_methods,
    clippy::allow_attributes,
    reason = "tests run SQL of their own, and attacks are not checked macros"
)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod at_once;
mod backup;
mod crash;
mod fleet;
mod isolation;
mod lifecycle;
mod moving;
mod registry;
mod walls;

#[path = "../support/mod.rs"]
mod support;
