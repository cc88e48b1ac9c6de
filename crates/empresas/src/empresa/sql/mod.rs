//! All SQL on the table `empresa`: one row in and out here, lists in [`lista`], many at once in [`lote`], its history in
//! [`timeline`].

mod gravar;
mod linha;
pub(super) mod lista;
pub(super) mod lote;
pub(super) mod timeline;

pub(super) use gravar::{Written, insert, restore, set_segmento, trash, update};
use std::collections::HashMap;

use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

pub(crate) use linha::Linha;

use super::{Empresa, EmpresaId, Pessoa, Reach};
use crate::{
    etiqueta::{Etiqueta, EtiquetaId},
    segmento::{Segmento, SegmentoId},
};

/// Every whole record is read by this one column list; the macro completes it to a statement that the compiler checks
/// (decision 0011).
macro_rules! empresas {
    ($where:literal, $tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            crate::empresa::sql::Linha,
            r#"SELECT e.id AS "id: crate::empresa::EmpresaId", e.nome, e.nome_fantasia, e.cnpj, e.inscricao_estadual, e.cnae,
                      e.segmento_id AS "segmento_id: crate::segmento::SegmentoId", s.nome AS "segmento_nome?", e.porte, e.situacao,
                      e.email, e.telefone, e.site, e.cep, e.logradouro, e.numero, e.complemento, e.bairro, e.municipio_id, e.cidade, e.uf,
                      e.contato_nome, e.contato_cargo, e.responsavel_id, u.nome AS "usuario_nome?", e.responsavel_nome,
                      e.data_fundacao, e.faturamento, e.funcionarios, e.observacoes, e.data_cadastro, e.version, e.created_at,
                      e.updated_at, e.deleted_at, e.ordem AS "ordem!",
                      ARRAY(SELECT v.usuario_id FROM usuario_empresa v WHERE v.empresa_id = e.id) AS "vinculados!"
               FROM empresa e
               LEFT JOIN segmento s ON s.id = e.segmento_id
               LEFT JOIN usuario u ON u.id = e.responsavel_id "# + $where + $tail
            $(, $arg)*
        )
    };
}
pub(crate) use empresas;

/// One that is not in the lixeira.
pub async fn find(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))",
        "",
        id.uuid(),
        reach.keys()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

/// Whether there is one that is not in the lixeira, within `reach`.
pub async fn exists(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM empresa WHERE id = $1 AND deleted_at IS NULL AND ($2::uuid[] IS NULL OR responsavel_id = $2[1] OR id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
           ) AS "found!""#,
        id.uuid(),
        reach.keys()
    );
    Ok(found.fetch_one(tx.db()).await?)
}

/// What it is called, for a heading of a page whose access is checked.
pub async fn nome(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!("SELECT nome FROM empresa WHERE id = $1", id.uuid()).fetch_optional(tx.db()).await?)
}

/// Those a LIKE pattern over the folded text of the register finds, at most so many, for the searches of what hangs on
/// them; whose they are, those searches see to.
pub async fn of_word(tx: &mut TenantTx, pattern: &str, at_most: i64) -> Result<Vec<Uuid>, Fault> {
    Ok(sqlx::query_scalar!("SELECT id FROM empresa WHERE deleted_at IS NULL AND busca LIKE $1 LIMIT $2", pattern, at_most)
        .fetch_all(tx.db())
        .await?)
}

/// Another version of it, for what belongs to it and lies in other tables.
pub(crate) async fn touch(tx: &mut TenantTx, id: EmpresaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE empresa SET version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// As [`exists`], and it goes nowhere before this transaction ends: what is hung on it now is on it when it is merged.
pub async fn hold(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<bool, Fault> {
    let found = sqlx::query!(
        "SELECT id FROM empresa WHERE id = $1 AND deleted_at IS NULL AND ($2::uuid[] IS NULL OR responsavel_id = $2[1] OR id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) FOR KEY SHARE",
        id.uuid(),
        reach.keys()
    );
    Ok(found.fetch_optional(tx.db()).await?.is_some())
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(crate) async fn lock(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) ",
        "FOR UPDATE OF e",
        id.uuid(),
        reach.keys()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

pub(super) async fn lock_trashed(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NOT NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) ",
        "FOR UPDATE OF e",
        id.uuid(),
        reach.keys()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

pub(super) async fn find_trashed(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND e.deleted_at IS NOT NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))",
        "",
        id.uuid(),
        reach.keys()
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

/// Name of a usuario who is active: somebody who may be responsável.
pub(super) async fn pessoa(tx: &mut TenantTx, id: Uuid) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!("SELECT nome FROM usuario WHERE id = $1 AND ativo AND kind = 'pessoa'", id)
        .fetch_optional(tx.db())
        .await?)
}

