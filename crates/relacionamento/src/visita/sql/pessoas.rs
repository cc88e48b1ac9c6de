//! What visitas say of a person, for their dossier and their erasure.

use kernel::Fault;
use serde_json::Value;
use tenancy::Ground;
use web::titular::{Alvo, Efeito, TARJA};

/// Visitas that the person went to, or that tell of them.
pub(in crate::visita) async fn gather(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('empresa', e.nome, 'responsavel', v.responsavel_nome, 'inicio_at', v.inicio_at,
                      'fim_at', v.fim_at, 'objetivo', v.objetivo, 'local', v.local, 'situacao', v.situacao, 'resumo', v.resumo,
                      'proximos_passos', v.proximos_passos, 'motivo', v.motivo,
                      'chegada_at', CASE WHEN v.responsavel_id = $2 THEN v.chegada_at END,
                      'latitude', CASE WHEN v.responsavel_id = $2 THEN v.latitude END,
                      'longitude', CASE WHEN v.responsavel_id = $2 THEN v.longitude END)) AS "row!"
           FROM visita v JOIN empresa e ON e.id = v.empresa_id
           WHERE v.responsavel_id = $2 OR concat_ws(' ', v.responsavel_nome, v.objetivo, v.local, v.resumo, v.proximos_passos, v.motivo) ~* $1
              OR v.id IN (SELECT p.visita_id FROM visita_participante p WHERE p.usuario_id = $2 OR p.contato_id = $2)
           ORDER BY v.inicio_at, v.id"#,
        alvo.pattern,
        alvo.titular.id
    )
    .fetch_all(ground.db())
    .await?)
}

/// Takes the person out of them; the visitas are the empresa's and stay. Where somebody was is gone with who they were.
pub(in crate::visita) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let now = ground.now();
    let participantes = sqlx::query!("DELETE FROM visita_participante WHERE usuario_id = $1 OR contato_id = $1", alvo.titular.id)
        .execute(ground.db())
        .await?
        .rows_affected();
    let visitas = sqlx::query!(
        "UPDATE visita SET
                responsavel_nome = CASE WHEN responsavel_id = $3 THEN $2 ELSE regexp_replace(responsavel_nome, $1, $2, 'gi') END,
                objetivo = regexp_replace(objetivo, $1, $2, 'gi'), local = regexp_replace(local, $1, $2, 'gi'),
                resumo = regexp_replace(resumo, $1, $2, 'gi'), proximos_passos = regexp_replace(proximos_passos, $1, $2, 'gi'),
                motivo = regexp_replace(motivo, $1, $2, 'gi'),
                latitude = CASE WHEN responsavel_id = $3 THEN NULL ELSE latitude END,
                longitude = CASE WHEN responsavel_id = $3 THEN NULL ELSE longitude END,
                precisao = CASE WHEN responsavel_id = $3 THEN NULL ELSE precisao END,
                updated_at = $4, version = version + 1
         WHERE responsavel_id = $3 AND (responsavel_nome <> $2 OR latitude IS NOT NULL)
            OR concat_ws(' ', responsavel_nome, objetivo, local, resumo, proximos_passos, motivo) ~* $1",
        alvo.pattern,
        TARJA,
        alvo.titular.id,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    Ok(Efeito::apagados(participantes) + Efeito::anonimizados(visitas))
}
