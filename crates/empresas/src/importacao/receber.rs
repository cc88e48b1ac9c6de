use std::io::Write;

use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Kind};
use sha2::{Digest, Sha256};
use sheets::{
    child::Parser,
    read::{Inspection, ReadError, SheetInfo},
};
use tempfile::NamedTempFile;
use tenancy::TenantTx;

use super::{ImportacaoId, Mapping, State, guess, permitted, sql};

#[derive(Debug, thiserror::Error)]
pub enum ReceberError {
    /// The file is no spreadsheet, or too much of one.
    #[error(transparent)]
    Unreadable(ReadError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<ReadError> for ReceberError {
    fn from(error: ReadError) -> Self {
        if error.invalid().is_some() { Self::Unreadable(error) } else { Self::Fault(super::read_fault(error)) }
    }
}

impl ErrorKind for ReceberError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unreadable(_) => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "invalid",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Unreadable(error) => error.invalid().map(|invalid| invalid.at("arquivo")).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Takes an upload in: looks at it, guesses its columns and keeps it. `file_name` is only shown.
pub async fn receber(
    tx: &mut TenantTx,
    actor: &Actor,
    parser: &Parser,
    file_name: &str,
    content: &[u8],
) -> Result<ImportacaoId, ReceberError> {
    permitted(actor)?;
    if content.len() as u64 > parser.limits.file_bytes {
        return Err(ReadError::FileTooLarge { limit: parser.limits.file_bytes }.into());
    }
    let file = on_disk(content)?;
    let inspection = parser.inspect(file.path()).await?;
    if inspection.sheets.is_empty() {
        return Err(ReceberError::Unreadable(ReadError::NotASheet));
    }
    let (sheet, mapping) = best_mapping(tx, &inspection).await?;
    let upload = sql::Upload {
        file_name: &shown_name(file_name),
        hash: &Sha256::digest(content),
        content,
        inspection: &inspection,
        sheet,
        mapping: &mapping,
        state: State::Colunas,
    };
    Ok(sql::insert(tx, actor, &upload).await?)
}

/// The name of a file as it may be shown.
pub(super) fn shown_name(file_name: &str) -> String {
    file_name.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The sheet to begin with and its columns: as they were told for the last file of its shape, else as they are called.
pub(super) async fn best_mapping(tx: &mut TenantTx, inspection: &Inspection) -> Result<(usize, Mapping), Fault> {
    let sheet = best_sheet(inspection);
    let Some(shown) = inspection.sheets.get(sheet) else { return Ok((0, Mapping::default())) };
    let remembered = if shown.shape.is_empty() { None } else { sql::remembered(tx, &shown.shape).await? };
    Ok((sheet, remembered.unwrap_or_else(|| guess(&shown.headers))))
}

/// The sheet to begin with: one whose headings we know before one that is merely there, such as a cover or our own
/// explanations; one with rows before one without.
fn best_sheet(inspection: &Inspection) -> usize {
    let known = |sheet: &SheetInfo| sheet.visible && guess(&sheet.headers).missing().is_empty();
    let first = |fits: &dyn Fn(&SheetInfo) -> bool| inspection.sheets.iter().position(fits);
    first(&|sheet| known(sheet) && !sheet.sample.is_empty()).or_else(|| first(&known)).unwrap_or_else(|| inspection.best_sheet())
}

/// The child reads a path. The file is gone when the value is.
pub(super) fn on_disk(content: &[u8]) -> Result<NamedTempFile, Fault> {
    let fault = |error| Fault::new("a file for an upload", error);
    let mut file = NamedTempFile::new().map_err(fault)?;
    file.write_all(content).map_err(fault)?;
    Ok(file)
}
