//! Lists. The text is one for every filter: each execution is planned for its values, so that a filter that is NULL and the
//! branches of the other orders are gone before anything is read (decision 0011).

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::{Fault, PageRequest};
use rust_decimal::Decimal;
use tenancy::TenantTx;
use uuid::Uuid;

use super::reached;
use crate::{
    busca::{Word, words},
    demanda::{
        DemandaId, Reach,
        lista::{Filtro, Ordem},
    },
    etapa::EtapaId,
};

/// A row of a list, and a card of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumo {
    pub id: DemandaId,
    pub empresa_id: EmpresaId,
    pub empresa: String,
    pub titulo: String,
    pub tipo: String,
    pub tipo_cor: String,
    pub etapa: String,
    pub etapa_cor: String,
    pub situacao: String,
    pub responsavel: Option<String>,
    pub valor_estimado: Option<Decimal>,
    pub data_prazo: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// A row of a file.
#[derive(Debug, Clone)]
pub(in crate::demanda) struct Exportada {
    pub empresa: String,
    pub cnpj: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub titulo: String,
    pub descricao: String,
    pub tipo: String,
    pub setor: Option<String>,
    pub etapa: String,
    pub situacao: String,
    pub responsavel: Option<String>,
    pub contato: Option<String>,
    pub valor_estimado: Option<Decimal>,
    pub data_prazo: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub iniciada_at: Option<DateTime<Utc>>,
    pub concluida_at: Option<DateTime<Utc>>,
    pub motivo: Option<String>,
    pub is_projeto: bool,
}

/// A filter as the statements take it: NULL does not narrow.
pub(in crate::demanda) struct Narrowed {
    reach: Reach,
    words: [Word; 2],
    situacoes: Option<Vec<String>>,
    etapas: Option<Vec<Uuid>>,
    tipos: Option<Vec<Uuid>>,
    setores: Option<Vec<Uuid>>,
    /// With `unassigned` there are some even when nobody is named.
    responsaveis: Option<Vec<Uuid>>,
    unassigned: bool,
    empresa: Option<Uuid>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    late: Option<NaiveDate>,
    concluded_since: Option<DateTime<Utc>>,
}

impl Narrowed {
    /// What follows is planned for its values.
    pub(in crate::demanda) async fn read(tx: &mut TenantTx, reach: Reach, filtro: &Filtro) -> Result<Self, Fault> {
        fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
            Some(all).filter(|all| !all.is_empty())
        }
        tx.plan_for_values().await?;
        let narrowed = filtro.unassigned || !filtro.responsaveis.is_empty();
        Ok(Self {
            reach,
            words: words(tx, &filtro.busca).await?,
            situacoes: some(filtro.situacoes.iter().map(|situacao| situacao.code().to_owned()).collect()),
            etapas: some(filtro.etapas.iter().map(|id| id.uuid()).collect()),
            tipos: some(filtro.tipos.iter().map(|id| id.uuid()).collect()),
            setores: some(filtro.setores.iter().map(|id| id.uuid()).collect()),
            responsaveis: narrowed.then(|| filtro.responsaveis.clone()),
            unassigned: filtro.unassigned,
            empresa: filtro.empresa.map(EmpresaId::uuid),
            from: filtro.from,
            until: filtro.until,
            late: filtro.late,
            concluded_since: filtro.concluded_since,
        })
    }

    /// The same of one etapa.
    pub(super) fn of_etapa(self, id: EtapaId) -> Self {
        Self { etapas: Some(vec![id.uuid()]), ..self }
    }
}

