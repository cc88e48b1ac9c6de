//! Proving again who one is, before what a thief of an open sessão would do first (ASVS V7.5.1).

mod sql;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, ErrorKind, Fault, FieldError, Invalid, Kind};
use tenancy::{TenantTx, Tenants, Unidade};

use crate::{
    entrar::tentativa::{self, Keys, Verdict},
    senha::{Place, Senha},
    sessao::SessaoId,
    usuario,
};

/// Whoever has no senha proved who they are when they entered; that lasts so long.
const FRESH: TimeDelta = TimeDelta::minutes(15);

#[derive(Debug, thiserror::Error)]
pub enum ProvaError {
    #[error("the current password does not match")]
    Wrong,
    #[error("too many failed attempts")]
    TooMany,
    #[error("the person has no password and entered a while ago")]
    Stale,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ProvaError {
    fn kind(&self) -> Kind {
        match self {
            Self::Wrong | Self::Stale => Kind::Invalid,
            Self::TooMany => Kind::Unavailable,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "invalid",
            Self::TooMany => "login-wait",
            Self::Stale => "prova-stale",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Wrong => vec![Invalid::new("senha-atual").at("senha_atual")],
            Self::TooMany | Self::Stale | Self::Fault(_) => Vec::new(),
        }
    }
}

struct Known {
    email: String,
    secret: Option<String>,
    entered_at: DateTime<Utc>,
    /// They came over from another unidade: what they proved there is of another day.
    came_over: bool,
}

/// Holds no connection while the password is hashed. Guesses count as attempts to enter.
pub(crate) async fn provar(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    sessao: SessaoId,
    senha: Senha,
) -> Result<(), ProvaError> {
    let own = usuario::of(actor).ok_or_else(|| Fault::because("only a usuario proves who they are"))?;
    let place = Place::take()?;
    let known = tenants.read(unidade, async |tx: &mut TenantTx| sql::find(tx, own, sessao).await).await?;
    if known.secret.is_none() {
        let fresh = !known.came_over && tenants.clock().now() - known.entered_at < FRESH;
        return if fresh { Ok(()) } else { Err(ProvaError::Stale) };
    }
    let keys = Keys::of(&known.email, actor.meta.ip);
    let verdict = tenants.record(unidade, async |tx: &mut TenantTx| tentativa::count(tx, &keys).await).await?;
    if matches!(verdict, Verdict::Spent(_)) {
        return Err(ProvaError::TooMany);
    }
    if !place.verify(senha, known.secret).await? {
        return Err(ProvaError::Wrong);
    }
    Ok(tenants.write(unidade, async |tx: &mut TenantTx| tentativa::forgive(tx, &keys).await).await?)
}
