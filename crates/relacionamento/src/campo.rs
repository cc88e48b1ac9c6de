//! A day as a form has it.

use std::str::FromStr;

use chrono::NaiveDate;
use kernel::Invalid;
use sheets::{import::date, read::Raw};

/// As `<input type="date">` sends it, or as people here write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dia(pub NaiveDate);

impl FromStr for Dia {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        date(Raw::Text(text))?.map(Self).ok_or_else(|| Invalid::new("required"))
    }
}
