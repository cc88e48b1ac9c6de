//! On which channels somebody hears of what.
//!
//! A kind of notice is a constant of the module that owns it and says what holds for everybody; a person deviates from that where it
//! may be deviated from, and only the deviation is kept. Who hears what is decided in one place: [`NoticeKind::asks`].

use kernel::{Fault, Permission};
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

use super::sql;

/// Where a person can hear of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Panel,
    Email,
    /// WhatsApp or SMS, as the unidade's gateway does it.
    Telefone,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Panel, Self::Email, Self::Telefone];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Email => "email",
            Self::Telefone => "whatsapp",
        }
    }
}

/// What holds on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeRule {
    /// Told, unless the person turns it off.
    On,
    /// As `On`, and at once at any hour: a letter of it waits for nobody's morning.
    Now,
    /// Not told, unless the person turns it on.
    Off,
    /// Told; nobody turns it off.
    Always,
    /// Told by a letter of its own, which whoever makes the notice writes; nobody turns it off.
    Letter,
    /// Not told; nobody turns it on.
    Never,
}

impl NoticeRule {
    /// Whether a person decides.
    #[must_use]
    pub const fn is_free(self) -> bool {
        matches!(self, Self::On | Self::Now | Self::Off)
    }

    /// Whether a letter of it may be held back until its reader wants letters.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::On | Self::Off)
    }

    /// What holds for whoever never said anything.
    #[must_use]
    pub const fn default(self) -> bool {
        !matches!(self, Self::Off | Self::Never)
    }

    /// What holds for whoever said `wanted`: what is locked stays, whatever stands in the table from when it was not.
    #[must_use]
    pub fn or(self, wanted: Option<bool>) -> bool {
        wanted.filter(|_| self.is_free()).unwrap_or(self.default())
    }
}

/// A kind of notice: what a person decides about as one thing.
#[derive(Debug)]
pub struct NoticeKind {
    /// `modulo.assunto`; kept with what people want, so it stays.
    pub code: &'static str,
    /// Keys of its name and of what it tells, and to whom.
    pub label: &'static str,
    pub help: &'static str,
    /// Whoever makes the notice tells only people who hold this; to others it is not offered.
    pub needs: Option<Permission>,
    pub panel: NoticeRule,
    pub email: NoticeRule,
}

/// What becomes of one notice for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// It rings; otherwise the panel only keeps it, as read.
    pub panel: bool,
    /// A letter is written.
    pub email: bool,
    /// A text for the telephone is.
    pub telefone: bool,
}

/// By what somebody can be reached beside the panel, which everybody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    pub email: bool,
    pub telefone: bool,
}

impl NoticeKind {
    #[must_use]
    pub const fn rule(&self, channel: Channel) -> NoticeRule {
        match channel {
            Channel::Panel => self.panel,
            Channel::Email => self.email,
            // A text interrupts, and somebody pays for it: it goes to whoever asked for it, and never where the letter is more than a notice.
            Channel::Telefone if self.email.is_free() => NoticeRule::Off,
            Channel::Telefone => NoticeRule::Never,
        }
    }

    /// What a person of whom `wanted` is known gets.
    #[must_use]
    pub fn asks(&self, wanted: impl Fn(Channel) -> Option<bool>, reached: Reached) -> Ways {
        let asked = |channel| self.rule(channel).or(wanted(channel));
        Ways {
            panel: asked(Channel::Panel),
            email: reached.email && self.email != NoticeRule::Letter && asked(Channel::Email),
            telefone: reached.telefone && asked(Channel::Telefone),
        }
    }
}

/// How somebody deviates from what holds for everybody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Preferencia {
    pub kind: String,
    pub channel: String,
    pub wanted: bool,
}

/// Those of a usuario.
///
/// # Errors
/// A fault of the database.
pub async fn preferencias(tx: &mut TenantTx, usuario: Uuid) -> Result<Vec<Preferencia>, Fault> {
    sql::preferencias(tx, usuario).await
}

/// Keeps what a usuario wants; what holds for everybody is kept by forgetting. False when it was so before, or is locked.
///
/// # Errors
/// A fault of the database.
pub async fn want(tx: &mut TenantTx, usuario: Uuid, kind: &NoticeKind, channel: Channel, wanted: bool) -> Result<bool, Fault> {
    let rule = kind.rule(channel);
    if !rule.is_free() {
        return Ok(false);
    }
    if wanted == rule.default() {
        return sql::forget_preferencia(tx, usuario, kind.code, channel).await;
    }
    sql::keep_preferencia(tx, usuario, kind.code, channel, wanted).await
}

