//! What forms of this crate read.

use std::str::FromStr;

use chrono::NaiveDate;
use kernel::Invalid;
use sheets::{import::date, read::Raw};
use web::forms::FormState;

/// As `<input type="date">` sends it, or as people here write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dia(pub NaiveDate);

impl FromStr for Dia {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        date(Raw::Text(text))?.map(Self).ok_or_else(|| Invalid::new("required"))
    }
}

/// One of a select that may be left open.
pub(crate) fn perhaps<T: FromStr>(form: &mut FormState, field: &str) -> Option<Option<T>> {
    if form.raw(field).is_empty() { Some(None) } else { form.choice(field, |id| id.parse().ok()).map(Some) }
}
