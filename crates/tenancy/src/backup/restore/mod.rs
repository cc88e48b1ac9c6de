//! Bringing a unidade back from its archive, as a new unidade or in the place of itself.
//!
//! The archive is read to its end before anything is touched. The schema is then made, filled, compared with the manifest
//! and brought to the newest version in one transaction of the placement: a restore that is killed or refused leaves what
//! was there. Only the register follows after.
//!
//! A restore brings rows back, not ways in: before that transaction ends, [`RestoreParticipant`]s see to it that what was closed
//! since the archive was made stays closed.
//!
//! What is replaced is backed up under locks that the same transaction holds on all its tables: a write that was
//! acknowledged is in that backup, and one that came later waits and is refused.

mod error;
mod fill;
mod outlive;

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use kernel::{Actor, Fault, Texto};
use serde_json::json;
use sqlx::PgConnection;
use tokio::time::Instant;

pub use error::RestoreError;
pub(super) use fill::fill;
use outlive::Memory;
pub use outlive::{Forgotten, Restoration, RestoreParticipant};

use super::{Backup, BackupKind, Manifest, backup, verify_archive};
use crate::{
    Migrations, Names, Platform, Progress, Slug, Status, Unidade, UnidadeId,
    config::{Placement, PlacementConfig},
    crash_point,
    exclusive::Exclusive,
    locks::{Lock, lock_tables},
    provision::{self, login_purpose},
    registry::{self, REASON_RESTORE, SIGNAL_UNIDADE},
    seal::random_password,
    session::simple,
    trail,
};

/// Where the content of an archive goes.
#[derive(Debug, Clone)]
pub enum RestoreInto {
    /// A unidade of its own, with a new id; it starts in maintenance, so that nothing it holds (letters still to be sent,
    /// say) works twice before somebody has looked.
    New { slug: Slug, codigo: Texto<20>, placement: Option<Placement> },
    /// This unidade as it was then. What it holds now is backed up first.
    Replace(UnidadeId),
}

/// How a restore is done.
#[derive(Clone)]
pub struct RestoreOptions {
    pub archive: PathBuf,
    pub into: RestoreInto,
    /// Lets [`RestoreInto::Replace`] take the archive of another unidade.
    pub allow_other: bool,
    /// Where the backup of what is replaced is written.
    pub folder: PathBuf,
    /// How long those who work in what is replaced may go on to their end.
    pub wait: Duration,
    pub participants: Vec<Arc<dyn RestoreParticipant>>,
}

impl RestoreOptions {
    #[must_use]
    pub const fn new(archive: PathBuf, into: RestoreInto, folder: PathBuf) -> Self {
        Self { archive, into, allow_other: false, folder, wait: Duration::from_secs(60), participants: Vec::new() }
    }
}

impl fmt::Debug for RestoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.participants.iter().map(|p| p.name()).collect();
        f.debug_struct("RestoreOptions")
            .field("archive", &self.archive)
            .field("into", &self.into)
            .field("participants", &names)
            .finish_non_exhaustive()
    }
}

/// What a restore did.
#[derive(Debug, Clone)]
pub struct Restored {
    pub id: UnidadeId,
    pub manifest: Manifest,
    /// The state that was replaced, if there was one.
    pub before: Option<Backup>,
    /// Participants who had nothing to go by.
    pub forgotten: Forgotten,
}

/// Restores an archive. Reports the steps `verified`, `backed-up`, `table` and `compared`.
///
/// # Errors
/// The variants of [`RestoreError`]; what was there is as it was then, and open again if it was.
pub async fn restore(
    platform: &Platform,
    stream: &Migrations,
    actor: &Actor,
    options: &RestoreOptions,
    mut progress: impl FnMut(Progress),
) -> Result<Restored, RestoreError> {
    let manifest = verify_archive(&options.archive, &platform.config().master_key).await?;
    check_versions(&manifest, stream)?;
    progress(Progress::new("verified", manifest.header.slug.as_str(), 0, manifest.tables.len()));
    let work = Work { platform, stream, actor, options, manifest: &manifest };
    match &options.into {
        RestoreInto::New { slug, codigo, placement } => {
            let placement = placement.clone().unwrap_or_else(|| platform.central().clone());
            let (id, forgotten) = as_new(&work, (slug, codigo, &placement), &mut progress).await?;
            Ok(Restored { id, manifest, before: None, forgotten })
        }
        RestoreInto::Replace(id) => {
            if manifest.header.unidade_id != *id && !options.allow_other {
                return Err(RestoreError::OtherUnidade { found: manifest.header.slug });
            }
            let Replaced { before, forgotten } = in_place(&work, *id, &mut progress).await?;
            Ok(Restored { id: *id, manifest, before, forgotten })
        }
    }
}

