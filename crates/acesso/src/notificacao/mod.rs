//! What the panel told somebody, as they see it: the bell's panel, a page with all of it, and the stream that keeps every open
//! page up to date. `messaging` keeps the notificações themselves; everybody sees and marks only their own, and
//! chooses what to be told of.

mod events;
pub mod pages;
pub mod preferencia;
pub mod preferencia_pages;
