use chrono::{DateTime, Utc};
use kernel::Fault;
use uuid::Uuid;

use super::{Hash, Motivo, Suporte, Viva};
use crate::{PlatformTx, UnidadeId};

/// What is read of a pedido, whatever it is looked for by.
macro_rules! suportes {
    ($tail:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Suporte,
            r#"SELECT s.id, s.unidade_id AS "unidade_id: UnidadeId", s.admin_id, a.nome AS admin_nome, s.motivo, s.minutos_pedidos,
                      s.escrita_pedida, s.situacao, s.asked_at, s.expires_at, s.escrita, s.decided_at, s.decided_by_nome, s.ended_at,
                      s.ended_by_nome
               FROM platform.suporte s JOIN platform.admin a ON a.id = s.admin_id "# + $tail,
            $($arg),*
        )
    };
}

pub(super) struct Pedido<'a> {
    pub id: Uuid,
    pub unidade: UnidadeId,
    pub admin: Uuid,
    pub motivo: &'a Motivo,
    pub minutos: i32,
    pub escrita: bool,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// `false` when the admin has one open there, or the unidade is not active.
pub(super) async fn insert(tx: &mut PlatformTx, pedido: &Pedido<'_>) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "INSERT INTO platform.suporte
             (id, unidade_id, admin_id, motivo, minutos_pedidos, escrita_pedida, situacao, asked_at, expires_at)
         SELECT $1, u.id, a.id, $4, $5, $6, 'pedido', $7, $8
         FROM platform.unidade u, platform.admin a WHERE u.id = $2 AND u.status = 'active' AND a.id = $3 AND a.ativo
         ON CONFLICT DO NOTHING",
        pedido.id,
        pedido.unidade as _,
        pedido.admin,
        pedido.motivo.as_str(),
        pedido.minutos,
        pedido.escrita,
        pedido.now,
        pedido.expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn conceder(
    tx: &mut PlatformTx,
    (unidade, id): (UnidadeId, Uuid),
    by: &str,
    (minutos, escrita): (i32, bool),
    until: DateTime<Utc>,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE platform.suporte s
         SET situacao = 'concedido', escrita = $4, expires_at = $5, decided_at = $6, decided_by_nome = $7
         FROM platform.admin a
         WHERE s.id = $1 AND s.unidade_id = $2 AND s.situacao = 'pedido' AND s.expires_at > $6
           AND $3::integer BETWEEN 1 AND s.minutos_pedidos AND (s.escrita_pedida OR NOT $4)
           AND a.id = s.admin_id AND a.ativo",
        id,
        unidade as _,
        minutos,
        escrita,
        until,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn end(
    tx: &mut PlatformTx,
    (unidade, id): (UnidadeId, Uuid),
    by: &str,
    from: &str,
    to: &str,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE platform.suporte
         SET situacao = $4, ended_at = $5, ended_by_nome = $6, sessao_hash = NULL, told_at = $5,
             decided_at = coalesce(decided_at, $5), decided_by_nome = coalesce(decided_by_nome, $6)
         WHERE id = $1 AND unidade_id = $2 AND situacao = $3 AND expires_at > $5",
        id,
        unidade as _,
        from,
        to,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn find(tx: &mut PlatformTx, unidade: UnidadeId, id: Uuid) -> Result<Option<Suporte>, Fault> {
    Ok(suportes!("WHERE s.id = $1 AND s.unidade_id = $2", id, unidade as _,).fetch_optional(tx.db()).await?)
}

pub(super) async fn list(tx: &mut PlatformTx, unidade: UnidadeId) -> Result<Vec<Suporte>, Fault> {
    Ok(suportes!(
        "WHERE s.unidade_id = $1
         ORDER BY s.situacao IN ('pedido', 'concedido') DESC, s.asked_at DESC, s.id DESC LIMIT 50",
        unidade as _,
    )
    .fetch_all(tx.db())
    .await?)
}

pub(super) async fn open_of(tx: &mut PlatformTx, unidade: UnidadeId, admin: Uuid) -> Result<Option<Suporte>, Fault> {
    let now = tx.clock().now();
    Ok(suportes!(
        "WHERE s.unidade_id = $1 AND s.admin_id = $2 AND s.situacao IN ('pedido', 'concedido') AND s.expires_at > $3",
        unidade as _,
        admin,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// `false` when it was ended this very moment.
pub(super) async fn enter(tx: &mut PlatformTx, id: Uuid, sessao: &Hash) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE platform.suporte SET sessao_hash = $2, entered_at = $3, last_used_at = $3
         WHERE id = $1 AND situacao = 'concedido' AND expires_at > $3",
        id,
        &sessao[..],
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn viva(
    tx: &mut PlatformTx,
    unidade: UnidadeId,
    sessao: &Hash,
    used_since: DateTime<Utc>,
) -> Result<Option<Viva>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Viva,
        "SELECT s.id AS suporte_id, s.admin_id, a.nome AS admin_nome, s.escrita, s.expires_at, s.last_used_at
         FROM platform.suporte s JOIN platform.admin a ON a.id = s.admin_id AND a.ativo
         WHERE s.sessao_hash = $1 AND s.unidade_id = $2 AND s.situacao = 'concedido' AND s.expires_at > $3
           AND coalesce(s.last_used_at, s.entered_at) > $4",
        &sessao[..],
        unidade as _,
        now,
        used_since,
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn touch(tx: &mut PlatformTx, unidade: UnidadeId, admin: Uuid) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE platform.suporte SET last_used_at = $3
         WHERE unidade_id = $1 AND admin_id = $2 AND situacao = 'concedido' AND sessao_hash IS NOT NULL",
        unidade as _,
        admin,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn leave(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    sqlx::query!("UPDATE platform.suporte SET sessao_hash = NULL WHERE id = $1", id).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn run_out(tx: &mut PlatformTx) -> Result<Vec<(Uuid, UnidadeId, String)>, Fault> {
    let now = tx.clock().now();
    let rows = sqlx::query!(
        r#"UPDATE platform.suporte s
           SET situacao = CASE WHEN s.expires_at <= $1 THEN 'vencido' ELSE 'encerrado' END, ended_at = least(s.expires_at, $1),
               sessao_hash = NULL
           FROM platform.admin a, platform.unidade u
           WHERE a.id = s.admin_id AND u.id = s.unidade_id AND s.situacao IN ('pedido', 'concedido')
             AND (s.expires_at <= $1 OR NOT a.ativo OR u.status IN ('suspended', 'archived', 'deleted'))
           RETURNING s.id, s.unidade_id AS "unidade_id: UnidadeId", s.situacao"#,
        now,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.unidade_id, row.situacao)).collect())
}

pub(super) async fn end_all(tx: &mut PlatformTx, unidade: UnidadeId, by: &str) -> Result<Vec<Uuid>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "UPDATE platform.suporte SET situacao = 'encerrado', ended_at = $2, ended_by_nome = $3, sessao_hash = NULL
         WHERE unidade_id = $1 AND situacao IN ('pedido', 'concedido') RETURNING id",
        unidade as _,
        now,
        by,
    )
    .fetch_all(tx.db())
    .await?)
}

pub(super) async fn untold(tx: &mut PlatformTx) -> Result<Vec<Suporte>, Fault> {
    Ok(suportes!("WHERE s.ended_at IS NOT NULL AND s.told_at IS NULL ORDER BY s.ended_at LIMIT 100").fetch_all(tx.db()).await?)
}

pub(super) async fn told(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE platform.suporte SET told_at = $2 WHERE id = $1", id, now).execute(tx.db()).await?;
    Ok(())
}
