use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use jobs::Enqueue;
use kernel::{Entity, Fault, Id, Lang, Telefone, Texto};
use sqlx::types::Json;
use tenancy::{PlatformTx, TenantTx, Unidade};
use uuid::Uuid;

use crate::{
    Action, Brand, Compromisso, Letter, Line, Links, Rendered,
    compromisso::Entry,
    delivery::{EnviarMensagem, EnviarMensagemDaPlataforma},
    mailer::{Extras, Outgoing, Stop},
    notificacao::{
        Channel, NoticeKind,
        horario::{Horario, Leaves},
    },
    resumo::{self, EnviarResumo, Item},
};

#[derive(Debug)]
pub enum MensagemEntity {}
impl Entity for MensagemEntity {
    const NAME: &'static str = "mensagem";
}
pub type MensagemId = Id<MensagemEntity>;

/// More than fit into a day of waits that grow to an hour: the day ends first.
const MAX_ATTEMPTS: i16 = 100;

/// To whom a mail goes.
#[derive(Debug, Clone)]
pub struct Email {
    pub to: kernel::Email,
    pub nome: Option<Texto<120>>,
    /// It carries something that lets its reader in: its bodies are forgotten once it was sent or given up.
    pub secret: bool,
}

/// Puts a mail into the outbox of the unidade and enqueues its sending, both when `tx` commits.
///
/// # Errors
/// A fault of the database.
pub async fn send_email(tx: &mut TenantTx, email: Email, mail: Rendered) -> Result<MensagemId, Fault> {
    let (id, now) = (MensagemId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "INSERT INTO mensagem (id, channel, recipient, recipient_nome, subject, body_text, body_html, secret, state, created_at)
         VALUES ($1, 'email', $2, $3, $4, $5, $6, $7, 'queued', $8)",
        id as _,
        email.to.as_str(),
        email.nome.as_ref().map(Texto::as_str),
        mail.subject.as_str(),
        mail.text,
        mail.html,
        email.secret,
        now,
    )
    .execute(tx.db())
    .await?;
    jobs::enqueue(tx, &EnviarMensagem { id: id.uuid() }, how()).await?;
    Ok(id)
}

/// A notice as it goes out to one person. Its frame is put round it when it does: links lead where the unidade then is.
#[derive(Debug)]
pub(crate) struct NoticeMail {
    pub channel: Channel,
    pub usuario: Uuid,
    pub to: String,
    pub nome: String,
    pub subject: Line,
    pub text: String,
    pub leaves: Leaves,
}

/// Puts the letters of a notice into the outbox of the unidade and enqueues what sends them, both when `tx` commits.
pub(crate) async fn send_notices(
    tx: &mut TenantTx,
    (kind, href): (&NoticeKind, &str),
    letters: &[NoticeMail],
    compromisso: Option<&Compromisso>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    let ids: Vec<Uuid> = letters.iter().map(|_| tx.clock().uuid()).collect();
    let usuarios: Vec<Uuid> = letters.iter().map(|letter| letter.usuario).collect();
    let texts = |field: fn(&NoticeMail) -> &str| letters.iter().map(|letter| field(letter).to_owned()).collect::<Vec<_>>();
    let state = |leaves| if matches!(leaves, Leaves::Gathered(_)) { "held" } else { "queued" };
    let states: Vec<String> = letters.iter().map(|letter| state(letter.leaves).to_owned()).collect();
    let until: Vec<_> = letters.iter().map(|letter| letter.leaves.until()).collect();
    sqlx::query!(
        "INSERT INTO mensagem (id, channel, recipient, recipient_nome, subject, body_text, state, created_at, usuario_id, kind, href, descadastro,
                               waits, hold_until, compromisso)
         SELECT m.id, m.channel, m.recipient, nullif(m.nome, ''), m.subject, m.body_text, m.state, $8, m.usuario_id, $9, $10,
                CASE WHEN m.channel = 'email' THEN gen_random_uuid() END, $11, m.hold_until, CASE WHEN m.channel = 'email' THEN $13::jsonb END
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $12::timestamptz[], $14::text[])
              AS m (id, usuario_id, recipient, nome, subject, body_text, state, hold_until, channel)",
        &ids,
        &usuarios,
        &texts(|letter| &letter.to),
        &texts(|letter| &letter.nome),
        &texts(|letter| letter.subject.as_str()),
        &texts(|letter| &letter.text),
        &states,
        now,
        kind.code,
        href,
        kind.email.waits(),
        &until as &[Option<DateTime<Utc>>],
        compromisso.map(Json) as _,
        &texts(|letter| letter.channel.code()),
    )
    .execute(tx.db())
    .await?;
    let (mut alone, mut gathered) = (Vec::new(), Vec::new());
    for (id, letter) in ids.into_iter().zip(letters) {
        match letter.leaves {
            Leaves::Gathered(at) => gathered.push((EnviarResumo { usuario: letter.usuario }, resumo::how(letter.usuario, at))),
            leaves => alone.push((EnviarMensagem { id }, Enqueue { run_at: leaves.until(), ..how() })),
        }
    }
    if !alone.is_empty() {
        jobs::enqueue_all(tx, &alone).await?;
    }
    if !gathered.is_empty() {
        jobs::enqueue_all(tx, &gathered).await?;
    }
    Ok(())
}

