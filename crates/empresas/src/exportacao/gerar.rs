//! Making a file, and removing those that were kept long enough.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use files::{ArquivoId, Files};
use jobs::{Outcome, TenantJob};
use kernel::{Actor, ErrorKind, Fault, Kind};
use messaging::Notice;
use tempfile::NamedTempFile;
use tenancy::Mode;
use web::frame::Frame;

use super::{Exportacao, ExportacaoId, LISTED, NOTICE, STALE, TOPIC, pages::ExportacaoShow, sql};
use crate::{
    empresa::{
        lote,
        pages::export::{ExportarError, Feito, Pedido},
    },
    importacao,
};

/// How often pages hear how far it has come, and the job whether somebody gave it up.
const BEAT: Duration = Duration::from_secs(1);

/// Its attempts are over: whoever asked hears of it, and may ask again.
pub(super) async fn gave_up(job: TenantJob, id: ExportacaoId) -> Result<(), Fault> {
    match job.read(async |tx| sql::find(tx, id).await).await? {
        Some(exportacao) => fail(&job, &exportacao, "fault").await.map(drop),
        None => Ok(()),
    }
}

pub(super) async fn gerar(files: Files, job: TenantJob, id: ExportacaoId) -> Result<Outcome, Fault> {
    let job = &job;
    let begun = job
        .write(async |tx| {
            let arquivo = ArquivoId::new(tx.clock().uuid());
            let Some((exportacao, left)) = sql::begin(tx, id, arquivo).await? else { return Ok(None) };
            let actor = acesso::usuario::actor(tx, exportacao.usuario_id).await?;
            Ok::<_, Fault>(Some((exportacao, left, arquivo, actor)))
        })
        .await?;
    let Some((exportacao, left, arquivo, actor)) = begun else { return Ok(Outcome::Done) };
    let shelf = files.exports(job.unidade.id);
    if let Some(left) = left {
        shelf.remove(left).await?;
    }
    // Whoever may enter no more is given nothing.
    let Some(actor) = actor else { return fail(job, &exportacao, "forbidden").await };

    let file = NamedTempFile::new().map_err(|error| Fault::new("a file for an export", error))?;
    let feito = match beating(job, &exportacao, &actor, &file).await? {
        None => return Ok(Outcome::Done),
        Some(Ok(feito)) => feito,
        Some(Err(error)) if error.kind() == Kind::Fault || error.kind() == Kind::Unavailable => {
            return Err(match error {
                ExportarError::Fault(fault) => fault,
                other => Fault::new("an export", other),
            });
        }
        Some(Err(error)) => return fail(job, &exportacao, error.code()).await,
    };
    let reader = file.reopen().map_err(|error| Fault::new("reading an export", error))?;
    let (rows, bytes) = (feito.rows, feito.bytes);
    shelf.keep(arquivo, reader, bytes).await.map_err(|error| Fault::new("keeping an export", error))?;
    let kept = job
        .write(async |tx| {
            let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            if !sql::finish(tx, id, count(rows), count(bytes)).await? {
                return Ok(false);
            }
            feito.audit(tx, &actor).await?;
            tx.tell(TOPIC, id).await?;
            let args = [("file", exportacao.file_name.as_str()), ("n_rows", &rows.to_string())];
            let href = ExportacaoShow { id }.to_string();
            messaging::notify(
                tx,
                exportacao.usuario_id,
                &Notice { kind: &NOTICE, key: "exportacao-notice", args: &args, href: &href },
            )
            .await?;
            Ok::<_, Fault>(true)
        })
        .await?;
    if !kept {
        shelf.remove(arquivo).await?;
        job.write(async |tx| sql::forget_files(tx, &[id.uuid()]).await).await?;
    }
    Ok(Outcome::Done)
}

/// Makes the file, telling how far it has come; `None` when somebody gave it up meanwhile.
async fn beating(
    job: &TenantJob,
    exportacao: &Exportacao,
    actor: &Actor,
    file: &NamedTempFile,
) -> Result<Option<Result<Feito, ExportarError>>, Fault> {
    let seen = Arc::new(AtomicU64::new(0));
    let mut making = std::pin::pin!(make(job, exportacao, actor, file, Arc::clone(&seen)));
    loop {
        let beat = async {
            tokio::time::sleep(BEAT).await;
            let done = i64::try_from(seen.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
            job.write(async |tx| {
                let wanted = sql::progress(tx, exportacao.id, done).await?;
                tx.tell(TOPIC, exportacao.id).await?;
                Ok::<_, Fault>(wanted)
            })
            .await
        };
        // Both go on: the making does not stand still while a beat waits. One that is dropped on its way costs its connection.
        tokio::select! {
            biased;
            made = &mut making => return Ok(Some(made)),
            wanted = beat => {
                if !wanted? {
                    return Ok(None);
                }
            }
        }
    }
}

/// In a transaction of its own that only reads: what it shows is one moment of the register.
async fn make(
    job: &TenantJob,
    exportacao: &Exportacao,
    actor: &Actor,
    file: &NamedTempFile,
    seen: Arc<AtomicU64>,
) -> Result<Feito, ExportarError> {
    let mut tx = job.begin(Mode::Read).await?;
    let frame = Frame::for_file(&job.unidade, exportacao.lang, job.now());
    let pedido = Pedido::read(exportacao.format, &exportacao.consulta);
    let made = pedido.write(&mut tx, actor, &frame, file.path(), seen).await;
    let _ = tx.rollback().await;
    made
}

async fn fail(job: &TenantJob, exportacao: &Exportacao, reason: &str) -> Result<Outcome, Fault> {
    let id = exportacao.id;
    job.write(async |tx| {
        if sql::fail(tx, id, reason).await? {
            tx.tell(TOPIC, id).await?;
            let args = [("file", exportacao.file_name.as_str())];
            let href = ExportacaoShow { id }.to_string();
            let notice = Notice { kind: &NOTICE, key: "exportacao-notice-falhou", args: &args, href: &href };
            messaging::notify(tx, exportacao.usuario_id, &notice).await?;
        }
        Ok::<_, Fault>(())
    })
    .await?;
    Ok(Outcome::GiveUp(reason.to_owned()))
}

/// Exportações in memory at a time.
const SOME: i64 = 200;

pub(super) async fn limpar(files: Files, job: TenantJob) -> Result<Outcome, Fault> {
    let (shelf, now) = (files.exports(job.unidade.id), job.now());
    loop {
        let over = job.read(async |tx| sql::over(tx, now, SOME).await).await?;
        if over.is_empty() {
            break;
        }
        for (_, arquivo) in &over {
            shelf.remove(*arquivo).await?;
        }
        let ids: Vec<_> = over.iter().map(|(id, _)| id.uuid()).collect();
        job.write(async |tx| sql::forget_files(tx, &ids).await).await?;
    }
    job.write(async |tx| {
        sql::tidy(tx, now - STALE, now - LISTED).await?;
        // What other work keeps for its undo goes as surely, whether somebody does such work again or not.
        lote::forget(tx).await?;
        importacao::forget(tx).await
    })
    .await?;
    Ok(Outcome::Done)
}
