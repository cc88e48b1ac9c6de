//! Three writers behind one door. Rows are pulled where the caller awaits; formatting and compression run on a blocking
//! thread, fed through a bounded channel, so neither side's memory grows with the number of rows.

mod csv;
mod pdf;
mod text;
mod xlsx;

use std::{
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use futures::StreamExt;
use kernel::{ErrorKind, Fault, Invalid, Kind, Lang};
use rust_decimal::Decimal;
use tokio::sync::mpsc;

use crate::{Cell, Chart, Column, Filter, Summary, Table, Words, table::ToCells};

pub use text::is_formula_like;

/// Rows travel in bundles: one wake-up of the writer per row would cost more than writing it.
const BUNDLE: usize = 256;
/// Bundles waiting at most; with the one in hand, this bounds the rows in memory.
const WAITING: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Xlsx,
    Csv,
    Pdf,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Xlsx, Self::Csv, Self::Pdf];

    /// Without the dot; also the value in a query string.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Pdf => "pdf",
        }
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    /// Rows a file of this format holds at most: a sheet's own limit, and the PDF's because it is laid out in memory.
    #[must_use]
    pub const fn max_rows(self) -> Option<u64> {
        match self {
            // 1 048 576 lines, less the header and the totals.
            Self::Xlsx => Some(1_048_574),
            Self::Csv => None,
            Self::Pdf => Some(20_000),
        }
    }
}

impl FromStr for Format {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.extension() == s).ok_or(Invalid::new("format-unknown"))
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Without header and totals.
    pub rows: u64,
    pub bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// More rows than [`Format::max_rows`]; nothing is left at the path.
    #[error("more than {limit} rows do not fit into one {}", format.extension())]
    TooManyRows { format: Format, limit: u64 },
    /// Reading the rows failed.
    #[error(transparent)]
    Rows(Fault),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for WriteError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooManyRows { .. } => Kind::Invalid,
            Self::Rows(fault) | Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooManyRows { .. } => "export-too-many-rows",
            Self::Rows(fault) | Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Fault(Fault::new("writing a sheet", error))
    }
}

/// Everything of a [`Table`] but its rows.
struct Head {
    title: String,
    columns: Vec<Column>,
    filters: Vec<Filter>,
    issuer: String,
    generated: String,
    logo: Option<bytes::Bytes>,
    charts: Vec<Chart>,
    summary: Option<Summary>,
    lang: Lang,
    words: Words,
}

/// One file format. Called on a blocking thread.
trait Writer {
    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError>;
    /// `totals` has one cell per column, or is empty when no column is summed.
    fn finish(self, totals: &[Cell]) -> Result<(), WriteError>;
}

enum Message<T> {
    Rows(Vec<T>),
    /// Said aloud: a channel that merely closes means that the caller went away.
    End,
}

/// Writes `table` to `path`, replacing what is there. May be cancelled: a file half written is removed.
///
/// # Errors
/// [`WriteError::TooManyRows`] beyond the format's limit, [`WriteError::Rows`] when the row stream fails, a fault when the
/// disk does. The path holds no file then.
pub async fn write<T: Send + 'static>(table: Table<'_, T>, format: Format, path: &Path) -> Result<Written, WriteError> {
    let Table { title, columns, mut rows, cells, filters, issuer, generated, logo, charts, summary, lang, words } = table;
    let head = Head { title, columns, filters, issuer, generated, logo, charts, summary, lang, words };
    let (sender, receiver) = mpsc::channel(WAITING);
    let target = path.to_owned();
    let writer = tokio::task::spawn_blocking(move || {
        let written = write_blocking(head, format, &target, Rows { receiver, cells });
        if written.is_err() {
            // Nothing to add when even that fails: the error in hand says more.
            let _ = fs::remove_file(&target);
        }
        written
    });

    let mut bundle = Vec::with_capacity(BUNDLE);
    let mut failed = None;
    loop {
        let row = match rows.next().await {
            Some(Ok(row)) => row,
            Some(Err(fault)) => {
                failed = Some(fault);
                break;
            }
            None => {
                // A writer that has stopped tells why when it is joined, here and below.
                let _ = sender.send(Message::Rows(bundle)).await;
                let _ = sender.send(Message::End).await;
                break;
            }
        };
        bundle.push(row);
        if bundle.len() == BUNDLE {
            let full = std::mem::replace(&mut bundle, Vec::with_capacity(BUNDLE));
            if sender.send(Message::Rows(full)).await.is_err() {
                break;
            }
        }
    }
    drop(sender);
    let written = writer.await.map_err(|error| Fault::new("writing a sheet", error))?;
    match failed {
        Some(fault) => Err(WriteError::Rows(fault)),
        None => written,
    }
}

/// Rows on the writer's side.
struct Rows<T> {
    receiver: mpsc::Receiver<Message<T>>,
    cells: ToCells<T>,
}

fn write_blocking<T>(head: Head, format: Format, path: &Path, rows: Rows<T>) -> Result<Written, WriteError> {
    let columns = head.columns.clone();
    let path = PathBuf::from(path);
    let count = match format {
        Format::Csv => drain(csv::CsvWriter::create(&head, &path)?, &columns, format, rows)?,
        Format::Xlsx => drain(xlsx::XlsxWriter::create(head, &path)?, &columns, format, rows)?,
        Format::Pdf => drain(pdf::PdfWriter::create(head, &path)?, &columns, format, rows)?,
    };
    Ok(Written { rows: count, bytes: fs::metadata(&path)?.len() })
}

fn drain<T>(mut writer: impl Writer, columns: &[Column], format: Format, mut rows: Rows<T>) -> Result<u64, WriteError> {
    let mut count = 0;
    let mut totals = Totals::new(columns);
    let mut cells = Vec::with_capacity(columns.len());
    loop {
        match rows.receiver.blocking_recv() {
            Some(Message::Rows(bundle)) => {
                for row in bundle {
                    count += 1;
                    if let Some(limit) = format.max_rows().filter(|limit| count > *limit) {
                        return Err(WriteError::TooManyRows { format, limit });
                    }
                    cells.clear();
                    (rows.cells)(row, &mut cells);
                    totals.add(&cells);
                    writer.row(&cells)?;
                }
            }
            Some(Message::End) => break,
            None => return Err(Fault::because("the rows of a sheet were abandoned").into()),
        }
    }
    writer.finish(&totals.cells())?;
    Ok(count)
}

/// Sums of the summed columns.
struct Totals<'a> {
    columns: &'a [Column],
    sums: Vec<Decimal>,
}

impl<'a> Totals<'a> {
    fn new(columns: &'a [Column]) -> Self {
        let any = columns.iter().any(|column| column.summed);
        Self { columns, sums: if any { vec![Decimal::ZERO; columns.len()] } else { Vec::new() } }
    }

    fn add(&mut self, row: &[Cell]) {
        for ((sum, column), cell) in self.sums.iter_mut().zip(self.columns).zip(row) {
            if column.summed
                && let Some(amount) = cell.amount()
            {
                *sum = sum.saturating_add(amount);
            }
        }
    }

    fn cells(&self) -> Vec<Cell> {
        let cells = self.sums.iter().zip(self.columns);
        cells.map(|(sum, column)| if column.summed { Cell::Decimal(*sum) } else { Cell::Empty }).collect()
    }
}
