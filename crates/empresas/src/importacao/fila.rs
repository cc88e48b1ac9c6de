//! Several files sent at once: each waits for its turn, is read in the background, and then waits for a person like any other.

use chrono::TimeDelta;
use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Denied, ErrorKind, Fault, Invalid, Kind, Permission};
use messaging::Notice;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sheets::read::{FileKind, Inspection};
use tenancy::{Change, Entry, TenantTx};

use super::{
    AnalisarError, Importacao, ImportacaoId, Mapping, Mode, NOTICE, Problem, ReceberError, State, analisar,
    pages::ImportacaoShow,
    parser, permitted,
    receber::{best_mapping, on_disk, shown_name},
    sql,
};
use crate::empresa::Campo;

/// Files of one upload.
pub const MAX_FILES: usize = 10;
/// How long a file is kept that could not be read and that nobody tries again.
const UNREAD: TimeDelta = TimeDelta::days(30);
/// Told to the open pages when an importação has come to another state.
pub const TOPIC: &str = "importacao";
/// Told to the page of one that is being written when it has come further.
pub(super) const PROGRESS: &str = "importacao-andamento";

/// Reads one of the files.
#[derive(Debug, Serialize, Deserialize)]
struct LerImportacao {
    importacao: ImportacaoId,
}

impl Payload for LerImportacao {
    const NAME: &'static str = "empresas.ler-importacao";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(ler).gave_up(gave_up), super::gravar::handler()]
}

/// Takes a file in to be read after those before it. Nobody has looked into it yet.
pub async fn enfileirar(tx: &mut TenantTx, actor: &Actor, file_name: &str, content: &[u8]) -> Result<ImportacaoId, ReceberError> {
    permitted(actor)?;
    let nothing = Inspection { kind: FileKind::Csv, sheets: Vec::new(), dialect: None };
    let upload = sql::Upload {
        file_name: &shown_name(file_name),
        hash: &Sha256::digest(content),
        content,
        inspection: &nothing,
        sheet: 0,
        mapping: &Mapping::default(),
        state: State::Fila,
    };
    let unread_since = tx.clock().now() - UNREAD;
    sql::forget_unread(tx, unread_since).await?;
    let importacao = sql::insert(tx, actor, &upload).await?;
    enqueue(tx, importacao).await?;
    Ok(importacao)
}

async fn enqueue(tx: &mut TenantTx, importacao: ImportacaoId) -> Result<(), Fault> {
    // One after the other: ten files at once would take the machine from everybody else.
    let how = Enqueue { queue: Some("importacao".to_owned()), max_attempts: Some(5), ..Enqueue::default() };
    jobs::enqueue(tx, &LerImportacao { importacao }, how).await?;
    Ok(())
}

