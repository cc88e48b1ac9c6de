//! All SQL on the table `tarefa`. Within reach (`$1`, as [`Reach::keys`] has it) are the tarefas that somebody is to do or wrote
//! down, and those on records of the empresas within it; those of an empresa in the lixeira are nobody's.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Actor, Fault, PageRequest};
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::{
    attached::Move,
    lixeira::Item,
    titular::{Alvo, Efeito, TARJA},
};

use super::{
    Dados, Reach, Sobre, Tarefa, TarefaId,
    lista::{After, Filtro},
};

/// `select`, and what stands behind the reach in its WHERE. The compiler checks the whole.
macro_rules! reached {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)*), $reach:expr $(, $arg:expr)* $(,)?) => {
        sqlx::$kind!(
            $($row,)?
            $select
                + r#" WHERE ($1::uuid[] IS NULL OR t.responsavel_id = $1[1] OR t.criada_por_id = $1[1]
                      OR t.empresa_id IN (SELECT e1.id FROM empresa e1 WHERE e1.responsavel_id = $1[1])
                      OR t.empresa_id IN (SELECT l.empresa_id FROM usuario_empresa l WHERE l.usuario_id = $1[2]))
                  AND (t.empresa_id IS NULL OR t.empresa_id NOT IN (SELECT e2.id FROM empresa e2 WHERE e2.deleted_at IS NOT NULL)) "#
                $(+ $rest)*,
            $reach.keys()
            $(, $arg)*
        )
    };
}

/// `select` narrowed by a filter in `$2` to `$8`.
macro_rules! filtered {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)*), $reach:expr, $filtro:expr $(, $arg:expr)* $(,)?) => {
        reached!(
            $kind!(
                $($row,)?
                $select
                    + r#"AND t.deleted_at IS NULL AND ($2::boolean IS NULL OR (t.concluida_at IS NOT NULL) = $2)
                         AND ($3::date IS NULL OR t.data_prazo < $3) AND ($4::uuid[] IS NULL OR t.responsavel_id = ANY($4))
                         AND ($5::text IS NULL OR ext.sem_acento(t.titulo) LIKE $5) AND ($6::uuid IS NULL OR t.empresa_id = $6)
                         AND ($7::text IS NULL OR t.entity = $7 AND t.entity_id = $8) "#
                    $(+ $rest)*
            ),
            $reach,
            $filtro.concluidas,
            $filtro.before,
            $filtro.people(),
            $filtro.pattern(),
            $filtro.empresa.map(EmpresaId::uuid),
            $filtro.sobre.map(|sobre| sobre.entity),
            $filtro.sobre.map(|sobre| sobre.id)
            $(, $arg)*
        )
    };
}

/// Every tarefa is read by this one column list.
macro_rules! tarefas {
    ($rest:literal, $reach:expr $(, $arg:expr)*) => {
        tarefas!(reached, $rest, $reach $(, $arg)*)
    };
    ($narrowed:ident, $rest:literal, $reach:expr $(, $arg:expr)*) => {
        $narrowed!(
            query_as!(
                Tarefa,
                r#"SELECT t.id AS "id: TarefaId", t.titulo, t.detalhes, t.responsavel_id, u.nome AS responsavel, t.entity, t.entity_id,
                          t.empresa_id AS "empresa_id: EmpresaId", e.nome AS "empresa?", t.data_prazo, t.concluida_at, t.criada_por_id,
                          t.criada_por_nome, t.version, t.created_at, t.updated_at
                   FROM tarefa t JOIN usuario u ON u.id = t.responsavel_id LEFT JOIN empresa e ON e.id = t.empresa_id "#
                    + $rest
            ),
            $reach
            $(, $arg)*
        )
    };
}

/// One that is not in the lixeira.
pub(super) async fn find(tx: &mut TenantTx, id: TarefaId, reach: Reach) -> Result<Option<Tarefa>, Fault> {
    Ok(tarefas!("AND t.id = $2 AND t.deleted_at IS NULL", reach, id.uuid()).fetch_optional(tx.db()).await?)
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: TarefaId, reach: Reach) -> Result<Option<Tarefa>, Fault> {
    let found = tarefas!("AND t.id = $2 AND t.deleted_at IS NULL FOR UPDATE OF t", reach, id.uuid());
    Ok(found.fetch_optional(tx.db()).await?)
}

pub(super) async fn lock_trashed(tx: &mut TenantTx, id: TarefaId, reach: Reach) -> Result<Option<Tarefa>, Fault> {
    let found = tarefas!("AND t.id = $2 AND t.deleted_at IS NOT NULL FOR UPDATE OF t", reach, id.uuid());
    Ok(found.fetch_optional(tx.db()).await?)
}

