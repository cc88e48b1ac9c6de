use kernel::Fault;
use serde_json::Value;
use tenancy::Restoration;

/// `{ "tokens": [id of one that counts, …], "assinaturas": [row of token_chave, …], "usuarios": [{ id, email, ativo, telefone, credenciais: [row, …], fatores: …, reservas: …, chaves: …, provedores: … }, …], "provedores": [row, …] }`
pub(super) async fn remember(present: &mut Restoration<'_>) -> Result<Value, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_build_object(
                      'tokens', coalesce((SELECT jsonb_agg(t.id) FROM token_api t WHERE t.revoked_at IS NULL), '[]'),
                      'assinaturas', coalesce((SELECT jsonb_agg(to_jsonb(k)) FROM token_chave k), '[]'),
                      'provedores', coalesce((SELECT jsonb_agg(to_jsonb(p)) FROM provedor p), '[]'),
                      'usuarios', coalesce((
                          SELECT jsonb_agg(jsonb_build_object(
                                     'id', u.id, 'email', u.email, 'ativo', u.ativo, 'telefone', u.telefone,
                                     'credenciais', coalesce((SELECT jsonb_agg(to_jsonb(c)) FROM credencial c WHERE c.usuario_id = u.id), '[]'),
                                     'fatores', coalesce((SELECT jsonb_agg(to_jsonb(f)) FROM fator f WHERE f.usuario_id = u.id), '[]'),
                                     'reservas', coalesce((SELECT jsonb_agg(to_jsonb(r)) FROM codigo_reserva r WHERE r.usuario_id = u.id), '[]'),
                                     'provedores', coalesce((SELECT jsonb_agg(to_jsonb(v)) FROM usuario_provedor v WHERE v.usuario_id = u.id), '[]'),
                                     'chaves', coalesce((SELECT jsonb_agg(to_jsonb(k)) FROM chave k WHERE k.usuario_id = u.id), '[]')))
                          FROM usuario u), '[]')) AS "present!""#
    )
    .fetch_one(present.db())
    .await?)
}

pub(super) async fn end_everything(restored: &mut Restoration<'_>) -> Result<(), Fault> {
    let now = restored.clock().now();
    sqlx::query!("UPDATE sessao SET ended_at = $1 WHERE ended_at IS NULL", now).execute(restored.db()).await?;
    sqlx::query!("DELETE FROM entrada WHERE used_at IS NULL").execute(restored.db()).await?;
    sqlx::query!("DELETE FROM recuperacao WHERE used_at IS NULL").execute(restored.db()).await?;
    sqlx::query!("DELETE FROM passo").execute(restored.db()).await?;
    sqlx::query!("DELETE FROM entrada_telefone").execute(restored.db()).await?;
    sqlx::query!("DELETE FROM entrada_provedor").execute(restored.db()).await?;
    sqlx::query!("DELETE FROM desafio").execute(restored.db()).await?;
    // Which accounts are one person's is said anew after a restore: what was taken apart since must not come back.
    sqlx::query!("UPDATE usuario SET conta_id = NULL, passagem = false WHERE conta_id IS NOT NULL")
        .execute(restored.db())
        .await?;
    sqlx::query!("DELETE FROM aparelho").execute(restored.db()).await?;
    sqlx::query!("UPDATE convite SET revoked_at = $1 WHERE used_at IS NULL AND revoked_at IS NULL", now)
        .execute(restored.db())
        .await?;
    Ok(())
}

/// A key that was ended stays ended, and one that was put in the place of another goes on to sign.
pub(super) async fn keep_token_chaves(restored: &mut Restoration<'_>, present: &Value) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO token_chave (number, created_at, created_by_nome, ended_at)
         SELECT k.number, k.created_at, k.created_by_nome, k.ended_at
         FROM jsonb_to_recordset($1::jsonb -> 'assinaturas')
             AS k (number integer, created_at timestamptz, created_by_nome text, ended_at timestamptz)
         ON CONFLICT ON CONSTRAINT token_chave_pkey DO UPDATE SET ended_at = coalesce(token_chave.ended_at, excluded.ended_at)",
        present
    )
    .execute(restored.db())
    .await?;
    Ok(())
}

