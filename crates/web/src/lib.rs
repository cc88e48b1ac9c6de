//! What every page and every route of the house shares.

pub mod filters;
pub mod forms;
pub mod frame;
pub mod list;
pub mod pecas;
