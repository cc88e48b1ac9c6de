//! All SQL on exportações.

use chrono::{DateTime, Utc};
use files::ArquivoId;
use kernel::{Fault, Lang, PageRequest};
use sheets::Format;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Exportacao, ExportacaoId, KEPT, Nova, State};

struct Stored {
    id: ExportacaoId,
    usuario_id: Uuid,
    format: String,
    consulta: String,
    idioma: String,
    file_name: String,
    state: String,
    done: i64,
    total: i64,
    bytes: Option<i64>,
    arquivo_id: Option<ArquivoId>,
    reason: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<Stored> for Exportacao {
    type Error = Fault;

    fn try_from(stored: Stored) -> Result<Self, Fault> {
        let broken = || Fault::because("a stored exportação is not readable");
        Ok(Self {
            id: stored.id,
            usuario_id: stored.usuario_id,
            format: stored.format.parse::<Format>().map_err(|_| broken())?,
            consulta: stored.consulta,
            lang: Lang::ALL.into_iter().find(|lang| lang.tag() == stored.idioma).unwrap_or_default(),
            file_name: stored.file_name,
            state: State::from_code(&stored.state).ok_or_else(broken)?,
            done: stored.done,
            total: stored.total,
            bytes: stored.bytes,
            arquivo_id: stored.arquivo_id,
            reason: stored.reason,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
        })
    }
}

/// The same of the same person that is on its way.
pub(super) async fn same(tx: &mut TenantTx, usuario: Uuid, nova: &Nova<'_>) -> Result<Option<ExportacaoId>, Fault> {
    let id = sqlx::query_scalar!(
        r#"SELECT id AS "id: ExportacaoId" FROM exportacao
           WHERE usuario_id = $1 AND format = $2 AND consulta = $3 AND idioma = $4 AND state IN ('fila', 'gerando')
           ORDER BY created_at DESC LIMIT 1"#,
        usuario,
        nova.format.extension(),
        nova.consulta,
        nova.lang.tag()
    );
    Ok(id.fetch_optional(tx.db()).await?)
}

pub(super) async fn insert(tx: &mut TenantTx, usuario: Uuid, nova: &Nova<'_>) -> Result<ExportacaoId, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO exportacao (id, usuario_id, format, consulta, idioma, file_name, state, total, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'fila', $7, $8)",
        id,
        usuario,
        nova.format.extension(),
        nova.consulta,
        nova.lang.tag(),
        nova.file_name,
        nova.total,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(ExportacaoId::new(id))
}

pub(super) async fn find(tx: &mut TenantTx, id: ExportacaoId) -> Result<Option<Exportacao>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ExportacaoId", usuario_id, format, consulta, idioma, file_name, state, done, total, bytes,
                  arquivo_id AS "arquivo_id: ArquivoId", reason, created_at, expires_at
           FROM exportacao WHERE id = $1"#,
        id.uuid()
    );
    stored.fetch_optional(tx.db()).await?.map(Exportacao::try_from).transpose()
}

/// Somebody's own, the latest first; and how many they are.
pub(super) async fn list(tx: &mut TenantTx, usuario: Uuid, page: PageRequest) -> Result<(Vec<Exportacao>, i64), Fault> {
    let total = sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM exportacao WHERE usuario_id = $1"#, usuario)
        .fetch_one(tx.db())
        .await?;
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ExportacaoId", usuario_id, format, consulta, idioma, file_name, state, done, total, bytes,
                  arquivo_id AS "arquivo_id: ArquivoId", reason, created_at, expires_at
           FROM exportacao WHERE usuario_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3"#,
        usuario,
        page.limit(),
        page.offset()
    );
    let found = stored.fetch_all(tx.db()).await?;
    Ok((found.into_iter().map(Exportacao::try_from).collect::<Result<_, _>>()?, total))
}

