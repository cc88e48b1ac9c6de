//! From outside: anybody may ask, whoever reads the mailbox confirms.

use acesso::{
    Segredo,
    entrar::{Limit, address_class, within},
};
use chrono::TimeDelta;
use kernel::{Actor, ErrorKind, Fault, Kind, Lang, RequestMeta};
use messaging::Links;
use serde_json::json;
use tenancy::TenantTx;

use super::{
    CONFIRMED_WITHIN, Novo, Origem, Pedido, PedidoId, SHOWN_FOR, Situacao,
    gravar::{announce, trail},
    letter,
    sql::{self, Row},
};
use crate::protocolo;

/// Of one address: people behind one router are many.
const OF_ADDRESS: Limit = Limit { failures: 20, window: TimeDelta::hours(1) };
/// To one mailbox: more would be a way to fill it.
const OF_EMAIL: Limit = Limit { failures: 3, window: TimeDelta::hours(24) };
/// Of all the world: a flood from many addresses fills neither table nor outbox.
const OF_ALL: Limit = Limit { failures: 300, window: TimeDelta::hours(1) };

#[derive(Debug, thiserror::Error)]
pub enum ForaError {
    #[error("too many were sent from this address")]
    TooMany,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ForaError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooMany => Kind::Unavailable,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooMany => "pedido-wait",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Notes what somebody asks and writes to the e-mail that was given; `novo` has one. Beyond the mailbox's limit nothing is done, and
/// the answer is the same.
///
/// # Errors
/// [`ForaError`].
pub async fn pedir_de_fora(
    tx: &mut TenantTx,
    meta: &RequestMeta,
    links: &Links,
    lang: Lang,
    novo: &Novo,
) -> Result<(), ForaError> {
    let Some(email) = &novo.email else { return Err(Fault::because("a pedido from outside has an e-mail").into()) };
    let address = format!("pedido-de:{}", address_class(meta.ip));
    if !within(tx, &address, OF_ADDRESS).await? || !within(tx, "pedido:todos", OF_ALL).await? {
        return Err(ForaError::TooMany);
    }
    let mailbox = sql::mailbox(email.as_str());
    if !within(tx, &format!("pedido-para:{mailbox}"), OF_EMAIL).await? {
        return Ok(());
    }
    let (id, now) = (PedidoId::new(tx.clock().uuid()), tx.clock().now());
    let today = now.with_timezone(&tx.unidade().fuso).date_naive();
    sql::insert(tx, id, &protocolo("PED", id.uuid(), today), novo, Row::new(Origem::Formulario, lang), None).await?;
    let token = Segredo::draw();
    sql::insert_link(tx, id, &token, now + CONFIRMED_WITHIN).await?;
    letter::confirm(tx, links, lang, email, &token).await?;
    Ok(())
}

/// What a link was good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmado {
    /// It counts from now on.
    Agora(Pedido),
    /// It did already.
    Antes(Pedido),
}

/// Whoever has the link confirms. Again it changes nothing.
///
/// # Errors
/// A fault of the database.
pub async fn confirmar(tx: &mut TenantTx, meta: &RequestMeta, token: &Segredo) -> Result<Option<Confirmado>, Fault> {
    let Some(found) = sql::find_by_link(tx, token).await? else { return Ok(None) };
    // Of two at once the second waits here and finds it done.
    let Some(found) = sql::lock(tx, found.id).await? else { return Ok(None) };
    if found.situacao != Situacao::AConfirmar {
        return Ok(Some(Confirmado::Antes(found)));
    }
    let now = tx.clock().now();
    let today = now.with_timezone(&tx.unidade().fuso).date_naive();
    let due = found.tipo.data_limite(today);
    sql::confirm(tx, found.id, due).await?;
    sql::extend_links(tx, found.id, now + TimeDelta::days((due - today).num_days()) + SHOWN_FOR).await?;
    trail(tx, &Actor::anonimo(meta.clone()), "privacidade.pedido_recebido", found.id, json!({ "tipo": found.tipo.code() }))
        .await?;
    announce(tx, found.id).await?;
    Ok(sql::find(tx, found.id).await?.map(Confirmado::Agora))
}
