use std::path::Path;

use super::{
    RestoreError, backups,
    restore::{check_versions, fill},
    verify_archive,
};
use crate::{
    Migrations, Names, Platform, Progress, Unidade, UnidadeId, crash_point, provision::migrator, seal::random_password,
    session::simple,
};

/// A rehearsal that went well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsed {
    /// File name of the archive.
    pub nome: String,
    pub tables: usize,
    pub rows: u64,
}

/// Restores the newest archive of `unidade` for trial, compares every table with the manifest and notes it in the register;
/// `None` when there is no archive. Everything happens in one transaction of its placement that is rolled back, so nothing
/// of it can stay behind.
///
/// # Errors
/// What is wrong with the archive: then somebody must know.
pub async fn rehearse(
    platform: &Platform,
    stream: &Migrations,
    unidade: &Unidade,
    folder: &Path,
    mut progress: impl FnMut(Progress),
) -> Result<Option<Rehearsed>, RestoreError> {
    let Some(newest) = backups(platform, unidade.id).await?.into_iter().find(|b| b.kind == super::BackupKind::Archive) else {
        return Ok(None);
    };
    let config = platform.config().placement(&unidade.placement).ok_or(RestoreError::UnknownPlacement)?;
    let path = folder.join(&newest.nome);
    let manifest = verify_archive(&path, &platform.config().master_key).await?;
    if manifest.header.unidade_id != unidade.id {
        return Err(RestoreError::OtherUnidade { found: manifest.header.slug });
    }
    check_versions(&manifest, stream)?;
    let scratch = Names::of(UnidadeId::new(platform.clock().uuid()));
    let mut conn = migrator(platform, config).await?;
    simple(&mut conn, "BEGIN".to_owned()).await?;
    let outcome = fill(&mut conn, platform, config, stream, &scratch, &path, &manifest, &random_password(), &mut progress).await;
    crash_point("rehearse.filled");
    // A transaction that failed inside a COPY may not answer any more; without its connection it is rolled back as well.
    let _ = simple(&mut conn, "ROLLBACK".to_owned()).await;
    outcome?;
    let now = platform.clock().now();
    let mut tx = platform.begin().await?;
    sqlx::query!("UPDATE platform.backup SET rehearsed_at = $2, verified_at = $2 WHERE id = $1", newest.id, now)
        .execute(tx.db())
        .await?;
    tx.commit().await?;
    Ok(Some(Rehearsed { nome: newest.nome, tables: manifest.tables.len(), rows: manifest.rows() }))
}
