use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use kernel::{Actor, ActorKind, Denied, Refusal, Rule, Told};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{GERIR, sql};

/// Number of a key that signs tokens; claim `kid`. 1 to 9999, written in one way only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chave(i32);

impl Chave {
    /// The key that every unidade begins with.
    pub const FIRST: Self = Self(1);
    const LAST: i32 = 9999;

    pub(crate) const fn stored(number: i32) -> Self {
        Self(number)
    }

    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    /// The one that takes its place; `None` after the last.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        if self.0 < Self::LAST { Some(Self(self.0 + 1)) } else { None }
    }
}

impl fmt::Display for Chave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// No number of a key, or written otherwise than we write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no number of a key")]
pub struct NoChave;

impl FromStr for Chave {
    type Err = NoChave;

    fn from_str(text: &str) -> Result<Self, NoChave> {
        let number: i32 = text.parse().map_err(|_| NoChave)?;
        ((1..=Self::LAST).contains(&number) && number.to_string() == text).then_some(Self(number)).ok_or(NoChave)
    }
}

/// A key as the page shows it; the key itself follows from that of the installation and is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChaveInfo {
    pub number: Chave,
    pub created_at: DateTime<Utc>,
    pub created_by_nome: String,
    pub ended_at: Option<DateTime<Utc>>,
    /// Tokens of it that still count.
    pub tokens: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChaveRule {
    #[error("the key was changed meanwhile")]
    Changed,
}

impl Rule for ChaveRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type ChaveError = Refusal<ChaveRule>;

/// Puts a new key in the place of `seen`, the one in use when the page was read. What older keys signed goes on to count until
/// its own end, or ends now, with them.
pub async fn trocar_chave(tx: &mut TenantTx, actor: &Actor, seen: Chave, end_older: bool) -> Result<Chave, ChaveError> {
    actor.require(&GERIR)?;
    // A token that ended those of others would be alone.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    let new = seen.next().ok_or(ChaveRule::Changed)?;
    if !sql::insert_chave(tx, new, &actor.nome).await? {
        return Err(ChaveRule::Changed.into());
    }
    let ended = if end_older { sql::end_chaves_before(tx, new).await? } else { 0 };
    let change = Change::between(&json!({ "chave": seen.get() }), &json!({ "chave": new.get(), "tokens_encerrados": ended }));
    tx.audit(actor, Entry { action: "token.chave_trocada", entity: "token_chave", entity_id: None, change }).await?;
    Ok(new)
}
