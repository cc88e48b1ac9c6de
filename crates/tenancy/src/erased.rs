//! Who was erased in which unidade, as the register was told: ids alone, so that a restore from an older archive can erase them
//! again (docs/decisions/0018-erasure.md).

use chrono::{DateTime, Utc};
use kernel::Fault;
use uuid::Uuid;

use crate::{Platform, PlatformTx, UnidadeId};

/// A person who was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    pub kind: String,
    pub id: Uuid,
    pub por_nome: bool,
    pub at: DateTime<Utc>,
}

/// Tells the register. Telling twice is as telling once.
///
/// # Errors
/// A fault of the central database.
pub async fn note_erased(platform: &Platform, unidade: UnidadeId, erased: &[Erased]) -> Result<(), Fault> {
    platform
        .write(async |tx: &mut PlatformTx| {
            for one in erased {
                sqlx::query!(
                    "INSERT INTO platform.apagamento (unidade_id, titular_kind, titular_id, por_nome, apagado_at)
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT ON CONSTRAINT apagamento_pkey DO NOTHING",
                    unidade as _,
                    one.kind,
                    one.id,
                    one.por_nome,
                    one.at,
                )
                .execute(tx.db())
                .await?;
            }
            Ok::<_, Fault>(())
        })
        .await
}

/// Everybody who was erased anywhere: an archive may be restored as another unidade than it was made of, and ids are given once.
///
/// # Errors
/// A fault of the central database.
pub async fn all_erased(platform: &Platform) -> Result<Vec<Erased>, Fault> {
    let mut tx = platform.begin().await?;
    let all = sqlx::query_as!(
        Erased,
        "SELECT DISTINCT ON (titular_kind, titular_id) titular_kind AS kind, titular_id AS id, por_nome, apagado_at AS at
         FROM platform.apagamento ORDER BY titular_kind, titular_id, por_nome DESC"
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    Ok(all)
}
