use kernel::Fault;
use serde_json::Value;
use tenancy::Ground;
use web::titular::{Alvo, Efeito, TARJA};

/// What a person agreed to and took back, letters that asked them, and where they are named otherwise.
pub(crate) async fn of(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    let mut found = sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('protocolo', c.protocolo, 'finalidade', v.titulo, 'versao', c.versao, 'texto', v.texto,
                      'nome', c.nome, 'email', c.email, 'meio', c.meio, 'evidencia', c.evidencia, 'dado_at', c.dado_at,
                      'retirado_at', c.retirado_at, 'retirado_meio', c.retirado_meio, 'retirado_evidencia', c.retirado_evidencia)) AS "row!"
           FROM consentimento c JOIN finalidade_versao v ON v.finalidade_id = c.finalidade_id AND v.versao = c.versao
           WHERE c.titular_id = $1 OR c.nome ~* $2 OR c.email ~* $2 OR c.evidencia ~* $2 OR c.retirado_evidencia ~* $2
              OR c.registrado_por_nome ~* $2 OR c.retirado_por_nome ~* $2
           ORDER BY c.dado_at DESC, c.id DESC"#,
        alvo.titular.id,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?;
    let letters = sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('finalidade', v.titulo, 'versao', l.versao, 'nome', l.nome, 'email', l.email,
                      'sent_at', l.created_at, 'resposta', l.resposta, 'respondido_at', l.respondido_at)) AS "row!"
           FROM consentimento_carta l JOIN finalidade_versao v ON v.finalidade_id = l.finalidade_id AND v.versao = l.versao
           WHERE l.titular_id = $1 OR l.nome ~* $2 OR l.email ~* $2 OR l.created_by_nome ~* $2
           ORDER BY l.id DESC"#,
        alvo.titular.id,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?;
    found.extend(letters);
    Ok(found)
}

/// That somebody agreed to a text, when and how, stays as proof (LGPD art. 16, I); who it was does not, and nothing of theirs counts
/// any more. Letters that asked them go.
pub(crate) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let (id, pattern, now) = (alvo.titular.id, alvo.pattern.as_str(), ground.now());
    let letters =
        sqlx::query!("DELETE FROM consentimento_carta l WHERE l.titular_id = $1 OR l.nome ~* $2 OR l.email ~* $2", id, pattern)
            .execute(ground.db())
            .await?
            .rows_affected();
    let own = sqlx::query!(
        "UPDATE consentimento c
         SET nome = $3, email = NULL, evidencia = CASE WHEN c.evidencia IS NOT NULL THEN $3 END,
             retirado_evidencia = CASE WHEN c.retirado_evidencia IS NOT NULL THEN $3 END,
             retirado_at = coalesce(c.retirado_at, $4), retirado_meio = coalesce(c.retirado_meio, 'apagamento')
         WHERE c.nome <> $3 AND (c.titular_id = $1 OR c.nome ~* $2 OR c.email ~* $2)",
        id,
        pattern,
        TARJA,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let others = erase_named(ground, pattern).await?;
    Ok(Efeito::apagados(letters) + Efeito::anonimizados(own + others))
}

/// Where somebody stands in records of others: as who noted it, or in a text.
async fn erase_named(ground: &mut Ground<'_>, pattern: &str) -> Result<u64, Fault> {
    let noted = sqlx::query!(
        "UPDATE consentimento c
         SET evidencia = regexp_replace(c.evidencia, $1, $2, 'gi'), retirado_evidencia = regexp_replace(c.retirado_evidencia, $1, $2, 'gi'),
             registrado_por_nome = regexp_replace(c.registrado_por_nome, $1, $2, 'gi'),
             retirado_por_nome = regexp_replace(c.retirado_por_nome, $1, $2, 'gi')
         WHERE c.evidencia ~* $1 OR c.retirado_evidencia ~* $1 OR c.registrado_por_nome ~* $1 OR c.retirado_por_nome ~* $1",
        pattern,
        TARJA
    );
    let noted = noted.execute(ground.db()).await?.rows_affected();
    let letters = sqlx::query!(
        "UPDATE consentimento_carta l SET created_by_nome = regexp_replace(l.created_by_nome, $1, $2, 'gi') WHERE l.created_by_nome ~* $1",
        pattern,
        TARJA
    );
    let letters = letters.execute(ground.db()).await?.rows_affected();
    let texts = sqlx::query!(
        "UPDATE finalidade_versao v
         SET titulo = left(regexp_replace(v.titulo, $1, $2, 'gi'), 120), texto = regexp_replace(v.texto, $1, $2, 'gi'),
             created_by_nome = regexp_replace(v.created_by_nome, $1, $2, 'gi')
         WHERE v.titulo ~* $1 OR v.texto ~* $1 OR v.created_by_nome ~* $1",
        pattern,
        TARJA
    );
    Ok(noted + letters + texts.execute(ground.db()).await?.rows_affected())
}
