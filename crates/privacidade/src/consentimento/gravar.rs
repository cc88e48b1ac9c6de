//! Giving and taking back. The trail holds which text and how, not whose it is: that says the record.

use acesso::usuario;
use chrono::{DateTime, Utc};
use kernel::{Actor, Email, Fault, Texto};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;
use web::Module;

use super::{
    Consentimento, ConsentimentoError, ConsentimentoId, ConsentimentoRule, Evidencia, Finalidade, FinalidadeId, GERIR, Meio,
    Quem, Retirada, finalidade, sql,
};
use crate::{
    pedido::{self, PedidoId, Tipo},
    protocolo,
    titular::{self, TitularRef},
};

/// What is given, and how.
pub(super) struct Given<'a> {
    pub quem: &'a Quem,
    pub nome: &'a str,
    pub meio: Meio,
    pub evidencia: Option<&'a Evidencia>,
    pub at: DateTime<Utc>,
    pub carta: Option<Uuid>,
}

/// Notes that somebody agreed to the text of now, once: again changes nothing. `to` is locked.
pub(super) async fn give(
    tx: &mut TenantTx,
    actor: &Actor,
    to: &Finalidade,
    given: &Given<'_>,
) -> Result<ConsentimentoId, ConsentimentoError> {
    if let Some(there) = sql::standing_same(tx, to, given.quem).await? {
        return Ok(there);
    }
    let (id, now) = (ConsentimentoId::new(tx.clock().uuid()), tx.clock().now());
    let protocolo = protocolo("CON", id.uuid(), now.with_timezone(&tx.unidade().fuso).date_naive());
    let noted_by = (given.meio == Meio::Anotado).then_some(actor.nome.as_str());
    sql::insert(tx, id, &protocolo, to, given, noted_by).await?;
    let after = json!({ "finalidade": to.id, "versao": to.versao, "meio": given.meio.code() });
    trail(tx, actor, "privacidade.consentimento_dado", id, Change::created(&after)).await?;
    Ok(id)
}

/// How something is taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken<'a> {
    pub meio: Retirada,
    pub evidencia: Option<&'a str>,
    /// Whoever did it for the person.
    pub por_nome: Option<&'a str>,
    pub pedido: Option<PedidoId>,
}

impl Taken<'_> {
    pub(super) const fn by_themselves(meio: Retirada) -> Self {
        Self { meio, evidencia: None, por_nome: None, pedido: None }
    }
}

/// Takes back whatever of a finalidade may be theirs. The finalidade is locked. Answers how many.
pub(super) async fn take_back(
    tx: &mut TenantTx,
    actor: &Actor,
    of: FinalidadeId,
    quem: &Quem,
    taken: Taken<'_>,
) -> Result<usize, ConsentimentoError> {
    let gone = sql::take_back(tx, of, quem, taken).await?;
    for id in &gone {
        let after = json!({ "finalidade": of, "meio": taken.meio.code(), "pedido": taken.pedido });
        trail(tx, actor, "privacidade.consentimento_retirado", *id, Change::created(&after)).await?;
    }
    Ok(gone.len())
}

/// What somebody notes for a person.
#[derive(Debug, Clone)]
pub struct Anotar {
    /// Of whom the unidade has a record, whose name and e-mail count then.
    pub titular: Option<TitularRef>,
    pub nome: Option<Texto<120>>,
    pub email: Option<Email>,
    pub dado_at: DateTime<Utc>,
    pub evidencia: Evidencia,
}

/// Notes what was given in another way: on paper, by telephone.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn anotar(
    tx: &mut TenantTx,
    actor: &Actor,
    modules: &[Module],
    id: FinalidadeId,
    cmd: &Anotar,
) -> Result<ConsentimentoId, ConsentimentoError> {
    let to = finalidade::open(tx, actor, id).await?;
    let (quem, nome, _) = whom(tx, modules, cmd.titular.as_ref(), cmd.nome.as_ref(), cmd.email.as_ref()).await?;
    // Long before is possible: paper is older than this register.
    if cmd.dado_at > tx.clock().now() {
        return Err(ConsentimentoRule::GivenInFuture.into());
    }
    if sql::standing_same(tx, &to, &quem).await?.is_some() {
        return Err(ConsentimentoRule::GivenAlready.into());
    }
    let given =
        Given { quem: &quem, nome: &nome, meio: Meio::Anotado, evidencia: Some(&cmd.evidencia), at: cmd.dado_at, carta: None };
    give(tx, actor, &to, &given).await
}

/// Who is meant: the record that was chosen, or name and e-mail; with the address to write to.
pub(super) async fn whom(
    tx: &mut TenantTx,
    modules: &[Module],
    titular: Option<&TitularRef>,
    nome: Option<&Texto<120>>,
    email: Option<&Email>,
) -> Result<(Quem, String, Option<Email>), ConsentimentoError> {
    if let Some(which) = titular {
        let found = titular::get(tx, modules, which).await?.ok_or(ConsentimentoRule::NoTitular)?;
        let email = found.email.as_deref().and_then(|email| email.parse::<Email>().ok());
        return Ok((Quem::titular(which.clone(), found.email.as_deref()), found.nome, email));
    }
    let (Some(nome), Some(email)) = (nome, email) else { return Err(ConsentimentoRule::NoAddress.into()) };
    Ok((Quem::email(email), nome.to_string(), Some(email.clone())))
}

