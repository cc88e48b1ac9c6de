//! What those who are known here do with pedidos. The trail holds protocolo and kind, not what somebody wrote.

use acesso::{perfil, usuario};
use kernel::{Actor, Fault, Lang, Texto};
use messaging::{Links, Notice};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;
use web::Module;

use super::{
    ATENDER, NOTICE, Novo, Origem, Pedido, PedidoError, PedidoId, PedidoRule, Situacao, Tipo, letter,
    pages::PedidoPath,
    sql::{self, Row},
};
use crate::{
    protocolo,
    titular::{self, TitularRef},
};

/// Open ones of one account.
const OPEN_OF_ACCOUNT: i64 = 10;

/// Asked by somebody who is signed in: who they are is known.
///
/// # Errors
/// [`PedidoError`]; not found for whoever has no account here.
pub async fn pedir_da_conta(
    tx: &mut TenantTx,
    actor: &Actor,
    lang: Lang,
    tipo: Tipo,
    texto: Option<Texto<4000>>,
) -> Result<PedidoId, PedidoError> {
    let own = usuario::of(actor).ok_or(PedidoError::NotFound)?;
    let Some(row) = sql::account(tx, own.uuid()).await? else { return Err(PedidoError::NotFound) };
    if row.open >= OPEN_OF_ACCOUNT {
        return Err(PedidoRule::TooMany.into());
    }
    let stored = |error: kernel::Invalid| Fault::new("a stored usuario", error);
    let novo = Novo {
        tipo,
        nome: row.nome.parse().map_err(stored)?,
        email: Some(row.email.parse().map_err(stored)?),
        telefone: None,
        texto,
    };
    let id = insert(tx, &novo, Row { usuario: Some(own.uuid()), ..Row::new(Origem::Conta, lang) }).await?;
    trail(tx, actor, "privacidade.pedido_recebido", id, json!({ "tipo": tipo.code() })).await?;
    announce(tx, id).await?;
    Ok(id)
}

/// Notes one that came by another way.
///
/// # Errors
/// [`PedidoError`].
pub async fn registrar(
    tx: &mut TenantTx,
    actor: &Actor,
    origem: Origem,
    novo: &Novo,
    lang: Lang,
) -> Result<PedidoId, PedidoError> {
    actor.require(&ATENDER)?;
    if novo.email.is_none() && novo.telefone.is_none() {
        return Err(PedidoRule::NoAddress.into());
    }
    let row = Row { registrado_por: Some(&actor.nome), ..Row::new(origem, lang) };
    let id = insert(tx, novo, row).await?;
    trail(tx, actor, "privacidade.pedido_registrado", id, json!({ "tipo": novo.tipo.code(), "origem": origem.code() })).await?;
    Ok(id)
}

/// One that counts from now on.
async fn insert(tx: &mut TenantTx, novo: &Novo, row: Row<'_>) -> Result<PedidoId, Fault> {
    let (id, now) = (PedidoId::new(tx.clock().uuid()), tx.clock().now());
    let today = now.with_timezone(&tx.unidade().fuso).date_naive();
    sql::insert(tx, id, &protocolo("PED", id.uuid(), today), novo, row, Some(novo.tipo.data_limite(today))).await?;
    Ok(id)
}

/// Tells those who answer that one is there.
pub(super) async fn announce(tx: &mut TenantTx, id: PedidoId) -> Result<(), Fault> {
    let Some(pedido) = sql::find(tx, id).await? else { return Ok(()) };
    tell(tx, "pedido-notice", &pedido).await
}

/// Tells those who answer something about one.
pub(crate) async fn tell(tx: &mut TenantTx, key: &'static str, pedido: &Pedido) -> Result<(), Fault> {
    let href = PedidoPath { pedido: pedido.id }.to_string();
    for who in perfil::holders(tx, &ATENDER).await? {
        messaging::notify(tx, who, &Notice { kind: &NOTICE, key, args: &[("protocolo", &pedido.protocolo)], href: &href })
            .await?;
    }
    Ok(())
}