pub(super) async fn revoke_tokens_but(restored: &mut Restoration<'_>, present: &Value) -> Result<(), Fault> {
    let now = restored.clock().now();
    sqlx::query!(
        "UPDATE token_api SET revoked_at = $1 WHERE revoked_at IS NULL AND NOT ($2::jsonb -> 'tokens') ? id::text",
        now,
        present
    )
    .execute(restored.db())
    .await?;
    Ok(())
}

/// By id, or by e-mail where somebody was invited anew after an earlier restore.
pub(super) async fn deactivate_again(restored: &mut Restoration<'_>, present: &Value) -> Result<(), Fault> {
    let now = restored.clock().now();
    sqlx::query!(
        "UPDATE usuario u SET ativo = false, updated_at = $1, version = version + 1
         WHERE u.ativo AND EXISTS (
             SELECT FROM jsonb_to_recordset($2::jsonb -> 'usuarios') AS n (id uuid, email text, ativo boolean)
             WHERE NOT n.ativo AND (n.id = u.id OR n.email = u.email))",
        now,
        present
    )
    .execute(restored.db())
    .await?;
    Ok(())
}

/// Those who are in both states prove who they are as they do now, also when that is by nothing at all.
pub(super) async fn keep_credenciais(restored: &mut Restoration<'_>, present: &Value) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM credencial c USING usuario u, jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, email text)
         WHERE c.usuario_id = u.id AND (n.id = u.id OR n.email = u.email)",
        present
    )
    .execute(restored.db())
    .await?;
    sqlx::query!(
        "INSERT INTO credencial (id, usuario_id, method, secret, created_at, updated_at)
         SELECT c.id, u.id, c.method, c.secret, c.created_at, c.updated_at
         FROM usuario u
         CROSS JOIN LATERAL (
             SELECT n.credenciais FROM jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, email text, credenciais jsonb)
             WHERE n.id = u.id OR n.email = u.email ORDER BY n.id = u.id DESC LIMIT 1) AS n
         CROSS JOIN LATERAL jsonb_to_recordset(n.credenciais)
             AS c (id uuid, method text, secret text, created_at timestamptz, updated_at timestamptz)
         ON CONFLICT DO NOTHING",
        present
    )
    .execute(restored.db())
    .await?;
    Ok(())
}

/// As [`keep_credenciais`] for their telephones: one that was taken away since the backup opens nothing again, whoever had it then.
pub(super) async fn keep_telefones(restored: &mut Restoration<'_>, present: &Value) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE usuario u SET telefone = NULL
         WHERE u.telefone IS NOT NULL AND EXISTS (
             SELECT FROM jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, email text, telefone text)
             WHERE n.id = u.id OR n.email = u.email OR n.telefone = u.telefone)",
        present
    )
    .execute(restored.db())
    .await?;
    sqlx::query!(
        "UPDATE usuario u SET telefone = n.telefone
         FROM jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, telefone text) WHERE n.id = u.id",
        present
    )
    .execute(restored.db())
    .await?;
    Ok(())
}

