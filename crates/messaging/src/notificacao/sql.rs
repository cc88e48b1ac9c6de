use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use sqlx::types::Json;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

use super::{
    Notice, Notificacao, NotificacaoId, UNREAD_MAX, Which,
    preferencia::{Channel, Descadastro, Preferencia},
};

/// Whom a notice goes to, and what they want of its kind.
pub(super) struct Reader {
    pub nome: String,
    pub email: String,
    pub idioma: Option<String>,
    /// They have been here, so that the address is theirs, and the unidade sends e-mail.
    pub mailed: bool,
    pub panel: Option<bool>,
    pub email_wanted: Option<bool>,
}

/// None for a usuario who is not there, or does not come here any more: what happened is no less true.
pub(super) async fn reader(tx: &mut TenantTx, usuario: Uuid, kind: &str) -> Result<Option<Reader>, Fault> {
    Ok(sqlx::query_as!(
        Reader,
        r#"SELECT u.nome, u.email, u.idioma,
                  u.kind = 'pessoa' AND u.last_seen_at IS NOT NULL AND NOT EXISTS (SELECT FROM correio c WHERE NOT c.ativo) AS "mailed!",
                  (SELECT p.wanted FROM notificacao_preferencia p WHERE p.usuario_id = u.id AND p.kind = $2 AND p.channel = 'panel') AS panel,
                  (SELECT p.wanted FROM notificacao_preferencia p WHERE p.usuario_id = u.id AND p.kind = $2 AND p.channel = 'email') AS email_wanted
           FROM usuario u WHERE u.id = $1 AND u.ativo"#,
        usuario,
        kind
    )
    .fetch_optional(tx.db())
    .await?)
}

