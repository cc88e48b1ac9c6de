use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Dados, Segmento, SegmentoId, SegmentoNome, Uso};

/// All of them by name.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Segmento>, Fault> {
    Ok(sqlx::query_as!(Segmento, r#"SELECT id AS "id: SegmentoId", nome, cnaes FROM segmento ORDER BY busca"#)
        .fetch_all(tx.db())
        .await?)
}

/// A segmento that was asked for by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ensured {
    pub id: SegmentoId,
    /// It was not there before.
    pub made: bool,
}

/// Makes the segmentos that are missing and answers them in the order of `nomes`. Two imports at once agree on one row.
///
/// # Errors
/// A fault of the database.
pub async fn ensure(tx: &mut TenantTx, nomes: &[SegmentoNome]) -> Result<Vec<Ensured>, Fault> {
    let mut ensured = Vec::with_capacity(nomes.len());
    let now = tx.clock().now();
    for nome in nomes {
        let new = tx.clock().uuid();
        // The useless update makes the row come back when it is already there.
        let id = sqlx::query_scalar!(
            r#"INSERT INTO segmento (id, nome, created_at) VALUES ($1, $2, $3)
               ON CONFLICT ON CONSTRAINT segmento_busca_key DO UPDATE SET nome = segmento.nome
               RETURNING id AS "id: SegmentoId""#,
            new,
            nome.as_str(),
            now
        )
        .fetch_one(tx.db())
        .await?;
        ensured.push(Ensured { id, made: id.uuid() == new });
    }
    Ok(ensured)
}

/// Every segmento with the empresas that have it, by name.
pub(super) async fn usos(tx: &mut TenantTx) -> Result<Vec<Uso>, Fault> {
    Ok(sqlx::query_as!(
        Uso,
        r#"SELECT s.id AS "id: SegmentoId", s.nome, s.cnaes, coalesce(e.empresas, 0) AS "empresas!", coalesce(e.excluidas, 0) AS "excluidas!"
           FROM segmento s
           LEFT JOIN (SELECT segmento_id, count(*) FILTER (WHERE deleted_at IS NULL) AS empresas,
                             count(*) FILTER (WHERE deleted_at IS NOT NULL) AS excluidas
                      FROM empresa WHERE segmento_id IS NOT NULL GROUP BY segmento_id) e ON e.segmento_id = s.id
           ORDER BY s.busca"#
    )
    .fetch_all(tx.db())
    .await?)
}

pub(super) async fn uso(tx: &mut TenantTx, id: SegmentoId) -> Result<Option<Uso>, Fault> {
    Ok(sqlx::query_as!(
        Uso,
        r#"SELECT s.id AS "id: SegmentoId", s.nome, s.cnaes,
                  (SELECT count(*) FROM empresa WHERE segmento_id = s.id AND deleted_at IS NULL) AS "empresas!",
                  (SELECT count(*) FROM empresa WHERE segmento_id = s.id AND deleted_at IS NOT NULL) AS "excluidas!"
           FROM segmento s WHERE s.id = $1"#,
        id as _
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Those of `ids` that are there, in an order of their own, so that two who lock the same ones never wait for each other.
pub(super) async fn lock(tx: &mut TenantTx, ids: &[SegmentoId]) -> Result<Vec<Segmento>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    Ok(sqlx::query_as!(
        Segmento,
        r#"SELECT id AS "id: SegmentoId", nome, cnaes FROM segmento WHERE id = ANY($1) ORDER BY id FOR UPDATE"#,
        &ids
    )
    .fetch_all(tx.db())
    .await?)
}

/// Empresas that have one, before it is locked itself: in the order of everybody else. Where an import is being written, or
/// none has it, the register is waited for here, and not with the segmento in hand.
pub(super) async fn hold_empresas(tx: &mut TenantTx, id: SegmentoId) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM empresa WHERE segmento_id = $1 ORDER BY id FOR NO KEY UPDATE", id.uuid())
        .fetch_all(tx.db())
        .await?;
    Ok(())
}

/// `None` when the name is taken.
pub(super) async fn insert(tx: &mut TenantTx, dados: &Dados) -> Result<Option<SegmentoId>, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    Ok(sqlx::query_scalar!(
        r#"INSERT INTO segmento (id, nome, cnaes, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT ON CONSTRAINT segmento_busca_key DO NOTHING RETURNING id AS "id: SegmentoId""#,
        id,
        dados.nome.as_str(),
        &dados.cnaes,
        now
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Answers false when the name is another's; nothing of the transaction can be kept then.
pub(super) async fn update(tx: &mut TenantTx, id: SegmentoId, dados: &Dados) -> Result<bool, Fault> {
    let done =
        sqlx::query!("UPDATE segmento SET nome = $2, cnaes = $3 WHERE id = $1", id as _, dados.nome.as_str(), &dados.cnaes);
    match done.execute(tx.db()).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("segmento_busca_key") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn delete(tx: &mut TenantTx, id: SegmentoId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM segmento WHERE id = $1", id as _).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn move_cnaes(tx: &mut TenantTx, from: SegmentoId, into: SegmentoId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE segmento i
         SET cnaes = ARRAY(SELECT codigo FROM unnest(i.cnaes || f.cnaes) AS codigo GROUP BY codigo ORDER BY codigo)
         FROM segmento f WHERE f.id = $1 AND i.id = $2",
        from as _,
        into as _
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Those in the lixeira as well.
pub(super) async fn move_empresas(tx: &mut TenantTx, from: SegmentoId, into: SegmentoId) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE empresa SET segmento_id = $2, version = version + 1, updated_at = $3 WHERE segmento_id = $1",
        from as _,
        into as _,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}
