//! Trying the correio out: a letter to whoever asks, now, and what the server answers.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Actor, Fault, Lang};
use messaging::{
    Brand, Failure, Letter, Line, Mailer, Trial,
    correio::{self, Correio},
};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx, Tenants, Unidade};

use super::{GERIR, sql};
use crate::{aviso, usuario};

/// Within [`WINDOW`]: nobody writes to servers again and again through the product.
const TRIES: i64 = 10;
const WINDOW: TimeDelta = TimeDelta::minutes(10);

/// How a trial went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Teste {
    /// The server took the letter to this address.
    Entregue(String),
    Falhou(Failure),
    /// E-mail is off.
    Desligado,
    /// Too often.
    Demais,
}

/// What was read before the transaction ended: nobody holds one while a server thinks.
pub(super) struct Wanted {
    correio: Correio,
    to: kernel::Email,
    lang: Lang,
}

/// What to send; the way it went where nothing is to be sent.
pub(super) async fn prepare(tx: &mut TenantTx, actor: &Actor, lang: Lang) -> web::Result<Result<Wanted, Teste>> {
    actor.require(&GERIR)?;
    let person = usuario::of(actor).ok_or_else(web::Error::not_found)?;
    let since = tx.clock().now() - WINDOW;
    if sql::tried(tx, since).await? >= TRIES {
        return Ok(Err(Teste::Demais));
    }
    let correio = correio::find(tx).await?;
    if !correio.ativo {
        return Ok(Err(Teste::Desligado));
    }
    let reader = aviso::reader(tx, person).await?;
    let to = reader.email.parse().map_err(|e: kernel::Invalid| Fault::new("a stored e-mail", e))?;
    Ok(Ok(Wanted { correio, to, lang }))
}

/// Sends it and tells of it in the trail.
pub(super) async fn run(
    mailer: &Mailer,
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    wanted: Wanted,
) -> Result<Teste, Fault> {
    let Wanted { correio, to, lang } = wanted;
    let brand = Brand::of(unidade);
    let nome = || [("unidade", unidade.nome.as_str().into())];
    let letter = Letter {
        lang,
        subject: Line::of(&idioma::t_args(lang, "correio-trial-subject", nome())),
        heading: idioma::t(lang, "correio-trial-heading").to_owned(),
        paragraphs: vec![idioma::t_args(lang, "correio-trial-what", nome())],
        action: None,
        note: None,
    };
    let trial = Trial { from_nome: brand.nome.clone(), to: to.clone(), mail: letter.render(&brand)? };
    let (now, id) = (tenants.clock().now(), tenants.clock().uuid());
    let outcome = mailer.try_out(&correio, trial, now, id).await;
    let said = json!({
        "servidor": correio.servidor.as_ref().map(|servidor| format!("{}:{}", servidor.host.as_str(), servidor.port)),
        "entregue": outcome.is_ok(),
        "resposta": outcome.as_ref().err().map(|failure| clipped(&failure.answer)),
    });
    let entry = Entry {
        action: "correio.testado",
        entity: "correio",
        entity_id: None,
        change: Change { before: None, after: Some(said) },
    };
    tenants.record(unidade, async |tx: &mut TenantTx| tx.audit(actor, entry).await).await?;
    Ok(match outcome {
        Ok(()) => Teste::Entregue(to.as_str().to_owned()),
        Err(failure) => Teste::Falhou(Failure { answer: clipped(&failure.answer), ..failure }),
    })
}

/// A server may say much, and on many lines.
fn clipped(answer: &str) -> String {
    answer.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(300).collect()
}
