//! All SQL on reconsultas.

use chrono::{DateTime, Utc};
use kernel::{Cnpj, Fault, PageRequest};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Linha, Reconsulta, ReconsultaId, Resultado, State};
use crate::{
    consulta::SituacaoCadastral,
    empresa::{EmpresaId, Reach},
};

struct Stored {
    id: ReconsultaId,
    usuario_id: Option<Uuid>,
    consulta: String,
    state: String,
    total: i32,
    inalteradas: i32,
    alteradas: i32,
    novas: i32,
    ausentes: i32,
    falhas: i32,
    fora: i32,
    silencios: i16,
    reason: Option<String>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Stored> for Reconsulta {
    type Error = Fault;

    fn try_from(stored: Stored) -> Result<Self, Fault> {
        Ok(Self {
            id: stored.id,
            usuario_id: stored.usuario_id,
            consulta: stored.consulta,
            state: State::from_code(&stored.state).ok_or_else(|| Fault::because("a stored reconsulta is not readable"))?,
            total: stored.total,
            inalteradas: stored.inalteradas,
            alteradas: stored.alteradas,
            novas: stored.novas,
            ausentes: stored.ausentes,
            falhas: stored.falhas,
            fora: stored.fora,
            silencios: stored.silencios,
            reason: stored.reason,
            created_at: stored.created_at,
            finished_at: stored.finished_at,
        })
    }
}

fn situacao(text: Option<String>) -> Result<Option<SituacaoCadastral>, Fault> {
    let read = |text: String| text.parse().map_err(|_| Fault::because("a stored situação cadastral is none"));
    text.map(read).transpose()
}

/// Those within `reach` that were asked longest ago, the ones never asked first; only those asked before `asked`, and not
/// those that a reconsulta came to since `tried`. What came to nothing was asked too: it does not stand before all others for
/// ever.
pub(super) async fn oldest(
    tx: &mut TenantTx,
    reach: Reach,
    asked: Option<DateTime<Utc>>,
    tried: Option<DateTime<Utc>>,
    limit: i64,
) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "SELECT e.id FROM empresa e
         WHERE e.deleted_at IS NULL
           AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1]
                OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))
           AND ($2::timestamptz IS NULL OR e.situacao_cadastral_at IS NULL OR e.situacao_cadastral_at < $2)
           AND ($3::timestamptz IS NULL OR NOT EXISTS
                (SELECT FROM reconsulta_linha l WHERE l.empresa_id = e.id AND l.answered_at >= $3))
         ORDER BY greatest(e.situacao_cadastral_at,
                           (SELECT max(l.answered_at) FROM reconsulta_linha l WHERE l.empresa_id = e.id)) NULLS FIRST, e.id
         LIMIT $4",
        reach.keys(),
        asked,
        tried,
        limit
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Those of an ended reconsulta that nobody answered, or that it did not come to.
pub(super) async fn unanswered(tx: &mut TenantTx, id: ReconsultaId, reach: Reach) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "SELECT e.id FROM reconsulta_linha l JOIN empresa e ON e.id = l.empresa_id AND e.deleted_at IS NULL
         WHERE l.reconsulta_id = $1 AND (l.resultado IS NULL OR l.resultado = 'falhou')
           AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1]
                OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
         ORDER BY l.position",
        id.uuid(),
        reach.keys()
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// One after the other asks for a reconsulta: two at once would not find each other's.
pub(super) async fn hold_owner(tx: &mut TenantTx, usuario: Uuid) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM usuario WHERE id = $1 FOR NO KEY UPDATE", usuario).fetch_optional(tx.db()).await?;
    Ok(())
}

