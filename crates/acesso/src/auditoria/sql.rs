use std::net::IpAddr;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kernel::{Fault, PageRequest, fold};
use serde_json::Value;
use tenancy::TenantTx;
use uuid::Uuid;

/// What narrows the trail.
#[derive(Debug, Clone, Default)]
pub struct Filtro<'a> {
    /// Part of the actor's name or of the action, accents and case aside.
    pub busca: &'a str,
    /// Codes of kinds of actors; none is all.
    pub kinds: Vec<String>,
    pub from: Option<DateTime<Utc>>,
    /// Exclusive.
    pub until: Option<DateTime<Utc>>,
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Linha {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub request_id: Option<Uuid>,
    pub action: String,
    pub entity: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// A page of the trail, newest first, and how many rows there are in all.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, filtro: &Filtro<'_>, page: PageRequest) -> Result<(Vec<Linha>, i64), Fault> {
    let busca = crate::like(&fold(filtro.busca));
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM auditoria
           WHERE ($1 = '%%' OR ext.sem_acento(actor_nome) LIKE $1 OR action LIKE $1)
             AND (cardinality($2::text[]) = 0 OR actor_kind = ANY ($2))
             AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4)"#,
        busca,
        &filtro.kinds,
        filtro.from,
        filtro.until,
    )
    .fetch_one(tx.db())
    .await?;
    let rows = sqlx::query!(
        r#"SELECT id, at, actor_nome, ip AS "ip: IpNet", user_agent, request_id, action, entity, before, after
           FROM auditoria
           WHERE ($1 = '%%' OR ext.sem_acento(actor_nome) LIKE $1 OR action LIKE $1)
             AND (cardinality($2::text[]) = 0 OR actor_kind = ANY ($2))
             AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4)
           ORDER BY at DESC, id DESC
           LIMIT $5 OFFSET $6"#,
        busca,
        &filtro.kinds,
        filtro.from,
        filtro.until,
        page.limit(),
        page.offset(),
    )
    .fetch_all(tx.db())
    .await?;
    let linhas = rows.into_iter().map(|row| Linha {
        id: row.id,
        at: row.at,
        actor_nome: row.actor_nome,
        ip: row.ip.map(|net| net.addr()),
        user_agent: row.user_agent,
        request_id: row.request_id,
        action: row.action,
        entity: row.entity,
        before: row.before,
        after: row.after,
    });
    Ok((linhas.collect(), total))
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
    let rows = sqlx::query!(
        r#"SELECT id, at, actor_nome, ip AS "ip: IpNet", user_agent, request_id, action, entity, before, after
           FROM auditoria WHERE entity = $1 AND entity_id = $2 ORDER BY at DESC, id DESC LIMIT $3 OFFSET $4"#,
        entity,
        id,
        page.limit(),
        page.offset()
    )
    .fetch_all(tx.db())
    .await?;
    let linhas = rows.into_iter().map(|row| Linha {
        id: row.id,
        at: row.at,
        actor_nome: row.actor_nome,
        ip: row.ip.map(|net| net.addr()),
        user_agent: row.user_agent,
        request_id: row.request_id,
        action: row.action,
        entity: row.entity,
        before: row.before,
        after: row.after,
    });
    Ok((linhas.collect(), total))
}
