use chrono::{DateTime, Utc};
use files::{ArquivoId, FileKind, FileName};
use kernel::{Actor, Fault};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Documento, DocumentoId, Dono, Pasta, Versao};
use crate::arquivo::Arquivo;

/// Every documento with its newest versão is read by this one column list.
macro_rules! documentos {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Linha,
            r#"SELECT d.id AS "id: DocumentoId", d.pasta, d.nome, d.version, d.created_at, d.updated_at, d.deleted_at, v.number,
                      v.nome AS sent_nome, v.actor_nome, v.created_at AS sent_at, a.id AS "arquivo_id: ArquivoId", a.kind, a.bytes,
                      a.hash, a.miniatura
               FROM documento d
               JOIN documento_versao v ON v.documento_id = d.id AND v.number = d.versao
               JOIN arquivo a ON a.id = v.arquivo_id "# + $tail
            $(, $arg)*
        )
    };
}

struct Linha {
    id: DocumentoId,
    pasta: String,
    nome: String,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
    number: i32,
    sent_nome: String,
    actor_nome: String,
    sent_at: DateTime<Utc>,
    arquivo_id: ArquivoId,
    kind: String,
    bytes: i64,
    hash: Vec<u8>,
    miniatura: bool,
}

impl TryFrom<Linha> for Documento {
    type Error = Fault;

    fn try_from(linha: Linha) -> Result<Self, Fault> {
        Ok(Self {
            id: linha.id,
            pasta: linha.pasta.parse().map_err(|e| Fault::new("pasta of a documento", e))?,
            nome: name(&linha.nome)?,
            versao: Versao {
                number: linha.number,
                arquivo: linha.arquivo_id,
                kind: kind(&linha.kind)?,
                bytes: linha.bytes,
                sha256: linha.hash,
                miniatura: linha.miniatura,
                nome: name(&linha.sent_nome)?,
                actor_nome: linha.actor_nome,
                created_at: linha.sent_at,
            },
            version: linha.version,
            created_at: linha.created_at,
            updated_at: linha.updated_at,
            deleted_at: linha.deleted_at,
        })
    }
}

fn name(text: &str) -> Result<FileName, Fault> {
    FileName::clean(text).map_err(|e| Fault::new("name of a documento", e))
}

fn kind(code: &str) -> Result<FileKind, Fault> {
    FileKind::by_code(code).ok_or_else(|| Fault::because("the table knows a kind of file that the program does not"))
}

pub(super) async fn find(tx: &mut TenantTx, dono: Dono, id: DocumentoId) -> Result<Option<Documento>, Fault> {
    let linha = documentos!(
        "WHERE d.id = $1 AND d.entity = $2 AND d.entity_id = $3 AND d.deleted_at IS NULL",
        id.uuid(),
        dono.entity,
        dono.id
    );
    linha.fetch_optional(tx.db()).await?.map(Documento::try_from).transpose()
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, dono: Dono, id: DocumentoId) -> Result<Option<Documento>, Fault> {
    hold(tx, id).await?;
    find(tx, dono, id).await
}

/// A statement of its own: the one that reads must see the versão that whoever held the row before has made.
async fn hold(tx: &mut TenantTx, id: DocumentoId) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM documento WHERE id = $1 FOR UPDATE", id.uuid()).fetch_optional(tx.db()).await?;
    Ok(())
}

pub(super) async fn lock_trashed(tx: &mut TenantTx, dono: Dono, id: DocumentoId) -> Result<Option<Documento>, Fault> {
    hold(tx, id).await?;
    let linha = documentos!(
        "WHERE d.id = $1 AND d.entity = $2 AND d.entity_id = $3 AND d.deleted_at IS NOT NULL",
        id.uuid(),
        dono.entity,
        dono.id
    );
    linha.fetch_optional(tx.db()).await?.map(Documento::try_from).transpose()
}

pub(super) async fn list(tx: &mut TenantTx, dono: Dono) -> Result<Vec<Documento>, Fault> {
    let linhas = documentos!(
        "WHERE d.entity = $1 AND d.entity_id = $2 AND d.deleted_at IS NULL
         ORDER BY ext.sem_acento(d.pasta), ext.sem_acento(d.nome), d.id",
        dono.entity,
        dono.id
    );
    linhas.fetch_all(tx.db()).await?.into_iter().map(Documento::try_from).collect()
}

/// As [`list`], after the one at which a part of it ended (pasta, name, id), and how many there are in all.
pub(super) async fn list_after(
    tx: &mut TenantTx,
    dono: Dono,
    after: Option<&(String, String, Uuid)>,
    limit: i64,
) -> Result<(Vec<Documento>, i64), Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM documento WHERE entity = $1 AND entity_id = $2 AND deleted_at IS NULL"#,
        dono.entity,
        dono.id
    )
    .fetch_one(tx.db())
    .await?;
    let linhas = documentos!(
        "WHERE d.entity = $1 AND d.entity_id = $2 AND d.deleted_at IS NULL
           AND ($5::uuid IS NULL
                OR (ext.sem_acento(d.pasta), ext.sem_acento(d.nome), d.id) > (ext.sem_acento($3::text), ext.sem_acento($4::text), $5))
         ORDER BY ext.sem_acento(d.pasta), ext.sem_acento(d.nome), d.id LIMIT $6",
        dono.entity,
        dono.id,
        after.map(|after| after.0.as_str()),
        after.map(|after| after.1.as_str()),
        after.map(|after| after.2),
        limit
    );
    let found = linhas.fetch_all(tx.db()).await?.into_iter().map(Documento::try_from).collect::<Result<_, _>>()?;
    Ok((found, total))
}