/// As [`reached`], narrowed by a filter in `$2` to `$18`.
macro_rules! filtered {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)*), $p:expr $(, $arg:expr)* $(,)?) => {
        reached!(
            $kind!(
                $($row,)?
                $select
                    + r#"AND d.deleted_at IS NULL
                  AND ($2::text IS NULL OR d.busca LIKE $2 OR d.empresa_id = ANY($3::uuid[])
                       OR $4::text IS NOT NULL AND d.empresa_id IN (SELECT s1.id FROM empresa s1 WHERE s1.busca LIKE $4))
                  AND ($5::text IS NULL OR d.busca LIKE $5 OR d.empresa_id = ANY($6::uuid[])
                       OR $7::text IS NOT NULL AND d.empresa_id IN (SELECT s2.id FROM empresa s2 WHERE s2.busca LIKE $7))
                  AND ($8::text[] IS NULL OR d.situacao = ANY($8)) AND ($9::uuid[] IS NULL OR d.etapa_id = ANY($9))
                  AND ($10::uuid[] IS NULL OR d.tipo_id = ANY($10)) AND ($11::uuid[] IS NULL OR d.setor_id = ANY($11))
                  AND ($12::uuid[] IS NULL OR d.responsavel_id = ANY($12) OR $13 AND d.responsavel_id IS NULL)
                  AND ($14::uuid IS NULL OR d.empresa_id = $14)
                  AND ($15::timestamptz IS NULL OR d.created_at >= $15) AND ($16::timestamptz IS NULL OR d.created_at < $16)
                  AND ($17::date IS NULL OR d.data_prazo < $17 AND d.situacao IN ('nova', 'em_andamento'))
                  AND ($18::timestamptz IS NULL OR d.concluida_at IS NULL OR d.concluida_at >= $18) "#
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
            $p.etapas.as_deref(),
            $p.tipos.as_deref(),
            $p.setores.as_deref(),
            $p.responsaveis.as_deref(),
            $p.unassigned,
            $p.empresa,
            $p.from,
            $p.until,
            $p.late,
            $p.concluded_since
            $(, $arg)*
        )
    };
}

