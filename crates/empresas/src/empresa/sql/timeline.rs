//! The trail of one empresa, read for its history.

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::TenantTx;
use uuid::Uuid;
use web::timeline::Point;

use crate::{empresa::EmpresaId, importacao::ImportacaoId};

/// A row of the trail with the kind of moment that it is.
#[derive(Debug)]
pub(in crate::empresa) struct Row {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub action: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub kind: String,
}

/// What happened to an empresa, the latest first.
pub(in crate::empresa) async fn rows(
    tx: &mut TenantTx,
    id: EmpresaId,
    kinds: &[&str],
    before: Option<Point>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT a.id, a.at, a.actor_nome, a.action, a.before, a.after, k.kind AS "kind!"
           FROM auditoria a
           CROSS JOIN LATERAL (SELECT CASE
               WHEN a.action LIKE 'contato.%' THEN 'contato'
               WHEN a.action LIKE 'documento.%' THEN 'documento'
               WHEN a.action = 'empresa.consultada' THEN 'consulta'
               WHEN jsonb_exists(a.after, 'importacao') THEN 'importacao'
               WHEN jsonb_exists_any(a.after, ARRAY['lote', 'lote_desfeito']) THEN 'lote'
               ELSE 'cadastro' END AS kind) k
           -- Who looked at a file is for the raw trail: it is nothing that happened to the empresa.
           WHERE a.entity = 'empresa' AND a.entity_id = $1 AND k.kind = ANY($2) AND a.action <> 'documento.aberto'
             -- What tells of somebody who was erased is kept for the law, not for every day (decision 0018).
             AND a.id NOT IN (SELECT unnest(p.linhas) FROM apagamento p)
             AND ($3::timestamptz IS NULL OR (a.at, a.id) < ($3, $4))
           ORDER BY a.at DESC, a.id DESC LIMIT $5"#,
        id.uuid(),
        &kinds,
        before.map(|before| before.at),
        before.map(|before| before.id),
        limit
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The spreadsheet an empresa came with.
#[derive(Debug)]
pub(in crate::empresa) struct Origin {
    pub point: Point,
    pub id: ImportacaoId,
    pub file: String,
    pub nome: String,
}

pub(in crate::empresa) async fn origin(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<Origin>, Fault> {
    let row = sqlx::query!(
        r#"SELECT e.created_at, i.id AS "importacao: ImportacaoId", i.file_name, i.actor_nome
           FROM empresa e JOIN importacao i ON i.id = e.importacao_id WHERE e.id = $1"#,
        id.uuid()
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Origin {
        point: Point { at: row.created_at, id: id.uuid() },
        id: row.importacao,
        file: row.file_name,
        nome: row.actor_nome,
    }))
}
