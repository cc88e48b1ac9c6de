//! All SQL on the table of projetos. Within somebody's reach (`$1`, as [`Reach::keys`] has it) are the projetos that they answer for,
//! and those of the empresas within it; those of an empresa in the lixeira are nobody's.

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Fault, Reais};
use rust_decimal::Decimal;
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::{
    lixeira::Item,
    timeline::Point,
    titular::{Alvo, Efeito, TARJA},
};

use super::{
    Dados, Projeto, ProjetoId, Reach, Situacao,
    lista::{After, Filtro},
};
use crate::{
    busca::{Word, words},
    demanda::{Demanda, DemandaId},
};

/// `select`, and what stands behind the reach in its WHERE. The compiler checks the whole.
macro_rules! reached {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)+), $reach:expr $(, $arg:expr)* $(,)?) => {
        sqlx::$kind!(
            $($row,)?
            $select
                + r#" WHERE ($1::uuid[] IS NULL OR p.responsavel_id = $1[1]
                      OR p.empresa_id IN (SELECT e1.id FROM empresa e1 WHERE e1.responsavel_id = $1[1])
                      OR p.empresa_id IN (SELECT l.empresa_id FROM usuario_empresa l WHERE l.usuario_id = $1[2]))
                  AND p.empresa_id NOT IN (SELECT e2.id FROM empresa e2 WHERE e2.deleted_at IS NOT NULL) "#
                $(+ $rest)+,
            $reach.keys()
            $(, $arg)*
        )
    };
}

