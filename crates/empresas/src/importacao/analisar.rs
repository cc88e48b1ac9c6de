use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind};
use sheets::{
    child::Parser,
    import::cell_text,
    read::{ReadError, Row},
};
use tenancy::TenantTx;

use super::{
    Counts, ImportacaoId, Judge, Judged, Mapping, Mode, State, Verdict, permitted,
    receber::on_disk,
    sql::{self, Linha},
};
use crate::empresa::{ADMINISTRAR, Campo, Known};

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

/// Rows kept for the preview: the ones with problems, as many as anybody would look at, and the first good ones.
const KEPT: usize = 5_000;
const GOOD: usize = 25;

/// Judges every row as it would be imported now, and writes nothing into the register.
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

    let file = on_disk(&content)?;
    drop(content);
    let mut judge = Judge::new(&known, &mapping, &registered);
    let mut kept = Kept::default();
    let mut rows = parser.rows(file.path(), choice).await?;
    while let Some(some) = rows.next().await? {
        for row in some {
            let judged = judge.judge(row);
            kept.look(row, &judged);
        }
    }
    let counts = judge.finish();
    sql::set_linhas(tx, id, &kept.linhas()).await?;
    sql::set_judged(tx, id, sheet, &mapping, mode, &counts).await?;
    if let Some(shown) = importacao.inspection.sheets.get(sheet).filter(|shown| !shown.shape.is_empty()) {
        sql::remember(tx, &shown.shape, &mapping).await?;
    }
    Ok(counts)
}

/// What only administradores set is no business of anybody else's spreadsheet.
pub(super) fn allowed(actor: &Actor, mapping: Mapping) -> Mapping {
    if actor.may(&ADMINISTRAR) {
        return mapping;
    }
    Mapping::new(mapping.columns().iter().map(|campo| campo.filter(|campo| *campo != Campo::DataCadastro)).collect())
}

fn fitting(mapping: &Mapping) -> Result<(), Vec<FieldError>> {
    let missing = mapping.missing().into_iter().map(|campo| Invalid::new("column-missing").at(campo.key()));
    let repeated = mapping.repeated().into_iter().map(|campo| Invalid::new("column-repeated").at(campo.key()));
    let errors: Vec<FieldError> = missing.chain(repeated).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[derive(Default)]
struct Kept {
    good: Vec<Linha>,
    troubled: Vec<Linha>,
}

impl Kept {
    fn look(&mut self, row: &Row, judged: &Judged) {
        let good = judged.problems.is_empty() && matches!(judged.verdict, Verdict::Nova(_));
        let (into, limit) = if good { (&mut self.good, GOOD) } else { (&mut self.troubled, KEPT) };
        if into.len() < limit {
            into.push(Linha {
                number: row.number(),
                situacao: judged.verdict.code().to_owned(),
                problems: judged.problems.clone(),
                // What is looked at need not be whole.
                cells: row.cells().map(|cell| cell_text(cell).chars().take(200).collect()).collect(),
            });
        }
    }

    fn linhas(self) -> Vec<Linha> {
        let mut all = self.good;
        all.extend(self.troubled);
        all.sort_by_key(|linha| linha.number);
        all
    }
}
