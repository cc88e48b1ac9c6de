use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::stream;
use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind};
use sheets::{child::Parser, read::ReadError};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{
    Counts, Escolha, ImportacaoId, Judge, Mapping, Mode, State,
    copy::copy_line,
    linha::{Kept, edited},
    permitted,
    receber::on_disk,
    sql,
};
use crate::{
    empresa::{ADMINISTRAR, Campo, Known},
    etiqueta,
};

#[derive(Debug, thiserror::Error)]
pub enum AnalisarError {
    #[error("importação not found")]
    NotFound,
    /// It is imported or discarded already.
    #[error("the importação has ended")]
    Ended,
    /// No column brings the CNPJ or the name, or two bring the same field.
    #[error("the columns do not fit")]
    Columns(Vec<FieldError>),
    #[error(transparent)]
    Unreadable(ReadError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<ReadError> for AnalisarError {
    fn from(error: ReadError) -> Self {
        if error.invalid().is_some() { Self::Unreadable(error) } else { Self::Fault(super::read_fault(error)) }
    }
}

impl ErrorKind for AnalisarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Ended => Kind::Conflict,
            Self::Columns(_) | Self::Unreadable(_) => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Ended => "importacao-ended",
            Self::Columns(_) | Self::Unreadable(_) => "invalid",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Columns(fields) => fields.clone(),
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

/// Judges every row as it would be imported now, and writes nothing into the register. What people set right in this sheet
/// before, and decided row by row, stays.
pub async fn analisar(
    tx: &mut TenantTx,
    actor: &Actor,
    parser: &Parser,
    id: ImportacaoId,
    sheet: usize,
    mapping: Mapping,
    mode: Mode,
) -> Result<Counts, AnalisarError> {
    permitted(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(AnalisarError::NotFound)?;
    if !matches!(importacao.state, State::Colunas | State::Previa) {
        return Err(AnalisarError::Ended);
    }
    let mapping = allowed(actor, mapping);
    fitting(&mapping).map_err(AnalisarError::Columns)?;
    let choice = importacao.inspection.choice(sheet).ok_or(AnalisarError::NotFound)?;
    let content = sql::content(tx, id).await?.ok_or(AnalisarError::Ended)?;
    let known = Known::load(tx).await?.open();
    let registered = sql::registered(tx).await?;
    // Another sheet has other rows.
    let kept = if sheet == importacao.sheet { sql::linha::kept(tx, id).await? } else { HashMap::new() };
    let same_cnpj = mapping.column(Campo::Cnpj) == importacao.mapping.column(Campo::Cnpj);
    let preferred = kept.iter().filter(|(_, kept)| kept.preferida && same_cnpj);
    let preferred = preferred.filter_map(|(number, kept)| Some((kept.cnpj?, *number))).collect();
    let escolha = if mode == importacao.mode && importacao.state == State::Previa { importacao.escolha } else { usual(mode) };

    let file = on_disk(&content)?;
    drop(content);
    sql::linha::clear(tx, id).await?;
    let reading = Reading {
        rows: parser.rows(file.path(), choice).await?,
        judge: Judge::new(&known, &mapping, &registered).preferring(preferred).making_etiquetas(actor.may(&etiqueta::GERIR)),
        kept,
        id: id.uuid(),
    };
    store(tx, reading).await?;
    let counts = sql::linha::tally(tx, id, mode, escolha).await?;
    sql::set_judged(tx, id, sheet, &mapping, (mode, escolha), &counts).await?;
    if let Some(shown) = importacao.inspection.sheets.get(sheet).filter(|shown| !shown.shape.is_empty()) {
        sql::remember(tx, &shown.shape, &mapping).await?;
    }
    Ok(counts)
}

/// What happens to rows that are in the register, unless somebody says otherwise.
const fn usual(mode: Mode) -> Escolha {
    if mode.updates() { Escolha::Sobrescrever } else { Escolha::Pular }
}

/// The way of the rows from the child to the table of rows.
struct Reading<'a> {
    rows: sheets::child::Rows,
    judge: Judge<'a>,
    kept: HashMap<u32, Kept>,
    id: Uuid,
}

/// Keeps all rows, with their judgement, as they come.
async fn store(tx: &mut TenantTx, reading: Reading<'_>) -> Result<(), AnalisarError> {
    // COPY cannot carry it: how it went wrong.
    let failed = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&failed);
    let chunks = stream::unfold(reading, move |mut reading| {
        let noted = Arc::clone(&noted);
        async move {
            let mut chunk = String::new();
            match step(&mut reading, &mut chunk).await {
                Ok(true) => Some((chunk.into_bytes(), reading)),
                Ok(false) => None,
                Err(error) => {
                    *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    None
                }
            }
        }
    });
    tx.copy_in(sql::linha::COPY, Box::pin(chunks)).await.map_err(Fault::from)?;
    // The rows before the failure are stored, but never committed.
    let failed = failed.lock().unwrap_or_else(PoisonError::into_inner).take();
    failed.map_or(Ok(()), Err)
}

/// The next rows of the file as lines of COPY; false after the last.
async fn step(reading: &mut Reading<'_>, chunk: &mut String) -> Result<bool, AnalisarError> {
    let Some(rows) = reading.rows.next().await? else { return Ok(false) };
    for row in rows {
        let kept = reading.kept.remove(&row.number()).unwrap_or_default();
        let judged =
            if kept.edits.is_empty() { reading.judge.judge(row) } else { reading.judge.judge(&edited(row, &kept.edits)) };
        let linha = kept.onto(row.clone(), judged);
        copy_line(chunk, &sql::linha::fields(reading.id, &linha)?);
    }
    Ok(true)
}

/// What only administradores set is no business of anybody else's spreadsheet.
pub(super) fn allowed(actor: &Actor, mapping: Mapping) -> Mapping {
    if actor.may(&ADMINISTRAR) {
        return mapping;
    }
    mapping.without(Campo::DataCadastro)
}

fn fitting(mapping: &Mapping) -> Result<(), Vec<FieldError>> {
    let missing = mapping.missing().into_iter().map(|campo| Invalid::new("column-missing").at(campo.key()));
    let repeated = mapping.repeated().into_iter().map(|brings| Invalid::new("column-repeated").at(brings.key()));
    let errors: Vec<FieldError> = missing.chain(repeated).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
