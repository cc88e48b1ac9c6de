use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, Utc};
use kernel::{Fault, fold};
use serde_json::Value;
use sqlx::types::Json;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

use super::{
    Filtro, Notice, Notificacao, NotificacaoId, UNREAD_MAX,
    horario::{Horario, Silencio},
    preferencia::{Channel, Descadastro, NoticeKind, Preferencia, Reached, Ways},
};

/// Whom a notice goes to, and what they want of its kind.
pub(super) struct Reader {
    pub id: Uuid,
    pub nome: String,
    pub email: String,
    pub idioma: Option<String>,
    pub fuso: Option<String>,
    /// They have been here, so that the address is theirs, and the unidade sends e-mail.
    pub mailed: bool,
    /// Their number, where the unidade reaches telephones.
    pub telefone: Option<String>,
    pub panel: Option<bool>,
    pub email_wanted: Option<bool>,
    pub telefone_wanted: Option<bool>,
    silencio_inicio: Option<NaiveTime>,
    silencio_fim: Option<NaiveTime>,
    resumo_hora: Option<i16>,
}

impl Reader {
    pub(super) fn ways(&self, kind: &NoticeKind) -> Ways {
        let wanted = |channel| match channel {
            Channel::Panel => self.panel,
            Channel::Email => self.email_wanted,
            Channel::Telefone => self.telefone_wanted,
        };
        kind.asks(wanted, Reached { email: self.mailed, telefone: self.telefone.is_some() })
    }

    pub(super) fn horario(&self) -> Horario {
        Horario::stored(self.silencio_inicio, self.silencio_fim, self.resumo_hora.and_then(|hora| hora.try_into().ok()))
    }
}

/// Without those who are not there, or do not come here any more: what happened is no less true.
pub(super) async fn readers(tx: &mut TenantTx, usuarios: &[Uuid], kind: &str) -> Result<Vec<Reader>, Fault> {
    Ok(sqlx::query_as!(
        Reader,
        r#"SELECT u.id, u.nome, u.email, u.idioma, u.fuso,
                  u.kind = 'pessoa' AND u.last_seen_at IS NOT NULL AND NOT EXISTS (SELECT FROM correio c WHERE NOT c.ativo) AS "mailed!",
                  CASE WHEN EXISTS (SELECT FROM gateway) THEN u.telefone END AS telefone,
                  (SELECT p.wanted FROM notificacao_preferencia p WHERE p.usuario_id = u.id AND p.kind = $2 AND p.channel = 'panel') AS panel,
                  (SELECT p.wanted FROM notificacao_preferencia p WHERE p.usuario_id = u.id AND p.kind = $2 AND p.channel = 'email') AS email_wanted,
                  (SELECT p.wanted FROM notificacao_preferencia p WHERE p.usuario_id = u.id AND p.kind = $2 AND p.channel = 'whatsapp') AS telefone_wanted,
                  h.silencio_inicio AS "silencio_inicio?", h.silencio_fim AS "silencio_fim?", h.resumo_hora AS "resumo_hora?"
           FROM usuario u LEFT JOIN notificacao_horario h ON h.usuario_id = u.id
           WHERE u.id = ANY($1) AND u.ativo ORDER BY u.id"#,
        usuarios,
        kind
    )
    .fetch_all(tx.db())
    .await?)
}

/// Each with whether it rings.
pub(super) async fn insert(
    tx: &mut TenantTx,
    to: &[(Uuid, bool)],
    notice: &Notice<'_>,
    args: &BTreeMap<&str, String>,
    busca: &str,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    let ids: Vec<Uuid> = to.iter().map(|_| tx.clock().uuid()).collect();
    let (usuarios, unread): (Vec<Uuid>, Vec<bool>) = to.iter().copied().unzip();
    sqlx::query!(
        "INSERT INTO notificacao (id, usuario_id, kind, key, args, href, busca, created_at, read_at)
         SELECT n.id, n.usuario_id, $4, $5, $6, $7, $8, $9, CASE WHEN NOT n.unread THEN $9::timestamptz END
         FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) AS n (id, usuario_id, unread)",
        &ids,
        &usuarios,
        &unread,
        notice.kind.code,
        notice.key,
        Json(args) as _,
        notice.href,
        busca,
        now,
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
    filtro: &Filtro,
    offset: i64,
    limit: i64,
) -> Result<Vec<Notificacao>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: NotificacaoId", kind, key, args AS "args: Args", href, created_at, read_at
           FROM notificacao
           WHERE usuario_id = $1 AND (NOT $2 OR read_at IS NULL) AND (cardinality($3::text[]) = 0 OR kind = ANY($3))
             AND ($4 = '%%' OR busca LIKE $4)
           ORDER BY id DESC OFFSET $5 LIMIT $6"#,
        usuario,
        filtro.unread,
        &filtro.kinds,
        like(&filtro.busca),
        offset,
        limit
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Row::into_notificacao).collect())
}

