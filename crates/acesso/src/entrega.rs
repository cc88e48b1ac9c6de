//! A link that is handed over by hand, where letters do not arrive: shown once, to whoever made it, and kept nowhere.

use askama::Template;
use chrono::{DateTime, Utc};
use web::{filters, frame::Frame};

/// A link to be handed over.
#[derive(Debug, Clone)]
pub struct Entregue {
    pub link: String,
    pub expires_at: DateTime<Utc>,
}

/// Asks first, then shows what was made.
#[derive(Template)]
#[template(path = "acesso/entregar.html")]
pub(crate) struct EntregarPage {
    pub frame: Frame,
    pub nome: String,
    /// Whether one is wanted, and what it does.
    pub question: String,
    pub told: &'static str,
    pub action: String,
    /// Where it came from, and in which words.
    pub back: (&'static str, String),
    pub made: Option<Entregue>,
}