/// What a telephone is to get.
#[derive(Debug, Clone)]
pub struct Text {
    /// The same at every attempt, for gateways that look for twins.
    pub id: Uuid,
    pub to: Telefone,
    pub text: String,
    /// A code that is in the text, for gateways with templates of their own.
    pub code: Option<String>,
}

/// Puts a text for a telephone into the outbox of the unidade and enqueues its sending, both when `tx` commits. A code lets its
/// reader in: the text is forgotten once it was sent or given up.
///
/// # Errors
/// A fault of the database.
pub async fn send_text(tx: &mut TenantTx, to: &Telefone, text: &str, code: Option<&str>) -> Result<MensagemId, Fault> {
    let (id, now) = (MensagemId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "INSERT INTO mensagem (id, channel, recipient, subject, body_text, codigo, secret, state, created_at)
         VALUES ($1, 'whatsapp', $2, '', $3, $4, $5, 'queued', $6)",
        id as _,
        to.as_str(),
        text,
        code,
        code.is_some(),
        now,
    )
    .execute(tx.db())
    .await?;
    jobs::enqueue(tx, &EnviarMensagem { id: id.uuid() }, how()).await?;
    Ok(id)
}

/// Puts a mail into the outbox of the platform and enqueues its sending, both when `tx` commits.
///
/// # Errors
/// A fault of the database.
pub async fn send_platform_email(tx: &mut PlatformTx, email: Email, mail: Rendered) -> Result<MensagemId, Fault> {
    let (id, now) = (MensagemId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "INSERT INTO platform.mensagem
             (id, channel, recipient, recipient_nome, subject, body_text, body_html, secret, state, created_at)
         VALUES ($1, 'email', $2, $3, $4, $5, $6, $7, 'queued', $8)",
        id as _,
        email.to.as_str(),
        email.nome.as_ref().map(Texto::as_str),
        mail.subject.as_str(),
        mail.text,
        mail.html,
        email.secret,
        now,
    )
    .execute(tx.db())
    .await?;
    jobs::enqueue_platform(tx, &EnviarMensagemDaPlataforma { id: id.uuid() }, how()).await?;
    Ok(id)
}

/// For how long it can be asked who was told what.
pub const KEPT: TimeDelta = TimeDelta::days(365);

/// Forgets what went out, or was given up, before `before`. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn forget(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<u64, Fault> {
    let done = sqlx::query!("DELETE FROM mensagem WHERE created_at < $1 AND state IN ('sent', 'dead', 'gathered')", before);
    Ok(done.execute(tx.db()).await?.rows_affected())
}

pub(crate) fn how() -> Enqueue {
    Enqueue { max_attempts: Some(MAX_ATTEMPTS), ..Enqueue::default() }
}

/// A row of an outbox that still has to go out.
pub(crate) struct Waiting {
    id: Uuid,
    channel: String,
    recipient: String,
    recipient_nome: Option<String>,
    subject: String,
    body_text: Option<String>,
    body_html: Option<String>,
    codigo: Option<String>,
    pub secret: bool,
    pub created_at: DateTime<Utc>,
    kind: Option<String>,
    href: Option<String>,
    descadastro: Option<Uuid>,
    idioma: Option<String>,
    /// Whom a notice is for has left meanwhile.
    pub gone: bool,
    waits: bool,
    hold_until: Option<DateTime<Utc>>,
    fuso: Option<String>,
    silencio_inicio: Option<NaiveTime>,
    silencio_fim: Option<NaiveTime>,
    compromisso: Option<Json<Compromisso>>,
}

