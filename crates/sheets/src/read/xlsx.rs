//! XLSX as a stream of cells. What the sheet says about its own extent is never used: memory is one row.

use std::{
    fs::File,
    io::{BufReader, Seek},
    ops::ControlFlow,
};

use calamine::{
    DataRef, DataType, Reader, SheetType, SheetVisible, Xlsx, XlsxCellFormulaMetadataRecord, XlsxError, XlsxFormulaMetadata,
};

use super::{
    Deadline, Limits, Raw, ReadError, Row, Sink, archive,
    merged::{Merged, Region},
};

/// Cells between two looks at the clock.
const CLOCK: u32 = 4_096;

pub(super) struct Workbook<'a> {
    inner: Xlsx<BufReader<&'a File>>,
    /// Whether any sheet has merged regions: finding them costs a pass over the sheet.
    merged: bool,
}

impl<'a> Workbook<'a> {
    pub(super) fn open(mut file: &'a File, limits: &Limits, deadline: Deadline) -> Result<Self, ReadError> {
        let found = archive::scan(file, file.metadata()?.len(), limits, deadline)?;
        file.rewind()?;
        let inner = Xlsx::new(BufReader::new(file)).map_err(damaged)?;
        let workbook = Self { inner, merged: found.merged > 0 };
        if workbook.sheets().count() > limits.sheets {
            return Err(ReadError::TooManySheets { limit: limits.sheets });
        }
        Ok(workbook)
    }

    /// Names of the sheets that hold cells, with whether they are shown.
    pub(super) fn sheets(&self) -> impl Iterator<Item = (&str, bool)> {
        let sheets = self.inner.sheets_metadata().iter();
        sheets
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| (sheet.name.as_str(), sheet.visible == SheetVisible::Visible))
    }

    /// Hands every row with a cell to `sink`.
    pub(super) fn rows(
        &mut self,
        sheet: &str,
        limits: &Limits,
        deadline: Deadline,
        sink: &mut Sink<'_>,
    ) -> Result<(), ReadError> {
        if !self.sheets().any(|(name, _)| name == sheet) {
            return Err(ReadError::SheetNotFound { name: sheet.to_owned() });
        }
        let mut merged = Merged::new(self.regions(sheet)?);
        let mut cells = self.inner.worksheet_cells_reader(sheet).map_err(damaged)?;
        let mut row = Row::default();
        let mut current = None;
        let mut until_clock = CLOCK;
        while let Some(record) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
            until_clock -= 1;
            if until_clock == 0 {
                deadline.check()?;
                until_clock = CLOCK;
            }
            let (at, column) = (record.pos.0, record.pos.1 as usize);
            if current != Some(at) {
                if let Some(last) = current {
                    if at < last {
                        return Err(ReadError::Damaged { detail: format!("row {} follows row {}", at + 1, last + 1) });
                    }
                    if finish(&mut row, &mut merged, last, sink)?.is_break() {
                        return Ok(());
                    }
                }
                current = Some(at);
                row.start(at + 1);
            }
            put(&mut row, column, record, limits)?;
        }
        match current {
            Some(last) => finish(&mut row, &mut merged, last, sink).map(drop),
            None => Ok(()),
        }
    }

    fn regions(&mut self, sheet: &str) -> Result<Vec<Region>, ReadError> {
        if !self.merged {
            return Ok(Vec::new());
        }
        let found = self.inner.merge_cells_by_sheet_name(sheet).map_err(damaged)?;
        Ok(found
            .into_iter()
            .map(|region| Region {
                first_row: region.start.0,
                last_row: region.end.0,
                first_column: region.start.1,
                last_column: region.end.1,
            })
            .collect())
    }
}

fn finish(row: &mut Row, merged: &mut Merged, at: u32, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, ReadError> {
    for column in merged.covered(at, row.len()) {
        row.set(column, Raw::Covered);
    }
    sink(row)
}

fn put(row: &mut Row, column: usize, record: XlsxCellFormulaMetadataRecord<'_>, limits: &Limits) -> Result<(), ReadError> {
    let number = row.number();
    let bounded = |text: &str| {
        let long = text.len() > limits.cell_chars && text.chars().count() > limits.cell_chars;
        if long { Err(ReadError::CellTooLong { limit: limits.cell_chars, row: number, column: column + 1 }) } else { Ok(()) }
    };
    let formula = record.formula.as_ref().map(|formula| match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => format!("={formula}"),
        // Repeats a formula said elsewhere; that it is one is all that matters here.
        _ => "=".to_owned(),
    });
    if column >= limits.columns && !(formula.is_none() && record.value == DataRef::Empty) {
        return Err(ReadError::TooManyColumns { limit: limits.columns, row: number });
    }
    if let Some(formula) = formula {
        bounded(&formula)?;
        row.set(column, Raw::Formula(&formula));
        return Ok(());
    }
    match &record.value {
        DataRef::Empty => {}
        DataRef::SharedString(text) => {
            bounded(text)?;
            row.set(column, Raw::Text(text));
        }
        DataRef::String(text) => {
            bounded(text)?;
            row.set(column, Raw::Text(text));
        }
        DataRef::Float(number) => row.set(column, Raw::Number(*number)),
        DataRef::Int(number) => row.set(column, Raw::Number(*number as f64)),
        DataRef::Bool(value) => row.set(column, Raw::Bool(*value)),
        DataRef::Error(error) => row.set(column, Raw::Error(&error.to_string())),
        DataRef::DateTime(instant) if instant.is_duration() => row.set(column, Raw::Number(instant.as_f64())),
        // Outside the calendar Excel knows, it is a number that was made to look like a day.
        DataRef::DateTime(instant) => match record.value.as_datetime() {
            Some(date) => row.set(column, Raw::Date(date)),
            None => row.set(column, Raw::Number(instant.as_f64())),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            bounded(text)?;
            match record.value.as_datetime() {
                Some(date) => row.set(column, Raw::Date(date)),
                None => row.set(column, Raw::Text(text)),
            }
        }
    }
    Ok(())
}

fn damaged(error: XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Encrypted,
        XlsxError::WorksheetNotFound(name) => ReadError::SheetNotFound { name },
        other => ReadError::Damaged { detail: other.to_string() },
    }
}
