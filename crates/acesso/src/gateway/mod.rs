//! O gateway of the unidade, as its administrador sets it up (S1-2.15, S2-7.3): the webhook that takes messages for telephones.
//! What is sent and how is `messaging`'s; here is who may say so, and what the trail tells of it.

pub mod pages;
mod sql;
mod testar;

use kernel::{Actor, Permission, Refusal, Rule, Told};
use messaging::gateway::{self, Endereco, Gateway};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tenancy::{Change, Entry, MasterKey, TenantTx};

/// May set up where messages for telephones go.
pub const GERIR: Permission = Permission::new("acesso.gateway.gerir");

/// Longer than any token that a webhook asks for.
const SEGREDO_MAX: usize = 500;

/// All of it anew.
#[derive(Debug, Clone)]
pub struct AlterarGateway {
    pub endereco: Endereco,
    pub segredo: Segredo,
    pub version: i32,
    /// Whether it may stand in the inner network, from the configuration.
    pub internal: bool,
}

/// What becomes of the segredo.
#[derive(Debug, Clone)]
pub enum Segredo {
    /// The one that is kept, if there is one.
    Kept,
    Nenhum,
    Novo(SecretString),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GatewayRule {
    #[error("the address is none of the public Internet")]
    Internal,
    /// The one that is kept was given for another address.
    #[error("the segredo of this address is not known")]
    NoSegredo,
    #[error("the segredo cannot stand in a header")]
    Segredo,
    #[error("the gateway was changed meanwhile")]
    Changed,
}

impl Rule for GatewayRule {
    fn told(&self) -> Told {
        match self {
            Self::Internal => Told::invalid("gateway-internal").at("url"),
            Self::NoSegredo => Told::invalid("gateway-segredo-again").at("segredo"),
            Self::Segredo => Told::invalid("gateway-segredo").at("segredo"),
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type AlterarGatewayError = Refusal<GatewayRule>;

/// Names the gateway, or another one; messages that wait go where it says now.
pub async fn alterar(tx: &mut TenantTx, key: &MasterKey, actor: &Actor, cmd: AlterarGateway) -> Result<(), AlterarGatewayError> {
    actor.require(&GERIR)?;
    let before = gateway::find(tx).await?;
    if before.as_ref().map_or(0, |before| before.version) != cmd.version {
        return Err(GatewayRule::Changed.into());
    }
    if !cmd.internal && !cmd.endereco.is_public() {
        return Err(GatewayRule::Internal.into());
    }
    let id = before.as_ref().map_or_else(|| tx.clock().uuid(), |before| before.id);
    let other_segredo = !matches!(cmd.segredo, Segredo::Kept);
    let segredo = match cmd.segredo {
        Segredo::Nenhum => None,
        // It goes to no address but the one it was given for: whoever may name another must not have it sent there.
        Segredo::Kept => match before.as_ref().and_then(|before| before.segredo.as_ref().map(|kept| (&before.endereco, kept))) {
            Some((endereco, kept)) if *endereco == cmd.endereco => Some(kept.clone()),
            Some(_) => return Err(GatewayRule::NoSegredo.into()),
            None => None,
        },
        Segredo::Novo(segredo) => {
            let text = segredo.expose_secret();
            if text.is_empty() || text.len() > SEGREDO_MAX || !text.chars().all(|c| c.is_ascii_graphic()) {
                return Err(GatewayRule::Segredo.into());
            }
            Some(key.seal(&Gateway::purpose(id), text.as_bytes())?)
        }
    };
    let after = Gateway { id, endereco: cmd.endereco, segredo, version: cmd.version };
    let other_path = before.as_ref().is_none_or(|before| before.endereco != after.endereco);
    let other_segredo = other_segredo && after.segredo.is_some();
    let change = Change::between(&told(before.as_ref(), false, false), &told(Some(&after), other_path, other_segredo));
    if change.is_empty() {
        return Ok(());
    }
    if !gateway::save(tx, &after).await? {
        return Err(GatewayRule::Changed.into());
    }
    tx.audit(actor, Entry { action: "gateway.alterado", entity: "gateway", entity_id: None, change }).await?;
    Ok(())
}

/// Nothing goes to telephones any more; nobody enters by them.
pub async fn remover(tx: &mut TenantTx, actor: &Actor) -> Result<(), AlterarGatewayError> {
    actor.require(&GERIR)?;
    let Some(before) = gateway::find(tx).await? else { return Ok(()) };
    if !gateway::remove(tx, before.version).await? {
        return Err(GatewayRule::Changed.into());
    }
    let change = Change::between(&told(Some(&before), false, false), &told(None, false, false));
    tx.audit(actor, Entry { action: "gateway.alterado", entity: "gateway", entity_id: None, change }).await?;
    Ok(())
}

/// What the trail says of it: where, never the path, which often is a secret of its own.
fn told(gateway: Option<&Gateway>, other_path: bool, other_segredo: bool) -> Value {
    json!({
        "gateway": gateway.map(|gateway| gateway.endereco.origin()),
        "caminho_trocado": other_path,
        "segredo": gateway.is_some_and(|gateway| gateway.segredo.is_some()),
        "segredo_trocado": other_segredo,
    })
}
