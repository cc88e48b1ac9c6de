//! From an archive into a fresh schema, compared with the manifest.

use std::path::Path;

use kernel::Fault;
use sqlx::PgConnection;

use super::RestoreError;
use crate::{
    Migrations, Names, Platform, Progress,
    backup::{
        ArchiveError, ArchiveReader, Loader, Manifest,
        archive::Frame,
        fresh_schema,
        snapshot::{self, TableHead, TableSum},
    },
    config::PlacementConfig,
    migrate::pending_message,
    session::simple,
};

/// Makes the schema of `names` anew with the content of the archive, compared with its manifest and brought to the newest
/// version, in a transaction that the caller ends.
#[expect(clippy::too_many_arguments, reason = "one step, cut out of three callers")]
pub(in crate::backup) async fn fill(
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
