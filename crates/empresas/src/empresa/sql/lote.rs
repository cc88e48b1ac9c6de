//! Many empresas at once: each statement is about all of them. Whoever locks many does so in the order of their ids, so that
//! two never wait for each other crosswise.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Fault};
use tenancy::TenantTx;
use uuid::Uuid;

use super::gravar::unless_taken;
use crate::{
    empresa::{
        Reach, Situacao,
        lote::{Lote, LoteId},
    },
    etiqueta::EtiquetaId,
};

/// How long a lote can be undone.
const KEPT: TimeDelta = TimeDelta::days(1);

/// An empresa that is locked to be changed, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub id: Uuid,
    pub nome: String,
    pub cnpj: String,
    pub situacao: String,
    pub responsavel_id: Option<Uuid>,
    pub usuario_nome: Option<String>,
    /// Of one who is no usuario here.
    pub responsavel_nome: Option<String>,
}

impl Target {
    /// By name.
    pub(in crate::empresa) fn responsavel(&self) -> Option<&str> {
        self.usuario_nome.as_deref().or(self.responsavel_nome.as_deref())
    }
}

/// What it had before the lote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Former {
    pub situacao: String,
    pub usuario_nome: Option<String>,
    pub responsavel_nome: Option<String>,
}

impl Former {
    pub(in crate::empresa) fn responsavel(&self) -> Option<&str> {
        self.usuario_nome.as_deref().or(self.responsavel_nome.as_deref())
    }
}

/// A lote as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registro {
    pub id: LoteId,
    pub action: String,
    pub consulta: String,
    pub changed: i32,
    pub unchanged: i32,
    pub undone_at: Option<DateTime<Utc>>,
    pub undone: Option<i32>,
    /// The one that was put on or taken off.
    pub etiqueta_id: Option<EtiquetaId>,
}

pub(in crate::empresa) async fn count(tx: &mut TenantTx, ids: &[Uuid], reach: Reach) -> Result<i64, Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM empresa
           WHERE id = ANY($1) AND deleted_at IS NULL AND ($2::uuid[] IS NULL OR responsavel_id = $2[1] OR id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))"#,
        ids,
        reach.keys()
    );
    Ok(total.fetch_one(tx.db()).await?)
}

/// The first of them by name.
pub(in crate::empresa) async fn names(tx: &mut TenantTx, ids: &[Uuid], reach: Reach, limit: usize) -> Result<Vec<String>, Fault> {
    let nomes = sqlx::query_scalar!(
        "SELECT nome FROM empresa
         WHERE id = ANY($1) AND deleted_at IS NULL AND ($2::uuid[] IS NULL OR responsavel_id = $2[1] OR id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) ORDER BY ordem, id LIMIT $3",
        ids,
        reach.keys(),
        i64::try_from(limit).unwrap_or(i64::MAX)
    );
    Ok(nomes.fetch_all(tx.db()).await?)
}

/// Those of `ids` within `reach`.
pub(in crate::empresa) async fn pick(tx: &mut TenantTx, ids: &[Uuid], reach: Reach, limit: i64) -> Result<Vec<Uuid>, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT id FROM empresa
         WHERE id = ANY($1) AND deleted_at IS NULL AND ($2::uuid[] IS NULL OR responsavel_id = $2[1] OR id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
         ORDER BY id LIMIT $3",
        ids,
        reach.keys(),
        limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Those of `ids` within `reach`; nobody else changes them before this transaction ends.
pub(in crate::empresa) async fn lock(tx: &mut TenantTx, ids: &[Uuid], reach: Reach) -> Result<Vec<Target>, Fault> {
    let targets = sqlx::query_as!(
        Target,
        r#"SELECT e.id, e.nome, e.cnpj, e.situacao, e.responsavel_id, u.nome AS "usuario_nome?", e.responsavel_nome
           FROM empresa e LEFT JOIN usuario u ON u.id = e.responsavel_id
           WHERE e.id = ANY($1) AND e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
           ORDER BY e.id FOR UPDATE OF e"#,
        ids,
        reach.keys()
    );
    Ok(targets.fetch_all(tx.db()).await?)
}

/// Forgets those that are too old to be undone.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<(), Fault> {
    let before = tx.clock().now() - KEPT;
    sqlx::query!("DELETE FROM empresa_lote WHERE created_at < $1", before).execute(tx.db()).await?;
    Ok(())
}

