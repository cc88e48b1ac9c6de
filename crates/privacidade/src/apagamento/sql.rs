use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::{Erased, Restoration, TenantTx};
use uuid::Uuid;

use super::{Apagamento, counts, read_counts};
use crate::titular::TitularRef;

struct Row {
    id: Uuid,
    protocolo: String,
    titular_kind: String,
    titular_id: Uuid,
    por_nome: bool,
    efeitos: Value,
    actor_nome: String,
    created_at: DateTime<Utc>,
    reapplied_at: Option<DateTime<Utc>>,
}

impl From<Row> for Apagamento {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            protocolo: row.protocolo,
            titular_kind: row.titular_kind,
            titular_id: row.titular_id,
            por_nome: row.por_nome,
            efeitos: read_counts(&row.efeitos),
            actor_nome: row.actor_nome,
            created_at: row.created_at,
            reapplied_at: row.reapplied_at,
        }
    }
}

/// What is read of a receipt, whatever it is looked for by.
macro_rules! recibos {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Row,
            "SELECT id, protocolo, titular_kind, titular_id, por_nome, efeitos, actor_nome, created_at, reapplied_at FROM apagamento "
                + $tail,
            $($arg),*
        )
    };
}

pub(super) async fn lock(tx: &mut TenantTx) -> Result<(), Fault> {
    sqlx::query!("LOCK TABLE apagamento IN SHARE ROW EXCLUSIVE MODE").execute(tx.db()).await?;
    Ok(())
}

/// The receipt of that erasure.
///
/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: Uuid) -> Result<Option<Apagamento>, Fault> {
    let row = recibos!("WHERE id = $1", id);
    Ok(row.fetch_optional(tx.db()).await?.map(Apagamento::from))
}

pub(super) async fn find_of(tx: &mut TenantTx, titular: &TitularRef) -> Result<Option<Apagamento>, Fault> {
    let row = recibos!("WHERE titular_kind = $1 AND titular_id = $2", titular.kind, titular.id);
    Ok(row.fetch_optional(tx.db()).await?.map(Apagamento::from))
}

/// The newest first.
pub(super) async fn list(tx: &mut TenantTx, limit: i64) -> Result<Vec<Apagamento>, Fault> {
    let rows = recibos!("ORDER BY created_at DESC, id DESC LIMIT $1", limit);
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(Apagamento::from).collect())
}

pub(super) async fn insert(tx: &mut TenantTx, actor: Option<Uuid>, done: &Apagamento, linhas: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO apagamento (id, protocolo, titular_kind, titular_id, por_nome, efeitos, linhas, actor_id, actor_nome, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        done.id,
        done.protocolo,
        done.titular_kind,
        done.titular_id,
        done.por_nome,
        counts(&done.efeitos),
        linhas,
        actor,
        done.actor_nome,
        done.created_at
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Who was erased, for the register.
pub(super) async fn erased(tx: &mut TenantTx, id: Uuid) -> Result<Vec<Erased>, Fault> {
    Ok(sqlx::query_as!(
        Erased,
        "SELECT titular_kind AS kind, titular_id AS id, por_nome, created_at AS at FROM apagamento WHERE id = $1",
        id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Rows of the trail that tell of people who were erased since `since`.
pub(super) async fn linhas(tx: &mut TenantTx, since: DateTime<Utc>) -> Result<Vec<Uuid>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT DISTINCT linha AS "linha!" FROM apagamento, unnest(linhas) AS linha WHERE coalesce(reapplied_at, created_at) >= $1"#,
        since
    )
    .fetch_all(tx.db())
    .await?)
}

/// Every receipt, as it is, for whoever replaces the schema.
pub(super) async fn remember(present: &mut Restoration<'_>) -> Result<Value, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') AS "present!" FROM apagamento a"#)
        .fetch_one(present.db())
        .await?)
}

/// Puts receipts back that the archive does not have.
pub(super) async fn bring_back(restored: &mut Restoration<'_>, receipts: &Value) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO apagamento (id, protocolo, titular_kind, titular_id, por_nome, efeitos, linhas, actor_id, actor_nome, created_at, reapplied_at)
         SELECT r.id, r.protocolo, r.titular_kind, r.titular_id, r.por_nome, r.efeitos, r.linhas, r.actor_id, r.actor_nome, r.created_at,
                r.reapplied_at
         FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, protocolo text, titular_kind text, titular_id uuid, por_nome boolean,
              efeitos jsonb, linhas uuid[], actor_id uuid, actor_nome text, created_at timestamptz, reapplied_at timestamptz)
         ON CONFLICT DO NOTHING",
        receipts
    )
    .execute(restored.db())
    .await?;
    Ok(())
}

/// Everybody who has a receipt in the restored schema.
pub(super) async fn all(restored: &mut Restoration<'_>) -> Result<Vec<Erased>, Fault> {
    Ok(sqlx::query_as!(Erased, "SELECT titular_kind AS kind, titular_id AS id, por_nome, created_at AS at FROM apagamento")
        .fetch_all(restored.db())
        .await?)
}

/// Notes that somebody was there again and was erased again; with a receipt of its own where only the register knew of it.
pub(super) async fn reapplied(restored: &mut Restoration<'_>, done: &Apagamento, linhas: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO apagamento (id, protocolo, titular_kind, titular_id, por_nome, efeitos, linhas, actor_nome, created_at, reapplied_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT ON CONSTRAINT apagamento_titular_key DO UPDATE
         SET reapplied_at = excluded.reapplied_at,
             linhas = ARRAY(SELECT unnest(apagamento.linhas) UNION SELECT unnest(excluded.linhas))",
        done.id,
        done.protocolo,
        done.titular_kind,
        done.titular_id,
        done.por_nome,
        counts(&done.efeitos),
        linhas,
        done.actor_nome,
        done.created_at,
        done.reapplied_at
    )
    .execute(restored.db())
    .await?;
    Ok(())
}
