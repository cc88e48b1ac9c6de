//! Several files sent at once: each waits for its turn, is read in the background, and then waits for a person like any other.

use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Fault, Invalid};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sheets::read::{FileKind, Inspection};
use tenancy::TenantTx;

use super::{
    AnalisarError, Importacao, ImportacaoId, Mapping, Mode, Problem, ReceberError, State, analisar, parser, permitted,
    receber::{best_mapping, on_disk, shown_name},
    sql,
};
use crate::empresa::Campo;

/// Files of one upload.
pub const MAX_FILES: usize = 10;
/// Told to the open pages when an importação has come further.
pub const TOPIC: &str = "importacao";

/// Reads one of the files.
#[derive(Debug, Serialize, Deserialize)]
struct LerImportacao {
    importacao: ImportacaoId,
}

impl Payload for LerImportacao {
    const NAME: &'static str = "empresas.ler-importacao";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(ler)]
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
    let importacao = sql::insert(tx, actor, &upload).await?;
    // One after the other: ten files at once would take the machine from everybody else.
    let how = Enqueue { queue: Some("importacao".to_owned()), max_attempts: Some(5), ..Enqueue::default() };
    jobs::enqueue(tx, &LerImportacao { importacao }, how).await?;
    Ok(importacao)
}

/// One that cannot be read at the last attempt says so, rather than wait for ever.
async fn ler(job: TenantJob, wish: LerImportacao) -> Result<Outcome, Fault> {
    let read = attempt(&job, wish.importacao).await;
    if read.is_err() && job.attempt.is_last() {
        refuse(&job, wish.importacao, Invalid::new("sheet-unread")).await?;
    }
    read
}

async fn attempt(job: &TenantJob, id: ImportacaoId) -> Result<Outcome, Fault> {
    let found = job.read(async |tx| sql::find(tx, id).await).await?;
    if let Some(importacao) = found.filter(|found| found.state == State::Colunas && job.attempt.number > 1) {
        // The try before this one read it, and broke off before it was judged.
        let (sheet, mapping) = (importacao.sheet, importacao.mapping.clone());
        look(job, &importacao, sheet, mapping).await?;
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
    let fits = job
        .write(async |tx| {
            let Some(importacao) = waiting(tx, id).await? else { return Ok(None) };
            let (sheet, mapping) = best_mapping(tx, &inspection).await?;
            sql::set_inspected(tx, id, &inspection, sheet, &mapping).await?;
            tx.tell(TOPIC, id).await?;
            Ok::<_, Fault>(Some((importacao, sheet, mapping)))
        })
        .await?;
    if let Some((importacao, sheet, mapping)) = fits {
        look(job, &importacao, sheet, mapping).await?;
    }
    Ok(Outcome::Done)
}

async fn waiting(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Importacao>, Fault> {
    Ok(sql::lock(tx, id).await?.filter(|importacao| importacao.state == State::Fila))
}

/// One whose columns are known shows its preview at once; any other waits for somebody who tells them.
async fn look(job: &TenantJob, importacao: &Importacao, sheet: usize, mapping: Mapping) -> Result<(), Fault> {
    if !mapping.missing().is_empty() || !mapping.repeated().is_empty() {
        return Ok(());
    }
    // Only administradores bring it, and nobody knows here who will confirm.
    let columns = mapping.columns().iter().map(|campo| campo.filter(|campo| *campo != Campo::DataCadastro));
    let mapping = Mapping::new(columns.collect());
    let (id, actor, parser) = (importacao.id, job.actor.clone(), parser()?);
    let judged = job.write(async |tx| {
        analisar(tx, &actor, &parser, id, sheet, mapping, Mode::default()).await?;
        tx.tell(TOPIC, id).await?;
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
            sql::set_unreadable(tx, id, &Problem::from(invalid.at("arquivo"))).await?;
            tx.tell(TOPIC, id).await?;
        }
        Ok(Outcome::Done)
    })
    .await
}
