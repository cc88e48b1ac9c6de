//! What the calendar reads.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;
use web::agenda::Asked;

use super::reached;
use crate::demanda::{DemandaId, Reach};

/// A demanda on the day on which it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demanda) struct Devida {
    pub id: DemandaId,
    pub titulo: String,
    pub empresa: String,
    pub responsavel_id: Option<Uuid>,
    pub responsavel: Option<String>,
    pub data_prazo: NaiveDate,
    pub situacao: String,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

/// Those that are due on some days, by prazo. Narrowed to people, those that any of them answers for.
pub(in crate::demanda) async fn due(tx: &mut TenantTx, reach: Reach, asked: &Asked) -> Result<Vec<Devida>, Fault> {
    let situacoes: Vec<String> = asked.situacoes.iter().map(|code| (*code).to_owned()).collect();
    let rows = reached!(
        query_as!(
            Devida,
            r#"SELECT d.id AS "id: DemandaId", d.titulo, e.nome AS empresa, d.responsavel_id,
                      coalesce(u.nome, d.responsavel_nome) AS responsavel, d.data_prazo AS "data_prazo!", d.situacao, d.version, d.updated_at
               FROM demanda d JOIN empresa e ON e.id = d.empresa_id LEFT JOIN usuario u ON u.id = d.responsavel_id"#
                + r#" AND d.deleted_at IS NULL AND d.data_prazo >= $2 AND d.data_prazo < $3
                  AND ($4::uuid[] IS NULL OR d.responsavel_id = ANY($4)) AND ($5::text[] IS NULL OR d.situacao = ANY($5))
                  ORDER BY d.data_prazo, d.id LIMIT $6"#
        ),
        reach,
        asked.from,
        asked.until,
        Some(&asked.pessoas[..]).filter(|ids| !ids.is_empty()),
        Some(&situacoes[..]).filter(|codes| !codes.is_empty()),
        asked.limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Those of `ids` that are within reach.
pub(in crate::demanda) async fn within(tx: &mut TenantTx, ids: &[Uuid], reach: Reach) -> Result<HashSet<Uuid>, Fault> {
    let rows = reached!(query_scalar!("SELECT d.id FROM demanda d" + " AND d.id = ANY($2)"), reach, ids);
    Ok(rows.fetch_all(tx.db()).await?.into_iter().collect())
}
