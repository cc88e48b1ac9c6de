//! The first look at a file: what it is, which sheets it has, where its table begins.

use std::{ops::ControlFlow, path::Path};

use serde::{Deserialize, Serialize};

use super::{Choice, Deadline, Dialect, FileKind, Limits, ReadError, Row, Source, csv, header, open, xlsx};
use crate::import::cell_text;

/// Rows looked at to find the header.
const LOOK: usize = 60;
/// Rows below the header shown to the person.
const SAMPLE: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspection {
    pub kind: FileKind,
    /// At least one; a CSV has exactly one, without a name.
    pub sheets: Vec<SheetInfo>,
    /// How a CSV is written.
    pub dialect: Option<Dialect>,
}

impl Inspection {
    /// All rows below the header of the sheet at `index`; all rows when it has no header.
    #[must_use]
    pub fn choice(&self, index: usize) -> Option<Choice> {
        let sheet = self.sheets.get(index)?;
        let source = self.dialect.map_or_else(|| Source::Sheet(sheet.name.clone()), Source::Csv);
        Some(Choice { source, first_row: sheet.header_row.map_or(1, |row| row + 1) })
    }

    /// The sheet to begin with: the first one shown that has rows.
    #[must_use]
    pub fn best_sheet(&self) -> usize {
        self.sheets.iter().position(|sheet| sheet.visible && !sheet.sample.is_empty()).unwrap_or(0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetInfo {
    pub name: String,
    pub visible: bool,
    /// Counted from 1; `None` when no row looks like one.
    pub header_row: Option<u32>,
    /// By column; empty for a column without a name, and altogether without a header.
    pub headers: Vec<String>,
    pub sample: Vec<SampleRow>,
    /// Equal for files with the same columns; what the remembered mapping is found by. Empty without a header.
    pub shape: String,
}

/// A row as text, for showing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleRow {
    pub number: u32,
    pub cells: Vec<String>,
}

/// Tells what the file at `path` is by its content, whatever its name says, and reads the beginning of each sheet.
///
/// # Errors
/// The limit that is exceeded, or what is wrong with the file.
pub fn inspect(path: &Path, limits: &Limits) -> Result<Inspection, ReadError> {
    let deadline = Deadline::after(limits);
    let (mut file, kind) = open(path, limits)?;
    match kind {
        FileKind::Xlsx => {
            let mut workbook = xlsx::Workbook::open(&file, limits, deadline)?;
            let names: Vec<_> = workbook.sheets().map(|(name, visible)| (name.to_owned(), visible)).collect();
            let mut sheets = Vec::with_capacity(names.len());
            for (name, visible) in names {
                let mut rows = Vec::new();
                workbook.rows(&name, limits, deadline, &mut collect(&mut rows))?;
                sheets.push(sheet(name, visible, &rows));
            }
            if sheets.is_empty() {
                return Err(ReadError::NotASheet);
            }
            Ok(Inspection { kind, sheets, dialect: None })
        }
        FileKind::Csv => {
            let dialect = csv::detect(&mut file, limits)?;
            let mut rows = Vec::new();
            std::io::Seek::rewind(&mut file)?;
            csv::rows(&file, dialect, limits, deadline, &mut collect(&mut rows))?;
            Ok(Inspection { kind, sheets: vec![sheet(String::new(), true, &rows)], dialect: Some(dialect) })
        }
    }
}

fn collect(rows: &mut Vec<Row>) -> impl FnMut(&Row) -> Result<ControlFlow<()>, ReadError> {
    |row| {
        if !row.is_empty() {
            rows.push(row.clone());
        }
        Ok(if rows.len() < LOOK { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }
}

fn sheet(name: String, visible: bool, rows: &[Row]) -> SheetInfo {
    let header = header::guess(rows);
    let headers = header.map(|at| header::labels(&rows[at])).unwrap_or_default();
    let sample = rows.iter().skip(header.map_or(0, |at| at + 1)).take(SAMPLE);
    SheetInfo {
        name,
        visible,
        header_row: header.map(|at| rows[at].number()),
        shape: if headers.is_empty() { String::new() } else { header::shape(&headers) },
        headers,
        sample: sample
            .map(|row| SampleRow { number: row.number(), cells: row.cells().map(|cell| cell_text(cell).into_owned()).collect() })
            .collect(),
    }
}
