//! Lists. The text is one for every filter and order: each execution is planned for its values, so that a filter that is NULL
//! and the branches of the other orders are gone before anything is read (decision 0011).

use chrono::{DateTime, Utc};
use empresas::empresa::EmpresaId;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::{Fault, PageRequest};
use tenancy::TenantTx;
use uuid::Uuid;

use super::reached;
use crate::busca::patterns;
use crate::visita::{
    Reach, VisitaId,
    lista::{Filtro, Ordem},
};

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumo {
    pub id: VisitaId,
    pub empresa_id: EmpresaId,
    pub empresa: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub responsavel: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
    pub objetivo: String,
    pub situacao: String,
}

/// A row of a file.
#[derive(Debug, Clone)]
pub(in crate::visita) struct Exportada {
    pub empresa: String,
    pub cnpj: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub responsavel: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
    pub objetivo: String,
    pub local: Option<String>,
    pub situacao: String,
    pub resumo: Option<String>,
    pub proximos_passos: Option<String>,
    pub motivo: Option<String>,
    pub participantes: Option<String>,
}

/// A filter as the statements take it: NULL does not narrow.
struct Params {
    words: [Option<String>; 2],
    situacoes: Option<Vec<String>>,
    responsaveis: Option<Vec<Uuid>>,
    empresa: Option<Uuid>,
}

impl Params {
    fn new(filtro: &Filtro) -> Self {
        let situacoes: Vec<String> = filtro.situacoes.iter().map(|situacao| situacao.code().to_owned()).collect();
        Self {
            words: patterns(&filtro.busca),
            situacoes: Some(situacoes).filter(|codes| !codes.is_empty()),
            responsaveis: Some(filtro.responsaveis.clone()).filter(|ids| !ids.is_empty()),
            empresa: filtro.empresa.map(EmpresaId::uuid),
        }
    }
}

/// As [`reached`], narrowed by a filter in `$2` to `$8`.
macro_rules! filtered {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)*), $reach:expr, $filtro:expr, $p:expr $(, $arg:expr)* $(,)?) => {
        reached!(
            $kind!(
                $($row,)?
                $select
                    + r#"AND v.deleted_at IS NULL
                  AND ($2::text IS NULL OR v.busca LIKE $2 OR v.empresa_id IN (SELECT s1.id FROM empresa s1 WHERE s1.busca LIKE $2))
                  AND ($3::text IS NULL OR v.busca LIKE $3 OR v.empresa_id IN (SELECT s2.id FROM empresa s2 WHERE s2.busca LIKE $3))
                  AND ($4::text[] IS NULL OR v.situacao = ANY($4)) AND ($5::uuid[] IS NULL OR v.responsavel_id = ANY($5))
                  AND ($6::uuid IS NULL OR v.empresa_id = $6)
                  AND ($7::timestamptz IS NULL OR v.inicio_at >= $7) AND ($8::timestamptz IS NULL OR v.inicio_at < $8) "#
                    $(+ $rest)*
            ),
            $reach,
            $p.words[0],
            $p.words[1],
            $p.situacoes.as_deref(),
            $p.responsaveis.as_deref(),
            $p.empresa,
            $filtro.from,
            $filtro.until
            $(, $arg)*
        )
    };
}

