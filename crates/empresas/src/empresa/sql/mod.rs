//! All SQL on the table `empresa`: one row in and out here, lists in [`lista`], many at once in [`lote`].

mod gravar;
mod linha;
pub(super) mod lista;
pub(super) mod lote;

pub(super) use gravar::{insert, restore, set_segmento, trash, update};
use kernel::Fault;
use tenancy::TenantTx;

pub(crate) use linha::Linha;

use super::{Empresa, EmpresaId, Pessoa, Reach};

/// Every whole record is read by this one column list; the macro completes it to a statement that the compiler checks
/// (decision 0011).
macro_rules! empresas {
    ($where:literal, $tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            crate::empresa::sql::Linha,
            r#"SELECT e.id AS "id: crate::empresa::EmpresaId", e.nome, e.nome_fantasia, e.cnpj, e.inscricao_estadual, e.cnae,
                      e.segmento_id AS "segmento_id: crate::segmento::SegmentoId", s.nome AS "segmento_nome?", e.porte, e.situacao,
                      e.email, e.telefone, e.site, e.cep, e.logradouro, e.numero, e.bairro, e.municipio_id, e.cidade, e.uf,
                      e.contato_nome, e.contato_cargo, e.responsavel_id, u.nome AS "usuario_nome?", e.responsavel_nome,
                      e.data_fundacao, e.faturamento, e.funcionarios, e.observacoes, e.data_cadastro, e.version, e.created_at,
                      e.updated_at, e.deleted_at, e.ordem AS "ordem!"
               FROM empresa e
               LEFT JOIN segmento s ON s.id = e.segmento_id
               LEFT JOIN usuario u ON u.id = e.responsavel_id "# + $where + $tail
            $(, $arg)*
        )
    };
}
pub(crate) use empresas;

/// One that is not in the lixeira.
pub(super) async fn find(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NULL AND ($2::uuid IS NULL OR e.responsavel_id = $2)",
        "",
        id.uuid(),
        reach.responsavel()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

/// Whether there is one that is not in the lixeira, within `reach`.
pub(crate) async fn exists(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM empresa WHERE id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR responsavel_id = $2)
           ) AS "found!""#,
        id.uuid(),
        reach.responsavel()
    );
    Ok(found.fetch_one(tx.db()).await?)
}

/// What it is called, for a heading of a page whose access is checked.
pub(crate) async fn nome(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!("SELECT nome FROM empresa WHERE id = $1", id.uuid()).fetch_optional(tx.db()).await?)
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(crate) async fn lock(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NULL AND ($2::uuid IS NULL OR e.responsavel_id = $2) ",
        "FOR UPDATE OF e",
        id.uuid(),
        reach.responsavel()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

pub(super) async fn lock_trashed(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NOT NULL AND ($2::uuid IS NULL OR e.responsavel_id = $2) ",
        "FOR UPDATE OF e",
        id.uuid(),
        reach.responsavel()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

pub(super) async fn find_trashed(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NOT NULL AND ($2::uuid IS NULL OR e.responsavel_id = $2)",
        "",
        id.uuid(),
        reach.responsavel()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

/// Active usuarios by name: who may be responsável.
pub(super) async fn pessoas(tx: &mut TenantTx) -> Result<Vec<Pessoa>, Fault> {
    Ok(sqlx::query_as!(Pessoa, "SELECT id, nome FROM usuario WHERE ativo ORDER BY nome, id").fetch_all(tx.db()).await?)
}

/// A row of the audit trail about one empresa.
#[derive(Debug)]
pub(super) struct Moment {
    pub at: chrono::DateTime<chrono::Utc>,
    pub actor_nome: String,
    pub action: String,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// What happened to an empresa, the latest first.
pub(super) async fn history(tx: &mut TenantTx, id: EmpresaId, limit: i64) -> Result<Vec<Moment>, Fault> {
    let facts = sqlx::query_as!(
        Moment,
        "SELECT at, actor_nome, action, before, after FROM auditoria WHERE entity = 'empresa' AND entity_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        id.uuid(),
        limit
    );
    Ok(facts.fetch_all(tx.db()).await?)
}

/// The spreadsheet an empresa came with: its file name and who imported it.
pub(super) async fn origin(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<(String, String)>, Fault> {
    let row = sqlx::query!(
        "SELECT i.file_name, i.actor_nome FROM empresa e JOIN importacao i ON i.id = e.importacao_id WHERE e.id = $1",
        id.uuid()
    );
    Ok(row.fetch_optional(tx.db()).await?.map(|row| (row.file_name, row.actor_nome)))
}