/// Exact.
pub(in crate::demanda) async fn count(tx: &mut TenantTx, p: &Narrowed) -> Result<i64, Fault> {
    let total = filtered!(query_scalar!(r#"SELECT count(*) AS "total!" FROM demanda d"#), p);
    Ok(total.fetch_one(tx.db()).await?)
}

/// How many stand in an etapa, and what they are worth.
#[derive(Debug)]
pub(super) struct Soma {
    pub etapa_id: EtapaId,
    pub total: i64,
    pub valor: Decimal,
}

pub(super) async fn somas(tx: &mut TenantTx, p: &Narrowed) -> Result<Vec<Soma>, Fault> {
    let rows = filtered!(
        query_as!(
            Soma,
            r#"SELECT d.etapa_id AS "etapa_id: EtapaId", count(*) AS "total!", coalesce(sum(d.valor_estimado), 0) AS "valor!" FROM demanda d"#
                + " GROUP BY d.etapa_id"
        ),
        p
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Found in an index alone where the order has one; what a row shows is read of these only.
pub(in crate::demanda) async fn page(
    tx: &mut TenantTx,
    p: &Narrowed,
    ordem: Ordem,
    page: PageRequest,
) -> Result<Vec<Resumo>, Fault> {
    /// Those of the page, `$19` and `$20` being its part of the list.
    macro_rules! found {
        ($select:literal, $order:literal $(, $arg:expr)*) => {
            filtered!(query_scalar!($select + $order + " LIMIT $19 OFFSET $20"), p, page.limit(), page.offset() $(, $arg)*)
                .fetch_all(tx.db())
                .await?
        };
    }
    let ids: Vec<Uuid> = match ordem {
        Ordem::Empresa => found!(
            "SELECT d.id FROM demanda d JOIN empresa e ON e.id = d.empresa_id AND e.deleted_at IS NULL",
            " ORDER BY e.ordem, d.created_at DESC, d.id DESC"
        ),
        Ordem::EmpresaDown => found!(
            "SELECT d.id FROM demanda d JOIN empresa e ON e.id = d.empresa_id AND e.deleted_at IS NULL",
            " ORDER BY e.ordem DESC, d.created_at DESC, d.id DESC"
        ),
        Ordem::Etapa | Ordem::EtapaDown => found!(
            "SELECT d.id FROM demanda d JOIN demanda_etapa a ON a.id = d.etapa_id",
            r#" ORDER BY CASE $21::integer WHEN 10 THEN array_position(ARRAY['nova', 'em_andamento', 'concluida', 'cancelada'], a.situacao) * 100 + a.posicao END,
                         CASE $21 WHEN 11 THEN array_position(ARRAY['nova', 'em_andamento', 'concluida', 'cancelada'], a.situacao) * 100 + a.posicao END DESC NULLS LAST,
                         d.created_at DESC, d.id DESC"#,
            ordem as i32
        ),
        _ => found!(
            "SELECT d.id FROM demanda d",
            r#" ORDER BY CASE $21::integer WHEN 1 THEN d.created_at END, CASE $21 WHEN 4 THEN ext.sem_acento(d.titulo) END COLLATE "C",
                         CASE $21 WHEN 5 THEN ext.sem_acento(d.titulo) END COLLATE "C" DESC NULLS LAST,
                         CASE $21 WHEN 6 THEN d.data_prazo END, CASE $21 WHEN 7 THEN d.data_prazo END DESC NULLS LAST,
                         CASE $21 WHEN 8 THEN d.valor_estimado END, CASE $21 WHEN 9 THEN d.valor_estimado END DESC NULLS LAST,
                         d.created_at DESC, d.id DESC"#,
            ordem as i32
        ),
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = reached!(
        query_as!(
            Resumo,
            r#"SELECT d.id AS "id: DemandaId", d.empresa_id AS "empresa_id: EmpresaId", e.nome AS empresa, d.titulo, t.nome AS tipo,
                      t.cor AS tipo_cor, a.nome AS etapa, a.cor AS etapa_cor, d.situacao, coalesce(u.nome, d.responsavel_nome) AS responsavel,
                      d.valor_estimado, d.data_prazo, d.created_at, d.version
               FROM demanda d JOIN empresa e ON e.id = d.empresa_id JOIN demanda_tipo t ON t.id = d.tipo_id
               JOIN demanda_etapa a ON a.id = d.etapa_id LEFT JOIN usuario u ON u.id = d.responsavel_id"#
                + " AND d.id = ANY($2) ORDER BY array_position($2, d.id)"
        ),
        p.reach,
        &ids
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The latest first, after the one that came then with this id.
pub(in crate::demanda) async fn after(
    tx: &mut TenantTx,
    p: &Narrowed,
    after: Option<&(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<DemandaId>, Fault> {
    let rows = filtered!(
        query_scalar!(
            r#"SELECT d.id AS "id: DemandaId" FROM demanda d"#
                + " AND ($19::timestamptz IS NULL OR (d.created_at, d.id) < ($19, $20)) ORDER BY d.created_at DESC, d.id DESC LIMIT $21"
        ),
        p,
        after.map(|after| after.0),
        after.map(|after| after.1),
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The whole list, the latest first, row by row.
pub(in crate::demanda) fn all<'a>(tx: &'a mut TenantTx, p: &'a Narrowed) -> BoxStream<'a, Result<Exportada, Fault>> {
    let rows = filtered!(
        query_as!(
            Exportada,
            r#"SELECT e.nome AS empresa, e.cnpj, e.cidade, e.uf, d.titulo, d.descricao, t.nome AS tipo, s.nome AS "setor?", a.nome AS etapa,
                      d.situacao, coalesce(u.nome, d.responsavel_nome) AS responsavel, c.nome AS "contato?", d.valor_estimado, d.data_prazo,
                      d.created_at, d.iniciada_at, d.concluida_at, d.motivo,
                      EXISTS (SELECT FROM projeto p WHERE p.demanda_id = d.id AND p.deleted_at IS NULL) AS "is_projeto!"
               FROM demanda d JOIN empresa e ON e.id = d.empresa_id JOIN demanda_tipo t ON t.id = d.tipo_id
               JOIN demanda_etapa a ON a.id = d.etapa_id LEFT JOIN setor s ON s.id = d.setor_id
               LEFT JOIN usuario u ON u.id = d.responsavel_id LEFT JOIN contato c ON c.id = d.contato_id"#
                + " ORDER BY d.created_at DESC, d.id DESC"
        ),
        p
    );
    rows.fetch(tx.db()).map_err(Fault::from).boxed()
}

/// Those in the lixeira, the latest first, and how many there are.
pub(in crate::demanda) async fn trashed(
    tx: &mut TenantTx,
    reach: Reach,
    limit: i64,
) -> Result<(Vec<web::lixeira::Item>, i64), Fault> {
    let total = reached!(query_scalar!(r#"SELECT count(*) AS "total!" FROM demanda d"# + " AND d.deleted_at IS NOT NULL"), reach);
    let total = total.fetch_one(tx.db()).await?;
    let items = reached!(
        query_as!(
            web::lixeira::Item,
            r#"SELECT d.id, d.titulo AS nome, e.nome AS sub, d.deleted_at AS "deleted_at!",
                      coalesce((SELECT a.actor_nome FROM auditoria a WHERE a.entity = 'demanda' AND a.entity_id = d.id
                                AND a.at >= d.deleted_at AND a.action = 'demanda.excluida' ORDER BY a.at LIMIT 1), '') AS "deleted_by!"
               FROM demanda d JOIN empresa e ON e.id = d.empresa_id"#
                + "AND d.deleted_at IS NOT NULL ORDER BY d.deleted_at DESC, d.id DESC LIMIT $2"
        ),
        reach,
        limit
    );
    Ok((items.fetch_all(tx.db()).await?, total))
}