/// Open ones of somebody, by when they are due; those without a prazo last.
pub(super) async fn open_of(tx: &mut TenantTx, reach: Reach, responsavel: Uuid, limit: i64) -> Result<Vec<Tarefa>, Fault> {
    let found = tarefas!(
        "AND t.responsavel_id = $2 AND t.deleted_at IS NULL AND t.concluida_at IS NULL ORDER BY t.data_prazo NULLS LAST, t.id LIMIT $3",
        reach,
        responsavel,
        limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Of a record, the open ones first, by when they are due.
pub(super) async fn about(tx: &mut TenantTx, reach: Reach, sobre: Sobre, limit: i64) -> Result<Vec<Tarefa>, Fault> {
    let found = tarefas!(
        "AND t.deleted_at IS NULL AND (t.entity = $2 AND t.entity_id = $3 OR $2 = 'empresa' AND t.empresa_id = $3)
         ORDER BY t.concluida_at DESC NULLS FIRST, t.data_prazo NULLS LAST, t.id LIMIT $4",
        reach,
        sobre.entity,
        sobre.id,
        limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Those that are due on some days, by prazo, for the calendar.
pub(super) async fn due(tx: &mut TenantTx, reach: Reach, asked: &web::agenda::Asked) -> Result<Vec<Tarefa>, Fault> {
    let situacoes: Vec<String> = asked.situacoes.iter().map(|code| (*code).to_owned()).collect();
    let found = tarefas!(
        "AND t.deleted_at IS NULL AND t.data_prazo >= $2 AND t.data_prazo < $3 AND ($4::uuid[] IS NULL OR t.responsavel_id = ANY($4))
         AND ($5::text[] IS NULL OR CASE WHEN t.concluida_at IS NULL THEN 'aberta' ELSE 'concluida' END = ANY($5))
         ORDER BY t.data_prazo, t.id LIMIT $6",
        reach,
        asked.from,
        asked.until,
        Some(&asked.pessoas[..]).filter(|ids| !ids.is_empty()),
        Some(&situacoes[..]).filter(|codes| !codes.is_empty()),
        asked.limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Those of `ids` that are within reach.
pub(super) async fn within(tx: &mut TenantTx, ids: &[Uuid], reach: Reach) -> Result<HashSet<Uuid>, Fault> {
    let found = reached!(query_scalar!("SELECT t.id FROM tarefa t " + "AND t.id = ANY($2)"), reach, ids);
    Ok(found.fetch_all(tx.db()).await?.into_iter().collect())
}

/// Exact.
pub(super) async fn count(tx: &mut TenantTx, reach: Reach, filtro: &Filtro) -> Result<i64, Fault> {
    let total = filtered!(query_scalar!(r#"SELECT count(*) AS "total!" FROM tarefa t "#), reach, filtro);
    Ok(total.fetch_one(tx.db()).await?)
}

/// Open ones by when they are due, those that are done the latest first.
pub(super) async fn page(tx: &mut TenantTx, reach: Reach, filtro: &Filtro, page: PageRequest) -> Result<Vec<Tarefa>, Fault> {
    let found = tarefas!(
        filtered,
        "ORDER BY t.concluida_at DESC NULLS FIRST, t.data_prazo NULLS LAST, t.id LIMIT $9 OFFSET $10",
        reach,
        filtro,
        page.limit(),
        page.offset()
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Those after `after`, the latest first.
pub(super) async fn after(
    tx: &mut TenantTx,
    reach: Reach,
    filtro: &Filtro,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Tarefa>, Fault> {
    let found = tarefas!(
        filtered,
        "AND ($9::timestamptz IS NULL OR (t.created_at, t.id) < ($9, $10)) ORDER BY t.created_at DESC, t.id DESC LIMIT $11",
        reach,
        filtro,
        after.map(|after| after.0),
        after.map(|after| after.1),
        limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// What a new tarefa is made of.
pub(super) struct Stored<'a> {
    pub dados: &'a Dados,
    pub sobre: Option<Sobre>,
    pub empresa: Option<EmpresaId>,
    pub actor: &'a Actor,
}

pub(super) async fn insert(tx: &mut TenantTx, id: TarefaId, stored: &Stored<'_>) -> Result<(), Fault> {
    let (now, dados) = (tx.clock().now(), stored.dados);
    sqlx::query!(
        "INSERT INTO tarefa (id, titulo, detalhes, responsavel_id, entity, entity_id, empresa_id, data_prazo, criada_por_id, criada_por_nome,
                             created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        id.uuid(),
        dados.titulo.as_str(),
        dados.detalhes.as_ref().map(kernel::Texto::as_str),
        dados.responsavel,
        stored.sobre.map(|sobre| sobre.entity),
        stored.sobre.map(|sobre| sobre.id),
        stored.empresa.map(EmpresaId::uuid),
        dados.data_prazo,
        stored.actor.usuario(),
        stored.actor.nome,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut TenantTx, id: TarefaId, dados: &Dados) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE tarefa SET titulo = $2, detalhes = $3, responsavel_id = $4, data_prazo = $5, version = version + 1, updated_at = $6
         WHERE id = $1",
        id.uuid(),
        dados.titulo.as_str(),
        dados.detalhes.as_ref().map(kernel::Texto::as_str),
        dados.responsavel,
        dados.data_prazo,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn finish(tx: &mut TenantTx, id: TarefaId, feita: bool) -> Result<(), Fault> {
    let now = tx.clock().now();
    let at = feita.then_some(now);
    sqlx::query!("UPDATE tarefa SET concluida_at = $2, version = version + 1, updated_at = $3 WHERE id = $1", id.uuid(), at, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn trash(tx: &mut TenantTx, id: TarefaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE tarefa SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn restore(tx: &mut TenantTx, id: TarefaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE tarefa SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Notes that its responsável was reminded of this prazo; `false` when they were already, or it is not due then any more.
pub(super) async fn remind(tx: &mut TenantTx, id: TarefaId, data_prazo: NaiveDate) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE tarefa SET data_lembrete = $2 WHERE id = $1 AND data_prazo = $2 AND concluida_at IS NULL AND deleted_at IS NULL
           AND data_lembrete IS DISTINCT FROM $2",
        id.uuid(),
        data_prazo
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// Those in the lixeira, the latest first, and how many there are.
pub(super) async fn trashed(tx: &mut TenantTx, reach: Reach, limit: i64) -> Result<(Vec<Item>, i64), Fault> {
    let total = reached!(query_scalar!(r#"SELECT count(*) AS "total!" FROM tarefa t "# + "AND t.deleted_at IS NOT NULL"), reach);
    let total = total.fetch_one(tx.db()).await?;
    let items = reached!(
        query_as!(
            Item,
            r#"SELECT t.id, t.titulo AS nome, coalesce(e.nome, '') AS "sub!", t.deleted_at AS "deleted_at!",
                      coalesce((SELECT a.actor_nome FROM auditoria a WHERE a.entity = 'tarefa' AND a.entity_id = t.id
                                AND a.at >= t.deleted_at AND a.action = 'tarefa.excluida' ORDER BY a.at LIMIT 1), '') AS "deleted_by!"
               FROM tarefa t LEFT JOIN empresa e ON e.id = t.empresa_id "#
                + "AND t.deleted_at IS NOT NULL ORDER BY t.deleted_at DESC, t.id DESC LIMIT $2"
        ),
        reach,
        limit
    );
    Ok((items.fetch_all(tx.db()).await?, total))
}

/// Of an empresa and its records, those that are not in the lixeira.
pub(super) async fn count_of(tx: &mut TenantTx, empresa: Uuid) -> Result<i64, Fault> {
    let total =
        sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM tarefa WHERE empresa_id = $1 AND deleted_at IS NULL"#, empresa);
    Ok(total.fetch_one(tx.db()).await?)
}

/// See [`web::attached::Attached::bring`].
pub(super) async fn bring(tx: &mut TenantTx, way: Move) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "UPDATE tarefa SET empresa_id = $2, entity_id = CASE WHEN entity = 'empresa' THEN $2 ELSE entity_id END
         WHERE empresa_id = $1 RETURNING id",
        way.from,
        way.to
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// See [`web::attached::Attached::give_back`].
pub(super) async fn back(tx: &mut TenantTx, way: Move, ids: &[Uuid]) -> Result<u64, Fault> {
    let done = sqlx::query!(
        "UPDATE tarefa SET empresa_id = $1, entity_id = CASE WHEN entity = 'empresa' THEN $1 ELSE entity_id END
         WHERE empresa_id = $2 AND id = ANY($3)",
        way.from,
        way.to,
        ids
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}

/// Tarefas that the person is to do, or that tell of them.
pub(super) async fn gather(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('titulo', titulo, 'detalhes', detalhes, 'data_prazo', data_prazo,
                      'concluida_at', concluida_at, 'criada_por', criada_por_nome, 'created_at', created_at)) AS "row!"
           FROM tarefa
           WHERE responsavel_id = $2 OR criada_por_id = $2 OR concat_ws(' ', titulo, detalhes, criada_por_nome) ~* $1
           ORDER BY created_at, id"#,
        alvo.pattern,
        alvo.titular.id
    )
    .fetch_all(ground.db())
    .await?)
}

/// Takes the person out of them; what is to be done stays.
pub(super) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let now: DateTime<Utc> = ground.now();
    let changed = sqlx::query!(
        "UPDATE tarefa SET titulo = left(regexp_replace(titulo, $1, $2, 'gi'), 200), detalhes = regexp_replace(detalhes, $1, $2, 'gi'),
                criada_por_nome = CASE WHEN criada_por_id = $3 THEN $2 ELSE regexp_replace(criada_por_nome, $1, $2, 'gi') END,
                updated_at = $4, version = version + 1
         WHERE criada_por_id = $3 AND criada_por_nome <> $2 OR concat_ws(' ', titulo, detalhes, criada_por_nome) ~* $1",
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