/// Takes back what a person asked for in another way; `evidencia` says in which.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn retirar_um(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ConsentimentoId,
    evidencia: &Evidencia,
) -> Result<(), ConsentimentoError> {
    actor.require(&GERIR)?;
    let found = sql::find(tx, id).await?.ok_or(ConsentimentoError::NotFound)?;
    sql::lock(tx, found.finalidade).await?.ok_or(ConsentimentoError::NotFound)?;
    let taken = Taken { meio: Retirada::Anotado, evidencia: Some(evidencia.as_str()), por_nome: Some(&actor.nome), pedido: None };
    // Of two at once the second finds it done.
    if take_back(tx, actor, found.finalidade, &whose(&found), taken).await? == 0 {
        return Err(ConsentimentoRule::TakenBack.into());
    }
    Ok(())
}

/// The person of one.
fn whose(one: &Consentimento) -> Quem {
    Quem { titular: one.titular.clone(), email: one.email.clone() }
}

/// Somebody who is signed in; not found for whoever has no account here.
pub(crate) async fn own(tx: &mut TenantTx, actor: &Actor) -> Result<(Quem, String), ConsentimentoError> {
    let id = usuario::of(actor).ok_or(ConsentimentoError::NotFound)?;
    let account = usuario::find(tx, id).await?.filter(|one| !one.servico).ok_or(ConsentimentoError::NotFound)?;
    let titular = TitularRef { kind: "usuario".to_owned(), id: id.uuid() };
    Ok((Quem::titular(titular, Some(&account.email)), account.nome))
}

/// Somebody who is signed in agrees to the text that they were shown.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn dar_da_conta(tx: &mut TenantTx, actor: &Actor, id: FinalidadeId, shown: i32) -> Result<(), ConsentimentoError> {
    let to = sql::lock(tx, id).await?.ok_or(ConsentimentoError::NotFound)?;
    let (quem, nome) = own(tx, actor).await?;
    may_be_given(&to, shown)?;
    let at = tx.clock().now();
    let given = Given { quem: &quem, nome: &nome, meio: Meio::Conta, evidencia: None, at, carta: None };
    give(tx, actor, &to, &given).await?;
    Ok(())
}

/// Nobody agrees to what is over, or to other words than they read.
pub(super) fn may_be_given(to: &Finalidade, shown: i32) -> Result<(), ConsentimentoRule> {
    if to.encerrado_at.is_some() {
        return Err(ConsentimentoRule::Closed);
    }
    if to.versao == shown { Ok(()) } else { Err(ConsentimentoRule::TextChanged) }
}

/// Somebody who is signed in takes it back, at once. Again it changes nothing.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn retirar_da_conta(tx: &mut TenantTx, actor: &Actor, id: FinalidadeId) -> Result<(), ConsentimentoError> {
    sql::lock(tx, id).await?.ok_or(ConsentimentoError::NotFound)?;
    let (quem, _) = own(tx, actor).await?;
    take_back(tx, actor, id, &quem, Taken::by_themselves(Retirada::Conta)).await?;
    Ok(())
}

/// Carries out a pedido: what was chosen of the person's is taken back, in one step. Answers how many records.
///
/// # Errors
/// [`ConsentimentoError`]; not found for a pedido that asks for something else or was answered.
pub async fn retirar_do_pedido(
    tx: &mut TenantTx,
    actor: &Actor,
    id: PedidoId,
    finalidades: &[FinalidadeId],
) -> Result<usize, ConsentimentoError> {
    let pedido = match pedido::open(tx, actor, id).await {
        Ok(pedido) if pedido.tipo == Tipo::Revogacao => pedido,
        Ok(_) | Err(pedido::PedidoError::NotFound | pedido::PedidoError::Rule(_)) => return Err(ConsentimentoError::NotFound),
        Err(pedido::PedidoError::Denied(denied)) => return Err(denied.into()),
        Err(pedido::PedidoError::Fault(fault)) => return Err(fault.into()),
    };
    let quem = of_pedido(&pedido);
    let taken = Taken { meio: Retirada::Pedido, evidencia: None, por_nome: Some(&actor.nome), pedido: Some(id) };
    let mut gone = 0;
    // In one order: two who do it at once wait for each other and not in a ring.
    let mut chosen = finalidades.to_vec();
    chosen.sort_unstable();
    for finalidade in chosen {
        sql::lock(tx, finalidade).await?.ok_or(ConsentimentoError::NotFound)?;
        gone += take_back(tx, actor, finalidade, &quem, taken).await?;
    }
    if gone == 0 { Err(ConsentimentoRule::NothingChosen.into()) } else { Ok(gone) }
}

/// Who asks in a pedido.
pub(crate) fn of_pedido(one: &pedido::Pedido) -> Quem {
    let account = one.usuario_id.map(|id| TitularRef { kind: "usuario".to_owned(), id });
    let tied = one.titular.as_ref().map(|(kind, id)| TitularRef { kind: kind.clone(), id: *id });
    Quem { titular: tied.or(account), email: one.email.as_deref().map(str::to_lowercase) }
}

pub(super) async fn trail(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    id: ConsentimentoId,
    change: Change,
) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: "consentimento", entity_id: Some(id.uuid()), change }).await?;
    Ok(())
}
