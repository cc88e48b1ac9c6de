use std::net::IpAddr;

use chrono::{DateTime, Utc};
use futures::{StreamExt, stream::BoxStream};
use ipnet::IpNet;
use kernel::{Fault, PageRequest, fold};
use serde_json::Value;
use tenancy::TenantTx;
use uuid::Uuid;

/// What narrows the trail.
#[derive(Debug, Clone, Default)]
pub struct Filtro<'a> {
    /// Part of the actor's name or of the action, accents and case aside, or of what changed, as it is written.
    pub busca: &'a str,
    /// Codes of kinds of actors; none is all.
    pub kinds: Vec<String>,
    /// Codes of actions; none is all.
    pub actions: Vec<String>,
    /// Kinds of records; none is all.
    pub entities: Vec<String>,
    /// Who did it; nobody is everybody.
    pub actor: Option<Uuid>,
    pub from: Option<DateTime<Utc>>,
    /// Exclusive.
    pub until: Option<DateTime<Utc>>,
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Linha {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_kind: String,
    pub actor_nome: String,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub request_id: Option<Uuid>,
    pub action: String,
    pub entity: String,
    pub entity_id: Option<Uuid>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// As the database has it.
struct Row {
    id: Uuid,
    at: DateTime<Utc>,
    actor_kind: String,
    actor_nome: String,
    ip: Option<IpNet>,
    user_agent: Option<String>,
    request_id: Option<Uuid>,
    action: String,
    entity: String,
    entity_id: Option<Uuid>,
    before: Option<Value>,
    after: Option<Value>,
}

impl From<Row> for Linha {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor_kind: row.actor_kind,
            actor_nome: row.actor_nome,
            ip: row.ip.map(|net| net.addr()),
            user_agent: row.user_agent,
            request_id: row.request_id,
            action: row.action,
            entity: row.entity,
            entity_id: row.entity_id,
            before: row.before,
            after: row.after,
        }
    }
}

/// How many rows of the trail there are.
pub(super) async fn count(tx: &mut TenantTx, filtro: &Filtro<'_>) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM auditoria
           WHERE ($1 = '%%' OR ext.sem_acento(actor_nome) LIKE $1 OR action LIKE $1 OR before::text ILIKE $8
                  OR after::text ILIKE $8)
             AND (cardinality($2::text[]) = 0 OR actor_kind = ANY ($2))
             AND (cardinality($3::text[]) = 0 OR action = ANY ($3))
             AND (cardinality($4::text[]) = 0 OR entity = ANY ($4))
             AND ($5::uuid IS NULL OR actor_id = $5)
             AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)"#,
        crate::like(&fold(filtro.busca)),
        &filtro.kinds,
        &filtro.actions,
        &filtro.entities,
        filtro.actor,
        filtro.from,
        filtro.until,
        crate::like(filtro.busca),
    )
    .fetch_one(tx.db())
    .await?)
}

/// Rows of the trail, newest first, so many of them behind so many.
fn some<'t>(tx: &'t mut TenantTx, filtro: &Filtro<'_>, limit: Option<i64>, offset: i64) -> BoxStream<'t, Result<Linha, Fault>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id, at, actor_kind, actor_nome, ip AS "ip: IpNet", user_agent, request_id, action, entity, entity_id, before, after
           FROM auditoria
           WHERE ($1 = '%%' OR ext.sem_acento(actor_nome) LIKE $1 OR action LIKE $1 OR before::text ILIKE $10
                  OR after::text ILIKE $10)
             AND (cardinality($2::text[]) = 0 OR actor_kind = ANY ($2))
             AND (cardinality($3::text[]) = 0 OR action = ANY ($3))
             AND (cardinality($4::text[]) = 0 OR entity = ANY ($4))
             AND ($5::uuid IS NULL OR actor_id = $5)
             AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
           ORDER BY at DESC, id DESC
           LIMIT $8 OFFSET $9"#,
        crate::like(&fold(filtro.busca)),
        &filtro.kinds,
        &filtro.actions,
        &filtro.entities,
        filtro.actor,
        filtro.from,
        filtro.until,
        limit,
        offset,
        crate::like(filtro.busca),
    )
    .fetch(tx.db());
    rows.map(|row| row.map(Linha::from).map_err(Fault::from)).boxed()
}