pub(super) async fn cancel(tx: &mut TenantTx, id: ExportacaoId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE exportacao SET state = 'cancelada', finished_at = $2 WHERE id = $1 AND state IN ('fila', 'gerando')",
        id.uuid(),
        now
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// A worker begins with it, perhaps after another one that died: its content will lie under `arquivo`. Answers what the other
/// one may have put somewhere; `None` when it is over.
pub(super) async fn begin(
    tx: &mut TenantTx,
    id: ExportacaoId,
    arquivo: ArquivoId,
) -> Result<Option<(Exportacao, Option<ArquivoId>)>, Fault> {
    let locked = sqlx::query!("SELECT id FROM exportacao WHERE id = $1 AND state IN ('fila', 'gerando') FOR UPDATE", id.uuid());
    if locked.fetch_optional(tx.db()).await?.is_none() {
        return Ok(None);
    }
    let Some(before) = find(tx, id).await? else { return Ok(None) };
    sqlx::query!("UPDATE exportacao SET state = 'gerando', done = 0, arquivo_id = $2 WHERE id = $1", id.uuid(), arquivo.uuid())
        .execute(tx.db())
        .await?;
    let left = before.arquivo_id;
    Ok(Some((before, left)))
}

/// How far it has come; false when somebody gave it up.
pub(super) async fn progress(tx: &mut TenantTx, id: ExportacaoId, done: i64) -> Result<bool, Fault> {
    let updated = sqlx::query!("UPDATE exportacao SET done = $2 WHERE id = $1 AND state = 'gerando'", id.uuid(), done);
    Ok(updated.execute(tx.db()).await?.rows_affected() > 0)
}

/// Its file is there; false when somebody gave it up.
pub(super) async fn finish(tx: &mut TenantTx, id: ExportacaoId, rows: i64, bytes: i64) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let updated = sqlx::query!(
        "UPDATE exportacao SET state = 'pronta', done = $2, total = $2, bytes = $3, finished_at = $4, expires_at = $5
         WHERE id = $1 AND state = 'gerando'",
        id.uuid(),
        rows,
        bytes,
        now,
        now + KEPT
    );
    Ok(updated.execute(tx.db()).await?.rows_affected() > 0)
}

pub(super) async fn fail(tx: &mut TenantTx, id: ExportacaoId, reason: &str) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let updated = sqlx::query!(
        "UPDATE exportacao SET state = 'falhou', reason = $2, finished_at = $3 WHERE id = $1 AND state IN ('fila', 'gerando')",
        id.uuid(),
        reason,
        now
    );
    Ok(updated.execute(tx.db()).await?.rows_affected() > 0)
}

/// Contents that are needed no more: of those that expired before `now`, failed or were given up.
pub(super) async fn over(tx: &mut TenantTx, now: DateTime<Utc>, limit: i64) -> Result<Vec<(ExportacaoId, ArquivoId)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: ExportacaoId", arquivo_id AS "arquivo_id!: ArquivoId" FROM exportacao
           WHERE arquivo_id IS NOT NULL AND (state IN ('falhou', 'cancelada', 'expirada') OR state = 'pronta' AND expires_at <= $1)
           ORDER BY created_at LIMIT $2"#,
        now,
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.id, row.arquivo_id)).collect())
}

/// Their contents are gone.
pub(super) async fn forget_files(tx: &mut TenantTx, ids: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE exportacao SET arquivo_id = NULL, state = CASE state WHEN 'pronta' THEN 'expirada' ELSE state END WHERE id = ANY($1)",
        ids
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What a dead queue left behind is told as failed; what nobody needs to see any more leaves the list.
pub(super) async fn tidy(tx: &mut TenantTx, stale: DateTime<Utc>, listed: DateTime<Utc>) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE exportacao SET state = 'falhou', reason = 'fault', finished_at = $2 WHERE state IN ('fila', 'gerando') AND created_at < $1",
        stale,
        now
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "DELETE FROM exportacao WHERE created_at < $1 AND arquivo_id IS NULL AND state NOT IN ('fila', 'gerando', 'pronta')",
        listed
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