/// `unread`: it rings.
pub(super) async fn insert(
    tx: &mut TenantTx,
    to: Uuid,
    notice: &Notice<'_>,
    args: &BTreeMap<&str, String>,
    unread: bool,
) -> Result<(), Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO notificacao (id, usuario_id, key, args, href, created_at, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        to,
        notice.key,
        Json(args) as _,
        notice.href,
        now,
        (!unread).then_some(now)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// At most [`UNREAD_MAX`]: more is not counted.
pub(super) async fn unread(tx: &mut TenantTx, usuario: Uuid) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM (SELECT FROM notificacao WHERE usuario_id = $1 AND read_at IS NULL LIMIT $2) unread"#,
        usuario,
        UNREAD_MAX
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn list(
    tx: &mut TenantTx,
    usuario: Uuid,
    which: Which,
    offset: i64,
    limit: i64,
) -> Result<Vec<Notificacao>, Fault> {
    let rows = match which {
        Which::All => {
            sqlx::query_as!(
                Row,
                r#"SELECT id AS "id: NotificacaoId", key, args AS "args: Args", href, created_at, read_at
                   FROM notificacao WHERE usuario_id = $1 ORDER BY id DESC OFFSET $2 LIMIT $3"#,
                usuario,
                offset,
                limit
            )
            .fetch_all(tx.db())
            .await?
        }
        Which::Unread => {
            sqlx::query_as!(
                Row,
                r#"SELECT id AS "id: NotificacaoId", key, args AS "args: Args", href, created_at, read_at
                   FROM notificacao WHERE usuario_id = $1 AND read_at IS NULL ORDER BY id DESC OFFSET $2 LIMIT $3"#,
                usuario,
                offset,
                limit
            )
            .fetch_all(tx.db())
            .await?
        }
    };
    Ok(rows.into_iter().map(Row::into_notificacao).collect())
}

type Args = Json<BTreeMap<String, String>>;

struct Row {
    id: NotificacaoId,
    key: String,
    args: Args,
    href: String,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl Row {
    fn into_notificacao(self) -> Notificacao {
        Notificacao {
            id: self.id,
            key: self.key,
            args: self.args.0,
            href: self.href,
            created_at: self.created_at,
            read_at: self.read_at,
        }
    }
}

/// All there are, and those unread.
pub(super) async fn count(tx: &mut TenantTx, usuario: Uuid) -> Result<(i64, i64), Fault> {
    let counts = sqlx::query!(
        r#"SELECT count(*) AS "all!", count(*) FILTER (WHERE read_at IS NULL) AS "unread!" FROM notificacao WHERE usuario_id = $1"#,
        usuario
    )
    .fetch_one(tx.db())
    .await?;
    Ok((counts.all, counts.unread))
}

/// Where it leads, and whether it was unread until now.
pub(super) async fn read(tx: &mut TenantTx, usuario: Uuid, id: NotificacaoId) -> Result<Option<(String, bool)>, Fault> {
    let now = tx.clock().now();
    let marked = sqlx::query_scalar!(
        "UPDATE notificacao SET read_at = $3 WHERE id = $1 AND usuario_id = $2 AND read_at IS NULL RETURNING href",
        id as _,
        usuario,
        now
    )
    .fetch_optional(tx.db())
    .await?;
    if let Some(href) = marked {
        return Ok(Some((href, true)));
    }
    let href = sqlx::query_scalar!("SELECT href FROM notificacao WHERE id = $1 AND usuario_id = $2", id as _, usuario)
        .fetch_optional(tx.db())
        .await?;
    Ok(href.map(|href| (href, false)))
}

pub(super) async fn read_all(tx: &mut TenantTx, usuario: Uuid, href: Option<&str>) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE notificacao SET read_at = $2 WHERE usuario_id = $1 AND read_at IS NULL AND ($3::text IS NULL OR href = $3)",
        usuario,
        now,
        href
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn forget(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<u64, Fault> {
    let done = sqlx::query!("DELETE FROM notificacao WHERE created_at < $1", before).execute(tx.db()).await?;
    Ok(done.rows_affected())
}

pub(super) async fn of(ground: &mut Ground<'_>, usuario: Uuid, pattern: &str) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('created_at', created_at, 'key', key, 'args', args, 'read_at', read_at)) AS "row!"
           FROM notificacao WHERE usuario_id = $1 OR args::text ~* $2 ORDER BY id DESC"#,
        usuario,
        pattern
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase(ground: &mut Ground<'_>, usuario: Uuid, pattern: &str) -> Result<(u64, u64), Fault> {
    let own = sqlx::query!("DELETE FROM notificacao WHERE usuario_id = $1", usuario).execute(ground.db()).await?.rows_affected();
    let others = sqlx::query!(
        "UPDATE notificacao SET args = regexp_replace(args::text, $1, '[apagado]', 'gi')::jsonb WHERE args::text ~* $1",
        pattern
    );
    let others = others.execute(ground.db()).await?.rows_affected();
    Ok((own, others))
}

pub(super) async fn preferencias(tx: &mut TenantTx, usuario: Uuid) -> Result<Vec<Preferencia>, Fault> {
    Ok(sqlx::query_as!(
        Preferencia,
        "SELECT kind, channel, wanted FROM notificacao_preferencia WHERE usuario_id = $1 ORDER BY kind, channel",
        usuario
    )
    .fetch_all(tx.db())
    .await?)
}

pub(super) async fn keep_preferencia(
    tx: &mut TenantTx,
    usuario: Uuid,
    kind: &str,
    channel: Channel,
    wanted: bool,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO notificacao_preferencia AS p (usuario_id, kind, channel, wanted, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT notificacao_preferencia_pkey
             DO UPDATE SET wanted = excluded.wanted, updated_at = excluded.updated_at WHERE p.wanted <> excluded.wanted",
        usuario,
        kind,
        channel.code(),
        wanted,
        now
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

pub(super) async fn forget_preferencia(tx: &mut TenantTx, usuario: Uuid, kind: &str, channel: Channel) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "DELETE FROM notificacao_preferencia WHERE usuario_id = $1 AND kind = $2 AND channel = $3",
        usuario,
        kind,
        channel.code()
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

pub(super) async fn reset(tx: &mut TenantTx, usuario: Uuid) -> Result<u64, Fault> {
    let done = sqlx::query!("DELETE FROM notificacao_preferencia WHERE usuario_id = $1", usuario);
    Ok(done.execute(tx.db()).await?.rows_affected())
}

pub(super) async fn descadastro(tx: &mut TenantTx, token: Uuid) -> Result<Option<Descadastro>, Fault> {
    Ok(sqlx::query_as!(
        Descadastro,
        r#"SELECT u.id AS usuario, m.kind AS "kind!" FROM mensagem m JOIN usuario u ON u.id = m.usuario_id
           WHERE m.descadastro = $1 AND m.kind IS NOT NULL AND u.ativo"#,
        token
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn preferencias_of(ground: &mut Ground<'_>, usuario: Uuid) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('kind', kind, 'channel', channel, 'wanted', wanted, 'updated_at', updated_at) AS "row!"
           FROM notificacao_preferencia WHERE usuario_id = $1 ORDER BY kind, channel"#,
        usuario
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase_preferencias(ground: &mut Ground<'_>, usuario: Uuid) -> Result<u64, Fault> {
    let done = sqlx::query!("DELETE FROM notificacao_preferencia WHERE usuario_id = $1", usuario);
    Ok(done.execute(ground.db()).await?.rows_affected())
}