/// Notes a lote, and forgets some that are too old to be undone.
pub(in crate::empresa) async fn insert(
    tx: &mut TenantTx,
    actor: &Actor,
    id: LoteId,
    lote: &Lote,
    [changed, unchanged]: [usize; 2],
) -> Result<(), Fault> {
    let now = tx.clock().now();
    // Somebody else at the same work is passed by.
    sqlx::query!(
        "DELETE FROM empresa_lote
         WHERE id IN (SELECT id FROM empresa_lote WHERE created_at < $1 ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED)",
        now - KEPT
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "INSERT INTO empresa_lote (id, action, actor_id, consulta, changed, unchanged, created_at, etiqueta_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.uuid(),
        lote.what.action().code(),
        actor.id,
        lote.consulta,
        i32::try_from(changed).unwrap_or(i32::MAX),
        i32::try_from(unchanged).unwrap_or(i32::MAX),
        now,
        lote.what.etiqueta().map(EtiquetaId::uuid)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Keeps what the empresas have now, and the version that they are about to get, where the lote makes one.
pub(in crate::empresa) async fn keep(tx: &mut TenantTx, id: LoteId, ids: &[Uuid], new: bool) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO empresa_lote_linha (lote_id, empresa_id, version, situacao, responsavel_id, responsavel_nome)
         SELECT $1::uuid, id, version + $3, situacao, responsavel_id, responsavel_nome FROM empresa WHERE id = ANY($2)",
        id.uuid(),
        ids,
        i32::from(new)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(in crate::empresa) async fn set_situacao(tx: &mut TenantTx, ids: &[Uuid], situacao: Situacao) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE empresa SET situacao = $2, version = version + 1, updated_at = $3 WHERE id = ANY($1)",
        ids,
        situacao.code(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(in crate::empresa) async fn set_responsavel(tx: &mut TenantTx, ids: &[Uuid], usuario: Option<Uuid>) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE empresa SET responsavel_id = $2, responsavel_nome = NULL, version = version + 1, updated_at = $3 WHERE id = ANY($1)",
        ids,
        usuario,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(in crate::empresa) async fn trash(tx: &mut TenantTx, ids: &[Uuid]) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE empresa SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = ANY($1)", ids, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Those of `ids` that have an etiqueta.
pub(in crate::empresa) async fn with_etiqueta(tx: &mut TenantTx, ids: &[Uuid], id: EtiquetaId) -> Result<HashSet<Uuid>, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT empresa_id FROM empresa_etiqueta WHERE etiqueta_id = $1 AND empresa_id = ANY($2)",
        id.uuid(),
        ids
    );
    Ok(found.fetch_all(tx.db()).await?.into_iter().collect())
}

pub(in crate::empresa) async fn put_etiqueta(tx: &mut TenantTx, ids: &[Uuid], id: EtiquetaId) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id) SELECT empresa, $2::uuid FROM unnest($1::uuid[]) AS empresa
         ON CONFLICT ON CONSTRAINT empresa_etiqueta_pkey DO NOTHING",
        ids,
        id.uuid()
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(in crate::empresa) async fn take_etiqueta(tx: &mut TenantTx, ids: &[Uuid], id: EtiquetaId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM empresa_etiqueta WHERE empresa_id = ANY($1) AND etiqueta_id = $2", ids, id.uuid())
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Empresas of a lote within `reach`: nobody else changes them before this transaction ends.
pub(in crate::empresa) async fn lock_linhas(tx: &mut TenantTx, lote: LoteId, reach: Reach) -> Result<(), Fault> {
    sqlx::query!(
        "SELECT e.id FROM empresa e JOIN empresa_lote_linha l ON l.empresa_id = e.id
         WHERE l.lote_id = $1 AND e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
         ORDER BY e.id FOR UPDATE OF e",
        lote.uuid(),
        reach.keys()
    )
    .fetch_all(tx.db())
    .await?;
    Ok(())
}

/// Takes off what a lote put on, where it still is. Answers of which empresas.
pub(in crate::empresa) async fn etiqueta_off(
    tx: &mut TenantTx,
    lote: LoteId,
    id: EtiquetaId,
    reach: Reach,
) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "DELETE FROM empresa_etiqueta x USING empresa_lote_linha l, empresa e
         WHERE l.lote_id = $1 AND x.etiqueta_id = $2 AND x.empresa_id = l.empresa_id AND e.id = l.empresa_id
           AND e.deleted_at IS NULL AND ($3::uuid[] IS NULL OR e.responsavel_id = $3[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))
         RETURNING x.empresa_id",
        lote.uuid(),
        id.uuid(),
        reach.keys()
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Puts on what a lote took off, where it is still missing. Answers on which empresas.
pub(in crate::empresa) async fn etiqueta_on(
    tx: &mut TenantTx,
    lote: LoteId,
    id: EtiquetaId,
    reach: Reach,
) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id)
         SELECT e.id, $2::uuid FROM empresa_lote_linha l JOIN empresa e ON e.id = l.empresa_id
         WHERE l.lote_id = $1 AND e.deleted_at IS NULL AND ($3::uuid[] IS NULL OR e.responsavel_id = $3[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))
         ON CONFLICT ON CONSTRAINT empresa_etiqueta_pkey DO NOTHING RETURNING empresa_id",
        lote.uuid(),
        id.uuid(),
        reach.keys()
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// A lote that the actor made.
pub(in crate::empresa) async fn find(tx: &mut TenantTx, actor: &Actor, id: LoteId) -> Result<Option<Registro>, Fault> {
    let lote = sqlx::query_as!(
        Registro,
        r#"SELECT id AS "id: LoteId", action, consulta, changed, unchanged, undone_at, undone,
                  etiqueta_id AS "etiqueta_id: EtiquetaId"
           FROM empresa_lote WHERE id = $1 AND actor_id IS NOT DISTINCT FROM $2"#,
        id.uuid(),
        actor.id
    );
    Ok(lote.fetch_optional(tx.db()).await?)
}