/// `%text%`, folded, with LIKE's own signs taken literally.
fn like(text: &str) -> String {
    format!("%{}%", fold(text).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

type Args = Json<BTreeMap<String, String>>;

struct Row {
    id: NotificacaoId,
    kind: Option<String>,
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
            kind: self.kind,
            key: self.key,
            args: self.args.0,
            href: self.href,
            created_at: self.created_at,
            read_at: self.read_at,
        }
    }
}

/// All there are of those, and those unread.
pub(super) async fn count(tx: &mut TenantTx, usuario: Uuid, filtro: &Filtro) -> Result<(i64, i64), Fault> {
    let counts = sqlx::query!(
        r#"SELECT count(*) AS "all!", count(*) FILTER (WHERE read_at IS NULL) AS "unread!"
           FROM notificacao
           WHERE usuario_id = $1 AND (cardinality($2::text[]) = 0 OR kind = ANY($2)) AND ($3 = '%%' OR busca LIKE $3)"#,
        usuario,
        &filtro.kinds,
        like(&filtro.busca)
    )
    .fetch_one(tx.db())
    .await?;
    Ok((counts.all, counts.unread))
}

pub(super) async fn kinds(tx: &mut TenantTx, usuario: Uuid) -> Result<Vec<String>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT DISTINCT kind AS "kind!" FROM notificacao WHERE usuario_id = $1 AND kind IS NOT NULL"#,
        usuario
    )
    .fetch_all(tx.db())
    .await?)
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
        "UPDATE notificacao SET args = regexp_replace(args::text, $1, '[apagado]', 'gi')::jsonb, busca = '' WHERE args::text ~* $1",
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
        r#"SELECT u.id AS usuario,
                  coalesce((SELECT array_agg(DISTINCT part.kind) FROM mensagem part WHERE part.resumo_id = m.id AND part.kind IS NOT NULL),
                           ARRAY[m.kind]) AS "kinds!"
           FROM mensagem m JOIN usuario u ON u.id = m.usuario_id
           WHERE m.descadastro = $1 AND m.kind IS NOT NULL AND u.ativo"#,
        token
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn preferencias_of(ground: &mut Ground<'_>, usuario: Uuid) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT row AS "row!" FROM (
               SELECT 1 AS place, kind, channel,
                      jsonb_build_object('kind', kind, 'channel', channel, 'wanted', wanted, 'updated_at', updated_at) AS row
               FROM notificacao_preferencia WHERE usuario_id = $1
               UNION ALL
               SELECT 2, '', '', jsonb_strip_nulls(jsonb_build_object('silencio_inicio', silencio_inicio, 'silencio_fim', silencio_fim,
                                                                      'resumo_hora', resumo_hora, 'updated_at', updated_at))
               FROM notificacao_horario WHERE usuario_id = $1) AS said
           ORDER BY place, kind, channel"#,
        usuario
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase_preferencias(ground: &mut Ground<'_>, usuario: Uuid) -> Result<u64, Fault> {
    let hours = sqlx::query!("DELETE FROM notificacao_horario WHERE usuario_id = $1", usuario);
    let hours = hours.execute(ground.db()).await?.rows_affected();
    let done = sqlx::query!("DELETE FROM notificacao_preferencia WHERE usuario_id = $1", usuario);
    Ok(done.execute(ground.db()).await?.rows_affected() + hours)
}

pub(super) async fn horario(tx: &mut TenantTx, usuario: Uuid) -> Result<Horario, Fault> {
    let row =
        sqlx::query!("SELECT silencio_inicio, silencio_fim, resumo_hora FROM notificacao_horario WHERE usuario_id = $1", usuario)
            .fetch_optional(tx.db())
            .await?;
    Ok(row.map_or_else(Horario::default, |row| {
        Horario::stored(row.silencio_inicio, row.silencio_fim, row.resumo_hora.and_then(|hora| hora.try_into().ok()))
    }))
}

pub(super) async fn keep_horario(tx: &mut TenantTx, usuario: Uuid, horario: Horario) -> Result<(), Fault> {
    if horario == Horario::default() {
        sqlx::query!("DELETE FROM notificacao_horario WHERE usuario_id = $1", usuario).execute(tx.db()).await?;
        return Ok(());
    }
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO notificacao_horario (usuario_id, silencio_inicio, silencio_fim, resumo_hora, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT notificacao_horario_pkey
             DO UPDATE SET silencio_inicio = excluded.silencio_inicio, silencio_fim = excluded.silencio_fim, resumo_hora = excluded.resumo_hora,
                           updated_at = excluded.updated_at",
        usuario,
        horario.silencio().map(Silencio::inicio),
        horario.silencio().map(Silencio::fim),
        horario.resumo().map(i16::from),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
