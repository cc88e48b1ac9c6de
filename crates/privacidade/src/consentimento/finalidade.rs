//! Finalidades and their texts.

use kernel::Actor;
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{ConsentimentoError, ConsentimentoRule, Finalidade, FinalidadeId, GERIR, Redacao, Titulo, sql};

/// What people are to agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palavras {
    pub titulo: Titulo,
    pub texto: Redacao,
    /// Whoever agreed to an earlier text is asked anew. Nothing in the first.
    pub renovar: bool,
}

/// Makes one, with its first text.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn criar(tx: &mut TenantTx, actor: &Actor, palavras: &Palavras) -> Result<FinalidadeId, ConsentimentoError> {
    actor.require(&GERIR)?;
    let id = FinalidadeId::new(tx.clock().uuid());
    sql::insert_finalidade(tx, id).await?;
    let first = Palavras { renovar: false, ..palavras.clone() };
    sql::insert_versao(tx, id, 1, &first, &actor.nome).await?;
    trail(tx, actor, "privacidade.finalidade_criada", id, json!({ "titulo": palavras.titulo, "versao": 1 })).await?;
    Ok(id)
}

/// Another text from now on; `seen` is the one that was read. Earlier ones stay with those who agreed to them.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn nova_versao(
    tx: &mut TenantTx,
    actor: &Actor,
    id: FinalidadeId,
    seen: i32,
    palavras: &Palavras,
) -> Result<i32, ConsentimentoError> {
    let found = open(tx, actor, id).await?;
    if found.versao != seen {
        return Err(ConsentimentoRule::TextChanged.into());
    }
    if found.titulo == palavras.titulo.as_str() && found.texto == palavras.texto.as_str() {
        return Err(ConsentimentoRule::SameText.into());
    }
    let versao = found.versao + 1;
    sql::insert_versao(tx, id, versao, palavras, &actor.nome).await?;
    sql::set_versao(tx, id, versao).await?;
    let after = json!({ "titulo": palavras.titulo, "versao": versao, "renovar": palavras.renovar });
    trail(tx, actor, "privacidade.finalidade_versao", id, after).await?;
    Ok(versao)
}

/// Nobody is asked any more, and what was given counts for nothing.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn encerrar(tx: &mut TenantTx, actor: &Actor, id: FinalidadeId) -> Result<(), ConsentimentoError> {
    open(tx, actor, id).await?;
    sql::set_encerrado(tx, id, true).await?;
    trail(tx, actor, "privacidade.finalidade_encerrada", id, json!({})).await
}

/// As it was before it was closed: what was given meanwhile taken back stays so. Nothing where it is open.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn reabrir(tx: &mut TenantTx, actor: &Actor, id: FinalidadeId) -> Result<(), ConsentimentoError> {
    actor.require(&GERIR)?;
    let found = sql::lock(tx, id).await?.ok_or(ConsentimentoError::NotFound)?;
    if found.encerrado_at.is_none() {
        return Ok(());
    }
    sql::set_encerrado(tx, id, false).await?;
    trail(tx, actor, "privacidade.finalidade_reaberta", id, json!({})).await
}

/// One that is not closed, locked.
pub(super) async fn open(tx: &mut TenantTx, actor: &Actor, id: FinalidadeId) -> Result<Finalidade, ConsentimentoError> {
    actor.require(&GERIR)?;
    let found = sql::lock(tx, id).await?.ok_or(ConsentimentoError::NotFound)?;
    if found.encerrado_at.is_some() { Err(ConsentimentoRule::Closed.into()) } else { Ok(found) }
}

pub(super) async fn trail(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    id: FinalidadeId,
    after: Value,
) -> Result<(), ConsentimentoError> {
    let entry = Entry { action, entity: "finalidade", entity_id: Some(id.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(())
}
