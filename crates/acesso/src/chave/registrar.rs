use std::sync::Arc;

use kernel::{Actor, Fault};
use serde_json::{Value, json};
use tenancy::{MasterKey, TenantTx, Tenants, Unidade};
use webauthn_rs::prelude::{CredentialID, Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

use super::{ChaveError, ChaveId, MOST, NomeChave, Purpose, sql};
use crate::{
    aviso, fator, pessoa, prova,
    regra::SegundoFator,
    segredo::Segredo,
    senha::Senha,
    sessao::SessaoId,
    usuario::{self, UsuarioId},
};

/// What the browser is to make a chave of. The person proves first that they are there, not just their open sessão.
pub(crate) async fn ask(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    origin: &str,
    actor: &Actor,
    (sessao, senha): (SessaoId, Senha),
) -> Result<(Value, Segredo), ChaveError> {
    let own = own(actor)?;
    prova::provar(tenants, unidade, actor, sessao, senha).await?;
    tenants.write(unidade, async |tx: &mut TenantTx| begin(tx, origin, own).await).await
}

async fn begin(tx: &mut TenantTx, origin: &str, own: UsuarioId) -> Result<(Value, Segredo), ChaveError> {
    let fatores = fator::of_usuario(tx, own).await?;
    if fatores.regra == SegundoFator::Desligado {
        return Err(ChaveError::Desligado);
    }
    let known = passkeys(tx, own).await?;
    if known.len() >= MOST {
        return Err(ChaveError::TooMany);
    }
    let exclude: Vec<CredentialID> = known.iter().map(|chave| chave.cred_id().clone()).collect();
    let reader = aviso::reader(tx, own).await?;
    let party = super::relying_party(origin, &tx.unidade().nome.clone())?;
    let (question, state) = party
        .start_passkey_registration(own.uuid(), &reader.email, &reader.nome, Some(exclude))
        .map_err(|e| Fault::new("asking for a passkey", e.to_string()))?;
    let mut question = serde_json::to_value(question).map_err(|e| Fault::new("asking for a passkey", e))?;
    // It is to open the door by itself too: the device has to keep whose it is.
    question["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
    question["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
    let secret = super::ask(tx, Some(own), Purpose::Registro, &state).await?;
    Ok((question, secret))
}

/// Keeps the chave that the browser made. Returns códigos de reserva when there are new ones: they are shown once.
pub(crate) async fn keep(
    tx: &mut TenantTx,
    key: &MasterKey,
    origin: &str,
    (actor, sessao): (&Actor, SessaoId),
    secret: &Segredo,
    (nome, answer): (NomeChave, &str),
) -> Result<Vec<String>, ChaveError> {
    let own = own(actor)?;
    let state: PasskeyRegistration = super::asked(tx, secret, Some(own), Purpose::Registro).await?.ok_or(ChaveError::Refused)?;
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| ChaveError::Refused)?;
    let party = super::relying_party(origin, &tx.unidade().nome.clone())?;
    let chave = party.finish_passkey_registration(&answer, &state).map_err(|_| ChaveError::Refused)?;
    let content = serde_json::to_value(&chave).map_err(|e| Fault::new("keeping a passkey", e))?;
    if !sql::insert(tx, own, nome.as_str(), chave.cred_id().as_ref(), &content).await? {
        return Err(ChaveError::Refused);
    }
    if !usuario::has_senha(tx, own).await? {
        pessoa::distrust(tx, own, sessao).await?;
    }
    Ok(fator::added(tx, key, actor, own, "chave").await?)
}

/// # Errors
/// Not found, or a fault.
pub(crate) async fn rename(tx: &mut TenantTx, actor: &Actor, id: ChaveId, nome: NomeChave) -> Result<(), ChaveError> {
    if sql::rename(tx, own(actor)?, id, nome.as_str()).await? { Ok(()) } else { Err(ChaveError::NotFound) }
}

/// Takes a chave away: a device that the person has no longer.
pub(crate) async fn remove(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    (sessao, senha): (SessaoId, Senha),
    id: ChaveId,
) -> Result<(), ChaveError> {
    let own = own(actor)?;
    prova::provar(tenants, unidade, actor, sessao, senha).await?;
    tenants
        .write(unidade, async |tx: &mut TenantTx| {
            let fatores = fator::of_usuario(tx, own).await?;
            if !sql::delete(tx, own, id).await? {
                return Err(ChaveError::NotFound);
            }
            let left = fatores.totp || fatores.email || fatores.chaves > 1;
            if fatores.regra == SegundoFator::Exigido && !left {
                return Err(ChaveError::LastFator);
            }
            Ok(fator::removed(tx, actor, own, "chave").await?)
        })
        .await
}

/// What the library knows of the chaves of a usuario.
pub(super) async fn passkeys(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Passkey>, Fault> {
    let contents = sql::contents(tx, usuario).await?;
    // One that another release wrote in another way opens nothing.
    Ok(contents.into_iter().filter_map(|content| serde_json::from_value(content).ok()).collect())
}

fn own(actor: &Actor) -> Result<UsuarioId, Fault> {
    usuario::of(actor).ok_or_else(|| Fault::because("only a usuario has chaves"))
}