#[derive(Debug, thiserror::Error)]
pub enum LerError {
    #[error("importação not found")]
    NotFound,
    /// It was read, or its file is no spreadsheet or is kept no longer.
    #[error("the importação is not one to be read again")]
    Ended,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for LerError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Ended => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Ended => "importacao-ended",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Has a file read once more that could not be read through no fault of its own.
pub async fn reler(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<(), LerError> {
    permitted(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(LerError::NotFound)?;
    if !importacao.can_be_read_again() {
        return Err(LerError::Ended);
    }
    sql::set_queued(tx, id).await?;
    enqueue(tx, id).await?;
    tx.tell(TOPIC, id).await?;
    let change = Change { before: None, after: Some(serde_json::json!({ "file": importacao.file_name })) };
    let entry = Entry { action: "importacao.relida", entity: "importacao", entity_id: Some(id.uuid()), change };
    Ok(tx.audit(actor, entry).await?)
}

/// One that could not be read at the last attempt says so, rather than wait for ever, and may be tried again.
async fn gave_up(job: TenantJob, wish: LerImportacao) -> Result<(), Fault> {
    let id = wish.importacao;
    job.write(async |tx| {
        // One that was read waits with its columns for whoever sent it.
        let Some(importacao) = waiting(tx, id).await? else { return Ok(()) };
        sql::set_unreadable(tx, id, &Problem::from(Invalid::new("sheet-unread").at("arquivo")), true).await?;
        tx.tell(TOPIC, id).await?;
        if let Some(usuario) = importacao.actor_id {
            let (args, href) = ([("file", importacao.file_name.as_str())], ImportacaoShow { id }.to_string());
            messaging::notify(
                tx,
                usuario,
                &Notice { kind: &NOTICE, key: "importacao-notice-ilegivel", args: &args, href: &href },
            )
            .await?;
        }
        Ok(())
    })
    .await
}

async fn ler(job: TenantJob, wish: LerImportacao) -> Result<Outcome, Fault> {
    attempt(&job, wish.importacao).await
}

async fn attempt(job: &TenantJob, id: ImportacaoId) -> Result<Outcome, Fault> {
    let found = job.read(async |tx| sql::find(tx, id).await).await?;
    if let Some(importacao) = found.filter(|found| found.state == State::Colunas && job.attempt.number > 1) {
        // The try before this one read it, and broke off before it was judged.
        let (sheet, mapping) = (importacao.sheet, importacao.mapping.clone());
        let judged = job.write(async |tx| {
            look(tx, job, &importacao, sheet, mapping).await?;
            tx.tell(TOPIC, id).await
        });
        judged.await?;
        return Ok(Outcome::Done);
    }
    let content = job
        .read(async |tx| {
            let waits = sql::find(tx, id).await?.is_some_and(|importacao| importacao.state == State::Fila);
            if waits { sql::content(tx, id).await } else { Ok::<_, Fault>(None) }
        })
        .await?;
    // Read by another worker, or discarded meanwhile.
    let Some(content) = content else { return Ok(Outcome::Done) };
    let file = on_disk(&content)?;
    drop(content);
    let inspected = parser()?.inspect(file.path()).await;
    let inspection = match inspected {
        Ok(inspection) if !inspection.sheets.is_empty() => inspection,
        Ok(_) => return refuse(job, id, Invalid::new("sheet-not-a-sheet")).await,
        Err(error) => match error.invalid() {
            Some(invalid) => return refuse(job, id, invalid).await,
            None => return Err(super::read_fault(error)),
        },
    };
    job.write(async |tx| {
        let Some(importacao) = waiting(tx, id).await? else { return Ok(()) };
        let (sheet, mapping) = best_mapping(tx, &inspection).await?;
        sql::set_inspected(tx, id, &inspection, sheet, &mapping).await?;
        // In one go: a page that was drawn between the two would wait for no more news.
        look(tx, job, &importacao, sheet, mapping).await?;
        tx.tell(TOPIC, id).await
    })
    .await?;
    Ok(Outcome::Done)
}

async fn waiting(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Importacao>, Fault> {
    Ok(sql::lock(tx, id).await?.filter(|importacao| importacao.state == State::Fila))
}

/// One whose columns are known shows its preview at once; any other waits for somebody who tells them.
async fn look(tx: &mut TenantTx, job: &TenantJob, importacao: &Importacao, sheet: usize, mapping: Mapping) -> Result<(), Fault> {
    if !mapping.missing().is_empty() || !mapping.repeated().is_empty() {
        return Ok(());
    }
    // Only administradores bring it, and nobody knows here who will confirm.
    let mapping = mapping.without(Campo::DataCadastro);
    let (id, parser) = (importacao.id, parser()?);
    let judged = tx.nested(async |tx: &mut TenantTx| {
        // As whoever sent it: what they may make is no problem.
        let sender = match importacao.actor_id {
            Some(usuario) => acesso::usuario::actor(tx, usuario).await?.filter(|sender| permitted(sender).is_ok()),
            None => None,
        };
        let actor = sender.unwrap_or_else(|| job.actor.clone());
        analisar(tx, &actor, &parser, id, sheet, mapping, Mode::default()).await?;
        Ok::<_, AnalisarError>(())
    });
    match judged.await {
        // What cannot be judged waits with its columns, and tells the person who goes on with it.
        Ok(())
        | Err(AnalisarError::NotFound | AnalisarError::Ended | AnalisarError::Columns(_) | AnalisarError::Unreadable(_)) => {
            Ok(())
        }
        Err(AnalisarError::Denied(denied)) => Err(Fault::new("a job that may not", denied)),
        Err(AnalisarError::Fault(fault)) => Err(fault),
    }
}

async fn refuse(job: &TenantJob, id: ImportacaoId, invalid: Invalid) -> Result<Outcome, Fault> {
    job.write(async |tx| {
        if waiting(tx, id).await?.is_some() {
            sql::set_unreadable(tx, id, &Problem::from(invalid.at("arquivo")), false).await?;
            tx.tell(TOPIC, id).await?;
        }
        Ok(Outcome::Done)
    })
    .await
}