/// Back to what holds for everybody, in all kinds. Answers how much was otherwise.
///
/// # Errors
/// A fault of the database.
pub async fn reset(tx: &mut TenantTx, usuario: Uuid) -> Result<u64, Fault> {
    sql::reset(tx, usuario).await
}

/// By what the e-mails of one kind to one person are turned off, or of all kinds that one letter told; good for nothing else, and
/// in one unidade alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descadastro {
    pub usuario: Uuid,
    pub kinds: Vec<String>,
}

/// What a link of a letter turns off; `None` for one that no letter of this unidade bore, or to somebody who is gone.
///
/// # Errors
/// A fault of the database.
pub async fn descadastro(tx: &mut TenantTx, token: Uuid) -> Result<Option<Descadastro>, Fault> {
    sql::descadastro(tx, token).await
}

/// Those of a person: `{ kind, channel, wanted, updated_at }`, and their hours: `{ silencio_inicio, silencio_fim, resumo_hora, updated_at }`.
///
/// # Errors
/// A fault of the database.
pub async fn of(ground: &mut Ground<'_>, usuario: Uuid) -> Result<Vec<Value>, Fault> {
    sql::preferencias_of(ground, usuario).await
}

/// Removes those of a person. Answers how many.
///
/// # Errors
/// A fault of the database.
pub async fn erase(ground: &mut Ground<'_>, usuario: Uuid) -> Result<u64, Fault> {
    sql::erase_preferencias(ground, usuario).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(panel: NoticeRule, email: NoticeRule) -> NoticeKind {
        NoticeKind { code: "casa.teste", label: "", help: "", needs: None, panel, email }
    }

    #[test]
    fn a_person_decides_where_they_may_and_the_kind_everywhere_else() {
        let (yes, no, unsaid) = (Some(true), Some(false), None);
        for (panel, email, wanted_panel, wanted_email, ways) in [
            (NoticeRule::On, NoticeRule::Off, unsaid, unsaid, (true, false)),
            (NoticeRule::On, NoticeRule::On, unsaid, unsaid, (true, true)),
            (NoticeRule::On, NoticeRule::Off, no, yes, (false, true)),
            (NoticeRule::On, NoticeRule::On, no, no, (false, false)),
            (NoticeRule::On, NoticeRule::Now, unsaid, unsaid, (true, true)),
            (NoticeRule::On, NoticeRule::Now, unsaid, no, (true, false)),
            (NoticeRule::Off, NoticeRule::On, yes, unsaid, (true, true)),
            (NoticeRule::Always, NoticeRule::Always, no, no, (true, true)),
            (NoticeRule::Always, NoticeRule::Letter, no, yes, (true, false)),
        ] {
            let wanted = |channel| match channel {
                Channel::Panel => wanted_panel,
                Channel::Email => wanted_email,
                Channel::Telefone => None,
            };
            let everywhere = Reached { email: true, telefone: true };
            let (panel_told, email_told) = ways;
            let told = Ways { panel: panel_told, email: email_told, telefone: false };
            assert_eq!(
                kind(panel, email).asks(wanted, everywhere),
                told,
                "{panel:?} {email:?} {wanted_panel:?} {wanted_email:?}"
            );
            let unreached = kind(panel, email).asks(wanted, Reached { email: false, telefone: false });
            assert_eq!(unreached, Ways { email: false, ..told }, "the panel does not depend on e-mail");
        }
    }

    #[test]
    fn a_telephone_gets_only_what_was_asked_for_and_has_a_number_for_it() {
        let everything = |_| Some(true);
        for (email, reached, told) in [
            (NoticeRule::On, true, true),
            (NoticeRule::Now, true, true),
            (NoticeRule::Off, true, true),
            (NoticeRule::On, false, false),
            (NoticeRule::Always, true, false),
            (NoticeRule::Letter, true, false),
        ] {
            let ways = kind(NoticeRule::On, email).asks(everything, Reached { email: true, telefone: reached });
            assert_eq!(ways.telefone, told, "{email:?} {reached}");
        }
        let unsaid = kind(NoticeRule::On, NoticeRule::On).asks(|_| None, Reached { email: true, telefone: true });
        assert!(!unsaid.telefone, "nobody asked for it");
    }
}
