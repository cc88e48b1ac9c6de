use kernel::{Actor, Fault, RequestMeta};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PublicKeyCredential,
};

use super::{Purpose, registrar::passkeys, sql};
use crate::{
    aparelho::Aparelhos,
    passo::{Chegada, Entrou, Passo, admit, is_shut},
    segredo::Segredo,
    sessao::{Method, SessaoId},
};

/// What a chave of the passo's person is to sign; `None` when they have none.
pub(crate) async fn ask_fator(tx: &mut TenantTx, origin: &str, passo: &Passo) -> Result<Option<(Value, Segredo)>, Fault> {
    let usuario = passo.conta.id;
    let known = passkeys(tx, usuario).await?;
    if known.is_empty() {
        return Ok(None);
    }
    let party = super::relying_party(origin, &tx.unidade().nome.clone())?;
    let (question, state) =
        party.start_passkey_authentication(&known).map_err(|e| Fault::new("asking a passkey", e.to_string()))?;
    let secret = super::ask(tx, Some(usuario), Purpose::Fator, &state).await?;
    Ok(Some((serde_json::to_value(question).map_err(|e| Fault::new("asking a passkey", e))?, secret)))
}

/// Whether a chave of the passo's person signed what it was asked.
pub(crate) async fn prove(tx: &mut TenantTx, origin: &str, secret: &Segredo, passo: &Passo, answer: &str) -> Result<bool, Fault> {
    let usuario = passo.conta.id;
    let Some(state) = super::asked::<PasskeyAuthentication>(tx, secret, Some(usuario), Purpose::Fator).await? else {
        return Ok(false);
    };
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(false) };
    let party = super::relying_party(origin, &tx.unidade().nome.clone())?;
    let Ok(result) = party.finish_passkey_authentication(&answer, &state) else { return Ok(false) };
    // It may have been taken away since it was asked; its counter counts as it stands now.
    let Some((_, content)) = sql::owner(tx, usuario.uuid(), result.cred_id().as_ref()).await? else { return Ok(false) };
    note(tx, content, &result).await
}

/// What any chave of this unidade's may sign, whoever it belongs to.
pub(crate) async fn ask_anybody(tx: &mut TenantTx, origin: &str) -> Result<(Value, Segredo), Fault> {
    let party = super::relying_party(origin, &tx.unidade().nome.clone())?;
    let (question, state) =
        party.start_discoverable_authentication().map_err(|e| Fault::new("asking a passkey", e.to_string()))?;
    let mut question = serde_json::to_value(question).map_err(|e| Fault::new("asking a passkey", e))?;
    // Asked by a button, not while typing.
    if let Some(fields) = question.as_object_mut() {
        fields.remove("mediation");
    }
    let secret = super::ask(tx, None, Purpose::Entrada, &state).await?;
    Ok((question, secret))
}

/// Lets the person in whose chave signed what was asked. It is both factors at once: something they have, which asked them for a
/// finger, a face or a PIN.
pub(crate) async fn enter(
    tx: &mut TenantTx,
    origin: &str,
    secret: &Segredo,
    answer: &str,
    meta: &RequestMeta,
    (previous, aparelhos): (Option<SessaoId>, Aparelhos),
) -> Result<Option<Entrou>, Fault> {
    let Some(state) = super::asked::<DiscoverableAuthentication>(tx, secret, None, Purpose::Entrada).await? else {
        return Ok(None);
    };
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(None) };
    let party = super::relying_party(origin, &tx.unidade().nome.clone())?;
    let found = match party.identify_discoverable_authentication(&answer) {
        Ok((usuario, credencial)) => sql::owner(tx, usuario, credencial).await?,
        Err(_) => None,
    };
    if let Some((conta, content)) = found
        && let Ok(chave) = serde_json::from_value::<Passkey>(content.clone())
        && let Ok(result) = party.finish_discoverable_authentication_v2(&answer, state, &chave)
        && note(tx, content, &result).await?
    {
        let chegada = Chegada { conta, method: Method::Chave, meta, previous, aparelhos };
        if is_shut(tx, &chegada).await? {
            return Ok(Some(Entrou::Fechada));
        }
        return admit(tx, chegada, false).await.map(Entrou::Sessao).map(Some);
    }
    let change = Change { before: None, after: Some(json!({ "method": "chave" })) };
    let entry = Entry { action: "acesso.entrada_recusada", entity: "usuario", entity_id: None, change };
    tx.audit(&Actor::anonimo(meta.clone()), entry).await?;
    Ok(None)
}

/// Notes a use and what the device told of itself; `false` for a counter that went back, as of a copy.
async fn note(tx: &mut TenantTx, content: Value, result: &AuthenticationResult) -> Result<bool, Fault> {
    let Ok(mut chave) = serde_json::from_value::<Passkey>(content) else { return Ok(false) };
    let changed = chave.update_credential(result);
    // Counted by the row as it stands: the question may be older than the last use.
    if changed.is_none() || (result.counter() > 0 && changed == Some(false)) {
        return Ok(false);
    }
    let content = serde_json::to_value(&chave).map_err(|e| Fault::new("keeping a passkey", e))?;
    sql::used(tx, result.cred_id().as_ref(), &content).await?;
    Ok(true)
}