/// The unidade's short lists, each by name.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub segmentos: Vec<Segmento>,
    pub etiquetas: Vec<Etiqueta>,
    /// Active usuarios: who may be responsável.
    pub pessoas: Vec<Pessoa>,
    /// Names of the usuarios who are no longer active.
    pub former: HashMap<Uuid, String>,
}

/// All of them with one statement: every page of the module begins with them.
pub(super) async fn lists(tx: &mut TenantTx) -> Result<Lists, Fault> {
    let rows = sqlx::query!(
        r#"SELECT 0 AS "kind!", id AS "id!", nome AS "nome!", busca AS "busca!", cnaes, NULL AS cor FROM segmento
           UNION ALL SELECT 1, id, nome, busca, NULL, cor FROM etiqueta
           UNION ALL SELECT CASE WHEN ativo AND kind = 'pessoa' THEN 2 ELSE 3 END, id, nome, ext.sem_acento(nome), NULL, NULL FROM usuario
           ORDER BY 1, 4, 2"#
    )
    .fetch_all(tx.db())
    .await?;
    let mut lists = Lists::default();
    for row in rows {
        let (id, nome) = (row.id, row.nome);
        match row.kind {
            0 => lists.segmentos.push(Segmento { id: SegmentoId::new(id), nome, cnaes: row.cnaes.unwrap_or_default() }),
            1 => lists.etiquetas.push(Etiqueta { id: EtiquetaId::new(id), nome, cor: row.cor.unwrap_or_default() }),
            2 => lists.pessoas.push(Pessoa { id, nome }),
            _ => drop(lists.former.insert(id, nome)),
        }
    }
    Ok(lists)
}

/// How many contatos and documentos an empresa has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub contatos: i64,
    pub documentos: i64,
}

pub(crate) async fn counts(tx: &mut TenantTx, id: EmpresaId) -> Result<Counts, Fault> {
    let counts = sqlx::query_as!(
        Counts,
        r#"SELECT (SELECT count(*) FROM contato WHERE empresa_id = $1 AND deleted_at IS NULL) AS "contatos!",
                  (SELECT count(*) FROM documento WHERE entity = 'empresa' AND entity_id = $1 AND deleted_at IS NULL) AS "documentos!""#,
        id.uuid()
    );
    Ok(counts.fetch_one(tx.db()).await?)
}

/// Where the município of an empresa lies: latitude and longitude of its seat.
pub(super) async fn position(tx: &mut TenantTx, municipio: i32) -> Result<Option<(f64, f64)>, Fault> {
    let row = sqlx::query!("SELECT latitude, longitude FROM ref.municipio WHERE codigo = $1", municipio)
        .fetch_optional(tx.db())
        .await?;
    Ok(row.and_then(|row| row.latitude.zip(row.longitude)))
}

/// Whether anything is registered.
pub(crate) async fn any(tx: &mut TenantTx) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM empresa WHERE deleted_at IS NULL) AS "any!""#)
        .fetch_one(tx.db())
        .await?)
}

pub(crate) async fn any_with_responsavel(tx: &mut TenantTx) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM empresa WHERE deleted_at IS NULL AND responsavel_id IS NOT NULL) AS "any!""#
    )
    .fetch_one(tx.db())
    .await?)
}

pub(crate) async fn any_with_segmento(tx: &mut TenantTx) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM empresa WHERE deleted_at IS NULL AND segmento_id IS NOT NULL) AS "any!""#
    )
    .fetch_one(tx.db())
    .await?)
}
