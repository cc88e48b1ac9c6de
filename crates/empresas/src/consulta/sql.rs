use chrono::{DateTime, Utc};
use kernel::{Cnpj, Fault};
use tenancy::{PlatformTx, UnidadeId};
use uuid::Uuid;

use super::{dados::Consultado, vez::Vez};

/// Holds up everybody else who wants to take a turn, until the transaction ends. Answers the unidade served last.
pub(super) async fn gate(tx: &mut PlatformTx) -> Result<Uuid, Fault> {
    Ok(sqlx::query_scalar!("SELECT turn FROM platform.consulta_gate FOR UPDATE").fetch_one(tx.db()).await?)
}

pub(super) async fn vez(tx: &mut PlatformTx, nome: &str, limit: u16) -> Result<Vez, Fault> {
    let row = sqlx::query!("SELECT asked_at, failures, closed_until FROM platform.provedor WHERE nome = $1", nome)
        .fetch_optional(tx.db())
        .await?;
    let (asked_at, failures, closed_until) =
        row.map_or((Vec::new(), 0, None), |row| (row.asked_at, row.failures, row.closed_until));
    Ok(Vez { limit: limit.into(), asked_at, failures, closed_until })
}

pub(super) async fn keep_vez(tx: &mut PlatformTx, nome: &str, vez: &Vez) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO platform.provedor (nome, asked_at, failures, closed_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT ON CONSTRAINT provedor_pkey DO UPDATE
             SET asked_at = excluded.asked_at, failures = excluded.failures, closed_until = excluded.closed_until",
        nome,
        &vez.asked_at,
        vez.failures,
        vez.closed_until,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A question in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pergunta {
    pub id: i64,
    pub unidade: UnidadeId,
    pub cnpj: String,
    /// 0 when a person waits for it.
    pub priority: i16,
    /// 1 for the next.
    pub place: i64,
}

/// Puts a question into the queue; one that is there already stays where it is, unless a person waits for it now. Answers its
/// id and whether somebody asks for it just now.
pub(super) async fn put(tx: &mut PlatformTx, unidade: UnidadeId, cnpj: Cnpj, priority: i16) -> Result<(i64, bool), Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"INSERT INTO platform.consulta AS c (unidade_id, cnpj, priority, state, created_at) VALUES ($1, $2, $3, 'waiting', $4)
           ON CONFLICT ON CONSTRAINT consulta_key DO UPDATE
               SET priority = CASE WHEN c.state = 'failed' THEN excluded.priority ELSE least(c.priority, excluded.priority) END,
                   created_at = CASE WHEN c.state = 'failed' THEN excluded.created_at ELSE c.created_at END,
                   state = CASE WHEN c.state = 'failed' THEN 'waiting' ELSE c.state END,
                   ended_at = NULL
           RETURNING id, state = 'running' AND lease_until > $4 AS "running!""#,
        unidade as _,
        cnpj.as_str(),
        priority,
        now,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.id, row.running))
}

/// The first of the queue, and the question `mine`. People first; then the unidades take turns, beginning behind the one served
/// last, each with its oldest question.
pub(super) async fn line(tx: &mut PlatformTx, turn: Uuid, mine: i64) -> Result<Vec<Pergunta>, Fault> {
    let now = tx.clock().now();
    let line = sqlx::query_as!(
        Pergunta,
        r#"SELECT id, unidade AS "unidade: UnidadeId", cnpj, priority, place AS "place!"
           FROM (SELECT id, unidade_id AS unidade, cnpj, priority,
                        row_number() OVER (ORDER BY priority, round, unidade_id <= $1, unidade_id) AS place
                 FROM (SELECT id, unidade_id, cnpj, priority,
                              row_number() OVER (PARTITION BY priority, unidade_id ORDER BY created_at, id) AS round
                       FROM platform.consulta
                       WHERE state = 'waiting' OR state = 'running' AND lease_until <= $2) AS waiting) AS line
           WHERE place = 1 OR id = $3
           ORDER BY place"#,
        turn,
        now,
        mine,
    );
    Ok(line.fetch_all(tx.db()).await?)
}

