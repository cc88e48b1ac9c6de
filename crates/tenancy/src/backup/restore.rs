//! Bringing a unidade back from its archive, as a new unidade or in the place of itself.
//!
//! The archive is read to its end before anything is touched. The schema is then made, filled, compared with the manifest
//! and brought to the newest version in one transaction of the placement: a restore that is killed or refused leaves what
//! was there. Only the register follows after.

use std::path::{Path, PathBuf};

use kernel::{Actor, ErrorKind, Fault, Kind, Texto};
use serde_json::json;
use sqlx::PgConnection;

use super::{
    ArchiveError, ArchiveReader, Backup, BackupKind, Loader, Manifest,
    archive::Frame,
    backup, fresh_schema,
    snapshot::{self, TableHead, TableSum},
    verify_archive,
};
use crate::{
    Migrations, Names, Platform, Progress, Slug, Status, Unidade, UnidadeId,
    config::{Placement, PlacementConfig},
    crash_point,
    exclusive::Exclusive,
    migrate::pending_message,
    provision::{self, login_purpose},
    registry::{self, REASON_RESTORE, SIGNAL_UNIDADE},
    seal::random_password,
    session::simple,
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
#[derive(Debug, Clone)]
pub struct RestoreOptions {
    pub archive: PathBuf,
    pub into: RestoreInto,
    /// Lets [`RestoreInto::Replace`] take the archive of another unidade.
    pub allow_other: bool,
    /// Where the backup of what is replaced is written.
    pub folder: PathBuf,
}

/// What a restore did.
#[derive(Debug, Clone)]
pub struct Restored {
    pub id: UnidadeId,
    pub manifest: Manifest,
    /// The state that was replaced, if there was one.
    pub before: Option<Backup>,
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("this is the archive of {found}, not of the unidade to be replaced")]
    OtherUnidade { found: Slug },
    #[error("the archive has schema version {archive}, this program knows {program}: use the newer program")]
    TooNew { archive: i64, program: i64 },
    /// The archive was made by migrations whose text is not this program's.
    #[error("migration {0} of the archive is not the one this program has")]
    OtherMigrations(i64),
    #[error("table {0} was not restored as it was")]
    Differs(String),
    #[error("no such unidade")]
    NotFound,
    #[error("the slug is taken, or was once")]
    SlugTaken,
    #[error("the codigo is taken")]
    CodigoTaken,
    #[error("no such placement")]
    UnknownPlacement,
    #[error("somebody is at work on this unidade")]
    Busy,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for RestoreError {
    fn kind(&self) -> Kind {
        match self {
            Self::Archive(ArchiveError::Fault(fault)) | Self::Fault(fault) => fault.kind(),
            Self::Archive(_)
            | Self::OtherUnidade { .. }
            | Self::TooNew { .. }
            | Self::OtherMigrations(_)
            | Self::UnknownPlacement => Kind::Invalid,
            Self::NotFound => Kind::NotFound,
            Self::SlugTaken | Self::CodigoTaken | Self::Busy => Kind::Conflict,
            Self::Differs(_) => Kind::Fault,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Archive(_) => "restore-archive",
            Self::OtherUnidade { .. } => "restore-other-unidade",
            Self::TooNew { .. } => "restore-too-new",
            Self::OtherMigrations(_) => "restore-other-migrations",
            Self::Differs(_) => "restore-differs",
            Self::NotFound => "not-found",
            Self::SlugTaken => "slug-taken",
            Self::CodigoTaken => "codigo-taken",
            Self::UnknownPlacement => "unknown-placement",
            Self::Busy => "unidade-busy",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<sqlx::Error> for RestoreError {
    fn from(error: sqlx::Error) -> Self {
        match provision::ProvisionError::from(error) {
            provision::ProvisionError::SlugTaken => Self::SlugTaken,
            provision::ProvisionError::CodigoTaken => Self::CodigoTaken,
            provision::ProvisionError::Fault(fault) => Self::Fault(fault),
            other => Self::Fault(Fault::new("restoring", other)),
        }
    }
}

/// Restores an archive. Reports the steps `verified`, `backed-up`, `table` and `compared`.
///
/// # Errors
/// The variants of [`RestoreError`]; what was there is as it was then.
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
    match &options.into {
        RestoreInto::New { slug, codigo, placement } => {
            let placement = placement.clone().unwrap_or_else(|| platform.central().clone());
            let id = as_new(platform, stream, actor, options, &manifest, (slug, codigo, &placement), &mut progress).await?;
            Ok(Restored { id, manifest, before: None })
        }
        RestoreInto::Replace(id) => {
            if manifest.header.unidade_id != *id && !options.allow_other {
                return Err(RestoreError::OtherUnidade { found: manifest.header.slug });
            }
            let before = in_place(platform, stream, actor, options, &manifest, *id, &mut progress).await?;
            Ok(Restored { id: *id, manifest, before })
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

async fn as_new(
    platform: &Platform,
    stream: &Migrations,
    actor: &Actor,
    options: &RestoreOptions,
    manifest: &Manifest,
    (slug, codigo, placement): (&Slug, &Texto<20>, &Placement),
    progress: &mut impl FnMut(Progress),
) -> Result<UnidadeId, RestoreError> {
    let config = platform.config().placement(placement).ok_or(RestoreError::UnknownPlacement)?;
    let id = UnidadeId::new(platform.clock().uuid());
    provision::note_scratch(platform, placement, id, "restore").await?;
    let password = random_password();
    let mut conn = provision::migrator(platform, config).await?;
    fill(&mut conn, platform, config, stream, &Names::of(id), &options.archive, manifest, &password, progress).await?;
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
    tx.audit(actor, "unidade.restaurar", Some(id), detail).await?;
    tx.notify(SIGNAL_UNIDADE, &id.to_string()).await?;
    tx.commit().await?;
    Ok(id)
}

async fn in_place(
    platform: &Platform,
    stream: &Migrations,
    actor: &Actor,
    options: &RestoreOptions,
    manifest: &Manifest,
    id: UnidadeId,
    progress: &mut impl FnMut(Progress),
) -> Result<Option<Backup>, RestoreError> {
    let _exclusive = Exclusive::take(platform, id).await?.ok_or(RestoreError::Busy)?;
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

    let outcome = replace(platform, stream, options, manifest, &unidade, progress).await;

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

async fn replace(
    platform: &Platform,
    stream: &Migrations,
    options: &RestoreOptions,
    manifest: &Manifest,
    unidade: &Unidade,
    progress: &mut impl FnMut(Progress),
) -> Result<Option<Backup>, RestoreError> {
    let config = platform
        .config()
        .placement(&unidade.placement)
        .ok_or_else(|| Fault::because("the unidade lives in a placement that is not configured here"))?;
    let mut conn = provision::migrator(platform, config).await?;
    let names = unidade.names();
    // A schema that was lost has nothing to keep.
    let before = if provision::schema_exists(&mut conn, &names).await? {
        let before = backup(platform, stream, unidade, &options.folder, BackupKind::Archive, |_| {}).await?;
        progress(Progress::new("backed-up", before.nome.as_str(), 0, manifest.tables.len()));
        Some(before)
    } else {
        None
    };
    // The roles stand unless the whole cluster was lost; then they get the password that the register keeps.
    let password = match provision::login_password(platform, unidade.id).await {
        Ok(password) => password,
        Err(_) => random_password(),
    };
    fill(&mut conn, platform, config, stream, &names, &options.archive, manifest, &password, progress).await?;
    simple(&mut conn, "COMMIT".to_owned()).await?;
    crash_point("restore.filled");
    Ok(before)
}

/// Makes the schema of `names` anew with the content of the archive, compared with its manifest and brought to the newest
/// version, in a transaction that the caller ends.
#[expect(clippy::too_many_arguments, reason = "one step, cut out of three callers")]
pub(super) async fn fill(
    conn: &mut PgConnection,
    platform: &Platform,
    placement: &PlacementConfig,
    stream: &Migrations,
    names: &Names,
    archive: &Path,
    manifest: &Manifest,
    login_password: &str,
    progress: &mut impl FnMut(Progress),
) -> Result<(), RestoreError> {
    let version = manifest.header.schema_version;
    fresh_schema(conn, placement, names, stream, version, login_password).await?;
    let heads = load(conn, archive, platform, manifest.tables.len(), progress).await?;
    compare(conn, &heads, &manifest.tables).await?;
    progress(Progress::new("compared", manifest.header.slug.as_str(), heads.len(), heads.len()));
    if version < stream.newest() {
        simple(conn, pending_message(names, stream, version)).await.map_err(|e| Fault::new("migrating what was restored", e))?;
    }
    Ok(())
}

async fn load(
    conn: &mut PgConnection,
    archive: &Path,
    platform: &Platform,
    total: usize,
    progress: &mut impl FnMut(Progress),
) -> Result<Vec<TableHead>, RestoreError> {
    let mut reader = ArchiveReader::open(archive, &platform.config().master_key).await?;
    let mut loader = Loader::begin(conn, None).await?;
    let mut heads: Vec<TableHead> = Vec::new();
    while let Some(frame) = reader.next().await? {
        let Frame::Table(head) = frame else { continue };
        let mut copy = loader.table(&head).await?;
        loop {
            match reader.next().await? {
                Some(Frame::Rows(rows)) => {
                    copy.send(rows).await?;
                }
                Some(Frame::End(sum)) => {
                    let stored = copy.finish().await.map_err(|e| Fault::new("loading rows", e))?;
                    if stored != sum.rows {
                        return Err(RestoreError::Differs(sum.name));
                    }
                    break;
                }
                _ => return Err(ArchiveError::Altered.into()),
            }
        }
        progress(Progress::new("table", head.name.as_str(), heads.len() + 1, total));
        heads.push(head);
    }
    loader.finish().await?;
    Ok(heads)
}

/// Reads every table back, in the archive's order of columns, and compares count and hash.
async fn compare(conn: &mut PgConnection, heads: &[TableHead], expected: &[TableSum]) -> Result<(), RestoreError> {
    let found = snapshot::sums(conn, heads).await?;
    match expected.iter().find(|sum| !found.contains(sum)) {
        Some(sum) => Err(RestoreError::Differs(sum.name.clone())),
        None => Ok(()),
    }
}
