//! CSV for Brazilian spreadsheet programs: UTF-8 with a mark, `;`, CRLF, decimal comma, days as dd/mm/aaaa. It looks the
//! same in every language, for it is data: what leaves here can be imported again.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use kernel::Lang;
use rust_decimal::Decimal;

use super::{Head, WriteError, Writer, text};
use crate::{Cell, Words};

pub(super) struct CsvWriter {
    out: csv::Writer<BufWriter<File>>,
    columns: usize,
    words: Words,
}

impl CsvWriter {
    pub(super) fn create(head: &Head, path: &Path) -> Result<Self, WriteError> {
        let mut file = BufWriter::with_capacity(1 << 16, File::create(path)?);
        // Without the mark, Excel reads UTF-8 as Windows-1252.
        file.write_all("\u{feff}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(file);
        for column in &head.columns {
            out.write_field(inert(&column.label).as_bytes()).map_err(fault)?;
        }
        out.write_record(None::<&[u8]>).map_err(fault)?;
        Ok(Self { out, columns: head.columns.len(), words: head.words.clone() })
    }
}

impl Writer for CsvWriter {
    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        for i in 0..self.columns {
            let cell = cells.get(i).unwrap_or(&Cell::Empty);
            match cell {
                Cell::Text(text) => self.out.write_field(inert(text).as_bytes()),
                other => self.out.write_field(plain(other, &self.words)),
            }
            .map_err(fault)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(fault)
    }

    /// No totals: a sum among the rows would be imported, filtered and sorted as one.
    fn finish(mut self, _totals: &[Cell]) -> Result<(), WriteError> {
        Ok(self.out.flush()?)
    }
}

/// The text, with an apostrophe before what a spreadsheet program would compute. Our own reader takes it away again.
fn inert(text: &str) -> Cow<'_, str> {
    if text::is_formula_like(text) { format!("'{text}").into() } else { text.into() }
}

fn plain(cell: &Cell, words: &Words) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(n) => n.to_string(),
        Cell::Decimal(n) => comma(*n),
        Cell::Reais(n) => comma(n.decimal()),
        Cell::Date(day) => text::date(*day, Lang::PtBr),
        Cell::DateTime(instant) => text::date_time(*instant, Lang::PtBr),
        Cell::Bool(value) => (if *value { &words.yes } else { &words.no }).clone(),
        Cell::Cnpj(cnpj) => cnpj.to_string(),
    }
}

fn comma(value: Decimal) -> String {
    value.to_string().replacen('.', ",", 1)
}

fn fault(error: csv::Error) -> WriteError {
    WriteError::Fault(kernel::Fault::new("writing a CSV", error))
}
