//! Every word a person reads, in pt-BR and en, and how numbers, money and time are written in each.
//!
//! The catalogues are `locales/<lang>/*.ftl` (Fluent), embedded. A text without variables is formatted once, at first use, and
//! handed out as `&'static str` afterwards. [`check`] proves that both languages are complete and that every key is used.

mod catalogue;
pub mod check;
mod number;
mod time;

pub use catalogue::{Arg, find, invalid, t, t_args, told, warm};
pub use number::{decimal, grouped, percent};
pub use time::{date, date_long, datetime, day_begins, instant, month, relative, time_of_day, weekday};

mod sources {
    include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));
}
