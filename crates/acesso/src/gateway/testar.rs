//! Trying the gateway out: a message to a telephone, now, and what the other side answers.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Actor, Fault, Lang, Telefone};
use messaging::{
    Failure, Mailer, Text,
    gateway::{self, Gateway},
};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx, Tenants, Unidade};

use super::{GERIR, sql};

/// Within [`WINDOW`]: nobody rings strangers again and again through the product.
const TRIES: i64 = 5;
const WINDOW: TimeDelta = TimeDelta::minutes(10);

/// How a trial went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Teste {
    /// The gateway took the message for this telephone.
    Entregue(Telefone),
    Falhou(Failure),
    /// There is nothing to try.
    Nenhum,
    /// Too often.
    Demais,
}

/// What to send it with; the way it went where nothing is to be sent.
pub(super) async fn prepare(tx: &mut TenantTx, actor: &Actor) -> web::Result<Result<Gateway, Teste>> {
    actor.require(&GERIR)?;
    let since = tx.clock().now() - WINDOW;
    if sql::tried(tx, since).await? >= TRIES {
        return Ok(Err(Teste::Demais));
    }
    Ok(gateway::find(tx).await?.ok_or(Teste::Nenhum))
}

/// Sends it and tells of it in the trail.
pub(super) async fn run(
    mailer: &Mailer,
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    lang: Lang,
    (gateway, to): (Gateway, Telefone),
) -> Result<Teste, Fault> {
    let text = idioma::t_args(lang, "gateway-trial-text", [("unidade", unidade.nome.as_str().into())]);
    let message = Text { id: tenants.clock().uuid(), to: to.clone(), text, code: None };
    let outcome = mailer.try_gateway(&gateway, &message).await;
    let said = json!({
        "gateway": gateway.endereco.origin(),
        "telefone": to.as_str(),
        "entregue": outcome.is_ok(),
        "resposta": outcome.as_ref().err().map(|failure| &failure.answer),
    });
    let entry = Entry {
        action: "gateway.testado",
        entity: "gateway",
        entity_id: None,
        change: Change { before: None, after: Some(said) },
    };
    tenants.record(unidade, async |tx: &mut TenantTx| tx.audit(actor, entry).await).await?;
    Ok(match outcome {
        Ok(()) => Teste::Entregue(to),
        Err(failure) => Teste::Falhou(failure),
    })
}
