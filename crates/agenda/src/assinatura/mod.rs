//! Addresses under which somebody reads the calendar in a program of theirs (S0-6.5), without Google and without a senha.
//!
//! The rules it protects: an address is a secret that is shown once and kept as a hash; it tells what its owner may see at that
//! moment, and nothing once it is revoked or they may enter no more.

pub(crate) mod ics;
pub mod pages;
mod sql;
pub(crate) mod titular;

use acesso::Segredo;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Entity, Fault, Id, Refusal, Rule, Told};
use serde::Serialize;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

#[derive(Debug)]
pub enum AssinaturaEntity {}
impl Entity for AssinaturaEntity {
    const NAME: &'static str = "agenda_assinatura";
}
pub type AssinaturaId = Id<AssinaturaEntity>;

/// Of one person: a telephone, a computer, and a few that were forgotten.
pub const MAX: i64 = 20;

/// Programs ask every quarter of an hour: how often is noted that they did.
const SEEN: TimeDelta = TimeDelta::hours(1);

/// Whose days it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Alcance {
    /// Those of its owner.
    Minha,
    /// All that its owner sees in the unidade.
    Unidade,
}

impl Alcance {
    pub const ALL: [Self; 2] = [Self::Minha, Self::Unidade];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Minha => "minha",
            Self::Unidade => "unidade",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Minha => "assinatura-minha",
            Self::Unidade => "assinatura-unidade",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alcance| alcance.code() == code)
    }
}

/// An address that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assinatura {
    pub id: AssinaturaId,
    pub alcance: Alcance,
    pub created_at: DateTime<Utc>,
    /// When a program last read it, to the hour.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Why no address is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssinaturaRule {
    #[error("{MAX} addresses are out already")]
    TooMany,
}

impl Rule for AssinaturaRule {
    fn told(&self) -> Told {
        match self {
            Self::TooMany => Told::conflict("assinatura-too-many"),
        }
    }
}

pub type AssinaturaError = Refusal<AssinaturaRule>;

/// Gives the actor an address; its secret is told here and nowhere again.
///
/// # Errors
/// Not found for whoever is no person; [`AssinaturaRule::TooMany`].
pub async fn assinar(tx: &mut TenantTx, actor: &Actor, alcance: Alcance) -> Result<Segredo, AssinaturaError> {
    let usuario = actor.usuario().ok_or(AssinaturaError::NotFound)?;
    if sql::hold(tx, usuario).await? >= MAX {
        return Err(AssinaturaRule::TooMany.into());
    }
    let segredo = Segredo::draw();
    let id = sql::insert(tx, usuario, alcance, &segredo.hash()).await?;
    let change = Change::created(&json!({ "alcance": alcance }));
    tx.audit(actor, entry("agenda_assinatura.criada", id, change)).await?;
    Ok(segredo)
}

/// Ends an address of the actor's own: whoever reads it finds nothing from now on.
///
/// # Errors
/// Not found for one of somebody else.
pub async fn revogar(tx: &mut TenantTx, actor: &Actor, id: AssinaturaId) -> Result<(), AssinaturaError> {
    let usuario = actor.usuario().ok_or(AssinaturaError::NotFound)?;
    let alcance = sql::delete(tx, usuario, id).await?.ok_or(AssinaturaError::NotFound)?;
    let change = Change::removed(&json!({ "alcance": alcance }));
    tx.audit(actor, entry("agenda_assinatura.revogada", id, change)).await?;
    Ok(())
}

/// Those of somebody, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, usuario: Uuid) -> Result<Vec<Assinatura>, Fault> {
    sql::list(tx, usuario).await
}

/// Who reads by an address, with the rights they hold at this moment, and what it tells. `None`: there is no such address, or its
/// owner may enter no more.
///
/// # Errors
/// A fault of the database.
pub async fn reader(tx: &mut TenantTx, segredo: &Segredo) -> Result<Option<(Actor, Alcance)>, Fault> {
    let now = tx.clock().now();
    let Some((id, usuario, alcance, seen)) = sql::by_hash(tx, &segredo.hash()).await? else { return Ok(None) };
    let Some(actor) = acesso::usuario::actor(tx, usuario).await? else { return Ok(None) };
    if seen.is_none_or(|seen| now - seen >= SEEN) {
        sql::seen(tx, id, now).await?;
    }
    Ok(Some((actor, alcance)))
}

const fn entry(action: &'static str, id: AssinaturaId, change: Change) -> Entry {
    Entry { action, entity: AssinaturaEntity::NAME, entity_id: Some(id.uuid()), change }
}
