//! Signing in with e-mail and senha (S0-1.1). An outsider learns nothing but "wrong": the answer and the work behind it are
//! the same whether the account exists, has no password, is deactivated, or the password does not match.

pub mod pages;
mod sql;
pub(crate) mod tentativa;

pub use tentativa::{Limit, address_class, within};

use std::sync::Arc;

use kernel::{Actor, Email, ErrorKind, Fault, Kind, RequestMeta};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx, Tenants, Unidade};

use crate::{
    aparelho::{self, Aparelhos},
    passo::{self, Chegada, Entrou},
    senha::{Place, Senha},
    sessao::{Conta, Method, SessaoId},
};

/// What somebody typed.
#[derive(Debug)]
pub struct Entrar {
    pub email: String,
    pub senha: Senha,
    /// The sessão they came with; it ends.
    pub previous: Option<SessaoId>,
    /// By what the browser may be known.
    pub aparelhos: Aparelhos,
}

#[derive(Debug, thiserror::Error)]
pub enum EntrarError {
    /// The one answer to everything that does not match.
    #[error("e-mail or password do not match")]
    Wrong,
    /// Too many failures of this e-mail from this address, of this address, or of this e-mail.
    #[error("too many failed attempts")]
    TooMany,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for EntrarError {
    fn kind(&self) -> Kind {
        match self {
            Self::Wrong => Kind::Invalid,
            Self::TooMany => Kind::Unavailable,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "login",
            Self::TooMany => "login-wait",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Opens a sessão for whoever knows the password, or a passo where a second factor is asked.
///
/// Holds no connection while the password is hashed. The attempt is counted, and kept, before the password is looked at:
/// many at once, and those whose client hangs up, count too.
pub async fn entrar(tenants: &Tenants, unidade: &Arc<Unidade>, meta: &RequestMeta, cmd: Entrar) -> Result<Entrou, EntrarError> {
    let attempt = tenants.record(unidade, async |tx: &mut TenantTx| count(tx, &cmd, meta).await).await?;
    let Attempt::Allowed(found, keys) = attempt else {
        return Err(EntrarError::TooMany);
    };
    let place = match Place::take() {
        Ok(place) => place,
        Err(full) => {
            // Nobody looked at the password.
            tenants.record(unidade, async |tx: &mut TenantTx| tentativa::uncount(tx, &keys).await).await?;
            return Err(full.into());
        }
    };
    let Entrar { email, senha, previous, aparelhos } = cmd;
    let right = place.verify(senha, found.as_ref().map(|found| found.secret.clone())).await?;
    let mut opened = None;
    if let Some(found) = found.filter(|_| right) {
        opened = tenants
            .write(unidade, async |tx: &mut TenantTx| {
                // It may have been changed, or its usuario deactivated, while it was hashed.
                if !sql::still_opens(tx, found.conta.id, &found.secret).await? {
                    return Ok(None);
                }
                tentativa::forgive(tx, &keys).await?;
                let chegada = Chegada { conta: found.conta, method: Method::Senha, meta, previous, aparelhos };
                passo::proceed(tx, chegada).await.map(Some)
            })
            .await?;
    }
    if let Some(opened) = opened {
        let outcome = if matches!(opened, Entrou::Fechada) { "elsewhere" } else { "entered" };
        metrics::counter!("logins_total", "outcome" => outcome).increment(1);
        Ok(opened)
    } else {
        tenants.record(unidade, async |tx: &mut TenantTx| refused(tx, meta, &email, "acesso.entrada_recusada").await).await?;
        metrics::counter!("logins_total", "outcome" => "refused").increment(1);
        Err(EntrarError::Wrong)
    }
}

/// An active account with a password.
struct Found {
    conta: Conta,
    secret: String,
}

enum Attempt {
    Allowed(Option<Found>, tentativa::Keys),
    TooMany,
}

async fn count(tx: &mut TenantTx, cmd: &Entrar, meta: &RequestMeta) -> Result<Attempt, Fault> {
    let known = aparelho::known(tx, &address_typed(cmd), &cmd.aparelhos).await?;
    let keys = tentativa::Keys::of(&cmd.email, meta.ip).at(known);
    let spent = match tentativa::count(tx, &keys).await? {
        tentativa::Verdict::Allowed => None,
        tentativa::Verdict::AccountSpent(_) if sql::is_known_address(tx, &address_typed(cmd), meta.ip).await? => None,
        tentativa::Verdict::AccountSpent(spent) | tentativa::Verdict::Spent(spent) => Some(spent),
    };
    if let Some(spent) = spent {
        // Once per window: a flood must not fill the trail.
        if spent == tentativa::Spent::Now {
            refused(tx, meta, &cmd.email, "acesso.tentativas_esgotadas").await?;
        }
        return Ok(Attempt::TooMany);
    }
    Ok(Attempt::Allowed(sql::find(tx, &address_typed(cmd)).await?, keys))
}

/// What was typed as an address; empty for what is none, and asked for all the same, so that each attempt does one work.
fn address_typed(cmd: &Entrar) -> String {
    cmd.email.parse::<Email>().map(String::from).unwrap_or_default()
}

/// Notes a refusal. What was typed is kept only when it is an address: people type passwords into the wrong field.
async fn refused(tx: &mut TenantTx, meta: &RequestMeta, typed: &str, action: &'static str) -> Result<(), Fault> {
    let email = typed.parse::<Email>().ok();
    let nobody = Actor::anonimo(meta.clone());
    let change = Change { before: None, after: email.map(|email| json!({ "email": email })) };
    tx.audit(&nobody, Entry { action, entity: "usuario", entity_id: None, change }).await
}
