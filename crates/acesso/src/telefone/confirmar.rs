use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Actor, Fault, Refusal, RequestMeta, Rule, Told};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx, Tenants, Unidade};

use super::{TRIES, sql};
use crate::{
    aparelho::{self, Aparelhos},
    entrar::tentativa::{self, Limit},
    passo::{self, Chegada, Entrou},
    segredo::Segredo,
    sessao::{Method, SessaoId},
};

/// Wrong codes for one telephone, whichever browsers they come from: whoever knows the number begins as many attempts as they like.
const GUESSES: Limit = Limit { failures: 10, window: TimeDelta::minutes(15) };
/// And over a day: who waits between them gets no further.
const GUESSES_OF_DAY: Limit = Limit { failures: 30, window: TimeDelta::days(1) };

/// A code that somebody typed.
#[derive(Debug)]
pub struct ConfirmarTelefone {
    pub codigo: String,
    pub previous: Option<SessaoId>,
    pub aparelhos: Aparelhos,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmarTelefoneRule {
    /// Unknown, used, ended by wrong codes, or too old: one answer.
    #[error("there is nothing to confirm any more")]
    Over,
    #[error("the code does not fit")]
    Wrong,
    #[error("too many wrong codes")]
    TooMany,
}

impl Rule for ConfirmarTelefoneRule {
    fn told(&self) -> Told {
        match self {
            Self::Over => Told::conflict("telefone-over"),
            Self::Wrong => Told::invalid("codigo").at("codigo"),
            Self::TooMany => Told::unavailable("telefone-guesses"),
        }
    }
}

pub type ConfirmarTelefoneError = Refusal<ConfirmarTelefoneRule>;

/// Lets whoever typed the code in, or asks for their second factor.
pub async fn confirmar(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    meta: &RequestMeta,
    cookie: &Segredo,
    cmd: ConfirmarTelefone,
) -> Result<Entrou, ConfirmarTelefoneError> {
    // A refusal is written too, so it is no error of the transaction.
    tenants.write(unidade, async |tx: &mut TenantTx| Ok::<_, Fault>(enter(tx, meta, cookie, cmd).await)).await?
}

async fn enter(
    tx: &mut TenantTx,
    meta: &RequestMeta,
    cookie: &Segredo,
    cmd: ConfirmarTelefone,
) -> Result<Entrou, ConfirmarTelefoneError> {
    let ConfirmarTelefone { codigo, previous, aparelhos } = cmd;
    // Of two with one code at once the second waits here and finds the attempt over.
    let entrada = sql::lock_open(tx, cookie).await?.ok_or(ConfirmarTelefoneRule::Over)?;
    // At an aparelho of the person's own, strangers' guesses elsewhere count for nothing (threat 10).
    // Asked for nobody's number all the same, so that each attempt does one work.
    let known = aparelho::known(tx, entrada.email.as_deref().unwrap_or_default(), &aparelhos).await?;
    let place = known.map(|id| format!(":{id}")).unwrap_or_default();
    let counter = |what| format!("{}{place}", super::counter(what, &entrada.telefone));
    let (lately, of_day) = (counter("codigo"), counter("dia"));
    if !tentativa::within(tx, &lately, GUESSES).await? || !tentativa::within(tx, &of_day, GUESSES_OF_DAY).await? {
        sql::end(tx, entrada.id).await?;
        refused(tx, meta, &entrada).await?;
        return Err(ConfirmarTelefoneRule::TooMany.into());
    }
    let Some(conta) = entrada.opens(&codigo, cookie) else {
        refused(tx, meta, &entrada).await?;
        if sql::fail(tx, entrada.id).await? >= TRIES {
            sql::end(tx, entrada.id).await?;
            return Err(ConfirmarTelefoneRule::Over.into());
        }
        return Err(ConfirmarTelefoneRule::Wrong.into());
    };
    tentativa::clear(tx, &lately).await?;
    tentativa::clear(tx, &of_day).await?;
    sql::end(tx, entrada.id).await?;
    Ok(passo::proceed(tx, Chegada { conta, method: Method::Telefone, meta, previous, aparelhos }).await?)
}

async fn refused(tx: &mut TenantTx, meta: &RequestMeta, entrada: &sql::Open) -> Result<(), Fault> {
    let entry = Entry {
        action: "acesso.codigo_recusado",
        entity: "usuario",
        entity_id: entrada.conta.as_ref().map(|conta| conta.id.uuid()),
        change: Change::created(&json!({ "method": Method::Telefone.code(), "telefone": entrada.telefone })),
    };
    tx.audit(&Actor::anonimo(meta.clone()), entry).await
}
