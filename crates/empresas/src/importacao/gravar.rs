//! Confirming a large file: a job writes it on behalf of whoever confirmed it, in one transaction as always, while pages hear how
//! far it has come and anybody who imports may call it off. Until it commits nothing is in the register; a worker that dies
//! leaves it to the next one, and when the last attempt fails it is a preview again that says why.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Denied, ErrorKind, Fault, Invalid, Kind};
use messaging::Notice;
use serde::{Deserialize, Serialize};
use tenancy::{Change, Entry, Mode, TenantTx};

use super::{
    ConfirmarError, Counts, Importacao, ImportacaoId, NOTICE, Problem, State, TOPIC,
    confirmar::{waiting, write_all},
    fila::PROGRESS,
    pages::ImportacaoShow,
    permitted, sql,
};

/// More rows than this are not waited for.
pub const ROWS: u64 = 10_000;
/// How often pages hear how far it has come, and the job whether it was called off.
const BEAT: Duration = Duration::from_secs(1);
/// How long one try may take.
const LONGEST: Duration = Duration::from_secs(1800);

/// Writes one that was confirmed.
#[derive(Debug, Serialize, Deserialize)]
struct GravarImportacao {
    importacao: ImportacaoId,
}

impl Payload for GravarImportacao {
    const NAME: &'static str = "empresas.gravar-importacao";
}

pub(super) fn handler() -> Handler {
    Handler::tenant(work).within(LONGEST).gave_up(gave_up)
}

/// Confirms a preview: a small one is written at once, and its counts answered; a large one is left to a job.
///
/// # Errors
/// Those of [`super::confirmar`].
pub async fn gravar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    seen: Option<i32>,
) -> Result<Option<Counts>, ConfirmarError> {
    let importacao = waiting(tx, actor, id, seen).await?;
    let total = importacao.counts.to_create + importacao.counts.to_update;
    let Some(usuario) = actor.usuario().filter(|_| total > ROWS) else {
        return write_all(tx, actor, &importacao, &AtomicU64::new(0)).await.map(Some);
    };
    sql::gravar::begin(tx, id, usuario, total).await?;
    let said = serde_json::json!({ "file": importacao.file_name, "hash": importacao.hash, "rows": total });
    tx.audit(actor, entry("importacao.confirmada", id, Some(said))).await?;
    // Each of them keeps all other writers of the register waiting: never two at once.
    let how = Enqueue { queue: Some("importacao.gravar".to_owned()), max_attempts: Some(4), ..Enqueue::default() };
    jobs::enqueue(tx, &GravarImportacao { importacao: id }, how).await?;
    tx.tell(TOPIC, id).await?;
    Ok(None)
}

const fn entry(action: &'static str, id: ImportacaoId, after: Option<serde_json::Value>) -> Entry {
    Entry { action, entity: "importacao", entity_id: Some(id.uuid()), change: Change { before: None, after } }
}

