//! What a person was told by mail, and forgetting to whom.

use kernel::Fault;
use serde_json::Value;
use tenancy::Ground;

/// Mails to that address, or whose text `pattern` finds: `{ created_at, recipient, subject, state, sent_at }`.
///
/// # Errors
/// A fault of the database.
pub async fn told(ground: &mut Ground<'_>, email: Option<&str>, pattern: &str) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('created_at', created_at, 'recipient', recipient, 'nome', recipient_nome,
                                                       'subject', subject, 'state', state, 'sent_at', sent_at)) AS "row!"
           FROM mensagem
           WHERE lower(recipient) = lower($1) OR recipient ~* $2 OR recipient_nome ~* $2 OR subject ~* $2 OR body_text ~* $2 OR body_html ~* $2
              OR compromisso::text ~* $2
           ORDER BY created_at DESC"#,
        email,
        pattern
    )
    .fetch_all(ground.db())
    .await?)
}

/// What went to them keeps that something went out, and when; what waits is not sent any more. Answers how many.
///
/// # Errors
/// A fault of the database.
pub async fn erase(ground: &mut Ground<'_>, email: Option<&str>, pattern: &str) -> Result<u64, Fault> {
    let done = sqlx::query!(
        "UPDATE mensagem SET recipient = 'apagado@invalid', recipient_nome = NULL, subject = '—', body_text = NULL, body_html = NULL, codigo = NULL, compromisso = NULL,
                usuario_id = NULL, href = NULL, descadastro = NULL, last_error = NULL, state = CASE WHEN state IN ('queued', 'failed', 'held') THEN 'dead' ELSE state END
         WHERE lower(recipient) = lower($1) OR recipient ~* $2 OR recipient_nome ~* $2 OR subject ~* $2 OR body_text ~* $2 OR body_html ~* $2
            OR last_error ~* $2 OR compromisso::text ~* $2",
        email,
        pattern
    );
    Ok(done.execute(ground.db()).await?.rows_affected())
}
