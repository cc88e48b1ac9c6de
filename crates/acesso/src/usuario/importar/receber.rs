use std::io::Write;

use kernel::{Actor, Fault, Refusal, Rule, Told};
use sha2::{Digest, Sha256};
use sheets::{import::cell_text, read::ReadError};
use tempfile::NamedTempFile;
use tenancy::TenantTx;

use super::{ImportacaoId, Linha, parser, person, read_fault, specs, sql};

#[derive(Debug, thiserror::Error)]
pub enum ReceberRule {
    /// No spreadsheet, or too much of one.
    #[error(transparent)]
    Unreadable(ReadError),
    #[error("the file has no line")]
    NoLines,
}

impl Rule for ReceberRule {
    fn told(&self) -> Told {
        Told::invalid("invalid").at("arquivo")
    }

    fn fields(&self) -> Vec<kernel::FieldError> {
        let invalid = match self {
            Self::Unreadable(error) => error.invalid(),
            Self::NoLines => Some(kernel::Invalid::new("usuarios-no-lines")),
        };
        invalid.map(|invalid| invalid.at("arquivo")).into_iter().collect()
    }
}

pub type ReceberError = Refusal<ReceberRule>;

fn refused(error: ReadError) -> ReceberError {
    if error.invalid().is_some() { ReceberRule::Unreadable(error).into() } else { read_fault(error).into() }
}

/// Takes a file in: reads its first table, guesses its columns and keeps its lines as text. `file_name` is only shown.
pub async fn receber(tx: &mut TenantTx, actor: &Actor, file_name: &str, content: &[u8]) -> Result<ImportacaoId, ReceberError> {
    let own = person(actor)?;
    let parser = parser()?;
    if content.len() as u64 > parser.limits.file_bytes {
        return Err(refused(ReadError::FileTooLarge { limit: parser.limits.file_bytes }));
    }
    let file = on_disk(content)?;
    let inspection = parser.inspect(file.path()).await.map_err(refused)?;
    let sheet = inspection.best_sheet();
    let (Some(shown), Some(choice)) = (inspection.sheets.get(sheet), inspection.choice(sheet)) else {
        return Err(ReceberRule::NoLines.into());
    };
    let mut linhas = Vec::new();
    let mut rows = parser.rows(file.path(), choice).await.map_err(refused)?;
    while let Some(some) = rows.next().await.map_err(refused)? {
        // A line of the file is one of the preview, unless nothing is in it.
        linhas.extend(
            some.iter()
                .filter(|row| !row.is_empty())
                .map(|row| Linha { number: row.number(), cells: row.cells().map(|cell| kept(&cell_text(cell))).collect() }),
        );
    }
    if linhas.is_empty() {
        return Err(ReceberRule::NoLines.into());
    }
    let headers: Vec<String> = shown.headers.iter().map(|header| kept(header)).collect();
    let guess = sheets::import::guess(&headers, &specs());
    let mapping = guess.columns.iter().map(|campo| campo.unwrap_or_default().to_owned()).collect();
    let nova = sql::Nova {
        file_name: file_name.chars().filter(|c| !c.is_control()).take(200).collect(),
        hash: Sha256::digest(content).to_vec(),
        headers,
        linhas,
        mapping,
        own,
    };
    Ok(sql::insert(tx, nova).await?)
}

/// A cell as it is kept: longer than any field takes, so that the judgement says so, and without what the database cannot hold.
fn kept(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(400).collect()
}

/// The child reads a path. The file is gone when the value is.
fn on_disk(content: &[u8]) -> Result<NamedTempFile, Fault> {
    let fault = |error| Fault::new("a file for an upload", error);
    let mut file = NamedTempFile::new().map_err(fault)?;
    file.write_all(content).map_err(fault)?;
    Ok(file)
}