/// One of the same owner about the very same empresas that is on its way.
pub(super) async fn same(tx: &mut TenantTx, usuario: Option<Uuid>, ids: &[Uuid]) -> Result<Option<ReconsultaId>, Fault> {
    let id = sqlx::query_scalar!(
        r#"SELECT r.id AS "id: ReconsultaId" FROM reconsulta r
           WHERE r.usuario_id IS NOT DISTINCT FROM $1 AND r.state IN ('fila', 'andamento') AND r.total = cardinality($2::uuid[])
             AND NOT EXISTS (SELECT FROM reconsulta_linha l WHERE l.reconsulta_id = r.id AND NOT l.empresa_id = ANY($2))
           ORDER BY r.created_at DESC LIMIT 1"#,
        usuario,
        ids
    );
    Ok(id.fetch_optional(tx.db()).await?)
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    usuario: Option<Uuid>,
    consulta: &str,
    ids: &[Uuid],
) -> Result<ReconsultaId, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO reconsulta (id, usuario_id, consulta, state, total, created_at) VALUES ($1, $2, $3, 'fila', $4, $5)",
        id,
        usuario,
        consulta,
        i32::try_from(ids.len()).unwrap_or(i32::MAX),
        now
    )
    .execute(tx.db())
    .await?;
    // Those that were asked longest ago first: they gain the most from it.
    sqlx::query!(
        "INSERT INTO reconsulta_linha (reconsulta_id, empresa_id, position)
         SELECT $1::uuid, e.id, row_number() OVER (ORDER BY e.situacao_cadastral_at NULLS FIRST, e.id)::integer
         FROM empresa e WHERE e.id = ANY($2)",
        id,
        ids
    )
    .execute(tx.db())
    .await?;
    Ok(ReconsultaId::new(id))
}

pub(super) async fn find(tx: &mut TenantTx, id: ReconsultaId) -> Result<Option<Reconsulta>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ReconsultaId", usuario_id, consulta, state, total, inalteradas, alteradas, novas, ausentes, falhas, fora,
                  silencios, reason, created_at, finished_at
           FROM reconsulta WHERE id = $1"#,
        id.uuid()
    );
    stored.fetch_optional(tx.db()).await?.map(Reconsulta::try_from).transpose()
}

/// Somebody's own and, with `all`, those of the product itself, the latest first; and how many they are.
pub(super) async fn list(
    tx: &mut TenantTx,
    usuario: Uuid,
    all: bool,
    page: PageRequest,
) -> Result<(Vec<Reconsulta>, i64), Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM reconsulta WHERE usuario_id = $1 OR ($2::boolean AND usuario_id IS NULL)"#,
        usuario,
        all
    )
    .fetch_one(tx.db())
    .await?;
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ReconsultaId", usuario_id, consulta, state, total, inalteradas, alteradas, novas, ausentes, falhas, fora,
                  silencios, reason, created_at, finished_at
           FROM reconsulta WHERE usuario_id = $1 OR ($2::boolean AND usuario_id IS NULL)
           ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4"#,
        usuario,
        all,
        page.limit(),
        page.offset()
    );
    let found = stored.fetch_all(tx.db()).await?;
    Ok((found.into_iter().map(Reconsulta::try_from).collect::<Result<_, _>>()?, total))
}

/// Its empresas that have a result, as far as `reach` goes, the most telling first; and how many they are.
pub(super) async fn linhas(
    tx: &mut TenantTx,
    id: ReconsultaId,
    reach: Reach,
    only: Option<Resultado>,
    page: PageRequest,
) -> Result<(Vec<Linha>, i64), Fault> {
    let order: Vec<String> = Resultado::ALL.iter().map(|resultado| resultado.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"SELECT e.id AS "empresa: EmpresaId", e.nome, e.cnpj, l.resultado AS "resultado!", l.before AS antes, l.after AS depois,
                  count(*) OVER () AS "total!"
           FROM reconsulta_linha l JOIN empresa e ON e.id = l.empresa_id AND e.deleted_at IS NULL
           WHERE l.reconsulta_id = $1 AND l.resultado IS NOT NULL AND ($2::text IS NULL OR l.resultado = $2)
             AND ($3::uuid[] IS NULL OR e.responsavel_id = $3[1]
                  OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))
           ORDER BY array_position($4::text[], l.resultado), l.after = 'ativa', e.ordem, e.id LIMIT $5 OFFSET $6"#,
        id.uuid(),
        only.map(Resultado::code),
        reach.keys(),
        &order,
        page.limit(),
        page.offset()
    )
    .fetch_all(tx.db())
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let broken = || Fault::because("a stored line of a reconsulta is not readable");
    let linhas = rows.into_iter().map(|row| {
        Ok(Linha {
            empresa: row.empresa,
            nome: row.nome,
            cnpj: row.cnpj,
            resultado: Resultado::from_code(&row.resultado).ok_or_else(broken)?,
            antes: situacao(row.antes)?,
            depois: situacao(row.depois)?,
        })
    });
    Ok((linhas.collect::<Result<_, Fault>>()?, total))
}

