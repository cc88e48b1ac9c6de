//! What an import notes so that it can be undone, and the undo itself: a few statements for any number of empresas.

use chrono::{DateTime, Utc};
use kernel::{Actor, Fault, PageRequest};
use tenancy::TenantTx;
use uuid::Uuid;

use super::json;
use crate::{
    empresa::{Empresa, EmpresaId, sql::empresas},
    importacao::{Desfeita, ImportacaoId, Kept, Reason},
    segmento::{Segmento, SegmentoId},
};

/// Keeps what the empresas of these CNPJs say, before they are updated.
pub(super) async fn note(tx: &mut TenantTx, id: ImportacaoId, cnpjs: &[String]) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO importacao_mudanca (importacao_id, empresa_id, created, version_before, version_after, before)
         SELECT $1, e.id, false, e.version, e.version + 1, jsonb_strip_nulls(to_jsonb(said))
         FROM empresa e
         LEFT JOIN segmento s ON s.id = e.segmento_id
         CROSS JOIN LATERAL (
             SELECT e.nome, e.nome_fantasia, e.inscricao_estadual, e.cnae, e.segmento_id, s.nome AS segmento, e.porte, e.situacao,
                    e.email, e.telefone, e.site, e.cep, e.logradouro, e.numero, e.complemento, e.bairro, e.municipio_id, e.cidade, e.uf,
                    e.contato_nome, e.contato_cargo, e.responsavel_id, e.responsavel_nome, e.data_fundacao, e.faturamento,
                    e.funcionarios, e.observacoes
         ) AS said
         WHERE e.cnpj = ANY($2) AND e.deleted_at IS NULL",
        id.uuid(),
        cnpjs
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Importações that ended before `instant` can no longer be undone; what they changed is forgotten.
pub(in crate::importacao) async fn forget_older(tx: &mut TenantTx, instant: DateTime<Utc>) -> Result<(), Fault> {
    // One that is just being undone is not waited for: it holds its row while it waits for the register.
    let old = sqlx::query_scalar!(
        "UPDATE importacao SET segmentos = NULL WHERE id IN (
             SELECT id FROM importacao WHERE state = 'concluida' AND segmentos IS NOT NULL AND finished_at < $1
             FOR UPDATE SKIP LOCKED
         ) RETURNING id",
        instant
    )
    .fetch_all(tx.db())
    .await?;
    if !old.is_empty() {
        sqlx::query!("DELETE FROM importacao_mudanca WHERE importacao_id = ANY($1)", &old).execute(tx.db()).await?;
    }
    Ok(())
}

/// Nobody else writes an empresa, or hangs a contato on one, before this transaction ends. More than an import takes: those
/// who only lock a row are kept out as well.
pub(in crate::importacao) async fn hold_register(tx: &mut TenantTx) -> Result<(), Fault> {
    sqlx::query!("LOCK TABLE empresa IN EXCLUSIVE MODE").execute(tx.db()).await?;
    Ok(())
}

/// Begins with `fate`: every empresa that the importação `$1` wrote, with the reason for which an undo leaves it as it is.
/// One that was updated may have got contatos since: they stay with it. One that was created would take them to the lixeira.
macro_rules! fates {
    ($tail:literal, $($arg:expr),+) => {
        sqlx::query!(
            r#"WITH fate AS (
                   SELECT e.id, e.nome, e.cnpj, e.ordem, e.version, e.deleted_at, true AS created,
                          CASE WHEN e.deleted_at IS NOT NULL THEN 'excluida'
                               WHEN e.version <> coalesce(m.version_after, 1) THEN 'alterada'
                               WHEN EXISTS (SELECT FROM contato c WHERE c.empresa_id = e.id AND c.deleted_at IS NULL)
                                 OR EXISTS (SELECT FROM documento d
                                            WHERE d.entity = 'empresa' AND d.entity_id = e.id AND d.deleted_at IS NULL)
                               THEN 'usada' END AS reason
                   FROM empresa e
                   LEFT JOIN importacao_mudanca m ON m.importacao_id = $1 AND m.empresa_id = e.id
                   WHERE e.importacao_id = $1
                   UNION ALL
                   SELECT e.id, e.nome, e.cnpj, e.ordem, e.version, e.deleted_at, false,
                          CASE WHEN e.deleted_at IS NOT NULL THEN 'excluida'
                               WHEN e.version <> m.version_after THEN 'alterada' END
                   FROM importacao_mudanca m
                   JOIN empresa e ON e.id = m.empresa_id
                   WHERE m.importacao_id = $1 AND NOT m.created
               ) "# + $tail,
            $($arg),+
        )
    };
}

