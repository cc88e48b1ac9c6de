use kernel::{Actor, Invalid, Refusal, Rule, Told};
use sha2::{Digest, Sha256};
use sheets::{
    child::Parser,
    import::intake,
    read::{Limits, ReadError},
};
use tenancy::TenantTx;

use super::{Especie, ImportacaoId, MAX_BYTES, MAX_ROWS, campos, person, sql};

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
            Self::NoLines => Some(Invalid::new("historico-no-lines")),
        };
        invalid.map(|invalid| invalid.at("arquivo")).into_iter().collect()
    }
}

pub type ReceberError = Refusal<ReceberRule>;

/// Characters of a cell that are kept: more than any field takes, so that the judgement says so.
const LONGEST: usize = 5_100;

fn refused(error: ReadError) -> ReceberError {
    match error.invalid() {
        Some(_) => ReceberRule::Unreadable(error).into(),
        None => kernel::Fault::new("reading a spreadsheet", error).into(),
    }
}

/// Takes a file in: reads the table whose columns are best known and keeps its lines as text. `file_name` is only shown.
pub async fn receber(
    tx: &mut TenantTx,
    actor: &Actor,
    especie: Especie,
    file_name: &str,
    content: &[u8],
) -> Result<ImportacaoId, ReceberError> {
    let own = person(actor)?;
    let limits = Limits { file_bytes: MAX_BYTES, rows: MAX_ROWS, ..Limits::default() };
    let parser = Parser::ours(limits).map_err(refused)?;
    let intake = intake(&parser, content, &campos::specs(especie), LONGEST).await.map_err(refused)?;
    if intake.lines.is_empty() {
        return Err(ReceberRule::NoLines.into());
    }
    let nova = sql::Nova {
        especie,
        file_name: file_name.chars().filter(|c| !c.is_control()).take(200).collect(),
        hash: &Sha256::digest(content),
        intake: &intake,
        own,
    };
    Ok(sql::insert(tx, actor, &nova).await?)
}
