//! What the panel tells one person: kept as the key of a sentence and its variables, told in the reader's language.
//!
//! The rules it protects: a notificação exists exactly when its change was committed; nobody reads or marks another's; it
//! leads to a path of its unidade, where the reader's own rights decide anew; what somebody does not want to be rung for is kept
//! all the same, as read.

pub mod horario;
pub mod preferencia;
mod sql;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use kernel::{Entity, Fault, Id, Lang, fold};
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

#[derive(Debug)]
pub enum NotificacaoEntity {}
impl Entity for NotificacaoEntity {
    const NAME: &'static str = "notificacao";
}
pub type NotificacaoId = Id<NotificacaoEntity>;

pub use preferencia::{Channel, NoticeKind, NoticeRule, Reached, Ways};

use crate::{
    Compromisso, Line,
    outbox::{self, NoticeMail},
};
use horario::Leaves;

/// What is told to the open pages; the id is the usuario's.
pub const TOPIC: &str = "notificacao";
/// The badge counts to here and no further.
pub const UNREAD_MAX: i64 = 100;
/// How long one is kept.
pub const KEPT: TimeDelta = TimeDelta::days(90);
/// Letters kept of one variable; a name may be longer than a sentence bears.
const ARG_MAX: usize = 120;

/// What somebody is to hear.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// What its reader decides about.
    pub kind: &'static NoticeKind,
    /// Of its sentence in the catalogue.
    pub key: &'static str,
    /// The sentence's variables. `n` and what begins with `n_` are whole numbers: they choose the plural and are grouped.
    pub args: &'a [(&'a str, &'a str)],
    /// Path of what it is about.
    pub href: &'a str,
}