pub(super) async fn trashed(tx: &mut TenantTx, dono: Dono) -> Result<Vec<Documento>, Fault> {
    let linhas = documentos!(
        "WHERE d.entity = $1 AND d.entity_id = $2 AND d.deleted_at IS NOT NULL ORDER BY d.deleted_at DESC, d.id",
        dono.entity,
        dono.id
    );
    linhas.fetch_all(tx.db()).await?.into_iter().map(Documento::try_from).collect()
}

pub(super) async fn versoes(tx: &mut TenantTx, id: DocumentoId) -> Result<Vec<Versao>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT v.number, v.nome, v.actor_nome, v.created_at, a.id AS "arquivo_id: ArquivoId", a.kind, a.bytes, a.hash, a.miniatura
           FROM documento_versao v JOIN arquivo a ON a.id = v.arquivo_id
           WHERE v.documento_id = $1 ORDER BY v.number DESC"#,
        id.uuid()
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Versao {
                number: row.number,
                arquivo: row.arquivo_id,
                kind: kind(&row.kind)?,
                bytes: row.bytes,
                sha256: row.hash,
                miniatura: row.miniatura,
                nome: name(&row.nome)?,
                actor_nome: row.actor_nome,
                created_at: row.created_at,
            })
        })
        .collect()
}

pub(super) async fn insert(tx: &mut TenantTx, id: DocumentoId, dono: Dono, pasta: &Pasta, nome: &FileName) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO documento (id, entity, entity_id, pasta, nome, versao, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 1, $6, $6)",
        id.uuid(),
        dono.entity,
        dono.id,
        pasta.as_str(),
        nome.as_str(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn insert_versao(
    tx: &mut TenantTx,
    actor: &Actor,
    id: DocumentoId,
    number: i32,
    arquivo: &Arquivo,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO documento_versao (documento_id, number, arquivo_id, nome, actor_id, actor_nome, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id.uuid(),
        number,
        arquivo.id.uuid(),
        arquivo.nome.as_str(),
        actor.id,
        actor.nome,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn show_versao(tx: &mut TenantTx, id: DocumentoId, number: i32, nome: &FileName) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE documento SET versao = $2, nome = $3, version = version + 1, updated_at = $4 WHERE id = $1",
        id.uuid(),
        number,
        nome.as_str(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut TenantTx, id: DocumentoId, nome: &FileName, pasta: &Pasta) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE documento SET nome = $2, pasta = $3, version = version + 1, updated_at = $4 WHERE id = $1",
        id.uuid(),
        nome.as_str(),
        pasta.as_str(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn trash(tx: &mut TenantTx, id: DocumentoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE documento SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn restore(tx: &mut TenantTx, id: DocumentoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE documento SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn count(tx: &mut TenantTx, dono: Dono) -> Result<i64, Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM documento WHERE entity = $1 AND entity_id = $2 AND deleted_at IS NULL"#,
        dono.entity,
        dono.id
    );
    Ok(total.fetch_one(tx.db()).await?)
}

pub(super) async fn rehang(tx: &mut TenantTx, from: Dono, to: Dono) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "UPDATE documento SET entity = $3, entity_id = $4 WHERE entity = $1 AND entity_id = $2 RETURNING id",
        from.entity,
        from.id,
        to.entity,
        to.id
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

pub(super) async fn rehang_these(tx: &mut TenantTx, ids: &[Uuid], from: Dono, to: Dono) -> Result<u64, Fault> {
    let done = sqlx::query!(
        "UPDATE documento SET entity = $4, entity_id = $5 WHERE id = ANY($1) AND entity = $2 AND entity_id = $3",
        ids,
        from.entity,
        from.id,
        to.entity,
        to.id
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}

/// A documento whose time in the lixeira is over.
pub(crate) struct Over {
    pub id: Uuid,
    pub entity: String,
    pub entity_id: Uuid,
    pub nome: String,
}

/// Removes rows of documentos that were put into the lixeira before `instant`; their contents are nobody's then.
pub(crate) async fn purge(tx: &mut TenantTx, instant: DateTime<Utc>, limit: i64) -> Result<Vec<Over>, Fault> {
    let over = sqlx::query_as!(
        Over,
        "DELETE FROM documento WHERE id IN (
             SELECT id FROM documento WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2 FOR UPDATE SKIP LOCKED
         ) RETURNING id, entity, entity_id, nome",
        instant,
        limit
    );
    Ok(over.fetch_all(tx.db()).await?)
}