#[derive(Debug, thiserror::Error)]
pub enum CancelarError {
    #[error("importação not found")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for CancelarError {
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

/// Calls off one that is being written. False when it is too late, or nothing was being written.
pub async fn cancelar(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<bool, CancelarError> {
    permitted(actor)?;
    let importacao = sql::find(tx, id).await?.ok_or(CancelarError::NotFound)?;
    if importacao.state != State::Gravando {
        return Ok(false);
    }
    // No job is at it yet: it is a preview again at once. Else the job hears of it, within a second or before it commits.
    let called_off = if sql::gravar::lock_idle(tx, id).await? {
        sql::gravar::back(tx, id, None).await?
    } else {
        sql::gravar::cancel(tx, id).await?
    };
    if called_off {
        tx.audit(actor, entry("importacao.cancelada", id, None)).await?;
        tx.tell(TOPIC, id).await?;
    }
    Ok(called_off)
}

/// How a try ended.
enum Written {
    Done,
    /// It was called off, or is no longer to be written.
    Over,
    /// What it was confirmed on is not so any more.
    Refused(&'static str),
}

async fn work(job: TenantJob, wish: GravarImportacao) -> Result<Outcome, Fault> {
    let id = wish.importacao;
    let found = job
        .read(async |tx| {
            let importacao = sql::find(tx, id).await?.filter(|found| found.state == State::Gravando);
            let usuario = importacao.as_ref().and_then(|importacao| importacao.confirmada_por);
            let actor = match usuario {
                Some(usuario) => acesso::usuario::actor(tx, usuario).await?,
                None => None,
            };
            Ok::<_, Fault>(importacao.map(|importacao| (importacao, actor)))
        })
        .await?;
    let Some((importacao, actor)) = found else { return Ok(Outcome::Done) };
    // With the rights of this moment: whoever may enter no more writes nothing.
    let Some(actor) = actor else { return refuse(&job, &importacao, "importacao-forbidden").await };
    match beating(&job, id, &actor).await? {
        Written::Done => Ok(Outcome::Done),
        Written::Over => {
            back(&job, id).await?;
            Ok(Outcome::Done)
        }
        Written::Refused(code) => refuse(&job, &importacao, code).await,
    }
}

/// Writes, telling how far it has come, until it is done or somebody called it off.
async fn beating(job: &TenantJob, id: ImportacaoId, actor: &Actor) -> Result<Written, Fault> {
    let seen = AtomicU64::new(0);
    let mut writing = std::pin::pin!(write(job, id, actor, &seen));
    loop {
        let beat = async {
            tokio::time::sleep(BEAT).await;
            let done = i64::try_from(seen.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
            job.write(async |tx| {
                let going = sql::gravar::progress(tx, id, done).await?;
                tx.tell(PROGRESS, id).await?;
                Ok::<_, Fault>(going)
            })
            .await
        };
        // Both go on: what is written last waits for the row that a beat holds, and a beat for the row that the end holds. One
        // that is dropped on its way costs its connection.
        tokio::select! {
            biased;
            written = &mut writing => return written,
            going = beat => {
                if !going? {
                    return Ok(Written::Over);
                }
            }
        }
    }
}

async fn write(job: &TenantJob, id: ImportacaoId, actor: &Actor, seen: &AtomicU64) -> Result<Written, Fault> {
    let mut tx = job.begin(Mode::Write).await?;
    match write_in(&mut tx, id, actor, seen).await {
        Ok(Written::Done) => job.commit(tx).await.map(|()| Written::Done),
        other => {
            let _ = tx.rollback().await;
            other
        }
    }
}

async fn write_in(tx: &mut TenantTx, id: ImportacaoId, actor: &Actor, seen: &AtomicU64) -> Result<Written, Fault> {
    let importacao = sql::lock(tx, id).await?.filter(|found| found.state == State::Gravando);
    let Some(importacao) = importacao else { return Ok(Written::Over) };
    match write_all(tx, actor, &importacao, seen).await {
        Ok(_) => {
            // Whoever calls it off from now on waits, and is told that it is too late.
            if sql::gravar::end(tx, id).await? {
                return Ok(Written::Over);
            }
            tx.tell(TOPIC, id).await?;
            Ok(Written::Done)
        }
        Err(ConfirmarError::Fault(fault)) => Err(fault),
        Err(ConfirmarError::Denied(_)) => Ok(Written::Refused("importacao-forbidden")),
        Err(ConfirmarError::Outdated) => Ok(Written::Refused("importacao-outdated")),
        Err(ConfirmarError::NotFound | ConfirmarError::NotWaiting | ConfirmarError::Changed) => Ok(Written::Over),
    }
}

/// A preview again, if it is not over.
async fn back(job: &TenantJob, id: ImportacaoId) -> Result<(), Fault> {
    job.write(async |tx| {
        sql::gravar::back(tx, id, None).await?;
        tx.tell(TOPIC, id).await
    })
    .await
}

/// A preview again that says why it could not be written; whoever confirmed it is told.
async fn refuse(job: &TenantJob, importacao: &Importacao, code: &'static str) -> Result<Outcome, Fault> {
    let id = importacao.id;
    job.write(async |tx| {
        let problem = Problem::from(Invalid::new(code).at("arquivo"));
        if sql::gravar::back(tx, id, Some(&problem)).await? {
            tx.tell(TOPIC, id).await?;
            if let Some(usuario) = importacao.confirmada_por {
                let (args, href) = ([("file", importacao.file_name.as_str())], ImportacaoShow { id }.to_string());
                let notice = Notice { kind: &NOTICE, key: "importacao-notice-nao-gravada", args: &args, href: &href };
                messaging::notify(tx, usuario, &notice).await?;
            }
        }
        Ok::<_, Fault>(())
    })
    .await?;
    Ok(Outcome::GiveUp(code.to_owned()))
}

async fn gave_up(job: TenantJob, wish: GravarImportacao) -> Result<(), Fault> {
    match job.read(async |tx| sql::find(tx, wish.importacao).await).await? {
        Some(importacao) => refuse(&job, &importacao, "importacao-fault").await.map(drop),
        None => Ok(()),
    }
}