/// What the letters of a notice say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailing<'a> {
    /// Its sentence.
    Sentence,
    /// This, with its sentence as the subject.
    Text(&'a str),
    /// Its sentence, with an event for the reader's calendar.
    Event(&'a Compromisso),
    /// There are none, whatever its readers want.
    None,
}

/// Tells a usuario, when `tx` commits, on the channels that its kind and they themselves ask for: on the panel, where open pages of
/// theirs hear it at once in every process, and by a letter in their language, which leaves when they want letters. A usuario who is
/// deactivated is not told.
///
/// # Errors
/// A fault of the database, also for an `href` that is no path.
pub async fn notify(tx: &mut TenantTx, to: Uuid, notice: &Notice<'_>) -> Result<(), Fault> {
    notify_all(tx, &[to], notice, Mailing::Sentence).await
}

/// As [`notify`], for many in as few statements.
///
/// # Errors
/// As [`notify`].
pub async fn notify_all(tx: &mut TenantTx, to: &[Uuid], notice: &Notice<'_>, mailing: Mailing<'_>) -> Result<(), Fault> {
    let readers = sql::readers(tx, to, notice.kind.code).await?;
    if readers.is_empty() {
        return Ok(());
    }
    let args: BTreeMap<&str, String> = notice.args.iter().map(|(name, value)| (*name, shortened(value))).collect();
    let words = |lang| idioma::told(lang, notice.key, args.iter().map(|(name, value)| (*name, value.as_str())));
    let (mut told, mut letters) = (Vec::with_capacity(readers.len()), Vec::new());
    for reader in readers {
        let Ways { panel, email, telefone } = reader.ways(notice.kind);
        told.push((reader.id, panel));
        if email && mailing != Mailing::None {
            letters.push(letter(tx, notice.kind, &reader, mailing, words)?);
        }
        if telefone && mailing != Mailing::None {
            letters.extend(text(tx, notice.kind, &reader, words)?);
        }
    }
    let busca = Lang::ALL.into_iter().filter_map(words).map(|text| fold(&text)).collect::<Vec<_>>().join("\n");
    sql::insert(tx, &told, notice, &args, &busca).await?;
    let rung: Vec<Uuid> = told.iter().filter(|(_, panel)| *panel).map(|(id, _)| *id).collect();
    if !rung.is_empty() {
        tx.tell_all(TOPIC, rung).await?;
    }
    if !letters.is_empty() {
        let event = if let Mailing::Event(event) = mailing { Some(event) } else { None };
        outbox::send_notices(tx, (notice.kind, notice.href), &letters, event).await?;
    }
    Ok(())
}

/// How many of these would get a letter of that kind.
///
/// # Errors
/// A fault of the database.
pub async fn mailed(tx: &mut TenantTx, to: &[Uuid], kind: &NoticeKind) -> Result<usize, Fault> {
    let readers = sql::readers(tx, to, kind.code).await?;
    Ok(readers.iter().filter(|reader| reader.ways(kind).email).count())
}

fn letter(
    tx: &TenantTx,
    kind: &NoticeKind,
    reader: &sql::Reader,
    mailing: Mailing<'_>,
    words: impl Fn(Lang) -> Option<String>,
) -> Result<NoticeMail, Fault> {
    let sentence = sentence(tx, reader, words)?;
    Ok(NoticeMail {
        channel: Channel::Email,
        usuario: reader.id,
        nome: reader.nome.clone(),
        to: reader.email.clone(),
        subject: Line::of(&sentence),
        text: if let Mailing::Text(text) = mailing { text.to_owned() } else { sentence },
        leaves: if kind.email.waits() { reader.horario().leaves(tx.clock().now(), zone(tx, reader)) } else { Leaves::Now },
    })
}

/// For the telephone, the sentence alone; nobody gathers texts into one, so that only the silêncio holds them.
fn text(
    tx: &TenantTx,
    kind: &NoticeKind,
    reader: &sql::Reader,
    words: impl Fn(Lang) -> Option<String>,
) -> Result<Option<NoticeMail>, Fault> {
    let Some(to) = reader.telefone.clone() else { return Ok(None) };
    let line = Line::of(&sentence(tx, reader, words)?);
    let silencio = reader.horario().silencio().filter(|_| kind.email.waits());
    let until = silencio.and_then(|silencio| silencio.until(tx.clock().now(), zone(tx, reader)));
    Ok(Some(NoticeMail {
        channel: Channel::Telefone,
        usuario: reader.id,
        nome: reader.nome.clone(),
        to,
        text: line.as_str().to_owned(),
        subject: line,
        leaves: until.map_or(Leaves::Now, Leaves::At),
    }))
}

fn sentence(tx: &TenantTx, reader: &sql::Reader, words: impl Fn(Lang) -> Option<String>) -> Result<String, Fault> {
    words(tx.unidade().lang(reader.idioma.as_deref())).ok_or_else(|| Fault::because("a notice without words"))
}

fn zone(tx: &TenantTx, reader: &sql::Reader) -> Tz {
    reader.fuso.as_deref().and_then(|fuso| fuso.parse().ok()).unwrap_or(tx.unidade().fuso)
}

fn shortened(value: &str) -> String {
    if value.chars().count() <= ARG_MAX {
        return value.to_owned();
    }
    value.chars().take(ARG_MAX - 1).chain(['…']).collect()
}

/// What somebody was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notificacao {
    pub id: NotificacaoId,
    /// Code of its kind; of a few old ones none is known.
    pub kind: Option<String>,
    pub key: String,
    pub args: BTreeMap<String, String>,
    pub href: String,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

impl Notificacao {
    /// Its sentence. One that another release told, in words that this one does not have, only says that it is there.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let args = self.args.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        idioma::told(lang, &self.key, args).unwrap_or_else(|| idioma::t(lang, "notificacao-other-words").to_owned())
    }
}

/// Which of somebody's are listed. The default: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filtro {
    pub unread: bool,
    /// Codes of kinds; of all when there are none.
    pub kinds: Vec<String>,
    /// Words of their sentences, in any language of the product, accents and case aside.
    pub busca: String,
}

impl Filtro {
    #[must_use]
    pub fn unread() -> Self {
        Self { unread: true, ..Self::default() }
    }
}