/// The archive's schema must be one that this program's own migrations make.
pub(super) fn check_versions(manifest: &Manifest, stream: &Migrations) -> Result<(), RestoreError> {
    let (archive, program) = (manifest.header.schema_version, stream.newest());
    if archive > program {
        return Err(RestoreError::TooNew { archive, program });
    }
    for applied in &manifest.header.migrations {
        if stream.text_of(applied).is_none() {
            return Err(RestoreError::OtherMigrations(applied.version));
        }
    }
    // One that this program has and the archive lacks in between would never be applied.
    let known: Vec<i64> = stream.list().map(|(version, _)| version).filter(|version| *version <= archive).collect();
    match known.iter().find(|version| manifest.header.migrations.iter().all(|m| m.version != **version)) {
        Some(missing) => Err(RestoreError::OtherMigrations(*missing)),
        None => Ok(()),
    }
}

/// What every step of one restore needs.
struct Work<'a> {
    platform: &'a Platform,
    stream: &'a Migrations,
    actor: &'a Actor,
    options: &'a RestoreOptions,
    manifest: &'a Manifest,
}

impl<'a> Work<'a> {
    fn placement(&self, name: &Placement) -> Result<&'a PlacementConfig, Fault> {
        let placement = self.platform.config().placement(name);
        placement.ok_or_else(|| Fault::because("the unidade lives in a placement that is not configured here"))
    }
}

async fn as_new(
    work: &Work<'_>,
    (slug, codigo, placement): (&Slug, &Texto<20>, &Placement),
    progress: &mut impl FnMut(Progress),
) -> Result<(UnidadeId, Forgotten), RestoreError> {
    let Work { platform, stream, manifest, .. } = *work;
    let config = platform.config().placement(placement).ok_or(RestoreError::UnknownPlacement)?;
    let id = UnidadeId::new(platform.clock().uuid());
    provision::note_scratch(platform, placement, id, "restore").await?;
    let password = random_password();
    let mut conn = provision::migrator(platform, config).await?;
    simple(&mut conn, "BEGIN".to_owned()).await?;
    fill(&mut conn, platform, config, stream, &Names::of(id), &work.options.archive, manifest, &password, progress).await?;
    let forgotten = outlive::settle(work, id, &mut conn, Memory::new()).await?;
    simple(&mut conn, "COMMIT".to_owned()).await?;
    crash_point("restore.filled");
    let sealed = platform.config().master_key.seal(&login_purpose(id), password.as_bytes())?;
    let mut tx = platform.begin().await?;
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO platform.unidade
             (id, slug, codigo, nome, placement, status, status_reason, schema_version, modules, municipio_id, fuso, login_secret,
              created_at, updated_at, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'restored', $7, $8, $9, $10, $11, $12, $12, $12)",
        id as _,
        slug.as_str(),
        codigo.as_str(),
        manifest.nome,
        placement.as_str(),
        Status::Maintenance.code(),
        stream.newest(),
        &manifest.modules,
        manifest.municipio_id,
        manifest.fuso,
        sealed.0,
        now,
    )
    .execute(tx.db())
    .await?;
    provision::forget_scratch(&mut tx, id).await?;
    let detail =
        json!({ "backup": manifest.header.id, "from": manifest.header.unidade_id, "slug": slug, "placement": placement });
    tx.audit(work.actor, "unidade.restaurar", Some(id), detail).await?;
    tx.notify(SIGNAL_UNIDADE, &id.to_string()).await?;
    tx.commit().await?;
    Ok((id, forgotten))
}

/// What came of replacing a schema.
struct Replaced {
    before: Option<Backup>,
    forgotten: Forgotten,
}

async fn in_place(work: &Work<'_>, id: UnidadeId, progress: &mut impl FnMut(Progress)) -> Result<Replaced, RestoreError> {
    let exclusive = Exclusive::take(work.platform, id).await?.ok_or(RestoreError::Busy)?;
    let outcome = closed(work, id, progress).await;
    exclusive.release().await;
    outcome
}

