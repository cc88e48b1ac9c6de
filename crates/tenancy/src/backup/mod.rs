//! Backups of one unidade each: our own sealed archive and plain SQL, restore, and the rehearsal without which a backup
//! does not count (R8).
//!
//! A backup is one consistent snapshot, read by a login that can do nothing else. It is written beside its final name,
//! synced and renamed, and only then entered in `platform.backup`: a killed backup never looks finished.

mod archive;
mod load;
mod rehearse;
mod restore;
mod sealed;
pub(crate) mod snapshot;
mod sql;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde::Serialize;
use sqlx::PgConnection;
use tokio::{fs, io::AsyncWriteExt};
use uuid::Uuid;

pub use archive::{ArchiveError, FORMAT, Header, Manifest, verify_archive};
use archive::{ArchiveReader, ArchiveWriter};
pub(crate) use load::{Loader, fresh_schema};
pub use rehearse::{Rehearsed, rehearse};
pub use restore::{Forgotten, Restoration, RestoreError, RestoreInto, RestoreOptions, RestoreParticipant, Restored, restore};
pub use snapshot::{Applied, Column, TableHead, TableSum};

use crate::{Migrations, Platform, Progress, Unidade, UnidadeId, crash_point, session::simple};

/// What kind of file a backup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BackupKind {
    /// Sealed archive, `.sri`: what is restored from.
    Archive,
    /// Plain SQL, `.sql`, readable by everybody who gets hold of it: for the unidade's own keeping and for other programs.
    Sql,
}

impl BackupKind {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Sql => "sql",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Archive => "sri",
            Self::Sql => "sql",
        }
    }
}

/// A finished backup as the register has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backup {
    pub id: Uuid,
    pub unidade_id: UnidadeId,
    pub kind: BackupKind,
    /// File name in the folder of the backups.
    pub nome: String,
    pub bytes: i64,
    pub rows: i64,
    pub tables: i32,
    pub schema_version: i64,
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    /// When the file was last read to its end and found whole.
    pub verified_at: Option<DateTime<Utc>>,
    /// When it was last restored for trial and compared.
    pub rehearsed_at: Option<DateTime<Utc>>,
}

/// Writes a backup of `unidade` into `folder`, which must exist, and enters it in the register. Reports the step `table`
/// after each one. An archive is read back and verified at once. `stream` is where plain SQL takes the tables from.
///
/// # Errors
/// A fault of the database or of the disk; no file is left under a final name, and no row.
pub async fn backup(
    platform: &Platform,
    stream: &Migrations,
    unidade: &Unidade,
    folder: &Path,
    kind: BackupKind,
    mut progress: impl FnMut(Progress),
) -> Result<Backup, Fault> {
    let config = platform.config();
    let placement = config
        .placement(&unidade.placement)
        .ok_or_else(|| Fault::because("the unidade lives in a placement that is not configured here"))?;
    let started_at = platform.clock().now();
    let id = platform.clock().uuid();
    let mut conn = snapshot::open(placement, &config.master_key, &unidade.names()).await?;
    let nome = format!(
        "{}_{}_{}.{}",
        unidade.slug,
        started_at.format("%Y%m%dT%H%M%SZ"),
        &id.simple().to_string()[24..],
        kind.extension()
    );
    let draft = Draft::new(folder, &nome).await?;
    crash_point("backup.begun");
    let (mut file, manifest, written) = match kind {
        BackupKind::Archive => {
            write_archive(&mut conn, draft.file, unidade, id, started_at, &config.master_key, &mut progress).await?
        }
        BackupKind::Sql => {
            sql::write(&mut conn, stream, draft.file, unidade, id, started_at, &config.master_key, &mut progress).await?
        }
    };
    crash_point("backup.written");
    let failed = |e: std::io::Error| Fault::new("writing a backup", e);
    file.flush().await.map_err(failed)?;
    file.sync_all().await.map_err(failed)?;
    drop(file);
    let mut verified_at = None;
    if kind == BackupKind::Archive {
        let read_back =
            verify_archive(&draft.path, &config.master_key).await.map_err(|e| Fault::new("a backup just written", e))?;
        if read_back != manifest {
            return Err(Fault::because("a backup just written reads differently"));
        }
        verified_at = Some(platform.clock().now());
    }
    fs::rename(&draft.path, folder.join(&nome)).await.map_err(failed)?;
    // The name itself must survive a power cut.
    let directory = fs::File::open(folder).await.map_err(failed)?;
    directory.sync_all().await.map_err(failed)?;
    crash_point("backup.renamed");
    let backup = Backup {
        id,
        unidade_id: unidade.id,
        kind,
        nome,
        bytes: i64::try_from(written.bytes).unwrap_or(i64::MAX),
        rows: i64::try_from(manifest.rows()).unwrap_or(i64::MAX),
        tables: i32::try_from(manifest.tables.len()).unwrap_or(i32::MAX),
        schema_version: manifest.header.schema_version,
        started_at,
        finished_at: platform.clock().now(),
        verified_at,
        rehearsed_at: None,
    };
    record(platform, &backup, &written.sha256).await?;
    Ok(backup)
}