/// How many of a usuario's are unread, counted up to [`UNREAD_MAX`].
///
/// # Errors
/// A fault of the database.
pub async fn unread(tx: &mut TenantTx, usuario: Uuid) -> Result<i64, Fault> {
    sql::unread(tx, usuario).await
}

/// Those of a usuario, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, usuario: Uuid, filtro: &Filtro, offset: i64, limit: i64) -> Result<Vec<Notificacao>, Fault> {
    sql::list(tx, usuario, filtro, offset, limit).await
}

/// How many a usuario has of those, read and unread, and how many of them are unread.
///
/// # Errors
/// A fault of the database.
pub async fn count(tx: &mut TenantTx, usuario: Uuid, filtro: &Filtro) -> Result<(i64, i64), Fault> {
    sql::count(tx, usuario, filtro).await
}

/// Codes of the kinds that a usuario has any of.
///
/// # Errors
/// A fault of the database.
pub async fn kinds(tx: &mut TenantTx, usuario: Uuid) -> Result<Vec<String>, Fault> {
    sql::kinds(tx, usuario).await
}

/// Marks one of a usuario's as read and says where it leads; `None` when they have none of that id.
///
/// # Errors
/// A fault of the database.
pub async fn read(tx: &mut TenantTx, usuario: Uuid, id: NotificacaoId) -> Result<Option<String>, Fault> {
    let Some((href, changed)) = sql::read(tx, usuario, id).await? else { return Ok(None) };
    if changed {
        tx.tell(TOPIC, usuario).await?;
    }
    Ok(Some(href))
}

/// Marks all of a usuario's as read, or those that lead to `href`; says how many were not.
///
/// # Errors
/// A fault of the database.
pub async fn read_all(tx: &mut TenantTx, usuario: Uuid, href: Option<&str>) -> Result<u64, Fault> {
    let marked = sql::read_all(tx, usuario, href).await?;
    if marked > 0 {
        tx.tell(TOPIC, usuario).await?;
    }
    Ok(marked)
}

/// Forgets those from before `before`. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn forget(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<u64, Fault> {
    sql::forget(tx, before).await
}

/// Those of a person, and those that name them: `{ created_at, key, args, read_at }`.
///
/// # Errors
/// A fault of the database.
pub async fn of(ground: &mut Ground<'_>, usuario: Uuid, pattern: &str) -> Result<Vec<Value>, Fault> {
    sql::of(ground, usuario, pattern).await
}

/// Removes those of a person, and the person from those of others. Answers how many of each.
///
/// # Errors
/// A fault of the database.
pub async fn erase(ground: &mut Ground<'_>, usuario: Uuid, pattern: &str) -> Result<(u64, u64), Fault> {
    sql::erase(ground, usuario, pattern).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(key: &str, args: &[(&str, &str)]) -> Notificacao {
        Notificacao {
            id: NotificacaoId::new(Uuid::nil()),
            kind: None,
            key: key.to_owned(),
            args: args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            href: "/".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            read_at: None,
        }
    }

    #[test]
    fn each_reader_hears_it_in_their_language_with_counts_as_counts() {
        let notificacao =
            told("importacao-notice", &[("file", "2024"), ("n_created", "1480"), ("n_updated", "0"), ("n_refused", "1")]);
        assert_eq!(notificacao.text(Lang::PtBr), "Importação de “2024” terminou: 1.480 cadastradas, 0 atualizadas, 1 recusada.");
        assert_eq!(notificacao.text(Lang::En), "Import of “2024” has finished: 1,480 created, 0 updated, 1 refused.");
    }

    #[test]
    fn words_that_this_release_does_not_have_are_no_fault() {
        for notificacao in [told("gone-since", &[]), told("importacao-notice", &[("file", "a")])] {
            assert_eq!(notificacao.text(Lang::En), "A message of another version of the system");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        assert_eq!(shortened("á"), "á");
        assert_eq!(shortened(&"á".repeat(5000)).chars().count(), ARG_MAX);
    }
}
