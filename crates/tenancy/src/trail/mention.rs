//! Which rows tell of a person.

use kernel::Fault;
use serde_json::Value;
use uuid::Uuid;

use crate::Ground;

/// What a trail has of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Rows that are about the person, or whose values name them.
    pub about: Vec<Uuid>,
    /// Rows of what the person did, which name them as who did it.
    pub by: i64,
}

/// Rows about `id`, rows in whose values `pattern` (a regular expression of PostgreSQL) is found, and how many `id` wrote.
///
/// # Errors
/// A fault of the database.
pub async fn mentions(ground: &mut Ground<'_>, id: Uuid, pattern: &str) -> Result<Mentions, Fault> {
    let about = sqlx::query_scalar!(
        "SELECT id FROM auditoria
         WHERE entity_id = $1 OR before::text ~* $2 OR after::text ~* $2 OR actor_nome ~* $2 AND actor_id IS DISTINCT FROM $1
         ORDER BY id",
        id,
        pattern
    )
    .fetch_all(ground.db())
    .await?;
    let by =
        sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM auditoria WHERE actor_id = $1"#, id).fetch_one(ground.db()).await?;
    Ok(Mentions { about, by })
}

/// As [`mentions`], what rows say to the person whom they name, newest first: `{ at, action, ip, user_agent, before, after }`.
///
/// # Errors
/// A fault of the database.
pub async fn told_of(ground: &mut Ground<'_>, id: Uuid, pattern: &str, limit: i64) -> Result<Vec<Value>, Fault> {
    let rows = sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('at', at, 'action', action, 'ip', host(ip), 'user_agent', user_agent,
                                                       'before', before, 'after', after)) AS "row!"
           FROM auditoria
           WHERE actor_id = $1 OR entity_id = $1 OR before::text ~* $2 OR after::text ~* $2
           ORDER BY at DESC, id DESC LIMIT $3"#,
        id,
        pattern,
        limit
    )
    .fetch_all(ground.db())
    .await?;
    Ok(rows)
}
