//! Rows that hang on a record of another module, and how they go along when two of its records are made one.
//!
//! A module declares them in [`crate::Module::attached`]; whoever makes one record of two walks the declarations of all modules,
//! so that a module that comes later has its rows moved, counted in the preview and given back by the undo without being named
//! anywhere.

use futures::future::BoxFuture;
use kernel::{Actor, Fault};
use tenancy::TenantTx;
use uuid::Uuid;

/// One kind of row that hangs on records of the kind `to`.
#[derive(Debug, Clone, Copy)]
pub struct Attached {
    /// Kind of the record it hangs on, as in the audit trail: `empresa`.
    pub to: &'static str,
    /// Under which its ids are kept; never changed, for an undo of last month reads it.
    pub name: &'static str,
    /// Key of how many there are in words: "3 contatos".
    pub label: &'static str,
    /// How many of a record would be brought, as the preview tells.
    pub count: Counted,
    /// Hangs all rows of the first record on the second, those in the lixeira as well; answers what the undo must know.
    pub bring: Brought,
    /// Of rows that [`Attached::bring`] answered, those that still hang on the second go back to the first; answers how many.
    pub give_back: GivenBack,
}

/// From one record to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub from: Uuid,
    pub to: Uuid,
}

pub type Counted = for<'a> fn(&'a mut TenantTx, Move) -> BoxFuture<'a, Result<i64, Fault>>;
pub type Brought = for<'a> fn(&'a mut TenantTx, &'a Actor, Move) -> BoxFuture<'a, Result<Vec<Uuid>, Fault>>;
/// The move is the one that was made: the rows go back from its end to its beginning.
pub type GivenBack = for<'a> fn(&'a mut TenantTx, &'a Actor, Move, &'a [Uuid]) -> BoxFuture<'a, Result<u64, Fault>>;