/// Closes the unidade, replaces its schema and opens it again.
async fn closed(work: &Work<'_>, id: UnidadeId, progress: &mut impl FnMut(Progress)) -> Result<Replaced, RestoreError> {
    let Work { platform, stream, actor, manifest, .. } = *work;
    let mut tx = platform.begin().await?;
    let unidade = registry::lock(&mut tx, id).await?.filter(|u| !matches!(u.status, Status::Deleted | Status::Provisioning));
    let unidade = unidade.ok_or(RestoreError::NotFound)?;
    if unidade.status == Status::Moving {
        return Err(RestoreError::Busy);
    }
    // A restore that was killed left it closed; then it opens at the end of this one.
    let interrupted = unidade.status == Status::Maintenance && unidade.status_reason.as_deref() == Some(REASON_RESTORE);
    let reopen = interrupted || unidade.status == Status::Active;
    if unidade.status == Status::Active {
        registry::set_status(&mut tx, id, Status::Maintenance, Some(REASON_RESTORE)).await?;
    }
    tx.commit().await?;
    crash_point("restore.closed");

    let outcome = replace(work, &unidade, progress).await;

    let mut tx = platform.begin().await?;
    if outcome.is_ok() {
        let now = tx.clock().now();
        sqlx::query!(
            "UPDATE platform.unidade SET schema_version = $2, migration_error = NULL, updated_at = $3 WHERE id = $1",
            id as _,
            stream.newest(),
            now,
        )
        .execute(tx.db())
        .await?;
        let own = manifest.header.unidade_id == id;
        trail::replaced(&mut tx, id, own.then_some(manifest.header.created_at)).await?;
        let detail = json!({ "backup": manifest.header.id, "from": manifest.header.unidade_id });
        tx.audit(actor, "unidade.restaurar", Some(id), detail).await?;
        tx.notify(SIGNAL_UNIDADE, &id.to_string()).await?;
    }
    if reopen {
        registry::release_status(&mut tx, id, (Status::Maintenance, Some(REASON_RESTORE)), (Status::Active, None)).await?;
    }
    tx.commit().await?;
    outcome
}

async fn replace(work: &Work<'_>, unidade: &Unidade, progress: &mut impl FnMut(Progress)) -> Result<Replaced, RestoreError> {
    let mut conn = provision::migrator(work.platform, work.placement(&unidade.placement)?).await?;
    // It waits in this transaction for its own backup, for as long as that takes.
    simple(&mut conn, "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0".to_owned())
        .await?;
    let outcome = exchange(work, unidade, &mut conn, progress).await;
    if outcome.is_ok() {
        simple(&mut conn, "COMMIT".to_owned()).await?;
        crash_point("restore.filled");
    } else {
        // Before the unidade is opened again. A transaction that failed inside a COPY may not answer any more; without its
        // connection it is rolled back as well.
        let _ = simple(&mut conn, "ROLLBACK".to_owned()).await;
    }
    outcome
}

/// The old schema kept and replaced, in the transaction in force.
async fn exchange(
    work: &Work<'_>,
    unidade: &Unidade,
    conn: &mut PgConnection,
    progress: &mut impl FnMut(Progress),
) -> Result<Replaced, RestoreError> {
    let Work { platform, stream, options, manifest, .. } = *work;
    let names = unidade.names();
    // A schema that was lost has nothing to keep.
    let (before, memory) = if provision::schema_exists(conn, &names).await? {
        let (before, memory) = keep(work, unidade, conn, progress).await?;
        (Some(before), memory)
    } else {
        (None, Memory::new())
    };
    // The roles stand unless the whole cluster was lost; then they get the password that the register keeps.
    let password = match provision::login_password(platform, unidade.id).await {
        Ok(password) => password,
        Err(_) => random_password(),
    };
    let config = work.placement(&unidade.placement)?;
    fill(conn, platform, config, stream, &names, &options.archive, manifest, &password, progress).await?;
    let forgotten = outlive::settle(work, unidade.id, conn, memory).await?;
    Ok(Replaced { before, forgotten })
}

/// Locks what is there, backs it up and asks what must outlive it. Afterwards nobody reads or writes it any more until the transaction ends.
async fn keep(
    work: &Work<'_>,
    unidade: &Unidade,
    conn: &mut PgConnection,
    progress: &mut impl FnMut(Progress),
) -> Result<(Backup, Memory), RestoreError> {
    let names = unidade.names();
    simple(conn, format!("SET LOCAL ROLE {}; SET LOCAL search_path = {}, pg_temp", names.owner_role(), names.schema())).await?;
    lock(conn, Lock::Writers, work.options.wait).await?;
    crash_point("restore.locked");
    // Over a connection of its own, which only reads: so the locks do not hold it up.
    let before = backup(work.platform, work.stream, unidade, &work.options.folder, BackupKind::Archive, |_| {}).await?;
    progress(Progress::new("backed-up", before.nome.as_str(), 0, work.manifest.tables.len()));
    lock(conn, Lock::Everybody, work.options.wait).await?;
    let memory = outlive::remember(work, conn).await?;
    simple(conn, "RESET ROLE".to_owned()).await?;
    Ok((before, memory))
}

async fn lock(conn: &mut PgConnection, lock: Lock, wait: Duration) -> Result<(), RestoreError> {
    if lock_tables(conn, lock, Instant::now() + wait).await? { Ok(()) } else { Err(RestoreError::InUse) }
}
