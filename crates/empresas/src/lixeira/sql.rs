//! Who deleted something is what the trail says first after it was deleted: both are written in one transaction, and those of
//! one empresa one after the other. What went to another empresa since, by a mescla, is nobody's: nobody is named by guess.

use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;
use web::lixeira::{Item, Trashed};

use crate::{
    empresa::{EmpresaId, Reach},
    mescla,
};

/// `sub` is the CNPJ. One that was merged comes back by undoing that, as long as that can be undone.
pub(super) async fn empresas(tx: &mut TenantTx, reach: Reach, limit: i64) -> Result<Trashed, Fault> {
    let since = tx.clock().now() - mescla::KEPT;
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM empresa e
           WHERE e.deleted_at IS NOT NULL AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))
             AND NOT EXISTS (SELECT FROM empresa_mescla m WHERE m.mesclada_id = e.id AND m.undone_at IS NULL AND m.created_at >= $2)"#,
        reach.keys(),
        since
    )
    .fetch_one(tx.db())
    .await?;
    let items = sqlx::query_as!(
        Item,
        r#"SELECT e.id, e.nome, e.cnpj AS sub, e.deleted_at AS "deleted_at!",
                  coalesce((SELECT a.actor_nome FROM auditoria a WHERE a.entity = 'empresa' AND a.entity_id = e.id
                            AND a.at >= e.deleted_at AND a.action LIKE 'empresa.exclu%' ORDER BY a.at LIMIT 1), '') AS "deleted_by!"
           FROM empresa e
           WHERE e.deleted_at IS NOT NULL AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))
             AND NOT EXISTS (SELECT FROM empresa_mescla m WHERE m.mesclada_id = e.id AND m.undone_at IS NULL AND m.created_at >= $3)
           ORDER BY e.deleted_at DESC, e.id DESC LIMIT $2"#,
        reach.keys(),
        limit,
        since
    )
    .fetch_all(tx.db())
    .await?;
    Ok(Trashed { items, total })
}

/// Of empresas that are not in the lixeira; `sub` is their nome.
pub(super) async fn contatos(tx: &mut TenantTx, reach: Reach, limit: i64) -> Result<Trashed, Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM contato c JOIN empresa e ON e.id = c.empresa_id AND e.deleted_at IS NULL
           WHERE c.deleted_at IS NOT NULL AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))"#,
        reach.keys()
    )
    .fetch_one(tx.db())
    .await?;
    let items = sqlx::query_as!(
        Item,
        r#"SELECT c.id, c.nome, e.nome AS sub, c.deleted_at AS "deleted_at!",
                  coalesce((SELECT a.actor_nome FROM auditoria a WHERE a.entity = 'empresa' AND a.entity_id = e.id
                            AND a.at >= c.deleted_at AND a.at < c.deleted_at + interval '1 minute' AND a.action = 'contato.excluido' ORDER BY a.at LIMIT 1), '') AS "deleted_by!"
           FROM contato c JOIN empresa e ON e.id = c.empresa_id AND e.deleted_at IS NULL
           WHERE c.deleted_at IS NOT NULL AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))
           ORDER BY c.deleted_at DESC, c.id DESC LIMIT $2"#,
        reach.keys(),
        limit
    )
    .fetch_all(tx.db())
    .await?;
    Ok(Trashed { items, total })
}

/// As [`contatos`].
pub(super) async fn documentos(tx: &mut TenantTx, reach: Reach, limit: i64) -> Result<Trashed, Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM documento d JOIN empresa e ON e.id = d.entity_id AND e.deleted_at IS NULL
           WHERE d.entity = 'empresa' AND d.deleted_at IS NOT NULL AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))"#,
        reach.keys()
    )
    .fetch_one(tx.db())
    .await?;
    let items = sqlx::query_as!(
        Item,
        r#"SELECT d.id, d.nome, e.nome AS sub, d.deleted_at AS "deleted_at!",
                  coalesce((SELECT a.actor_nome FROM auditoria a WHERE a.entity = 'empresa' AND a.entity_id = e.id
                            AND a.at >= d.deleted_at AND a.at < d.deleted_at + interval '1 minute' AND a.action = 'documento.excluido' ORDER BY a.at LIMIT 1), '') AS "deleted_by!"
           FROM documento d JOIN empresa e ON e.id = d.entity_id AND e.deleted_at IS NULL
           WHERE d.entity = 'empresa' AND d.deleted_at IS NOT NULL AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))
           ORDER BY d.deleted_at DESC, d.id DESC LIMIT $2"#,
        reach.keys(),
        limit
    )
    .fetch_all(tx.db())
    .await?;
    Ok(Trashed { items, total })
}

pub(super) async fn empresa_of_contato(tx: &mut TenantTx, id: Uuid) -> Result<Option<EmpresaId>, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT empresa_id AS "id: EmpresaId" FROM contato WHERE id = $1 AND deleted_at IS NOT NULL"#, id)
        .fetch_optional(tx.db())
        .await?)
}

pub(super) async fn empresa_of_documento(tx: &mut TenantTx, id: Uuid) -> Result<Option<EmpresaId>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT entity_id AS "id: EmpresaId" FROM documento WHERE id = $1 AND entity = 'empresa' AND deleted_at IS NOT NULL"#,
        id
    )
    .fetch_optional(tx.db())
    .await?)
}
