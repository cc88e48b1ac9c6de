//! Files of many kinds, made where they are needed.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use sheets::read::{Choice, Inspection, Limits, Raw, ReadError, Row, inspect, rows};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

pub(crate) const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
pub(crate) const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
pub(crate) const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="P" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
pub(crate) const WORKBOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// A workbook of one sheet `P` with this inside its `worksheet` element.
pub(crate) fn sheet(inside: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>"#
    )
}

/// Parts of a ZIP beside the usual ones of a workbook.
pub(crate) fn xlsx(sheet: &[u8], more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.extend_from_slice(more);
    archive(&parts)
}

pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A file that lives as long as the test.
pub(crate) struct Upload {
    directory: TempDir,
}

impl Upload {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        // The name lies on purpose: only content counts.
        fs::write(directory.path().join("upload.pdf"), bytes).unwrap();
        Self { directory }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("upload.pdf")
    }

    pub(crate) fn inspect(&self) -> Result<Inspection, ReadError> {
        inspect(&self.path(), &Limits::default())
    }

    /// All rows of the first sheet, header included.
    pub(crate) fn rows(&self, limits: &Limits) -> Result<Vec<Row>, ReadError> {
        let mut choice = inspect(&self.path(), limits)?.choice(0).unwrap();
        choice.first_row = 1;
        read(&self.path(), &choice, limits)
    }
}

pub(crate) fn read(path: &Path, choice: &Choice, limits: &Limits) -> Result<Vec<Row>, ReadError> {
    let mut all = Vec::new();
    rows(path, choice, limits, &mut |row| {
        all.push(row.clone());
        Ok(())
    })?;
    Ok(all)
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/planilhas").join(name)
}

pub(crate) fn text(row: &Row, column: usize) -> &str {
    match row.cell(column) {
        Raw::Text(text) => text,
        other => panic!("row {} column {column} is {other:?}", row.number()),
    }
}
