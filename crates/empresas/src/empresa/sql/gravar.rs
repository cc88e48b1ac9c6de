use kernel::{Cep, Email, Fault, Id, Reais, Telefone, Texto, Uf};
use rust_decimal::Decimal;
use tenancy::TenantTx;

use crate::empresa::{Cadastro, Cnae, EmpresaId, Porte, Responsavel, SegmentoRef, Site, Situacao};

/// The name of the partial unique index over the CNPJs that are not in the lixeira.
const CNPJ_KEY: &str = "empresa_cnpj_key";

/// What became of a row that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::empresa) enum Written {
    Done,
    CnpjTaken,
    /// It was on the list when it was chosen.
    SegmentoGone,
}

/// The reference of an empresa to its segmento.
const SEGMENTO_FKEY: &str = "empresa_segmento_id_fkey";

/// Of a taken CNPJ the transaction goes on; of a segmento that is gone nothing of it can be kept.
pub(in crate::empresa) async fn insert(tx: &mut TenantTx, id: EmpresaId, c: &Cadastro) -> Result<Written, Fault> {
    let now = tx.clock().now();
    let today = now.with_timezone(&tx.unidade().fuso).date_naive();
    let done = sqlx::query!(
        "INSERT INTO empresa
             (id, cnpj, nome, nome_fantasia, inscricao_estadual, cnae, segmento_id, porte, situacao, email, telefone, site, cep,
              logradouro, numero, bairro, municipio_id, cidade, uf, contato_nome, contato_cargo, responsavel_id, responsavel_nome,
              data_fundacao, faturamento, funcionarios, observacoes, data_cadastro, created_at, updated_at, complemento)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
                 $26, $27, $28, $29, $29, $30)
         ON CONFLICT (cnpj) WHERE deleted_at IS NULL DO NOTHING",
        id.uuid(),
        c.cnpj.as_str(),
        c.nome.as_str(),
        c.nome_fantasia.as_ref().map(Texto::as_str),
        c.inscricao_estadual.as_ref().map(Texto::as_str),
        c.cnae.as_ref().map(Cnae::as_str),
        c.segmento.as_ref().and_then(SegmentoRef::id).map(Id::uuid),
        c.porte.map(Porte::code),
        c.situacao.unwrap_or(Situacao::Ativo).code(),
        c.email.as_ref().map(Email::as_str),
        c.telefone.as_ref().map(Telefone::as_str),
        c.site.as_ref().map(Site::as_str),
        c.cep.as_ref().map(Cep::as_str),
        c.logradouro.as_ref().map(Texto::as_str),
        c.numero.as_ref().map(Texto::as_str),
        c.bairro.as_ref().map(Texto::as_str),
        c.municipio.as_ref().map(|v| v.codigo),
        c.municipio.as_ref().map(|v| v.nome.as_ref()),
        c.uf.map(Uf::as_str),
        c.contato_nome.as_ref().map(Texto::as_str),
        c.contato_cargo.as_ref().map(Texto::as_str),
        c.responsavel.as_ref().and_then(Responsavel::id),
        nobody(c),
        c.data_fundacao,
        c.faturamento.map(Reais::decimal) as Option<Decimal>,
        c.funcionarios,
        c.observacoes.as_ref().map(Texto::as_str),
        c.data_cadastro.unwrap_or(today),
        now,
        c.complemento.as_ref().map(Texto::as_str),
    )
    .execute(tx.db())
    .await;
    match done {
        Ok(done) if done.rows_affected() == 0 => Ok(Written::CnpjTaken),
        done => written(done),
    }
}

