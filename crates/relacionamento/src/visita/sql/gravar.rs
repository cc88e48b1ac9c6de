use chrono::{DateTime, Utc};
use documentos::documento::DocumentoId;
use empresas::empresa::EmpresaId;
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;
use web::attached::Move;

use crate::visita::{Chegada, Pessoa, Plano, Visita, VisitaId};

/// `nome` is the responsável's.
pub(in crate::visita) async fn insert(
    tx: &mut TenantTx,
    id: VisitaId,
    empresa: EmpresaId,
    plano: &Plano,
    nome: &str,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO visita (id, empresa_id, responsavel_id, responsavel_nome, inicio_at, fim_at, objetivo, local, situacao, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planejada', $9, $9)",
        id.uuid(),
        empresa.uuid(),
        plano.responsavel,
        nome,
        plano.horario.inicio_at,
        plano.horario.fim_at,
        plano.objetivo.as_str(),
        plano.local.as_ref().map(kernel::Texto::as_str),
        now
    )
    .execute(tx.db())
    .await?;
    let contatos: Vec<Uuid> = plano.contatos.iter().map(|id| id.uuid()).collect();
    keep_participantes(tx, id, &plano.colegas, &contatos).await
}

/// Who goes besides the responsável is who is named, each once.
async fn keep_participantes(tx: &mut TenantTx, id: VisitaId, colegas: &[Uuid], contatos: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM visita_participante WHERE visita_id = $1", id.uuid()).execute(tx.db()).await?;
    let draw = |n: usize| (0..n).map(|_| tx.clock().uuid()).collect::<Vec<_>>();
    let (one, other) = (draw(colegas.len()), draw(contatos.len()));
    sqlx::query!(
        "INSERT INTO visita_participante (id, visita_id, usuario_id, contato_id)
         SELECT c.id, $1::uuid, c.usuario_id, NULL::uuid FROM unnest($2::uuid[], $3::uuid[]) AS c (id, usuario_id)
         UNION ALL SELECT p.id, $1::uuid, NULL::uuid, p.contato_id FROM unnest($4::uuid[], $5::uuid[]) AS p (id, contato_id)
         ON CONFLICT DO NOTHING",
        id.uuid(),
        &one,
        colegas,
        &other,
        contatos
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Everything that people change of it.
pub(in crate::visita) async fn update(tx: &mut TenantTx, visita: &Visita) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE visita SET responsavel_id = $2, responsavel_nome = $3, inicio_at = $4, fim_at = $5, objetivo = $6, local = $7,
                situacao = $8, resumo = $9, proximos_passos = $10, motivo = $11, version = version + 1, updated_at = $12 WHERE id = $1",
        visita.id.uuid(),
        visita.responsavel_id,
        visita.responsavel_nome,
        visita.horario.inicio_at,
        visita.horario.fim_at,
        visita.objetivo,
        visita.local,
        visita.situacao.code(),
        visita.resumo,
        visita.proximos_passos,
        visita.motivo,
        now
    )
    .execute(tx.db())
    .await?;
    let ids = |people: &[Pessoa]| people.iter().map(|pessoa| pessoa.id).collect::<Vec<_>>();
    keep_participantes(tx, visita.id, &ids(&visita.colegas), &ids(&visita.contatos)).await
}

pub(in crate::visita) async fn keep_chegada(tx: &mut TenantTx, id: VisitaId, chegada: &Chegada) -> Result<(), Fault> {
    let posicao = chegada.posicao;
    sqlx::query!(
        "UPDATE visita SET chegada_at = $2, latitude = $3, longitude = $4, precisao = $5, version = version + 1, updated_at = $2 WHERE id = $1",
        id.uuid(),
        chegada.at,
        posicao.map(|posicao| posicao.latitude),
        posicao.map(|posicao| posicao.longitude),
        posicao.map(|posicao| posicao.precisao)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes that those who go were reminded of it for this beginning; `false` when they were already, or it is not to take place then.
pub(in crate::visita) async fn remind(tx: &mut TenantTx, id: VisitaId, inicio_at: DateTime<Utc>) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE visita SET lembrete_at = $2 WHERE id = $1 AND inicio_at = $2 AND situacao = 'planejada' AND deleted_at IS NULL
           AND lembrete_at IS DISTINCT FROM $2",
        id.uuid(),
        inicio_at
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

pub(in crate::visita) async fn attach(tx: &mut TenantTx, id: VisitaId, documento: DocumentoId) -> Result<(), Fault> {
    sqlx::query!("INSERT INTO visita_documento (visita_id, documento_id) VALUES ($1, $2)", id.uuid(), documento.uuid())
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(in crate::visita) async fn trash(tx: &mut TenantTx, id: VisitaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE visita SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(in crate::visita) async fn restore(tx: &mut TenantTx, id: VisitaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE visita SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Those of an empresa that are not in the lixeira.
pub(in crate::visita) async fn count_of(tx: &mut TenantTx, empresa: Uuid) -> Result<i64, Fault> {
    let total =
        sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM visita WHERE empresa_id = $1 AND deleted_at IS NULL"#, empresa);
    Ok(total.fetch_one(tx.db()).await?)
}

/// See [`web::attached::Attached::bring`].
pub(in crate::visita) async fn bring(tx: &mut TenantTx, way: Move) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!("UPDATE visita SET empresa_id = $2 WHERE empresa_id = $1 RETURNING id", way.from, way.to);
    Ok(ids.fetch_all(tx.db()).await?)
}

/// See [`web::attached::Attached::give_back`].
pub(in crate::visita) async fn back(tx: &mut TenantTx, way: Move, ids: &[Uuid]) -> Result<u64, Fault> {
    let done = sqlx::query!("UPDATE visita SET empresa_id = $1 WHERE empresa_id = $2 AND id = ANY($3)", way.from, way.to, ids);
    Ok(done.execute(tx.db()).await?.rows_affected())
}