#[derive(Debug)]
struct Linha {
    id: ProjetoId,
    demanda_id: DemandaId,
    demanda: String,
    empresa_id: EmpresaId,
    empresa_nome: String,
    titulo: String,
    valor: Option<Decimal>,
    data_inicio: NaiveDate,
    data_fim: Option<NaiveDate>,
    responsavel_id: Option<Uuid>,
    responsavel_nome: Option<String>,
    situacao: String,
    concluido_at: Option<DateTime<Utc>>,
    motivo: Option<String>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Linha {
    fn projeto(self) -> Result<Projeto, Fault> {
        Ok(Projeto {
            id: self.id,
            demanda_id: self.demanda_id,
            demanda: self.demanda,
            empresa_id: self.empresa_id,
            empresa_nome: self.empresa_nome,
            titulo: self.titulo,
            valor: self.valor.and_then(|valor| Reais::try_from(valor).ok()),
            data_inicio: self.data_inicio,
            data_fim: self.data_fim,
            responsavel_id: self.responsavel_id,
            responsavel_nome: self.responsavel_nome,
            situacao: Situacao::from_code(&self.situacao).ok_or_else(|| Fault::because("a projeto in a state that is none"))?,
            concluido_at: self.concluido_at,
            motivo: self.motivo,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// Every projeto is read by this one column list.
macro_rules! projetos {
    ($rest:literal, $reach:expr $(, $arg:expr)*) => {
        reached!(
            query_as!(
                Linha,
                r#"SELECT p.id AS "id: ProjetoId", p.demanda_id AS "demanda_id: DemandaId", d.titulo AS demanda,
                          p.empresa_id AS "empresa_id: EmpresaId", e.nome AS empresa_nome, p.titulo, p.valor, p.data_inicio, p.data_fim,
                          p.responsavel_id, coalesce(u.nome, p.responsavel_nome) AS responsavel_nome, p.situacao, p.concluido_at, p.motivo,
                          p.version, p.created_at, p.updated_at
                   FROM projeto p JOIN demanda d ON d.id = p.demanda_id JOIN empresa e ON e.id = p.empresa_id
                   LEFT JOIN usuario u ON u.id = p.responsavel_id"#
                    + $rest
            ),
            $reach
            $(, $arg)*
        )
    };
}

/// One that is not in the lixeira.
pub(super) async fn find(tx: &mut TenantTx, id: ProjetoId, reach: Reach) -> Result<Option<Projeto>, Fault> {
    let linha = projetos!("AND p.id = $2 AND p.deleted_at IS NULL", reach, id.uuid()).fetch_optional(tx.db()).await?;
    linha.map(Linha::projeto).transpose()
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: ProjetoId, reach: Reach) -> Result<Option<Projeto>, Fault> {
    let linha = projetos!("AND p.id = $2 AND p.deleted_at IS NULL FOR UPDATE OF p", reach, id.uuid());
    linha.fetch_optional(tx.db()).await?.map(Linha::projeto).transpose()
}

pub(super) async fn lock_trashed(tx: &mut TenantTx, id: ProjetoId, reach: Reach) -> Result<Option<Projeto>, Fault> {
    let linha = projetos!("AND p.id = $2 AND p.deleted_at IS NOT NULL FOR UPDATE OF p", reach, id.uuid());
    linha.fetch_optional(tx.db()).await?.map(Linha::projeto).transpose()
}

/// A filter as the statements take it: NULL does not narrow.
pub(super) struct Narrowed {
    reach: Reach,
    words: [Word; 2],
    situacoes: Option<Vec<String>>,
    responsaveis: Option<Vec<Uuid>>,
    empresa: Option<Uuid>,
}

impl Narrowed {
    /// What follows is planned for its values.
    pub(super) async fn read(tx: &mut TenantTx, reach: Reach, filtro: &Filtro) -> Result<Self, Fault> {
        tx.plan_for_values().await?;
        let situacoes: Vec<String> = filtro.situacoes.iter().map(|situacao| situacao.code().to_owned()).collect();
        Ok(Self {
            reach,
            words: words(tx, &filtro.busca).await?,
            situacoes: Some(situacoes).filter(|codes| !codes.is_empty()),
            responsaveis: Some(filtro.responsaveis.clone()).filter(|ids| !ids.is_empty()),
            empresa: filtro.empresa.map(EmpresaId::uuid),
        })
    }
}

/// As [`reached`], narrowed by a filter in `$2` to `$10`.
macro_rules! filtered {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)*), $p:expr $(, $arg:expr)* $(,)?) => {
        reached!(
            $kind!(
                $($row,)?
                $select
                    + " AND p.deleted_at IS NULL
                  AND ($2::text IS NULL OR p.busca LIKE $2 OR p.empresa_id = ANY($3::uuid[])
                       OR $4::text IS NOT NULL AND p.empresa_id IN (SELECT s1.id FROM empresa s1 WHERE s1.busca LIKE $4))
                  AND ($5::text IS NULL OR p.busca LIKE $5 OR p.empresa_id = ANY($6::uuid[])
                       OR $7::text IS NOT NULL AND p.empresa_id IN (SELECT s2.id FROM empresa s2 WHERE s2.busca LIKE $7))
                  AND ($8::text[] IS NULL OR p.situacao = ANY($8)) AND ($9::uuid[] IS NULL OR p.responsavel_id = ANY($9))
                  AND ($10::uuid IS NULL OR p.empresa_id = $10) "
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
            $p.empresa
            $(, $arg)*
        )
    };
}

/// Exact.
pub(super) async fn count(tx: &mut TenantTx, p: &Narrowed) -> Result<i64, Fault> {
    let total = filtered!(query_scalar!(r#"SELECT count(*) AS "total!" FROM projeto p"#), p);
    Ok(total.fetch_one(tx.db()).await?)
}

/// The latest beginning first, after the one that begins then with this id.
pub(super) async fn rows_after(
    tx: &mut TenantTx,
    p: &Narrowed,
    after: Option<&After>,
    (limit, offset): (i64, i64),
) -> Result<Vec<Projeto>, Fault> {
    let ids = filtered!(
        query_scalar!(
            "SELECT p.id FROM projeto p"
                + " AND ($11::date IS NULL OR (p.data_inicio, p.id) < ($11, $12)) ORDER BY p.data_inicio DESC, p.id DESC LIMIT $13 OFFSET $14"
        ),
        p,
        after.map(|after| after.0),
        after.map(|after| after.1),
        limit,
        offset
    );
    let ids: Vec<Uuid> = ids.fetch_all(tx.db()).await?;
    let rows = projetos!("AND p.id = ANY($2) ORDER BY array_position($2, p.id)", p.reach, &ids);
    rows.fetch_all(tx.db()).await?.into_iter().map(Linha::projeto).collect()
}

/// What a new projeto is made of.
pub(super) struct Stored<'a> {
    pub demanda: &'a Demanda,
    pub dados: &'a Dados,
    /// The responsável's name.
    pub responsavel: Option<&'a str>,
}

pub(super) async fn insert(tx: &mut TenantTx, id: ProjetoId, stored: &Stored<'_>) -> Result<(), Fault> {
    let (now, dados) = (tx.clock().now(), stored.dados);
    sqlx::query!(
        "INSERT INTO projeto (id, demanda_id, empresa_id, titulo, valor, data_inicio, data_fim, responsavel_id, responsavel_nome, situacao,
                              created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'em_execucao', $10, $10)",
        id.uuid(),
        stored.demanda.id.uuid(),
        stored.demanda.empresa_id.uuid(),
        dados.titulo.as_str(),
        dados.valor.map(Reais::decimal),
        dados.data_inicio,
        dados.data_fim,
        dados.responsavel,
        stored.responsavel,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Everything that people change of it.
pub(super) async fn update(tx: &mut TenantTx, projeto: &Projeto) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE projeto SET titulo = $2, valor = $3, data_inicio = $4, data_fim = $5, responsavel_id = $6, responsavel_nome = $7,
                situacao = $8, concluido_at = $9, motivo = $10, version = version + 1, updated_at = $11 WHERE id = $1",
        projeto.id.uuid(),
        projeto.titulo,
        projeto.valor.map(Reais::decimal),
        projeto.data_inicio,
        projeto.data_fim,
        projeto.responsavel_id,
        projeto.responsavel_nome,
        projeto.situacao.code(),
        projeto.concluido_at,
        projeto.motivo,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whether the projeto of a demanda lies in the lixeira.
pub(super) async fn is_trashed(tx: &mut TenantTx, demanda: DemandaId) -> Result<bool, Fault> {
    let there = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM projeto WHERE demanda_id = $1 AND deleted_at IS NOT NULL) AS "there!""#,
        demanda.uuid()
    );
    Ok(there.fetch_one(tx.db()).await?)
}

/// Whether a demanda is concluída and not in the lixeira; nobody changes that before this transaction ends.
pub(super) async fn is_concluded(tx: &mut TenantTx, demanda: DemandaId) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        "SELECT id FROM demanda WHERE id = $1 AND situacao = 'concluida' AND deleted_at IS NULL FOR UPDATE",
        demanda.uuid()
    );
    Ok(found.fetch_optional(tx.db()).await?.is_some())
}

pub(super) async fn trash(tx: &mut TenantTx, id: ProjetoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE projeto SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn restore(tx: &mut TenantTx, id: ProjetoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE projeto SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Those in the lixeira, the latest first, and how many there are.
pub(super) async fn trashed(tx: &mut TenantTx, reach: Reach, limit: i64) -> Result<(Vec<Item>, i64), Fault> {
    let total = reached!(query_scalar!(r#"SELECT count(*) AS "total!" FROM projeto p"# + " AND p.deleted_at IS NOT NULL"), reach);
    let total = total.fetch_one(tx.db()).await?;
    let items = reached!(
        query_as!(
            Item,
            r#"SELECT p.id, p.titulo AS nome, e.nome AS sub, p.deleted_at AS "deleted_at!",
                      coalesce((SELECT a.actor_nome FROM auditoria a WHERE a.entity = 'projeto' AND a.entity_id = p.id
                                AND a.at >= p.deleted_at AND a.action = 'projeto.excluido' ORDER BY a.at LIMIT 1), '') AS "deleted_by!"
               FROM projeto p JOIN empresa e ON e.id = p.empresa_id"#
                + "AND p.deleted_at IS NOT NULL ORDER BY p.deleted_at DESC, p.id DESC LIMIT $2"
        ),
        reach,
        limit
    );
    Ok((items.fetch_all(tx.db()).await?, total))
}

/// A row of the trail beside the projeto that it is of.
#[derive(Debug)]
pub(super) struct Row {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub action: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub projeto: Uuid,
    pub titulo: String,
    /// Not in the lixeira.
    pub is_live: bool,
}

/// What happened to the projetos of an empresa, or to one of them, the latest first.
pub(super) async fn rows(
    tx: &mut TenantTx,
    reach: Reach,
    empresa: Option<Uuid>,
    projeto: Option<Uuid>,
    before: Option<Point>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let rows = reached!(
        query_as!(
            Row,
            r#"SELECT a.id, a.at, a.actor_nome, a.action, a.before, a.after, p.id AS projeto, p.titulo, p.deleted_at IS NULL AS "is_live!"
               FROM projeto p JOIN auditoria a ON a.entity = 'projeto' AND a.entity_id = p.id"#
                + "AND ($2::uuid IS NULL OR p.empresa_id = $2) AND ($3::uuid IS NULL OR p.id = $3)
             -- What tells of somebody who was erased is kept for the law, not for every day (decision 0018).
             AND a.id NOT IN (SELECT unnest(g.linhas) FROM apagamento g)
             AND ($4::timestamptz IS NULL OR (a.at, a.id) < ($4, $5))
             ORDER BY a.at DESC, a.id DESC LIMIT $6"
        ),
        reach,
        empresa,
        projeto,
        before.map(|before| before.at),
        before.map(|before| before.id),
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Projetos that the person answers for, or that tell of them.
pub(super) async fn gather(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('titulo', titulo, 'responsavel', responsavel_nome, 'situacao', situacao,
                      'motivo', motivo, 'data_inicio', data_inicio, 'data_fim', data_fim)) AS "row!"
           FROM projeto
           WHERE responsavel_id = $2 OR concat_ws(' ', titulo, responsavel_nome, motivo) ~* $1 ORDER BY created_at, id"#,
        alvo.pattern,
        alvo.titular.id
    )
    .fetch_all(ground.db())
    .await?)
}

/// Takes the person out of them; the projeto is the empresa's and stays.
pub(super) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let now = ground.now();
    let changed = sqlx::query!(
        "UPDATE projeto SET titulo = left(regexp_replace(titulo, $1, $2, 'gi'), 200), motivo = regexp_replace(motivo, $1, $2, 'gi'),
                responsavel_nome = CASE WHEN responsavel_id = $3 THEN $2 ELSE regexp_replace(responsavel_nome, $1, $2, 'gi') END,
                updated_at = $4, version = version + 1
         WHERE responsavel_id = $3 AND responsavel_nome IS DISTINCT FROM $2 OR concat_ws(' ', titulo, responsavel_nome, motivo) ~* $1",
        alvo.pattern,
        TARJA,
        alvo.titular.id,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    Ok(Efeito::anonimizados(changed))
}
