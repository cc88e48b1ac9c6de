use chrono::TimeDelta;
use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Email, ErrorKind, Fault, Kind, RequestMeta};
use messaging::Links;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{letter, sql};
use crate::{
    entrar::{
        address_class,
        tentativa::{self, Limit},
    },
    segredo::Segredo,
};

/// Letters to one account: more would be a way to fill somebody's mailbox.
const OF_ACCOUNT: Limit = Limit { failures: 3, window: TimeDelta::hours(1) };
/// Asked from one address, for whichever accounts.
const OF_ADDRESS: Limit = Limit { failures: 20, window: TimeDelta::hours(1) };

#[derive(Debug, thiserror::Error)]
pub enum PedirRecuperacaoError {
    #[error("too many were asked for from this address")]
    TooMany,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for PedirRecuperacaoError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooMany => Kind::Unavailable,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooMany => "recuperacao-wait",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// The letter is written by a job: the request does the same work whether the account exists or not, and so takes the same time.
#[derive(Debug, Serialize, Deserialize)]
struct Recuperar {
    email: Email,
    /// Where links lead, from the configuration.
    base: String,
}

impl Payload for Recuperar {
    const NAME: &'static str = "acesso.recuperar";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(write)]
}

/// Asks for a link. `base` is the configured address of the house.
pub async fn pedir(tx: &mut TenantTx, meta: &RequestMeta, base: &str, email: Email) -> Result<(), PedirRecuperacaoError> {
    if !tentativa::within(tx, &format!("recuperar-de:{}", address_class(meta.ip)), OF_ADDRESS).await? {
        return Err(PedirRecuperacaoError::TooMany);
    }
    let entry = Entry {
        action: "acesso.recuperacao_pedida",
        entity: "usuario",
        entity_id: None,
        change: Change { before: None, after: Some(json!({ "email": email })) },
    };
    tx.audit(&Actor::anonimo(meta.clone()), entry).await?;
    jobs::enqueue(tx, &Recuperar { email, base: base.to_owned() }, Enqueue::default()).await?;
    Ok(())
}

async fn write(job: TenantJob, wanted: Recuperar) -> Result<Outcome, Fault> {
    let links = Links::new(&wanted.base, "console").map_err(|e| Fault::new("base address", e))?;
    job.write(async |tx: &mut TenantTx| {
        let Some(usuario) = sql::find_usuario(tx, &wanted.email).await? else { return Ok(Outcome::Done) };
        if !tentativa::within(tx, &format!("recuperar:{usuario}"), OF_ACCOUNT).await? {
            return Ok(Outcome::Done);
        }
        let token = Segredo::draw();
        sql::insert(tx, usuario, &token).await?;
        letter::send(tx, &links, usuario, &token).await?;
        Ok(Outcome::Done)
    })
    .await
}