/// What an undo would do now; its segmentos are not looked at.
pub(in crate::importacao) async fn foresee(tx: &mut TenantTx, id: ImportacaoId) -> Result<Desfeita, Fault> {
    let row = fates!(
        r#"SELECT count(*) FILTER (WHERE reason IS NULL AND created) AS "removed!",
                  count(*) FILTER (WHERE reason IS NULL AND NOT created) AS "reverted!",
                  count(reason) AS "kept!"
           FROM fate"#,
        id.uuid()
    )
    .fetch_one(tx.db())
    .await?;
    let count = |n: i64| u64::try_from(n).unwrap_or_default();
    Ok(Desfeita { removed: count(row.removed), reverted: count(row.reverted), kept: count(row.kept), segmentos: Vec::new() })
}

/// A page of those that an undo would leave as they are, by name.
pub(in crate::importacao) async fn would_keep(
    tx: &mut TenantTx,
    id: ImportacaoId,
    page: PageRequest,
) -> Result<Vec<Kept>, Fault> {
    let rows = fates!(
        r#"SELECT id AS "id!: EmpresaId", nome AS "nome!", cnpj AS "cnpj!", deleted_at, reason AS "reason!"
           FROM fate WHERE reason IS NOT NULL ORDER BY ordem, id LIMIT $2 OFFSET $3"#,
        id.uuid(),
        page.limit(),
        page.offset()
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter().map(|row| kept(row.id, row.nome, &row.cnpj, row.deleted_at, &row.reason)).collect()
}

/// A page of those that the undo left as they were, by name.
pub(in crate::importacao) async fn was_kept(tx: &mut TenantTx, id: ImportacaoId, page: PageRequest) -> Result<Vec<Kept>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT e.id AS "id: EmpresaId", e.nome, e.cnpj, e.deleted_at, m.reason AS "reason!"
           FROM importacao_mudanca m JOIN empresa e ON e.id = m.empresa_id
           WHERE m.importacao_id = $1 AND m.reason IS NOT NULL ORDER BY e.ordem, e.id LIMIT $2 OFFSET $3"#,
        id.uuid(),
        page.limit(),
        page.offset()
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter().map(|row| kept(row.id, row.nome, &row.cnpj, row.deleted_at, &row.reason)).collect()
}

fn kept(id: EmpresaId, nome: String, cnpj: &str, deleted_at: Option<DateTime<Utc>>, reason: &str) -> Result<Kept, Fault> {
    let broken = || Fault::because("a stored change of an importação is not readable");
    Ok(Kept {
        id,
        nome,
        cnpj: cnpj.parse().map_err(|_| broken())?,
        in_lixeira: deleted_at.is_some(),
        reason: Reason::from_code(reason).ok_or_else(broken)?,
    })
}