/// One that is on its way; nobody else moves it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: ReconsultaId) -> Result<Option<Reconsulta>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ReconsultaId", usuario_id, consulta, state, total, inalteradas, alteradas, novas, ausentes, falhas, fora,
                  silencios, reason, created_at, finished_at
           FROM reconsulta WHERE id = $1 AND state IN ('fila', 'andamento') FOR UPDATE"#,
        id.uuid()
    );
    stored.fetch_optional(tx.db()).await?.map(Reconsulta::try_from).transpose()
}

pub(super) async fn start(tx: &mut TenantTx, id: ReconsultaId) -> Result<(), Fault> {
    sqlx::query!("UPDATE reconsulta SET state = 'andamento' WHERE id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// One that waits, with its CNPJ if it is within reach.
pub(super) struct Waiting {
    pub empresa: EmpresaId,
    pub cnpj: Option<Cnpj>,
}

/// The next: those that were tried less often first.
pub(super) async fn next(tx: &mut TenantTx, id: ReconsultaId, reach: Reach) -> Result<Option<Waiting>, Fault> {
    let row = sqlx::query!(
        r#"SELECT l.empresa_id AS "empresa: EmpresaId", e.cnpj AS "cnpj?"
           FROM reconsulta_linha l
           LEFT JOIN empresa e ON e.id = l.empresa_id AND e.deleted_at IS NULL
               AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1]
                    OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
           WHERE l.reconsulta_id = $1 AND l.resultado IS NULL
           ORDER BY l.attempts, l.position LIMIT 1"#,
        id.uuid(),
        reach.keys()
    )
    .fetch_optional(tx.db())
    .await?;
    let read = |text: String| text.parse().map_err(|e| Fault::new("stored CNPJ", e));
    row.map(|row| Ok(Waiting { empresa: row.empresa, cnpj: row.cnpj.map(read).transpose()? })).transpose()
}

/// Whether one still has this CNPJ and is within reach; nobody changes it before this transaction ends.
pub(super) async fn still(tx: &mut TenantTx, empresa: EmpresaId, cnpj: Cnpj, reach: Reach) -> Result<bool, Fault> {
    let id = sqlx::query_scalar!(
        "SELECT e.id FROM empresa e
         WHERE e.id = $1 AND e.cnpj = $2 AND e.deleted_at IS NULL
           AND ($3::uuid[] IS NULL OR e.responsavel_id = $3[1]
                OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))
         FOR NO KEY UPDATE OF e",
        empresa.uuid(),
        cnpj.as_str(),
        reach.keys()
    );
    Ok(id.fetch_optional(tx.db()).await?.is_some())
}

/// Gives one its result, and counts it; nothing happens to one that has its result.
pub(super) async fn set(
    tx: &mut TenantTx,
    id: ReconsultaId,
    empresa: EmpresaId,
    resultado: Resultado,
    [antes, depois]: [Option<SituacaoCadastral>; 2],
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "WITH done AS (
             UPDATE reconsulta_linha SET resultado = $3, before = $4, after = $5, answered_at = $6
             WHERE reconsulta_id = $1 AND empresa_id = $2 AND resultado IS NULL RETURNING resultado
         )
         UPDATE reconsulta r
         SET inalteradas = inalteradas + (done.resultado = 'inalterada')::integer,
             alteradas = alteradas + (done.resultado = 'alterada')::integer, novas = novas + (done.resultado = 'nova')::integer,
             ausentes = ausentes + (done.resultado = 'ausente')::integer, falhas = falhas + (done.resultado = 'falhou')::integer,
             fora = fora + (done.resultado = 'fora')::integer
         FROM done WHERE r.id = $1",
        id.uuid(),
        empresa.uuid(),
        resultado.code(),
        antes.map(SituacaoCadastral::code),
        depois.map(SituacaoCadastral::code),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes that nobody answered; how often that was.