/// A file under construction; one that is given up stays for [`sweep_partial`].
struct Draft {
    path: PathBuf,
    file: fs::File,
}

/// Suffix of files that are not finished.
const PARTIAL: &str = "partial";

impl Draft {
    async fn new(folder: &Path, nome: &str) -> Result<Self, Fault> {
        let path = folder.join(format!("{nome}.{PARTIAL}"));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await.map_err(|e| Fault::new("writing a backup", e))?;
        Ok(Self { path, file })
    }
}

/// Removes unfinished files older than `age`, which killed backups have left in `folder`. Answers how many.
///
/// # Errors
/// A fault of the disk.
pub async fn sweep_partial(folder: &Path, age: std::time::Duration) -> Result<usize, Fault> {
    let failed = |e: std::io::Error| Fault::new("sweeping the folder of the backups", e);
    let mut entries = fs::read_dir(folder).await.map_err(failed)?;
    let mut removed = 0;
    while let Some(entry) = entries.next_entry().await.map_err(failed)? {
        let path = entry.path();
        let old =
            entry.metadata().await.and_then(|m| m.modified()).map_err(failed)?.elapsed().is_ok_and(|elapsed| elapsed >= age);
        if old && path.extension().is_some_and(|extension| extension == PARTIAL) {
            fs::remove_file(&path).await.map_err(failed)?;
            removed += 1;
        }
    }
    Ok(removed)
}

async fn write_archive(
    conn: &mut PgConnection,
    file: fs::File,
    unidade: &Unidade,
    id: Uuid,
    started_at: DateTime<Utc>,
    key: &crate::MasterKey,
    progress: &mut impl FnMut(Progress),
) -> Result<(fs::File, Manifest, sealed::Written), Fault> {
    let shape = snapshot::shape(conn).await?;
    let header = Header::new(id, unidade, &shape, started_at, key);
    let mut writer = ArchiveWriter::new(file, &header, key).await?;
    let total = shape.tables.len();
    let mut tables = Vec::with_capacity(total);
    for table in &shape.tables {
        writer.table(table).await?;
        let sum = snapshot::copy_out(conn, table, async |rows| writer.rows(rows).await).await?;
        writer.end(&sum).await?;
        tables.push(sum);
        crash_point("backup.table");
        progress(Progress::new("table", &table.name, tables.len(), total));
    }
    simple(conn, "COMMIT".to_owned()).await?;
    let manifest = manifest_of(header, unidade, tables);
    let (file, written) = writer.finish(&manifest).await?;
    Ok((file, manifest, written))
}

fn manifest_of(header: Header, unidade: &Unidade, tables: Vec<TableSum>) -> Manifest {
    Manifest {
        header,
        nome: unidade.nome.clone(),
        modules: unidade.modules.to_vec(),
        municipio_id: unidade.municipio_id,
        fuso: unidade.fuso.name().to_owned(),
        tables,
    }
}

async fn record(platform: &Platform, backup: &Backup, sha256: &[u8; 32]) -> Result<(), Fault> {
    let mut tx = platform.begin().await?;
    sqlx::query!(
        "INSERT INTO platform.backup
             (id, unidade_id, kind, nome, bytes, sha256, tables, rows, schema_version, started_at, finished_at, verified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        backup.id,
        backup.unidade_id as _,
        backup.kind.code(),
        backup.nome,
        backup.bytes,
        sha256,
        backup.tables,
        backup.rows,
        backup.schema_version,
        backup.started_at,
        backup.finished_at,
        backup.verified_at,
    )
    .execute(tx.db())
    .await?;
    tx.commit().await
}

/// Reads an archive to its end again and notes in the register that it is whole, where the register knows it.
///
/// # Errors
/// What is wrong with the file.
pub async fn verify(platform: &Platform, path: &Path) -> Result<Manifest, ArchiveError> {
    let manifest = verify_archive(path, &platform.config().master_key).await?;
    let now = platform.clock().now();
    let mut tx = platform.begin().await?;
    sqlx::query!("UPDATE platform.backup SET verified_at = $2 WHERE id = $1", manifest.header.id, now)
        .execute(tx.db())
        .await
        .map_err(Fault::from)?;
    tx.commit().await?;
    Ok(manifest)
}

/// The backups of a unidade, newest first.
///
/// # Errors
/// A fault of the central database.
pub async fn backups(platform: &Platform, id: UnidadeId) -> Result<Vec<Backup>, Fault> {
    let mut tx = platform.begin().await?;
    let rows = sqlx::query!(
        "SELECT id, kind, nome, bytes, tables, rows, schema_version, started_at, finished_at, verified_at, rehearsed_at
         FROM platform.backup WHERE unidade_id = $1 ORDER BY started_at DESC",
        id as _
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| Backup {
            id: row.id,
            unidade_id: id,
            kind: if row.kind == BackupKind::Sql.code() { BackupKind::Sql } else { BackupKind::Archive },
            nome: row.nome,
            bytes: row.bytes,
            rows: row.rows,
            tables: row.tables,
            schema_version: row.schema_version,
            started_at: row.started_at,
            finished_at: row.finished_at,
            verified_at: row.verified_at,
            rehearsed_at: row.rehearsed_at,
        })
        .collect())
}
