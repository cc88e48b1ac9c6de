//! Where each chain ended, as the register was told.

use chrono::{DateTime, NaiveTime, Utc};
use kernel::Fault;

use super::Head;
use crate::{Platform, PlatformTx, UnidadeId};

/// Tells the register. Earlier ones of the same day say no more than this one, and go.
pub(super) async fn note(platform: &Platform, unidade: UnidadeId, head: &Head) -> Result<(), Fault> {
    let digest = hex::decode(&head.digest).map_err(|error| Fault::new("digest of a seal", error))?;
    platform
        .write(async |tx: &mut PlatformTx| {
            let now = tx.clock().now();
            sqlx::query!(
                "INSERT INTO platform.auditoria_cabeca (unidade_id, numero, digest, sealed_at, noted_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT ON CONSTRAINT auditoria_cabeca_pkey DO NOTHING",
                unidade as _,
                head.numero,
                digest,
                head.sealed_at,
                now,
            )
            .execute(tx.db())
            .await?;
            sqlx::query!(
                "DELETE FROM platform.auditoria_cabeca
                 WHERE unidade_id = $1 AND replaced_at IS NULL AND numero < $2 AND noted_at >= $3",
                unidade as _,
                head.numero,
                now.date_naive().and_time(NaiveTime::MIN).and_utc(),
            )
            .execute(tx.db())
            .await?;
            Ok::<_, Fault>(())
        })
        .await
}

/// Number and digest of every seal that the register knows and that should still be there.
pub(super) async fn known(platform: &Platform, unidade: UnidadeId) -> Result<Vec<(i64, Vec<u8>)>, Fault> {
    let mut tx = platform.begin().await?;
    let rows = sqlx::query!(
        "SELECT numero, digest FROM platform.auditoria_cabeca WHERE unidade_id = $1 AND replaced_at IS NULL ORDER BY numero",
        unidade as _
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| (row.numero, row.digest)).collect())
}

/// The unidade was put back to what it was at `since`, or to what another was when there is no such instant: what was noted
/// later is not to be looked for any more.
pub(crate) async fn replaced(tx: &mut PlatformTx, unidade: UnidadeId, since: Option<DateTime<Utc>>) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE platform.auditoria_cabeca SET replaced_at = $2
         WHERE unidade_id = $1 AND replaced_at IS NULL AND noted_at >= coalesce($3, '-infinity'::timestamptz)",
        unidade as _,
        now,
        since,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
