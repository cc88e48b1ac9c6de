//! What a person wants to hear of, and where. What holds for everybody is the kind's; see `messaging::notificacao::preferencia`.

use kernel::{Actor, Fault, Refusal};
use messaging::{
    Channel, NoticeKind,
    notificacao::{
        horario::{self, Horario, Silencio},
        preferencia,
    },
};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

/// One switch of a person.
#[derive(Debug, Clone, Copy)]
pub struct Escolha {
    pub kind: &'static NoticeKind,
    pub channel: Channel,
    pub wanted: bool,
}

/// Keeps what the actor wants to hear of; what is locked, or not theirs to hear, stays as it is. Answers how much is otherwise now.
///
/// # Errors
/// Not found for whoever is no person; a fault of the database.
pub async fn preferir(tx: &mut TenantTx, actor: &Actor, escolhas: &[Escolha]) -> Result<usize, Refusal> {
    let usuario = crate::lista::person(actor).ok_or(Refusal::NotFound)?;
    let mut told = Map::new();
    for escolha in escolhas.iter().filter(|escolha| offered(actor, escolha.kind)) {
        if preferencia::want(tx, usuario, escolha.kind, escolha.channel, escolha.wanted).await? {
            told.insert(format!("{} {}", escolha.kind.code, escolha.channel.code()), escolha.wanted.into());
        }
    }
    let changed = told.len();
    if changed > 0 {
        let change = Change { before: None, after: Some(Value::Object(told)) };
        audit(tx, actor, usuario, change).await?;
    }
    Ok(changed)
}

/// Back to what holds for everybody.
///
/// # Errors
/// As [`preferir`].
pub async fn voltar_ao_padrao(tx: &mut TenantTx, actor: &Actor) -> Result<(), Refusal> {
    let usuario = crate::lista::person(actor).ok_or(Refusal::NotFound)?;
    let before = preferencia::preferencias(tx, usuario).await?;
    if preferencia::reset(tx, usuario).await? > 0 {
        let told = before.into_iter().map(|one| (format!("{} {}", one.kind, one.channel), one.wanted.into())).collect();
        audit(tx, actor, usuario, Change { before: Some(Value::Object(told)), after: None }).await?;
    }
    Ok(())
}

/// Keeps when the actor wants e-mails that can wait.
///
/// # Errors
/// Not found for whoever is no person; a fault of the database.
pub async fn alterar_horario(tx: &mut TenantTx, actor: &Actor, novo: Horario) -> Result<(), Refusal> {
    let usuario = crate::lista::person(actor).ok_or(Refusal::NotFound)?;
    let before = horario::of(tx, usuario).await?;
    if horario::keep(tx, usuario, novo).await? {
        let change = Change::between(&told(before), &told(novo));
        let entry = Entry { action: "notificacao.horario", entity: "usuario", entity_id: Some(usuario), change };
        tx.audit(actor, entry).await?;
    }
    Ok(())
}

fn told(horario: Horario) -> Value {
    let time = |of: fn(Silencio) -> chrono::NaiveTime| horario.silencio().map(|one| of(one).format("%H:%M").to_string());
    json!({ "silencio_inicio": time(Silencio::inicio), "silencio_fim": time(Silencio::fim), "resumo_hora": horario.resumo() })
}

/// Turns the e-mails off that a letter's link is for, and does nothing else; once more changes nothing. Whoever has the link
/// may be anybody, also a mail program.
///
/// # Errors
/// A fault of the database.
pub async fn parar(tx: &mut TenantTx, actor: &Actor, usuario: Uuid, kinds: &[&NoticeKind]) -> Result<(), Fault> {
    let mut told = Map::new();
    for kind in kinds {
        if preferencia::want(tx, usuario, kind, Channel::Email, false).await? {
            told.insert(format!("{} {}", kind.code, Channel::Email.code()), false.into());
        }
    }
    if !told.is_empty() {
        audit(tx, actor, usuario, Change { before: None, after: Some(Value::Object(told)) }).await?;
    }
    Ok(())
}

/// Whether somebody could hear of it at all.
pub(super) fn offered(actor: &Actor, kind: &NoticeKind) -> bool {
    kind.needs.as_ref().is_none_or(|needed| actor.may(needed))
}

async fn audit(tx: &mut TenantTx, actor: &Actor, usuario: Uuid, change: Change) -> Result<(), Fault> {
    let entry = Entry { action: "notificacao.preferida", entity: "usuario", entity_id: Some(usuario), change };
    tx.audit(actor, entry).await
}
