use kernel::{Actor, Refusal, Rule, Told};
use sha2::{Digest, Sha256};
use sheets::read::ReadError;
use tenancy::TenantTx;

use super::{ImportacaoId, parser, person, read_fault, specs, sql};

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

/// Characters of a cell that are kept: more than any field takes, so that the judgement says so.
const LONGEST: usize = 400;

pub type ReceberError = Refusal<ReceberRule>;

fn refused(error: ReadError) -> ReceberError {
    if error.invalid().is_some() { ReceberRule::Unreadable(error).into() } else { read_fault(error).into() }
}

/// Takes a file in: reads its first table, guesses its columns and keeps its lines as text. `file_name` is only shown.
pub async fn receber(tx: &mut TenantTx, actor: &Actor, file_name: &str, content: &[u8]) -> Result<ImportacaoId, ReceberError> {
    let own = person(actor)?;
    let intake = sheets::import::intake(&parser()?, content, &specs(), LONGEST).await.map_err(refused)?;
    if intake.lines.is_empty() {
        return Err(ReceberRule::NoLines.into());
    }
    let nova = sql::Nova {
        file_name: file_name.chars().filter(|c| !c.is_control()).take(200).collect(),
        hash: Sha256::digest(content).to_vec(),
        intake,
        own,
    };
    Ok(sql::insert(tx, nova).await?)
}