/// The whole of it, newest first.
pub(super) fn all<'t>(tx: &'t mut TenantTx, filtro: &Filtro<'_>) -> BoxStream<'t, Result<Linha, Fault>> {
    some(tx, filtro, None, 0)
}

/// A page of the trail, newest first, and how many rows there are in all.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, filtro: &Filtro<'_>, page: PageRequest) -> Result<(Vec<Linha>, i64), Fault> {
    let total = count(tx, filtro).await?;
    let rows: Vec<_> = some(tx, filtro, Some(page.limit()), page.offset()).collect().await;
    Ok((rows.into_iter().collect::<Result<_, _>>()?, total))
}

/// A page of what the trail holds about one record, newest first, and how many rows there are in all.
///
/// # Errors
/// A fault of the database.
pub async fn of_record(tx: &mut TenantTx, entity: &str, id: Uuid, page: PageRequest) -> Result<(Vec<Linha>, i64), Fault> {
    let total =
        sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM auditoria WHERE entity = $1 AND entity_id = $2"#, entity, id)
            .fetch_one(tx.db())
            .await?;
    let rows = sqlx::query_as!(
        Row,
        // What tells of somebody who was erased is kept for the law and for the trail's own page (decision 0018).
        r#"SELECT a.id, a.at, a.actor_kind, a.actor_nome, a.ip AS "ip: IpNet", a.user_agent, a.request_id, a.action, a.entity, a.entity_id,
                  CASE WHEN x.hidden THEN NULL ELSE a.before END AS before, CASE WHEN x.hidden THEN NULL ELSE a.after END AS after
           FROM auditoria a
           CROSS JOIN LATERAL (SELECT a.id IN (SELECT unnest(p.linhas) FROM apagamento p) AS hidden) x
           WHERE a.entity = $1 AND a.entity_id = $2 ORDER BY a.at DESC, a.id DESC LIMIT $3 OFFSET $4"#,
        entity,
        id,
        page.limit(),
        page.offset()
    )
    .fetch_all(tx.db())
    .await?;
    Ok((rows.into_iter().map(Linha::from).collect(), total))
}

/// The actions that the trail holds: an index jumps from one to the next, however many rows each has.
pub(super) async fn actions(tx: &mut TenantTx) -> Result<Vec<String>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"WITH RECURSIVE found AS (
               (SELECT f.action FROM auditoria f ORDER BY f.action LIMIT 1)
               UNION ALL
               SELECT (SELECT n.action FROM auditoria n WHERE n.action > found.action ORDER BY n.action LIMIT 1)
               FROM found WHERE found.action IS NOT NULL
           )
           SELECT action AS "action!" FROM found WHERE action IS NOT NULL"#
    )
    .fetch_all(tx.db())
    .await?)
}

/// The kinds of records that the trail is about.
pub(super) async fn entities(tx: &mut TenantTx) -> Result<Vec<String>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"WITH RECURSIVE found AS (
               (SELECT f.entity FROM auditoria f ORDER BY f.entity LIMIT 1)
               UNION ALL
               SELECT (SELECT n.entity FROM auditoria n WHERE n.entity > found.entity ORDER BY n.entity LIMIT 1)
               FROM found WHERE found.entity IS NOT NULL
           )
           SELECT entity AS "entity!" FROM found WHERE entity IS NOT NULL"#
    )
    .fetch_all(tx.db())
    .await?)
}

/// What somebody was called when they last did something.
pub(super) async fn name(tx: &mut TenantTx, actor: Uuid) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!("SELECT actor_nome FROM auditoria WHERE actor_id = $1 ORDER BY at DESC LIMIT 1", actor)
        .fetch_optional(tx.db())
        .await?)
}

/// Where the chain over the trail ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selo {
    pub numero: i64,
    pub sealed_at: DateTime<Utc>,
    /// Hexadecimal.
    pub digest: String,
}

pub(super) async fn selo(tx: &mut TenantTx) -> Result<Option<Selo>, Fault> {
    Ok(sqlx::query_as!(
        Selo,
        r#"SELECT numero, sealed_at, encode(digest, 'hex') AS "digest!" FROM auditoria_selo ORDER BY numero DESC LIMIT 1"#
    )
    .fetch_optional(tx.db())
    .await?)
}