/// Questions that wait and are at least as urgent: of the unidade, and of all. Those that nobody sits in front of take no room
/// from people.
pub(super) async fn waiting(tx: &mut PlatformTx, unidade: UnidadeId, priority: i16) -> Result<(i64, i64), Fault> {
    let row = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE unidade_id = $1) AS "own!", count(*) AS "all!"
           FROM platform.consulta WHERE state <> 'failed' AND priority <= $2"#,
        unidade as _,
        priority,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.own, row.all))
}

/// Gives the turn to a question.
pub(super) async fn start(tx: &mut PlatformTx, id: i64, unidade: UnidadeId, lease: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!("UPDATE platform.consulta SET state = 'running', lease_until = $2 WHERE id = $1", id, lease)
        .execute(tx.db())
        .await?;
    sqlx::query!("UPDATE platform.consulta_gate SET turn = $1", unidade as _).execute(tx.db()).await?;
    Ok(())
}

/// The question waits again, where it stood.
pub(super) async fn back(tx: &mut PlatformTx, id: i64) -> Result<(), Fault> {
    sqlx::query!("UPDATE platform.consulta SET state = 'waiting', lease_until = NULL WHERE id = $1", id).execute(tx.db()).await?;
    Ok(())
}

/// Nobody answered; `None` for all that wait.
pub(super) async fn fail(tx: &mut PlatformTx, id: Option<i64>) -> Result<Vec<(i64, UnidadeId)>, Fault> {
    let now = tx.clock().now();
    let rows = sqlx::query!(
        r#"UPDATE platform.consulta SET state = 'failed', lease_until = NULL, ended_at = $2
           WHERE id = $1 OR $1 IS NULL AND (state = 'waiting' OR state = 'running' AND lease_until <= $2)
           RETURNING id, unidade_id AS "unidade: UnidadeId""#,
        id,
        now,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.unidade)).collect())
}

/// Everybody who waits for this CNPJ has the answer.
pub(super) async fn answered(tx: &mut PlatformTx, cnpj: Cnpj) -> Result<Vec<(i64, UnidadeId)>, Fault> {
    let rows = sqlx::query!(
        r#"DELETE FROM platform.consulta WHERE cnpj = $1 RETURNING id, unidade_id AS "unidade: UnidadeId""#,
        cnpj.as_str()
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.unidade)).collect())
}

/// Failed questions that nobody will ask about any more.
pub(super) async fn forget(tx: &mut PlatformTx, before: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM platform.consulta WHERE state = 'failed' AND ended_at < $1", before).execute(tx.db()).await?;
    Ok(())
}

/// A unidade's question about a CNPJ, and whether it failed.
pub(super) async fn find(tx: &mut PlatformTx, unidade: UnidadeId, cnpj: Cnpj) -> Result<Option<(i64, bool)>, Fault> {
    let row = sqlx::query!(
        r#"SELECT id, state = 'failed' AS "failed!" FROM platform.consulta WHERE unidade_id = $1 AND cnpj = $2"#,
        unidade as _,
        cnpj.as_str()
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| (row.id, row.failed)))
}

/// What was said about a CNPJ the last time.
pub(super) async fn stored(tx: &mut PlatformTx, cnpj: Cnpj) -> Result<Option<Consultado>, Fault> {
    let row = sqlx::query!("SELECT dados, provedor, asked_at, dated_at FROM ref.cnpj WHERE cnpj = $1", cnpj.as_str())
        .fetch_optional(tx.db())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let dados = match row.dados.map(serde_json::from_value) {
        None => None,
        Some(Ok(dados)) => Some(dados),
        // Kept by another release in a shape of its own: as if never asked.
        Some(Err(_)) => return Ok(None),
    };
    Ok(Some(Consultado { dados, provedor: row.provedor, asked_at: row.asked_at, dated_at: row.dated_at }))
}

pub(super) async fn store(tx: &mut PlatformTx, cnpj: Cnpj, consultado: &Consultado) -> Result<(), Fault> {
    let dados = consultado.dados.as_ref().map(serde_json::to_value).transpose().map_err(|e| Fault::new("data of a CNPJ", e))?;
    sqlx::query!(
        "INSERT INTO ref.cnpj AS c (cnpj, dados, provedor, asked_at, dated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT cnpj_pkey DO UPDATE
             SET dados = excluded.dados, provedor = excluded.provedor, asked_at = excluded.asked_at, dated_at = excluded.dated_at",
        cnpj.as_str(),
        dados,
        consultado.provedor,
        consultado.asked_at,
        consultado.dated_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