/// As [`find`]; of two who undo it at once, the second finds it undone.
pub(in crate::empresa) async fn lock_own(tx: &mut TenantTx, actor: &Actor, id: LoteId) -> Result<Option<Registro>, Fault> {
    let lote = sqlx::query_as!(
        Registro,
        r#"SELECT id AS "id: LoteId", action, consulta, changed, unchanged, undone_at, undone,
                  etiqueta_id AS "etiqueta_id: EtiquetaId"
           FROM empresa_lote WHERE id = $1 AND actor_id IS NOT DISTINCT FROM $2 FOR UPDATE"#,
        id.uuid(),
        actor.id
    );
    Ok(lote.fetch_optional(tx.db()).await?)
}

/// The empresas of a lote that are as it left them, locked, each with what it had before. One from the lixeira whose CNPJ was
/// registered again meanwhile is none of them.
pub(in crate::empresa) async fn lock_undoable(
    tx: &mut TenantTx,
    id: LoteId,
    reach: Reach,
    trashed: bool,
) -> Result<Vec<(Target, Former)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT e.id, e.nome, e.cnpj, e.situacao, e.responsavel_id, u.nome AS "usuario_nome?", e.responsavel_nome,
                  l.situacao AS former_situacao, f.nome AS "former_usuario?", l.responsavel_nome AS former_nome
           FROM empresa_lote_linha l
           JOIN empresa e ON e.id = l.empresa_id
           LEFT JOIN usuario u ON u.id = e.responsavel_id
           LEFT JOIN usuario f ON f.id = l.responsavel_id
           WHERE l.lote_id = $1 AND e.version = l.version AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
             AND (e.deleted_at IS NOT NULL) = $3::boolean
             AND NOT ($3 AND EXISTS (SELECT FROM empresa o WHERE o.cnpj = e.cnpj AND o.deleted_at IS NULL))
           ORDER BY e.id FOR UPDATE OF e"#,
        id.uuid(),
        reach.keys(),
        trashed
    )
    .fetch_all(tx.db())
    .await?;
    let both = rows.into_iter().map(|row| {
        let target = Target {
            id: row.id,
            nome: row.nome,
            cnpj: row.cnpj,
            situacao: row.situacao,
            responsavel_id: row.responsavel_id,
            usuario_nome: row.usuario_nome,
            responsavel_nome: row.responsavel_nome,
        };
        let former =
            Former { situacao: row.former_situacao, usuario_nome: row.former_usuario, responsavel_nome: row.former_nome };
        (target, former)
    });
    Ok(both.collect())
}

/// Situação and responsável as they were. Of the two the lote changed one; the other has not changed since either.
pub(in crate::empresa) async fn put_back(tx: &mut TenantTx, id: LoteId, ids: &[Uuid]) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE empresa e
         SET situacao = l.situacao, responsavel_id = (SELECT u.id FROM usuario u WHERE u.id = l.responsavel_id),
             responsavel_nome = l.responsavel_nome, version = e.version + 1, updated_at = $3
         FROM empresa_lote_linha l
         WHERE l.lote_id = $1 AND l.empresa_id = e.id AND e.id = ANY($2)",
        id.uuid(),
        ids,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Answers false when a CNPJ is taken; nothing of the transaction can be kept then.
pub(in crate::empresa) async fn restore(tx: &mut TenantTx, ids: &[Uuid]) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done =
        sqlx::query!("UPDATE empresa SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = ANY($1)", ids, now)
            .execute(tx.db())
            .await;
    unless_taken(done)
}

pub(in crate::empresa) async fn set_undone(tx: &mut TenantTx, id: LoteId, undone: i32) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE empresa_lote SET undone_at = $2, undone = $3 WHERE id = $1", id.uuid(), now, undone)
        .execute(tx.db())
        .await?;
    Ok(())
}