/// Whose word is taken, and for whom, is as it is now: a provedor that was taken away since the backup lets nobody in again, nor does
/// a subject that no longer means somebody. Without a state of now nobody's word is taken.
pub(super) async fn keep_provedores(restored: &mut Restoration<'_>, present: &Value) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM provedor").execute(restored.db()).await?;
    sqlx::query!(
        "INSERT INTO provedor (id, tipo, nome, emissor, client_id, segredo, confia_email, ativo, version, created_at, updated_at)
         SELECT p.id, p.tipo, p.nome, p.emissor, p.client_id, p.segredo, p.confia_email, p.ativo, p.version, p.created_at, p.updated_at
         FROM jsonb_to_recordset(coalesce($1::jsonb -> 'provedores', '[]'))
             AS p (id uuid, tipo text, nome text, emissor text, client_id text, segredo bytea, confia_email boolean, ativo boolean,
                   version integer, created_at timestamptz, updated_at timestamptz)",
        present
    )
    .execute(restored.db())
    .await?;
    sqlx::query!(
        "INSERT INTO usuario_provedor (provedor_id, subject, usuario_id, email, created_at, last_used_at)
         SELECT v.provedor_id, v.subject, u.id, v.email, v.created_at, v.last_used_at
         FROM usuario u
         JOIN jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, provedores jsonb) ON n.id = u.id
         CROSS JOIN LATERAL jsonb_to_recordset(n.provedores)
             AS v (provedor_id uuid, subject text, email text, created_at timestamptz, last_used_at timestamptz)",
        present
    )
    .execute(restored.db())
    .await?;
    Ok(())
}

/// As [`keep_credenciais`] for what they prove besides: a telephone that was lost since the backup must not open the account
/// again, and one that was set up since must go on to.
pub(super) async fn keep_fatores(restored: &mut Restoration<'_>, present: &Value) -> Result<(), Fault> {
    sqlx::query!(
        "WITH both_states AS (
             SELECT u.id FROM usuario u, jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, email text)
             WHERE n.id = u.id OR n.email = u.email
         ), fatores AS (
             DELETE FROM fator WHERE usuario_id IN (SELECT id FROM both_states)
         ), reservas AS (
             DELETE FROM codigo_reserva WHERE usuario_id IN (SELECT id FROM both_states)
         )
         DELETE FROM chave WHERE usuario_id IN (SELECT id FROM both_states)",
        present
    )
    .execute(restored.db())
    .await?;
    sqlx::query!(
        "INSERT INTO fator (id, usuario_id, method, secret, last_step, created_at, confirmed_at, last_used_at)
         SELECT f.id, u.id, f.method, f.secret, f.last_step, f.created_at, f.confirmed_at, f.last_used_at
         FROM usuario u
         CROSS JOIN LATERAL (
             SELECT n.fatores FROM jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, email text, fatores jsonb)
             WHERE n.id = u.id OR n.email = u.email ORDER BY n.id = u.id DESC LIMIT 1) AS n
         CROSS JOIN LATERAL jsonb_to_recordset(n.fatores)
             AS f (id uuid, method text, secret bytea, last_step bigint, created_at timestamptz, confirmed_at timestamptz,
                   last_used_at timestamptz)
         ON CONFLICT DO NOTHING",
        present
    )
    .execute(restored.db())
    .await?;
    // Under a key of the usuario: those of somebody who has another id by now cannot be read any more, and are left out.
    sqlx::query!(
        "INSERT INTO codigo_reserva (usuario_id, hash, created_at, used_at)
         SELECT u.id, r.hash, r.created_at, r.used_at
         FROM usuario u
         JOIN jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, reservas jsonb) ON n.id = u.id
         CROSS JOIN LATERAL jsonb_to_recordset(n.reservas) AS r (hash bytea, created_at timestamptz, used_at timestamptz)
         ON CONFLICT DO NOTHING",
        present
    )
    .execute(restored.db())
    .await?;
    sqlx::query!(
        "INSERT INTO chave (id, usuario_id, nome, credencial_id, content, created_at, last_used_at)
         SELECT k.id, u.id, k.nome, k.credencial_id, k.content, k.created_at, k.last_used_at
         FROM usuario u
         JOIN jsonb_to_recordset($1::jsonb -> 'usuarios') AS n (id uuid, chaves jsonb) ON n.id = u.id
         CROSS JOIN LATERAL jsonb_to_recordset(n.chaves)
             AS k (id uuid, nome text, credencial_id bytea, content jsonb, created_at timestamptz, last_used_at timestamptz)
         ON CONFLICT DO NOTHING",
        present
    )
    .execute(restored.db())
    .await?;
    Ok(())
}
