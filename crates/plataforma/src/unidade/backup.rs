//! Backups as jobs: one unidade when asked, all of them every night (U-17), and a trial restore that compares (R8).

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jobs::{Enqueue, Handler, Outcome, Payload, PlatformJob};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tenancy::{Backup, BackupKind, Migrations, Platform, PlatformTx, Unidade, UnidadeId};

/// Writes the archive and the plain SQL of one unidade.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BackupUnidade {
    pub unidade: UnidadeId,
}

impl Payload for BackupUnidade {
    const NAME: &'static str = "plataforma.backup";
}

/// Starts the backup of every unidade that has a schema.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BackupAll {}

impl Payload for BackupAll {
    const NAME: &'static str = "plataforma.backups";
}

/// A backup that was stopped would begin from its start again.
const LONGEST: Duration = Duration::from_secs(12 * 3600);

/// Files of a killed backup are taken away after this long.
const PARTIAL_AGE: Duration = Duration::from_secs(24 * 3600);

pub(crate) async fn enqueue(tx: &mut PlatformTx, id: UnidadeId) -> Result<(), Fault> {
    jobs::enqueue_platform(tx, &BackupUnidade { unidade: id }, Enqueue::keyed(format!("backup:{id}"))).await?;
    Ok(())
}

pub(crate) fn handlers(folder: &Path) -> Vec<Handler> {
    let folder: Arc<PathBuf> = Arc::new(folder.to_owned());
    vec![
        Handler::platform(move |job: PlatformJob, payload: BackupUnidade| one(job, payload.unidade, Arc::clone(&folder)))
            .within(LONGEST),
        Handler::platform(|job: PlatformJob, _: BackupAll| all(job)),
    ]
}

async fn all(job: PlatformJob) -> Result<Outcome, Fault> {
    for unidade in job.registry.all().await?.into_iter().filter(|u| u.schema_version > 0) {
        job.write(async |tx: &mut PlatformTx| enqueue(tx, unidade.id).await).await?;
    }
    Ok(Outcome::Done)
}

async fn one(job: PlatformJob, id: UnidadeId, folder: Arc<PathBuf>) -> Result<Outcome, Fault> {
    let Some(unidade) = job.registry.by_id(id).await? else {
        return Ok(Outcome::GiveUp("the unidade is gone".to_owned()));
    };
    make_backup(job.platform, unidade, &folder).await?;
    Ok(Outcome::Done)
}

/// Writes the archive and the plain SQL of a unidade into `folder`, which is made when it is missing. Files that a killed
/// backup has left there are taken away. Dropping the future stops the writing where it waits next.
///
/// # Errors
/// A fault of the database or of the disk; nothing looks finished then that is not.
pub async fn make_backup(platform: Platform, unidade: Arc<Unidade>, folder: &Path) -> Result<Vec<Backup>, Fault> {
    tokio::fs::create_dir_all(folder).await.map_err(|e| Fault::new("folder of the backups", e))?;
    tenancy::sweep_partial(folder, PARTIAL_AGE).await?;
    // Hashing and sealing keep a core busy: on a thread of its own, so that the requests beside it do not wait.
    let (runtime, folder) = (tokio::runtime::Handle::current(), folder.to_owned());
    // That thread would outlive a job that is out of time or whose worker stops, and hold the worker up.
    let (wanted, given_up) = tokio::sync::oneshot::channel::<()>();
    let writing = tokio::task::spawn_blocking(move || {
        runtime.block_on(async move {
            let both = async {
                let mut made = Vec::new();
                for kind in [BackupKind::Archive, BackupKind::Sql] {
                    made.push(tenancy::backup(&platform, Migrations::tenant(), &unidade, &folder, kind, |_| ()).await?);
                }
                Ok(made)
            };
            tokio::select! {
                made = both => made,
                _ = given_up => Err(Fault::because("nobody waits for this backup any more")),
            }
        })
    });
    let made = writing.await.map_err(|e| Fault::new("writing a backup", e))?;
    drop(wanted);
    made
}