pub(super) async fn tried(tx: &mut TenantTx, id: ReconsultaId, empresa: EmpresaId) -> Result<i16, Fault> {
    let attempts = sqlx::query_scalar!(
        "UPDATE reconsulta_linha SET attempts = attempts + 1 WHERE reconsulta_id = $1 AND empresa_id = $2 AND resultado IS NULL
         RETURNING attempts",
        id.uuid(),
        empresa.uuid()
    );
    Ok(attempts.fetch_optional(tx.db()).await?.unwrap_or_default())
}

pub(super) async fn set_silencios(tx: &mut TenantTx, id: ReconsultaId, silencios: i16) -> Result<(), Fault> {
    sqlx::query!("UPDATE reconsulta SET silencios = $2 WHERE id = $1 AND silencios <> $2", id.uuid(), silencios)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// All that wait come to nothing.
pub(super) async fn give_up(tx: &mut TenantTx, id: ReconsultaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "WITH done AS (
             UPDATE reconsulta_linha SET resultado = 'falhou', answered_at = $2
             WHERE reconsulta_id = $1 AND resultado IS NULL RETURNING empresa_id
         )
         UPDATE reconsulta SET falhas = falhas + (SELECT count(*) FROM done)::integer WHERE id = $1",
        id.uuid(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Ends one that is on its way; false for one that is not.
pub(super) async fn end(tx: &mut TenantTx, id: ReconsultaId, state: State, reason: Option<&str>) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE reconsulta SET state = $2, reason = $3, finished_at = $4 WHERE id = $1 AND state IN ('fila', 'andamento')",
        id.uuid(),
        state.code(),
        reason,
        now
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// Whose empresas stand otherwise than before, but for `owner`: how many of each, and one of them.
pub(super) async fn changed_of(
    tx: &mut TenantTx,
    id: ReconsultaId,
    owner: Option<Uuid>,
) -> Result<Vec<(Uuid, i64, EmpresaId)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT e.responsavel_id AS "responsavel!", count(*) AS "n!", (array_agg(e.id))[1] AS "empresa!: EmpresaId"
           FROM reconsulta_linha l JOIN empresa e ON e.id = l.empresa_id AND e.deleted_at IS NULL
           WHERE l.reconsulta_id = $1 AND l.resultado = 'alterada' AND e.responsavel_id IS NOT NULL
             AND e.responsavel_id IS DISTINCT FROM $2
           GROUP BY e.responsavel_id ORDER BY e.responsavel_id"#,
        id.uuid(),
        owner
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.responsavel, row.n, row.empresa)).collect())
}

/// Whether one of the product itself is on its way.
pub(super) async fn is_running(tx: &mut TenantTx) -> Result<bool, Fault> {
    let running = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM reconsulta WHERE usuario_id IS NULL AND state IN ('fila', 'andamento')) AS "running!""#
    );
    Ok(running.fetch_one(tx.db()).await?)
}

/// Those of the product itself that are on their way since before `instant`.
pub(super) async fn stuck(tx: &mut TenantTx, instant: DateTime<Utc>) -> Result<Vec<ReconsultaId>, Fault> {
    let ids = sqlx::query_scalar!(
        r#"SELECT id AS "id: ReconsultaId" FROM reconsulta
           WHERE usuario_id IS NULL AND state IN ('fila', 'andamento') AND created_at < $1 ORDER BY id"#,
        instant
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Those that ended before `instant` leave the list.
pub(super) async fn forget(tx: &mut TenantTx, instant: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM reconsulta WHERE created_at < $1 AND state NOT IN ('fila', 'andamento')", instant)
        .execute(tx.db())
        .await?;
    Ok(())
}
