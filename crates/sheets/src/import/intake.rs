use std::{io::Write as _, path::Path};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::{ColumnSpec, cell_text, guess, number_text};
use crate::{
    child::Parser,
    read::{Inspection, Raw, ReadError, SheetInfo},
};

/// A line of a file as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// As the spreadsheet program counts it.
    #[serde(rename = "n")]
    pub number: u32,
    #[serde(rename = "c")]
    pub cells: Vec<String>,
}

/// A file whose lines are kept as text until somebody has looked at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    pub headers: Vec<String>,
    /// Those in which something stands.
    pub lines: Vec<Line>,
    /// By column of the file: a field, or nothing; as [`guess`] has it.
    pub mapping: Vec<String>,
}

/// Reads the table of a file whose columns are best known, every cell cut after `longest` characters. It has no line where the
/// file has no table.
///
/// # Errors
/// The limit that is exceeded, or what is wrong with the file.
pub async fn intake(parser: &Parser, content: &[u8], specs: &[ColumnSpec], longest: usize) -> Result<Intake, ReadError> {
    if content.len() as u64 > parser.limits.file_bytes {
        return Err(ReadError::FileTooLarge { limit: parser.limits.file_bytes });
    }
    // The child reads a path; the file is gone when the value is.
    let mut file = NamedTempFile::new()?;
    file.write_all(content)?;
    let inspection = parser.inspect(file.path()).await?;
    let sheet = best_sheet(&inspection, specs);
    let headers = inspection.sheets.get(sheet).map(|sheet| sheet.headers.clone()).unwrap_or_default();
    let lines = lines(parser, file.path(), &inspection, sheet, longest).await?;
    let columns = guess(&headers, specs).columns;
    let mapping = columns.into_iter().map(|column| column.unwrap_or_default().to_owned()).collect();
    let headers = headers.iter().map(|header| kept(header, longest)).collect();
    Ok(Intake { headers, lines, mapping })
}

/// A sheet that brings every required field before one that merely has rows, such as our own explanations; one with rows before one
/// without.
fn best_sheet(inspection: &Inspection, specs: &[ColumnSpec]) -> usize {
    let known = |sheet: &SheetInfo| sheet.visible && guess(&sheet.headers, specs).missing.is_empty();
    let first = |fits: &dyn Fn(&SheetInfo) -> bool| inspection.sheets.iter().position(fits);
    first(&|sheet| known(sheet) && !sheet.sample.is_empty()).or_else(|| first(&known)).unwrap_or_else(|| inspection.best_sheet())
}

async fn lines(
    parser: &Parser,
    path: &Path,
    inspection: &Inspection,
    sheet: usize,
    longest: usize,
) -> Result<Vec<Line>, ReadError> {
    let Some(choice) = inspection.choice(sheet) else { return Ok(Vec::new()) };
    let mut lines = Vec::new();
    let mut rows = parser.rows(path, choice).await?;
    while let Some(some) = rows.next().await? {
        let filled = some.iter().filter(|row| !row.is_empty());
        lines.extend(
            filled.map(|row| Line { number: row.number(), cells: row.cells().map(|cell| kept(&text(cell), longest)).collect() }),
        );
    }
    Ok(lines)
}

/// As text that reads back as the same value: the point of a number would be taken for thousands.
fn text(cell: Raw<'_>) -> String {
    match cell {
        Raw::Number(number) => number_text(number).replace('.', ","),
        other => cell_text(other).into_owned(),
    }
}

/// Without what the database cannot hold.
fn kept(text: &str, longest: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{decimal, reais};

    #[test]
    fn a_number_reads_back_as_what_it_was() {
        for number in [1.085, 1085.0, 64_214.65, -0.5, 4_225_785.23] {
            let text = text(Raw::Number(number));
            assert_eq!(decimal(Raw::Text(&text)), decimal(Raw::Number(number)), "{text}");
        }
        assert_eq!(reais(Raw::Text(&text(Raw::Number(1.5)))).unwrap().unwrap().to_string(), "R$ 1,50");
        assert_eq!(kept("a\0bcd", 3), "abc");
    }
}