impl Waiting {
    /// Since when it could have gone out.
    pub(crate) fn since(&self) -> DateTime<Utc> {
        self.hold_until.map_or(self.created_at, |until| until.max(self.created_at))
    }

    /// Until when its reader wants no letters like it, if they want none now.
    pub(crate) fn held(&self, unidade: &Unidade, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let zone = self.fuso.as_deref().and_then(|fuso| fuso.parse().ok()).unwrap_or(unidade.fuso);
        let silencio = Horario::stored(self.silencio_inicio, self.silencio_fim, None).silencio()?;
        if self.waits { silencio.until(now, zone) } else { None }
    }

    /// Whether it is the one letter of the day, made of others.
    pub(crate) fn is_resumo(&self) -> bool {
        self.kind.as_deref() == Some(resumo::KIND)
    }

    /// Whether it goes to a telephone.
    pub(crate) fn is_text(&self) -> bool {
        self.channel == Channel::Telefone.code()
    }

    /// Whether it tells a usuario of something.
    pub(crate) fn is_notice(&self) -> bool {
        self.kind.is_some()
    }

    /// A notice says whose it is, and where there is more.
    pub(crate) fn into_text(self, unidade: &Unidade, links: &Links) -> Result<Text, Fault> {
        let to = self.recipient.parse().map_err(|e: kernel::Invalid| Fault::new("recipient in the outbox", e))?;
        let mut text = self.body_text.ok_or_else(|| Fault::because("a waiting text without words"))?;
        if let Some(href) = &self.href {
            text = format!("{}: {text}\n{}", Line::of(&unidade.nome).as_str(), links.unidade(unidade, href).as_str());
        }
        Ok(Text { id: self.id, to, text, code: self.codigo })
    }

    /// With the frame of a notice round what has none yet.
    pub(crate) fn framed(mut self, unidade: &Unidade, links: &Links, items: &[Item]) -> Result<(Self, Extras), Fault> {
        let (Some(href), Some(token), Some(text)) = (&self.href, self.descadastro, &self.body_text) else {
            return Ok((self, Extras::default()));
        };
        let lang = unidade.lang(self.idioma.as_deref());
        let mail = notice_letter(lang, unidade, links, self.recipient_nome.as_deref(), (href, text), items)?;
        let entry = self.compromisso.take().map(|Json(compromisso)| Entry {
            uid: links.uid(unidade, &compromisso.layer, compromisso.id),
            link: links.unidade(unidade, href),
            compromisso,
        });
        (self.body_html, self.body_text) = (Some(mail.html), Some(mail.text));
        let stop = Some(Stop(links.unidade(unidade, &format!("{STOP_PATH}/{token}"))));
        Ok((self, Extras { stop, entry }))
    }

    pub(crate) fn into_mail(self, from_nome: Line, extras: Extras) -> Result<Outgoing, Fault> {
        let missing = || Fault::because("a waiting mail without a body");
        Ok(Outgoing {
            from_nome,
            to: self.recipient.parse().map_err(|e: kernel::Invalid| Fault::new("recipient in the outbox", e))?,
            to_nome: self.recipient_nome.as_deref().map(Line::of),
            subject: Line::of(&self.subject),
            html: self.body_html.ok_or_else(missing)?,
            text: self.body_text.ok_or_else(missing)?,
            id: self.id,
            created_at: self.created_at,
            extras,
        })
    }
}

/// Where one turns the e-mails of a kind off, and where one chooses what to hear of: pages of `acesso`.
pub const STOP_PATH: &str = "/notificacoes/parar";
pub const CHOOSE_PATH: &str = "/conta/notificacoes";

