//! What the calendar reads.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;
use web::agenda::Asked;

use super::reached;
use crate::visita::{LONGEST, Reach, VisitaId};

/// A visita as it stands in the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::visita) struct Marcada {
    pub id: VisitaId,
    pub empresa: String,
    pub objetivo: String,
    /// Where it is: as was said, or else the address of the empresa.
    pub local: String,
    pub responsavel_id: Option<Uuid>,
    pub responsavel: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
    pub situacao: String,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

/// Those that touch the days, the earliest first. Narrowed to people, those to which any of them goes.
pub(in crate::visita) async fn marcadas(tx: &mut TenantTx, reach: Reach, asked: &Asked) -> Result<Vec<Marcada>, Fault> {
    let (from, until) = asked.instants();
    // None lasts longer, so that none that still goes on began before.
    let earliest: DateTime<Utc> = from - LONGEST;
    let situacoes: Vec<String> = asked.situacoes.iter().map(|code| (*code).to_owned()).collect();
    let rows = reached!(
        query_as!(
            Marcada,
            r#"SELECT v.id AS "id: VisitaId", e.nome AS empresa, v.objetivo, v.responsavel_id,
                      coalesce(v.local, concat_ws(', ', e.logradouro, e.numero, e.bairro, e.cidade, e.uf)) AS "local!",
                      coalesce(u.nome, v.responsavel_nome) AS "responsavel!", v.inicio_at, v.fim_at, v.situacao, v.version,
                      v.updated_at
               FROM visita v JOIN empresa e ON e.id = v.empresa_id LEFT JOIN usuario u ON u.id = v.responsavel_id"#
                + r#" AND v.deleted_at IS NULL AND v.inicio_at >= $2 AND v.inicio_at < $4 AND v.fim_at > $3
                  AND ($5::text[] IS NULL OR v.situacao = ANY($5))
                  AND ($6::uuid[] IS NULL OR v.responsavel_id = ANY($6)
                       OR v.id IN (SELECT g.visita_id FROM visita_participante g WHERE g.usuario_id = ANY($6)))
                  ORDER BY v.inicio_at, v.id LIMIT $7"#
        ),
        reach,
        earliest,
        from,
        until,
        Some(&situacoes[..]).filter(|codes| !codes.is_empty()),
        Some(&asked.pessoas[..]).filter(|ids| !ids.is_empty()),
        asked.limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The version in which a visita stands after this transaction wrote it, and where it is, as in [`Marcada`].
pub(in crate::visita) async fn stands(tx: &mut TenantTx, id: VisitaId) -> Result<(i32, String), Fault> {
    let row = sqlx::query!(
        r#"SELECT v.version, coalesce(v.local, concat_ws(', ', e.logradouro, e.numero, e.bairro, e.cidade, e.uf)) AS "local!"
           FROM visita v JOIN empresa e ON e.id = v.empresa_id WHERE v.id = $1"#,
        id.uuid()
    );
    let row = row.fetch_one(tx.db()).await?;
    Ok((row.version, row.local))
}

/// Those of `ids` that are within reach.
pub(in crate::visita) async fn within(tx: &mut TenantTx, ids: &[Uuid], reach: Reach) -> Result<HashSet<Uuid>, Fault> {
    let rows = reached!(query_scalar!("SELECT v.id FROM visita v" + " AND v.id = ANY($2)"), reach, ids);
    Ok(rows.fetch_all(tx.db()).await?.into_iter().collect())
}
