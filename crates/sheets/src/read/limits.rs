//! How much of a stranger's file is read, and what is said when it is more.

use kernel::{ErrorKind, Invalid, Kind};
use serde::{Deserialize, Serialize};

/// Bounds of one uploaded file. Each has its own [`ReadError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Of the file as uploaded.
    pub file_bytes: u64,
    /// Of all parts of an XLSX together, counted while really inflating them.
    pub unpacked_bytes: u64,
    /// Unpacked size over the file's. Honest spreadsheets reach about 60.
    pub ratio: u64,
    /// Parts of an XLSX.
    pub members: usize,
    pub sheets: usize,
    /// Rows that hold something.
    pub rows: u64,
    /// Last column that holds something.
    pub columns: usize,
    /// Characters of one cell; Excel's own limit by default.
    pub cell_chars: usize,
    /// Merged regions.
    pub merged: usize,
    /// Wall clock in this process; a child gets as many seconds of processor time as well.
    pub seconds: u64,
    /// Address space of the child process.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 32 << 20,
            unpacked_bytes: 512 << 20,
            ratio: 200,
            members: 1_000,
            sheets: 64,
            rows: 200_000,
            columns: 256,
            cell_chars: 32_767,
            merged: 20_000,
            seconds: 60,
            memory_bytes: 512 << 20,
        }
    }
}

/// Why a file cannot be read. Travels from the child process to its parent, so it owns plain values only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ReadError {
    #[error("the file has more than {limit} bytes")]
    FileTooLarge { limit: u64 },
    #[error("the file unpacks to more than {limit} bytes")]
    UnpackedTooLarge { limit: u64 },
    #[error("the file unpacks to more than {limit} times its size")]
    RatioTooHigh { limit: u64 },
    #[error("the file has more than {limit} parts")]
    TooManyMembers { limit: usize },
    #[error("the file has more than {limit} sheets")]
    TooManySheets { limit: usize },
    #[error("the sheet has more than {limit} rows")]
    TooManyRows { limit: u64 },
    #[error("row {row} reaches beyond column {limit}")]
    TooManyColumns { limit: usize, row: u32 },
    /// `column` counts from 1.
    #[error("the cell in row {row}, column {column} has more than {limit} characters")]
    CellTooLong { limit: usize, row: u32, column: usize },
    #[error("the file has more than {limit} merged regions")]
    TooManyMerged { limit: usize },
    #[error("reading took longer than {seconds} seconds")]
    TooSlow { seconds: u64 },
    #[error("reading took more than {bytes} bytes of memory")]
    TooMuchMemory { bytes: u64 },

    #[error("the file is empty")]
    Empty,
    /// Neither an XLSX nor a text that could be a CSV.
    #[error("the file is no spreadsheet")]
    NotASheet,
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// `.xls` of Excel 97–2003.
    #[error("the file is an old Excel workbook")]
    OldExcel,
    /// `.ods` and its relatives.
    #[error("the file is an OpenDocument")]
    OpenDocument,
    /// `.xlsb`.
    #[error("the file is a binary Excel workbook")]
    BinaryExcel,
    /// A document type declaration: spreadsheet programs write none, attackers do.
    #[error("the workbook declares a document type")]
    DocumentType,
    /// A quotation mark that is opened and never closed.
    #[error("the quotation mark opened in row {row} is never closed")]
    OpenQuote { row: u32 },
    #[error("the file has no sheet named {name}")]
    SheetNotFound { name: String },
    #[error("the file is damaged: {detail}")]
    Damaged { detail: String },

    /// An accident of ours: disk, pipe, process.
    #[error("reading failed: {detail}")]
    Failed { detail: String },
}

impl ReadError {
    /// What to tell the person; `None` for an accident of ours.
    #[must_use]
    pub fn invalid(&self) -> Option<Invalid> {
        let invalid = Invalid::new(self.code());
        Some(match self {
            Self::FileTooLarge { limit } | Self::UnpackedTooLarge { limit } => invalid.with("mib", limit >> 20),
            Self::TooMuchMemory { bytes } => invalid.with("mib", bytes >> 20),
            Self::RatioTooHigh { limit } | Self::TooManyRows { limit } => invalid.with("limit", limit),
            Self::TooManyMembers { limit } | Self::TooManySheets { limit } | Self::TooManyMerged { limit } => {
                invalid.with("limit", limit)
            }
            Self::TooManyColumns { limit, row } => invalid.with("limit", limit).with("row", row),
            Self::CellTooLong { limit, row, column } => {
                invalid.with("limit", limit).with("row", row).with("column", super::column_name(column.saturating_sub(1)))
            }
            Self::TooSlow { seconds } => invalid.with("seconds", seconds),
            Self::OpenQuote { row } => invalid.with("row", row),
            Self::SheetNotFound { name } => invalid.with("name", name),
            Self::Failed { .. } => return None,
            _ => invalid,
        })
    }
}

impl ErrorKind for ReadError {
    fn kind(&self) -> Kind {
        if matches!(self, Self::Failed { .. }) { Kind::Fault } else { Kind::Invalid }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::FileTooLarge { .. } => "sheet-file-too-large",
            Self::UnpackedTooLarge { .. } => "sheet-unpacked-too-large",
            Self::RatioTooHigh { .. } => "sheet-ratio-too-high",
            Self::TooManyMembers { .. } => "sheet-too-many-members",
            Self::TooManySheets { .. } => "sheet-too-many-sheets",
            Self::TooManyRows { .. } => "sheet-too-many-rows",
            Self::TooManyColumns { .. } => "sheet-too-many-columns",
            Self::CellTooLong { .. } => "sheet-cell-too-long",
            Self::TooManyMerged { .. } => "sheet-too-many-merged",
            Self::TooSlow { .. } => "sheet-too-slow",
            Self::TooMuchMemory { .. } => "sheet-too-much-memory",
            Self::Empty => "sheet-empty",
            Self::NotASheet => "sheet-not-a-sheet",
            Self::Encrypted => "sheet-encrypted",
            Self::OldExcel => "sheet-old-excel",
            Self::OpenDocument => "sheet-open-document",
            Self::BinaryExcel => "sheet-binary-excel",
            Self::DocumentType => "sheet-document-type",
            Self::OpenQuote { .. } => "sheet-open-quote",
            Self::SheetNotFound { .. } => "sheet-not-found",
            Self::Damaged { .. } => "sheet-damaged",
            Self::Failed { .. } => "fault",
        }
    }
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed { detail: error.to_string() }
    }
}
