//! The trail of visitas, read for people.

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::TenantTx;
use uuid::Uuid;
use web::timeline::Point;

use super::reached;
use crate::visita::{Reach, timeline::Of};

/// A row of the trail beside the visita that it is of.
#[derive(Debug)]
pub(in crate::visita) struct Row {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub action: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub visita: Uuid,
    pub inicio_at: DateTime<Utc>,
    /// Not in the lixeira.
    pub is_live: bool,
}

/// What happened to a visita, or to those of an empresa, the latest first.
pub(in crate::visita) async fn rows(
    tx: &mut TenantTx,
    reach: Reach,
    of: Of,
    record: Uuid,
    before: Option<Point>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let (empresa, visita) = match of {
        Of::Empresa => (Some(record), None),
        Of::Visita => (None, Some(record)),
    };
    let rows = reached!(
        query_as!(
            Row,
            r#"SELECT a.id, a.at, a.actor_nome, a.action, a.before, a.after, v.id AS visita, v.inicio_at, v.deleted_at IS NULL AS "is_live!"
               FROM visita v JOIN auditoria a ON a.entity = 'visita' AND a.entity_id = v.id"#
                + "AND ($2::uuid IS NULL OR v.empresa_id = $2) AND ($3::uuid IS NULL OR v.id = $3)
             -- What tells of somebody who was erased is kept for the law, not for every day (decision 0018).
             AND a.id NOT IN (SELECT unnest(p.linhas) FROM apagamento p)
             AND ($4::timestamptz IS NULL OR (a.at, a.id) < ($4, $5))
             ORDER BY a.at DESC, a.id DESC LIMIT $6"
        ),
        reach,
        empresa,
        visita,
        before.map(|before| before.at),
        before.map(|before| before.id),
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}
