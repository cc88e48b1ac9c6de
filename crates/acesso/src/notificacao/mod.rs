//! What the panel told somebody, as they see it: the bell's panel, a page with all of it, and the stream that keeps every open
//! page up to date. `messaging` keeps the notificações themselves; everybody sees and marks only their own.

mod events;
pub mod pages;
