//! O apagamento: what the unidade keeps of a person goes, or is nobody's any more (LGPD arts. 16 and 18, IV and VI).
//!
//! The rules it protects: all of it or nothing, in one transaction; the preview is the erasure itself, taken back; what stays is
//! declared, with its reason; a receipt stays that names nobody; who was erased stays erased, also after a restore.
//! See docs/decisions/0018-erasure.md.

pub(crate) mod jobs;
pub(crate) mod pages;
pub(crate) mod restore;
mod sql;

use chrono::{DateTime, Utc};
use kernel::{Actor, ActorKind, Denied, Fault, fold};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, Ground, TenantTx, TxLimits, trail};
use uuid::Uuid;
use web::{
    Module,
    titular::{Acervo, Alvo, Efeito, Titular},
};

pub use sql::find;

use crate::{
    APAGAR, protocolo,
    titular::{TitularRef, acervos, get, kinds},
};

/// The receipt of an erasure. It names nobody but whoever did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apagamento {
    pub id: Uuid,
    /// What the person is told, to ask about it by.
    pub protocolo: String,
    pub titular_kind: String,
    pub titular_id: Uuid,
    pub por_nome: bool,
    /// By the names of acervos.
    pub efeitos: Vec<(String, Efeito)>,
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
    /// When a restore brought the person back for the last time.
    pub reapplied_at: Option<DateTime<Utc>>,
}

/// Whom to erase.
#[derive(Debug, Clone, Copy)]
pub struct Apagar<'a> {
    pub titular: &'a TitularRef,
    /// Take texts with the full name alone as theirs.
    pub por_nome: bool,
    /// Their name, typed by whoever decides it.
    pub confirmacao: &'a str,
}

