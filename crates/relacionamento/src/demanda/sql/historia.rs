//! The trail of demandas, read for people.

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::TenantTx;
use uuid::Uuid;
use web::timeline::Point;

use super::reached;
use crate::demanda::{Reach, timeline::Of};

/// A row of the trail beside the demanda that it is of.
#[derive(Debug)]
pub(in crate::demanda) struct Row {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub action: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub demanda: Uuid,
    pub titulo: String,
    /// Not in the lixeira.
    pub is_live: bool,
}

/// What happened to a demanda, or to those of an empresa, the latest first.
pub(in crate::demanda) async fn rows(
    tx: &mut TenantTx,
    reach: Reach,
    of: Of,
    record: Uuid,
    before: Option<Point>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let (empresa, demanda) = match of {
        Of::Empresa => (Some(record), None),
        Of::Demanda => (None, Some(record)),
    };
    let rows = reached!(
        query_as!(
            Row,
            r#"SELECT a.id, a.at, a.actor_nome, a.action, a.before, a.after, d.id AS demanda, d.titulo, d.deleted_at IS NULL AS "is_live!"
               FROM demanda d JOIN auditoria a ON a.entity = 'demanda' AND a.entity_id = d.id"#
                + "AND ($2::uuid IS NULL OR d.empresa_id = $2) AND ($3::uuid IS NULL OR d.id = $3)
             -- What tells of somebody who was erased is kept for the law, not for every day (decision 0018).
             AND a.id NOT IN (SELECT unnest(p.linhas) FROM apagamento p)
             AND ($4::timestamptz IS NULL OR (a.at, a.id) < ($4, $5))
             ORDER BY a.at DESC, a.id DESC LIMIT $6"
        ),
        reach,
        empresa,
        demanda,
        before.map(|before| before.at),
        before.map(|before| before.id),
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}