/// Marks those that the undo leaves as they are. Answers how many there are.
pub(in crate::importacao) async fn keep(tx: &mut TenantTx, id: ImportacaoId) -> Result<u64, Fault> {
    let done = fates!(
        "INSERT INTO importacao_mudanca (importacao_id, empresa_id, created, version_after, reason)
         SELECT $1, id, created, version, reason FROM fate WHERE reason IS NOT NULL
         ON CONFLICT ON CONSTRAINT importacao_mudanca_pkey DO UPDATE SET reason = excluded.reason",
        id.uuid()
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

/// Those that were updated and go back to what they were.
pub(in crate::importacao) async fn to_revert(tx: &mut TenantTx, id: ImportacaoId) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "SELECT empresa_id FROM importacao_mudanca WHERE importacao_id = $1 AND NOT created AND reason IS NULL ORDER BY empresa_id",
        id.uuid()
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Names of segmentos that were on the list then, are the former ones of empresas that go back, and are gone now.
pub(in crate::importacao) async fn lost_segmentos(tx: &mut TenantTx, id: ImportacaoId) -> Result<Vec<String>, Fault> {
    let nomes = sqlx::query_scalar!(
        r#"SELECT DISTINCT m.before->>'segmento' AS "nome!" FROM importacao_mudanca m
           WHERE m.importacao_id = $1 AND NOT m.created AND m.reason IS NULL AND m.before->>'segmento' IS NOT NULL
             AND NOT EXISTS (SELECT FROM segmento s WHERE s.id = (m.before->>'segmento_id')::uuid)"#,
        id.uuid()
    );
    Ok(nomes.fetch_all(tx.db()).await?)
}

/// Whole records.
pub(in crate::importacao) async fn empresas_of(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Empresa>, Fault> {
    let found = empresas!("WHERE e.id = ANY($1) ", "ORDER BY e.id LIMIT $2", ids, i64::try_from(ids.len()).unwrap_or(i64::MAX));
    found.fetch_all(tx.db()).await?.into_iter().map(Empresa::try_from).collect()
}

/// Gives `ids` back what they said before the importação: in a new version, so that whoever has one open is told.
pub(in crate::importacao) async fn revert(tx: &mut TenantTx, id: ImportacaoId, ids: &[Uuid]) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE empresa e
         SET nome = b.nome, nome_fantasia = b.nome_fantasia, inscricao_estadual = b.inscricao_estadual, cnae = b.cnae,
             segmento_id = coalesce((SELECT s.id FROM segmento s WHERE s.id = b.segmento_id),
                                    (SELECT s.id FROM segmento s WHERE s.busca = ext.sem_acento(b.segmento))),
             porte = b.porte, situacao = b.situacao, email = b.email, telefone = b.telefone, site = b.site, cep = b.cep,
             logradouro = b.logradouro, numero = b.numero, complemento = b.complemento, bairro = b.bairro, municipio_id = b.municipio_id, cidade = b.cidade,
             uf = b.uf, contato_nome = b.contato_nome, contato_cargo = b.contato_cargo, responsavel_id = b.responsavel_id,
             responsavel_nome = b.responsavel_nome, data_fundacao = b.data_fundacao, faturamento = b.faturamento,
             funcionarios = b.funcionarios, observacoes = b.observacoes, version = e.version + 1, updated_at = $3
         FROM importacao_mudanca m
         CROSS JOIN LATERAL jsonb_to_record(m.before) AS b (
             nome text, nome_fantasia text, inscricao_estadual text, cnae text, segmento_id uuid, segmento text, porte text,
             situacao text, email text, telefone text, site text, cep text, logradouro text, numero text, complemento text, bairro text,
             municipio_id integer, cidade text, uf text, contato_nome text, contato_cargo text, responsavel_id uuid,
             responsavel_nome text, data_fundacao date, faturamento numeric, funcionarios integer, observacoes text)
         WHERE m.importacao_id = $1 AND m.empresa_id = ANY($2) AND e.id = m.empresa_id",
        id.uuid(),
        ids,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What went back is again as an earlier importação left it, if it was so before this one: then that one can be undone next.
pub(in crate::importacao) async fn relink(tx: &mut TenantTx, id: ImportacaoId, ids: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE importacao_mudanca earlier SET version_after = e.version
         FROM importacao_mudanca m JOIN empresa e ON e.id = m.empresa_id
         WHERE m.importacao_id = $1 AND m.empresa_id = ANY($2)
           AND earlier.empresa_id = m.empresa_id AND earlier.importacao_id <> $1 AND earlier.version_after = m.version_before
           AND earlier.reason IS NULL",
        id.uuid(),
        ids
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "INSERT INTO importacao_mudanca (importacao_id, empresa_id, created, version_after)
         SELECT e.importacao_id, e.id, true, e.version
         FROM importacao_mudanca m JOIN empresa e ON e.id = m.empresa_id
         WHERE m.importacao_id = $1 AND m.empresa_id = ANY($2) AND m.version_before = 1 AND e.importacao_id IS NOT NULL
         ON CONFLICT ON CONSTRAINT importacao_mudanca_pkey DO NOTHING",
        id.uuid(),
        ids
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Puts what was created and is not kept into the lixeira. Answers their ids.
pub(in crate::importacao) async fn trash(tx: &mut TenantTx, id: ImportacaoId) -> Result<Vec<Uuid>, Fault> {
    let now = tx.clock().now();
    let ids = sqlx::query_scalar!(
        "UPDATE empresa e SET deleted_at = $2, version = e.version + 1, updated_at = $2
         WHERE e.importacao_id = $1 AND e.deleted_at IS NULL AND NOT EXISTS (
             SELECT FROM importacao_mudanca m WHERE m.importacao_id = $1 AND m.empresa_id = e.id AND m.reason IS NOT NULL)
         RETURNING e.id",
        id.uuid(),
        now
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// What went back needs no memory of it any more.
pub(in crate::importacao) async fn forget(tx: &mut TenantTx, id: ImportacaoId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM importacao_mudanca WHERE importacao_id = $1 AND reason IS NULL", id.uuid())
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Takes the segmentos `made` by the importação, still called `nomes`, off the list if nobody has them but what the undo has
/// just put into the lixeira: that keeps the name instead ([`take_segmento`]). One that somebody is renaming or merging at
/// this moment is left alone: waiting for them could be waiting for each other.
pub(in crate::importacao) async fn drop_segmentos(
    tx: &mut TenantTx,
    id: ImportacaoId,
    made: &[Uuid],
    nomes: &[String],
) -> Result<Vec<Segmento>, Fault> {
    let unused = sqlx::query_as!(
        Segmento,
        r#"SELECT s.id AS "id: SegmentoId", s.nome, s.cnaes FROM segmento s
           WHERE s.id = ANY($2) AND s.nome = ANY($3) AND NOT EXISTS (
               SELECT FROM empresa e WHERE e.segmento_id = s.id AND (
                   e.importacao_id IS DISTINCT FROM $1 OR e.deleted_at IS NULL OR EXISTS (
                       SELECT FROM importacao_mudanca m
                       WHERE m.importacao_id = $1 AND m.empresa_id = e.id AND m.reason IS NOT NULL)))
           ORDER BY s.busca FOR UPDATE OF s SKIP LOCKED"#,
        id.uuid(),
        made,
        nomes
    )
    .fetch_all(tx.db())
    .await?;
    let ids: Vec<Uuid> = unused.iter().map(|segmento| segmento.id.uuid()).collect();
    sqlx::query!(
        "INSERT INTO importacao_mudanca (importacao_id, empresa_id, created, version_after, before)
         SELECT $1, e.id, true, e.version, jsonb_build_object('segmento', s.nome)
         FROM empresa e JOIN segmento s ON s.id = e.segmento_id WHERE s.id = ANY($2)",
        id.uuid(),
        &ids
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("UPDATE empresa SET segmento_id = NULL WHERE segmento_id = ANY($1)", &ids).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM segmento WHERE id = ANY($1)", &ids).execute(tx.db()).await?;
    Ok(unused)
}

/// The segmento that left the list when the importação of an empresa was undone, once.
pub(crate) async fn take_segmento(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<String>, Fault> {
    let nome = sqlx::query_scalar!(
        r#"DELETE FROM importacao_mudanca m USING empresa e
           WHERE e.id = $1 AND m.empresa_id = e.id AND m.importacao_id = e.importacao_id AND m.created AND m.reason IS NULL
             AND m.before->>'segmento' IS NOT NULL AND e.segmento_id IS NULL
           RETURNING m.before->>'segmento' AS "nome!""#,
        id.uuid()
    );
    Ok(nome.fetch_optional(tx.db()).await?)
}

pub(in crate::importacao) async fn finish(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    done: &Desfeita,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE importacao SET state = 'desfeita', undone_at = $2, undone_actor_id = $3, undone_actor_nome = $4, undone_counts = $5,
                version = version + 1
         WHERE id = $1",
        id.uuid(),
        now,
        actor.id,
        actor.nome,
        json(done)?
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