/// Somebody looks after it.
///
/// # Errors
/// [`PedidoError`].
pub async fn atender(tx: &mut TenantTx, actor: &Actor, id: PedidoId) -> Result<(), PedidoError> {
    open(tx, actor, id).await?;
    sql::set_situacao(tx, id, Situacao::EmAtendimento).await?;
    trail(tx, actor, "privacidade.pedido_em_atendimento", id, json!({})).await?;
    Ok(())
}

/// Says whom it is about.
///
/// # Errors
/// [`PedidoError`].
pub async fn ligar(
    tx: &mut TenantTx,
    actor: &Actor,
    modules: &[Module],
    id: PedidoId,
    which: &TitularRef,
) -> Result<(), PedidoError> {
    open(tx, actor, id).await?;
    actor.require(&crate::VER)?;
    titular::get(tx, modules, which).await?.ok_or(PedidoRule::NoTitular)?;
    sql::set_titular(tx, id, which).await?;
    sql::set_situacao(tx, id, Situacao::EmAtendimento).await?;
    let after = json!({ "titular_kind": which.kind, "titular_id": which.id });
    trail(tx, actor, "privacidade.pedido_ligado", id, after).await?;
    Ok(())
}

/// The person was erased on account of it: the receipt is its result. Nothing where it is not open (any more).
///
/// # Errors
/// [`PedidoError`].
pub async fn ligar_apagamento(tx: &mut TenantTx, actor: &Actor, id: PedidoId, apagamento: Uuid) -> Result<(), PedidoError> {
    match open(tx, actor, id).await {
        Ok(_) => {}
        Err(PedidoError::Fault(fault)) => return Err(fault.into()),
        Err(_) => return Ok(()),
    }
    sql::set_apagamento(tx, id, apagamento).await?;
    trail(tx, actor, "privacidade.pedido_ligado", id, json!({ "apagamento_id": apagamento })).await?;
    Ok(())
}

/// How it ends.
#[derive(Debug, Clone)]
pub enum Desfecho {
    Atendido,
    /// With the legal ground.
    Recusado(Texto<500>),
    Duplicado,
}

impl Desfecho {
    const fn situacao(&self) -> Situacao {
        match self {
            Self::Atendido => Situacao::Atendido,
            Self::Recusado(_) => Situacao::Recusado,
            Self::Duplicado => Situacao::Duplicado,
        }
    }
}

/// Answers: by letter, where there is an e-mail. Whoever was erased meanwhile stands nowhere in it afterwards.
///
/// # Errors
/// [`PedidoError`].
pub async fn responder(
    tx: &mut TenantTx,
    actor: &Actor,
    links: &Links,
    id: PedidoId,
    desfecho: &Desfecho,
    resposta: &Texto<4000>,
) -> Result<(), PedidoError> {
    let pedido = open(tx, actor, id).await?;
    let fundamento = if let Desfecho::Recusado(fundamento) = desfecho { Some(fundamento.as_str()) } else { None };
    let situacao = desfecho.situacao();
    sql::answer(tx, id, situacao, (resposta.as_str(), fundamento), &actor.nome).await?;
    letter::answered(tx, links, &Pedido { situacao, ..pedido.clone() }, resposta.as_str(), fundamento).await?;
    if pedido.apagar_depois {
        sql::anonymise(tx, id).await?;
    }
    let done = if situacao == Situacao::Recusado { "privacidade.pedido_recusado" } else { "privacidade.pedido_respondido" };
    trail(tx, actor, done, id, json!({ "situacao": situacao.code(), "por_email": pedido.email.is_some() })).await?;
    Ok(())
}

/// One that waits for an answer, locked.
pub(crate) async fn open(tx: &mut TenantTx, actor: &Actor, id: PedidoId) -> Result<Pedido, PedidoError> {
    actor.require(&ATENDER)?;
    let found = sql::lock(tx, id).await?.filter(|one| one.situacao != Situacao::AConfirmar).ok_or(PedidoError::NotFound)?;
    if found.situacao.is_open() { Ok(found) } else { Err(PedidoRule::Answered.into()) }
}

pub(super) async fn trail(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    id: PedidoId,
    after: Value,
) -> Result<(), Fault> {
    let entry = Entry { action, entity: "pedido_titular", entity_id: Some(id.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(())
}
