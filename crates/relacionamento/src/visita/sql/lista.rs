//! Lists. The text is one for every filter: each execution is planned for its values, so that a filter that is NULL and the
//! branches of the other orders are gone before anything is read (decision 0011).

use chrono::{DateTime, Utc};
use empresas::empresa::EmpresaId;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::{Fault, PageRequest};
use tenancy::TenantTx;
use uuid::Uuid;

use super::reached;
use crate::{
    busca::{Word, words},
    visita::{
        Reach, VisitaId,
        lista::{Filtro, Ordem},
    },
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
pub(in crate::visita) struct Narrowed {
    reach: Reach,
    words: [Word; 2],
    situacoes: Option<Vec<String>>,
    responsaveis: Option<Vec<Uuid>>,
    empresa: Option<Uuid>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl Narrowed {
    /// What follows is planned for its values.
    pub(in crate::visita) async fn read(tx: &mut TenantTx, reach: Reach, filtro: &Filtro) -> Result<Self, Fault> {
        tx.plan_for_values().await?;
        let situacoes: Vec<String> = filtro.situacoes.iter().map(|situacao| situacao.code().to_owned()).collect();
        Ok(Self {
            reach,
            words: words(tx, &filtro.busca).await?,
            situacoes: Some(situacoes).filter(|codes| !codes.is_empty()),
            responsaveis: Some(filtro.responsaveis.clone()).filter(|ids| !ids.is_empty()),
            empresa: filtro.empresa.map(EmpresaId::uuid),
            from: filtro.from,
            until: filtro.until,
        })
    }
}

/// As [`reached`], narrowed by a filter in `$2` to `$12`.
macro_rules! filtered {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)*), $p:expr $(, $arg:expr)* $(,)?) => {
        reached!(
            $kind!(
                $($row,)?
                $select
                    + r#"AND v.deleted_at IS NULL
                  AND ($2::text IS NULL OR v.busca LIKE $2 OR v.empresa_id = ANY($3::uuid[])
                       OR $4::text IS NOT NULL AND v.empresa_id IN (SELECT s1.id FROM empresa s1 WHERE s1.busca LIKE $4))
                  AND ($5::text IS NULL OR v.busca LIKE $5 OR v.empresa_id = ANY($6::uuid[])
                       OR $7::text IS NOT NULL AND v.empresa_id IN (SELECT s2.id FROM empresa s2 WHERE s2.busca LIKE $7))
                  AND ($8::text[] IS NULL OR v.situacao = ANY($8)) AND ($9::uuid[] IS NULL OR v.responsavel_id = ANY($9))
                  AND ($10::uuid IS NULL OR v.empresa_id = $10)
                  AND ($11::timestamptz IS NULL OR v.inicio_at >= $11) AND ($12::timestamptz IS NULL OR v.inicio_at < $12) "#
                    $(+ $rest)*
            ),
            $p.reach,
            $p.words[0].pattern,
            &$p.words[0].empresas,
            $p.words[0].many,
            $p.words[1].pattern,
            &$p.words[1].empresas,
            $p.words[1].many,
            $p.situacoes.as_deref(),
            $p.responsaveis.as_deref(),
            $p.empresa,
            $p.from,
            $p.until
            $(, $arg)*
        )
    };
}

/// Exact.
pub(in crate::visita) async fn count(tx: &mut TenantTx, p: &Narrowed) -> Result<i64, Fault> {
    let total = filtered!(query_scalar!(r#"SELECT count(*) AS "total!" FROM visita v"#), p);
    Ok(total.fetch_one(tx.db()).await?)
}

/// Found in an index alone where the order has one; what a row shows is read of these only.
pub(in crate::visita) async fn page(
    tx: &mut TenantTx,
    p: &Narrowed,
    ordem: Ordem,
    page: PageRequest,
) -> Result<Vec<Resumo>, Fault> {
    /// Those of the page, `$13` and `$14` being its part of the list.
    macro_rules! found {
        ($select:literal, $order:literal $(, $arg:expr)*) => {
            filtered!(query_scalar!($select + $order + " LIMIT $13 OFFSET $14"), p, page.limit(), page.offset() $(, $arg)*)
                .fetch_all(tx.db())
                .await?
        };
    }
    let ids: Vec<Uuid> = match ordem {
        Ordem::Latest | Ordem::Earliest | Ordem::Situacao | Ordem::SituacaoDown => found!(
            "SELECT v.id FROM visita v",
            r#" ORDER BY CASE $15::integer WHEN 1 THEN v.inicio_at END, CASE $15 WHEN 6 THEN v.situacao END COLLATE "C",
                         CASE $15 WHEN 7 THEN v.situacao END COLLATE "C" DESC NULLS LAST, v.inicio_at DESC, v.id DESC"#,
            ordem as i32
        ),
        Ordem::Empresa => found!(
            "SELECT v.id FROM visita v JOIN empresa e ON e.id = v.empresa_id AND e.deleted_at IS NULL",
            " ORDER BY e.ordem, v.inicio_at DESC, v.id DESC"
        ),
        Ordem::EmpresaDown => found!(
            "SELECT v.id FROM visita v JOIN empresa e ON e.id = v.empresa_id AND e.deleted_at IS NULL",
            " ORDER BY e.ordem DESC, v.inicio_at DESC, v.id DESC"
        ),
        // OFFSET 0: the name of a person is folded once, not once for every visita.
        Ordem::Responsavel | Ordem::ResponsavelDown => found!(
            "SELECT v.id FROM visita v LEFT JOIN (SELECT id, ext.sem_acento(nome) AS ordem FROM usuario OFFSET 0) u ON u.id = v.responsavel_id",
            r#" ORDER BY CASE $15::integer WHEN 4 THEN coalesce(u.ordem, ext.sem_acento(v.responsavel_nome)) END COLLATE "C",
                         CASE $15 WHEN 5 THEN coalesce(u.ordem, ext.sem_acento(v.responsavel_nome)) END COLLATE "C" DESC NULLS LAST,
                         v.inicio_at DESC, v.id DESC"#,
            ordem as i32
        ),
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = reached!(
        query_as!(
            Resumo,
            r#"SELECT v.id AS "id: VisitaId", v.empresa_id AS "empresa_id: EmpresaId", e.nome AS empresa, e.cidade, e.uf,
                      coalesce(u.nome, v.responsavel_nome) AS "responsavel!", v.inicio_at, v.fim_at, v.objetivo, v.situacao
               FROM visita v JOIN empresa e ON e.id = v.empresa_id LEFT JOIN usuario u ON u.id = v.responsavel_id"#
                + " AND v.id = ANY($2) ORDER BY array_position($2, v.id)"
        ),
        p.reach,
        &ids
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The latest first, after the one that began then with this id.
pub(in crate::visita) async fn after(
    tx: &mut TenantTx,
    p: &Narrowed,
    after: Option<&(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<VisitaId>, Fault> {
    let rows = filtered!(
        query_scalar!(
            r#"SELECT v.id AS "id: VisitaId" FROM visita v"#
                + " AND ($13::timestamptz IS NULL OR (v.inicio_at, v.id) < ($13, $14)) ORDER BY v.inicio_at DESC, v.id DESC LIMIT $15"
        ),
        p,
        after.map(|after| after.0),
        after.map(|after| after.1),
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The whole list, the latest first, row by row.
pub(in crate::visita) fn all<'a>(tx: &'a mut TenantTx, p: &'a Narrowed) -> BoxStream<'a, Result<Exportada, Fault>> {
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
