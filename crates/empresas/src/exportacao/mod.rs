//! Exports too large to be waited for: asked for by a person, made by a job with that person's rights at that moment, kept for
//! some days, and theirs alone.
//!
//! The rules it protects: nobody else downloads the file, whatever they may see themselves; a file shows what its owner may see
//! when it is made; asking twice for the same makes it once; a worker that dies leaves it to the next one.

mod gerar;
pub mod pages;
mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use files::{ArquivoId, Files};
use jobs::{Enqueue, Handler, Payload, Schedule};
use kernel::{Actor, Denied, Entity, ErrorKind, Fault, Id, Kind, Lang};
use messaging::{NoticeKind, NoticeRule};
use serde::{Deserialize, Serialize};
use sheets::Format;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use crate::empresa::EXPORTAR;

/// How an export ended, to whoever asked for it.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "empresas.exportacao",
    label: "notice-exportacao",
    help: "notice-exportacao-help",
    needs: Some(EXPORTAR),
    panel: NoticeRule::On,
    email: NoticeRule::Off,
};

#[derive(Debug)]
pub enum ExportacaoEntity {}
impl Entity for ExportacaoEntity {
    const NAME: &'static str = "exportacao";
}
pub type ExportacaoId = Id<ExportacaoEntity>;

/// A file of more rows than this is not waited for.
pub const ROWS: i64 = 20_000;
/// A PDF is laid out in memory, page after page.
pub const PDF_ROWS: i64 = 2_000;
/// How long a finished file is kept.
pub const KEPT: TimeDelta = TimeDelta::days(7);
/// How long the list remembers that it was there.
const LISTED: TimeDelta = TimeDelta::days(30);
/// One that has not ended after so long never will.
const STALE: TimeDelta = TimeDelta::days(1);
/// How long one try may take.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(1800);
/// Told to the open pages when one has come further.
pub(crate) const TOPIC: &str = "exportacao";

/// Whether a file of so many rows is made by a job.
#[must_use]
pub const fn is_long(format: Format, rows: i64) -> bool {
    match format {
        // Too many for a PDF at all is told at once.
        Format::Pdf => rows > PDF_ROWS && rows <= 20_000,
        Format::Xlsx | Format::Csv => rows > ROWS,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fila,
    Gerando,
    Pronta,
    Falhou,
    Cancelada,
    /// Its file was removed after some days.
    Expirada,
}

impl State {
    const ALL: [Self; 6] = [Self::Fila, Self::Gerando, Self::Pronta, Self::Falhou, Self::Cancelada, Self::Expirada];

    const fn code(self) -> &'static str {
        match self {
            Self::Fila => "fila",
            Self::Gerando => "gerando",
            Self::Pronta => "pronta",
            Self::Falhou => "falhou",
            Self::Cancelada => "cancelada",
            Self::Expirada => "expirada",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a job is still at it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Fila | Self::Gerando)
    }
}

/// A file on its way to the one who asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Exportacao {
    pub id: ExportacaoId,
    pub usuario_id: Uuid,
    pub format: Format,
    pub consulta: String,
    pub lang: Lang,
    pub file_name: String,
    pub state: State,
    pub done: i64,
    pub total: i64,
    pub bytes: Option<i64>,
    pub(crate) arquivo_id: Option<ArquivoId>,
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Exportacao {
    /// Where the file lies, as long as it may be had.
    #[must_use]
    pub fn file(&self, now: DateTime<Utc>) -> Option<ArquivoId> {
        let kept = self.state == State::Pronta && self.expires_at.is_some_and(|at| now < at);
        self.arquivo_id.filter(|_| kept)
    }

    /// Whether it is over and there is no file of it.
    #[must_use]
    pub fn can_be_asked_again(&self, now: DateTime<Utc>) -> bool {
        !self.state.is_open() && self.file(now).is_none()
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Nova<'a> {
    pub format: Format,
    /// The list's address, or what the form of a selection sent.
    pub consulta: &'a str,
    pub total: i64,
    pub file_name: &'a str,
    pub lang: Lang,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportacaoError {
    /// There is none, or it is somebody else's.
    #[error("exportação not found")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ExportacaoError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Makes one file.
#[derive(Debug, Serialize, Deserialize)]
struct GerarExportacao {
    exportacao: ExportacaoId,
}

impl Payload for GerarExportacao {
    const NAME: &'static str = "empresas.gerar-exportacao";
}

/// Removes files that were kept long enough.
#[derive(Debug, Serialize, Deserialize)]
struct LimparExportacoes {}

impl Payload for LimparExportacoes {
    const NAME: &'static str = "empresas.limpar-exportacoes";
}

/// Of this crate, for the worker.
#[must_use]
pub fn handlers(files: &Files) -> Vec<Handler> {
    let (one, other) = (files.clone(), files.clone());
    vec![
        Handler::tenant(move |job, wish: GerarExportacao| gerar::gerar(one.clone(), job, wish.exportacao))
            .within(LONGEST)
            .gave_up(|job, wish: GerarExportacao| gerar::gave_up(job, wish.exportacao)),
        Handler::tenant(move |job, _: LimparExportacoes| gerar::limpar(other.clone(), job)),
    ]
}

/// # Errors
/// None but a defect: an expression of our own that cannot be read.
pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::each_unidade("empresas.limpar-exportacoes", "20 4 * * *", &LimparExportacoes {})?])
}

