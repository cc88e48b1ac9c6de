//! What demandas say of a person, for their dossier and their erasure.

use kernel::Fault;
use serde_json::Value;
use tenancy::Ground;
use web::titular::{Alvo, Efeito, TARJA};

/// Demandas that the person answers for or asked for, or that tell of them.
pub(in crate::demanda) async fn gather(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('empresa', e.nome, 'titulo', d.titulo, 'descricao', d.descricao, 'tipo', t.nome,
                      'responsavel', d.responsavel_nome, 'situacao', d.situacao, 'motivo', d.motivo, 'data_prazo', d.data_prazo,
                      'created_at', d.created_at)) AS "row!"
           FROM demanda d JOIN empresa e ON e.id = d.empresa_id JOIN demanda_tipo t ON t.id = d.tipo_id
           WHERE d.responsavel_id = $2 OR d.contato_id = $2
              OR concat_ws(' ', d.responsavel_nome, d.titulo, d.descricao, d.motivo) ~* $1
           ORDER BY d.created_at, d.id"#,
        alvo.pattern,
        alvo.titular.id
    )
    .fetch_all(ground.db())
    .await?)
}

/// Takes the person out of them; what was asked for is the empresa's and stays.
pub(in crate::demanda) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let now = ground.now();
    let demandas = sqlx::query!(
        "UPDATE demanda SET
                responsavel_nome = CASE WHEN responsavel_id = $3 THEN $2 ELSE regexp_replace(responsavel_nome, $1, $2, 'gi') END,
                titulo = left(regexp_replace(titulo, $1, $2, 'gi'), 200), descricao = regexp_replace(descricao, $1, $2, 'gi'),
                motivo = regexp_replace(motivo, $1, $2, 'gi'), contato_id = nullif(contato_id, $3), updated_at = $4, version = version + 1
         WHERE responsavel_id = $3 AND responsavel_nome IS DISTINCT FROM $2 OR contato_id = $3
            OR concat_ws(' ', responsavel_nome, titulo, descricao, motivo) ~* $1",
        alvo.pattern,
        TARJA,
        alvo.titular.id,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let regras = sqlx::query!("DELETE FROM distribuicao_pessoa WHERE usuario_id = $1", alvo.titular.id)
        .execute(ground.db())
        .await?
        .rows_affected();
    Ok(Efeito::apagados(regras) + Efeito::anonimizados(demandas))
}
