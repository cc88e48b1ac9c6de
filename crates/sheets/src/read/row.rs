//! One row as it stands in the file.

use chrono::NaiveDateTime;

/// A cell before anybody has judged it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Raw<'a> {
    Empty,
    /// Never blank: white space alone counts as empty. Every cell of a CSV is text.
    Text(&'a str),
    /// A number of an XLSX, which keeps about 15 digits; [`crate::import::number_text`] gives it back as it was typed.
    Number(f64),
    /// A day has midnight as its time.
    Date(NaiveDateTime),
    Bool(bool),
    /// A formula of an XLSX with its `=`, never computed. Text that merely looks like one is [`Raw::Text`]; ask
    /// [`Raw::is_formula`] for both.
    Formula(&'a str),
    /// An error value such as `#REF!`.
    Error(&'a str),
    /// Inside a merged region, but not its first cell: what it shows belongs to that one.
    Covered,
}

impl Raw<'_> {
    /// Whether a spreadsheet program would compute this cell, stored as a formula or as text.
    #[must_use]
    pub fn is_formula(&self) -> bool {
        match self {
            Self::Formula(_) => true,
            Self::Text(text) => crate::is_formula_like(text),
            _ => false,
        }
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty | Self::Covered)
    }
}

/// A row and all its text in one buffer, so that reading a hundred thousand of them allocates next to nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub(super) number: u32,
    pub(super) text: String,
    pub(super) slots: Vec<Slot>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Slot {
    #[default]
    Empty,
    /// Ranges of `text`.
    Text(u32, u32),
    Formula(u32, u32),
    Error(u32, u32),
    Number(f64),
    Date(NaiveDateTime),
    Bool(bool),
    Covered,
}

impl Row {
    /// Counted from 1, as the spreadsheet program shows it.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Cells up to the last that is not empty.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no cell holds anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.iter().all(|slot| matches!(slot, Slot::Empty | Slot::Covered))
    }

    /// The cell of a column, counted from 0; empty beyond the last.
    #[must_use]
    pub fn cell(&self, column: usize) -> Raw<'_> {
        let text = |from: u32, to: u32| &self.text[from as usize..to as usize];
        match self.slots.get(column).copied().unwrap_or_default() {
            Slot::Empty => Raw::Empty,
            Slot::Text(from, to) => Raw::Text(text(from, to)),
            Slot::Formula(from, to) => Raw::Formula(text(from, to)),
            Slot::Error(from, to) => Raw::Error(text(from, to)),
            Slot::Number(number) => Raw::Number(number),
            Slot::Date(date) => Raw::Date(date),
            Slot::Bool(value) => Raw::Bool(value),
            Slot::Covered => Raw::Covered,
        }
    }

    pub fn cells(&self) -> impl Iterator<Item = Raw<'_>> {
        (0..self.len()).map(|column| self.cell(column))
    }

    /// Empties the row for the next one, keeping its buffers.
    pub(crate) fn start(&mut self, number: u32) {
        self.number = number;
        self.text.clear();
        self.slots.clear();
    }

    /// Puts a cell into a column, counted from 0, whatever was there.
    pub fn set(&mut self, column: usize, raw: Raw<'_>) {
        let slot = match raw {
            Raw::Empty => Slot::Empty,
            Raw::Text(text) if text.trim().is_empty() => Slot::Empty,
            Raw::Text(text) => self.keep(text, Slot::Text),
            Raw::Formula(text) => self.keep(text, Slot::Formula),
            Raw::Error(text) => self.keep(text, Slot::Error),
            Raw::Number(number) => Slot::Number(number),
            Raw::Date(date) => Slot::Date(date),
            Raw::Bool(value) => Slot::Bool(value),
            Raw::Covered => Slot::Covered,
        };
        if column >= self.slots.len() {
            if matches!(slot, Slot::Empty) {
                return;
            }
            self.slots.resize(column + 1, Slot::Empty);
        }
        self.slots[column] = slot;
    }

    /// NUL is dropped on the way: no file means it, and PostgreSQL keeps it in no text.
    fn keep(&mut self, text: &str, slot: fn(u32, u32) -> Slot) -> Slot {
        let from = self.text.len();
        if text.contains('\0') {
            self.text.extend(text.chars().filter(|c| *c != '\0'));
        } else {
            self.text.push_str(text);
        }
        // A row is bounded by columns × characters, far below 4 GiB.
        match (u32::try_from(from), u32::try_from(self.text.len())) {
            (Ok(from), Ok(to)) => slot(from, to),
            _ => Slot::Empty,
        }
    }
}
