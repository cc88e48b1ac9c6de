use chrono::TimeDelta;
use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Fault, Refusal, RequestMeta, Rule, Telefone, Told};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{EntradaTelefoneId, VALID, sql};
use crate::{
    entrar::{
        address_class,
        tentativa::{self, Limit},
    },
    fator::Digits,
    segredo::Segredo,
};

/// Messages to one telephone: more would be a way to wake somebody up, and each costs the unidade money.
const OF_TELEFONE: Limit = Limit { failures: 5, window: TimeDelta::hours(1) };
/// And over a day: whoever waits an hour between them.
const OF_TELEFONE_IN_A_DAY: Limit = Limit { failures: 30, window: TimeDelta::days(1) };
/// Asked from one address, for whichever telephones.
const OF_ADDRESS: Limit = Limit { failures: 20, window: TimeDelta::hours(1) };

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PedirCodigoRule {
    #[error("too many were asked for from this address")]
    TooMany,
    #[error("nobody enters this way here")]
    NotOffered,
}

impl Rule for PedirCodigoRule {
    fn told(&self) -> Told {
        match self {
            Self::TooMany => Told::unavailable("telefone-wait"),
            Self::NotOffered => Told::conflict("telefone-not-offered"),
        }
    }
}

pub type PedirCodigoError = Refusal<PedirCodigoRule>;

/// Looked up by a job: the request does the same work whether the number is anybody's or not, and so takes the same time.
#[derive(Debug, Serialize, Deserialize)]
struct EnviarCodigo {
    id: EntradaTelefoneId,
}

impl Payload for EnviarCodigo {
    const NAME: &'static str = "acesso.codigo-telefone";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(send)]
}

/// Asks for a code. What the browser keeps says nothing about whether one is sent.
pub async fn pedir(tx: &mut TenantTx, meta: &RequestMeta, telefone: &Telefone) -> Result<Segredo, PedirCodigoError> {
    if !super::is_offered(tx).await? {
        return Err(PedirCodigoRule::NotOffered.into());
    }
    if !tentativa::within(tx, &format!("telefone-de:{}", address_class(meta.ip)), OF_ADDRESS).await? {
        return Err(PedirCodigoRule::TooMany.into());
    }
    let (cookie, id) = (Segredo::draw(), EntradaTelefoneId::new(tx.clock().uuid()));
    sql::insert(tx, id, &cookie, telefone, tx.clock().now() + VALID).await?;
    let entry = Entry {
        action: "acesso.codigo_telefone_pedido",
        entity: "usuario",
        entity_id: None,
        change: Change { before: None, after: Some(json!({ "telefone": telefone })) },
    };
    tx.audit(&Actor::anonimo(meta.clone()), entry).await?;
    jobs::enqueue(tx, &EnviarCodigo { id }, Enqueue::default()).await?;
    Ok(cookie)
}

async fn send(job: TenantJob, EnviarCodigo { id }: EnviarCodigo) -> Result<Outcome, Fault> {
    job.write(async |tx: &mut TenantTx| {
        let Some(asked) = sql::find_asked(tx, id).await? else { return Ok(Outcome::Done) };
        // Under the number, not the account: one that changes hands is woken no more often. What the hour refuses is no message of
        // the day's.
        let (lately, of_day) = (super::counter("envio", &asked.telefone), super::counter("envio-dia", &asked.telefone));
        if !tentativa::within(tx, &lately, OF_TELEFONE).await? || !tentativa::within(tx, &of_day, OF_TELEFONE_IN_A_DAY).await? {
            return Ok(Outcome::Done);
        }
        let Some(person) = sql::find_usuario(tx, &asked.telefone).await? else { return Ok(Outcome::Done) };
        let code = Digits::draw();
        sql::set_code(tx, id, person.id, sql::hash(&code.reveal(), &asked.token_hash)).await?;
        let unidade = tx.unidade().clone();
        let lang = unidade.lang(person.idioma.as_deref());
        let text = idioma::t_args(
            lang,
            "telefone-text",
            [("codigo", code.reveal().into()), ("unidade", unidade.nome.as_str().into()), ("n", VALID.num_minutes().into())],
        );
        let to = asked.telefone.parse().map_err(|e: kernel::Invalid| Fault::new("a stored telephone", e))?;
        messaging::send_text(tx, &to, &text, Some(&code.reveal())).await?;
        Ok(Outcome::Done)
    })
    .await
}
