//! What is written: a title, typed columns and a stream of rows. One `Table`, three writers.

use std::fmt;

use bytes::Bytes;
use chrono::{NaiveDate, NaiveDateTime};
use futures::stream::BoxStream;
use kernel::{Cnpj, Fault, Lang, Reais};
use rust_decimal::Decimal;

/// A list or report on its way to a file. Rows are pulled as they are written, so they may borrow the transaction that
/// reads them; nothing but the PDF keeps them in memory. A row is a `T` until it is written: what it says in each column is
/// worked out on the writer's thread, while the next rows are being read.
pub struct Table<'a, T = Vec<Cell>> {
    /// Heading of the PDF, name of the sheet, property of the file.
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: BoxStream<'a, Result<T, Fault>>,
    /// Appends a row's cells: one per column, in their order; cells missing at the end count as empty.
    pub(crate) cells: ToCells<T>,
    /// The filters in force, already in words. Shown above the PDF's table and on the XLSX's second sheet.
    pub filters: Vec<Filter>,
    /// Who issues the report, printed beside the logo: the unidade's name.
    pub issuer: String,
    /// When and by whom, already in words and in the unidade's zone.
    pub generated: String,
    /// PNG or JPEG. One that cannot be read is left out: a report must not fail for its logo.
    pub logo: Option<Bytes>,
    pub charts: Vec<Chart>,
    /// Charts that are known once all rows have gone by; drawn after `charts` in XLSX.
    pub summary: Option<Summary>,
    pub lang: Lang,
    pub words: Words,
}

/// Draws charts of what the rows said. Called on the writer's thread, after the last row.
pub type Summary = Box<dyn FnOnce() -> Vec<Chart> + Send>;

pub(crate) type ToCells<T> = Box<dyn FnMut(T, &mut Vec<Cell>) + Send>;

impl<'a> Table<'a> {
    /// Of rows that are cells already.
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        columns: Vec<Column>,
        rows: BoxStream<'a, Result<Vec<Cell>, Fault>>,
        lang: Lang,
        words: Words,
    ) -> Self {
        Self::of(title, columns, rows, |row, cells| *cells = row, lang, words)
    }
}

impl<'a, T> Table<'a, T> {
    /// Of rows whose cells `cells` appends.
    #[must_use]
    pub fn of(
        title: impl Into<String>,
        columns: Vec<Column>,
        rows: BoxStream<'a, Result<T, Fault>>,
        cells: impl FnMut(T, &mut Vec<Cell>) + Send + 'static,
        lang: Lang,
        words: Words,
    ) -> Self {
        Self {
            title: title.into(),
            columns,
            rows,
            cells: Box::new(cells),
            filters: Vec::new(),
            issuer: String::new(),
            generated: String::new(),
            logo: None,
            charts: Vec::new(),
            summary: None,
            lang,
            words,
        }
    }
}

impl<T> fmt::Debug for Table<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("title", &self.title).field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// The texts a writer needs of its own, in the reader's language: this crate knows no catalogue.
#[derive(Debug, Clone)]
pub struct Words {
    /// Such as `Página {page} de {pages}`.
    pub page: String,
    /// Label of the totals row.
    pub total: String,
    /// Name of the sheet with filters and charts.
    pub summary: String,
    /// Said instead of rows when there are none.
    pub empty: String,
    pub yes: String,
    pub no: String,
}

/// A filter in words: `Situação`, `ativa, prospect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub label: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Stable name of the column, kept out of the file.
    pub key: &'static str,
    /// Heading, in the reader's language.
    pub label: String,
    pub kind: ColumnKind,
    /// Whether the last row shows the sum; only numbers are summed.
    pub summed: bool,
}

impl Column {
    #[must_use]
    pub fn new(key: &'static str, label: impl Into<String>, kind: ColumnKind) -> Self {
        Self { key, label: label.into(), kind, summed: false }
    }

    #[must_use]
    pub const fn summed(mut self) -> Self {
        self.summed = true;
        self
    }
}

/// How a column's cells look. A cell of another kind than its column's is shown by its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    Integer,
    /// With so many places behind the comma.
    Decimal(u8),
    Reais,
    Date,
    DateTime,
    Bool,
    Cnpj,
}

impl ColumnKind {
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal(_) | Self::Reais)
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    /// Always text in every format, whatever it begins with.
    Text(String),
    Integer(i64),
    Decimal(Decimal),
    Reais(Reais),
    Date(NaiveDate),
    /// Already in the unidade's zone.
    DateTime(NaiveDateTime),
    Bool(bool),
    Cnpj(Cnpj),
}

impl Cell {
    /// The amount this cell adds to its column's total.
    pub(crate) fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Integer(n) => Some(Decimal::from(*n)),
            Self::Decimal(n) => Some(*n),
            Self::Reais(n) => Some(n.decimal()),
            _ => None,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

macro_rules! cell_from {
    ($($from:ty => $variant:ident),+ $(,)?) => {
        $(impl From<$from> for Cell {
            fn from(value: $from) -> Self {
                Self::$variant(value)
            }
        })+
    };
}
cell_from!(String => Text, i64 => Integer, Decimal => Decimal, Reais => Reais, NaiveDate => Date, NaiveDateTime => DateTime, bool => Bool, Cnpj => Cnpj);

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A chart of figures the caller has already grouped; a native one in XLSX, drawn in PDF, left out of CSV.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    pub kind: ChartKind,
    pub categories: Vec<String>,
    /// One value per category each.
    pub series: Vec<Series>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    Column,
    Line,
    /// Shows the first series.
    Pie,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub values: Vec<f64>,
}
