use chrono::NaiveDate;
use documentos::documento::DocumentoId;
use empresas::empresa::EmpresaId;
use kernel::{Fault, Reais};
use tenancy::TenantTx;
use uuid::Uuid;
use web::attached::Move;

use crate::{
    demanda::{Anexo, Dados, Demanda, DemandaId, Pessoa, Situacao},
    etapa::Etapa,
    setor::SetorId,
};

/// What a new demanda is made of.
pub(in crate::demanda) struct Stored<'a> {
    pub empresa: EmpresaId,
    pub dados: &'a Dados,
    pub etapa: &'a Etapa,
    pub data_prazo: Option<NaiveDate>,
    /// Who answers for it, named in `dados` or chosen.
    pub responsavel: Option<&'a Pessoa>,
}

pub(in crate::demanda) async fn insert(tx: &mut TenantTx, id: DemandaId, stored: &Stored<'_>) -> Result<(), Fault> {
    let (now, dados) = (tx.clock().now(), stored.dados);
    sqlx::query!(
        "INSERT INTO demanda (id, empresa_id, titulo, descricao, tipo_id, setor_id, etapa_id, situacao, valor_estimado, responsavel_id,
                              responsavel_nome, contato_id, data_prazo, etapa_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14)",
        id.uuid(),
        stored.empresa.uuid(),
        dados.titulo.as_str(),
        dados.descricao.as_str(),
        dados.tipo.uuid(),
        dados.setor.map(SetorId::uuid),
        stored.etapa.id.uuid(),
        stored.etapa.situacao.code(),
        dados.valor_estimado.map(Reais::decimal),
        stored.responsavel.map(|pessoa| pessoa.id),
        stored.responsavel.map(|pessoa| pessoa.nome.as_str()),
        dados.contato.map(kernel::Id::uuid),
        stored.data_prazo,
        now
    )
    .execute(tx.db())
    .await?;
    begin_passagem(tx, id, stored.etapa).await
}

async fn begin_passagem(tx: &mut TenantTx, id: DemandaId, etapa: &Etapa) -> Result<(), Fault> {
    let (now, passagem) = (tx.clock().now(), tx.clock().uuid());
    sqlx::query!(
        "INSERT INTO demanda_passagem (id, demanda_id, etapa_id, situacao, inicio_at) VALUES ($1, $2, $3, $4, $5)",
        passagem,
        id.uuid(),
        etapa.id.uuid(),
        etapa.situacao.code(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Everything that is written down of it; where it stands is another matter ([`stand`]).
pub(in crate::demanda) async fn update(tx: &mut TenantTx, demanda: &Demanda) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE demanda SET titulo = $2, descricao = $3, tipo_id = $4, setor_id = $5, valor_estimado = $6, responsavel_id = $7,
                responsavel_nome = $8, contato_id = $9, data_prazo = $10, version = version + 1, updated_at = $11 WHERE id = $1",
        demanda.id.uuid(),
        demanda.titulo,
        demanda.descricao,
        demanda.tipo_id.uuid(),
        demanda.setor_id.map(SetorId::uuid),
        demanda.valor_estimado.map(Reais::decimal),
        demanda.responsavel_id,
        demanda.responsavel_nome,
        demanda.contato.as_ref().map(|pessoa| pessoa.id),
        demanda.data_prazo,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Puts a demanda into an etapa and keeps since when it stands there.
pub(in crate::demanda) async fn stand(
    tx: &mut TenantTx,
    id: DemandaId,
    etapa: &Etapa,
    motivo: Option<&str>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE demanda SET etapa_id = $2, situacao = $3, motivo = $4, etapa_at = $5,
                iniciada_at = CASE WHEN $6 THEN iniciada_at ELSE coalesce(iniciada_at, $5) END,
                concluida_at = CASE WHEN $7 THEN $5 END, version = version + 1, updated_at = $5 WHERE id = $1",
        id.uuid(),
        etapa.id.uuid(),
        etapa.situacao.code(),
        motivo,
        now,
        etapa.situacao == Situacao::Nova,
        etapa.situacao == Situacao::Concluida
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("UPDATE demanda_passagem SET fim_at = $2 WHERE demanda_id = $1 AND fim_at IS NULL", id.uuid(), now)
        .execute(tx.db())
        .await?;
    begin_passagem(tx, id, etapa).await
}

/// Notes that its responsável was reminded of this prazo; `false` when they were already, or it is not due then any more.
pub(in crate::demanda) async fn remind(tx: &mut TenantTx, id: DemandaId, data_prazo: NaiveDate) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE demanda SET data_lembrete = $2 WHERE id = $1 AND data_prazo = $2 AND situacao IN ('nova', 'em_andamento')
           AND deleted_at IS NULL AND data_lembrete IS DISTINCT FROM $2",
        id.uuid(),
        data_prazo
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

pub(in crate::demanda) async fn attach(
    tx: &mut TenantTx,
    id: DemandaId,
    documento: DocumentoId,
    anexo: Anexo,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO demanda_documento (demanda_id, documento_id, anexo) VALUES ($1, $2, $3)",
        id.uuid(),
        documento.uuid(),
        anexo.code()
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(in crate::demanda) async fn trash(tx: &mut TenantTx, id: DemandaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE demanda SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(in crate::demanda) async fn restore(tx: &mut TenantTx, id: DemandaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE demanda SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Those of an empresa that are not in the lixeira.
pub(in crate::demanda) async fn count_of(tx: &mut TenantTx, empresa: Uuid) -> Result<i64, Fault> {
    let total =
        sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM demanda WHERE empresa_id = $1 AND deleted_at IS NULL"#, empresa);
    Ok(total.fetch_one(tx.db()).await?)
}

/// See [`web::attached::Attached::bring`]; a projeto goes with its demanda.
pub(in crate::demanda) async fn bring(tx: &mut TenantTx, way: Move) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!("UPDATE demanda SET empresa_id = $2 WHERE empresa_id = $1 RETURNING id", way.from, way.to);
    let ids = ids.fetch_all(tx.db()).await?;
    sqlx::query!("UPDATE projeto SET empresa_id = $1 WHERE demanda_id = ANY($2)", way.to, &ids).execute(tx.db()).await?;
    Ok(ids)
}

/// See [`web::attached::Attached::give_back`].
pub(in crate::demanda) async fn back(tx: &mut TenantTx, way: Move, ids: &[Uuid]) -> Result<u64, Fault> {
    let done = sqlx::query_scalar!(
        "UPDATE demanda SET empresa_id = $1 WHERE empresa_id = $2 AND id = ANY($3) RETURNING id",
        way.from,
        way.to,
        ids
    );
    let ids = done.fetch_all(tx.db()).await?;
    sqlx::query!("UPDATE projeto SET empresa_id = $1 WHERE demanda_id = ANY($2)", way.from, &ids).execute(tx.db()).await?;
    Ok(ids.len() as u64)
}