/// Why nobody was erased.
#[derive(Debug, thiserror::Error)]
pub enum ApagarError {
    #[error("no such person")]
    NotFound,
    #[error("what was typed is not their name")]
    NotConfirmed,
    /// The person must stay, or this actor may not decide about them.
    #[error("this person cannot be erased")]
    Guarded(Box<web::Error>),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<ApagarError> for web::Error {
    fn from(error: ApagarError) -> Self {
        match error {
            ApagarError::NotFound => Self::not_found(),
            ApagarError::NotConfirmed => Self::invalid(vec![kernel::Invalid::new("apagar-confirmacao").at("confirmacao")]),
            ApagarError::Guarded(refused) => *refused,
            ApagarError::Denied(denied) => denied.into(),
            ApagarError::Fault(fault) => fault.into(),
        }
    }
}

/// Erases a person. Doing it twice gives the receipt of the first time.
///
/// # Errors
/// [`ApagarError`]; nothing was changed then.
pub async fn apagar(tx: &mut TenantTx, actor: &Actor, modules: &[Module], cmd: Apagar<'_>) -> Result<Apagamento, ApagarError> {
    permitted(actor)?;
    tx.bound(TxLimits::JOB).await?;
    // Two who erase the same person at once: the second hears what the first has done.
    sql::lock(tx).await?;
    if let Some(done) = sql::find_of(tx, cmd.titular).await? {
        return Ok(done);
    }
    let titular = reachable(tx, actor, modules, cmd.titular).await?;
    if fold(cmd.confirmacao) != fold(&titular.nome) {
        return Err(ApagarError::NotConfirmed);
    }
    let alvo = Alvo::new(titular, cmd.por_nome);
    let linhas = trail::mentions(&mut tx.ground(), alvo.titular.id, &alvo.pattern).await?.about;
    let efeitos = walk(&mut tx.ground(), acervos(modules), &alvo).await?;
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let done = Apagamento {
        id,
        protocolo: protocolo("LGPD", id, now.date_naive()),
        titular_kind: alvo.titular.kind.to_owned(),
        titular_id: alvo.titular.id,
        por_nome: cmd.por_nome,
        efeitos,
        actor_nome: actor.nome.clone(),
        created_at: now,
        reapplied_at: None,
    };
    sql::insert(tx, actor.id, &done, &linhas).await?;
    jobs::tell_soon(tx, id).await?;
    // Who it was stands nowhere any more; that somebody was erased does.
    let change =
        Change::created(&json!({ "protocolo": done.protocolo, "por_nome": done.por_nome, "efeitos": counts(&done.efeitos) }));
    let entity = alvo.titular.kind;
    let entry = Entry { action: "privacidade.titular_apagado", entity, entity_id: Some(done.titular_id), change };
    tx.audit(actor, entry).await?;
    Ok(done)
}

/// What [`apagar`] would do, found by doing it and taking it back.
///
/// # Errors
/// As [`apagar`].
pub async fn prever(
    tx: &mut TenantTx,
    actor: &Actor,
    modules: &[Module],
    which: &TitularRef,
    por_nome: bool,
) -> Result<(Titular, Vec<(String, Efeito)>), ApagarError> {
    permitted(actor)?;
    tx.bound(TxLimits::JOB).await?;
    let titular = reachable(tx, actor, modules, which).await?;
    let alvo = Alvo::new(titular, por_nome);
    let rehearsed = tx
        .nested(async |tx: &mut TenantTx| {
            let efeitos = walk(&mut tx.ground(), acervos(modules), &alvo).await?;
            Err::<(), _>(Rehearsal::Over(efeitos))
        })
        .await;
    match rehearsed {
        Err(Rehearsal::Over(efeitos)) => Ok((alvo.titular, efeitos)),
        Err(Rehearsal::Fault(fault)) => Err(fault.into()),
        Ok(()) => Err(Fault::because("a rehearsal that was kept").into()),
    }
}

/// How a part of a transaction ends that is to be taken back.
enum Rehearsal {
    Over(Vec<(String, Efeito)>),
    Fault(Fault),
}

impl From<Fault> for Rehearsal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A program with a token decides about nobody.
fn permitted(actor: &Actor) -> Result<(), Denied> {
    actor.require(&APAGAR)?;
    if actor.kind == ActorKind::Token { Err(Denied { permission: APAGAR }) } else { Ok(()) }
}

async fn reachable(tx: &mut TenantTx, actor: &Actor, modules: &[Module], which: &TitularRef) -> Result<Titular, ApagarError> {
    let titular = get(tx, modules, which).await?.ok_or(ApagarError::NotFound)?;
    if let Some(people) = kinds(modules).find(|people| people.kind == which.kind) {
        (people.guard)(tx, actor, which.id).await.map_err(|error| ApagarError::Guarded(Box::new(error)))?;
    }
    Ok(titular)
}

/// Every place lets go of the person, in the order of the modules.
async fn walk(
    ground: &mut Ground<'_>,
    acervos: impl Iterator<Item = &'static Acervo>,
    alvo: &Alvo,
) -> Result<Vec<(String, Efeito)>, Fault> {
    let mut efeitos = Vec::new();
    for acervo in acervos {
        let efeito = (acervo.apagar)(ground, alvo).await?;
        if !efeito.is_nothing() {
            efeitos.push((acervo.name.to_owned(), efeito));
        }
    }
    Ok(efeitos)
}

fn counts(efeitos: &[(String, Efeito)]) -> Value {
    let one = |(name, efeito): &(String, Efeito)| (name.clone(), json!([efeito.apagados, efeito.anonimizados, efeito.mantidos]));
    Value::Object(efeitos.iter().map(one).collect::<Map<_, _>>())
}

/// As [`counts`] wrote them.
fn read_counts(value: &Value) -> Vec<(String, Efeito)> {
    let number = |one: &Value, i: usize| one.get(i).and_then(Value::as_i64).unwrap_or_default();
    let one = |(name, one): (&String, &Value)| {
        (name.clone(), Efeito { apagados: number(one, 0), anonimizados: number(one, 1), mantidos: number(one, 2) })
    };
    value.as_object().map(|all| all.iter().map(one).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_reads_what_it_wrote() {
        let efeitos = vec![("conta".to_owned(), Efeito { apagados: 1, anonimizados: 2, mantidos: 3 })];
        assert_eq!(read_counts(&counts(&efeitos)), efeitos);
        assert!(read_counts(&json!("x")).is_empty());
        assert_eq!(protocolo("LGPD", Uuid::from_u128(0xabcd), "2026-11-23".parse().unwrap()), "LGPD-20261123-0000ABCD");
    }
}
