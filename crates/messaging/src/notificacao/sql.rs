use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use sqlx::types::Json;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

use super::{Notificacao, NotificacaoId, UNREAD_MAX, Which};

/// False for a usuario who is not there, or does not come here any more: what happened is no less true.
pub(super) async fn insert(
    tx: &mut TenantTx,
    to: Uuid,
    key: &str,
    args: &BTreeMap<&str, String>,
    href: &str,
) -> Result<bool, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let done = sqlx::query!(
        "INSERT INTO notificacao (id, usuario_id, key, args, href, created_at)
         SELECT $1, u.id, $3, $4, $5, $6 FROM usuario u WHERE u.id = $2 AND u.ativo",
        id,
        to,
        key,
        Json(args) as _,
        href,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// At most [`UNREAD_MAX`]: more is not counted.
pub(super) async fn unread(tx: &mut TenantTx, usuario: Uuid) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM (SELECT FROM notificacao WHERE usuario_id = $1 AND read_at IS NULL LIMIT $2) unread"#,
        usuario,
        UNREAD_MAX
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn list(
    tx: &mut TenantTx,
    usuario: Uuid,
    which: Which,
    offset: i64,
    limit: i64,
) -> Result<Vec<Notificacao>, Fault> {
    let rows = match which {
        Which::All => {
            sqlx::query_as!(
                Row,
                r#"SELECT id AS "id: NotificacaoId", key, args AS "args: Args", href, created_at, read_at
                   FROM notificacao WHERE usuario_id = $1 ORDER BY id DESC OFFSET $2 LIMIT $3"#,
                usuario,
                offset,
                limit
            )
            .fetch_all(tx.db())
            .await?
        }
        Which::Unread => {
            sqlx::query_as!(
                Row,
                r#"SELECT id AS "id: NotificacaoId", key, args AS "args: Args", href, created_at, read_at
                   FROM notificacao WHERE usuario_id = $1 AND read_at IS NULL ORDER BY id DESC OFFSET $2 LIMIT $3"#,
                usuario,
                offset,
                limit
            )
            .fetch_all(tx.db())
            .await?
        }
    };
    Ok(rows.into_iter().map(Row::into_notificacao).collect())
}

type Args = Json<BTreeMap<String, String>>;

struct Row {
    id: NotificacaoId,
    key: String,
    args: Args,
    href: String,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl Row {
    fn into_notificacao(self) -> Notificacao {
        Notificacao {
            id: self.id,
            key: self.key,
            args: self.args.0,
            href: self.href,
            created_at: self.created_at,
            read_at: self.read_at,
        }
    }
}

/// All there are, and those unread.
pub(super) async fn count(tx: &mut TenantTx, usuario: Uuid) -> Result<(i64, i64), Fault> {
    let counts = sqlx::query!(
        r#"SELECT count(*) AS "all!", count(*) FILTER (WHERE read_at IS NULL) AS "unread!" FROM notificacao WHERE usuario_id = $1"#,
        usuario
    )
    .fetch_one(tx.db())
    .await?;
    Ok((counts.all, counts.unread))
}

/// Where it leads, and whether it was unread until now.
pub(super) async fn read(tx: &mut TenantTx, usuario: Uuid, id: NotificacaoId) -> Result<Option<(String, bool)>, Fault> {
    let now = tx.clock().now();
    let marked = sqlx::query_scalar!(
        "UPDATE notificacao SET read_at = $3 WHERE id = $1 AND usuario_id = $2 AND read_at IS NULL RETURNING href",
        id as _,
        usuario,
        now
    )
    .fetch_optional(tx.db())
    .await?;
    if let Some(href) = marked {
        return Ok(Some((href, true)));
    }
    let href = sqlx::query_scalar!("SELECT href FROM notificacao WHERE id = $1 AND usuario_id = $2", id as _, usuario)
        .fetch_optional(tx.db())
        .await?;
    Ok(href.map(|href| (href, false)))
}

pub(super) async fn read_all(tx: &mut TenantTx, usuario: Uuid, href: Option<&str>) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE notificacao SET read_at = $2 WHERE usuario_id = $1 AND read_at IS NULL AND ($3::text IS NULL OR href = $3)",
        usuario,
        now,
        href
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn forget(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<u64, Fault> {
    let done = sqlx::query!("DELETE FROM notificacao WHERE created_at < $1", before).execute(tx.db()).await?;
    Ok(done.rows_affected())
}

pub(super) async fn of(ground: &mut Ground<'_>, usuario: Uuid, pattern: &str) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('created_at', created_at, 'key', key, 'args', args, 'read_at', read_at)) AS "row!"
           FROM notificacao WHERE usuario_id = $1 OR args::text ~* $2 ORDER BY id DESC"#,
        usuario,
        pattern
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase(ground: &mut Ground<'_>, usuario: Uuid, pattern: &str) -> Result<(u64, u64), Fault> {
    let own = sqlx::query!("DELETE FROM notificacao WHERE usuario_id = $1", usuario).execute(ground.db()).await?.rows_affected();
    let others = sqlx::query!(
        "UPDATE notificacao SET args = regexp_replace(args::text, $1, '[apagado]', 'gi')::jsonb WHERE args::text ~* $1",
        pattern
    );
    let others = others.execute(ground.db()).await?.rows_affected();
    Ok((own, others))
}
