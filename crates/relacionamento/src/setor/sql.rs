//! All SQL on setores.

use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Dados, Setor, SetorId, Uso};

/// All, by name.
pub(crate) async fn list(tx: &mut TenantTx) -> Result<Vec<Setor>, Fault> {
    let rows = sqlx::query_as!(Setor, r#"SELECT id AS "id: SetorId", nome FROM setor ORDER BY busca"#);
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Every setor with how many demandas are of it, by name.
pub(super) async fn usos(tx: &mut TenantTx) -> Result<Vec<Uso>, Fault> {
    let usos = sqlx::query_as!(
        Uso,
        r#"SELECT t.id AS "id: SetorId", t.nome, coalesce(u.demandas, 0) AS "demandas!", coalesce(u.excluidas, 0) AS "excluidas!"
           FROM setor t
           LEFT JOIN (SELECT setor_id, count(*) FILTER (WHERE deleted_at IS NULL) AS demandas,
                             count(*) FILTER (WHERE deleted_at IS NOT NULL) AS excluidas
                      FROM demanda GROUP BY setor_id) u ON u.setor_id = t.id
           ORDER BY t.busca"#
    );
    Ok(usos.fetch_all(tx.db()).await?)
}

/// Those of `ids` that are there, in an order of their own, so that two who lock the same ones never wait for each other.
pub(super) async fn lock(tx: &mut TenantTx, ids: &[SetorId]) -> Result<Vec<Uso>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let found = sqlx::query_as!(
        Uso,
        r#"SELECT id AS "id: SetorId", nome, 0::bigint AS "demandas!", 0::bigint AS "excluidas!"
           FROM setor WHERE id = ANY($1) ORDER BY id FOR UPDATE"#,
        &ids
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Demandas of one, before it is locked itself: in the order of everybody else.
pub(super) async fn hold_demandas(tx: &mut TenantTx, id: SetorId) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM demanda WHERE setor_id = $1 ORDER BY id FOR NO KEY UPDATE", id.uuid())
        .fetch_all(tx.db())
        .await?;
    Ok(())
}

/// `None` when the name is taken.
pub(super) async fn insert(tx: &mut TenantTx, dados: &Dados) -> Result<Option<SetorId>, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let made = sqlx::query_scalar!(
        r#"INSERT INTO setor (id, nome, created_at) VALUES ($1, $2, $3)
           ON CONFLICT ON CONSTRAINT setor_busca_key DO NOTHING RETURNING id AS "id: SetorId""#,
        id,
        dados.nome.as_str(),
        now
    );
    Ok(made.fetch_optional(tx.db()).await?)
}

/// Answers false when the name is another's; nothing of the transaction can be kept then.
pub(super) async fn update(tx: &mut TenantTx, id: SetorId, dados: &Dados) -> Result<bool, Fault> {
    let done = sqlx::query!("UPDATE setor SET nome = $2 WHERE id = $1", id.uuid(), dados.nome.as_str());
    match done.execute(tx.db()).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("setor_busca_key") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn delete(tx: &mut TenantTx, id: SetorId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM setor WHERE id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// Those in the lixeira as well. Answers how many were of the first one.
pub(super) async fn move_demandas(tx: &mut TenantTx, from: SetorId, into: SetorId) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE demanda SET setor_id = $2, version = version + 1, updated_at = $3 WHERE setor_id = $1",
        from.uuid(),
        into.uuid(),
        now
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}
