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

/// What is read of them, within reach (`$1`), where nobody was since `$2` and nobody goes after `$3`; `select` and what comes behind.
macro_rules! desatendidas {
    ($kind:ident!($($row:ty,)? $select:literal + $rest:literal), $reach:expr, $since:expr, $now:expr $(, $arg:expr)* $(,)?) => {
        sqlx::$kind!(
            $($row,)?
            $select
                + r#" FROM empresa e
                  LEFT JOIN usuario u ON u.id = e.responsavel_id
                  LEFT JOIN (SELECT v.empresa_id, max(v.inicio_at) FILTER (WHERE v.situacao = 'realizada') AS ultima_at,
                                    bool_or(v.situacao = 'planejada' AND v.inicio_at > $3) AS is_planned
                             FROM visita v WHERE v.deleted_at IS NULL GROUP BY v.empresa_id) m ON m.empresa_id = e.id
                  WHERE e.deleted_at IS NULL AND e.situacao <> 'inativo'
                    AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1]
                         OR e.id IN (SELECT l.empresa_id FROM usuario_empresa l WHERE l.usuario_id = $1[2]))
                    AND (m.ultima_at IS NULL OR m.ultima_at < $2) AND m.is_planned IS NOT TRUE "#
                + $rest,
            $reach.keys(),
            $since,
            $now
            $(, $arg)*
        )
    };
}

/// A page of them, the strategic ones first, then those that waited longest; and how many there are.
pub(in crate::visita) async fn page(
    tx: &mut TenantTx,
    reach: Reach,
    since: DateTime<Utc>,
    page: PageRequest,
) -> Result<(Vec<Desatendida>, i64), Fault> {
    let now = tx.clock().now();
    let total = desatendidas!(query_scalar!(r#"SELECT count(*) AS "total!""# + ""), reach, since, now).fetch_one(tx.db()).await?;
    let rows = desatendidas!(
        query_as!(
            Desatendida,
            r#"SELECT e.id AS "id: EmpresaId", e.nome, e.cidade, e.uf, e.situacao, coalesce(u.nome, e.responsavel_nome) AS "responsavel?",
                      m.ultima_at AS "ultima_at?""#
                + "ORDER BY e.situacao = 'estrategico' DESC, m.ultima_at NULLS FIRST, e.ordem, e.id LIMIT $4 OFFSET $5"
        ),
        reach,
        since,
        now,
        page.limit(),
        page.offset()
    );
    Ok((rows.fetch_all(tx.db()).await?, total))
}
