//! What an importação updated, as it was and as it is now: both sides of what stands in each empresa's own trail.

use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{
    empresa::{Empresa, sql::Linha},
    importacao::ImportacaoId,
};

/// Those that the importação updated.
pub(in crate::importacao) async fn updated(tx: &mut TenantTx, id: ImportacaoId) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "SELECT empresa_id FROM importacao_mudanca WHERE importacao_id = $1 AND NOT created AND before IS NOT NULL ORDER BY empresa_id",
        id.uuid()
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// `ids` as they were before the importação.
pub(in crate::importacao) async fn before(tx: &mut TenantTx, id: ImportacaoId, ids: &[Uuid]) -> Result<Vec<Empresa>, Fault> {
    let found = sqlx::query_as!(
        Linha,
        r#"SELECT e.id AS "id: crate::empresa::EmpresaId", b.nome AS "nome!", b.nome_fantasia, e.cnpj, b.inscricao_estadual, b.cnae,
                  b.segmento_id AS "segmento_id: crate::segmento::SegmentoId", b.segmento AS "segmento_nome?", b.porte,
                  b.situacao AS "situacao!", b.email, b.telefone, b.site, b.cep, b.logradouro, b.numero, b.bairro, b.municipio_id,
                  b.cidade, b.uf, b.contato_nome, b.contato_cargo, b.responsavel_id, u.nome AS "usuario_nome?", b.responsavel_nome,
                  b.data_fundacao, b.faturamento, b.funcionarios, b.observacoes, e.data_cadastro, e.version, e.created_at,
                  e.updated_at, e.deleted_at, e.ordem AS "ordem!"
           FROM importacao_mudanca m
           JOIN empresa e ON e.id = m.empresa_id
           CROSS JOIN LATERAL jsonb_to_record(m.before) AS b (
               nome text, nome_fantasia text, inscricao_estadual text, cnae text, segmento_id uuid, segmento text, porte text,
               situacao text, email text, telefone text, site text, cep text, logradouro text, numero text, bairro text,
               municipio_id integer, cidade text, uf text, contato_nome text, contato_cargo text, responsavel_id uuid,
               responsavel_nome text, data_fundacao date, faturamento numeric, funcionarios integer, observacoes text)
           LEFT JOIN usuario u ON u.id = b.responsavel_id
           WHERE m.importacao_id = $1 AND m.empresa_id = ANY($2)"#,
        id.uuid(),
        ids
    );
    found.fetch_all(tx.db()).await?.into_iter().map(Empresa::try_from).collect()
}