/// Exact.
pub(in crate::visita) async fn count(tx: &mut TenantTx, reach: Reach, filtro: &Filtro) -> Result<i64, Fault> {
    let p = Params::new(filtro);
    let total = filtered!(query_scalar!(r#"SELECT count(*) AS "total!" FROM visita v"#), reach, filtro, p);
    Ok(total.fetch_one(tx.db()).await?)
}

pub(in crate::visita) async fn page(
    tx: &mut TenantTx,
    reach: Reach,
    filtro: &Filtro,
    ordem: Ordem,
    page: PageRequest,
) -> Result<Vec<Resumo>, Fault> {
    let p = Params::new(filtro);
    let rows = filtered!(
        query_as!(
            Resumo,
            r#"SELECT v.id AS "id: VisitaId", v.empresa_id AS "empresa_id: EmpresaId", e.nome AS empresa, e.cidade, e.uf,
                      coalesce(u.nome, v.responsavel_nome) AS "responsavel!", v.inicio_at, v.fim_at, v.objetivo, v.situacao
               FROM visita v JOIN empresa e ON e.id = v.empresa_id LEFT JOIN usuario u ON u.id = v.responsavel_id"#
                + r#" ORDER BY CASE $9::integer WHEN 1 THEN v.inicio_at END, CASE $9 WHEN 2 THEN e.ordem WHEN 4 THEN ext.sem_acento(coalesce(u.nome, v.responsavel_nome)) WHEN 6 THEN v.situacao END COLLATE "C",
                      CASE $9 WHEN 3 THEN e.ordem WHEN 5 THEN ext.sem_acento(coalesce(u.nome, v.responsavel_nome)) WHEN 7 THEN v.situacao END COLLATE "C" DESC NULLS LAST,
                      v.inicio_at DESC, v.id DESC LIMIT $10 OFFSET $11"#
        ),
        reach,
        filtro,
        p,
        ordem as i32,
        page.limit(),
        page.offset()
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The latest first, after the one that began then with this id.
pub(in crate::visita) async fn after(
    tx: &mut TenantTx,
    reach: Reach,
    filtro: &Filtro,
    after: Option<&(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<VisitaId>, Fault> {
    let p = Params::new(filtro);
    let rows = filtered!(
        query_scalar!(
            r#"SELECT v.id AS "id: VisitaId" FROM visita v"#
                + " AND ($9::timestamptz IS NULL OR (v.inicio_at, v.id) < ($9, $10)) ORDER BY v.inicio_at DESC, v.id DESC LIMIT $11"
        ),
        reach,
        filtro,
        p,
        after.map(|after| after.0),
        after.map(|after| after.1),
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The whole list, the latest first, row by row.
pub(in crate::visita) fn all<'a>(tx: &'a mut TenantTx, reach: Reach, filtro: &Filtro) -> BoxStream<'a, Result<Exportada, Fault>> {
    let p = Params::new(filtro);
    let rows = filtered!(
        query_as!(
            Exportada,
            r#"SELECT e.nome AS empresa, e.cnpj, e.cidade, e.uf, coalesce(u.nome, v.responsavel_nome) AS "responsavel!", v.inicio_at, v.fim_at,
                      v.objetivo, v.local, v.situacao, v.resumo, v.proximos_passos, v.motivo,
                      (SELECT string_agg(coalesce(pu.nome, pc.nome), ', ' ORDER BY coalesce(pu.nome, pc.nome))
                       FROM visita_participante x LEFT JOIN usuario pu ON pu.id = x.usuario_id LEFT JOIN contato pc ON pc.id = x.contato_id
                       WHERE x.visita_id = v.id) AS participantes
               FROM visita v JOIN empresa e ON e.id = v.empresa_id LEFT JOIN usuario u ON u.id = v.responsavel_id"#
                + " ORDER BY v.inicio_at DESC, v.id DESC"
        ),
        reach,
        filtro,
        p
    );
    rows.fetch(tx.db()).map_err(Fault::from).boxed()
}

/// Those in the lixeira, the latest first, and how many there are.
pub(in crate::visita) async fn trashed(
    tx: &mut TenantTx,
    reach: Reach,
    limit: i64,
) -> Result<(Vec<web::lixeira::Item>, i64), Fault> {
    let total = reached!(query_scalar!(r#"SELECT count(*) AS "total!" FROM visita v"# + " AND v.deleted_at IS NOT NULL"), reach);
    let total = total.fetch_one(tx.db()).await?;
    let items = reached!(
        query_as!(
            web::lixeira::Item,
            r#"SELECT v.id, left(v.objetivo, 120) AS "nome!", e.nome AS sub, v.deleted_at AS "deleted_at!",
                      coalesce((SELECT a.actor_nome FROM auditoria a WHERE a.entity = 'visita' AND a.entity_id = v.id
                                AND a.at >= v.deleted_at AND a.action = 'visita.excluida' ORDER BY a.at LIMIT 1), '') AS "deleted_by!"
               FROM visita v JOIN empresa e ON e.id = v.empresa_id"#
                + "AND v.deleted_at IS NOT NULL ORDER BY v.deleted_at DESC, v.id DESC LIMIT $2"
        ),
        reach,
        limit
    );
    Ok((items.fetch_all(tx.db()).await?, total))
}
