//! Spreadsheets in and out. Writes one [`Table`] as XLSX, CSV or PDF; reads what people upload as XLSX or CSV, in a child
//! process with limits. Knows no module and no database: columns, texts and rows are handed in.

pub mod child;
pub mod import;
pub mod read;
mod table;
mod write;

pub use table::{Cell, Chart, ChartKind, Column, ColumnKind, Filter, Series, Summary, Table, Words};
pub use write::{Format, WriteError, Written, is_formula_like, write};
