use chrono::TimeDelta;
use kernel::Fault;
use uuid::Uuid;

use super::{Fim, Origem};
use crate::{
    PlatformTx, UnidadeId,
    suporte::{Hash, Viva},
};

pub(super) async fn insert(
    tx: &mut PlatformTx,
    (origem, para): (&Origem, UnidadeId),
    fim: Fim,
    (hash, navegador): (&Hash, &Hash),
    valid: TimeDelta,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO platform.passagem
             (token_hash, unidade_id, created_at, expires_at, de_unidade_id, de_usuario_id, de_sessao_id, navegador_hash, vincula)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &hash[..],
        para as _,
        now,
        now + valid,
        origem.unidade as _,
        origem.usuario,
        origem.sessao,
        &navegador[..],
        fim == Fim::Vincular,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn find(
    tx: &mut PlatformTx,
    para: UnidadeId,
    fim: Fim,
    (hash, navegador): (&Hash, &Hash),
) -> Result<Option<Origem>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Origem,
        r#"SELECT p.de_unidade_id AS "unidade!: UnidadeId", p.de_usuario_id AS "usuario!", p.de_sessao_id AS "sessao!"
           FROM platform.passagem p JOIN platform.unidade u ON u.id = p.de_unidade_id AND u.status = 'active'
           WHERE p.token_hash = $1 AND p.unidade_id = $2 AND p.vincula = $3 AND p.navegador_hash = $4 AND p.used_at IS NULL
             AND p.expires_at > $5"#,
        &hash[..],
        para as _,
        fim == Fim::Vincular,
        &navegador[..],
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn insert_suporte(
    tx: &mut PlatformTx,
    para: UnidadeId,
    (admin, admin_sessao): (Uuid, Uuid),
    hash: &Hash,
    valid: TimeDelta,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO platform.passagem (token_hash, unidade_id, suporte_id, admin_sessao_id, created_at, expires_at)
         SELECT $1, s.unidade_id, s.id, $4, $5, $6 FROM platform.suporte s
         WHERE s.unidade_id = $2 AND s.admin_id = $3 AND s.situacao = 'concedido' AND s.expires_at > $5",
        &hash[..],
        para as _,
        admin,
        admin_sessao,
        now,
        now + valid,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Everything that must hold for an admin to come over.
pub(super) async fn find_suporte(tx: &mut PlatformTx, para: UnidadeId, hash: &Hash) -> Result<Option<Viva>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Viva,
        "SELECT s.id AS suporte_id, s.admin_id, a.nome AS admin_nome, s.escrita, s.expires_at, s.last_used_at
         FROM platform.passagem p
         JOIN platform.suporte s ON s.id = p.suporte_id
         JOIN platform.admin a ON a.id = s.admin_id
         JOIN platform.admin_sessao e ON e.id = p.admin_sessao_id AND e.admin_id = a.id
         WHERE p.token_hash = $1 AND p.unidade_id = $2 AND p.used_at IS NULL AND p.expires_at > $3
           AND s.unidade_id = $2 AND s.situacao = 'concedido' AND s.expires_at > $3
           AND a.ativo AND e.complete AND e.ended_at IS NULL AND e.expires_at > $3",
        &hash[..],
        para as _,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn use_up(tx: &mut PlatformTx, hash: &Hash) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done =
        sqlx::query!("UPDATE platform.passagem SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL", &hash[..], now)
            .execute(tx.db())
            .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn forget(tx: &mut PlatformTx) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("DELETE FROM platform.passagem WHERE expires_at < $1", now).execute(tx.db()).await?;
    Ok(())
}
