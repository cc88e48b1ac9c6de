//! How far something long has come, told to a page that is open: the same stream for whatever works in the background.

mod pages;

pub(crate) use pages::{Andamento, stream};
