//! Empresas where nobody was for a time and nobody is going to be.

use chrono::{DateTime, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Fault, PageRequest};
use tenancy::TenantTx;

use crate::visita::Reach;

/// An empresa with the last time that somebody was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desatendida {
    pub id: EmpresaId,
    pub nome: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub situacao: String,
    pub responsavel: Option<String>,
    pub ultima_at: Option<DateTime<Utc>>,
}

/// A page of them, the strategic ones first, then those that waited longest; and how many there are, unless it lies beyond the last.
pub(in crate::visita) async fn page(
    tx: &mut TenantTx,
    reach: Reach,
    since: DateTime<Utc>,
    page: PageRequest,
) -> Result<(Vec<Desatendida>, i64), Fault> {
    let now = tx.clock().now();
    let rows = sqlx::query!(
        r#"SELECT e.id AS "id: EmpresaId", e.nome, e.cidade, e.uf, e.situacao, coalesce(u.nome, e.responsavel_nome) AS responsavel,
                  m.ultima_at AS "ultima_at?", count(*) OVER () AS "total!"
           FROM empresa e
           LEFT JOIN usuario u ON u.id = e.responsavel_id
           LEFT JOIN (SELECT v.empresa_id, max(v.inicio_at) FILTER (WHERE v.situacao = 'realizada') AS ultima_at,
                             bool_or(v.situacao = 'planejada' AND v.inicio_at > $3) AS is_planned
                      FROM visita v WHERE v.deleted_at IS NULL GROUP BY v.empresa_id) m ON m.empresa_id = e.id
           WHERE e.deleted_at IS NULL AND e.situacao <> 'inativo'
             AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1]
                  OR e.id IN (SELECT l.empresa_id FROM usuario_empresa l WHERE l.usuario_id = $1[2]))
             AND (m.ultima_at IS NULL OR m.ultima_at < $2) AND m.is_planned IS NOT TRUE
           ORDER BY e.situacao = 'estrategico' DESC, m.ultima_at NULLS FIRST, e.ordem, e.id LIMIT $4 OFFSET $5"#,
        reach.keys(),
        since,
        now,
        page.limit(),
        page.offset()
    )
    .fetch_all(tx.db())
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let found = rows.into_iter().map(|row| Desatendida {
        id: row.id,
        nome: row.nome,
        cidade: row.cidade,
        uf: row.uf,
        situacao: row.situacao,
        responsavel: row.responsavel,
        ultima_at: row.ultima_at,
    });
    Ok((found.collect(), total))
}
