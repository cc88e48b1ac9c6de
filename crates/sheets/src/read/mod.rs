//! Reading what people upload. Nothing in the file is believed: its name, its sizes, its claims about itself. Meant to run
//! in a child process ([`crate::child`]), since the parsers beneath may be made to use memory and time of their own.

mod archive;
mod codec;
mod csv;
mod encoding;
mod header;
mod inspect;
mod limits;
mod merged;
mod row;
mod xlsx;

use std::{
    fs::File,
    io::{Read, Seek},
    ops::ControlFlow,
    path::Path,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

pub use self::{
    csv::Dialect,
    encoding::Encoding,
    header::fold_label,
    inspect::{Inspection, SampleRow, SheetInfo, inspect},
    limits::{Limits, ReadError},
    row::{Raw, Row},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    Xlsx,
    Csv,
}

/// What to read of a file: the answers of an [`Inspection`], as the person confirmed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub source: Source,
    /// Rows numbered below this are skipped; 1 reads all.
    pub first_row: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// A sheet of an XLSX, by name.
    Sheet(String),
    Csv(Dialect),
}

/// Reads the chosen rows in file order and hands each to `sink`, which may stop the reading by an error. Rows without
/// content are skipped; the numbers of the others tell where they stood.
///
/// # Errors
/// The limit that is exceeded, what is wrong with the file, or the sink's own error.
pub fn rows(
    path: &Path,
    choice: &Choice,
    limits: &Limits,
    sink: &mut dyn FnMut(&Row) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let deadline = Deadline::after(limits);
    let (file, kind) = open(path, limits)?;
    let mut count = 0;
    let mut counted = |row: &Row| {
        if row.number() < choice.first_row || row.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        count += 1;
        if count > limits.rows {
            return Err(ReadError::TooManyRows { limit: limits.rows });
        }
        sink(row).map(ControlFlow::Continue)
    };
    match (&choice.source, kind) {
        (Source::Sheet(name), FileKind::Xlsx) => {
            let mut workbook = xlsx::Workbook::open(&file, limits, deadline)?;
            workbook.rows(name, limits, deadline, &mut counted)
        }
        (Source::Csv(dialect), FileKind::Csv) => csv::rows(&file, *dialect, limits, deadline, &mut counted),
        _ => Err(ReadError::NotASheet),
    }
}

/// Takes rows one by one, and may have had enough.
type Sink<'a> = dyn FnMut(&Row) -> Result<ControlFlow<()>, ReadError> + 'a;

/// Opens the file and tells what it is by its content.
fn open(path: &Path, limits: &Limits) -> Result<(File, FileKind), ReadError> {
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes == 0 {
        return Err(ReadError::Empty);
    }
    if bytes > limits.file_bytes {
        return Err(ReadError::FileTooLarge { limit: limits.file_bytes });
    }
    let mut start = Vec::with_capacity(SNIFF);
    file.by_ref().take(SNIFF as u64).read_to_end(&mut start)?;
    file.rewind()?;
    Ok((file, sniff(&start)?))
}

/// Bytes looked at to tell the kind.
const SNIFF: usize = 64 << 10;

fn sniff(start: &[u8]) -> Result<FileKind, ReadError> {
    if start.starts_with(b"PK\x03\x04") {
        return Ok(FileKind::Xlsx);
    }
    // A compound file: an old workbook, or a new one wrapped in encryption. Names in it are UTF-16.
    if start.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        let name: Vec<u8> = "EncryptedPackage".bytes().flat_map(|b| [b, 0]).collect();
        let encrypted = memchr::memmem::find(start, &name).is_some();
        return Err(if encrypted { ReadError::Encrypted } else { ReadError::OldExcel });
    }
    if encoding::is_text(start) { Ok(FileKind::Csv) } else { Err(ReadError::NotASheet) }
}

/// `A`, `B` … `Z`, `AA`: the name of a column counted from 0.
#[must_use]
pub fn column_name(mut column: usize) -> String {
    let mut name = Vec::new();
    loop {
        // Below 26, so it fits.
        name.insert(0, char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => return name.into_iter().collect(),
        }
    }
}

/// When reading must be done.
#[derive(Debug, Clone, Copy)]
struct Deadline {
    at: Instant,
    seconds: u64,
}

impl Deadline {
    fn after(limits: &Limits) -> Self {
        let now = Instant::now();
        // A limit beyond the clock's range is none.
        let at = now.checked_add(Duration::from_secs(limits.seconds)).unwrap_or(now + Duration::from_secs(86_400));
        Self { at, seconds: limits.seconds }
    }

    fn check(self) -> Result<(), ReadError> {
        if Instant::now() > self.at { Err(ReadError::TooSlow { seconds: self.seconds }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        for (column, name) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_name(column), name);
        }
    }
}
