use kernel::{Fault, PageRequest};
use tenancy::PlatformTx;

use super::Row;

/// A page of the lines whose action, actor or unidade holds `busca`, the newest first, and how many there are.
pub(super) async fn list(tx: &mut PlatformTx, busca: &str, page: PageRequest) -> Result<(Vec<Row>, i64), Fault> {
    let like = format!("%{}%", busca.replace(['\\', '%', '_'], ""));
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT a.at, a.actor_nome, host(a.ip) AS ip, a.action, u.slug AS "slug?", a.detail
           FROM platform.auditoria a LEFT JOIN platform.unidade u ON u.id = a.unidade_id
           WHERE a.action ILIKE $1 OR a.actor_nome ILIKE $1 OR u.slug ILIKE $1
           ORDER BY a.at DESC, a.id DESC LIMIT $2 OFFSET $3"#,
        like,
        page.limit(),
        page.offset(),
    )
    .fetch_all(tx.db())
    .await?;
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM platform.auditoria a LEFT JOIN platform.unidade u ON u.id = a.unidade_id
           WHERE a.action ILIKE $1 OR a.actor_nome ILIKE $1 OR u.slug ILIKE $1"#,
        like,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((rows, total))
}
