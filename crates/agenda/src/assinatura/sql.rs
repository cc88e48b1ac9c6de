//! All SQL on the table `agenda_assinatura`.

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

use super::{Alcance, Assinatura, AssinaturaId};

fn alcance(code: &str) -> Result<Alcance, Fault> {
    Alcance::from_code(code).ok_or_else(|| Fault::because("an assinatura of a reach that is none"))
}

/// How many somebody has; nobody gives them another before this transaction ends.
pub(super) async fn hold(tx: &mut TenantTx, usuario: Uuid) -> Result<i64, Fault> {
    sqlx::query_scalar!("SELECT id FROM usuario WHERE id = $1 FOR UPDATE", usuario).fetch_optional(tx.db()).await?;
    let n = sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM agenda_assinatura WHERE usuario_id = $1"#, usuario);
    Ok(n.fetch_one(tx.db()).await?)
}

pub(super) async fn insert(tx: &mut TenantTx, usuario: Uuid, alcance: Alcance, hash: &[u8]) -> Result<AssinaturaId, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO agenda_assinatura (id, usuario_id, alcance, hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        id,
        usuario,
        alcance.code(),
        hash,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(AssinaturaId::new(id))
}

/// Answers what it told.
pub(super) async fn delete(tx: &mut TenantTx, usuario: Uuid, id: AssinaturaId) -> Result<Option<Alcance>, Fault> {
    let gone = sqlx::query_scalar!(
        "DELETE FROM agenda_assinatura WHERE id = $1 AND usuario_id = $2 RETURNING alcance",
        id.uuid(),
        usuario
    );
    gone.fetch_optional(tx.db()).await?.map(|code| alcance(&code)).transpose()
}

pub(super) async fn list(tx: &mut TenantTx, usuario: Uuid) -> Result<Vec<Assinatura>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: AssinaturaId", alcance, created_at, last_seen_at FROM agenda_assinatura WHERE usuario_id = $1
           ORDER BY created_at DESC, id"#,
        usuario
    );
    let rows = rows.fetch_all(tx.db()).await?;
    let one = |row: _| -> Result<Assinatura, Fault> {
        let (id, code, created_at, last_seen_at): (AssinaturaId, String, DateTime<Utc>, Option<DateTime<Utc>>) = row;
        Ok(Assinatura { id, alcance: alcance(&code)?, created_at, last_seen_at })
    };
    rows.into_iter().map(|row| one((row.id, row.alcance, row.created_at, row.last_seen_at))).collect()
}

type Found = (AssinaturaId, Uuid, Alcance, Option<DateTime<Utc>>);

pub(super) async fn by_hash(tx: &mut TenantTx, hash: &[u8]) -> Result<Option<Found>, Fault> {
    let found = sqlx::query!(
        r#"SELECT id AS "id: AssinaturaId", usuario_id, alcance, last_seen_at FROM agenda_assinatura WHERE hash = $1"#,
        hash
    );
    let found = found.fetch_optional(tx.db()).await?;
    found.map(|row| Ok((row.id, row.usuario_id, alcance(&row.alcance)?, row.last_seen_at))).transpose()
}

pub(super) async fn seen(tx: &mut TenantTx, id: AssinaturaId, now: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!("UPDATE agenda_assinatura SET last_seen_at = $2 WHERE id = $1", id.uuid(), now).execute(tx.db()).await?;
    Ok(())
}

/// What a person has, for their dossier.
pub(super) async fn gather(ground: &mut Ground<'_>, usuario: Uuid) -> Result<Vec<Value>, Fault> {
    let rows = sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('alcance', alcance, 'created_at', created_at, 'last_seen_at', last_seen_at)) AS "row!"
           FROM agenda_assinatura WHERE usuario_id = $1 ORDER BY created_at"#,
        usuario
    );
    Ok(rows.fetch_all(ground.db()).await?)
}

/// Answers how many were ended.
pub(super) async fn erase(ground: &mut Ground<'_>, usuario: Uuid) -> Result<u64, Fault> {
    let gone = sqlx::query!("DELETE FROM agenda_assinatura WHERE usuario_id = $1", usuario);
    Ok(gone.execute(ground.db()).await?.rows_affected())
}