fn notice_letter(
    lang: Lang,
    unidade: &Unidade,
    links: &Links,
    nome: Option<&str>,
    (href, text): (&str, &str),
    items: &[Item],
) -> Result<Rendered, Fault> {
    let letter = Letter {
        lang,
        subject: Line::of(text),
        heading: idioma::t_args(lang, "mail-notice-heading", [("nome", nome.unwrap_or_default().into())]),
        paragraphs: text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        action: Some(Action { label: idioma::t(lang, "mail-notice-open").to_owned(), link: links.unidade(unidade, href) }),
        note: None,
    };
    let choose = Action { label: idioma::t(lang, "mail-notice-choose").to_owned(), link: links.unidade(unidade, CHOOSE_PATH) };
    let item = |item: &Item| Action { label: item.subject.clone(), link: links.unidade(unidade, &item.href) };
    let items: Vec<Action> = items.iter().map(item).collect();
    letter.render_list(&Brand::of(unidade), &items, Some(&choose))
}

/// What becomes of a message after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark<'a> {
    Sent,
    Failed(&'a str),
    Dead(&'a str),
}

impl<'a> Mark<'a> {
    const fn state(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed(_) => "failed",
            Self::Dead(_) => "dead",
        }
    }

    const fn error(self) -> Option<&'a str> {
        match self {
            Self::Sent => None,
            Self::Failed(error) | Self::Dead(error) => Some(error),
        }
    }
}

pub(crate) async fn find(tx: &mut TenantTx, id: Uuid) -> Result<Option<Waiting>, Fault> {
    Ok(sqlx::query_as!(
        Waiting,
        r#"SELECT m.id, m.channel, m.recipient, m.recipient_nome, m.subject, m.body_text, m.body_html, m.codigo, m.secret, m.created_at,
                  m.kind, m.href, m.descadastro, u.idioma AS "idioma?", m.kind IS NOT NULL AND u.ativo IS NOT TRUE AS "gone!",
                  m.waits, m.hold_until, u.fuso AS "fuso?", h.silencio_inicio AS "silencio_inicio?", h.silencio_fim AS "silencio_fim?",
                  m.compromisso AS "compromisso: Json<Compromisso>"
           FROM mensagem m LEFT JOIN usuario u ON u.id = m.usuario_id LEFT JOIN notificacao_horario h ON h.usuario_id = m.usuario_id
           WHERE m.id = $1 AND m.state IN ('queued', 'failed')"#,
        id
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(crate) async fn mark(tx: &mut TenantTx, id: Uuid, message_id: &str, mark: Mark<'_>) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE mensagem
         SET state = $2, last_error = $3, message_id = $5, attempts = attempts + 1,
             sent_at = CASE WHEN $2 = 'sent' THEN $4::timestamptz END,
             body_text = CASE WHEN secret AND $2 <> 'failed' THEN NULL ELSE body_text END,
             body_html = CASE WHEN secret AND $2 <> 'failed' THEN NULL ELSE body_html END,
             codigo = CASE WHEN $2 = 'failed' THEN codigo END,
             compromisso = CASE WHEN $2 <> 'sent' THEN compromisso END
         WHERE id = $1",
        id,
        mark.state(),
        mark.error(),
        now,
        message_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn find_platform(tx: &mut PlatformTx, id: Uuid) -> Result<Option<Waiting>, Fault> {
    Ok(sqlx::query_as!(
        Waiting,
        r#"SELECT id, channel, recipient, recipient_nome, subject, body_text, body_html, NULL AS codigo, secret, created_at,
                  NULL AS kind, NULL AS href, NULL::uuid AS descadastro, NULL AS idioma, false AS "gone!", false AS "waits!",
                  NULL::timestamptz AS hold_until, NULL AS fuso, NULL::time AS silencio_inicio, NULL::time AS silencio_fim,
                  NULL::jsonb AS "compromisso: Json<Compromisso>"
           FROM platform.mensagem WHERE id = $1 AND state IN ('queued', 'failed')"#,
        id
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(crate) async fn mark_platform(tx: &mut PlatformTx, id: Uuid, message_id: &str, mark: Mark<'_>) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE platform.mensagem
         SET state = $2, last_error = $3, message_id = $5, attempts = attempts + 1,
             sent_at = CASE WHEN $2 = 'sent' THEN $4::timestamptz END,
             body_text = CASE WHEN secret AND $2 <> 'failed' THEN NULL ELSE body_text END,
             body_html = CASE WHEN secret AND $2 <> 'failed' THEN NULL ELSE body_html END
         WHERE id = $1",
        id,
        mark.state(),
        mark.error(),
        now,
        message_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
