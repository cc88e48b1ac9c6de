//! Writing into the register. The trail holds what was decided and when, not what the texts say: they may name people.

use chrono::{DateTime, Utc};
use kernel::{Actor, Texto};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{Dados, Decisao, GERIR, Incidente, IncidenteError, IncidenteId, IncidenteRule, sql};
use crate::protocolo;

/// Notes what happened.
///
/// # Errors
/// [`IncidenteError`].
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, dados: &Dados) -> Result<IncidenteId, IncidenteError> {
    actor.require(&GERIR)?;
    check(tx, dados)?;
    let (id, now) = (IncidenteId::new(tx.clock().uuid()), tx.clock().now());
    let protocolo = protocolo("INC", id.uuid(), now.with_timezone(&tx.unidade().fuso).date_naive());
    sql::insert(tx, id, &protocolo, dados, &actor.nome).await?;
    sql::add_passo(tx, id, "registro", None, &actor.nome).await?;
    trail(
        tx,
        actor,
        "privacidade.incidente_registrado",
        id,
        json!({ "protocolo": protocolo, "conhecido_at": dados.conhecido_at }),
    )
    .await?;
    Ok(id)
}

/// Writes what is known of it anew; what it was known since may move the deadline.
///
/// # Errors
/// [`IncidenteError`].
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: IncidenteId, seen: i32, dados: &Dados) -> Result<(), IncidenteError> {
    let found = open(tx, actor, id).await?;
    if found.version != seen {
        return Err(IncidenteRule::Changed.into());
    }
    check(tx, dados)?;
    sql::update(tx, id, dados).await?;
    sql::add_passo(tx, id, "alteracao", None, &actor.nome).await?;
    let told = |at: DateTime<Utc>, afetados: Option<i32>| json!({ "conhecido_at": at, "afetados": afetados });
    let change = Change::between(&told(found.conhecido_at, found.afetados), &told(dados.conhecido_at, dados.afetados));
    let entry = Entry { action: "privacidade.incidente_alterado", entity: "incidente", entity_id: Some(id.uuid()), change };
    tx.audit(actor, entry).await?;
    Ok(())
}

/// Says whether it is told, and why. Deciding again is a step of its own; a letter that went out is not taken back.
///
/// # Errors
/// [`IncidenteError`].
pub async fn decidir(
    tx: &mut TenantTx,
    actor: &Actor,
    id: IncidenteId,
    decisao: Decisao,
    justificativa: &Texto<2000>,
) -> Result<(), IncidenteError> {
    open(tx, actor, id).await?;
    sql::decide(tx, id, decisao, justificativa).await?;
    sql::add_passo(tx, id, decisao.code(), Some(justificativa.as_str()), &actor.nome).await?;
    trail(tx, actor, "privacidade.incidente_decidido", id, json!({ "decisao": decisao.code() })).await
}

/// Notes a step.
///
/// # Errors
/// [`IncidenteError`].
pub async fn anotar(tx: &mut TenantTx, actor: &Actor, id: IncidenteId, texto: &Texto<2000>) -> Result<(), IncidenteError> {
    actor.require(&GERIR)?;
    // Also of a closed one: what comes later belongs to its history.
    sql::lock(tx, id).await?.ok_or(IncidenteError::NotFound)?;
    sql::add_passo(tx, id, "nota", Some(texto.as_str()), &actor.nome).await?;
    trail(tx, actor, "privacidade.incidente_anotado", id, json!({})).await
}

/// Who was told, and by what.
#[derive(Debug, Clone, Copy)]
pub enum Comunicacao<'a> {
    /// With the protocolo of the ANPD.
    Anpd(&'a Texto<80>),
    /// In another way than by letters from here.
    Titulares(&'a Texto<200>),
}

/// Notes that it was told.
///
/// # Errors
/// [`IncidenteError`].
pub async fn comunicado(
    tx: &mut TenantTx,
    actor: &Actor,
    id: IncidenteId,
    at: DateTime<Utc>,
    what: Comunicacao<'_>,
) -> Result<(), IncidenteError> {
    let found = open(tx, actor, id).await?;
    to_be_told(&found)?;
    if at > tx.clock().now() || at < found.conhecido_at {
        return Err(IncidenteRule::ToldWhen.into());
    }
    let (kind, texto) = match what {
        Comunicacao::Anpd(protocolo) => {
            sql::told_anpd(tx, id, at, protocolo).await?;
            ("anpd", protocolo.as_str())
        }
        Comunicacao::Titulares(meio) => {
            sql::told_titulares(tx, id, at, meio.as_str()).await?;
            ("titulares", meio.as_str())
        }
    };
    sql::add_passo(tx, id, kind, Some(texto), &actor.nome).await?;
    trail(tx, actor, "privacidade.incidente_comunicado", id, json!({ "kind": kind, "at": at })).await
}

/// Closes it, with a last word.
///
/// # Errors
/// [`IncidenteError`]; it is closed already, undecided, or somebody is still to hear of it.
pub async fn encerrar(tx: &mut TenantTx, actor: &Actor, id: IncidenteId, texto: &Texto<2000>) -> Result<(), IncidenteError> {
    let found = open(tx, actor, id).await?;
    if found.is_pending() {
        return Err(IncidenteRule::Pending.into());
    }
    sql::close(tx, id).await?;
    sql::add_passo(tx, id, "encerramento", Some(texto.as_str()), &actor.nome).await?;
    trail(tx, actor, "privacidade.incidente_encerrado", id, json!({})).await
}

/// One that is not closed, locked.
pub(super) async fn open(tx: &mut TenantTx, actor: &Actor, id: IncidenteId) -> Result<Incidente, IncidenteError> {
    actor.require(&GERIR)?;
    let found = sql::lock(tx, id).await?.ok_or(IncidenteError::NotFound)?;
    if found.encerrado_at.is_some() { Err(IncidenteRule::Closed.into()) } else { Ok(found) }
}

pub(super) fn to_be_told(found: &Incidente) -> Result<(), IncidenteRule> {
    if found.decisao == Some(Decisao::NaoComunicar) { Err(IncidenteRule::NotToTell) } else { Ok(()) }
}

fn check(tx: &TenantTx, dados: &Dados) -> Result<(), IncidenteRule> {
    if dados.conhecido_at > tx.clock().now() {
        return Err(IncidenteRule::KnownInFuture);
    }
    if dados.inicio_at.is_some_and(|began| began > dados.conhecido_at) {
        return Err(IncidenteRule::KnownBefore);
    }
    Ok(())
}

pub(super) async fn trail(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    id: IncidenteId,
    after: Value,
) -> Result<(), IncidenteError> {
    let entry = Entry { action, entity: "incidente", entity_id: Some(id.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(())
}