/// Unless it is [`Written::Done`], nothing of the transaction can be kept.
pub(in crate::empresa) async fn update(tx: &mut TenantTx, id: EmpresaId, version: i32, c: &Cadastro) -> Result<Written, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE empresa
         SET cnpj = $2, nome = $3, nome_fantasia = $4, inscricao_estadual = $5, cnae = $6, segmento_id = $7, porte = $8,
             situacao = coalesce($9, situacao), email = $10, telefone = $11, site = $12, cep = $13, logradouro = $14, numero = $15,
             bairro = $16, municipio_id = $17, cidade = $18, uf = $19, contato_nome = $20, contato_cargo = $21, responsavel_id = $22,
             responsavel_nome = $23, data_fundacao = $24, faturamento = $25, funcionarios = $26, observacoes = $27,
             data_cadastro = coalesce($28, data_cadastro), version = $29, updated_at = $30, complemento = $31,
             -- It was said of another CNPJ.
             situacao_cadastral = CASE WHEN cnpj = $2 THEN situacao_cadastral END,
             data_situacao_cadastral = CASE WHEN cnpj = $2 THEN data_situacao_cadastral END,
             situacao_cadastral_at = CASE WHEN cnpj = $2 THEN situacao_cadastral_at END
         WHERE id = $1",
        id.uuid(),
        c.cnpj.as_str(),
        c.nome.as_str(),
        c.nome_fantasia.as_ref().map(Texto::as_str),
        c.inscricao_estadual.as_ref().map(Texto::as_str),
        c.cnae.as_ref().map(Cnae::as_str),
        c.segmento.as_ref().and_then(SegmentoRef::id).map(Id::uuid),
        c.porte.map(Porte::code),
        c.situacao.map(Situacao::code),
        c.email.as_ref().map(Email::as_str),
        c.telefone.as_ref().map(Telefone::as_str),
        c.site.as_ref().map(Site::as_str),
        c.cep.as_ref().map(Cep::as_str),
        c.logradouro.as_ref().map(Texto::as_str),
        c.numero.as_ref().map(Texto::as_str),
        c.bairro.as_ref().map(Texto::as_str),
        c.municipio.as_ref().map(|v| v.codigo),
        c.municipio.as_ref().map(|v| v.nome.as_ref()),
        c.uf.map(Uf::as_str),
        c.contato_nome.as_ref().map(Texto::as_str),
        c.contato_cargo.as_ref().map(Texto::as_str),
        c.responsavel.as_ref().and_then(Responsavel::id),
        nobody(c),
        c.data_fundacao,
        c.faturamento.map(Reais::decimal) as Option<Decimal>,
        c.funcionarios,
        c.observacoes.as_ref().map(Texto::as_str),
        c.data_cadastro,
        version,
        now,
        c.complemento.as_ref().map(Texto::as_str),
    )
    .execute(tx.db())
    .await;
    written(done)
}

pub(in crate::empresa) async fn trash(tx: &mut TenantTx, id: EmpresaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE empresa SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Answers false when the CNPJ is taken; nothing of the transaction can be kept then.
pub(in crate::empresa) async fn restore(tx: &mut TenantTx, id: EmpresaId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE empresa SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1",
        id.uuid(),
        now
    )
    .execute(tx.db())
    .await;
    unless_taken(done)
}

/// Of one that is written in this transaction anyway.
pub(in crate::empresa) async fn set_segmento(tx: &mut TenantTx, id: EmpresaId, segmento: &SegmentoRef) -> Result<(), Fault> {
    sqlx::query!("UPDATE empresa SET segmento_id = $2 WHERE id = $1", id.uuid(), segmento.id().map(Id::uuid))
        .execute(tx.db())
        .await?;
    Ok(())
}

/// The name of a responsável who is no usuario here.
fn nobody(c: &Cadastro) -> Option<&str> {
    c.responsavel.as_ref().filter(|responsavel| responsavel.id().is_none()).map(Responsavel::nome)
}

fn written<T>(done: Result<T, sqlx::Error>) -> Result<Written, Fault> {
    match done {
        Ok(_) => Ok(Written::Done),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(CNPJ_KEY) => Ok(Written::CnpjTaken),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(SEGMENTO_FKEY) => Ok(Written::SegmentoGone),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn unless_taken<T>(done: Result<T, sqlx::Error>) -> Result<bool, Fault> {
    match done {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(CNPJ_KEY) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
