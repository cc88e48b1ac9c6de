//! How far a job has come that writes an importação, and the etiquetas that it puts on empresas.

use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::json;
use crate::importacao::{ImportacaoId, Problem};

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::importacao) struct Andamento {
    pub done: i64,
    pub total: i64,
    pub cancelled: bool,
}

/// It was confirmed by `usuario`, and a job is to write it.
pub(in crate::importacao) async fn begin(tx: &mut TenantTx, id: ImportacaoId, usuario: Uuid, total: u64) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE importacao SET state = 'gravando', confirmada_por = $2, problem = NULL, version = version + 1 WHERE id = $1",
        id.uuid(),
        usuario
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "INSERT INTO importacao_andamento (importacao_id, total) VALUES ($1, $2)
         ON CONFLICT ON CONSTRAINT importacao_andamento_pkey DO UPDATE SET done = 0, total = excluded.total, cancelled = false",
        id.uuid(),
        i64::try_from(total).unwrap_or(i64::MAX)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(in crate::importacao) async fn find(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Andamento>, Fault> {
    let found =
        sqlx::query_as!(Andamento, "SELECT done, total, cancelled FROM importacao_andamento WHERE importacao_id = $1", id.uuid());
    Ok(found.fetch_optional(tx.db()).await?)
}

/// How far it has come; false when somebody called it off.
pub(in crate::importacao) async fn progress(tx: &mut TenantTx, id: ImportacaoId, done: i64) -> Result<bool, Fault> {
    let going = sqlx::query_scalar!(
        r#"UPDATE importacao_andamento SET done = $2 WHERE importacao_id = $1 RETURNING NOT cancelled AS "going!""#,
        id.uuid(),
        done
    );
    Ok(going.fetch_optional(tx.db()).await?.unwrap_or(true))
}

/// Locks one that is to be written and that no job is writing at this moment.
pub(in crate::importacao) async fn lock_idle(tx: &mut TenantTx, id: ImportacaoId) -> Result<bool, Fault> {
    let found = sqlx::query!("SELECT id FROM importacao WHERE id = $1 AND state = 'gravando' FOR UPDATE SKIP LOCKED", id.uuid());
    Ok(found.fetch_optional(tx.db()).await?.is_some())
}

/// Calls it off; false when it is over. One that is about to commit is waited for.
pub(in crate::importacao) async fn cancel(tx: &mut TenantTx, id: ImportacaoId) -> Result<bool, Fault> {
    let done = sqlx::query!("UPDATE importacao_andamento SET cancelled = true WHERE importacao_id = $1", id.uuid());
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// There is nothing more to be told of it; true when somebody called it off before.
pub(in crate::importacao) async fn end(tx: &mut TenantTx, id: ImportacaoId) -> Result<bool, Fault> {
    let cancelled =
        sqlx::query_scalar!("DELETE FROM importacao_andamento WHERE importacao_id = $1 RETURNING cancelled", id.uuid());
    Ok(cancelled.fetch_optional(tx.db()).await?.unwrap_or_default())
}

/// It is a preview again, with the reason where there is one; false when it is not being written.
pub(in crate::importacao) async fn back(tx: &mut TenantTx, id: ImportacaoId, problem: Option<&Problem>) -> Result<bool, Fault> {
    let problem = problem.map(json).transpose()?;
    let done = sqlx::query!(
        "UPDATE importacao SET state = 'previa', problem = $2, version = version + 1 WHERE id = $1 AND state = 'gravando'",
        id.uuid(),
        problem
    );
    let was = done.execute(tx.db()).await?.rows_affected() > 0;
    end(tx, id).await?;
    Ok(was)
}

/// Etiquetas of many empresas, one by one.
#[derive(Debug, Default)]
pub(in crate::importacao) struct Pairs {
    empresas: Vec<Uuid>,
    etiquetas: Vec<Uuid>,
}

impl Pairs {
    pub(in crate::importacao) fn push(&mut self, empresa: Uuid, etiqueta: Uuid) {
        self.empresas.push(empresa);
        self.etiquetas.push(etiqueta);
    }

    fn is_empty(&self) -> bool {
        self.empresas.is_empty()
    }
}

/// Puts etiquetas on empresas; one that is on it stays.
pub(in crate::importacao) async fn put(tx: &mut TenantTx, pairs: &Pairs) -> Result<(), Fault> {
    if pairs.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id)
         SELECT n.empresa_id, n.etiqueta_id FROM unnest($1::uuid[], $2::uuid[]) AS n (empresa_id, etiqueta_id)
         ON CONFLICT ON CONSTRAINT empresa_etiqueta_pkey DO NOTHING",
        &pairs.empresas,
        &pairs.etiquetas
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Takes etiquetas off empresas.
pub(in crate::importacao) async fn take(tx: &mut TenantTx, pairs: &Pairs) -> Result<(), Fault> {
    if pairs.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM empresa_etiqueta x USING unnest($1::uuid[], $2::uuid[]) AS n (empresa_id, etiqueta_id)
         WHERE x.empresa_id = n.empresa_id AND x.etiqueta_id = n.etiqueta_id",
        &pairs.empresas,
        &pairs.etiquetas
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes for an undo what was put on empresas that were there, and what was taken off.
pub(in crate::importacao) async fn note(tx: &mut TenantTx, id: ImportacaoId, put: &Pairs, taken: &Pairs) -> Result<(), Fault> {
    if put.is_empty() && taken.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE importacao_mudanca m SET etiquetas_postas = n.postas, etiquetas_tiradas = n.tiradas
         FROM (SELECT x.empresa_id, array_agg(x.etiqueta_id) FILTER (WHERE x.posta) AS postas,
                      array_agg(x.etiqueta_id) FILTER (WHERE NOT x.posta) AS tiradas
               FROM (SELECT p.empresa_id, p.etiqueta_id, true AS posta FROM unnest($2::uuid[], $3::uuid[]) AS p (empresa_id, etiqueta_id)
                     UNION ALL
                     SELECT t.empresa_id, t.etiqueta_id, false FROM unnest($4::uuid[], $5::uuid[]) AS t (empresa_id, etiqueta_id)) x
               GROUP BY x.empresa_id) n
         WHERE m.importacao_id = $1 AND m.empresa_id = n.empresa_id",
        id.uuid(),
        &put.empresas,
        &put.etiquetas,
        &taken.empresas,
        &taken.etiquetas
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Takes back what it did to the etiquetas of `ids`: what it put on comes off, what it took off comes on again where it is still
/// on the list. What people did since stays.
pub(in crate::importacao) async fn undo(tx: &mut TenantTx, id: ImportacaoId, ids: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM empresa_etiqueta x USING importacao_mudanca m
         WHERE m.importacao_id = $1 AND m.empresa_id = ANY($2) AND x.empresa_id = m.empresa_id AND x.etiqueta_id = ANY(m.etiquetas_postas)",
        id.uuid(),
        ids
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id)
         SELECT m.empresa_id, t.id FROM importacao_mudanca m JOIN etiqueta t ON t.id = ANY(m.etiquetas_tiradas)
         WHERE m.importacao_id = $1 AND m.empresa_id = ANY($2)
         ON CONFLICT ON CONSTRAINT empresa_etiqueta_pkey DO NOTHING",
        id.uuid(),
        ids
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Takes those of `made` off the list that nobody has and that are as they were made: with one of these names and this colour.
/// One that somebody is just putting on an empresa, or changing, is passed by. Answers their ids and names.
pub(in crate::importacao) async fn drop_etiquetas(
    tx: &mut TenantTx,
    made: &[Uuid],
    nomes: &[String],
    cor: &str,
) -> Result<Vec<(Uuid, String)>, Fault> {
    let held = sqlx::query_scalar!(
        "SELECT id FROM etiqueta WHERE id = ANY($1) AND nome = ANY($2) AND cor = $3 ORDER BY id FOR UPDATE SKIP LOCKED",
        made,
        nomes,
        cor
    )
    .fetch_all(tx.db())
    .await?;
    // Looked for once they are locked: nobody puts one on an empresa any more.
    let gone = sqlx::query!(
        "DELETE FROM etiqueta t WHERE t.id = ANY($1) AND NOT EXISTS (SELECT FROM empresa_etiqueta x WHERE x.etiqueta_id = t.id)
         RETURNING t.id, t.nome",
        &held
    );
    Ok(gone.fetch_all(tx.db()).await?.into_iter().map(|row| (row.id, row.nome)).collect())
}