/// Removes files that nobody may fetch any more now, instead of at night.
pub(crate) async fn clean_soon(tx: &mut TenantTx) -> Result<(), Fault> {
    jobs::enqueue(tx, &LimparExportacoes {}, Enqueue::keyed(LimparExportacoes::NAME)).await?;
    Ok(())
}

/// The person an exportação belongs to.
fn owner(actor: &Actor) -> Result<Uuid, ExportacaoError> {
    actor.require(&EXPORTAR)?;
    // A program with a token has no pages and no notificações.
    actor.usuario().ok_or(ExportacaoError::Denied(Denied { permission: EXPORTAR }))
}

/// Asks for a file. Of the same that is on its way already, no second one is made.
pub async fn pedir(tx: &mut TenantTx, actor: &Actor, nova: &Nova<'_>) -> Result<ExportacaoId, ExportacaoError> {
    let usuario = owner(actor)?;
    if let Some(id) = sql::same(tx, usuario, nova).await? {
        return Ok(id);
    }
    let exportacao = sql::insert(tx, usuario, nova).await?;
    let said = serde_json::json!({ "format": nova.format.extension(), "rows": nova.total, "file": nova.file_name });
    let change = Change { before: None, after: Some(said) };
    let entry = Entry { action: "exportacao.pedida", entity: "exportacao", entity_id: Some(exportacao.uuid()), change };
    tx.audit(actor, entry).await?;
    // One after the other: nobody's large files keep the unidade's other work waiting.
    let how = Enqueue { queue: Some("exportacao".to_owned()), max_attempts: Some(4), ..Enqueue::default() };
    jobs::enqueue(tx, &GerarExportacao { exportacao }, how).await?;
    Ok(exportacao)
}

/// One of the actor's own.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: ExportacaoId) -> Result<Exportacao, ExportacaoError> {
    let usuario = owner(actor)?;
    sql::find(tx, id).await?.filter(|exportacao| exportacao.usuario_id == usuario).ok_or(ExportacaoError::NotFound)
}

/// Gives up one of the actor's own that is still being made; nothing happens to one that has ended. Answers whether it was.
pub async fn cancelar(tx: &mut TenantTx, actor: &Actor, id: ExportacaoId) -> Result<bool, ExportacaoError> {
    find(tx, actor, id).await?;
    let cancelled = sql::cancel(tx, id).await?;
    if cancelled {
        let entry =
            Entry { action: "exportacao.cancelada", entity: "exportacao", entity_id: Some(id.uuid()), change: Change::default() };
        tx.audit(actor, entry).await?;
        tx.tell(TOPIC, id).await?;
    }
    Ok(cancelled)
}

/// Asks once more for one of the actor's own that failed, was given up or is kept no longer. Answers the new one; the one itself
/// where it is still being made, or there to be taken.
pub async fn repetir(tx: &mut TenantTx, actor: &Actor, id: ExportacaoId) -> Result<ExportacaoId, ExportacaoError> {
    let exportacao = find(tx, actor, id).await?;
    if !exportacao.can_be_asked_again(tx.clock().now()) {
        return Ok(id);
    }
    let nova = Nova {
        format: exportacao.format,
        consulta: &exportacao.consulta,
        total: exportacao.total,
        file_name: &exportacao.file_name,
        lang: exportacao.lang,
    };
    pedir(tx, actor, &nova).await
}

/// Notes that its owner took the file.
pub(crate) async fn note_taken(tx: &mut TenantTx, actor: &Actor, exportacao: &Exportacao) -> Result<(), Fault> {
    let said = serde_json::json!({ "file": exportacao.file_name, "rows": exportacao.done });
    let change = Change { before: None, after: Some(said) };
    let entry = Entry { action: "exportacao.baixada", entity: "exportacao", entity_id: Some(exportacao.id.uuid()), change };
    tx.audit(actor, entry).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_files_are_made_by_a_job() {
        assert!(!is_long(Format::Xlsx, ROWS) && is_long(Format::Xlsx, ROWS + 1) && is_long(Format::Csv, 1_000_000));
        assert!(!is_long(Format::Pdf, PDF_ROWS) && is_long(Format::Pdf, PDF_ROWS + 1));
        assert!(!is_long(Format::Pdf, 20_001), "no PDF holds them: that is told at once");
    }
}
