use acesso::Segredo;
use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{
    consentimento::{Convidado, Finalidade, FinalidadeId, Quem, Resposta},
    titular::TitularRef,
};

pub(in crate::consentimento) struct NovaCarta<'a> {
    pub finalidade: &'a Finalidade,
    pub quem: &'a Quem,
    pub nome: &'a str,
    pub email: &'a str,
    pub token: &'a Segredo,
    pub until: DateTime<Utc>,
    pub actor_nome: &'a str,
}

pub(in crate::consentimento) async fn insert_carta(tx: &mut TenantTx, carta: &NovaCarta<'_>) -> Result<Uuid, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let (kind, titular, _) = carta.quem.parts();
    sqlx::query!(
        "INSERT INTO consentimento_carta (id, finalidade_id, versao, titular_kind, titular_id, nome, email, token_hash, created_at,
                                          created_by_nome, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id,
        carta.finalidade.id as _,
        carta.finalidade.versao,
        kind,
        titular,
        carta.nome,
        carta.email,
        &carta.token.hash(),
        now,
        carta.actor_nome,
        carta.until
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// Whoever reads that mailbox refused the text of now.
pub(in crate::consentimento) async fn refused(tx: &mut TenantTx, to: &Finalidade, email: &str) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM consentimento_carta
                          WHERE finalidade_id = $1 AND versao = $2 AND email = $3 AND resposta = 'recusado') AS "refused!""#,
        to.id as _,
        to.versao,
        email
    )
    .fetch_one(tx.db())
    .await?)
}

/// Whom a link was written to, while it can be answered, or what was given by it stands or was taken back since `since`.
pub(in crate::consentimento) async fn convidado(
    tx: &mut TenantTx,
    token: &Segredo,
    since: DateTime<Utc>,
) -> Result<Option<Convidado>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"SELECT l.id, l.finalidade_id AS "finalidade: FinalidadeId", l.titular_kind, l.titular_id, l.nome, l.email, l.expires_at, l.resposta
           FROM consentimento_carta l
           WHERE l.token_hash = $1
             AND (l.expires_at > $2
                  OR EXISTS (SELECT FROM consentimento c WHERE c.carta_id = l.id AND (c.retirado_at IS NULL OR c.retirado_at > $3)))"#,
        &token.hash(),
        now,
        since
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Convidado {
        carta: row.id,
        finalidade: row.finalidade,
        quem: Quem {
            titular: row.titular_kind.zip(row.titular_id).map(|(kind, id)| TitularRef { kind, id }),
            email: Some(row.email),
        },
        nome: row.nome,
        open: row.expires_at > now,
        resposta: row.resposta.as_deref().and_then(Resposta::from_code),
    }))
}

pub(in crate::consentimento) async fn answered(tx: &mut TenantTx, carta: Uuid, resposta: Resposta) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE consentimento_carta SET resposta = $2, respondido_at = $3 WHERE id = $1", carta, resposta.code(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Somebody who agreed to an earlier text and can be written to, as they are now.
pub(in crate::consentimento) struct DeAntes {
    pub titular_kind: Option<String>,
    pub titular_id: Option<Uuid>,
    pub nome: String,
    pub email: String,
    pub idioma: Option<String>,
}

/// Those who agreed to an earlier text, neither to the text of now nor were asked for it, each mailbox once.
pub(in crate::consentimento) async fn de_antes(tx: &mut TenantTx, id: FinalidadeId, limit: i64) -> Result<Vec<DeAntes>, Fault> {
    Ok(sqlx::query_as!(
        DeAntes,
        r#"SELECT DISTINCT ON (x.email) x.titular_kind, x.titular_id, x.nome AS "nome!", x.email AS "email!", x.idioma AS "idioma?"
           FROM (SELECT c.id, c.finalidade_id, c.titular_kind, c.titular_id, f.versao AS current, coalesce(u.nome, p.nome, c.nome) AS nome,
                        lower(CASE WHEN u.id IS NOT NULL THEN CASE WHEN u.email NOT LIKE '%@invalid' THEN u.email END
                                   WHEN p.id IS NOT NULL THEN p.email ELSE c.email END) AS email, u.idioma
                 FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id
                 LEFT JOIN usuario u ON c.titular_kind = 'usuario' AND u.id = c.titular_id
                 LEFT JOIN contato p ON c.titular_kind = 'contato' AND p.id = c.titular_id
                 WHERE c.finalidade_id = $1 AND c.retirado_at IS NULL AND c.versao < f.versao) x
           WHERE x.email IS NOT NULL
             AND NOT EXISTS (SELECT FROM consentimento n
                             WHERE n.finalidade_id = x.finalidade_id AND n.versao = x.current AND n.retirado_at IS NULL
                               AND (n.titular_id = x.titular_id OR n.email = x.email))
             AND NOT EXISTS (SELECT FROM consentimento_carta l
                             WHERE l.finalidade_id = x.finalidade_id AND l.versao = x.current AND l.email = x.email)
           ORDER BY x.email, x.id LIMIT $2"#,
        id as _,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}
